"""Whoever leaves a unit, or the hotline, keeps nothing of it: no ticket in hand, no reply that waits for a signature, no deputy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.staff import deputies
from hotline.tickets.act import act, lock_all
from hotline.tickets.effects.assigning import works_on
from hotline.tickets.lifecycle import MOVES
from hotline.tickets.names import ActionName as Do
from hotline.tickets.reply_rules.signers import SIGN_OFF
from hotline.tickets.roles import SYSTEM
from models import Petition, Staff, Ticket

_AT = next(move.at for move in MOVES if move.action == Do.COLLEAGUE_LEFT)


def let_go(db: Session, city: City, staff: Staff, now: datetime) -> int:
    """After a change of unit, of roles, or of whether the person works here at all. Says how many tickets went back to their unit.

    What the new place still carries stays: a leader of the unit above keeps the matters of the units below.
    """
    db.flush()
    deputies.end_of(db, staff)
    left = [one for one in lock_all(db, _in_hand(db, staff)) if not works_on(city, staff, one)]
    for ticket in left:
        act(db, city, ticket, Do.COLLEAGUE_LEFT, SYSTEM, now, {"staff": str(staff.id)})
    return len(left)


def _in_hand(db: Session, staff: Staff) -> set[int]:
    """The open tickets that lie with this person, or whose reply they have sent to be signed."""
    held = select(Ticket.id).where(Ticket.handler_id == staff.id, Ticket.state.in_(_AT))
    sent = select(Petition.ticket_id).where(
        Petition.kind == SIGN_OFF, Petition.state == "asked", Petition.asked_by_id == staff.id
    )
    return {*db.scalars(held), *db.scalars(sent)}
