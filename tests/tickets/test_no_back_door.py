"""Clocks and signatures without a back door (C4, C5, C6, C7, C9), merging and splitting in any open state (U9), a person for each ticket (U3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from hotline.errors import NotAllowed, Refusal
from hotline.messages import audiences
from hotline.messages.audiences import Case
from hotline.staff import deputies
from hotline.tickets import deadlines, petitions
from hotline.tickets.act import act, attempt
from hotline.tickets.display import timeline
from hotline.tickets.lifecycle import MOVES
from hotline.tickets.reply_rules import assisting, signing
from hotline.tickets.reply_rules.known_facts import known_facts
from hotline.tickets.roles import actor_of
from models import Deadline, Petition, Reply, Ticket, TicketEvent
from tests.support.life import HELPER, Life
from tests.support.make import CHENGGUAN, ELSEWHERE, make_staff


def code_of(life: Life, do: Callable[[], object]) -> str:
    """With which code it was refused; "" when it was done."""
    refusal = attempt(life.db, do)
    return refusal.code if refusal else ""


def send(life: Life, ticket: Ticket, login: str = "he") -> Petition:
    """The reply as its author wrote it, sent to be signed."""
    return petitions.ask(
        life.db, life.city, ticket, "sign_off", life.people[login], life.now, life.answers("reply", ticket)
    )


def say(life: Life, asked: Petition, login: str, yes: bool = True, words: str = "请补充日期") -> None:
    petitions.decide(life.db, life.city, asked.id, yes, life.people[login], life.now, None if yes else words)


def urgent(life: Life) -> Ticket:
    ticket = life.to("handling")
    ticket.urgency = "urgent"
    life.db.flush()
    return ticket


def redone(life: Life) -> Ticket:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo")
    life.do(ticket, "he", "sign")
    return ticket


def supervised(life: Life) -> Ticket:
    ticket = life.to("handling")
    ticket.supervised = True
    life.db.flush()
    return ticket


@pytest.mark.parametrize("make", [urgent, redone, supervised])
def test_a_typed_name_is_no_signature(make: object, life: Life) -> None:
    ticket = make(life)  # type: ignore[operator]
    answers = {**life.answers("reply", ticket), "signed_off_by": "王局长（未登录本系统）"}
    typed = code_of(life, lambda: act(life.db, life.city, ticket, "reply", life.people["he"], life.now, answers))
    assert typed == "not_signed_off" and ticket.state == "handling"


def test_the_leaders_own_account_signs_and_the_reviewer_sees_who_and_when(life: Life) -> None:
    ticket = urgent(life)
    asked = send(life, ticket)
    assert ticket.state == "handling", "the ticket does not move while it waits"
    with pytest.raises(NotAllowed):
        say(life, asked, "xie")
    say(life, asked, "hejt")
    reply = life.db.scalars(select(Reply).where(Reply.ticket_id == ticket.id)).one()
    assert ticket.state == "to_review" and reply.author_id == life.staff["he"].id
    assert (reply.signed_off_by, reply.signed_by_id, reply.signed_at) == ("hejt", life.staff["hejt"].id, life.now)


def test_a_refusal_needs_its_reason_and_the_reply_goes_back(life: Life) -> None:
    ticket = urgent(life)
    asked = send(life, ticket)
    with pytest.raises(Refusal):
        say(life, asked, "hejt", False, "")
    say(life, asked, "hejt", False)
    assert ticket.state == "handling"
    assert send(life, ticket).state == "asked", "it may be sent again"


def test_a_deputy_signs_while_the_leader_is_away_and_no_longer(life: Life) -> None:
    other = make_staff(life.db, "fu", "fu", "handler", unit=CHENGGUAN)
    life.db.flush()
    today = life.now.date()
    deputies.name_deputy(life.db, life.city, life.people["hejt"], other.id, today, life.now)
    life.people["fu"] = actor_of(other, life.city)
    ticket = urgent(life)
    say(life, send(life, ticket), "fu")
    assert life.db.scalars(select(Reply.signed_off_by).where(Reply.ticket_id == ticket.id)).one() == "fu"
    deputies.end_what_is_over(life.db, life.now + timedelta(days=2))
    life.db.refresh(other)
    assert actor_of(other, life.city).signs == frozenset()


def test_nobody_signs_what_they_wrote_while_anybody_else_can(deputised: Life) -> None:
    """The deputy of an absent leader sent a redo's reply straight to the reviewer, signed by the one who had written it."""
    life, ticket = deputised, redone(deputised)
    assert code_of(life, lambda: life.do(ticket, "fu", "reply")) == "not_signed_off"
    asked = send(life, ticket, "fu")
    with pytest.raises(NotAllowed) as refused:
        say(life, asked, "fu")
    assert "hejt" in refused.value.sentence, "it names who can"
    assert petitions.why_not(life.db, life.city, asked, ticket, life.people["fu"])
    say(life, asked, "hejt")
    assert life.db.scalars(written(ticket, Reply.signed_off_by)).all()[-1] == "hejt"


def test_words_handed_in_by_a_colleague_are_not_signed_by_whoever_wrote_them(deputised: Life) -> None:
    life, ticket = deputised, urgent(deputised)
    petitions.withdraw(life.db, life.city, send(life, ticket, "fu").id, life.people["fu"], life.now)
    asked = send(life, ticket, "he")
    with pytest.raises(NotAllowed):
        say(life, asked, "fu")
    say(life, asked, "hejt")


def test_a_leaders_own_reply_goes_to_the_deputy_or_one_unit_up(deputised: Life) -> None:
    life, ticket = deputised, urgent(deputised)
    assert code_of(life, lambda: act_as(life, ticket, "hejt")) == "not_signed_off"
    say(life, send(life, ticket, "hejt"), "fu")
    assert ticket.state == "to_review"


def test_the_only_leader_signs_alone_and_it_stands_on_record(life: Life) -> None:
    """Nobody else of the unit or above it has an account: the reply goes out, and reviewer and story say who signed what."""
    ticket = urgent(life)
    act_as(life, ticket, "hejt")
    reply = life.db.scalars(written(ticket, Reply)).one()
    assert (reply.author_id, reply.signed_by_id) == (life.staff["hejt"].id,) * 2
    facts = known_facts(life.db, life.city, ticket, reply)
    (code,) = (item.code for item in life.city.checklist if item.fact == "signature")
    assert (facts[code].tone, facts[code].answer) == ("warn", "")
    (told,) = (event for event in timeline.tell(events_of(life, ticket), life.city) if event.action == "reply")
    assert any("本人签发" in words for _label, words in told.facts)


def test_those_who_may_sign_are_told_and_not_who_wrote_it(deputised: Life) -> None:
    life, ticket = deputised, urgent(deputised)
    for login, told in (("fu", {(CHENGGUAN, "unit_leader")}), ("hejt", {life.staff["fu"].id})):
        asked = send(life, ticket, login)
        event = events_of(life, ticket)[-1]
        found = audiences.deciders(Case(life.db, life.city, ticket, event, life.now, ""))
        assert {one.staff_id or (one.unit, one.role) for one in found} == told
        petitions.withdraw(life.db, life.city, asked.id, life.people[login], life.now)
        life.db.execute(delete(Petition))


@pytest.fixture
def deputised(life: Life) -> Life:
    """A deputy signs for the leader of the unit."""
    other = life.staff["fu"] = make_staff(life.db, "fu", "fu", "handler", unit=CHENGGUAN)
    life.db.flush()
    deputies.name_deputy(life.db, life.city, life.people["hejt"], other.id, life.now.date(), life.now)
    life.people["fu"] = actor_of(other, life.city)
    return life


def written(ticket: Ticket, what: Any) -> Any:
    return select(what).where(Reply.ticket_id == ticket.id)


def events_of(life: Life, ticket: Ticket) -> list[TicketEvent]:
    life.db.flush()
    return list(life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)))


def act_as(life: Life, ticket: Ticket, login: str) -> object:
    """The reply, handed in by this very person."""
    answers = life.answers("reply", ticket)
    return act(life.db, life.city, ticket, "reply", life.people[login], life.now, answers)


def test_only_a_leader_names_a_deputy_and_only_of_the_own_unit(life: Life) -> None:
    with pytest.raises(NotAllowed):
        deputies.name_deputy(life.db, life.city, life.people["he"], life.staff["hejt"].id, life.now.date(), life.now)
    with pytest.raises(Refusal):
        deputies.name_deputy(life.db, life.city, life.people["hejt"], life.staff["xie"].id, life.now.date(), life.now)


def test_what_was_delegated_comes_back_to_the_lead_before_review(life: Life) -> None:
    ticket = life.to("handling")
    sub = make_staff(life.db, "sub", "sub", "handler", unit=life.below())
    life.db.flush()
    life.people["sub"] = actor_of(sub, life.city)
    life.do(ticket, "he", "delegate")
    assert code_of(life, lambda: life.do(ticket, "sub", "reply")) == "not_signed_off"
    asked = send(life, ticket, "sub")
    say(life, asked, "he")
    reply = life.db.scalars(select(Reply).where(Reply.ticket_id == ticket.id)).one()
    assert ticket.state == "to_review" and reply.author_id == sub.id and reply.signed_at is None


def test_the_lead_says_what_came_of_a_silent_assisting_unit(life: Life) -> None:
    ticket = life.to("handling")
    assert code_of(life, lambda: life.do(ticket, "he", "reply", helpers_note="")) == "helpers_are_unheard"
    life.do(ticket, "xie", "sign_help")
    life.do(ticket, "xie", "report")
    life.do(ticket, "he", "reply", helpers_note="")
    life.do(ticket, "ren", "pass")
    assert [held.end_reason for held in ticket.assignments if held.part == "helper"] == ["done"]


def test_an_assisting_unit_has_half_of_the_leads_time_and_is_late_after_it(life: Life) -> None:
    ticket = life.to("handling")
    (held,) = assisting.helpers_of(ticket)
    due = assisting.due_of(held, deadlines.running(life.db, ticket.id))
    reply = life.db.scalars(select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == "reply")).one()
    assert due is not None and held.started_at < due < reply.due_at
    life.db.flush()
    assert assisting.late_helpers(life.db, due - timedelta(seconds=1)) == []
    assert assisting.late_helpers(life.db, due) == [held]


@pytest.mark.parametrize(
    ("units", "code"), [([ELSEWHERE], ""), ([HELPER], "no_new_helper"), ([CHENGGUAN], "no_new_helper")]
)
def test_a_lead_may_call_one_in_later(units: list[str], code: str, life: Life) -> None:
    ticket = life.to("handling")
    assert code_of(life, lambda: life.do(ticket, "he", "call_in", helpers=units)) == code
    assert (ELSEWHERE in {one.unit_code for one in assisting.helpers_of(ticket)}) is (code == "")


def test_a_unit_asks_the_citizen_and_its_clock_stands_still_on_record(life: Life) -> None:
    ticket = life.to("handling")
    before = _due(life, ticket)
    life.do(ticket, "he", "ask_more")
    assert ticket.asking_more and ticket.state == "handling"
    life.clock.forward(hours=24)
    life.do(ticket, "citizen", "add")
    assert not ticket.asking_more and _due(life, ticket) > before


def test_silence_ends_the_pause_and_two_questions_a_round_are_enough(life: Life) -> None:
    ticket = life.to("handling")
    for _time in range(2):
        life.do(ticket, "he", "ask_more")
        life.clock.forward(hours=73)
        life.do(ticket, "clock", "no_words")
        assert not ticket.asking_more
    assert code_of(life, lambda: life.do(ticket, "he", "ask_more")) == "unit_asked_enough"


@pytest.mark.parametrize("login", ["an", "du", "he", "hui", "du2"])
def test_staff_write_to_the_citizen_without_anybodys_data(login: str, life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, login, "write")
    leaks = code_of(life, lambda: life.do(ticket, login, "write", answer="请打李师傅手机 13900001111"))
    assert leaks == "leaks_personal_data"


@pytest.mark.parametrize(("asked", "given", "days"), [("2", None, "2"), ("3", 1, "1"), ("1", 3, "1")])
def test_an_extension_says_how_long_and_the_decider_may_give_less(
    asked: str, given: int | None, days: str, life: Life
) -> None:
    ticket = life.to("handling")
    petition = petitions.ask(
        life.db, life.city, ticket, "extension", life.people["he"], life.now, {"days": asked, "reason": "备件在途"}
    )
    before = _due(life, ticket)
    petitions.decide(life.db, life.city, petition.id, True, life.people["du"], life.now, None, given)
    assert petition.data["days"] == days
    assert _due(life, ticket) == deadlines.due(life.city.calendar, before, deadlines.Span(int(days), "wd"))


@pytest.mark.parametrize("days", ["0", "4", "30"])
def test_no_extension_is_longer_than_the_city_allows(days: str, life: Life) -> None:
    ticket = life.to("handling")
    with pytest.raises(Refusal) as no:
        petitions.ask(
            life.db, life.city, ticket, "extension", life.people["he"], life.now, {"days": days, "reason": "备件在途"}
        )
    assert no.value.code == "longer_than_allowed"


@pytest.mark.parametrize("state", ["to_sign", "handling", "waiting", "in_dispute", "in_objection"])
def test_tickets_merge_in_every_open_state_and_the_unit_leaves(state: str, life: Life) -> None:
    ticket, master = life.to(state), life.ticket(phone="13800009999", words="同一处路灯不亮，请修。")
    life.do(ticket, "du", "merge", master=master.number)
    assert ticket.state == "merged" and ticket.merged_into_id == master.id
    assert deadlines.running(life.db, ticket.id) == []
    assert all(held.ended_at is not None for held in ticket.assignments)


@pytest.mark.parametrize("state", ["to_sign", "handling", "waiting", "to_review"])
def test_a_second_matter_is_split_off_in_every_open_state(state: str, life: Life) -> None:
    ticket = life.to(state)
    event = life.do(ticket, "du", "split")
    assert life.db.get_one(Ticket, event.data["part_id"]).split_from_id == ticket.id and ticket.state == state


def test_a_unit_asks_for_a_split_and_a_dispatcher_decides(life: Life) -> None:
    ticket = life.to("handling")
    said = {"title": "垃圾没有清运", "body": "另反映小区门口垃圾没有清运。", "reason": "不归本单位"}
    asked = petitions.ask(life.db, life.city, ticket, "split", life.people["he"], life.now, said)
    petitions.decide(life.db, life.city, asked.id, True, life.people["du"], life.now, None)
    part = life.db.scalars(select(Ticket).where(Ticket.split_from_id == ticket.id)).one()
    assert part.title == "垃圾没有清运"


@pytest.mark.parametrize("state", ["to_dispatch", "to_sign", "handling"])
def test_a_merge_is_taken_back_within_seconds_as_it_was(state: str, life: Life) -> None:
    ticket, master = life.to(state), life.ticket(phone="13800009999", words="同一处路灯不亮，请修。")
    clocks = {one.clock for one in deadlines.running(life.db, ticket.id)}
    life.do(ticket, "du", "merge", master=master.number)
    undo = {"to_dispatch": "undo_merge", "to_sign": "undo_merge_to_sign", "handling": "undo_merge_handling"}[state]
    life.do(ticket, "du", undo)
    assert ticket.state == state and ticket.merged_into_id is None
    assert {one.clock for one in deadlines.running(life.db, ticket.id)} == clocks


def test_a_ticket_in_a_unit_has_a_person_taken_or_given(life: Life) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "take_on")
    assert ticket.handler_id == life.staff["he"].id
    life.do(ticket, "he", "hand_to")
    assert ticket.handler_id == life.staff["hejt"].id
    stranger = str(life.staff["xie"].id)
    assert code_of(life, lambda: life.do(ticket, "he", "hand_to", staff=stranger)) == "not_a_colleague"
    life.do(ticket, "du", "recall")
    assert ticket.handler_id is None, "the next unit's people begin anew"


def _due(life: Life, ticket: Ticket) -> object:
    life.db.flush()
    return life.db.scalars(
        select(Deadline.due_at).where(Deadline.ticket_id == ticket.id, Deadline.clock == "reply")
    ).one()


def test_what_stands_in_the_way_of_a_reply_is_said_before_it_goes_to_the_signer() -> None:
    """The signer met the silent helpers that only the author could explain, and could do nothing but send the reply back."""
    asked = set(petitions.PETITIONS["sign_off"].unless)
    for move in MOVES:
        if move.action == "reply":
            assert set(move.unless) - {signing.not_signed_off} <= asked
