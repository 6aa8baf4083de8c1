"""What platforms above demand of matters they handed in, as deeds of the life-cycle: urges, returns, supervision, a later date.

A demand never overrules a desk: a reply that waits for review is supervised and not taken away from the reviewer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import _, speaking
from hotline.intake.first_told import as_first_told
from hotline.messages.notices import tell_role
from hotline.tickets.act import act, lock
from hotline.tickets.display.citizen_view import master_of
from hotline.tickets.names import ActionName as Do
from hotline.tickets.roles import Actor, Role
from hotline.tickets.states import SUBMITTED, State
from models import Ticket, TicketEvent
from webhooks.events import DemandReceived, OfAMatter, ResultReceived

AGAIN = frozenset({State.TO_FOLLOW_UP, State.CLOSED})
"""Where a return from above starts a new round at once."""

ANEW = frozenset({State.ARCHIVED, State.DECLINED, State.TRANSFERRED})
RETURNED = "R02"
"""The reason that stands for "does not answer the request" in every city that keeps the trade's list."""


def ticket_of(db: Session, city: City, event: OfAMatter) -> Ticket:
    """The matter that the platform speaks of: one it handed in, or one that was handed over to it. Raises NotFound."""
    own = handed_in(db, event.provider, event.outer_number)
    if own is None and event.ticket_number:
        number = event.ticket_number.partition("-")[0]  # handed over once more it bears "-2"
        named = db.scalar(select(Ticket).where(Ticket.number == number))
        own = named if named is not None and _is_theirs(db, city, named, event.provider) else None
    if own is None:
        raise NotFound(_("没有这张工单。"))
    return own


def handed_in(db: Session, provider: str, outer_number: str) -> Ticket | None:
    """The matter that this platform brought under this number of its own."""
    number = as_first_told(db, provider, outer_number)
    return db.scalar(select(Ticket).where(Ticket.outer_source == provider, Ticket.outer_number == number))


def take(db: Session, city: City, event: DemandReceived) -> Ticket:
    """Do what is demanded, by the platform's own name. Raises NotFound, or Refusal when nothing can be done any more."""
    ticket = lock(db, master_of(db, ticket_of(db, city, event)).id)
    by = platform(city, event.provider)
    action, said = _deed(city, ticket, event)
    act(db, city, ticket, action, by, event.at, said)
    return ticket


def platform(city: City, name: str) -> Actor:
    """The platform as an actor: it acts by rows that are for the system, under its own name."""
    known = city.subscription(name)
    return Actor("system", None, known.title if known is not None else name, source=name)


def _deed(city: City, ticket: Ticket, event: DemandReceived) -> tuple[Do, dict[str, Any]]:
    """The action, and what its form says."""
    state, text = State(ticket.state), event.text or _("请抓紧办理")
    until = {"until": event.until.isoformat()} if event.until is not None and event.until > event.at else {}
    if event.demand == "extend" and event.until is None:
        raise Refusal(_("请写明新的期限。"), field="until")
    if event.demand == "extend" and not until:
        raise Refusal(_("新的期限已经过去。"), field="until")
    if event.demand == "extend" and event.until is not None and state in SUBMITTED:
        return Do.MOVE_OUTER_DATE, {"until": event.until.isoformat(), "text": event.text}
    if event.demand == "return" and state in AGAIN and ticket.unit_code:
        return Do.REDO, {"reasons": [_reason(city)], "note": text}
    if event.demand == "return" and state in ANEW | {State.CLOSED}:
        return Do.REOPEN, {"reason": text}
    if state not in SUBMITTED:
        return Do.NOTE, {"text": text}
    supervised = event.demand in ("return", "supervise") and not ticket.supervised
    return (Do.SUPERVISE if supervised else Do.URGE_UNIT), {"text": text, **until}


def _reason(city: City) -> str:
    return RETURNED if RETURNED in city.reasons else next(iter(city.reasons))


def _is_theirs(db: Session, city: City, ticket: Ticket, name: str) -> bool:
    """Handed over to a body of this platform, or lying with a unit of it: nobody speaks of others' matters."""
    known = city.subscription(name)
    if known is None:
        return False
    return bool(known.units & {ticket.unit_code, ticket.desk_code}) or bool(known.bodies & bodies_of(db, ticket))


def bodies_of(db: Session, ticket: Ticket) -> set[str]:
    """To whom it was handed over."""
    wanted = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Do.TRANSFER_OUT)
    return {str(event.data.get("body")) for event in db.scalars(wanted)}


def note_result(db: Session, city: City, event: ResultReceived) -> Ticket:
    """The body's own number is told to the citizen in words of ours; what the body writes a person reads first, on the ticket."""
    ticket = lock(db, ticket_of(db, city, event).id)
    by = platform(city, event.provider)
    if event.reference:
        keep_reference(db, city, ticket, by, event.reference, event.at)
    if event.text:
        with speaking("zh"):
            words = _("%(body)s反馈：%(text)s", body=by.name, text=event.text)
        act(db, city, ticket, Do.NOTE, by, event.at, {"text": words})
        tell_role(db, city, ticket, "hand_over_heard", Role.DISPATCHER, event.at)
    return ticket


def keep_reference(db: Session, city: City, ticket: Ticket, by: Actor, reference: str, now: datetime) -> None:
    """The number under which a body handles what was handed over to it; told again it is known."""
    if ticket.state != State.TRANSFERRED or _knows(db, ticket, reference):
        return
    with speaking("zh"):
        said = {"reference": reference, "text": _("对方已受理，编号 %(number)s", number=reference)}
    act(db, city, ticket, Do.TRANSFER_RESULT, by, now, said)


def _knows(db: Session, ticket: Ticket, reference: str) -> bool:
    told = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Do.TRANSFER_RESULT)
    return any(event.data.get("reference") == reference for event in db.scalars(told))
