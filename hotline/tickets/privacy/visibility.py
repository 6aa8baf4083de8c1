"""Who may see which ticket: one rule, told once as a query filter and asked again for a single ticket.

Lists, searches, exports and single pages all use it, so what a list hides no address can open.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from hotline.errors import NotFound
from hotline.i18n import _
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
    seen: list[ColumnElement[bool]] = []
    if actor.is_(*CENTRE_ROLES, Role.CITY_LEADER):
        seen.append(true() if actor.is_(*SEALED_ROLES) else _not_sealed_or_own(actor))
    if actor.is_(*UNIT_ROLES) and actor.units:
        mine = exists(
            select(Assignment.id).where(
                Assignment.ticket_id == Ticket.id,
                Assignment.unit_code.in_(sorted(actor.units)),
                Assignment.ended_at.is_(None),
            )
        )
        seen.append(mine if actor.is_(Role.UNIT_LEADER) else and_(mine, Ticket.privacy != "sealed"))
    if actor.is_(Role.DISCIPLINE):
        seen.append(Ticket.for_discipline.is_(True))
    if actor.is_(Role.MEDIA):
        seen.append(and_(Ticket.for_media.is_(True), Ticket.privacy != "sealed"))
    return or_(*seen) if seen else false()


def may_see(db: Session, actor: Actor, ticket_id: int) -> bool:
    return db.scalar(select(Ticket.id).where(Ticket.id == ticket_id, visible_to(actor))) is not None


def see(db: Session, actor: Actor, number: str) -> Ticket:
    """The ticket with this number. Raises NotFound when there is none or this person may not know that there is."""
    ticket = db.scalar(select(Ticket).where(Ticket.number == number, visible_to(actor)))
    if ticket is None:
        raise NotFound(_("没有工单 %(number)s，或您没有权限查看。", number=number[:24]))
    return ticket


def _not_sealed_or_own(actor: Actor) -> ColumnElement[bool]:
    return or_(Ticket.privacy != "sealed", Ticket.agent_id == actor.id)
