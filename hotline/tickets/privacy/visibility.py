"""Who may see which ticket: one rule, told once as a query filter and asked again for a single ticket.

Lists, searches, exports and single pages all use it, so what a list hides no address can open.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.tickets.disputes.parties import PART
from hotline.tickets.roles import CENTRE_ROLES, SEALED_ROLES, UNIT_ROLES, Actor, Role
from models import Assignment, Ticket


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rows of `ticket` this person may see.

    The centre's people see everything but sealed tickets; sealed ones are for those who must act on them. A unit sees
    the tickets it (or a unit below it) is in charge of now, and sealed ones only through its leader. Discipline and
    media see their own lists. City leaders read everything that is not sealed.
    """
    if actor.kind in ("clock", "system"):
        return true()
    if actor.kind == "machine":
        return _machine_sees(actor)
    seen: list[ColumnElement[bool]] = []
    if actor.is_(*CENTRE_ROLES, Role.CITY_LEADER):
        every = true() if actor.is_(*SEALED_ROLES) else _not_sealed_or_own(actor)
        seen.append(every if actor.is_(Role.LEAD_AGENT) else and_(every, _handed_in_or_own(actor)))
    if actor.is_(*UNIT_ROLES) and actor.units:
        mine = _with_units(actor)
        seen.append(mine if actor.is_(Role.UNIT_LEADER) else and_(mine, Ticket.privacy != "sealed"))
    if actor.is_(Role.DISCIPLINE):
        seen.append(Ticket.for_discipline.is_(True))
    if actor.is_(Role.MEDIA):
        seen.append(and_(Ticket.for_media.is_(True), Ticket.privacy != "sealed"))
    return or_(*seen) if seen else false()


def revealable_by(actor: Actor) -> ColumnElement[bool]:
    """`reveal.may_reveal` as a filter: the tickets whose personal data this person may ask for, and so may search by."""
    if actor.kind in ("clock", "system"):
        return true()
    if actor.kind != "staff":
        return false()
    actor = actor.doing("do:reveal")
    found: list[ColumnElement[bool]] = []
    if actor.is_(*SEALED_ROLES):
        found.append(true())
    elif actor.is_(*CENTRE_ROLES):
        found.append(_not_sealed_or_own(actor))
    if actor.is_(*UNIT_ROLES) and actor.units:
        found.append(and_(_with_units(actor, also_heard=False), Ticket.privacy != "sealed"))
    return or_(*found) if found else false()


def nameable_by(actor: Actor) -> ColumnElement[bool]:
    """Whoever names another ticket learns nothing of one that they may not see; for a citizen the program has found it."""
    return visible_to(actor) if actor.kind in ("staff", "machine") else true()


def may_see(db: Session, actor: Actor, ticket_id: int) -> bool:
    return db.scalar(select(Ticket.id).where(Ticket.id == ticket_id, visible_to(actor))) is not None


def see(db: Session, actor: Actor, number: str) -> Ticket:
    """The ticket with this number. Raises NotFound when there is none or this person may not know that there is."""
    ticket = db.scalar(select(Ticket).where(Ticket.number == number, visible_to(actor)))
    if ticket is None:
        raise NotFound(_("没有工单 %(number)s，或您没有权限查看。", number=number[:24]))
    return ticket


def _machine_sees(actor: Actor) -> ColumnElement[bool]:
    """What its own source handed in, what its units work on and what its towns sent, or everything when it was granted
    that; sealed matters and drafts never."""
    mine: list[ColumnElement[bool]] = [Ticket.outer_source == actor.source] if actor.source else []
    if actor.units:
        mine.append(_with_units(actor))
    if actor.towns:
        mine.append(Ticket.town_code.in_(sorted(actor.towns)))
    every = true() if actor.sees_all else or_(*mine) if mine else false()
    return and_(every, Ticket.privacy != "sealed", Ticket.state != "draft")


def _with_units(actor: Actor, also_heard: bool = True) -> ColumnElement[bool]:
    """Tickets on which a unit of this actor works now. also_heard: or is asked for its view, which opens no personal data."""
    at_work = select(Assignment.id).where(
        Assignment.ticket_id == Ticket.id,
        Assignment.unit_code.in_(sorted(actor.units)),
        Assignment.ended_at.is_(None),
        *(() if also_heard else (Assignment.part != PART,)),
    )
    return exists(at_work.correlate(Ticket))


def _handed_in_or_own(actor: Actor) -> ColumnElement[bool]:
    """What an agent has not handed in yet is theirs; the shift leader sees it too."""
    return or_(Ticket.state != "draft", Ticket.agent_id == actor.id)


def _not_sealed_or_own(actor: Actor) -> ColumnElement[bool]:
    return or_(Ticket.privacy != "sealed", Ticket.agent_id == actor.id)
