"""Letters to citizens who wrote by e-mail: one for each message, in the thread they know, and marked as a machine's."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import smtplib
from datetime import datetime, timedelta
from email.utils import formataddr

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from hotline import outbox
from hotline.city.schema import City
from hotline.i18n import _, speaking
from hotline.messages.compose import EMAIL
from hotline.messages.told_secrets import as_sent, spent_at_once
from hotline.ops import mail
from hotline.settings import Settings
from hotline.tickets.names import JobName
from models import Citizen, Message, Ticket
from models.store.db import changed

log = logging.getLogger(__name__)
WAITS = (60, 300, 1800, 7200, 21600)
"""Seconds until a letter is tried again that the server would not take for now."""

LOST_AFTER = timedelta(minutes=2)
_OURS = re.compile(r"<m(\d{1,18})\.([0-9a-f]{12})@")


def claim(db: Session, message_id: int, now: datetime) -> bool:
    """queued → sending, in the caller's transaction; False when it is no letter, or another worker has it."""
    queued = update(Message).where(Message.id == message_id, Message.state == "queued", Message.channel == EMAIL)
    return changed(db, queued.values(state="sending", claimed_at=now)) == 1


def send(sessions: sessionmaker[Session], settings: Settings, city: City, message_id: int, now: datetime) -> None:
    """Send a claimed letter, and write down what became of it. Holds no transaction while it speaks.

    Lost in between it is sent once more under the same name: a mailbox shows it once.
    """
    with sessions() as db:
        message = db.get_one(Message, message_id)
        citizen = db.get(Citizen, message.citizen_id) if message.citizen_id else None
        to = (citizen.handle or "").partition(":")[2] if citizen is not None else ""
        ticket = db.get(Ticket, message.ticket_id) if message.ticket_id else None
        subject, heads = _subject(city, ticket, citizen), _heads(db, settings, message)
        text, spent = as_sent(db, message)[0], spent_at_once(message.text, message.params)
    try:
        sender = formataddr((f"{city.name}12345", settings.mail_from))
        mail.send(settings.smtp_url, sender, to, subject, text, heads)
    except (OSError, smtplib.SMTPException) as trouble:
        _record_failure(sessions, message_id, trouble, now)
        return
    with sessions() as db:
        sent = {
            "state": "sent",
            "provider": "smtp",
            "provider_id": heads["Message-ID"][:64],
            "sent_at": now,
            "error": None,
        }
        mine = (Message.id == message_id, Message.state == "sending")
        db.execute(update(Message).where(*mine).values(**sent, **spent))
        db.commit()


def send_lost_again(db: Session, now: datetime) -> int:
    """Letters whose worker died: back into the queue. Returns how many."""
    lost = (Message.state == "sending", Message.channel == EMAIL, Message.claimed_at < now - LOST_AFTER)
    found = db.scalars(select(Message).where(*lost).limit(100)).all()
    for message in found:
        message.state = "queued"
        key = f"send:{message.id}:lost:{now:%Y%m%d%H%M}"
        outbox.enqueue(db, JobName.SEND, key=key, now=now, ticket_id=message.ticket_id, message_id=message.id)
    return len(found)


def name_of(settings: Settings, message_id: int) -> str:
    """Our name for a letter; nobody else can make one up."""
    sign = hmac.new(settings.secret_key.encode(), f"letter:{message_id}".encode(), hashlib.sha256).hexdigest()[:12]
    return f"<m{message_id}.{sign}@{settings.mail_from.rpartition('@')[2] or 'localhost'}>"


def message_named(db: Session, settings: Settings, names: tuple[str, ...]) -> Message | None:
    """The letter of ours that one of these names is; a name that we did not give is none."""
    for name in names:
        found = _OURS.match(name)
        if found and name_of(settings, int(found[1])).partition("@")[0] == name.partition("@")[0]:
            return db.get(Message, int(found[1]))
    return None


def _subject(city: City, ticket: Ticket | None, citizen: Citizen | None) -> str:
    with speaking(citizen.language if citizen is not None else "zh"):
        if ticket is None:
            return _("%(city)s12345热线", city=city.title)
        return _("%(city)s12345热线：工单 %(number)s", city=city.title, number=ticket.number)


def _heads(db: Session, settings: Settings, message: Message) -> dict[str, str]:
    """Its name, and the citizen's last letter of this matter, so that a mailbox keeps the thread together."""
    heads = {"Message-ID": name_of(settings, message.id), "Auto-Submitted": "auto-replied"}
    theirs = (Message.citizen_id == message.citizen_id, Message.direction == "in", Message.channel == EMAIL)
    last = select(Message.params).where(*theirs, Message.ticket_id == message.ticket_id).order_by(Message.id.desc())
    answered = (db.scalar(last.limit(1)) or {}).get("letter")
    return heads | ({"In-Reply-To": str(answered), "References": str(answered)} if answered else {})


def _record_failure(sessions: sessionmaker[Session], message_id: int, trouble: Exception, now: datetime) -> None:
    """A server that says 5xx will not take it; everything else is tried again, five times."""
    refused = isinstance(trouble, smtplib.SMTPRecipientsRefused | smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
    final = refused and all(code >= 500 for code in _codes(trouble))
    log.warning("letter %d did not go: %s", message_id, type(trouble).__name__)
    with sessions() as db:
        message = db.get_one(Message, message_id)
        tried = int(message.params.get("tried") or 0)
        final = final or tried >= len(WAITS)
        message.state, message.error = "failed" if final else "queued", str(trouble)[:300]
        if not final:
            message.params = {**message.params, "tried": tried + 1}
            at = now + timedelta(seconds=WAITS[tried])
            key = f"send:{message_id}:mail:{tried + 1}"
            outbox.enqueue(
                db, JobName.SEND, key=key, now=now, at=at, ticket_id=message.ticket_id, message_id=message_id
            )
        db.commit()


def _codes(trouble: Exception) -> list[int]:
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return [code for code, _said in trouble.recipients.values()]
    return [trouble.smtp_code] if isinstance(trouble, smtplib.SMTPResponseException) else [0]
