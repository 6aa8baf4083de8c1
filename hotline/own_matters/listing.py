"""What belongs to a proved number: every matter handed in with it, but for those of informants."""

from __future__ import annotations

from sqlalchemy import Select, or_, select

from models import Citizen, Ticket


def matters_of(phone: str) -> Select[Ticket]:
    """Tickets whose contact is this number, or whose citizen's. A sealed one opens by its own number and code alone: the
    telephone of an informant may lie in other hands."""
    citizen = select(Citizen.id).where(Citizen.phone == phone).scalar_subquery()
    return select(Ticket).where(
        or_(Ticket.contact_phone == phone, Ticket.citizen_id == citizen),
        Ticket.privacy != "sealed",
        Ticket.state.not_in(("draft", "void")),
    )
