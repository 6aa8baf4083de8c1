"""Who looked is written down where looking is itself a deed: at an informant's matter, at its files, at many people's data."""

from __future__ import annotations

from hotline.staff.notices import tell_role
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.reveal import MOST_AN_HOUR, revealed_lately
from hotline.tickets.roles import Role
from hotline.web.core.request_context import here
from models import Attachment, Ticket


def note_sealed_view(ticket: Ticket) -> None:
    """Every opening of a sealed ticket; a page that refreshes itself under the same eyes is the same look."""
    if ticket.privacy == "sealed" and not here.htmx:
        _note("view_sealed", ticket.id, ticket.number)


def note_file(attachment: Attachment, ticket: Ticket | None) -> None:
    """Every opening of a file that a citizen sent, and of every file of a sealed ticket."""
    if ticket is not None and (attachment.side == "citizen" or ticket.privacy == "sealed"):
        _note("view_file", ticket.id, attachment.stored_as)


def note_many_reveals() -> None:
    """The supervisors learn of it the moment somebody has used up an hour's measure."""
    here.db.flush()
    if revealed_lately(here.db, here.me, here.now) == MOST_AN_HOUR:
        tell_role(here.db, Role.SUPERVISOR, "reveals_many", here.now, who=here.me.name, count=MOST_AN_HOUR)


def _note(action: str, ticket_id: int, subject: str) -> None:
    """In a transaction of its own: the page that is looked at only reads."""
    with here.installation.sessions() as db:
        audit.record(db, action, here.me, here.now, ticket_id=ticket_id, subject=subject[:120], address=here.address)
        db.commit()
