"""The one module that speaks to the outside: a text goes out at most once, and its state only moves forward."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from hotline import outbox
from models import Job, Message
from models.db import changed
from webhooks.sender import Sender, SendFailed

log = logging.getLogger(__name__)
RANK = {"queued": 0, "sending": 1, "sent": 2, "failed": 3, "undelivered": 3, "delivered": 4, "read": 5}
TRIES = 5
LOST_AFTER = timedelta(minutes=3)


def claim(db: Session, message_id: int, now: datetime) -> bool:
    """queued → sending, in the caller's transaction; False when another worker has it."""
    queued = update(Message).where(Message.id == message_id, Message.state == "queued")
    return changed(db, queued.values(state="sending", claimed_at=now)) == 1


def send(sessions: sessionmaker[Session], sender: Sender, message_id: int, now: datetime) -> None:
    """Send a claimed message and write down what became of it. Holds no transaction while it speaks.

    1. Read what to send; it is already marked `sending`, so a crash from here on leaves it to `reconcile`.
    2. Send, with our number as the provider's reference.
    3. Record: sent; failed for good; back in the queue for a passing trouble; or left for `reconcile` when nobody knows.
    """
    with sessions() as db:
        message = db.get(Message, message_id)
        if message is None or message.state != "sending":
            return
        to, key, params, text = message.phone or "", message.template_key or "", dict(message.params), message.text
    try:
        provider_id = sender.send(to, key, {k: str(v) for k, v in params.items()}, text, out_id=f"m{message_id}")
    except SendFailed as failure:
        _record_failure(sessions, message_id, failure, now)
        return
    with sessions() as db:
        db.execute(
            update(Message)
            .where(Message.id == message_id, Message.state == "sending")
            .values(state="sent", provider=sender.name, provider_id=provider_id, sent_at=now, error=None)
        )
        db.commit()


def move_forward(db: Session, provider_id: str, state: str, now: datetime, error: str = "", out_id: str = "") -> bool:
    """A receipt from the provider: applied only when it is further on than what we know."""
    message = db.scalar(select(Message).where(Message.provider_id == provider_id).limit(1))
    if (
        message is None
        and out_id.startswith("m")
        and out_id[1:].isascii()
        and out_id[1:].isdecimal()
        and len(out_id) < 19
    ):
        message = db.get(Message, int(out_id[1:]))
    if message is None or RANK.get(state, -1) <= RANK.get(message.state, 99):
        return False
    message.state, message.provider_id = state, provider_id
    message.error = error[:300] or message.error
    if state in ("delivered", "read"):
        message.delivered_at = now
    return True


def reconcile(sessions: sessionmaker[Session], sender: Sender, now: datetime) -> int:
    """Settle messages left `sending` by a crash: ask the provider whether they went out before anything is sent again."""
    with sessions() as db:
        lost = db.scalars(
            select(Message).where(Message.state == "sending", Message.claimed_at < now - LOST_AFTER).limit(100)
        ).all()
        known = [(m.id, m.phone or "", m.claimed_at or m.created_at, m.text) for m in lost]
    return sum(_settle(sessions, sender, *one, now) for one in known)


def _settle(
    sessions: sessionmaker[Session],
    sender: Sender,
    message_id: int,
    phone: str,
    since: datetime,
    text: str,
    now: datetime,
) -> bool:
    try:
        found = [
            sent
            for sent in sender.find(phone, since - timedelta(minutes=1))
            if sent.out_id == f"m{message_id}" or (not sent.out_id and sent.text == text)
        ]
    except SendFailed as failure:
        log.warning("provider cannot say what became of message %d: %s", message_id, failure.reason)
        return False
    values = (
        {"state": "sent", "provider": sender.name, "provider_id": found[0].provider_id, "sent_at": found[0].at}
        if found
        else {"state": "queued", "claimed_at": None}
    )
    with sessions() as db:
        db.execute(update(Message).where(Message.id == message_id, Message.state == "sending").values(**values))
        if not found:
            outbox.enqueue(
                db, "send", key=f"send:{message_id}:again:{since.isoformat()}", now=now, message_id=message_id
            )
        db.commit()
    return True


def _record_failure(sessions: sessionmaker[Session], message_id: int, failure: SendFailed, now: datetime) -> None:
    """Ambiguous: stay `sending` for `reconcile`. Permanent, or tried too often: failed. Otherwise queued, for later."""
    if failure.ambiguous:
        return
    with sessions() as db:
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
