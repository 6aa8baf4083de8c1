"""The coaching list is fed by the practice room too: who fails one kind of call again and again is talked to, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline.errors import NotAllowed, OutOfTurn, Refusal
from hotline.practice import coaching, runs
from hotline.practice.demo import bring_practice
from hotline.practice.scoring import Filed
from models import PracticeRun, Ticket
from tests.support.life import Life

LAMP = {"body": "路灯不亮", "privacy": "masked"}


def poor(life: Life, login: str, script: str = "lamp-dark") -> PracticeRun:
    run = runs.take(life.db, life.people[login], life.city.practice.scripts[script], life.now)
    runs.file(run, Filed(LAMP))
    runs.finish(life.db, life.city, run, "submit", "", life.now)
    assert run.passed is False
    return run


def test_who_fails_a_kind_again_and_again_is_on_the_list_until_somebody_talked_to_them(life: Life) -> None:
    an, lead = life.people["an"], life.people["du2"]
    kind = poor(life, "an").kind
    assert coaching.waiting(life.db, lead) == [], "one bad call is no reason"
    poor(life, "an"), poor(life, "an", "danger" if "danger" in life.city.practice.scripts else "gas-smell")
    (one,) = coaching.waiting(life.db, lead)
    assert (one.staff.id, one.kind, one.runs, one.failed) == (an.id, kind, 2, 2)
    assert coaching.waiting(life.db, an) == []
    with pytest.raises(Refusal) as refused:
        coaching.coach(life.db, lead, one.staff.id, kind, " ", life.now)
    assert set(refused.value.problems) == {"words"}
    coaching.coach(life.db, lead, one.staff.id, kind, "先问地点", life.now)
    assert coaching.waiting(life.db, lead) == []
    assert [(talk.kind, talk.words, talk.by) for talk in coaching.talks(life.db, one.staff.id)] == [
        (kind, "先问地点", "du2")
    ]
    with pytest.raises(OutOfTurn):
        coaching.coach(life.db, lead, one.staff.id, kind, "再谈", life.now)
    life.clock.forward(seconds=60)
    poor(life, "an"), poor(life, "an")
    assert [again.runs for again in coaching.waiting(life.db, lead)] == [2], "only what came after the talk counts"


def test_nobody_coaches_themself_and_agents_coach_nobody(life: Life) -> None:
    kind = poor(life, "an").kind
    poor(life, "an")
    for login in ("an", "chang"):
        with pytest.raises(NotAllowed):
            coaching.coach(life.db, life.people[login], life.people["an"].id or 0, kind, "谈过", life.now)


def test_the_demo_has_runs_that_get_better_a_talk_and_somebody_left_to_talk_to(life: Life) -> None:
    people = {"demo-agent": life.people["an"], "demo-lead": life.people["du"], "demo-quality": life.people["du2"]}
    tickets = life.db.scalar(select(func.count(Ticket.id)))
    bring_practice(life.db, life.city, people, life.now)
    rows = life.db.scalars(select(PracticeRun).where(PracticeRun.staff_id == people["demo-agent"].id)).all()
    first, last = min(one.made_at for one in rows), max(one.made_at for one in rows)
    share = {
        early: [
            one.passed for one in rows if (one.made_at < first + timedelta(days=1)) == early and one.passed is not None
        ]
        for early in (True, False)
    }
    assert last <= life.now and sum(share[True]) / len(share[True]) < sum(share[False]) / len(share[False])
    assert coaching.talks(life.db, people["demo-agent"].id or 0)
    assert {one.staff.id for one in coaching.waiting(life.db, people["demo-quality"])} >= {people["demo-lead"].id}
    assert life.db.scalar(select(func.count(Ticket.id))) == tickets
