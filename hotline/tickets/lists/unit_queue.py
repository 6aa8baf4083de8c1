"""What lies on a unit's desk: its queues, the numbers above them, and how much each unit below has to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from hotline.tickets.disputes.parties import PART
from hotline.tickets.lists import paging
from hotline.tickets.lists.paging import Order, Page
from hotline.tickets.lists.ticket_list import COUNT_LIMIT, SORTS, Wanted, conditions
from hotline.tickets.roles import Actor
from hotline.tickets.states import FINISHED, WITH_UNIT
from models import Assignment, Deadline, Petition, Review, Ticket

CLOSED_DAYS = 30
AT_UNIT = tuple(sorted(WITH_UNIT))
QUEUES = ("sign", "handling", "waiting", "objecting", "review", "helping", "delegated", "closed")
NUMBERS = ("today", "overdue", "redo")
STATES = {
    "sign": ("to_sign",),
    "handling": ("handling",),
    "waiting": ("waiting",),
    "objecting": ("in_objection", "in_dispute"),
    "review": ("to_review", "to_follow_up"),
    "today": ("to_sign", "handling"),
    "overdue": ("to_sign", "handling"),
    "redo": AT_UNIT,
    "closed": tuple(sorted(FINISHED)),
}


@dataclass(frozen=True)
class SubUnitLoad:
    """How much one unit has to do now. oldest: its nearest (or longest passed) deadline."""

    unit: str
    to_sign: int
    handling: int
    waiting: int
    overdue: int
    redo: int
    oldest: datetime | None


def orders(queue: str) -> dict[str, Order]:
    """The orders of a queue, its own first: the most urgent before all others, and what was closed lately newest first."""
    if queue == "closed":
        return {name: SORTS[name] for name in ("-moved", "moved")}
    return {name: SORTS[name] for name in ("urgent", "due", "-due", "created", "-created")}


def page(
    db: Session,
    actor: Actor,
    queue: str,
    units: Iterable[str],
    now: datetime,
    today_ends: datetime,
    *,
    sort: str = "",
    also: tuple[ColumnElement[bool], ...] = (),
    after: str | None = None,
    before: str | None = None,
) -> Page:
    """One page of a queue of these units. sort: one of its orders, else its own. also: whose tickets of them."""
    offered, wanted = orders(queue), _wanted(queue, units, now, today_ends)
    query = select(Ticket).where(*conditions(db, actor, wanted), *also).options(selectinload(Ticket.assignments))
    return paging.paginate(db, query, offered.get(sort) or next(iter(offered.values())), after=after, before=before)


def counts(db: Session, actor: Actor, units: Iterable[str], now: datetime, today_ends: datetime) -> dict[str, int]:
    """Every queue and number at once, in one statement, none counted far beyond the limit."""
    names = (*QUEUES, *NUMBERS)
    inner = [
        select(Ticket.id)
        .where(*conditions(db, actor, _wanted(name, units, now, today_ends)))
        .limit(COUNT_LIMIT + 1)
        .subquery()
        for name in names
    ]
    row = db.execute(select(*(select(func.count()).select_from(one).scalar_subquery() for one in inner))).one()
    return dict(zip(names, row, strict=True))


def loads(db: Session, actor: Actor, now: datetime, sort: str = "-overdue") -> list[SubUnitLoad]:
    """The open work of each of the actor's units that has any; sort: a number of `Load`, with "-" the most first."""

    def many(condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0))

    late = many(Ticket.due_at < now)
    rows = db.execute(
        select(
            Ticket.desk_code,
            many(Ticket.state == "to_sign"),
            many(Ticket.state == "handling"),
            many(Ticket.state == "waiting"),
            late,
            many(Ticket.round > 1),
            func.min(Ticket.due_at),
        )
        .where(*conditions(db, actor, Wanted(states=AT_UNIT, also=(Ticket.desk_code.in_(sorted(actor.units)),))))
        .group_by(Ticket.desk_code)
        .order_by(late.desc(), func.count().desc(), Ticket.desk_code)
    )
    found = [SubUnitLoad(unit, *numbers) for unit, *numbers in rows]
    return sorted(found, key=lambda load: int(getattr(load, sort.lstrip("-"))), reverse=sort.startswith("-"))


def clocks(db: Session, ids: Iterable[int]) -> dict[int, dict[str, Deadline]]:
    """Ticket id → its running clocks by name, in one statement."""
    found: dict[int, dict[str, Deadline]] = defaultdict(dict)
    for one in db.scalars(
        select(Deadline)
        .where(Deadline.ticket_id.in_(list(ids)), Deadline.stopped_at.is_(None))
        .order_by(Deadline.due_at.desc())
    ):
        found[one.ticket_id][one.clock] = one
    return found


def sent_back(db: Session, ids: Iterable[int]) -> dict[int, Review]:
    """Ticket id → the review that last sent it back, in one statement."""
    newest = (
        select(func.max(Review.id))
        .where(Review.ticket_id.in_(list(ids)), Review.verdict == "redo")
        .group_by(Review.ticket_id)
    )
    return {one.ticket_id: one for one in db.scalars(select(Review).where(Review.id.in_(newest)))}


def asked_for(db: Session, ids: Iterable[int]) -> dict[int, set[str]]:
    """Ticket id → the kinds of petitions that wait for a decision, in one statement."""
    found: dict[int, set[str]] = defaultdict(set)
    for ticket_id, kind in db.execute(
        select(Petition.ticket_id, Petition.kind).where(Petition.ticket_id.in_(list(ids)), Petition.state == "asked")
    ):
        found[ticket_id].add(kind)
    return found


def _wanted(queue: str, units: Iterable[str], now: datetime, today_ends: datetime) -> Wanted:
    codes = sorted(units)
    mine = or_(Ticket.unit_code.in_(codes), Ticket.desk_code.in_(codes))
    if queue == "objecting":
        return Wanted(states=STATES[queue], also=(or_(mine, _has_part(codes, PART)),))
    if queue == "helping":
        return Wanted(open=True, also=(_has_part(codes, "helper"),))
    if queue == "delegated":
        return Wanted(open=True, also=(Ticket.unit_code.in_(codes), Ticket.desk_code != Ticket.unit_code))
    if queue == "closed":
        lately = now - timedelta(days=CLOSED_DAYS)
        return Wanted(
            states=STATES[queue], open=False, also=(mine, Ticket.closed_at > lately, Ticket.moved_at > lately)
        )
    further = {
        "today": (Ticket.due_at >= now, Ticket.due_at < today_ends),
        "overdue": (Ticket.due_at < now,),
        "redo": (Ticket.round > 1,),
    }
    return Wanted(states=STATES[queue], also=(mine, *further.get(queue, ())))


def _has_part(codes: list[str], part: str) -> ColumnElement[bool]:
    """One of these units has this part in it now."""
    return exists(
        select(Assignment.id).where(
            Assignment.ticket_id == Ticket.id,
            Assignment.unit_code.in_(codes),
            Assignment.part == part,
            Assignment.ended_at.is_(None),
        )
    )
