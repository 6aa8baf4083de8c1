"""Who works with a second pair of eyes: begun and ended by a supervisor, with the examination or a reason; and what colleagues saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.practice import exams, rights
from hotline.tickets.mentoring import rules
from hotline.tickets.mentoring.rules import CORRECTED, PASSED, WAITS, learns
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor, Role
from models import PracticeExam, Staff, Ticket

LONGEST = 300
MOST_DAYS = 365


@dataclass(frozen=True)
class Newcomer:
    """A person who learns. waits, passed, corrected: tickets of theirs since they began; exam: the newest they passed; late: the
    planned end is over."""

    staff: Staff
    waits: int
    passed: int
    corrected: int
    exam: PracticeExam | None
    late: bool


def begin(db: Session, actor: Actor, staff_id: int, days: int, now: datetime) -> Staff:
    """From now on a colleague looks at what this agent takes in. Raises NotAllowed, NotFound, OutOfTurn, Refusal."""
    _need_releaser(actor)
    staff = _agent(db, staff_id)
    if learns(staff):
        raise OutOfTurn(_("%(name)s已经在带教期。", name=staff.name), code="learns_already")
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(_("带教期请写 1 到 %(most)s 天。", most=MOST_DAYS), field="days")
    staff.learns_from, staff.learns_until = now, now + timedelta(days=days)
    staff.released_at = staff.released_by_name = staff.released_why = None
    audit.record(db, "begin_mentoring", actor, now, subject=staff.login, staff_id=staff.id, days=days)
    return staff


def release(db: Session, actor: Actor, staff_id: int, why: str, now: datetime) -> Staff:
    """The newcomer works alone; without an examination passed it takes a reason. Raises NotAllowed, NotFound, OutOfTurn, Refusal."""
    _need_releaser(actor)
    staff = _agent(db, staff_id)
    if not learns(staff) or staff.id == actor.id:
        raise OutOfTurn(_("%(name)s不在带教期。", name=staff.name), code="does_not_learn")
    exam, why = exam_of(db, staff), why.strip()[:LONGEST]
    if exam is None and not why:
        raise Refusal(_("还没有通过考试：要提前放单，请写明理由。"), field="why")
    staff.released_at, staff.released_by_name = now, actor.name
    staff.released_why = why or _("考试合格 %(number)s", number=exam.number if exam else "")
    audit.record(db, "release_newcomer", actor, now, subject=staff.login, staff_id=staff.id, reason=staff.released_why)
    return staff


def exam_of(db: Session, staff: Staff) -> PracticeExam | None:
    """The newest examination passed."""
    return exams.passed(db, staff.id)


def learning(db: Session, now: datetime) -> list[Newcomer]:
    """Everybody who works with a second pair of eyes, who began first before the others."""
    wanted = (Staff.learns_from.is_not(None), Staff.released_at.is_(None), Staff.active.is_(True))
    people = db.scalars(select(Staff).where(*wanted).order_by(Staff.learns_from, Staff.id)).all()
    return [_newcomer(db, one, now) for one in people]


def released() -> Select[Staff]:
    """Those who were released, in no order yet."""
    return select(Staff).where(Staff.released_at.is_not(None))


def could_learn(db: Session) -> list[Staff]:
    """Agents who work alone."""
    people = db.scalars(select(Staff).where(Staff.active.is_(True)).order_by(Staff.name, Staff.id)).all()
    return [one for one in people if Role.AGENT in one.roles and not learns(one)]


def looks(actor: Actor, tab: str) -> Any:
    """Tickets that wait for this person's look, in no order yet. tab: before (the dispatch waits) or after (it went at once)."""
    where = rules.waiting() if tab == "before" else rules.looked_at_afterwards()
    return select(Ticket).where(where, Ticket.agent_id.is_distinct_from(actor.id), visible_to(actor))


def count(db: Session, query: Any) -> int:
    return db.scalar(select(func.count()).select_from(query.with_only_columns(Ticket.id).subquery())) or 0


def taken_in(staff: Staff) -> tuple[ColumnElement[bool], ...]:
    """What a newcomer took in since they began that a colleague looks at: conditions on `Ticket`."""
    return (Ticket.agent_id == staff.id, Ticket.created_at >= staff.learns_from, Ticket.second_look.is_not(None))


def _newcomer(db: Session, staff: Staff, now: datetime) -> Newcomer:
    looked = select(Ticket.second_look, func.count().label("n")).where(*taken_in(staff))
    found = {row.second_look: row.n for row in db.execute(looked.group_by(Ticket.second_look))}
    late = staff.learns_until is not None and staff.learns_until < now
    waits, passed, corrected = (found.get(name, 0) for name in (WAITS, PASSED, CORRECTED))
    return Newcomer(staff, waits, passed, corrected, exam_of(db, staff), late)


def _agent(db: Session, staff_id: int) -> Staff:
    staff = db.scalar(select(Staff).where(Staff.id == staff_id).with_for_update())
    if staff is None or not {Role.AGENT, Role.LEAD_AGENT} & set(staff.roles):
        raise NotFound(_("没有这位话务员。"))
    return staff


def _need_releaser(actor: Actor) -> None:
    if not actor.is_(*rights.RELEASERS):
        raise NotAllowed(_("带教期由督办员或热线领导开始和结束。"), code="not_a_releaser")
