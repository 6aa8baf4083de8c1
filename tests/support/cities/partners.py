"""A hotline with partners on the other side of the street: each a double of its own, connected by settings as a city connects them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.partners.deliver import enqueue_tellings
from hotline.settings import PartnerSetting
from models import Delivery, Ticket, TicketEvent
from tests.support.doubles.partner_double import PartnerDouble
from tests.support.doubles.partner_post import partner_post
from tests.support.life import Life
from webhooks.partners.posts import posts_path

PUBLIC = "http://hotline.test"
NUMBER = "{number}"
LI = "oLi-001"
MATTER = "文峰大道与东工路交叉口的路灯坏了三天，晚上看不见路，请尽快修理。"
WORDS = {
    "wechat": lambda n, text, **more: {"MsgId": f"W{n}", "FromUserName": LI, "Content": text, **more},
    "weibo": lambda n, text, **more: {"message_id": f"B{n}", "sender_id": LI, "text": text, **more},
    "app": lambda n, text, **more: {"event_id": f"A{n}", "openid": LI, "text": text, **more},
}
"""A citizen's words as each channel writes them."""


def key_of(name: str) -> str:
    return f"{name}-key-shared-by-two"


def says_yes(city: City, name: str) -> dict[str, Any]:
    """An answer that this partner's row calls accepted, with its own number where the row looks for it."""
    known = city.subscription(name)
    assert known is not None
    answer: dict[str, Any] = {}
    for where, value in [(where, values[0]) for where, values in known.accepts.items()] + (
        [(known.receipt, NUMBER)] if known.receipt else []
    ):
        held = answer
        *above, last = where.split(".")
        for step in above:
            held = held.setdefault(step, {})
        held[last] = value == "true" if value in ("true", "false") else value
    return answer


@dataclass
class Street:
    """connect: puts a partner's double behind its door. tell: a partner posts to us. work: what workers and the clock do by now."""

    installation: Installation
    life: Life
    clock: StoppedClock
    serve: Callable[[Any], str]
    doubles: dict[str, PartnerDouble] = field(default_factory=dict)
    made: Flask | None = None

    def connect(self, *names: str, **more: Any) -> None:
        partners, keys = dict(self.installation.settings.partners), dict(self.installation.settings.partner_keys)
        for name in names:
            double = PartnerDouble(key_of(name), says_yes(self.installation.city, name), self.clock.now)
            self.doubles[name] = double
            url = self.serve(double) + f"/in/{name}?from=hotline"
            partners[name], keys[name] = PartnerSetting(post=url, private=True, **more), (key_of(name),)
        self.installation.settings = replace(self.installation.settings, partners=partners, partner_keys=keys)

    @property
    def client(self) -> FlaskClient:
        if self.made is None:
            self.made = create_app(self.installation.settings, self.installation)
        return self.made.test_client()

    def tell(self, name: str, content: dict[str, Any], door: str = "posts", key: str = "", nonce: str = "") -> Any:
        knock = partner_post(key or key_of(name), PUBLIC, name, content, self.clock.now(), nonce, door)
        return self.client.post(posts_path(name, door), data=knock.body, headers=list(knock.headers.items()))

    def work(self) -> None:
        """Everything that is due, and what partners have not taken yet."""
        enqueue_tellings(self.installation, self.clock.now())
        drain(self.installation)

    def pass_time(self, minutes: int) -> None:
        """Minute by minute, as the clock ticks."""
        for _minute in range(minutes):
            self.clock.forward(minutes=1)
            self.work()

    def lives(self, ticket: Any, *deeds: tuple[str, str]) -> None:
        """Each deed with its own moment, published before the next."""
        for login, action in deeds:
            self.clock.forward(minutes=1)
            self.life.do(ticket, login, action)
            self.life.db.commit()
            self.work()

    def ticket(self, number: str) -> Ticket:
        """As it stands now."""
        with self.installation.readings() as db:
            return db.scalars(select(Ticket).where(Ticket.number == number).options(joinedload(Ticket.text))).one()

    def deliveries(self, partner: str) -> list[Delivery]:
        with self.installation.readings() as db:
            return list(db.scalars(select(Delivery).where(Delivery.partner == partner).order_by(Delivery.id)))

    def story(self, number: str) -> list[TicketEvent]:
        with self.installation.readings() as db:
            wanted = select(TicketEvent).join(Ticket).where(Ticket.number == number)
            return list(db.scalars(wanted.order_by(TicketEvent.id)))

    def now(self) -> datetime:
        return self.clock.now()
