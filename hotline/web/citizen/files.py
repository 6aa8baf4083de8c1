"""Files that a citizen sends along with words: taken whole or not at all, kept as theirs."""

from __future__ import annotations

from pathlib import Path

from flask import request

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.act import act, lock
from hotline.tickets.privacy.attachments import store
from hotline.tickets.roles import voice
from hotline.web.core.request_context import here
from models import Attachment, Ticket

MOST_FILES = 5


def take_files(own: Ticket, master: Ticket) -> list[Attachment]:
    """Store the request's files beside the ticket that is handled. Raises Refusal, and then nothing is left on the disk."""
    sent = [file for file in request.files.getlist("files") if file.filename]
    if not sent:
        return []
    if len(sent) > MOST_FILES:
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
    act(here.db, here.city, lock(here.db, master.id), "attach", me, here.now)
    return taken


def _drop(folder: Path, taken: list[Attachment]) -> None:
    for one in taken:
        (folder / one.stored_as).unlink(missing_ok=True)
