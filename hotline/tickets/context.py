"""Everything an action can see while it happens, in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.review_advice.registry import ReviewModelRegistry
from hotline.tickets.names import ClockName
from hotline.tickets.roles import Actor
from models import Deadline, Ticket, TicketEvent


@dataclass
class ActionContext:
    """answers: the cleaned form. event: the story's new row, present when effects write.

    notes: what the effects want remembered in the story beside the answers (never personal data).
    clocks: the ticket's running deadlines, read once (see `deadlines.running_in`).
    keeps: clocks that go on although the row stops them.
    made: new rows to be written with the story's.
    review_models: which judge advises about replies; without a folder the built-in rules.
    """

    db: Session
    city: City
    ticket: Ticket
    action: str
    actor: Actor
    now: datetime
    answers: dict[str, Any]
    event: TicketEvent | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    clocks: list[Deadline] | None = None
    keeps: frozenset[ClockName] = frozenset()
    made: list[Deadline] = field(default_factory=list)
    review_models: ReviewModelRegistry = field(default_factory=ReviewModelRegistry)

    def answer(self, name: str) -> Any:
        return self.answers.get(name)
