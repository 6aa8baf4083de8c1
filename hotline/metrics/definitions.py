"""How a figure is defined: whom it counts, who is a hit, whom it leaves out and why; the same words make figure and list.

A definition sorts every row of its source into exactly one class with one CASE: left out (x0, x1 …), hit, partly or miss.
The figure counts the classes and the list asks for one of them, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, null

from hotline.i18n import N_
from hotline.metrics.question import Question
from models import Call, Deadline, ReplyPromise, Survey, Ticket, TicketEvent
from models.taking_back import stands

Condition = Callable[[Question], ColumnElement[bool]]


@dataclass(frozen=True)
class Source:
    """Where the rows come from. at: the indexed moment that puts a row into a period. join: how its ticket is found.

    unit: the column that says which unit the row speaks about (the unit at that time, not the present one).
    """

    name: str
    row: Any
    at: Any
    unit: Any
    join: Any = None
    where: Callable[[], ColumnElement[bool]] | None = None
    of_tickets: bool = True

    @property
    def id(self) -> Any:
        return self.row.id


@dataclass(frozen=True)
class Definition:
    """One row of the table of metrics. version changes whenever the rule does, so that old reports stay explicable.

    target: what the reference asks for (0–1), None when there is nothing to reach. lower: smaller is better.
    by_unit: the figure may be asked of one unit. misses: the part people want to see first.
    """

    key: str
    name: str
    formula: str
    source: Source
    of: Condition
    hit: Condition
    left_out: tuple[tuple[str, Condition], ...] = ()
    partly: Condition | None = None
    reference: str = "–"
    target: float | None = None
    lower: bool = False
    by_unit: bool = True
    group: str = "time"
    version: str = "1"
    shows: str = "miss"

    def classify(self, asked: Question) -> Any:
        """The CASE that sorts one row; NULL when the row does not concern this figure."""
        of = self.of(asked)
        whens = [(and_(of, why(asked)), f"x{n}") for n, (_why, why) in enumerate(self.left_out)]
        whens.append((and_(of, self.hit(asked)), "hit"))
        if self.partly is not None:
            whens.append((and_(of, self.partly(asked)), "partly"))
        whens.append((of, "miss"))
        return case(*whens, else_=null())

    @property
    def parts(self) -> tuple[str, ...]:
        """The classes a list may be asked for: "of" is everybody counted, "out" everybody left out."""
        middle = ("hit", "partly", "miss") if self.partly is not None else ("hit", "miss")
        return (*middle, "of", *(("out",) if self.left_out else ()))


CALLS = Source("calls", Call, Call.started_at, None, where=lambda: Call.direction == "in", of_tickets=False)
ACCEPTED = Source("accepted", Ticket, Ticket.created_at, Ticket.unit_code)
DISPATCHED = Source("dispatched", Ticket, Ticket.dispatched_at, Ticket.unit_code)
CLOSED = Source("closed", Ticket, Ticket.closed_at, Ticket.unit_code)
DUE = Source(
    "due",
    Deadline,
    Deadline.due_at,
    Deadline.unit_code,
    join=Deadline.ticket_id,
    where=lambda: Deadline.clock.in_(("dispatch", "sign", "contact")),
)
ASKED = Source("asked", Survey, Survey.asked_at, Survey.unit_code, join=Survey.ticket_id)
PROMISED = Source("promised", ReplyPromise, ReplyPromise.due_at, ReplyPromise.unit_code, join=ReplyPromise.ticket_id)
ANSWERED = Source("answered", Survey, Survey.answered_at, Survey.unit_code, join=Survey.ticket_id)
JUDGED = Source(
    "judged",
    TicketEvent,
    TicketEvent.at,
    TicketEvent.unit_code,
    join=TicketEvent.ticket_id,
    where=lambda: and_(TicketEvent.action.in_(("pass", "redo")), stands()),
)

EXCLUDED: tuple[str, Condition] = (N_("经批准剔除统计"), lambda asked: Ticket.excluded.is_(True))
