"""Texts as the network tells them: a citizen's words, and how far ours have come."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from hotline.followup.heard import hear_text
from hotline.intake.by_text import open_by_text
from hotline.intake.citizens import find_or_make_citizen
from hotline.interviews.by_text import open_question, take_question
from hotline.messages import deliver, transfer_texts
from hotline.webhook_handlers.receive_once import Receiver
from models import Message
from webhooks.events import (
    SmsReceived,
    SmsReply,
    SmsStatus,
)

log = logging.getLogger(__name__)


class TextEvents(Receiver):
    """One method an event; each is one transaction."""

    def sms_received(self, event: SmsReceived) -> SmsReply:
        """A citizen's text: the answer to our question, more about an open ticket, or a new matter."""
        with self.hear(event) as heard:
            if not heard.first:
                return SmsReply(str(heard.result.get("text", "")))
            reply = self._understand(heard.db, event)
            heard.remember(text=reply)
        return SmsReply(reply)

    def sms_status(self, event: SmsStatus) -> None:
        with self.hear(event) as heard:
            if heard.first:
                deliver.move_forward(
                    heard.db, event.message_id, event.state, event.at, event.error_code, event.out_id, event.provider,
                    event.channel,
                )  # fmt: skip

    def _understand(self, db: Session, event: SmsReceived) -> str:
        """Returns what to text back. Whatever came is kept as a message, pictures and texts without words too.

        Who hides their number, or writes from a switchboard's, is heard too: as a matter of its own.
        """
        city, phone = self.installation.city, self.number(event.from_phone)
        body = transfer_texts.body_of(city, phone) if phone else None
        citizen = None if body else find_or_make_citizen(db, phone, event.at)
        media = [{"url": one.url, "type": one.content_type} for one in event.media]
        heard = Message(
            citizen_id=citizen.id if citizen else None,
            direction="in",
            channel="sms",
            phone=phone or None,
            text=event.text.strip()[:4000],
            state="received",
            provider=event.provider,
            provider_id=event.message_id,
            created_at=event.at,
            params={
                **({"media": media} if media else {}),
                **({"part": event.part, "parts": event.parts} if event.parts > 1 else {}),
            },
        )
        db.add(heard)
        db.flush()
        if body is not None:
            transfer_texts.hear(db, city, heard, body, event.at)
            return ""
        if citizen is not None:
            if take_question(db, city, heard, event.at):
                return ""
            return hear_text(db, city, citizen, heard, event.at, open_question)
        if heard.text:
            open_by_text(db, city, heard, event.text.strip(), event.at, "" if phone else event.from_told)
        return ""
