"""Who puts their name to a reply that must be signed: not whoever wrote it, as long as anybody else can."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.tickets import roles
from hotline.tickets.privacy.visibility import may_see
from hotline.tickets.roles import Actor, actor_of
from models import Petition, Staff, Ticket

SIGN_OFF = "sign_off"


def may_sign(actor: Actor, ticket: Ticket) -> bool:
    """The leader of the lead unit or of one above it, or the deputy, with the hats that go with signing."""
    return roles.signer(actor.doing(f"decide:{SIGN_OFF}"), ticket)


def signers_for(db: Session, city: City, ticket: Ticket, author_id: int | None) -> list[Staff]:
    """Who may sign this author's reply, the nearest first: another than the author, and who wrote none of this round's replies.

    Where everybody else has written one too, they may sign each other's. Nobody: the author is the only one there is.
    """
    others = [one for one in _signers(db, city, ticket) if one.id != author_id]
    wrote = set(_who_wrote(db, ticket))
    return [one for one in others if one.id not in wrote] or others


def nearest(city: City, ticket: Ticket, people: list[Staff]) -> list[Staff]:
    """Those of them who sign for the lead unit itself, or else for the first unit above it that has somebody."""
    levels = [_level(city, ticket, one) for one in people]
    return [one for one, level in zip(people, levels, strict=True) if level == min(levels)]


def _signers(db: Session, city: City, ticket: Ticket) -> list[Staff]:
    """Everybody whose account may sign for the lead unit."""
    line = city.unit_and_above(ticket.unit_code or "")
    around = or_(Staff.unit_code.in_(line), Staff.signs_for.in_(line))
    people = db.scalars(select(Staff).where(Staff.active.is_(True), around).order_by(Staff.id))
    able = [one for one in people if _able(db, city, ticket, one)]
    return sorted(able, key=lambda one: _level(city, ticket, one))


def _able(db: Session, city: City, ticket: Ticket, one: Staff) -> bool:
    actor = actor_of(one, city)
    return may_sign(actor, ticket) and (ticket.privacy != "sealed" or may_see(db, actor, ticket.id))


def _level(city: City, ticket: Ticket, one: Staff) -> int:
    """How many units above the lead unit this person signs for it."""
    line = city.unit_and_above(ticket.unit_code or "")
    return min(line.index(unit) for unit in (one.unit_code, one.signs_for) if unit in line)


def _who_wrote(db: Session, ticket: Ticket) -> list[int | None]:
    """Who has sent a reply of this round to be signed; the words of one that came back are easily handed in by another."""
    sent = select(Petition.asked_by_id).where(
        Petition.ticket_id == ticket.id, Petition.kind == SIGN_OFF, Petition.round == ticket.round
    )
    return list(db.scalars(sent))
