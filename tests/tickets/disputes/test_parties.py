"""A dispute is heard before it is ruled: each unit says its view in time, minutes are kept, and everybody reads the decision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import NotAllowed
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.privacy.visibility import may_see
from models import Message, Ticket
from tests.support.life import HELPER, Life
from tests.support.make import CHENGGUAN, ELSEWHERE
from tests.support.refusals import refused


@pytest.fixture
def disputed(life: Life) -> Ticket:
    """城管 and the unit of 常 are asked for their views; 协 is not."""
    ticket = life.to("in_dispute")
    life.do(ticket, "du", "ask_views")
    return ticket


def told(life: Life, installation: Installation, key: str) -> list[Message]:
    life.db.commit()
    drain(installation)
    return list(life.db.scalars(select(Message).where(Message.template_key == key).order_by(Message.unit_code)))


def test_only_who_was_asked_reads_the_dispute_and_says_a_view(life: Life, disputed: Ticket) -> None:
    """Found at the desks: U11."""
    assert may_see(life.db, life.people["chang"], disputed.id)
    assert not may_see(life.db, life.people["xie"], disputed.id)
    with pytest.raises(NotAllowed):
        life.do(disputed, "xie", "state_view")
    event = life.do(disputed, "chang", "state_view")
    assert event.actor_unit == ELSEWHERE and "尚未移交" in event.data["text"]


def test_who_is_only_heard_lifts_no_mask_and_reports_nothing(life: Life, disputed: Ticket) -> None:
    assert not may_reveal(life.people["chang"], disputed)
    with pytest.raises(NotAllowed):
        life.do(disputed, "chang", "note")


def test_the_asked_units_hear_of_it_and_whoever_rules_hears_their_view(
    life: Life, installation: Installation, disputed: Ticket
) -> None:
    assert {one.unit_code for one in told(life, installation, "views_asked")} == {CHENGGUAN, ELSEWHERE}
    life.do(disputed, "chang", "state_view")
    said = told(life, installation, "view_stated")
    assert {one.role for one in said} == {"dispatcher", "supervisor"}
    assert life.city.unit_name(ELSEWHERE) in (said[0].text or "")


def test_a_dispatcher_waits_a_working_day_for_silent_units_and_a_supervisor_need_not(
    life: Life, disputed: Ticket
) -> None:
    """Found at the desks: U11."""
    life.do(disputed, "chang", "state_view")
    with refused("units_are_unheard"):
        life.do(disputed, "du", "rule")
    life.do(disputed, "du2", "rule")
    other = life.to("in_dispute")
    life.do(other, "du", "ask_views")
    life.clock.forward(seconds=timedelta(days=5).total_seconds())
    life.do(other, "du", "rule")
    assert disputed.state == other.state == "to_sign"


def test_what_is_urgent_waits_for_nobody(life: Life, disputed: Ticket) -> None:
    life.do(disputed, "du", "correct", urgency="urgent")
    life.do(disputed, "du", "rule")
    assert disputed.state == "to_sign"


def test_the_same_unit_is_not_asked_twice_and_no_office_that_handles_nothing(life: Life, disputed: Ticket) -> None:
    with refused("nobody_new_to_hear"):
        life.do(disputed, "du", "ask_views", units=[ELSEWHERE])
    life.do(disputed, "du", "ask_views", units=[HELPER])
    assert may_see(life.db, life.people["xie"], disputed.id)


def test_the_decision_is_shown_to_every_party_and_what_was_heard_ends_with_the_signature(
    life: Life, installation: Installation, disputed: Ticket
) -> None:
    """Found at the desks: U11."""
    life.do(disputed, "du2", "keep_minutes")
    life.do(disputed, "du2", "rule", unit=CHENGGUAN, reason="照明设施归城管")
    (other,) = told(life, installation, "ruling_made")
    assert other.unit_code == ELSEWHERE
    assert life.city.unit_name(CHENGGUAN) in (other.text or "") and "照明设施归城管" in (other.text or "")
    assert may_see(life.db, life.people["chang"], disputed.id)
    life.do(disputed, "he", "sign")
    assert not may_see(life.db, life.people["chang"], disputed.id)


@pytest.mark.parametrize("end", ["decline", "answer_directly"])
def test_where_no_unit_is_ruled_the_heard_ones_leave_too(life: Life, disputed: Ticket, end: str) -> None:
    life.do(disputed, "du", end)
    assert not may_see(life.db, life.people["chang"], disputed.id)
