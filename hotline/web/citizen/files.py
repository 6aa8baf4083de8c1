"""Files that a citizen sends along with words: taken whole or not at all, kept as theirs; those of a refused form wait beside it."""

from __future__ import annotations

from pathlib import Path

from flask import request, session
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.act import act, lock
from hotline.tickets.privacy.attachments import store
from hotline.tickets.roles import Actor, voice
from hotline.web.core.request_context import here
from models import Attachment, Ticket

MOST_FILES = 5
WAITING = "web:"
"""Before the key of a form that was refused: its files wait for a day."""

SHEETS, MOST_SHEETS = "sheets", 4
"""In this browser's signed cookie: the forms whose files wait, so that nobody claims another's."""

NOBODY_YET = Actor("citizen", None, "市民")


def take_files(own: Ticket, master: Ticket, sheet: str = "") -> list[Attachment]:
    """Store the request's files beside the ticket that is handled. Raises Refusal, and then nothing is left on the disk.

    sheet: the form whose waiting files come along, as far as they are still wanted.
    """
    sent, waiting = _sent(), [one for one in waiting_files(sheet) if one.stored_as in request.form.getlist("kept")]
    if not sent and not waiting:
        return []
    if len(sent) + len(waiting) > MOST_FILES:
        raise Refusal(_("一次最多上传 %(n)d 个文件。", n=MOST_FILES), field="files")
    me, folder, taken = voice(own, master), here.settings.attachments, []
    try:
        for file in sent:
            taken.append(
                store(
                    here.db,
                    folder,
                    file.stream,
                    file.filename or "",
                    me,
                    here.now,
                    most_mb=here.city.policy.attachment_max_mb,
                    ticket=master,
                )
            )
    except Refusal as refusal:
        _drop(folder, taken)
        raise Refusal(refusal.sentence, field="files") from refusal
    for one in waiting:
        one.ticket_id, one.added_by_name, one.draft_key = master.id, me.name, None
    act(here.db, here.city, lock(here.db, master.id), "attach", me, here.now)
    return taken + waiting


def keep_files(sheet: str) -> None:
    """The form was refused: what is good of its files waits for its next try, in a transaction of its own."""
    sent = _sent()
    if not sheet or not sent:
        return
    with here.installation.sessions() as db:
        room = MOST_FILES - len(_of_sheet(db, sheet))
        for file in sent[: max(room, 0)]:
            file.stream.seek(0)
            try:
                store(
                    db,
                    here.settings.attachments,
                    file.stream,
                    file.filename or "",
                    NOBODY_YET,
                    here.now,
                    most_mb=here.city.policy.attachment_max_mb,
                    draft_key=WAITING + sheet,
                )
            except Refusal:
                continue  # its sentence stands beside the field
        db.commit()
    session[SHEETS] = [*(one for one in _sheets() if one != sheet), sheet][-MOST_SHEETS:]


def waiting_files(sheet: str) -> list[Attachment]:
    """The files of this browser's refused form."""
    return _of_sheet(here.db, sheet) if sheet and sheet in _sheets() else []


def _of_sheet(db: Session, sheet: str) -> list[Attachment]:
    key = (WAITING + sheet)[:80]
    found = select(Attachment).where(
        Attachment.draft_key == key, Attachment.ticket_id.is_(None), Attachment.side == "citizen"
    )
    return list(db.scalars(found.order_by(Attachment.id)))


def _sheets() -> list[str]:
    held = session.get(SHEETS)
    return held if isinstance(held, list) else []


def _sent() -> list[FileStorage]:
    return [file for file in request.files.getlist("files") if file.filename]


def _drop(folder: Path, taken: list[Attachment]) -> None:
    for one in taken:
        (folder / one.stored_as).unlink(missing_ok=True)
