"""Letters become what texts become: an answer to our question, more about a matter, or a matter of its own; machines become nothing.

A machine that does not say that it is one is stopped by counting: so many letters of one address in an hour, and no more.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.answers.read import read_answer
from hotline.errors import Refusal
from hotline.followup.heard import hear_letter
from hotline.followup.text_back import send_after_all, text_back
from hotline.i18n import N_, _
from hotline.intake.by_text import open_by_text
from hotline.intake.citizens import find_or_make_by_handle
from hotline.intake.files import keep_file
from hotline.interviews.by_text import take_question
from hotline.messages.by_mail import message_named
from hotline.messages.compose import EMAIL
from hotline.tickets.act import lock
from hotline.webhook_handlers.receive_once import Receiver
from models import Citizen, Message, Ticket
from webhooks.events import SMS_RANK
from webhooks.mail.letters import MOST_TEXT, MailReceived

MOST_AN_HOUR = 10
"""Letters of one address that are taken within an hour; what comes beyond waits for a person."""

SHORT = 12
"""So few characters of a new letter are read together with its subject."""

WHY = {
    "bounce": N_("退信"),
    "auto": N_("自动回复"),
    "list": N_("群发邮件"),
    "nobody": N_("不收回信的地址"),
    "staff": N_("本热线或单位自己的邮箱"),
    "empty": N_("没有发件人"),
}


class MailEvents(Receiver):
    """One method an event; each is one transaction."""

    def mail_received(self, event: MailReceived) -> None:
        """Take one letter, however often it is read. Raises Refusal for what must wait for a person."""
        with self.hear(event) as heard:
            if not heard.first:
                return
            self._note_bounces(heard.db, event)
            why = event.machine or self._not_of_a_citizen(event)
            if why:
                heard.put_by(_(WHY[why]))
                return
            citizen = find_or_make_by_handle(heard.db, f"{EMAIL}:{event.sender}", event.name, event.at)
            if _letters_lately(heard.db, citizen, event) >= MOST_AN_HOUR:
                raise Refusal(_("这个地址一小时内来信太多，没有自动受理，请人工查看。"), code="too_many_letters")
            self._take(heard.db, citizen, event)

    def _take(self, db: Session, citizen: Citizen, event: MailReceived) -> None:
        answered = message_named(db, self.installation.settings, event.references)
        thread = answered.ticket_id if answered is not None and answered.citizen_id == citizen.id else None
        words = _words(event)
        kept = Message(
            ticket_id=thread,
            citizen_id=citizen.id,
            direction="in",
            channel=EMAIL,
            text=words[:MOST_TEXT],
            state="received",
            provider=event.provider,
            provider_id=event.event_id[:64],
            created_at=event.at,
            params={"letter": event.message_id, "title": event.subject[:100]}
            | ({"media": [{"name": one.name[:100]} for one in event.files]} if event.files else {}),
        )
        db.add(kept)
        db.flush()
        if thread or not take_question(db, self.installation.city, kept, event.at):
            reply = hear_letter(db, self.installation.city, citizen, kept, event.at, open_by_text)
            send_after_all(db, citizen, reply, event.at)
        if _is_unread(event):
            self._ask_in_clear(db, citizen, kept, event)
        for one in event.files if kept.ticket_id else ():
            keep_file(self.installation, db, lock(db, kept.ticket_id or 0), one.name, one.data, event.at)

    def _ask_in_clear(self, db: Session, citizen: Citizen, kept: Message, event: MailReceived) -> None:
        """Once a day, as every answer of a machine to words that it cannot read."""
        city, ticket = self.installation.city, db.get(Ticket, kept.ticket_id) if kept.ticket_id else None
        asked = text_back(db, city, citizen, "mail_locked", event.at, ticket=ticket, hotline=city.hotline_number)
        send_after_all(db, citizen, asked, event.at)

    def _not_of_a_citizen(self, event: MailReceived) -> str:
        """Our own letters come back, and units answer their digests: neither is a citizen's matter."""
        settings, city = self.installation.settings, self.installation.city
        own = {settings.mail_from, *settings.heads_mail, *(unit.duty.email for unit in city.units.values())}
        if "@" not in event.sender:
            return "empty"
        return "staff" if event.sender in {one.strip().lower() for one in own if one} else ""

    def _note_bounces(self, db: Session, event: MailReceived) -> None:
        """A letter of ours did not arrive: it says so on the ticket, and a person may telephone."""
        for name in event.bounced:
            lost = message_named(db, self.installation.settings, (name,))
            if lost is not None and SMS_RANK.get(lost.state, 9) < SMS_RANK["undelivered"]:
                lost.state, lost.error = "undelivered", _("邮件被退回")


def _words(event: MailReceived) -> str:
    """What a letter says. A new one that says little says it in its subject, or in what hangs on it: "as above", "see attached"."""
    if _is_unread(event):
        locked = _("（这封邮件加了密或用了专门的封装，内容没有读出来，请联系来信人另寄一封普通邮件）")
        return "\n".join(filter(None, (event.subject, event.text, locked)))
    if event.answers or len(event.text) >= SHORT or _speaks_for_itself(event.text):
        return event.text or event.subject or _("（来信没有文字，只有附件）")
    hangs_on_it = _("（随信附件 %(n)d 个）", n=len(event.files)) if event.files else ""
    return "\n".join(filter(None, (event.subject, event.text, hangs_on_it))) or _("（来信没有文字）")


def _is_unread(event: MailReceived) -> bool:
    """What matters stands in the locked part."""
    return event.locked and len(event.text) < SHORT


def _speaks_for_itself(text: str) -> bool:
    """An answer to our question, or a wish about letters from us."""
    reading = read_answer(text)
    wishes = ("opt_out", "opt_in", "automatic")
    return reading.verdict in ("yes", "no", "partly") or reading.details.get("aside") in wishes


def _letters_lately(db: Session, citizen: Citizen, event: MailReceived) -> int:
    """How many letters of this address were taken within the hour."""
    theirs = (Message.citizen_id == citizen.id, Message.direction == "in", Message.channel == EMAIL)
    lately = select(func.count(Message.id)).where(*theirs, Message.created_at > event.at - timedelta(hours=1))
    return db.scalar(lately) or 0
