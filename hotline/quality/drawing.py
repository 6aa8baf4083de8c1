"""What is drawn today: each plan takes from the last days what no earlier draw took for the same sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, exists, func, null, select
from sqlalchemy.orm import Session

from hotline.city.quality.schema import Plan
from hotline.city.schema import City
from hotline.installation import Installation
from hotline.tickets.names import ActionName as Do
from models import QualityTask, Ticket, TicketEvent
from models.store.rows import insert_all_once

MOST, AT_ONCE = 100_000, 500
"""More tickets than that no plan looks through on one day."""

MOMENTS: dict[str, Any] = {
    "agent": Ticket.submitted_at,
    "dispatcher": Ticket.dispatched_at,
    "unit": Ticket.replied_at,
    "follow_up": Ticket.closed_at,
}
"""When the work was done that a sheet looks at."""

DEEDS = {"dispatcher": (Do.DISPATCH, Do.RULE), "follow_up": (Do.RECORD, Do.CLOSE_JUDGED, Do.CALL_ATTEMPT)}
"""Whose work it was is told by who did this last."""


class Candidate(NamedTuple):
    """risk: how many signs there are that something went wrong."""

    ticket_id: int
    person: int | None
    unit: str | None
    risk: int


def draw_daily(installation: Installation, now: datetime) -> int:
    """Each of the city's plans once. Returns how many were drawn."""
    drawn = 0
    for plan in installation.city.quality.plans:
        with installation.sessions() as db:
            drawn += draw(db, installation.city, plan, now)
            db.commit()
    return drawn


def draw(db: Session, city: City, plan: Plan, now: datetime) -> int:
    """How many; drawn a second time on the same day it brings what came in between, and nothing twice."""
    sheet, today = city.quality.sheets[plan.sheet], city.calendar.day_of(now)
    left = plan.most - _drawn(db, plan, today) if plan.draw in ("random", "risk") else plan.most
    chosen = _chosen(plan, candidates(db, city, plan, now), today, max(left, 0), _each(db, plan, today))
    rows = [
        {
            "ticket_id": one.ticket_id,
            "plan_code": plan.code,
            "sheet_code": plan.sheet,
            "sheet": sheet.written(),
            "readers": plan.readers,
            "drawn_on": today,
            "drawn_at": now,
            "scored_id": one.person,
            "unit_code": one.unit if sheet.about == "unit" else None,
        }
        for one in chosen
    ]
    parts = (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))
    return sum(len(insert_all_once(db, QualityTask, ["ticket_id", "sheet_code"], part)) for part in parts)


def candidates(db: Session, city: City, plan: Plan, now: datetime) -> list[Candidate]:
    """What this plan may draw from: done on the last days before today, by somebody, and not drawn for the sheet before."""
    sheet = city.quality.sheets[plan.sheet]
    moment, until = MOMENTS[sheet.about], city.calendar.start_of_day(now)
    person = _person(sheet.about)
    drawn = exists().where(QualityTask.ticket_id == Ticket.id, QualityTask.sheet_code == sheet.code)
    query = select(Ticket.id, person, Ticket.unit_code, _risk()).where(
        moment >= until - timedelta(days=plan.days),
        moment < until,
        Ticket.quiet.is_(False),
        Ticket.state.not_in(("draft", "void")),
        ~drawn,
        *_kinds(city, plan),
    )
    query = query.where(Ticket.unit_code.is_not(None) if sheet.about == "unit" else person.is_not(None))
    return [Candidate(*row) for row in db.execute(query.order_by(Ticket.id).limit(MOST))]


def _person(about: str) -> Any:
    if about == "agent":
        return Ticket.agent_id
    if about not in DEEDS:
        return null()
    last = select(func.max(TicketEvent.id)).where(
        TicketEvent.ticket_id == Ticket.id, TicketEvent.actor_kind == "staff", TicketEvent.action.in_(DEEDS[about])
    )
    last_id = last.correlate(Ticket).scalar_subquery()
    return select(TicketEvent.actor_id).where(TicketEvent.id == last_id).scalar_subquery()


def _risk() -> Any:
    """Danger, urgency, unhappy citizens, urges, returns and second rounds: one each."""
    signs = (
        Ticket.safety.is_(True),
        Ticket.urgency != "normal",
        Ticket.dissatisfied.is_(True),
        Ticket.supervised.is_(True),
        Ticket.urges > 0,
        Ticket.returns > 0,
        Ticket.round > 1,
        Ticket.privacy == "sealed",
    )
    total: Any = case((signs[0], 1), else_=0)
    for sign in signs[1:]:
        total = total + case((sign, 1), else_=0)
    return total


def _kinds(city: City, plan: Plan) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if plan.request_types:
        found.append(Ticket.request_type.in_(plan.request_types))
    if plan.channels:
        found.append(Ticket.channel.in_(plan.channels))
    if plan.urgencies:
        found.append(Ticket.urgency.in_(plan.urgencies))
    if plan.categories:
        wanted = [code for code in city.categories if set(city.category_path(code)) & set(plan.categories)]
        found.append(Ticket.category_code.in_(wanted))
    return found


def _chosen(
    plan: Plan, some: Iterable[Candidate], today: date, left: int, each: dict[int | None, int]
) -> list[Candidate]:
    """The lot is decided by the day, the plan and the ticket alone: who draws again draws the same."""
    mixed = sorted(some, key=lambda one: sha256(f"{today}:{plan.code}:{one.ticket_id}".encode()).digest())
    if plan.draw == "risk":
        mixed = [one for one in sorted(mixed, key=lambda one: -one.risk) if one.risk]
    if plan.draw != "agent":
        return mixed[:left]
    of_person: dict[int | None, list[Candidate]] = defaultdict(list)
    for one in mixed:
        of_person[one.person].append(one)
    return [one for person, theirs in of_person.items() for one in theirs[: max(0, plan.most - each.get(person, 0))]]


def _drawn(db: Session, plan: Plan, today: date) -> int:
    of_today = (QualityTask.drawn_on == today, QualityTask.plan_code == plan.code)
    return db.scalar(select(func.count()).select_from(QualityTask).where(*of_today)) or 0


def _each(db: Session, plan: Plan, today: date) -> dict[int | None, int]:
    """How many this plan drew today of each person."""
    of_today = (QualityTask.drawn_on == today, QualityTask.plan_code == plan.code)
    rows = select(QualityTask.scored_id, func.count().label("n")).where(*of_today).group_by(QualityTask.scored_id)
    return {row.scored_id: row.n for row in db.execute(rows)}
