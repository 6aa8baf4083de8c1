"""Partners' posts: one post, one matter, however often it is told."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.first_told import as_first_told
from hotline.intake.open_ticket import Contact, checked, open_ticket, other_words
from hotline.tickets.roles import SYSTEM
from hotline.tickets.vocabulary import CHANNELS, REQUEST_TYPES
from hotline.webhook_handlers.receive_once import Hearing, Receiver, receive
from models import Receipt
from webhooks.events import (
    NotAccepted,
    PostAnswer,
    PostReceived,
)

log = logging.getLogger(__name__)


CLOCKS_DIFFER = timedelta(hours=12)
"""A post that says it was written later than that is mistaken about its day; what it said stays with it, and decides nothing."""


class PostEvents(Receiver):
    """One method an event; each is one transaction."""

    def post_received(self, event: PostReceived) -> PostAnswer:
        """A partner's post becomes one ticket, however often it is posted. Raises NotAccepted with the sentence."""
        with self.installation.readings() as db:
            number = as_first_told(db, event.provider, event.outer_number, event.text)
        event = replace(event, outer_number=number, event_id=number)
        with self.hear(event) as heard:
            try:
                contact = checked(_contact_of(event, self.installation.city), self.installation.city)
                if not heard.first:
                    return self._posted_again(heard, contact)
                ticket = open_ticket(heard.db, self.installation.city, contact, SYSTEM, event.at)
            except Refusal as refusal:
                raise NotAccepted(refusal.sentence, next(iter(refusal.problems), "")) from refusal
            heard.remember(number=ticket.number)
            return PostAnswer(ticket.number, ticket.state)

    def _posted_again(self, heard: Hearing, contact: Contact) -> PostAnswer:
        """The first answer again; another matter under the same number is told, never taken for the first."""
        number = str(heard.result.get("number", ""))
        if other_words(heard.db, contact):
            raise NotAccepted(
                _(
                    "编号 %(outer)s 已是工单 %(number)s，但内容不同；另一件事请用新的编号。",
                    outer=contact.outer_number,
                    number=number,
                ),
                "outer_number",
                409,
            )
        return PostAnswer(number, "to_dispatch", again=True)

    def nonce_is_new(self, provider: str, nonce: str, at: datetime) -> bool:
        with self.installation.sessions() as db:
            new = receive(db, provider, "nonce", nonce, at)
            db.execute(delete(Receipt).where(Receipt.kind == "nonce", Receipt.received_at < at - timedelta(hours=1)))
            db.commit()
            return new


def _contact_of(event: PostReceived, city: City) -> Contact:
    """A post as a contact: what the partner calls the category is a hint, and what we have no field for stays as told."""
    named = [
        one.code
        for one in city.categories.values()
        if event.category and event.category in (one.code, one.name, one.name_en)
    ]
    extra = dict(event.extra) | ({"category": event.category} if event.category and not named else {})
    posted = event.posted_at
    if posted is not None and posted > event.at + CLOCKS_DIFFER:
        extra, posted = extra | {"posted_at": posted.isoformat()}, None
    return Contact(
        body=event.text,
        title=event.title,
        channel=event.channel if event.channel in CHANNELS else "web",
        phone=event.phone,
        name=event.name,
        place=event.address,
        request_type=event.request_type if event.request_type in REQUEST_TYPES else "help",
        privacy="sealed" if event.confidential else "masked",
        outer_source=event.provider,
        outer_number=event.outer_number,
        outer_due_at=event.outer_due_at,
        happened_at=posted,
        town_code=event.town_code or None,
        category_hint=named[0] if named else None,
        media=event.media,
        handle=f"{event.provider}:{event.openid}" if event.openid else "",
        extra=extra,
    )
