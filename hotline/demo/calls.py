"""The demo's telephone calls, told to the webhook handler as the provider would tell them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from hotline.demo.life import PROVIDER, Demo, Life
from hotline.webhook_handlers.handler import WebhookHandler
from models import Call
from routing.spans import Span
from webhooks.events import CallAnswered, CallEnded, CallReceived, DialEnded, KeyPressed


@contextmanager
def take_call(demo: Demo, life: Life) -> Iterator[int | None]:
    """The call during which the ticket is written: rings, is answered within seconds, ends, and is rated with one key.

    Gives the call's id; None for a matter that came another way.
    """
    if life.matter.channel != "hotline" or life.matter.draft:
        yield None
        return
    board, now = WebhookHandler(demo.installation), demo.clock.now()
    called = _Called(demo, life.told_as or f"demo-{life.phone}-{now:%d%H%M%S}", life.phone)
    chance = random.Random(life.matter.says)
    rang = now - timedelta(seconds=chance.randrange(150, 420))
    call_id = called.rings(board, rang)
    agent = life.cast.taker if life.cast else chance.choice(("demo-agent", "demo-agent", "demo-lead"))
    board.call_answered(
        CallAnswered(**called.said("a"), at=rang + timedelta(seconds=chance.randrange(3, 19)), leg_id="", agent=agent)
    )
    yield call_id
    board.dial_ended(DialEnded(**called.said("d"), at=now, result="answered"))
    if life.matter.rating:
        board.key_pressed(KeyPressed(**called.said("k"), at=now, purpose="rating", digits=str(6 - life.matter.rating)))
    board.call_ended(CallEnded(**called.said("e"), at=now + timedelta(seconds=20), result="completed"))


def was_missed(demo: Demo, now: datetime, ago: str, called_back: int | None) -> None:
    """A call that nobody took. called_back: minutes until we rang back, None when nobody has yet."""
    board, rang = WebhookHandler(demo.installation), now - Span.parse(ago).natural
    called = _Called(demo, f"demo-missed-{ago}", f"13800009{len(ago)}{ago[:-1]:0>2}")
    call_id = called.rings(board, rang)
    board.call_ended(CallEnded(**called.said("e"), at=rang + timedelta(seconds=48), result="missed"))
    if called_back is not None:
        with demo.installation.sessions() as db:
            db.execute(
                update(Call).where(Call.id == call_id).values(called_back_at=rang + timedelta(minutes=called_back))
            )
            db.commit()


class _Called:
    """One call as the provider names it."""

    def __init__(self, demo: Demo, name: str, phone: str):
        self.demo, self.name, self.phone = demo, name, phone

    def said(self, what: str) -> dict[str, Any]:
        return {"provider": PROVIDER, "call_id": self.name, "event_id": f"{self.name}-{what}"}

    def rings(self, board: WebhookHandler, at: datetime) -> int:
        """Tell the webhook handler; returns the id of the call's row."""
        board.call_received(
            CallReceived(
                **self.said("r"), at=at, from_phone=self.phone, to_phone=self.demo.installation.city.hotline_number
            )
        )
        with self.demo.installation.readings() as db:
            return db.scalars(select(Call.id).where(Call.provider == PROVIDER, Call.provider_id == self.name)).one()
