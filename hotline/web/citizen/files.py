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
from hotline.tickets.privacy.attachments import neutral_name, store
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
    sent, waiting = sent_files(), [one for one in waiting_files(sheet) if one.stored_as in request.form.getlist("kept")]
    if not sent and not waiting:
        return []
    if len(sent) + len(waiting) > MOST_FILES:
        raise Refusal(_("一次最多上传 %(n)d 个文件。", n=MOST_FILES), field="files")
    folder, taken = here.settings.attachments, list[Attachment]()
    me = voice(own, master)
    try:
        for file in sent:
            if (made := _new_to(master, file, me)) is not None:
                taken.append(made)
    except Refusal as refusal:
        _drop(folder, taken)
        raise Refusal(refusal.sentence, field="files") from refusal
    for one in waiting:
        one.ticket_id, one.added_by_name, one.draft_key = master.id, me.name, None
    if taken or waiting:
        act(here.db, here.city, lock(here.db, master.id), "attach", me, here.now)
    return taken + waiting


def _new_to(master: Ticket, file: FileStorage, me: Actor) -> Attachment | None:
    """The stored file; None for one that this citizen has sent with this matter before, as when a form goes out twice."""
    folder, most = here.settings.attachments, here.city.policy.attachment_max_mb
    with here.db.begin_nested() as apart:
        made = store(here.db, folder, file.stream, file.filename or "", me, here.now, most_mb=most, ticket=master)
        mine = (Attachment.ticket_id == master.id, Attachment.added_by_name == me.name, Attachment.removed_at.is_(None))
        same = (Attachment.sha256 == made.sha256, Attachment.id != made.id)
        if here.db.scalar(select(Attachment.id).where(*mine, *same)) is None:
            return made
        _drop(folder, [made])
        apart.rollback()
    return None


def keep_files(sheet: str) -> None:
    """The form was refused: what is good of its files waits for its next try, in a transaction of its own. People call their files
    by names and numbers of people, and what waits belongs to no ticket with which that would be forgotten: it is counted instead."""
    sent = sent_files()
    if not sheet or not sent:
        return
    with here.installation.sessions() as db:
        held = len(_of_sheet(db, sheet))
        for n, file in enumerate(sent[: max(MOST_FILES - held, 0)], held + 1):
            file.stream.seek(0)
            try:
                store(
                    db,
                    here.settings.attachments,
                    file.stream,
                    neutral_name(file.filename or "", n),
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


def sent_files() -> list[FileStorage]:
    """The files of this request."""
    return [file for file in request.files.getlist("files") if file.filename]


def _drop(folder: Path, taken: list[Attachment]) -> None:
    for one in taken:
        (folder / one.stored_as).unlink(missing_ok=True)
