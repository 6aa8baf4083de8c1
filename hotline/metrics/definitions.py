"""How a figure is defined: whom it counts, who is a hit, whom it leaves out and why; the same words make figure and list.

A definition sorts every row of its source into exactly one class with one CASE: left out (x0, x1 …), hit, partly or miss.
The figure counts the classes and the list asks for one of them, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, or_

from hotline.i18n import N_
from hotline.metrics import history
from hotline.metrics.question import Question
from models import Assignment, Call, Deadline, ReplyPromise, Survey, Ticket, TicketEvent
from models.tickets.taking_back import stands

Condition = Callable[[Question], ColumnElement[bool]]
Moments = tuple[tuple[datetime | None, int], ...]
Counted = Callable[..., Moments]


@dataclass(frozen=True)
class Source:
    """Where the rows come from. at: the indexed moment that puts a row into a period. join: how its ticket is found.

    unit: which unit the row speaks about: the one at that time, not the present one.
    within: puts rows into the period that `at` alone would not, e.g. what was still open at its end.
    more: further columns that `counted` needs. counted: on which moments a row counts, as seen from the period's end, each
    with +1 or −1: a period counts what lies in it. A row that counts wherever a period ends while it stands has None.
    `within` and `counted` say the same, of a whole period and of a single row.
    """

    name: str
    row: Any
    at: Any
    unit: Callable[[Question], Any]
    join: Any = None
    where: Condition | None = None
    within: Condition | None = None
    of_tickets: bool = True
    more: Callable[[Question], tuple[Any, ...]] = lambda asked: ()
    counted: Counted = lambda asked, at: ((at, 1),)

    @property
    def ticket_id(self) -> Any:
        return self.row.id if self.row is Ticket else self.row.ticket_id

    @property
    def id(self) -> Any:
        return self.row.id


@dataclass(frozen=True)
class Definition:
    """One row of the table of metrics. version changes whenever the rule does, so that old reports stay explicable.

    target: what the reference asks for (0–1), None when there is nothing to reach. lower: smaller is better.
    by_unit: the figure may be asked of one unit. shows: the part people want to see first.
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


def _when_settled(
    asked: Question, at: datetime, wrong: bool, ended: datetime | None, *dispute: datetime | None
) -> Moments:
    """A dispatch counts when it is made; one that turned out wrong when that was decided; one that was disputed over the end of
    its period once more in the period in which the objection was overruled."""
    if wrong and ended is not None and ended < asked.end:
        return ((ended, 1),)
    objected, overruled = dispute
    if objected is None or overruled is None or overruled < objected:
        return ((at, 1),)
    return ((at, 1), (objected, -1), (overruled, 1))


def _when_answered(asked: Question, at: datetime, answered: datetime | None) -> Moments:
    """A question counts when it is answered or its time is over; until then it stands."""
    over = at + asked.answer_time - timedelta(microseconds=1)
    settled = over if answered is None else min(answered, over)
    return ((settled if settled < asked.end else None, 1),)


CALLS = Source(
    "calls", Call, Call.started_at, lambda asked: null(), where=lambda asked: Call.direction == "in", of_tickets=False
)
ACCEPTED = Source("accepted", Ticket, Ticket.created_at, history.unit_at_end)
DISPATCHED = Source(
    "dispatched",
    Assignment,
    Assignment.started_at,
    lambda asked: Assignment.unit_code,
    join=Assignment.ticket_id,
    where=lambda asked: Assignment.part == "lead",
    within=history.dispatched_or_settled,
    more=lambda asked: (
        func.coalesce(Assignment.end_reason, "").in_(history.WRONG),
        Assignment.ended_at,
        history.objected_at(asked),
        history.overruled_at(asked),
    ),
    counted=_when_settled,
)
CLOSED = Source(
    "closed",
    TicketEvent,
    TicketEvent.at,
    lambda asked: TicketEvent.unit_code,
    join=TicketEvent.ticket_id,
    where=history.last_closing,
)
DUE = Source(
    "due",
    Deadline,
    Deadline.due_at,
    lambda asked: case(
        (Deadline.clock == "dispatch", history.unit_sent_to(Deadline.stopped_at)),
        (Deadline.clock == "contact", history.unit_when_due()),
        else_=Deadline.unit_code,
    ),
    join=Deadline.ticket_id,
    where=lambda asked: Deadline.clock.in_(("dispatch", "sign", "contact")),
)
OPEN = Source(
    "open",
    Deadline,
    Deadline.due_at,
    history.unit_at_end,
    join=Deadline.ticket_id,
    where=lambda asked: Deadline.clock.in_(("reply", "redo")),
    within=lambda asked: and_(
        Deadline.started_at < asked.end, or_(Deadline.stopped_at.is_(None), Deadline.stopped_at >= asked.end)
    ),
    counted=lambda asked, at: ((None, 1),),
)
ABOUT_A_UNIT = Survey.unit_code.is_not(None)
"""Asked about what a unit handled; a question about a direct answer names no unit, and is counted apart."""

ASKED = Source(
    "asked",
    Survey,
    Survey.asked_at,
    lambda asked: Survey.unit_code,
    join=Survey.ticket_id,
    where=lambda asked: ABOUT_A_UNIT,
    within=lambda asked: or_(
        and_(Survey.asked_at >= asked.start, Survey.asked_at < asked.end),
        and_(
            Survey.asked_at > asked.start - asked.answer_time,
            Survey.asked_at < asked.start,
            or_(Survey.answered_at.is_(None), Survey.answered_at >= asked.start),
        ),
    ),
    more=lambda asked: (Survey.answered_at,),
    counted=_when_answered,
)
PROMISED = Source(
    "promised",
    ReplyPromise,
    ReplyPromise.due_at,
    lambda asked: ReplyPromise.unit_code,
    join=ReplyPromise.ticket_id,
)
ANSWERED = Source(
    "answered",
    Survey,
    Survey.answered_at,
    lambda asked: Survey.unit_code,
    join=Survey.ticket_id,
    where=lambda asked: ABOUT_A_UNIT,
)
ANSWERED_DIRECT = Source(
    "answered_direct",
    Survey,
    Survey.answered_at,
    lambda asked: null(),
    join=Survey.ticket_id,
    where=lambda asked: ~ABOUT_A_UNIT,
)
JUDGED = Source(
    "judged",
    TicketEvent,
    TicketEvent.at,
    lambda asked: TicketEvent.unit_code,
    join=TicketEvent.ticket_id,
    where=lambda asked: and_(TicketEvent.action.in_(("pass", "redo")), stands()),
)

EXCLUDED: tuple[str, Condition] = (N_("经批准剔除统计"), history.excluded)


def accepted() -> ColumnElement[bool]:
    """Taken in: neither a draft nor void."""
    return Ticket.state.not_in(("draft", "void"))


CONTACTS = Definition(
    "contacts",
    N_("受理量"),
    N_("受理的工单；并入别的工单的另计"),
    Source("contacts", Ticket, Ticket.created_at, lambda asked: Ticket.unit_code),
    of=lambda asked: accepted(),
    hit=lambda asked: Ticket.state != "merged",
)
"""Volume: not a rate, but folded as one. hit: handled by itself; miss: joined with one that is counted already."""
