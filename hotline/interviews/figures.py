"""What came of a session: questions by door, answered live, later, still open, and how satisfied those are who said so."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.interviews.questions import DOORS, asked_in, leads_of
from hotline.metrics.doors import FIRST_ANSWERS
from models import Interview, Survey, TicketEvent
from models.tickets.taking_back import stands

LIVE, LATER, OPEN = "live", "later", "open"
SATISFIED = 3
"""From "rather satisfied" on."""


@dataclass
class Figures:
    """by_door: how many came by each; they add up to all, and so do live, later and still open, each question in one of them.

    together: of all, how many were put with another that asked the same. rated, satisfied: answers to the follow-up.
    """

    by_door: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DOORS, 0))
    by_end: dict[str, int] = field(default_factory=lambda: dict.fromkeys((LIVE, LATER, OPEN), 0))
    together: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def all(self) -> int:
        return sum(self.by_door.values())


def figures_of(db: Session, interview: Interview) -> Figures:
    rows = asked_in(db, interview)
    leads = leads_of(rows)
    live = {question.id for question, _ticket in rows if question.state == "answered"}
    told = _told(db, [ticket.merged_into_id or ticket.id for _question, ticket in rows])
    found = Figures()
    for question, ticket in rows:
        lead, later = leads[question.id], (ticket.merged_into_id or ticket.id) in told
        found.by_door[question.door] += 1
        found.together += lead != question.id
        found.by_end[LIVE if lead in live else LATER if later else OPEN] += 1
    found.rated, found.satisfied = _rated(db, [ticket.id for _question, ticket in rows])
    return found


def _told(db: Session, ids: list[int]) -> set[int]:
    """Tickets whose citizen was told something of the matter by the ordinary way."""
    wanted = (TicketEvent.ticket_id.in_(ids), TicketEvent.action.in_(FIRST_ANSWERS), stands())
    return set(db.scalars(select(TicketEvent.ticket_id).where(*wanted)))


def _rated(db: Session, ids: list[int]) -> tuple[int, int]:
    wanted = select(Survey.result, func.count()).where(
        Survey.own_id.in_(ids), Survey.result.is_not(None), Survey.valid.is_(True)
    )
    counted = {result: n for result, n in db.execute(wanted.group_by(Survey.result)) if result is not None}
    return sum(counted.values()), sum(n for result, n in counted.items() if result >= SATISFIED)
