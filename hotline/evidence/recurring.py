"""A new ticket about what a unit has called solved: found when it is dispatched, kept as a row, counted for 90 days."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from classifier.nearness import ALIKE, near
from hotline.city.schema import City
from hotline.evidence.kinds import LATER
from hotline.evidence.places import place_ticket, same_kind, same_spot
from hotline.metrics.days.changes import note_changed
from models import ExactSpot, Recurrence, Reply, Ticket, TicketText
from models.store.rows import insert_once

MOST = 200
ALIKE_ENOUGH = ALIKE * 0.7
"""Of the same caller and kind, words need not be as near as those of strangers."""

NEVER = ("draft", "void", "merged", "declined", "transferred")


def seek_earlier(db: Session, city: City, ticket: Ticket) -> Recurrence | None:
    """The last reply that called the same matter solved before this ticket came; None when there is none."""
    spot = place_ticket(db, city, ticket)
    held = db.get(Recurrence, ticket.id)
    if held is not None or ticket.category_code is None or ticket.state in NEVER:
        return held
    for earlier, by in _candidates(db, ticket, spot):
        reply = _solved(db, earlier, ticket.created_at)
        if reply is not None:
            _add(db, ticket, earlier, reply, by)
            return db.get_one(Recurrence, ticket.id)
    return None


def _candidates(db: Session, ticket: Ticket, spot: ExactSpot) -> list[tuple[Ticket, str]]:
    """Tickets of the same place and kind, the newest first, then those of the same caller and kind."""
    since = ticket.created_at - LATER - timedelta(days=60)
    found: dict[int, tuple[Ticket, str]] = {}
    if spot.key:
        rows = db.execute(
            select(Ticket, ExactSpot)
            .join(ExactSpot, ExactSpot.ticket_id == Ticket.id)
            .where(ExactSpot.key == spot.key, *_before(ticket, since))
            .order_by(Ticket.id.desc())
            .limit(MOST)
        ).all()
        coarse = {row[0].id for row in rows if not same_spot(spot, row[1]) and not (spot.fine and row[1].fine)}
        near_by = _near(db, ticket, coarse, ALIKE)
        for earlier, other in rows:
            if same_spot(spot, other) or earlier.id in near_by:
                found[earlier.id] = (earlier, "place")
    if ticket.contact_phone:
        theirs = db.scalars(
            select(Ticket)
            .where(Ticket.contact_phone == ticket.contact_phone, *_before(ticket, since))
            .order_by(Ticket.id.desc())
            .limit(MOST)
        ).all()
        near_by = _near(db, ticket, {one.id for one in theirs}, ALIKE_ENOUGH)
        spots = {
            row.ticket_id: row
            for row in db.scalars(select(ExactSpot).where(ExactSpot.ticket_id.in_([one.id for one in theirs])))
        }
        for one in theirs:
            other_place = spots.get(one.id)
            moved = bool(spot.key and other_place and other_place.key and spot.key != other_place.key)
            if one.id in near_by and not moved:
                found.setdefault(one.id, (one, "caller"))
    kept = [pair for pair in found.values() if same_kind(pair[0].category_code, ticket.category_code)]
    return sorted(kept, key=lambda pair: -pair[0].id)


def _before(ticket: Ticket, since: datetime) -> list[ColumnElement[bool]]:
    return [
        Ticket.id != ticket.id,
        Ticket.created_at < ticket.created_at,
        Ticket.created_at > since,
        Ticket.state.not_in(NEVER),
        Ticket.unit_code.is_not(None),
    ]


def _near(db: Session, ticket: Ticket, ids: set[int], least: float) -> set[int]:
    """Those whose words are as near as that."""
    if not ids:
        return set()
    bodies = {
        row.ticket_id: row.body
        for row in db.execute(
            select(TicketText.ticket_id, TicketText.body).where(TicketText.ticket_id.in_([*ids, ticket.id]))
        )
    }
    order = sorted(ids & bodies.keys())
    scored = near(bodies.get(ticket.id, ticket.title), [bodies[one] for one in order], len(order), 2.0)
    return {order[at] for at, score, _words in scored if score >= least}


def _solved(db: Session, earlier: Ticket, before: datetime) -> Reply | None:
    """Its last final reply, when that said "solved" before the new call, not longer ago than is counted."""
    reply = db.scalars(
        select(Reply)
        .where(Reply.ticket_id == earlier.id, Reply.kind == "final", Reply.at <= before)
        .order_by(Reply.id.desc())
        .limit(1)
    ).first()
    return reply if reply is not None and reply.outcome == "solved" and before - reply.at <= LATER else None


def _add(db: Session, ticket: Ticket, earlier: Ticket, reply: Reply, by: str) -> None:
    insert_once(
        db,
        Recurrence,
        ["ticket_id"],
        ticket_id=ticket.id,
        earlier_id=earlier.id,
        reply_id=reply.id,
        unit_code=reply.unit_code,
        category_code=earlier.category_code,
        replied_at=reply.at,
        came_at=ticket.created_at,
        days=(ticket.created_at - reply.at).days,
        by=by,
    )
    note_changed(db, [earlier.id])
