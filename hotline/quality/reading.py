"""A sheet is filled in: by one person, or by two who do not see each other, with a third where they lie too far apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import _
from hotline.messages.compose import tell_staff
from hotline.quality import rights
from hotline.quality.scoring import checked, is_good, score
from hotline.tickets.privacy.visibility import may_see
from hotline.tickets.roles import Actor, Role
from models import QualityScore, QualityTask, Ticket
from routing.spans import Span

LONGEST = 1000


def find(db: Session, actor: Actor, task_id: int, *, to_change: bool = False) -> QualityTask:
    """The drawn task whose ticket this person may see. Raises NotFound. to_change: nobody else changes it meanwhile."""
    task = db.get(QualityTask, task_id, with_for_update=to_change)
    if task is None or not may_see(db, actor, task.ticket_id):
        raise NotFound(_("没有这件质检，或您没有权限查看。"))
    return task


def scores_of(db: Session, task: QualityTask) -> list[QualityScore]:
    return list(db.scalars(select(QualityScore).where(QualityScore.task_id == task.id).order_by(QualityScore.id)))


def read(
    db: Session, city: City, actor: Actor, task_id: int, answers: Mapping[str, str], comment: str, now: datetime
) -> QualityTask:
    """One person's reading; the last one that it takes makes the result. Raises NotFound, NotAllowed, OutOfTurn, Refusal."""
    task = find(db, actor, task_id, to_change=True)
    rights.need_reader(actor, task)
    held = scores_of(db, task)
    if any(one.reader_id == actor.id for one in held):
        raise OutOfTurn(_("这一件您已经评过了。"), code="read_already")
    if task.state == "told":
        raise OutOfTurn(_("这一件已经有人评完了。"), code="told_already")
    kind = "settling" if task.state == "differs" else "reading"
    held.append(put_down(db, task, actor, kind, answers, comment, now))
    _conclude(db, city, task, held, now)
    return task


def put_down(
    db: Session, task: QualityTask, actor: Actor, kind: str, answers: Mapping[str, str], comment: str, now: datetime
) -> QualityScore:
    """Raises Refusal for a question without an answer."""
    given = checked(task.sheet, answers)
    points, fatal = score(task.sheet, given)
    assert actor.id is not None
    one = QualityScore(
        task_id=task.id,
        ticket_id=task.ticket_id,
        kind=kind,
        reader_id=actor.id,
        reader_name=actor.name,
        answers=given,
        points=points,
        fatal=fatal,
        comment=comment.strip()[:LONGEST] or None,
        at=now,
    )
    db.add(one)
    db.flush()
    return one


def _conclude(db: Session, city: City, task: QualityTask, held: list[QualityScore], now: datetime) -> None:
    if held[-1].kind == "settling":
        settle(task, held[-1].points, held[-1].fatal)
    elif len(held) < task.readers:
        return
    elif _apart(city, held):
        task.state = "differs"
        return
    else:
        settle(task, round(sum(one.points for one in held) / len(held), 1), held[-1].fatal)
    task.state, task.told_at = "told", now
    task.appeal_until = city.calendar.add(now, Span(city.quality.appeal_days, "wd"))
    tell_scored(db, city, task, "quality_told", now)


def _apart(city: City, held: list[QualityScore]) -> bool:
    points = [one.points for one in held]
    return len({one.fatal for one in held}) > 1 or max(points) - min(points) > city.quality.agree_within


def settle(task: QualityTask, points: float, fatal: bool) -> None:
    """What the result is from now on."""
    task.points, task.fatal = points, fatal
    task.coaching = not is_good(task.sheet, points, fatal)


def tell_scored(db: Session, city: City, task: QualityTask, key: str, now: datetime) -> None:
    """Whose work it was reads it on the own pages; of a unit the leader does."""
    ticket = db.get_one(Ticket, task.ticket_id)
    told = {"number": ticket.number, "points": f"{task.points:g}"}
    if task.scored_id is not None:
        tell_staff(db, city, key, now, told, staff_id=task.scored_id)
    elif task.unit_code is not None:
        tell_staff(db, city, key, now, told, unit=task.unit_code, role=Role.UNIT_LEADER.value)
