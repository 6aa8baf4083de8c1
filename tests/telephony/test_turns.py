"""A waiting call rings for one agent after the other, a quiet night signs nobody out, and the board tells the truth (L1, L9)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import watch_duty
from hotline.outbox.runner import drain
from hotline.telephony import turns
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call, Message
from tests.support.doubles.fakes import MemoryCalls
from tests.support.doubles.ringing import PHONE, ring, sit
from tests.support.life import Life
from webhooks.events import AskKey, CallReceived, DialAgent, DialEnded, KeyPressed, LeaveLine, WaitAsked, WaitInLine


def rung(life: Life) -> list[list[str]]:
    return [[each.staff.login for each in one.people] for one in turns.deal(life.db, life.city, life.now)]


def test_the_longest_idle_is_rung_alone_and_two_rings_later_the_next(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    """Found at the desks: L9."""
    an, ban = sit(life, "an"), sit(life, "班")
    an.last_login_at, ban.last_login_at = life.now - timedelta(hours=1), life.now - timedelta(hours=3)
    life.db.commit()
    ring(installation)
    assert rung(life) == [["班"]], "longest without a call"
    clock.forward(seconds=10)
    assert rung(life) == [["班", "an"]]


def test_two_waiting_calls_ring_for_two_people(installation: Installation, life: Life) -> None:
    sit(life, "an")
    sit(life, "班")
    ring(installation, "CA1")
    ring(installation, "CA2", "13800005678")
    first, second = rung(life)
    assert sorted(first + second) == ["an", "班"]


def test_nobody_who_talks_is_rung(installation: Installation, life: Life) -> None:
    an = sit(life, "an")
    sit(life, "班")
    life.db.add(
        Call(
            provider="t",
            provider_id="CA0",
            from_phone="",
            to_phone="12345",
            state="answered",
            agent_id=an.id,
            started_at=life.now,
            answered_at=life.now,
        )
    )
    life.db.commit()
    ring(installation)
    assert rung(life) == [["班"]]


def test_a_waiting_caller_hears_their_place_and_may_ask_to_be_called_back(
    installation: Installation, life: Life
) -> None:
    ring(installation, "CA1")
    ring(installation, "CA2", "13800005678")
    handler = WebhookHandler(installation)
    at = installation.clock.now()
    heard = handler.wait_asked(WaitAsked(provider="twilio", event_id="CA2:wait:0", at=at, call_id="CA2"))
    assert "前面还有 1 位" in heard.say[0] and isinstance(heard.then, AskKey) and heard.then.purpose == "menu"
    still = KeyPressed(provider="twilio", event_id="k1", at=at, call_id="CA2", purpose="menu", digits="", attempt=1)
    assert isinstance(handler.key_pressed(still).then, AskKey)
    back = KeyPressed(provider="twilio", event_id="k2", at=at, call_id="CA2", purpose="menu", digits="1", attempt=2)
    assert isinstance(handler.key_pressed(back).then, LeaveLine)
    with installation.readings() as db:
        assert [one.state for one in db.scalars(select(Call).order_by(Call.id))] == ["ringing", "missed"]


def test_the_greeting_promises_no_recording(installation: Installation, life: Life) -> None:
    event = CallReceived(
        provider="twilio", event_id="CA1", at=life.now, call_id="CA1", from_phone="13800001234", to_phone="12345"
    )
    assert "录音" not in "".join(WebhookHandler(installation).call_received(event).say)


def test_a_telephone_in_the_pocket_is_dialled_and_the_caller_waits_again_when_nobody_takes_it(
    installation: Installation, life: Life, line: MemoryCalls, clock: StoppedClock
) -> None:
    staff = sit(life, "an", desk=False, phone=True)
    ring(installation)
    drain(installation)
    assert line.told == [("CA1", DialAgent("an", "+86" + PHONE, via="number"))]
    with installation.readings() as db:
        assert db.scalars(select(Call)).one().dialled_id == staff.id
    ended = DialEnded(provider="twilio", event_id="d1", at=installation.clock.now(), call_id="CA1", result="missed")
    assert isinstance(WebhookHandler(installation).dial_ended(ended).then, WaitInLine)
    with installation.readings() as db:
        call = db.scalars(select(Call)).one()
        assert (call.state, call.dialled_id) == ("ringing", None)
    clock.forward(seconds=11)
    drain(installation)
    assert len(line.told) == 1, "each telephone is dialled once for a call"


def test_nobody_on_duty_is_said_aloud_once(installation: Installation, life: Life, clock: StoppedClock) -> None:
    ring(installation)
    drain(installation)
    clock.forward(seconds=11)
    drain(installation)
    with installation.readings() as db:
        told = db.scalars(select(Message.role).where(Message.template_key == "nobody_on_duty")).all()
    assert sorted(told) == ["lead_agent", "supervisor"]


@pytest.mark.parametrize("idle", [33, 120, 400])
def test_whoever_gives_no_sign_is_rung_after_those_who_do(installation: Installation, life: Life, idle: int) -> None:
    sit(life, "an", idle=idle)
    sit(life, "班")
    ring(installation)
    assert rung(life) == [["班"]]


def test_whoever_has_closed_every_page_is_off_duty_and_the_roster_hears_of_it(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    sit(life, "an")
    clock.forward(minutes=3)
    watch_duty(installation, installation.clock.now())
    life.db.expire_all()
    assert not life.staff["an"].on_duty
    told = life.db.scalars(select(Message.text).where(Message.template_key == "off_duty_gone")).all()
    assert len(told) == 2 and all("还有0人" in one for one in told)


def test_whoever_can_be_phoned_stays_on_duty_without_a_page(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    sit(life, "an", phone=True)
    clock.forward(minutes=60)
    watch_duty(installation, installation.clock.now())
    life.db.expire_all()
    assert life.staff["an"].on_duty
    life.db.commit()
    ring(installation)
    assert rung(life) == [["an"]]
