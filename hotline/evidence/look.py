"""Looks at a reply with everything that is known by now, and keeps what speaks against it as rows.

Called by a job after the reply, after the citizen's answer and after a new call from the same place; never while a page is
shown. A finding that no longer stands goes, unless a person has judged it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.evidence.checks import ROW_CHECKS, Asked
from hotline.evidence.kinds import Kind
from hotline.evidence.pictures import shown_before
from hotline.evidence.places import place_ticket
from hotline.evidence.words import copied_from, replies_of
from hotline.metrics.days.changes import note_changed
from models import Reply, ReplyFinding, Ticket
from models.store.rows import insert_once


def look_at(db: Session, city: City, folder: Path, reply: Reply, now: datetime) -> list[Kind]:
    """The kinds that stand against this final reply now. folder: where attachments lie. Commits nothing."""
    ticket = db.get_one(Ticket, reply.ticket_id)
    asked = Asked(db, city, ticket, reply)
    place_ticket(db, city, ticket)
    found: dict[Kind, dict[str, Any]] = {
        kind: proof for kind, check in ROW_CHECKS.items() if (proof := check(asked)) is not None
    }
    if others := copied_from(asked):
        found[Kind.COPIED] = {"replies": others}
        _tell_the_others(asked, others, now)
    if shown := shown_before(asked, folder):
        found[Kind.OLD_PHOTO] = {
            "picture": shown.picture,
            "before": shown.before,
            "ticket": shown.ticket,
            "differs": shown.differs,
        }
    _keep(db, reply, found, now)
    return sorted(found)


def _keep(db: Session, reply: Reply, found: dict[Kind, dict[str, Any]], now: datetime) -> None:
    held = {row.kind: row for row in db.scalars(select(ReplyFinding).where(ReplyFinding.reply_id == reply.id))}
    for name, row in held.items():
        if name not in found and row.verdict is None and name != Kind.COPIED:
            db.delete(row)
            note_changed(db, [row.ticket_id])
    for kind, proof in found.items():
        if (known := held.get(kind)) is not None:
            known.evidence = proof
        else:
            _add(db, reply, kind, proof, now)
    db.flush()


def _tell_the_others(asked: Asked, others: list[int], now: datetime) -> None:
    """The earlier ones were alone when they were looked at; now they are many."""
    for other in replies_of(asked, others):
        mates = [asked.reply.id, *(one for one in others if one != other.id)]
        _add(asked.db, other, Kind.COPIED, {"replies": mates}, now)


def _add(db: Session, reply: Reply, kind: Kind, proof: dict[str, Any], now: datetime) -> None:
    made = insert_once(
        db,
        ReplyFinding,
        ["reply_id", "kind"],
        ticket_id=reply.ticket_id,
        reply_id=reply.id,
        round=reply.round,
        unit_code=reply.unit_code,
        kind=kind.value,
        found_at=now,
        replied_at=reply.at,
        evidence=proof,
    )
    if made is not None:
        note_changed(db, [reply.ticket_id])
