"""Who looked is written down where looking is itself a deed: at an informant's matter, at its files, at many people's data."""

from __future__ import annotations

from flask import Flask, Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.staff.openings import tell_used_up
from hotline.tickets.privacy import audit, visibility, watermark
from hotline.tickets.privacy.reveal import check_measure
from hotline.web.core.formatting import local
from hotline.web.core.request_context import here
from models import Attachment, Audit, Ticket

WITH_WORDS = (200, 400, 409, 422)
"""Answers that may hold a ticket: its page, and the same page again with a form that was refused."""


def install(app: Flask) -> None:
    """Stands behind every route of one ticket, so that no page, part or refused form shows a sealed one unseen."""
    app.after_request(_note_sealed_view)


def _note_sealed_view(response: Response) -> Response:
    """Every opening of a sealed ticket; what a page asks for by itself under the same eyes is the same look."""
    number, me = (request.view_args or {}).get("number"), here.me_or_none
    if not number or "\x00" in str(number) or me is None or response.status_code not in WITH_WORDS:
        return response  # NUL was refused at the edge, before anything was opened
    if response.status_code >= 400 and (held := g.get("db")) is not None:
        held.rollback()  # nothing of a refusal is kept, and the book is written beside it
    with here.installation.readings() as db:
        sealed = select(Ticket.id).where(Ticket.number == str(number)[:24], Ticket.privacy == "sealed")
        ticket_id = db.scalar(sealed)
        known = ticket_id is None or (here.htmx and _has_looked(db, ticket_id))
        sees = ticket_id is not None and visibility.may_see(db, me, ticket_id)
    if ticket_id is not None and not known:
        _note("view_sealed", ticket_id, str(number))
    return _marked(response) if sees else response  # a mark would tell the others that there is something


def _marked(response: Response) -> Response:
    """With the reader's name and minute, seen and unseen; a letter to the citizen carries neither."""
    if response.mimetype != "text/html" or response.is_streamed or (request.view_args or {}).get("form") == "letter":
        return response
    me, now = here.me, here.now
    unseen = watermark.mark(me.id or 0, now, here.settings.secret_key)
    seen = f"{me.name} {local(now)}"
    response.set_data(watermark.on_page(response.get_data(as_text=True), unseen, seen))
    return response


def _has_looked(db: Session, ticket_id: int) -> bool:
    """In this session, as the book says: a header that a browser may send proves nothing."""
    looked = select(Audit.id).where(
        Audit.actor_id == here.me.id,
        Audit.at >= g.session.created_at,
        Audit.action == "view_sealed",
        Audit.ticket_id == ticket_id,
    )
    return db.scalar(looked.limit(1)) is not None


def note_file(attachment: Attachment, ticket: Ticket | None) -> None:
    """Every opening of a file that a citizen sent, and of every file of a sealed ticket."""
    if ticket is not None and (attachment.side == "citizen" or ticket.privacy == "sealed"):
        _note("view_file", ticket.id, attachment.stored_as)


def _note(action: str, ticket_id: int, subject: str) -> None:
    """In a transaction of its own: the page that is looked at only reads."""
    with here.installation.sessions() as db:
        if action == "view_file":
            check_measure(db, here.me, action, here.now)
        audit.record(db, action, here.me, here.now, ticket_id=ticket_id, subject=subject[:120], address=here.address)
        if action == "view_file":
            tell_used_up(db, here.me, action, here.now)
        db.commit()
