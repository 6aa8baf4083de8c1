"""Figures checked by hand on small histories, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.followup.answers import answer
from hotline.followup.ask import ask_citizens
from hotline.metrics import counting, demand
from hotline.metrics.counting import DEFINITIONS, rates, rates_by
from hotline.metrics.question import Question
from hotline.tickets import petitions
from hotline.tickets.act import lock
from models import Call, Survey, Ticket
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.refusals import refused

HOUR = timedelta(hours=1)


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def of_month(life: Life, **more: Any) -> Question:
    """From four weeks before the clock's now up to now."""
    life.db.flush()
    return Question(life.now - timedelta(days=28), life.now + timedelta(seconds=1), life.now, few=2, **more)


def rate(life: Life, key: str, **more: Any) -> tuple[float, int, int]:
    """(numerator, denominator, left out)."""
    found = rates(life.db, of_month(life, **more), [key])[key]
    return found.n, found.of, found.excluded


def call(
    life: Life,
    number: int,
    *,
    waited: float | None,
    back: timedelta | None = None,
    asked: bool = True,
    rating: int | None = None,
    ago: timedelta = timedelta(days=3),
    state: str = "",
) -> Call:
    began = life.now - ago
    made = Call(
        provider="test",
        provider_id=f"C{number}",
        from_phone="13800001234",
        to_phone="12345",
        asked_agent=asked,
        state=state or ("missed" if waited is None else "ended"),
        started_at=began,
        rating=rating,
        answered_at=None if waited is None else began + timedelta(seconds=waited),
        called_back_at=began + back if back else None,
    )
    life.db.add(made)
    return made


def test_calls_that_asked_for_an_agent_are_connected_quickly_or_called_back(life: Life) -> None:
    call(life, 1, waited=4, rating=5)
    call(life, 2, waited=15, rating=3)
    call(life, 3, waited=15.5, rating=2)
    call(life, 4, waited=None, back=HOUR)
    call(life, 5, waited=None, back=timedelta(hours=25))
    call(life, 6, waited=None, ago=timedelta(hours=2))
    call(life, 7, waited=None, asked=False)
    call(life, 8, waited=None, state="ringing", ago=timedelta(seconds=20))
    call(life, 9, waited=9, ago=timedelta(days=60))
    assert rate(life, "connection") == (3, 6, 1)
    assert rate(life, "answer_15s") == (2, 3, 0)
    assert rate(life, "missed_return") == (1, 2, 1)
    assert rate(life, "call_satisfied") == (2, 3, 0)


def test_a_direct_answer_is_a_share_of_what_was_taken_in_and_void_calls_are_not_taken_in(life: Life) -> None:
    life.do(life.ticket(), "an", "answer_directly")
    life.to("to_sign")
    life.to("void")
    assert rate(life, "direct_close") == (1, 2, 0)


def test_a_matter_dispatched_too_late_misses_its_window_and_a_running_one_is_not_yet_counted(life: Life) -> None:
    quick, slow = life.ticket(), life.ticket(phone="13800002222")
    life.do(quick, "du", "dispatch")
    life.clock.forward(hours=30)
    life.do(slow, "du", "dispatch")
    life.ticket(phone="13800003333")
    assert rate(life, "dispatch_24h") == (1, 2, 0)


def test_an_automatic_signature_is_not_a_signature_in_time(life: Life) -> None:
    by_hand, by_clock = life.to("to_sign"), life.to("to_sign")
    life.do(by_hand, "he", "sign")
    life.do(by_clock, "clock", "auto_sign")
    life.clock.forward(days=3)
    assert rate(life, "sign_24h") == (1, 2, 0)


def test_a_try_that_reached_nobody_is_no_first_contact(life: Life) -> None:
    """Contact counts from what was reached."""
    reached, not_reached = life.to("handling"), life.to("handling")
    life.do(reached, "he", "contact")
    life.do(not_reached, "he", "contact", reached="no")
    life.clock.forward(days=3)
    assert rate(life, "contact_24h") == (1, 2, 0)


def close(life: Life, ticket: Ticket, **answers: Any) -> Ticket:
    for login, action in (("he", "reply"), ("ren", "pass")):
        life.do(ticket, login, action)
    if answers.get("solved") == "partly":
        life.do(ticket, "citizen", "note_partly", **answers)
        life.do(ticket, "hui", "close_judged")
    else:
        life.do(ticket, "citizen", "record", **answers)
    return ticket


def test_on_time_close_honours_extensions_and_leaves_out_what_was_excluded(life: Life, db: Session, city: City) -> None:
    on_time, late, extended, excluded = (life.to("handling") for _ in range(4))
    close(life, on_time)
    asked = petitions.ask(
        db, city, lock(db, extended.id), "extension", life.people["he"], life.now, {"reason": "等配件到货"}
    )
    petitions.decide(db, city, asked.id, True, life.people["du2"], life.now, "同意")
    limit = next(d.due_at for d in _clocks(life, late) if d.clock == "reply")
    life.clock.at = limit + HOUR
    for ticket in (late, extended, excluded):
        close(life, ticket)
    lock(db, excluded.id).excluded = True
    assert rate(life, "on_time") == (2, 3, 1)
    failing = db.execute(counting.behind(of_month(life), "on_time", "miss")).all()
    assert [ticket.id for _, ticket in failing] == [late.id]


def _clocks(life: Life, ticket: Ticket) -> list[Any]:
    from hotline.tickets.deadlines import running

    return running(life.db, ticket.id)


def test_an_objection_that_was_upheld_spoils_the_accuracy_of_dispatching(life: Life) -> None:
    life.to("to_sign")
    wrong = life.to("in_objection")
    life.do(wrong, "du", "uphold")
    life.do(wrong, "du", "dispatch", unit="housing", helpers=[])
    life.to("in_objection")
    assert rate(life, "accuracy") == (2, 3, 1)
    by_unit = rates_by(life.db, of_month(life), "unit", ["accuracy"])
    assert {unit: (one["accuracy"].n, one["accuracy"].of) for unit, one in by_unit.items()} == {
        CHENGGUAN: (1, 2),
        "housing": (1, 1),
    }


def test_a_reply_sent_back_is_a_redo_and_is_solved_in_its_second_round(life: Life) -> None:
    close(life, life.to("handling"))
    twice = life.to("to_review")
    life.do(twice, "ren", "redo")
    life.do(twice, "he", "sign")
    close(life, twice)
    assert rate(life, "sent_back") == (1, 3, 0)
    assert rate(life, "redo") == (1, 2, 0)
    assert [rate(life, f"solved_{n}") for n in (1, 2, 3)] == [(1, 2, 0), (1, 2, 0), (0, 2, 0)]


def test_silence_is_never_satisfied_and_partly_solved_weighs_what_the_city_says(life: Life) -> None:
    close(life, life.to("handling"), solved="yes", result="5", attitude="2")
    close(life, life.to("handling"), solved="partly", result="3")
    angry, silent = life.to("to_follow_up"), life.to("to_follow_up")
    life.do(angry, "citizen", "note_dissatisfied")
    survey = Survey(
        ticket_id=silent.id,
        own_id=silent.id,
        citizen_id=silent.citizen_id,
        round=1,
        unit_code=CHENGGUAN,
        asked_at=life.now,
        scale={},
        attempts=0,
    )
    life.db.add(survey)
    life.db.flush()
    life.clock.forward(hours=80)
    life.do(silent, "clock", "no_answer")
    assert survey.outcome == "no_answer"
    assert rate(life, "solve", partly=0.5) == (1.5, 3, 0)
    assert rate(life, "satisfied") == (2, 3, 0)
    assert rate(life, "attitude") == (0, 1, 0)
    assert rate(life, "participation") == (3, 4, 0)
    assert rate(life, "valid_follow_up") == (3, 4, 0)
    assert rate(life, "solved_1") == (1, 3, 0), "the silent one is closed, and not solved by anybody's word"


def test_a_citizen_who_still_has_time_is_neither_an_answer_nor_a_silence(life: Life) -> None:
    ticket = life.to("to_follow_up")
    life.db.add(
        Survey(
            ticket_id=ticket.id,
            own_id=ticket.id,
            citizen_id=ticket.citizen_id,
            round=1,
            unit_code=ticket.unit_code,
            asked_at=life.now,
            scale={},
            attempts=0,
        )
    )
    assert rate(life, "participation") == (0, 0, 1)


def test_contact_is_false_when_the_unit_says_yes_and_the_citizen_says_no(life: Life) -> None:
    close(life, life.to("handling"), contacted="yes")
    close(life, life.to("handling"), contacted="no")
    close(life, life.to("handling"))
    assert rate(life, "false_contact") == (1, 2, 0)


def many(life: Life) -> None:
    """A bit of everything."""
    for state in ("to_dispatch", "to_sign", "in_objection", "handling", "to_review", "closed", "declined", "merged"):
        life.to(state)
    close(life, life.to("handling"), solved="partly", result="3", contacted="no")
    angry = life.to("to_follow_up")
    life.do(angry, "citizen", "note_dissatisfied", contacted="no")
    life.do(angry, "hui", "close_judged")
    lock(life.db, close(life, life.to("handling"), attitude="4").id).excluded = True
    sent_back = life.to("to_review")
    life.do(sent_back, "ren", "redo")
    call(life, 1, waited=3, rating=1)
    call(life, 2, waited=None)
    life.clock.forward(days=5)


def test_the_rows_behind_every_part_of_every_figure_are_as_many_as_the_figure_says(life: Life) -> None:
    many(life)
    asked = of_month(life)
    for key, found in rates(life.db, asked).items():
        parts = {"hit": found.parts["hit"], "miss": found.parts["miss"], "of": found.of, "out": found.excluded}
        for part, figure in parts.items():
            rows = counting.behind(asked, key, part).with_only_columns(DEFINITIONS[key].source.id).subquery()
            assert life.db.scalar(select(func.count()).select_from(rows)) == figure, (key, part)


def test_the_parts_of_a_dimension_add_up_to_the_whole(life: Life) -> None:
    many(life)
    asked = of_month(life)
    keys = [key for key, one in DEFINITIONS.items() if one.source.of_tickets]
    whole = rates(life.db, asked, keys)
    for dimension in ("unit", "category", "channel", "area", "hour"):
        split = rates_by(life.db, asked, dimension, keys)
        for key in keys:
            held = [one[key] for one in split.values()]
            assert (sum(r.n for r in held), sum(r.of for r in held), sum(r.excluded for r in held)) == (
                whole[key].n,
                whole[key].of,
                whole[key].excluded,
            ), (dimension, key)


def test_a_filter_asks_about_its_part_only_and_calls_have_no_part(life: Life) -> None:
    many(life)
    asked = of_month(life)
    assert rates(life.db, replace(asked, units=("education",)))["on_time"].of == 0
    assert rates(life.db, replace(asked, units=(CHENGGUAN,)))["on_time"].of == rates(life.db, asked)["on_time"].of
    assert "connection" not in rates(life.db, replace(asked, channel="hotline"))


def test_contacts_are_counted_by_the_hour_and_days_are_the_citys_own(life: Life, now: datetime) -> None:
    life.clock.at = now.replace(hour=15, minute=59)
    life.ticket()
    life.clock.forward(minutes=1)
    life.ticket(phone="13800002222")
    hours = demand.contacts_by_hour(life.db, of_month(life))
    assert hours == {"2026-03-04T15": 1, "2026-03-04T16": 1}
    days = demand.into_days(hours, "Asia/Shanghai")
    assert {day.isoformat(): n for day, n in days.items()} == {"2026-03-04": 1, "2026-03-05": 1}


def test_what_grows_is_compared_with_the_period_before(life: Life) -> None:
    for n in range(7):
        life.ticket(phone=f"1380000{n:04d}").category_code = "0201"
    life.clock.forward(days=1)
    asked = Question(life.now - timedelta(days=2), life.now, life.now)
    life.db.flush()
    (one,) = demand.growing(life.db, asked)
    assert (one.code, one.now, one.before) == ("0201", 7, 0)
    later = replace(asked, start=life.now, end=life.now + timedelta(days=2))
    assert demand.growing(life.db, later) == []


def test_a_unit_that_objects_or_loses_the_ticket_has_not_signed_it_in_time(life: Life) -> None:
    signed, objected, recalled = life.to("to_sign"), life.to("to_sign"), life.to("to_sign")
    for ticket, who, action in ((signed, "he", "sign"), (objected, "he", "object"), (recalled, "du", "recall")):
        life.do(ticket, who, action)
    life.clock.forward(days=3)
    assert rate(life, "sign_24h") == (1, 1, 2)


def test_a_question_that_a_redo_cut_off_is_neither_an_answer_nor_a_silence(life: Life) -> None:
    ticket = life.ticket(phone="13800001111")
    life.do(life.ticket(phone="13800002222", words="同一处路灯不亮。"), "du", "merge", master=ticket.number)
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, who, action)
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    life.do(ticket, "citizen", "note_dissatisfied")
    life.do(ticket, "hui", "redo")
    life.db.flush()
    assert rate(life, "participation") == (1, 1, 1)


def test_where_the_first_citizen_withdrew_the_others_say_whether_it_is_solved(life: Life) -> None:
    ticket = life.ticket(phone="13800001111")
    other = life.ticket(phone="13800002222", words="同一处路灯不亮。")
    life.do(other, "du", "merge", master=ticket.number)
    for who, action in (("du", "dispatch"), ("citizen", "leave"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, who, action)
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    answer(life.db, life.city, life.db.scalars(select(Survey)).one(), {"solved": "yes", "result": "5"}, life.now)
    assert ticket.state == "closed" and rate(life, "solved_1") == (1, 1, 0)


def test_a_call_that_does_not_say_whether_it_reached_anybody_is_no_contact(life: Life) -> None:
    with refused("invalid_form"):
        life.do(life.to("handling"), "he", "contact", reached="")
