"""The life of a practised call: taken, talked, filed, scored. Only rows of the practice room are written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.practice.schema import ENDS, PracticeRules, Script
from hotline.city.schema import City
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.practice import rights, scripts, talking
from hotline.practice.scoring import Filed, Result, score
from hotline.tickets.roles import Actor
from models import PracticeExam, PracticeRun

LONGEST = 300
MOST_TURNS = 60


def drawn(rules: PracticeRules, kind: str, before: Sequence[str], lot: random.Random) -> Script:
    """One of this kind ("" for any) that this person had least often. before: the codes of their earlier runs. Raises Refusal."""
    found = rules.of_kind(kind)
    if not found:
        raise Refusal(_("练习室里没有这一类的脚本。"))
    fewest = min(before.count(one.code) for one in found)
    return lot.choice([one for one in found if before.count(one.code) == fewest])


def take(db: Session, actor: Actor, script: Script, now: datetime) -> PracticeRun:
    """The call of an invented caller is in my form."""
    run = _new(actor, script, now)
    begin(run, now)
    db.add(run)
    db.flush()
    return run


def waiting(actor: Actor, script: Script, exam: PracticeExam, place: int, now: datetime) -> PracticeRun:
    """A call of an examination, not taken yet."""
    run = _new(actor, script, now)
    run.exam_id, run.place = exam.id, place
    return run


def begin(run: PracticeRun, now: datetime) -> None:
    run.taken_at, run.said, run.filed = now, talking.opened(scripts.read(run.script)), []


def own(db: Session, actor: Actor, run_id: int, *, to_change: bool = False) -> PracticeRun:
    """My own run. Raises NotFound; to_change: OutOfTurn where it has ended or has not begun."""
    query = select(PracticeRun).where(PracticeRun.id == run_id, PracticeRun.staff_id == actor.id)
    run = db.scalar(query.with_for_update() if to_change else query)
    if run is None:
        raise NotFound(_("没有这次练习。"))
    if to_change and (run.taken_at is None or run.ended_at is not None):
        raise OutOfTurn(_("这通练习已经结束。"), code="run_has_ended")
    return run


def seen(db: Session, actor: Actor, run_id: int) -> PracticeRun:
    """My own run, or as a mentor anybody's that has ended. Raises NotFound."""
    run = db.get(PracticeRun, run_id)
    mine = run is not None and run.staff_id == actor.id
    if run is None or not (mine or (run.ended_at is not None and actor.is_(*rights.MENTORS))):
        raise NotFound(_("没有这次练习。"))
    return run


def open_of(db: Session, actor: Actor) -> PracticeRun | None:
    """The call this person began last and has not ended, outside of examinations."""
    wanted = (PracticeRun.staff_id == actor.id, PracticeRun.exam_id.is_(None), PracticeRun.ended_at.is_(None))
    return db.scalar(select(PracticeRun).where(*wanted).order_by(PracticeRun.id.desc()).limit(1))


def ask(run: PracticeRun, rules: PracticeRules, chosen: str, words: str) -> None:
    """A question by its key, or in my own words. Raises Refusal for nothing asked."""
    script, said = scripts.read(run.script), list(run.said)
    if len(said) > MOST_TURNS:
        raise Refusal(_("这通电话已经说了很久，请把事情记下来。"))
    if chosen in rules.questions:
        turn = talking.put(script, rules.questions[chosen], said)
    elif words.strip():
        turn = talking.typed(script, rules, words.strip()[:LONGEST], said)
    else:
        raise Refusal(_("请先写一句要说的话。"), field="say")
    run.said = [*said, *turn.written()]


def file(run: PracticeRun, form: Filed) -> None:
    """One form more of this call, kept beside the run. Raises Refusal for an empty one, or too many."""
    if not form.typed.get("body", "").strip():
        raise Refusal(_("请先写下来电人说了什么。"), field="body")
    if len(run.filed) >= 2:
        raise Refusal(_("一通电话最多记两件。"))
    run.filed = [*run.filed, form.written()]


def finish(db: Session, city: City, run: PracticeRun, done: str, to: str, now: datetime) -> Result | None:
    """The call ends and is scored; of an examination nothing is told before it is handed in. Raises Refusal for no such end."""
    if done not in ENDS or (done in ("submit", "answer") and not run.filed):
        raise Refusal(_("请先写下来电人说了什么。"), field="body")
    rules = city.practice
    result = score(
        scripts.read(run.script), done, to, run.said, [Filed(**one) for one in run.filed], rules.points, rules.pass_mark
    )
    run.ended_at, run.done = now, done
    run.points, run.passed = result.points, result.passed
    run.scores = [one.written() for one in result.scores]
    db.flush()
    return result if run.exam_id is None else None


def _new(actor: Actor, script: Script, now: datetime) -> PracticeRun:
    kept: dict[str, Any] = scripts.written(script)
    return PracticeRun(
        staff_id=actor.id,
        script_code=script.code,
        kind=script.kind,
        script=kept,
        made_at=now,
        said=[],
        filed=[],
        scores=[],
    )
