"""The book of sensitive actions, and the chain of seals that shows whether anybody tampered with it or with the story."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets.roles import Actor
from models import Audit, Seal, TicketEvent
from models.db import write_json

SETTLED = timedelta(minutes=2)
"""No transaction lives this long, so every row older than this is there to be sealed."""

FIRST = "0" * 64
LOGS: dict[str, type[Audit] | type[TicketEvent]] = {"audit": Audit, "ticket_event": TicketEvent}


def record(
    db: Session,
    action: str,
    actor: Actor | None,
    now: datetime,
    *,
    ticket_id: int | None = None,
    subject: str | None = None,
    address: str | None = None,
    **detail: Any,
) -> None:
    """Write one action into the book. detail must not hold the very data that was revealed."""
    db.add(
        Audit(
            at=now,
            action=action,
            actor_kind=actor.kind if actor else "unknown",
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "-",
            ticket_id=ticket_id,
            subject=subject,
            address=address,
            detail=detail,
        )
    )


def seal(db: Session, now: datetime, most: int = 5000) -> int:
    """Seal the settled rows of both logs into the chain; returns how many rows were sealed."""
    return sum(_seal_log(db, log, now, most) for log in LOGS)


@dataclass(frozen=True)
class Verdict:
    """links and rows checked; problems are sentences, empty when the books are whole."""

    links: int
    rows: int
    problems: list[str]


def verify(db: Session) -> Verdict:
    """Recompute the whole chain. A changed, removed or slipped-in row breaks its link, and every link after it."""
    problems: list[str] = []
    previous, rows, links = FIRST, 0, 0
    for link in db.scalars(select(Seal).order_by(Seal.id)):
        links, rows = links + 1, rows + link.rows
        digest, count = _digest(db, link.log, link.first_id, link.last_id)
        if count != link.rows:
            problems.append(
                _(
                    "%(log)s 第 %(a)d–%(b)d 行应有 %(n)d 行，现有 %(m)d 行。",
                    log=link.log,
                    a=link.first_id,
                    b=link.last_id,
                    n=link.rows,
                    m=count,
                )
            )
        elif digest != link.digest:
            problems.append(
                _("%(log)s 第 %(a)d–%(b)d 行的内容被改动过。", log=link.log, a=link.first_id, b=link.last_id)
            )
        expected = _link_hash(link.previous, link.log, link.first_id, link.last_id, link.rows, link.digest)
        if link.previous != previous or link.hash != expected:
            problems.append(_("封条 %(id)d 与前一条接不上。", id=link.id))
        previous = link.hash
    return Verdict(links, rows, problems)


def _seal_log(db: Session, log: str, now: datetime, most: int) -> int:
    table = LOGS[log]
    sealed = db.scalar(select(func.max(Seal.last_id)).where(Seal.log == log)) or 0
    ids = db.scalars(
        select(table.id).where(table.id > sealed, table.at < now - SETTLED).order_by(table.id).limit(most)
    ).all()
    if not ids:
        return 0
    first, last = sealed + 1, ids[-1]
    digest, count = _digest(db, log, first, last)
    previous = db.scalar(select(Seal.hash).order_by(Seal.id.desc()).limit(1)) or FIRST
    db.add(
        Seal(
            log=log,
            first_id=first,
            last_id=last,
            rows=count,
            digest=digest,
            previous=previous,
            hash=_link_hash(previous, log, first, last, count, digest),
            sealed_at=now,
        )
    )
    db.flush()
    return count


def _digest(db: Session, log: str, first: int, last: int) -> tuple[str, int]:
    """SHA-256 over the canonical JSON of the rows, in order."""
    table = LOGS[log]
    columns = [column.key for column in table.__table__.columns]
    summed, count = hashlib.sha256(), 0
    for row in db.execute(
        select(*(getattr(table, name) for name in columns)).where(table.id.between(first, last)).order_by(table.id)
    ):
        summed.update(write_json([_plain(value) for value in row]).encode() + b"\n")
        count += 1
    return summed.hexdigest(), count


def _plain(value: Any) -> Any:
    """Moments as text, dictionaries in key order, so that both engines give the same digest."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return value


def _link_hash(previous: str, log: str, first: int, last: int, rows: int, digest: str) -> str:
    return hashlib.sha256(f"{previous}|{log}|{first}|{last}|{rows}|{digest}".encode()).hexdigest()
