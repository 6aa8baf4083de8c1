"""Whoever leaves a unit signs for it no more, has none of its tickets in hand, and nobody signs in their name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed
from hotline.staff import deputies
from hotline.staff.leaving import let_go
from hotline.tickets import petitions
from hotline.tickets.display import timeline
from hotline.tickets.reply_rules.signers import signers_for
from hotline.tickets.roles import actor_of
from models import Petition, Staff, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN, ELSEWHERE, make_staff


def leave(life: Life, login: str, *, unit: str = ELSEWHERE, active: bool = True) -> Staff:
    gone = life.staff[login]
    gone.unit_code, gone.active = unit, active
    let_go(life.db, life.city, gone, life.now)
    life.people[login] = actor_of(gone, life.city, life.now)
    return gone


def in_hand(life: Life, login: str = "he") -> Ticket:
    ticket = life.to("handling")
    life.do(ticket, login, "take_on")
    return ticket


def story(life: Life, ticket: Ticket) -> list[TicketEvent]:
    life.db.flush()
    return list(life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id)))


def named_deputy(life: Life) -> Staff:
    deputy = life.staff["fu"] = make_staff(life.db, "fu", "fu", "handler", unit=CHENGGUAN)
    life.db.flush()
    deputies.name_deputy(life.db, life.city, life.people["hejt"], deputy.id, life.now.date(), life.now)
    return deputy


@pytest.mark.parametrize(("unit", "active"), [(ELSEWHERE, True), (CHENGGUAN, False)])
def test_what_lay_with_somebody_who_left_is_the_units_again_and_its_story_says_so(
    life: Life, unit: str, active: bool
) -> None:
    ticket = in_hand(life)
    leave(life, "he", unit=unit, active=active)
    assert (ticket.handler_id, ticket.unit_code, ticket.state) == (None, CHENGGUAN, "handling")
    told = timeline.tell(story(life, ticket), life.city)
    (last,) = (one for one in told if one.action == "colleague_left")
    assert last.title == "he已不在本单位，工单回到单位"


def test_a_change_of_name_takes_nothing_from_anybody(life: Life) -> None:
    ticket = in_hand(life)
    assert let_go(life.db, life.city, life.staff["he"], life.now) == 0
    assert ticket.handler_id == life.staff["he"].id
    assert story(life, ticket)[-1].action == "take_on"


def test_a_ticket_of_a_unit_below_stays_with_a_leader_above(life: Life) -> None:
    ticket = in_hand(life)
    above = life.city.units[CHENGGUAN].parent
    if above is None:
        ticket.desk_code = ticket.unit_code = life.below()
        above = CHENGGUAN
    leave(life, "he", unit=above)
    assert ticket.handler_id == life.staff["he"].id


def test_whoever_loses_the_units_work_keeps_none_of_it(life: Life) -> None:
    ticket, he = in_hand(life), life.staff["he"]
    he.roles = ["knowledge"]
    assert let_go(life.db, life.city, he, life.now) == 1
    assert ticket.handler_id is None


def test_a_reply_sent_to_be_signed_is_not_signed_in_the_name_of_somebody_who_left(life: Life) -> None:
    ticket = in_hand(life)
    ticket.urgency = "urgent"
    said = life.answers("reply", ticket)
    asked = petitions.ask(life.db, life.city, ticket, "sign_off", life.people["he"], life.now, said)
    leave(life, "he")
    life.db.refresh(asked)
    assert (asked.state, ticket.state) == ("withdrawn", "handling")
    colleague = make_staff(life.db, "xin", "xin", "handler", unit=CHENGGUAN)
    life.db.flush()
    again = petitions.ask(life.db, life.city, ticket, "sign_off", actor_of(colleague, life.city), life.now, said)
    petitions.decide(life.db, life.city, again.id, True, life.people["hejt"], life.now, None)
    assert ticket.state == "to_review"


def test_a_leader_who_left_is_no_signer_and_their_deputy_neither(life: Life) -> None:
    deputy = named_deputy(life)
    ticket = in_hand(life)
    ticket.urgency = "urgent"
    asked = petitions.ask(
        life.db, life.city, ticket, "sign_off", life.people["he"], life.now, life.answers("reply", ticket)
    )
    leave(life, "hejt")
    life.db.refresh(deputy)
    assert (deputy.signs_for, deputy.signs_until, deputy.signs_by_id) == (None, None, None)
    life.people["fu"] = actor_of(deputy, life.city, life.now)
    assert signers_for(life.db, life.city, ticket, life.staff["he"].id) == []
    for gone in ("hejt", "fu"):
        with pytest.raises(NotAllowed):
            petitions.decide(life.db, life.city, asked.id, True, life.people[gone], life.now, None)
    assert life.db.get_one(Petition, asked.id).state == "asked"


def test_a_deputy_who_moves_signs_for_the_old_unit_no_more(life: Life) -> None:
    deputy = named_deputy(life)
    deputy.unit_code = ELSEWHERE
    assert CHENGGUAN not in actor_of(deputy, life.city, life.now).signs, "from the very next request on"
    let_go(life.db, life.city, deputy, life.now)
    assert deputy.signs_for is None
    deputy.unit_code = CHENGGUAN
    assert not actor_of(deputy, life.city, life.now).signs, "nor does it come back by itself"


def test_another_leaders_deputy_stays(life: Life) -> None:
    second = life.staff["second"] = make_staff(life.db, "second", "second", "unit_leader", unit=CHENGGUAN)
    life.db.flush()
    deputy = named_deputy(life)
    leave(life, "second")
    life.db.refresh(deputy)
    assert second.unit_code == ELSEWHERE
    assert deputy.signs_for == CHENGGUAN


def test_a_mandate_that_is_over_counts_no_more_although_no_clock_has_rung(life: Life) -> None:
    deputy = named_deputy(life)
    assert actor_of(deputy, life.city, life.now).signs
    assert not actor_of(deputy, life.city, life.now + timedelta(days=2)).signs


def test_a_closed_ticket_that_comes_back_lies_with_nobody_who_left(life: Life) -> None:
    """Of what has ended the name stays; with the next round the unit begins anew."""
    ticket = in_hand(life)
    life.do(ticket, "he", "reply")
    for login, action in (("ren", "pass"), ("citizen", "record")):
        life.do(ticket, login, action)
    leave(life, "he")
    assert ticket.handler_id == life.staff["he"].id
    life.do(ticket, "du2", "redo")
    assert (ticket.state, ticket.handler_id) == ("to_sign", None)
