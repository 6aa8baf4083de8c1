"""A caller whom nobody answered hears from us once, unless somebody has spoken with them meanwhile."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import mark_missed_calls
from hotline.outbox.runner import drain
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call, Citizen, Message
from tests.support.life import Life
from webhooks.events import CallEnded, CallReceived

PHONE = "13800001234"


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    return Life(db, city, clock)


def ring(installation: Installation, name: str, phone: str = PHONE) -> Call:
    WebhookHandler(installation).call_received(
        CallReceived(
            provider="twilio",
            event_id=f"{name}:start",
            at=installation.clock.now(),
            call_id=name,
            from_phone=phone,
            to_phone="12345",
        )
    )
    with installation.readings() as db:
        return db.scalars(select(Call).where(Call.provider_id == name)).one()


def hang_up(installation: Installation, name: str) -> None:
    WebhookHandler(installation).call_ended(
        CallEnded(provider="twilio", event_id=f"{name}:end", at=installation.clock.now(), call_id=name, result="missed")
    )


def texts(installation: Installation) -> list[str]:
    with installation.readings() as db:
        return list(db.scalars(select(Message.text).where(Message.template_key == "missed_call")))


def test_after_two_minutes_the_caller_is_told_that_we_call_back(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ring(installation, "A")
    hang_up(installation, "A")
    drain(installation)
    assert texts(installation) == []
    clock.forward(minutes=2)
    drain(installation)
    assert (
        len(texts(installation)) == 1
        and "24小时内回电" in texts(installation)[0]
        and installation.city.hotline_number in texts(installation)[0]
    )


def test_who_gets_through_on_the_second_try_is_not_texted(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    ring(installation, "A")
    hang_up(installation, "A")
    clock.forward(minutes=1)
    again = ring(installation, "B")
    life.db.get_one(Call, again.id).answered_at = clock.now()
    life.db.commit()
    clock.forward(minutes=2)
    drain(installation)
    assert texts(installation) == []


def test_three_missed_calls_of_a_day_are_one_text_and_the_next_days_another(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    for n in range(3):
        ring(installation, f"A{n}")
        hang_up(installation, f"A{n}")
        clock.forward(minutes=5)
        drain(installation)
    assert len(texts(installation)) == 1
    clock.forward(hours=25)
    ring(installation, "B")
    hang_up(installation, "B")
    clock.forward(minutes=3)
    drain(installation)
    assert len(texts(installation)) == 2


def test_who_was_called_back_or_wants_no_texts_gets_none(
    installation: Installation, life: Life, clock: StoppedClock
) -> None:
    called = ring(installation, "A")
    hang_up(installation, "A")
    ring(installation, "B", phone="13800005678")
    hang_up(installation, "B")
    life.db.get_one(Call, called.id).called_back_at = clock.now()
    life.db.scalars(select(Citizen).where(Citizen.phone == "13800005678")).one().no_texts = True
    life.db.commit()
    clock.forward(minutes=3)
    drain(installation)
    assert texts(installation) == []


def test_a_call_whose_end_got_lost_is_missed_too(installation: Installation, life: Life, clock: StoppedClock) -> None:
    ring(installation, "A")
    clock.forward(minutes=29)
    mark_missed_calls(installation, clock.now())
    with installation.readings() as db:
        assert db.scalars(select(Call.state)).all() == ["ringing"]
    clock.forward(minutes=2)
    mark_missed_calls(installation, clock.now())
    clock.forward(minutes=3)
    drain(installation)
    assert len(texts(installation)) == 1


def test_a_hidden_number_is_missed_without_a_word(installation: Installation, life: Life, clock: StoppedClock) -> None:
    ring(installation, "A", phone="")
    hang_up(installation, "A")
    clock.forward(minutes=3)
    drain(installation)
    assert texts(installation) == []
