"""What an import has brought in."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from hotline.installation import Installation
from hotline.intake.importing.take import Outcome
from models import Ticket, TicketText

Take = Callable[..., Outcome]


def tickets(installation: Installation) -> list[tuple[Ticket, TicketText]]:
    """All tickets with their texts, in the order they came in."""
    with installation.readings() as db:
        return [
            (ticket, text)
            for ticket, text in db.execute(
                select(Ticket, TicketText).join(TicketText, TicketText.ticket_id == Ticket.id).order_by(Ticket.id)
            )
        ]


def by_number(installation: Installation) -> dict[str, tuple[Ticket, TicketText]]:
    return {ticket.outer_number or "": (ticket, text) for ticket, text in tickets(installation)}
