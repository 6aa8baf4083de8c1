"""From the draw to the last word: nothing twice, readers blind to each other, an appeal decided by a second person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.quality import appeals, coaching, listing, reading
from hotline.quality.drawing import candidates, draw
from hotline.tickets.roles import Actor
from hotline.web.core.sessions import actor_of
from models import Message, QualityScore, QualityTask, Ticket
from tests.support.cities.sheets import FATAL, GOOD, WEAK
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff


@pytest.fixture
def zhi(life: Life) -> Actor:
    return _reader(life, "zhi")


@pytest.fixture
def zhi2(life: Life) -> Actor:
    return _reader(life, "zhi2")


@pytest.fixture
def yesterday(life: Life) -> list[Ticket]:
    """Twelve tickets of yesterday, three of them risky."""
    some = [life.ticket(phone=f"138000020{n:02d}") for n in range(12)]
    for ticket in some[:3]:
        life.do(ticket, "citizen", "urge", text="怎么还没人来")
    life.db.flush()
    life.clock.at += timedelta(days=1)
    return some


def _reader(life: Life, login: str) -> Actor:
    return actor_of(make_staff(life.db, login, login, "quality", unit=HOTLINE), life.city)


def _plan(life: Life, code: str, **more: object):  # type: ignore[no-untyped-def]
    plan = life.city.quality.plan(code)
    assert plan is not None
    return replace(plan, **more)


def _drawn(life: Life, **more: object) -> QualityTask:
    draw(life.db, life.city, _plan(life, "daily", most=1, **more), life.now)
    return life.db.scalars(select(QualityTask).order_by(QualityTask.id.desc())).first()  # type: ignore[return-value]


def _told(life: Life, staff_id: int | None) -> list[str | None]:
    return list(life.db.scalars(select(Message.template_key).where(Message.staff_id == staff_id).order_by(Message.id)))


def test_what_is_drawn_is_never_drawn_again(life: Life, yesterday: list[Ticket]) -> None:
    plan = _plan(life, "daily", most=5)
    assert draw(life.db, life.city, plan, life.now) == 5
    assert draw(life.db, life.city, plan, life.now) == 0
    life.clock.at += timedelta(days=1)
    assert draw(life.db, life.city, plan, life.now) == 5
    life.clock.at += timedelta(days=1)
    assert draw(life.db, life.city, plan, life.now) == 2
    assert len({one.ticket_id for one in life.db.scalars(select(QualityTask))}) == 12


def test_today_is_left_alone_and_so_is_what_is_older_than_the_plan_looks(life: Life) -> None:
    life.ticket()
    plan = _plan(life, "daily", days=3)
    assert candidates(life.db, life.city, plan, life.now) == []
    life.clock.at += timedelta(days=1)
    assert len(candidates(life.db, life.city, plan, life.now)) == 1
    life.clock.at += timedelta(days=3)
    assert candidates(life.db, life.city, plan, life.now) == []


def test_risk_takes_those_with_signs_and_the_worst_first(life: Life, yesterday: list[Ticket]) -> None:
    assert draw(life.db, life.city, _plan(life, "risky", most=50), life.now) == 3
    assert {one.ticket_id for one in life.db.scalars(select(QualityTask))} == {one.id for one in yesterday[:3]}


def test_of_every_agent_as_many(life: Life, yesterday: list[Ticket]) -> None:
    other = make_staff(life.db, "an2", "an2", "agent", unit=HOTLINE)
    life.people["an"], first = actor_of(other, life.city), life.people["an"]
    life.clock.at -= timedelta(days=1)
    for n in range(5):
        life.ticket(phone=f"138000030{n:02d}")
    life.clock.at += timedelta(days=1)
    plan = _plan(life, "everybody", most=2)
    assert draw(life.db, life.city, plan, life.now) == 4
    assert draw(life.db, life.city, plan, life.now) == 0
    assert Counter(life.db.scalars(select(QualityTask.scored_id))) == {first.id: 2, other.id: 2}


def test_all_of_a_kind_means_all(life: Life, yesterday: list[Ticket]) -> None:
    kind = yesterday[0].request_type
    assert draw(life.db, life.city, _plan(life, "daily", draw="all", most=500, request_types=(kind,)), life.now) == 12


def test_dispatches_are_laid_to_whoever_dispatched_and_replies_to_the_unit(life: Life) -> None:
    ticket = life.to("to_review")
    life.clock.at += timedelta(days=1)
    draw(life.db, life.city, _plan(life, "dispatched"), life.now)
    draw(life.db, life.city, _plan(life, "replies"), life.now)
    of_dispatch, of_reply = life.db.scalars(select(QualityTask).order_by(QualityTask.id))
    assert (of_dispatch.scored_id, of_dispatch.unit_code) == (life.people["du"].id, None)
    assert (of_reply.scored_id, of_reply.unit_code) == (None, ticket.unit_code)


def test_one_reader_makes_the_result_and_the_agent_hears_of_it(life: Life, yesterday: list[Ticket], zhi: Actor) -> None:
    task = _drawn(life)
    reading.read(life.db, life.city, zhi, task.id, WEAK, "标题没写事", life.now)
    assert (task.state, task.points, task.fatal, task.coaching) == ("told", 58.8, False, True)
    assert _told(life, life.people["an"].id)[-1] == "quality_told"
    with pytest.raises(OutOfTurn):
        reading.read(life.db, life.city, zhi, task.id, GOOD, "", life.now)


def test_nobody_scores_the_own_work(life: Life, yesterday: list[Ticket]) -> None:
    task = _drawn(life)
    agent = life.staff["an"]
    agent.roles = ["agent", "quality"]
    with pytest.raises(NotAllowed):
        reading.read(life.db, life.city, actor_of(agent, life.city), task.id, GOOD, "", life.now)
    assert listing.counts(life.db, actor_of(agent, life.city), listing.Wish())["read"] == 0


def test_two_who_agree_make_the_mean(life: Life, yesterday: list[Ticket], zhi: Actor, zhi2: Actor) -> None:
    task = _drawn(life, readers=2)
    reading.read(life.db, life.city, zhi, task.id, GOOD, "", life.now)
    assert (task.state, task.points) == ("open", None)
    assert listing.counts(life.db, zhi, listing.Wish())["read"] == 0
    assert listing.counts(life.db, zhi2, listing.Wish())["read"] == 1
    reading.read(life.db, life.city, zhi2, task.id, {**GOOD, "title": "partly"}, "", life.now)
    assert (task.state, task.points) == ("told", 97.0)


def test_where_two_differ_a_third_decides(life: Life, yesterday: list[Ticket], zhi: Actor, zhi2: Actor) -> None:
    task = _drawn(life, readers=2)
    reading.read(life.db, life.city, zhi, task.id, GOOD, "", life.now)
    reading.read(life.db, life.city, zhi2, task.id, FATAL, "", life.now)
    assert task.state == "differs"
    assert _told(life, life.people["an"].id)[-1:] != ["quality_told"]
    for person in (zhi, zhi2):
        with pytest.raises(OutOfTurn):
            reading.read(life.db, life.city, person, task.id, GOOD, "", life.now)
    reading.read(life.db, life.city, life.people["du2"], task.id, WEAK, "", life.now)
    assert (task.state, task.points, task.fatal) == ("told", 58.8, False)
    assert [one.kind for one in life.db.scalars(select(QualityScore))] == ["reading", "reading", "settling"]


def test_an_appeal_is_decided_by_somebody_who_did_not_score_it(
    life: Life, yesterday: list[Ticket], zhi: Actor, zhi2: Actor
) -> None:
    task = _drawn(life)
    reading.read(life.db, life.city, zhi, task.id, WEAK, "", life.now)
    an = life.people["an"]
    with pytest.raises(Refusal):
        appeals.appeal(life.db, life.city, an, task.id, "  ", life.now)
    with pytest.raises(NotAllowed):
        appeals.appeal(life.db, life.city, life.people["班"], task.id, "不服", life.now)
    appeals.appeal(life.db, life.city, an, task.id, "标题里写了路灯", life.now)
    with pytest.raises(NotAllowed):
        appeals.decide(life.db, life.city, zhi, task.id, "stands", {}, "没有", life.now)
    appeals.decide(
        life.db, life.city, zhi2, task.id, "changed", {**WEAK, "title": "yes", "complete": "yes"}, "有", life.now
    )
    assert (task.decision, task.points, task.coaching) == ("changed", 88.2, False)
    assert _told(life, an.id)[-1] == "quality_decided"
    with pytest.raises(OutOfTurn):
        appeals.decide(life.db, life.city, life.people["tou"], task.id, "stands", {}, "又", life.now)
    with pytest.raises(OutOfTurn):
        appeals.appeal(life.db, life.city, an, task.id, "再来一次", life.now)


def test_an_appeal_comes_in_time_or_not_at_all(life: Life, yesterday: list[Ticket], zhi: Actor) -> None:
    task = _drawn(life)
    reading.read(life.db, life.city, zhi, task.id, WEAK, "", life.now)
    life.clock.at += timedelta(days=30)
    with pytest.raises(OutOfTurn):
        appeals.appeal(life.db, life.city, life.people["an"], task.id, "晚了", life.now)


def test_a_talk_is_held_once_and_never_with_oneself(life: Life, yesterday: list[Ticket], zhi: Actor) -> None:
    task = _drawn(life)
    reading.read(life.db, life.city, zhi, task.id, FATAL, "", life.now)
    assert listing.counts(life.db, life.people["班"], listing.Wish())["coaching"] == 1
    with pytest.raises(NotAllowed):
        coaching.coach(life.db, life.people["an"], task.id, "好", life.now)
    coaching.coach(life.db, life.people["班"], task.id, "照原话记", life.now)
    with pytest.raises(OutOfTurn):
        coaching.coach(life.db, life.people["班"], task.id, "再谈", life.now)
    assert listing.counts(life.db, life.people["班"], listing.Wish())["coaching"] == 0


def test_a_sealed_ticket_is_scored_by_those_who_may_read_it(life: Life, zhi: Actor) -> None:
    life.ticket(words="我要举报单位领导，请替我保密", privacy="sealed")
    life.clock.at += timedelta(days=1)
    task = _drawn(life)
    assert listing.counts(life.db, zhi, listing.Wish())["read"] == 0
    with pytest.raises(NotFound):
        reading.read(life.db, life.city, zhi, task.id, GOOD, "", life.now)
    reading.read(life.db, life.city, life.people["du2"], task.id, GOOD, "", life.now)
    assert listing.count(life.db, listing.mine(life.people["an"])) == 1
