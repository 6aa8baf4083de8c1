"""It came back: how often what was called solved was called about again, by unit and kind, with its tickets and its root causes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, aliased

from hotline.city.schema import City
from hotline.evidence.kinds import LATER, SOON
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import ExactSpot, Recurrence, Reply, Ticket

LEAST_CALLS = 3
"""So many tickets of one place and kind in a month have one root, or two when one came back after "solved"."""

MOST_CAUSES = 50
Earlier = aliased(Ticket, name="earlier")


@dataclass(frozen=True)
class Span:
    """Replies from start on, before end. unit, kind: "" for all; kind is a category of either level."""

    start: datetime
    end: datetime
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Share:
    """One unit or kind: replies that said "solved" (each ticket once), and how many of them came back so soon."""

    code: str
    solved: int
    soon: int
    later: int


@dataclass(frozen=True)
class Cause:
    """A place and kind that keeps the city busy. tickets, urges: what it cost in calls; back: calls after "solved".

    owner: the unit proposed to do away with the root; handled: units that have worked on it, the busiest first.
    example: the id of the newest ticket.
    """

    kind: str
    tickets: int
    people: int
    urges: int
    back: int
    owner: str
    handled: tuple[str, ...]
    example: int

    @property
    def calls(self) -> int:
        return self.tickets + self.urges


def shares(db: Session, span: Span, by: str) -> list[Share]:
    """By "unit" or "kind", the most that came back first."""
    code = Reply.unit_code if by == "unit" else Ticket.category_code
    rows = db.execute(
        select(
            code,
            func.count(),
            func.sum(case((_back(SOON.days), 1), else_=0)),
            func.sum(case((_back(LATER.days), 1), else_=0)),
        )
        .select_from(Reply)
        .join(Ticket, Ticket.id == Reply.ticket_id)
        .where(*_solved(span), code.is_not(None))
        .group_by(code)
    )
    found = [Share(name, solved, soon or 0, later or 0) for name, solved, soon, later in rows]
    return sorted(found, key=lambda one: (-one.later, -one.soon, -one.solved, one.code))


def pairs(actor: Actor, span: Span) -> Any:
    """(recurrence, new ticket, earlier ticket) that this person may see, in no order yet."""
    query = (
        select(Recurrence, Ticket, Earlier)
        .join(Ticket, Ticket.id == Recurrence.ticket_id)
        .join(Earlier, Earlier.id == Recurrence.earlier_id)
        .where(
            visible_to(actor),
            Earlier.privacy != "sealed",
            Recurrence.replied_at >= span.start,
            Recurrence.replied_at < span.end,
        )
    )
    if span.unit:
        query = query.where(Recurrence.unit_code == span.unit)
    return query.where(Recurrence.category_code.startswith(span.kind, autoescape=True)) if span.kind else query


def causes(db: Session, city: City, start: datetime, end: datetime) -> list[Cause]:
    """Of the tickets that came in this time: places and kinds with several, the dearest in calls first."""
    rows = db.execute(
        select(
            ExactSpot.key,
            Ticket.category_code,
            func.count().label("tickets"),
            func.count(Ticket.contact_phone.distinct()).label("people"),
            func.sum(Ticket.urges).label("urges"),
            func.count(Recurrence.ticket_id).label("back"),
            func.max(Ticket.id).label("newest"),
        )
        .select_from(Ticket)
        .join(ExactSpot, ExactSpot.ticket_id == Ticket.id)
        .join(Recurrence, Recurrence.ticket_id == Ticket.id, isouter=True)
        .where(
            Ticket.created_at >= start,
            Ticket.created_at < end,
            Ticket.state.not_in(("draft", "void")),
            Ticket.privacy != "sealed",
            Ticket.category_code.is_not(None),
            ExactSpot.key != "",
            ExactSpot.fine.is_(True),
        )
        .group_by(ExactSpot.key, Ticket.category_code)
        .having((func.count() >= LEAST_CALLS) | (func.count(Recurrence.ticket_id) > 0))
        .order_by((func.count() + func.sum(Ticket.urges)).desc(), func.max(Ticket.id).desc())
        .limit(MOST_CAUSES)
    ).all()
    return [
        Cause(
            row.category_code,
            row.tickets,
            row.people,
            row.urges or 0,
            row.back,
            *_owner(city, row.category_code, _units(db, row.key, row.category_code)),
            row.newest,
        )
        for row in rows
    ]


def _units(db: Session, key: str, kind: str) -> Counter[str]:
    """Who has worked on this place and kind, ever."""
    rows = db.execute(
        select(Ticket.unit_code, func.count().label("n"))
        .join(ExactSpot, ExactSpot.ticket_id == Ticket.id)
        .where(ExactSpot.key == key, Ticket.category_code == kind, Ticket.unit_code.is_not(None))
        .group_by(Ticket.unit_code)
    )
    return Counter({str(row.unit_code): int(row.n) for row in rows})


def _owner(city: City, kind: str, handled: Counter[str]) -> tuple[str, tuple[str, ...]]:
    """Who did it alone owns it; where several did, the city's unit for this kind of matter should lead them."""
    busiest = tuple(unit for unit, _n in handled.most_common(3))
    category = city.categories.get(kind)
    lead = category.lead if category is not None and category.lead in city.units else ""
    owner = busiest[0] if len(handled) == 1 or (busiest and not lead) else lead
    return owner or "", busiest


def _solved(span: Span) -> list[Any]:
    """The last final reply of each ticket that says "solved", given in this time."""
    newer = aliased(Reply)
    found = [
        Reply.kind == "final",
        Reply.outcome == "solved",
        Reply.at >= span.start,
        Reply.at < span.end,
        ~exists().where(newer.ticket_id == Reply.ticket_id, newer.kind == "final", newer.id > Reply.id),
    ]
    if span.unit:
        found.append(Reply.unit_code == span.unit)
    if span.kind:
        found.append(Ticket.category_code.startswith(span.kind, autoescape=True))
    return found


def _back(days: int) -> Any:
    return exists().where(Recurrence.earlier_id == Reply.ticket_id, Recurrence.days <= days)
