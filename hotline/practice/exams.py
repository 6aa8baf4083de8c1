"""Examinations: drawn by kind, bound to a time, handed in once; who passes has a certificate with a number that can be looked up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.city.practice.schema import Exam, PracticeRules, Script
from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.practice import rights, runs
from hotline.tickets.roles import Actor
from models import PracticeExam, PracticeRun

MONTH = timedelta(days=30)


def begin(db: Session, city: City, actor: Actor, code: str, now: datetime) -> PracticeExam:
    """All its calls are drawn at once. Raises NotFound, Refusal while another is open or the rules of repeating forbid it."""
    rules = city.practice.exams.get(code)
    if rules is None:
        raise NotFound(_("没有这门考试。"))
    _may_sit(db, actor, rules, now)
    exam = PracticeExam(
        staff_id=actor.id,
        name=actor.name,
        code=code,
        rules=rules.written(),
        started_at=now,
        ends_at=now + timedelta(minutes=rules.minutes),
    )
    db.add(exam)
    db.flush()
    lot = random.Random(f"{exam.id}:{actor.id}:{now.isoformat()}")
    drawn = _drawn(city.practice, rules, lot)
    db.add_all([runs.waiting(actor, script, exam, place, now) for place, script in enumerate(drawn, 1)])
    db.flush()
    return exam


def why_not(db: Session, actor: Actor, rules: Exam, now: datetime) -> str:
    """Why this person may not sit it now; "" when they may."""
    if open_of(db, actor) is not None:
        return _("还有一场考试没有交卷。")
    earlier = _earlier(db, actor, rules.code, now - max(MONTH, timedelta(days=rules.days)))
    last = earlier[0] if earlier else None
    if last is not None and not last.passed and last.started_at + timedelta(days=rules.days) > now:
        return _("没有通过的，%(days)s 天后可以重考。", days=rules.days)
    if sum(one.started_at > now - MONTH for one in earlier) >= rules.most:
        return _("三十天内最多考 %(most)s 次。", most=rules.most)
    return ""


def is_open(exam: PracticeExam, now: datetime) -> bool:
    return exam.finished_at is None and now < exam.ends_at


def open_of(db: Session, actor: Actor) -> PracticeExam | None:
    """The examination this person has begun and not handed in, though its time may be over."""
    wanted = (PracticeExam.staff_id == actor.id, PracticeExam.finished_at.is_(None))
    return db.scalar(select(PracticeExam).where(*wanted).order_by(PracticeExam.id.desc()).limit(1))


def own(db: Session, actor: Actor, exam_id: int, *, to_change: bool = False) -> PracticeExam:
    """Raises NotFound; to_change: OutOfTurn once it was handed in."""
    query = select(PracticeExam).where(PracticeExam.id == exam_id, PracticeExam.staff_id == actor.id)
    exam = db.scalar(query.with_for_update() if to_change else query)
    if exam is None:
        raise NotFound(_("没有这次考试。"))
    if to_change and exam.finished_at is not None:
        raise OutOfTurn(_("这次考试已经交卷。"), code="exam_has_ended")
    return exam


def seen(db: Session, actor: Actor, exam_id: int) -> PracticeExam:
    """My own, or as a mentor anybody's that was handed in. Raises NotFound."""
    exam = db.get(PracticeExam, exam_id)
    if exam is None or not (exam.staff_id == actor.id or (exam.finished_at and actor.is_(*rights.MENTORS))):
        raise NotFound(_("没有这次考试。"))
    return exam


def calls(db: Session, exam: PracticeExam) -> list[PracticeRun]:
    """In the order in which they come."""
    return list(db.scalars(select(PracticeRun).where(PracticeRun.exam_id == exam.id).order_by(PracticeRun.place)))


def answer_next(db: Session, exam: PracticeExam, now: datetime) -> PracticeRun | None:
    """The call I am in, or the next one; None when there is none left. Raises OutOfTurn when the time is over."""
    if not is_open(exam, now):
        raise OutOfTurn(_("考试时间已到，请交卷。"), code="time_is_over")
    following = next((one for one in calls(db, exam) if one.ended_at is None), None)
    if following is not None and following.taken_at is None:
        runs.begin(following, now)
    return following


def ensure_time(db: Session, run: PracticeRun, now: datetime) -> None:
    """Raises OutOfTurn for a call of an examination whose time is over."""
    exam = db.get(PracticeExam, run.exam_id) if run.exam_id is not None else None
    if exam is not None and not is_open(exam, now):
        raise OutOfTurn(_("考试时间已到，请交卷。"), code="time_is_over")


def hand_in(db: Session, exam: PracticeExam, now: datetime) -> PracticeExam:
    """Every call that was not finished counts nothing; the mean decides, and nothing fatal may have happened."""
    all_calls = calls(db, exam)
    for one in all_calls:
        if one.ended_at is None:
            one.ended_at, one.points, one.passed, one.done = now, 0.0, False, None
    exam.points = round(sum(one.points or 0 for one in all_calls) / len(all_calls), 1)
    exam.passed = exam.points >= exam.rules["pass_mark"] and not any(fatal(one) for one in all_calls)
    exam.finished_at = now
    if exam.passed:
        exam.number = f"P{now.year}-{exam.id:05d}"
    db.flush()
    return exam


def hand_in_left(db: Session, now: datetime) -> int:
    """Those whose time is over and that nobody handed in: a bad one is not made good by closing the window."""
    left = select(PracticeExam).where(PracticeExam.finished_at.is_(None), PracticeExam.ends_at <= now)
    return len([hand_in(db, one, now) for one in db.scalars(left.with_for_update(skip_locked=True))])


def fatal(run: PracticeRun) -> bool:
    """Something happened in this call that fails it whatever the points."""
    return any(one["fatal"] and not one["ok"] for one in run.scores)


def by_number(db: Session, number: str) -> PracticeExam | None:
    """Whose certificate this is."""
    wanted = number.strip().upper()
    return db.scalar(select(PracticeExam).where(PracticeExam.number == wanted)) if wanted else None


def good_until(exam: PracticeExam) -> datetime:
    assert exam.finished_at is not None
    return exam.finished_at + timedelta(days=round(exam.rules["months"] * 30.44))


def listed(actor: Actor, *, person: int = 0, outcome: str = "") -> Any:
    """(examination): mine, or as a mentor everybody's, in no order yet. outcome: passed, failed or ""."""
    asked: list[ColumnElement[bool]] = []
    if not actor.is_(*rights.MENTORS):
        asked.append(PracticeExam.staff_id == actor.id)
    if person:
        asked.append(PracticeExam.staff_id == person)
    if outcome:
        asked.append(PracticeExam.passed.is_(outcome == "passed"))
    return select(PracticeExam).where(*asked)


def passed(db: Session, staff_id: int, code: str | None = None) -> PracticeExam | None:
    """The newest examination this person passed."""
    wanted = [PracticeExam.staff_id == staff_id, PracticeExam.passed.is_(True)]
    if code is not None:
        wanted.append(PracticeExam.code == code)
    return db.scalar(select(PracticeExam).where(*wanted).order_by(PracticeExam.id.desc()).limit(1))


def _may_sit(db: Session, actor: Actor, rules: Exam, now: datetime) -> None:
    if sentence := why_not(db, actor, rules, now):
        raise Refusal(sentence, code="not_now")


def _earlier(db: Session, actor: Actor, code: str, since: datetime) -> Sequence[PracticeExam]:
    """This person's, newest first."""
    wanted = (PracticeExam.staff_id == actor.id, PracticeExam.code == code, PracticeExam.started_at > since)
    return db.scalars(select(PracticeExam).where(*wanted).order_by(PracticeExam.id.desc())).all()


def _drawn(practice: PracticeRules, rules: Exam, lot: random.Random) -> list[Script]:
    found = [one for kind, n in rules.draw.items() for one in lot.sample(practice.of_kind(kind), n)]
    lot.shuffle(found)
    return found


def count(db: Session, query: Any) -> int:
    return db.scalar(select(func.count()).select_from(query.with_only_columns(PracticeExam.id).subquery())) or 0
