"""The one module that speaks to the outside: a text goes out at most once, and its state only moves forward."""

from __future__ import annotations

import logging
import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session, sessionmaker

from hotline import outbox
from hotline.messages.compose import SMS
from hotline.messages.sender_book import note_carried, note_end, note_refused
from hotline.messages.told_secrets import as_sent, spent_at_once
from models import Job, Message
from models.store.db import changed
from webhooks.events import SMS_RANK
from webhooks.ranked_senders import NotCarried, carry, each_of
from webhooks.sender import TO_ANSWER, TO_BE_REACHED, CannotBeAsked, Sender, SendFailed, Sent

log = logging.getLogger(__name__)
TRIES = 5
BEGINS_WITHIN = 4.0
"""Seconds after its claim in which a sending begins, or is put back: the database was slow to note the claim, and whoever asks for
what was cut off may be near."""
REST = timedelta(seconds=10)
"""For a database that is so slow, before it is tried again."""


def lost_after(sender: Sender) -> timedelta:
    """Longer than any sending takes, whoever is asked one after the other, and no longer: a text whose worker was killed is asked
    for soon."""
    return timedelta(seconds=BEGINS_WITHIN + len(each_of(sender)) * (TO_BE_REACHED + TO_ANSWER) + 1)


def claim(db: Session, message_id: int, now: datetime) -> Message | None:
    """queued → sending, in the caller's transaction; None when another worker has it, or it goes another way than by text."""
    queued = update(Message).where(Message.id == message_id, Message.state == "queued", Message.channel == SMS)
    return db.scalar(
        queued.values(state="sending", claimed_at=now)
        .returning(Message)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


@dataclass(frozen=True)
class WrittenText:
    """A text as its reader gets it, and what changes in its row the moment it is on its way."""

    message_id: int
    to: str
    key: str
    values: dict[str, str]
    text: str
    spent: dict[str, Any]
    claimed_at: datetime | None
    begins_until: float


def written(db: Session, message: Message) -> WrittenText:
    """What is sent of a claimed message; nothing of it is stored."""
    text, values = as_sent(db, message)
    spent = spent_at_once(message.text, message.params)
    until = time.monotonic() + BEGINS_WITHIN
    return WrittenText(
        message.id, message.phone or "", message.template_key or "", values, text, spent, message.claimed_at, until
    )


def send(sessions: sessionmaker[Session], sender: Sender, told: WrittenText, now: datetime) -> None:
    """Send a claimed text and write down what became of it. Holds no transaction while it speaks.

    1. Its claim is committed, so a crash from here on leaves it to `reconcile`.
    2. Send, with our number as the provider's reference; what the first sender will not carry the next is asked for.
    3. Record: sent; failed for good; back in the queue for a passing trouble; or left for `reconcile` when nobody knows.
    """
    if time.monotonic() > told.begins_until:
        _put_back(sessions, told, now)
        return
    try:
        carried = carry(sender, told.to, told.key, told.values, told.text, out_id=f"m{told.message_id}")
    except NotCarried as error:
        _record_failure(sessions, told.message_id, error, now)
        return
    sent = {"state": "sent", "provider": carried.provider, "provider_id": carried.provider_id, "sent_at": now}
    mine = (Message.id == told.message_id, Message.state == "sending")
    with sessions() as db:
        changed(db, update(Message).where(*mine).values(**sent, error=None, **told.spent))
        note_carried(db, carried, told.text, now)
        db.commit()


def _put_back(sessions: sessionmaker[Session], told: WrittenText, now: datetime) -> None:
    """A text of which nothing was sent, as long as nobody else took it: also a sender that cannot be asked gets it once more."""
    log.warning("message %d was claimed too long ago and is put back", told.message_id)
    mine = (Message.id == told.message_id, Message.state == "sending", Message.claimed_at == told.claimed_at)
    with sessions() as db:
        if changed(db, update(Message).where(*mine).values(state="queued", claimed_at=None)):
            since = told.claimed_at.isoformat() if told.claimed_at else ""
            key = f"send:{told.message_id}:late:{since}"
            outbox.enqueue(db, "send", key=key, now=now, at=now + REST, message_id=told.message_id)
        db.commit()


def move_forward(
    db: Session, provider_id: str, state: str, now: datetime, error: str = "", out_id: str = "", provider: str = "",
    channel: str = SMS,
) -> bool:  # fmt: skip
    """A receipt of whoever carries this channel: applied only to a message that went by it, and only when it is further on than
    what we know. Two providers may use the same ids."""
    own_first = case((Message.provider == provider, 0), else_=1)
    ours = select(Message).where(Message.channel == channel, Message.direction == "out")
    by_id = ours.where(Message.provider_id == provider_id).order_by(own_first, Message.id)
    message = db.scalar(by_id.limit(1))
    if message is None and re.fullmatch(r"m[0-9]{1,17}", out_id):
        message = db.scalar(ours.where(Message.id == int(out_id[1:])))
    if message is None or SMS_RANK.get(state, -1) <= SMS_RANK.get(message.state, 99):
        return False
    message.state, message.provider_id = state, provider_id
    message.error = error[:300] or message.error
    note_end(db, message.provider or provider, state, now)
    if state in ("delivered", "read"):
        message.delivered_at = now
    return True


def reconcile(sessions: sessionmaker[Session], sender: Sender, now: datetime) -> int:
    """Settle messages left `sending` by a crash: ask the provider whether they went out before anything is sent again."""
    with sessions() as db:
        lost = db.scalars(
            select(Message)
            .where(Message.state == "sending", Message.channel == SMS, Message.claimed_at < now - lost_after(sender))
            .limit(100)
        ).all()
        known = [
            (m.id, m.phone or "", m.claimed_at or m.created_at, as_sent(db, m)[0], spent_at_once(m.text, m.params))
            for m in lost
        ]
    return sum(_settle(sessions, sender, *one, now) for one in known)


def _settle(
    sessions: sessionmaker[Session],
    sender: Sender,
    message_id: int,
    phone: str,
    since: datetime,
    text: str,
    spent: dict[str, Any],
    now: datetime,
) -> bool:
    """Sent when the provider has it, queued again when it surely has not; who cannot be asked sends nothing twice."""
    try:
        found = [
            sent
            for sent in sender.find(phone, since - timedelta(minutes=1))
            if sent.out_id == f"m{message_id}" or (not sent.out_id and sent.text == text)
        ]
        values: dict[str, Any] = {"state": "queued", "claimed_at": None}
        if found:
            values = _sent(found[0], sender) | spent
    except CannotBeAsked as unknown:
        values = {"state": "failed", "error": unknown.reason}
    except SendFailed as failure:
        log.warning("provider cannot say what became of message %d: %s", message_id, failure.reason)
        return False
    with sessions() as db:
        db.execute(update(Message).where(Message.id == message_id, Message.state == "sending").values(**values))
        if values["state"] == "queued":
            outbox.enqueue(
                db, "send", key=f"send:{message_id}:again:{since.isoformat()}", now=now, message_id=message_id
            )
        db.commit()
    return True


def _sent(found: Sent, sender: Sender) -> dict[str, Any]:
    return {
        "state": "sent",
        "provider": found.provider or sender.name,
        "provider_id": found.provider_id,
        "sent_at": found.at,
    }


def _record_failure(sessions: sessionmaker[Session], message_id: int, error: NotCarried, now: datetime) -> None:
    """Ambiguous: stay `sending` for `reconcile`. Permanent, or tried too often: failed. Otherwise queued, for later."""
    failure = error.failure
    with sessions() as db:
        note_refused(db, error.refused, now)
        if failure.ambiguous:
            db.commit()
            return
        tried = _times_tried(db, message_id)
        final = failure.permanent or tried >= TRIES
        values = {"state": "failed" if final else "queued", "error": failure.reason[:300]}
        db.execute(update(Message).where(Message.id == message_id, Message.state == "sending").values(**values))
        if not final:
            outbox.enqueue(
                db,
                "send",
                key=f"send:{message_id}:{tried + 1}",
                now=now,
                message_id=message_id,
                at=now + timedelta(seconds=30 * 4**tried),
                tried=tried + 1,
            )
        db.commit()


def _times_tried(db: Session, message_id: int) -> int:
    keys = db.scalars(select(Job.key).where(Job.key.startswith(f"send:{message_id}:")))
    return sum(1 for _ in keys)
