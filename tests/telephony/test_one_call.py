"""One person, one call, whichever way the second comes; and what was hung up neither comes back nor rings."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.telephony import calls, hang_up, outbound
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call, Staff
from tests.support.doubles.fakes import MemoryCalls
from tests.support.doubles.ringing import ring, sit
from tests.support.life import Life
from tests.support.together import at_once
from webhooks.events import CallAnswered, CallEnded, DialEnded, WaitInLine


@pytest.fixture
def an(life: Life) -> Staff:
    return sit(life, "an", phone=True)


def of(installation: Installation, sid: str) -> Call:
    with installation.readings() as db:
        return db.scalars(select(Call).where(Call.provider_id == sid)).one()


def answer(installation: Installation, sid: str, login: str = "an") -> str:
    with installation.sessions() as db:
        staff = db.scalars(select(Staff).where(Staff.login == login)).one()
        call = db.scalars(select(Call).where(Call.provider_id == sid)).one()
        said = calls.answer(db, call.id, staff, installation.clock.now()).state
        db.commit()
    return said


def hang_up_now(installation: Installation, sid: str) -> None:
    with installation.sessions() as db:
        call = db.scalars(select(Call).where(Call.provider_id == sid)).one()
        hang_up.hang_up(db, installation.city, call, installation.clock.now())
        db.commit()


def picked_up(installation: Installation, sid: str, login: str = "an") -> None:
    at = installation.clock.now()
    event = CallAnswered(provider="twilio", event_id=f"{sid}:up", at=at, call_id=sid, agent=login, leg_id=f"{sid}-leg")
    WebhookHandler(installation).call_answered(event)


def test_two_calls_answered_at_the_same_moment_are_one_call_and_a_sentence(
    installation: Installation, life: Life, an: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked, looks = threading.Barrier(2), calls.talking

    def look_together(*args: object) -> Call | None:
        found = looks(*args)  # type: ignore[arg-type]
        with suppress(threading.BrokenBarrierError):
            both_looked.wait(1)
        return found

    monkeypatch.setattr(calls, "talking", look_together)
    ring(installation, "CA1")
    ring(installation, "CA2", "13800005678")
    said = at_once(lambda: answer(installation, "CA1"), lambda: answer(installation, "CA2"))
    assert sorted(said) == ["Refusal", "answered"]
    assert sorted(of(installation, sid).state for sid in ("CA1", "CA2")) == ["answered", "ringing"]


def test_her_own_telephone_stops_ringing_for_another_call_when_she_answers_one_on_a_page(
    installation: Installation, life: Life, an: Staff, line: MemoryCalls
) -> None:
    ring(installation, "CA1")
    ring(installation, "CA2", "13800005678")
    with installation.sessions() as db:
        other = db.scalars(select(Call).where(Call.provider_id == "CA2")).one()
        other.dialled_id, other.dialled_so_far = an.id, str(an.id)
        db.commit()
    answer(installation, "CA1")
    drain(installation)
    assert [leg for leg, then in line.told if isinstance(then, WaitInLine)] == ["CA2"]
    now = installation.clock.now()
    late = DialEnded(provider="twilio", event_id="d2", at=now, call_id="CA2", result="missed")
    assert isinstance(WebhookHandler(installation).dial_ended(late).then, WaitInLine), "the caller is not sent away"
    assert of(installation, "CA2").dialled_id is None


def test_a_telephone_picked_up_during_another_call_puts_its_caller_back_in_line(
    installation: Installation, life: Life, an: Staff, line: MemoryCalls
) -> None:
    ring(installation, "CA1")
    answer(installation, "CA1")
    ring(installation, "CA2", "13800005678")
    picked_up(installation, "CA2")
    drain(installation)
    second = of(installation, "CA2")
    assert (second.state, second.agent_id) == ("ringing", None)
    assert ("CA2", "WaitInLine") in [(leg, type(then).__name__) for leg, then in line.told]


def test_whoever_dials_out_has_no_telephone_ringing_for_a_call(
    installation: Installation, life: Life, an: Staff, line: MemoryCalls
) -> None:
    ring(installation, "CA1")
    ring(installation, "CA2", "13800005678")
    with installation.sessions() as db:
        missed, rings = db.scalars(select(Call).order_by(Call.provider_id))
        missed.state, rings.dialled_id = "missed", an.id
        outbound.return_missed(db, missed.id, db.get_one(Staff, an.id), installation.clock.now())
        db.commit()
    assert of(installation, "CA2").dialled_id is None
    with installation.sessions() as db, pytest.raises(Refusal, match="先挂断"):
        calls.answer(db, of(installation, "CA2").id, db.get_one(Staff, an.id), installation.clock.now())


def test_a_call_hung_up_at_the_desk_is_over_at_once_and_late_news_changes_nothing(
    installation: Installation, life: Life, an: Staff, line: MemoryCalls, clock: StoppedClock
) -> None:
    ring(installation)
    answer(installation, "CA1")
    hang_up_now(installation, "CA1")
    over = of(installation, "CA1")
    assert (over.state, over.ended_at) == ("ended", installation.clock.now())
    clock.forward(minutes=3)
    picked_up(installation, "CA1")
    handler, at = WebhookHandler(installation), installation.clock.now()
    handler.dial_ended(DialEnded(provider="twilio", event_id="d", at=at, call_id="CA1", result="missed"))
    handler.call_ended(
        CallEnded(provider="twilio", event_id="e", at=at, call_id="CA1", result="completed", seconds=200)
    )
    drain(installation)
    later = of(installation, "CA1")
    assert (later.state, later.ended_at, later.answered_at) == (over.state, over.ended_at, over.answered_at)
    assert not [then for _leg, then in line.told if type(then).__name__ in ("DialAgent", "WaitInLine")], "nothing rings"


def test_news_of_an_answer_after_the_end_makes_no_running_call(
    installation: Installation, life: Life, an: Staff, clock: StoppedClock
) -> None:
    ring(installation)
    handler, at = WebhookHandler(installation), installation.clock.now()
    handler.call_ended(CallEnded(provider="twilio", event_id="e", at=at, call_id="CA1", result="completed", seconds=9))
    clock.forward(seconds=2)
    picked_up(installation, "CA1")
    call = of(installation, "CA1")
    assert (call.state, call.answered_at, call.agent_id) == ("ended", at, an.id)


def test_a_call_back_hung_up_before_it_was_dialled_rings_nobody(
    installation: Installation, life: Life, an: Staff, line: MemoryCalls
) -> None:
    ring(installation)
    with installation.sessions() as db:
        missed = db.scalars(select(Call)).one()
        missed.state = "missed"
        out = outbound.return_missed(db, missed.id, db.get_one(Staff, an.id), installation.clock.now())
        hang_up.hang_up(db, installation.city, out, installation.clock.now())
        db.commit()
    drain(installation)
    assert line.rung == []


def test_a_call_back_hung_up_while_it_is_being_dialled_ends_as_soon_as_it_has_a_name(
    installation: Installation, life: Life, an: Staff, line: MemoryCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring(installation)
    with installation.sessions() as db:
        missed = db.scalars(select(Call)).one()
        missed.state = "missed"
        out = outbound.return_missed(db, missed.id, db.get_one(Staff, an.id), installation.clock.now()).provider_id
        db.commit()
    dials = line.call_back

    def hung_up_meanwhile(*order: object) -> str:
        hang_up_now(installation, out)
        return dials(*order)  # type: ignore[arg-type]

    monkeypatch.setattr(line, "call_back", hung_up_meanwhile)
    drain(installation)
    drain(installation)
    assert "CA-own" in line.ended
