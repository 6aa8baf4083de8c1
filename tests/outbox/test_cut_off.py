"""A text whose sending was cut off is asked for soon, and nobody sends it meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs import schedule
from hotline.messages import deliver
from hotline.outbox.runner import drain
from models import Message
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life
from webhooks.sender import CannotBeAsked, Sent


def test_a_text_whose_worker_was_killed_is_settled_within_half_a_minute(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock
) -> None:
    """Everything was done only 63 s after the last kill: a cut-off text waited a whole minute before anybody asked."""
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    sender.sent.clear()
    with installation.sessions() as db:
        message = db.scalars(select(Message).where(Message.channel == "sms")).one()
        message.state, message.claimed_at, message.provider_id = "sending", clock.now(), None
        db.commit()
    clock.forward(seconds=27)
    schedule.settle_messages(installation, clock.now())
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1


@pytest.mark.parametrize("asked", [True, False], ids=["can be asked", "cannot be asked"])
def test_a_claim_that_the_database_noted_late_is_put_back_and_sent_once(
    installation: Installation,
    life: Life,
    sender: MemorySender,
    clock: StoppedClock,
    monkeypatch: pytest.MonkeyPatch,
    asked: bool,
) -> None:
    """Else it would be sent while others already ask what became of it; and who cannot be asked would never send it."""
    if not asked:
        monkeypatch.setattr(sender, "find", _knows_nothing)
    monkeypatch.setattr(deliver, "BEGINS_WITHIN", -1.0)
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    assert sender.texts_to("13800001234") == []
    with installation.readings() as db:
        assert db.scalars(select(Message.state).where(Message.channel == "sms")).all() == ["queued"]
    monkeypatch.setattr(deliver, "BEGINS_WITHIN", 4.0)
    clock.forward(seconds=30)
    schedule.settle_messages(installation, clock.now())
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1


def test_what_somebody_else_took_meanwhile_is_not_put_back(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock
) -> None:
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    with installation.sessions() as db:
        message = db.scalars(select(Message).where(Message.channel == "sms")).one()
        message.state, message.claimed_at = "sending", clock.now()
        db.flush()
        late = replace(deliver.written(db, message), begins_until=0.0)
        message.claimed_at = clock.now() + timedelta(seconds=40)
        db.commit()
    deliver.send(installation.sessions, sender, late, clock.now())
    with installation.readings() as db:
        assert db.scalars(select(Message.state).where(Message.channel == "sms")).all() == ["sending"]


def _knows_nothing(_to: str, _since: Any) -> list[Sent]:
    raise CannotBeAsked
