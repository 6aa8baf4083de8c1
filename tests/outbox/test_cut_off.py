"""A text whose sending was cut off is asked for soon, and nobody sends it meanwhile."""

from __future__ import annotations

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
    clock.forward(seconds=24)
    schedule.settle_messages(installation, clock.now())
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1


def test_a_claim_that_the_database_noted_late_sends_nothing(
    installation: Installation, life: Life, sender: MemorySender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be sent while others already ask what became of it."""
    monkeypatch.setattr(deliver, "BEGINS_WITHIN", -1.0)
    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    assert sender.texts_to("13800001234") == []
    with installation.readings() as db:
        assert db.scalars(select(Message.state).where(Message.channel == "sms")).all() == ["sending"]
