"""Every broken rule is found once, by the history alone, and found again when everything is derived anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from hotline.monitoring.history import read_histories
from hotline.monitoring.violations import bring_up_to_date, rebuild
from hotline.tickets import petitions
from models import Deadline, Directive, Petition, Reply, Ticket, Violation
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.refusals import refused

LONG = {"days": 40}


def look(life: Life) -> list[Violation]:
    ids = life.db.scalars(select(Ticket.id)).all()
    return bring_up_to_date(life.db, life.city, read_histories(life.db, ids, life.now), life.now)


def broken(life: Life, ticket: Ticket) -> list[str]:
    """The rules that stand against this ticket now."""
    look(life)
    wanted = select(Violation.rule).where(Violation.ticket_id == ticket.id, Violation.lapsed_at.is_(None))
    return sorted(life.db.scalars(wanted))


def one_of(life: Life, rule: str) -> Violation:
    look(life)
    return life.db.scalars(select(Violation).where(Violation.rule == rule)).one()


def running(life: Life, ticket: Ticket, clock: str) -> Deadline:
    wanted = select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == clock)
    return life.db.scalars(wanted.order_by(Deadline.id.desc())).first() or pytest.fail(f"no clock {clock}")


def test_what_is_done_in_time_breaks_nothing(life: Life) -> None:
    ticket = life.to("closed")
    assert broken(life, ticket) == []


def test_a_clock_that_ran_out_is_found_while_it_runs_and_only_once(life: Life) -> None:
    ticket = life.to("to_sign")
    sign = running(life, ticket, "sign")
    life.clock.at = sign.due_at - timedelta(seconds=1)
    assert "signed_late" not in broken(life, ticket)
    life.clock.at = sign.due_at + timedelta(minutes=1)
    assert "signed_late" in broken(life, ticket)
    life.do(ticket, "he", "sign")
    look(life)
    found = one_of(life, "signed_late")
    assert (found.at, found.unit_code, found.staff_id) == (sign.due_at, CHENGGUAN, None), "nobody had it in hand yet"


def test_whoever_had_the_ticket_in_hand_answers_for_a_late_reply(life: Life) -> None:
    ticket = life.to("handling")
    life.clock.at = running(life, ticket, "reply").due_at + timedelta(minutes=1)
    assert {"reply_late", "contacted_late"} <= set(broken(life, ticket))
    assert one_of(life, "reply_late").staff_id == life.staff["he"].id


def test_the_centre_answers_for_its_own_clocks(life: Life) -> None:
    ticket = life.ticket()
    life.clock.at = running(life, ticket, "dispatch").due_at + timedelta(hours=1)
    life.do(ticket, "du", "dispatch")
    assert broken(life, ticket) == ["dispatched_late"]
    found = one_of(life, "dispatched_late")
    assert (found.unit_code, found.staff_id) == (life.city.centre, life.staff["du"].id)


def test_a_clock_that_stands_still_does_not_run_out(life: Life) -> None:
    ticket = life.to("waiting")
    due = running(life, ticket, "reply").due_at
    life.clock.at = due + timedelta(minutes=1)
    assert "reply_late" not in broken(life, ticket)


def test_more_time_that_is_granted_afterwards_lets_the_record_lapse(life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"})
    life.clock.at = running(life, ticket, "reply").due_at + timedelta(minutes=1)
    assert "reply_late" in broken(life, ticket)
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, None)
    assert "reply_late" not in broken(life, ticket)
    assert one_of(life, "reply_late").lapsed_at == life.now
    assert "extension_late" not in broken(life, ticket), "it was asked for in time"


def test_an_extension_asked_for_after_expiry_is_found(life: Life) -> None:
    ticket = life.to("handling")
    clock = running(life, ticket, "reply")
    clock.first_due_at = clock.due_at = life.now - timedelta(hours=2)
    with refused("no_clock_to_extend"):
        petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"})
    clock.due_at = life.now + timedelta(hours=1)
    petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等配件"})
    assert "extension_late" in broken(life, ticket)


def test_a_reply_sent_back_twice_is_one_breach_and_the_first_time_is_none(life: Life) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo")
    assert broken(life, ticket) == []
    for login, action in (("he", "sign"), ("he", "reply"), ("ren", "redo")):
        life.do(ticket, login, action)
    assert broken(life, ticket) == ["sent_back_twice"]


def test_what_was_taken_back_counts_for_nothing(life: Life) -> None:
    ticket = life.to("to_review")
    for login, action in (("ren", "redo"), ("he", "sign"), ("he", "reply"), ("ren", "redo"), ("ren", "undo_redo")):
        life.do(ticket, login, action)
    assert broken(life, ticket) == []


def test_an_objection_that_is_overruled_falls_on_who_objected(life: Life) -> None:
    ticket = life.to("in_objection")
    assert broken(life, ticket) == []
    life.do(ticket, "du", "overrule")
    assert broken(life, ticket) == ["objection_refused"]
    assert one_of(life, "objection_refused").staff_id == life.staff["he"].id


def test_an_objection_after_its_window_is_found(life: Life) -> None:
    ticket = life.to("in_objection")
    window = running(life, ticket, "objection")
    window.due_at = window.started_at - timedelta(minutes=1)
    assert broken(life, ticket) == ["objection_late"]


@pytest.mark.parametrize(("handler", "found"), [("工作人员", ["nobody_named"]), ("何师傅", [])])
def test_a_reply_that_names_nobody_is_found(life: Life, handler: str, found: list[str]) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "reply", handler=handler)
    assert life.db.scalars(select(Reply.handler)).one() == handler
    assert broken(life, ticket) == found


def test_a_closing_that_had_to_be_taken_up_again_is_found(life: Life) -> None:
    ticket = life.to("closed")
    life.do(ticket, "du2", "redo")
    assert broken(life, ticket) == ["closed_wrongly"]


def test_a_red_card_and_an_unanswered_order_are_grave(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "clock", "red_card")
    order = life.db.scalars(select(Directive)).one()
    assert broken(life, ticket) == ["red_card"]
    life.clock.at = order.due_at + timedelta(minutes=1)
    assert "order_unanswered" in broken(life, ticket)
    assert {life.city.monitoring.rules[name].severity for name in ("red_card", "order_unanswered")} == {"grave"}


def test_an_order_is_late_each_time_it_was_asked_for(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "du2", "supervise")
    order = life.db.scalars(select(Directive)).one()
    life.clock.at = order.due_at + timedelta(hours=1)
    life.do(ticket, "he", "answer_directive")
    life.do(ticket, "du2", "return_directive")
    life.clock.at = order.due_at + timedelta(hours=1)
    look(life)
    keys = life.db.scalars(select(Violation.key).where(Violation.rule == "order_unanswered")).all()
    assert sorted(keys) == [f"order_unanswered:x{order.id}r0", f"order_unanswered:x{order.id}r1"]


def test_nothing_before_the_citys_day_counts(life: Life) -> None:
    ticket = life.to("to_sign")
    life.clock.forward(**LONG)
    life.city = replace(life.city, monitoring=replace(life.city.monitoring, since=life.now.date() - timedelta(days=1)))
    assert broken(life, ticket) == []
    life.city = replace(life.city, monitoring=replace(life.city.monitoring, since=date(2026, 1, 1)))
    assert "signed_late" in broken(life, ticket)


def test_a_record_is_withdrawn_by_a_person_with_a_reason_once(life: Life) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "overrule")
    found = one_of(life, "objection_refused")
    life.do(ticket, "du2", "withdraw_violation", violation=found.id, reason="当时职责确实不清")
    assert (found.withdrawn_by_name, found.reason) == ("du2", "当时职责确实不清")
    with refused("no_such_violation"):
        life.do(ticket, "du2", "withdraw_violation", violation=found.id, reason="再撤一次")
    with refused("no_such_violation"):
        life.do(ticket, "du2", "withdraw_violation", violation=999999, reason="没有这条")


def test_everything_can_be_derived_again_from_history(life: Life) -> None:
    """A made-up month of life; the table emptied and made anew is the same, with who withdrew what."""
    late = life.to("handling")
    returned = life.to("to_review")
    for login, action in (("ren", "redo"), ("he", "sign"), ("he", "reply"), ("ren", "redo")):
        life.do(returned, login, action)
    refused_objection = life.to("in_objection")
    life.do(refused_objection, "du", "overrule")
    life.do(late, "clock", "red_card")
    life.clock.forward(**LONG)
    look(life)
    taken = one_of(life, "objection_refused")
    life.do(refused_objection, "du2", "withdraw_violation", violation=taken.id, reason="情有可原")
    life.clock.forward(hours=1)
    look(life)
    before = standing(life)
    assert len(before) >= 8 and sum(row[-2] is not None for row in before) == 1
    life.db.execute(delete(Violation))
    assert rebuild(life.db, life.city, life.now) == 3
    assert standing(life) == before
    assert rebuild(life.db, life.city, life.now) == 3 and standing(life) == before, "twice is once"
    assert life.db.scalars(select(Petition)).first() is not None


def standing(life: Life) -> list[tuple[object, ...]]:
    rows = life.db.scalars(select(Violation).where(Violation.lapsed_at.is_(None)).order_by(Violation.key))
    return [
        (one.key, one.rule, one.ticket_id, one.unit_code, one.staff_id, one.at, one.withdrawn_at, one.reason)
        for one in rows
    ]
