"""Who failed one kind of call again and again in the practice room is talked to; what was agreed stands on the own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select, update
from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.practice import rights
from hotline.practice.progress import ended
from hotline.tickets.roles import Actor
from models import PracticeRun, Staff

LEAST_RUNS = 2
"""A single call that went wrong is no reason for a talk."""

LONGEST = 500


@dataclass(frozen=True)
class Weakness:
    """One kind of call of one person, of the runs that were not talked over yet: fewer than half were passed."""

    staff: Staff
    kind: str
    runs: int
    failed: int
    last_at: datetime


@dataclass(frozen=True)
class Talk:
    """What was agreed over one kind of call."""

    kind: str
    words: str
    by: str
    at: datetime


def waiting(db: Session, actor: Actor, person: int = 0) -> list[Weakness]:
    """Whom this mentor should talk to about what, never themself; who waits longest first. person: only this one."""
    if not actor.is_(*rights.MENTORS):
        return []
    failed = func.sum(case((PracticeRun.passed.is_(False), 1), else_=0))
    figures = (func.count().label("runs"), failed.label("failed"), func.max(PracticeRun.ended_at).label("last_at"))
    grouped = (
        ended(person=person)
        .where(PracticeRun.coached_at.is_(None), PracticeRun.staff_id != actor.id)
        .with_only_columns(PracticeRun.staff_id, PracticeRun.kind, *figures)
        .group_by(PracticeRun.staff_id, PracticeRun.kind)
        .having(and_(func.count() >= LEAST_RUNS, 2 * failed > func.count()))
    )
    rows = db.execute(grouped).all()
    staff = {one.id: one for one in db.scalars(select(Staff).where(Staff.id.in_({row.staff_id for row in rows})))}
    found = [Weakness(staff[row.staff_id], row.kind, row.runs, row.failed, row.last_at) for row in rows]
    return sorted(found, key=lambda one: (one.last_at, one.staff.id, one.kind))


def coach(db: Session, actor: Actor, person: int, kind: str, words: str, now: datetime) -> None:
    """All runs of this kind so far are talked over. Raises NotAllowed, OutOfTurn when nothing waits, Refusal without words."""
    if not actor.is_(*rights.MENTORS) or person == actor.id:
        raise NotAllowed(_("辅导由班长、质检员、督办员或热线领导来做，不能给自己做。"), code="not_a_coach")
    if kind not in {one.kind for one in waiting(db, actor, person)}:
        raise OutOfTurn(_("这一类不用辅导，或者已经辅导过了。"), code="coached_already")
    if not words.strip():
        raise Refusal(_("请写一句谈了什么、约定怎么改。"), field="words")
    runs = ended(person=person, kind=kind).with_only_columns(PracticeRun.id).where(PracticeRun.coached_at.is_(None))
    said = {"coached_at": now, "coached_by_name": actor.name, "coached_words": words.strip()[:LONGEST]}
    db.execute(update(PracticeRun).where(PracticeRun.id.in_(runs)).values(**said))


def talks(db: Session, person: int) -> list[Talk]:
    """What was talked over with this person, the newest first."""
    told = (PracticeRun.kind, PracticeRun.coached_words, PracticeRun.coached_by_name, PracticeRun.coached_at)
    mine: Any = select(*told).where(PracticeRun.staff_id == person, PracticeRun.coached_at.is_not(None)).distinct()
    return [Talk(*row) for row in db.execute(mine.order_by(PracticeRun.coached_at.desc(), PracticeRun.kind))]
