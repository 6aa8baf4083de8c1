"""What partners tell beside new matters: citizens' words by their accounts, demands from above, and results of what we handed over."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from hotline.errors import NotFound, Refusal
from hotline.followup.heard import hear_text
from hotline.i18n import _
from hotline.intake.citizens import find_or_make_by_handle
from hotline.intake.files import keep_file
from hotline.intake.first_told import print_of_words
from hotline.intake.media import bring_media
from hotline.interviews.by_text import open_question, take_question
from hotline.partners import demands
from hotline.tickets.act import lock
from hotline.tickets.privacy.attachments import StorageFull
from hotline.webhook_handlers.receive_once import Hearing, Receiver
from models import Message, Ticket
from webhooks.events import (
    DemandReceived,
    FileReceived,
    NotAccepted,
    OfAMatter,
    PostAnswer,
    ResultReceived,
    WordsAnswer,
    WordsReceived,
)
from webhooks.numbers import outer_key, read_phone


class PartnerEvents(Receiver):
    """One method an event; each is one transaction."""

    def words_received(self, event: WordsReceived) -> WordsAnswer:
        """As a citizen's text: the answer to our question, more about an open ticket, or a new matter."""
        with self.hear(event) as heard:
            told = _once(heard, event.openid, event.text, str(len(event.media)))
            if not heard.first:
                return WordsAnswer(str(heard.result.get("reply", "")), str(heard.result.get("number", "")))
            kept, reply = self._take_words(heard.db, event)
            ticket = heard.db.get(Ticket, kept.ticket_id) if kept.ticket_id else None
            number = ticket.number if ticket is not None else ""
            heard.remember(reply=reply, number=number, told=told)
        return WordsAnswer(reply, number)

    def demand_received(self, event: DemandReceived) -> PostAnswer:
        """Raises NotAccepted with the sentence when the matter is not the platform's, or nothing can be done any more."""
        with self.hear(event) as heard:
            until = event.until.isoformat() if event.until is not None else ""
            told = _once(heard, *_named(event), event.demand, event.text, until)
            if not heard.first:
                return _again(heard)
            try:
                ticket = demands.take(heard.db, self.installation.city, event)
            except Refusal as refusal:
                raise _refused(refusal) from refusal
            bring_media(heard.db, ticket, event.provider, event.media, event.at)
            return _remembered(heard, ticket, told)

    def result_received(self, event: ResultReceived) -> PostAnswer:
        """Raises NotAccepted as above."""
        with self.hear(event) as heard:
            told = _once(heard, *_named(event), event.reference, event.text)
            if not heard.first:
                return _again(heard)
            try:
                ticket = demands.note_result(heard.db, self.installation.city, event)
            except Refusal as refusal:
                raise _refused(refusal) from refusal
            bring_media(heard.db, ticket, event.provider, event.media, event.at)
            return _remembered(heard, ticket, told)

    def file_received(self, event: FileReceived) -> PostAnswer:
        """A file of a matter becomes its attachment; what the checks of an upload refuse is told in the story. Raises NotAccepted
        as above, and with 503 while the disk cannot take it."""
        with self.hear(event) as heard:
            told = _once(heard, outer_key(event.outer_number), event.name, hashlib.sha256(event.data).hexdigest())
            if not heard.first:
                return _again(heard)
            own = demands.handed_in(heard.db, event.provider, event.outer_number)
            if own is None:
                raise NotAccepted(_("没有这张工单。"), "outer_number", 404)
            ticket = lock(heard.db, own.id)
            try:
                keep_file(self.installation, heard.db, ticket, event.name, event.data, event.at, comes_again=True)
            except StorageFull as full:
                raise NotAccepted(full.sentence, "", 503) from full
            return _remembered(heard, ticket, told)

    def _take_words(self, db: Session, event: WordsReceived) -> tuple[Message, str]:
        """The message as it is kept, and what to say back."""
        citizen = find_or_make_by_handle(db, f"{event.provider}:{event.openid}", event.name, event.at)
        params: dict[str, Any] = {"media": [{"url": url} for url in event.media]} if event.media else {}
        kept = Message(
            citizen_id=citizen.id,
            direction="in",
            channel=event.provider[:8],
            phone=read_phone(event.phone).number[:32] or None,
            text=event.text,
            state="received",
            provider=event.provider[:16],
            provider_id=event.event_id[:64],
            created_at=event.at,
            params=params,
        )
        db.add(kept)
        db.flush()
        if take_question(db, self.installation.city, kept, event.at):
            return kept, ""
        return kept, hear_text(db, self.installation.city, citizen, kept, event.at, open_question)


def _named(event: OfAMatter) -> tuple[str, str]:
    """The matter that is spoken of, in whatever letters its number comes."""
    return outer_key(event.outer_number), event.ticket_number


def _once(heard: Hearing, *said: str) -> str:
    """The print of what is said. Raises NotAccepted when other things were said under this number before: answered as a repetition
    they would be lost, and one person would read what was answered to another."""
    told = print_of_words("\n".join(said))
    if not heard.first and heard.result.get("told", told) != told:
        sentence = _("编号 %(id)s 已经收到过，但内容不同；另一条请用新的编号。", id=heard.event.event_id)
        raise NotAccepted(sentence, "event_id", 409)
    return told


def _remembered(heard: Hearing, ticket: Ticket, told: str) -> PostAnswer:
    heard.remember(number=ticket.number, state=ticket.state, told=told)
    return PostAnswer(ticket.number, ticket.state)


def _again(heard: Hearing) -> PostAnswer:
    return PostAnswer(str(heard.result.get("number", "")), str(heard.result.get("state", "")), again=True)


def _refused(refusal: Refusal) -> NotAccepted:
    return NotAccepted(
        refusal.sentence, next(iter(refusal.problems), ""), 404 if isinstance(refusal, NotFound) else 422
    )
