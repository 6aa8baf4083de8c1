"""What each person did: counted from the story, and nobody is charged with what was taken back or what another did."""

from __future__ import annotations

from datetime import timedelta

from hotline.metrics.people import DESKS, work
from hotline.metrics.question import Question
from models import Call, Staff
from tests.support.life import Life


def counts(life: Life, desk: str, name: str) -> dict[str, int]:
    life.db.flush()
    asked = Question(life.now - timedelta(days=30), life.now + timedelta(hours=1), life.now)
    return next(one.counts for one in work(life.db, asked, desk) if one.name == name)


def test_every_desk_counts_what_its_people_did(life: Life) -> None:
    for waited in (3, 20):
        life.db.add(
            Call(
                provider="t",
                provider_id=f"C{waited}",
                from_phone="13800001234",
                to_phone="12345",
                started_at=life.now,
                answered_at=life.now + timedelta(seconds=waited),
                agent_id=life.staff["an"].id,
                state="ended",
                rating=5 if waited == 3 else 1,
            )
        )
    life.do(life.ticket(), "an", "answer_directly")
    life.to("to_follow_up")
    life.to("in_objection")
    agents = counts(life, "agents", life.staff["an"].name)
    assert (agents["answered"], agents["quick"], agents["direct"], agents["rated"], agents["pleased"]) == (
        2,
        1,
        1,
        2,
        1,
    )
    assert agents["taken"] == 3
    assert counts(life, "dispatchers", life.staff["du"].name)["sent"] == 2
    assert counts(life, "reviewers", life.staff["ren"].name)["passed"] == 1
    handled = counts(life, "handlers", life.staff["he"].name)
    assert (handled["signed"], handled["replied"], handled["back"]) == (1, 1, 0)


def test_a_dispatch_that_was_objected_to_with_right_counts_as_wrong(life: Life) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "uphold")
    dispatcher = counts(life, "dispatchers", life.staff["du"].name)
    assert (dispatcher["sent"], dispatcher["wrong"], dispatcher["ruled"]) == (1, 1, 1)


def test_a_reply_sent_back_stands_with_whoever_wrote_it(life: Life) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo", reasons=["R01"], note="请写明结果。")
    assert counts(life, "handlers", life.staff["he"].name)["back"] == 1
    assert counts(life, "reviewers", life.staff["ren"].name)["back"] == 1


def test_every_column_can_be_asked_of_the_database(life: Life) -> None:
    asked = Question(life.now - timedelta(days=1), life.now, life.now)
    for desk in DESKS:
        mine = work(life.db, asked, desk, Staff.id == life.staff["an"].id)
        assert {one.staff_id for one in mine} <= {life.staff["an"].id}
