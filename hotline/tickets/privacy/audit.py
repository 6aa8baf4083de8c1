"""The book of sensitive actions, and the chain of seals that shows whether anybody tampered with it or with the story."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.tickets.roles import Actor
from hotline.tickets.states import State
from models import Audit, RowSeal, Seal, Ticket, TicketEvent
from models.store.db import write_json
from models.store.hidden import as_stored, told

SETTLED = timedelta(minutes=2)
"""No transaction lives this long, so every row older than this is there to be sealed."""

FIRST = "0" * 64
PLAIN, KEYED = 1, 2
"""The versions of a link: a plain SHA-256, or an HMAC with the key of the installation."""

LOGS: dict[str, type[Audit] | type[TicketEvent] | type[RowSeal]] = {
    "audit": Audit,
    "ticket_event": TicketEvent,
    "row_seal": RowSeal,
}


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


def seal(db: Session, now: datetime, most: int = 5000, key: bytes = b"") -> int:
    """Seal the settled rows of all logs into the chain; returns how many rows were sealed.

    key: of this installation, kept outside the database: without it nobody can make the chain anew.
    """
    return sum(_seal_log(db, log, now, most, key) for log in LOGS)


@dataclass(frozen=True)
class Verdict:
    """links and rows checked; problems are sentences, empty when the books are whole."""

    links: int
    rows: int
    problems: list[str]


@dataclass(frozen=True)
class Head:
    """How long the chain was and what its last link was, as it was told outside the database."""

    links: int
    seal_id: int
    hash: str


def head_of(db: Session) -> Head | None:
    """The end of the chain as it is now."""
    last = db.execute(select(Seal.id, Seal.hash).order_by(Seal.id.desc()).limit(1)).one_or_none()
    return Head(db.scalar(select(func.count()).select_from(Seal)) or 0, last.id, last.hash) if last else None


def verify(db: Session, key: bytes = b"", heads: Iterable[Head] = ()) -> Verdict:
    """Recompute the whole chain. A changed, removed or slipped-in row breaks its link and is named; with the heads that were
    told outside, a chain that was cut off, emptied or made anew is found as well."""
    problems: list[str] = []
    previous, rows, links, keyed = FIRST, 0, 0, False
    ends: dict[int, tuple[int, str]] = {}
    next_row = dict.fromkeys(LOGS, 1)
    for link in db.scalars(select(Seal).order_by(Seal.id)):
        links, rows = links + 1, rows + link.rows
        problems += _row_problems(db, link, key)
        expected = _link_hash(link, link.previous, key)
        if link.previous != previous or link.hash != expected or link.first_id != next_row.get(link.log):
            problems.append(_("封条 %(id)d 与前一条接不上。", id=link.id))
        if keyed and link.version < KEYED:
            problems.append(_("封条 %(id)d 没有密钥，而它之前的有：链条被人重做过。", id=link.id))
        keyed = keyed or link.version >= KEYED
        previous, next_row[link.log], ends[link.id] = link.hash, link.last_id + 1, (links, link.hash)
    return Verdict(links, rows, [*problems, *_missing_ends(ends, heads), *_emptied(db)])


def _missing_ends(ends: dict[int, tuple[int, str]], heads: Iterable[Head]) -> list[str]:
    """What was told outside must still be there."""
    return [
        _(
            "已对外公布的封条 %(id)d（当时共 %(n)d 条）不在链条里：日志被截断、清空或重做过。",
            id=head.seal_id,
            n=head.links,
        )
        for head in heads
        if ends.get(head.seal_id) != (head.links, head.hash)
    ]


def _emptied(db: Session) -> list[str]:
    """Every ticket that was handed in has a story; a draft has none yet."""
    told = select(TicketEvent.id).where(TicketEvent.ticket_id == Ticket.id).exists()
    silent = db.scalar(select(func.count()).select_from(Ticket).where(Ticket.state != State.DRAFT, ~told)) or 0
    return [_("有 %(n)d 张工单没有任何办理记录：日志被删除过。", n=silent)] if silent else []


def _row_problems(db: Session, link: Seal, key: bytes) -> list[str]:
    """What became of the rows under one link; by their marks it is said which."""
    digest, marks = _digest(db, link.log, link.first_id, link.last_id, key)
    said = {"log": link.log, "a": link.first_id, "b": link.last_id, "which": _which(link.marks, marks)}
    if len(marks) != link.rows:
        return [
            _("%(log)s 第 %(a)d–%(b)d 行应有 %(n)d 行，现有 %(m)d 行%(which)s。", n=link.rows, m=len(marks), **said)
        ]
    if digest != link.digest:
        return [_("%(log)s 第 %(a)d–%(b)d 行的内容被改动过%(which)s。", **said)]
    return []


def _which(then: str | None, now: dict[int, str]) -> str:
    """The rows that are not as they were; older links know only that something is not."""
    if not then:
        return ""
    was = {int(row): mark for row, _colon, mark in (one.partition(":") for one in then.split(","))}
    rows = sorted(row for row in was.keys() | now.keys() if was.get(row) != now.get(row))
    named = "、".join(str(row) for row in rows[:20])
    return _("（第 %(rows)s 行）", rows=named) if rows else ""


def _seal_log(db: Session, log: str, now: datetime, most: int, key: bytes) -> int:
    table = LOGS[log]
    sealed = db.scalar(select(func.max(Seal.last_id)).where(Seal.log == log)) or 0
    ids = db.scalars(
        select(table.id).where(table.id > sealed, table.at < now - SETTLED).order_by(table.id).limit(most)
    ).all()
    if not ids:
        return 0
    digest, marks = _digest(db, log, sealed + 1, ids[-1], key)
    link = Seal(
        log=log,
        first_id=sealed + 1,
        last_id=ids[-1],
        rows=len(marks),
        digest=digest,
        marks=",".join(f"{row}:{mark}" for row, mark in marks.items()),
        previous=db.scalar(select(Seal.hash).order_by(Seal.id.desc()).limit(1)) or FIRST,
        version=KEYED if key else PLAIN,
        sealed_at=now,
    )
    link.hash = _link_hash(link, link.previous, key)
    db.add(link)
    db.flush()
    return len(marks)


def _digest(db: Session, log: str, first: int, last: int, key: bytes) -> tuple[str, dict[int, str]]:
    """SHA-256 over the canonical JSON of the rows, in order; and a short mark of each row by its number."""
    table = LOGS[log]
    columns, dialect = list(table.__table__.columns), db.get_bind().dialect
    summed, marks, at = hashlib.sha256(), {}, [column.key for column in columns].index("id")
    wanted = select(*map(as_stored, columns)).where(table.id.between(first, last)).order_by(table.id)
    for row in db.execute(wanted):
        values = (told(column, one, dialect) for column, one in zip(columns, row, strict=True))
        line = write_json([_plain(value) for value in values]).encode() + b"\n"
        summed.update(line)
        marks[int(row[at])] = hmac.new(key or b"plain", line, hashlib.sha256).hexdigest()[:12]
    return summed.hexdigest(), marks


def _plain(value: Any) -> Any:
    """Moments as text, dictionaries in key order, so that both engines give the same digest."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    return value


def _link_hash(link: Seal, previous: str, key: bytes) -> str:
    """Plain links (version 1) are those of earlier releases and still verify; keyed ones need the key."""
    said = f"{previous}|{link.log}|{link.first_id}|{link.last_id}|{link.rows}|{link.digest}"
    if link.version < KEYED:
        return hashlib.sha256(said.encode()).hexdigest()
    said += f"|{link.version}|{link.marks or ''}|{link.sealed_at.isoformat()}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
