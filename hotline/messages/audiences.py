"""To whom a row of the table is told: the citizens behind a ticket, or the screens of units, roles and single persons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.tickets.citizens.merged import everybody_behind
from hotline.tickets.disputes import parties
from hotline.tickets.petitions import DECIDERS, PETITIONS
from hotline.tickets.reply_rules import assisting as helping
from hotline.tickets.reply_rules.signers import SIGN_OFF, nearest, signers_for
from hotline.tickets.reply_rules.signing import needs_sign_off
from hotline.tickets.roles import Role
from hotline.tickets.states import State
from models import Citizen, Directive, Petition, Ticket, TicketEvent


@dataclass(frozen=True)
class Case:
    """What a notice is made from."""

    db: Session
    city: City
    ticket: Ticket
    event: TicketEvent
    now: datetime
    public_url: str

    def said(self, name: str) -> Any:
        return self.event.data.get(name)


@dataclass(frozen=True)
class Target:
    """One screen: everybody of a unit, of a role, of both, or one person."""

    unit: str | None = None
    role: Role | None = None
    staff_id: int | None = None


Behind = tuple[Ticket, Citizen | None]
CitizenAudience = Callable[[Case], list[Behind]]
StaffAudience = Callable[[Case], list[Target]]


# --- citizens ----------------------------------------------------------------------------------------------------------


def citizens(case: Case) -> list[Behind]:
    """Everybody behind the ticket, each under their own number."""
    return everybody_behind(case.db, case.ticket)


def first_citizen(case: Case) -> list[Behind]:
    return citizens(case)[:1]


def own_citizen(case: Case) -> list[Behind]:
    """The ticket's own citizen, merged or not."""
    return [(case.ticket, case.ticket.citizen)]


# --- staff -------------------------------------------------------------------------------------------------------------


def unit(case: Case) -> list[Target]:
    """The lead unit, and the sub-unit on whose desk it lies."""
    return at_work(case.ticket)


def unit_or_dispatcher(case: Case) -> list[Target]:
    return at_work(case.ticket) or [Target(role=Role.DISPATCHER)]


def unit_leader(case: Case) -> list[Target]:
    return [Target(case.ticket.unit_code, Role.UNIT_LEADER)] if case.ticket.unit_code else []


def desk(case: Case) -> list[Target]:
    return [Target(case.ticket.desk_code)]


def helpers(case: Case) -> list[Target]:
    return [
        Target(held.unit_code) for held in case.ticket.assignments if held.part == "helper" and held.ended_at is None
    ]


def silent_helpers(case: Case) -> list[Target]:
    return [Target(held.unit_code) for held in helping.silent_helpers(case.ticket)]


def new_helpers(case: Case) -> list[Target]:
    """Those whom this very event called in."""
    return [Target(held.unit_code) for held in helping.helpers_of(case.ticket) if held.started_at == case.event.at]


def newly_heard(case: Case) -> list[Target]:
    """Those whom this very event asked for their view."""
    return [Target(held.unit_code) for held in parties.heard_units(case.ticket) if held.started_at == case.event.at]


def other_parties(case: Case) -> list[Target]:
    """Who was heard or objected in the dispute, and does not handle it now."""
    involved = {
        held.unit_code
        for held in case.ticket.assignments
        if (held.part == parties.PART and held.ended_at is None) or held.ended_at == case.event.at
    }
    return [Target(unit) for unit in sorted(involved - {case.ticket.unit_code})]


def who_rules(case: Case) -> list[Target]:
    return [Target(role=Role.DISPATCHER), Target(role=Role.SUPERVISOR)]


def handler(case: Case) -> list[Target]:
    """The person of the unit whose ticket it is, unless they took it themselves."""
    who = case.ticket.handler_id
    return [Target(staff_id=who)] if who is not None and who != case.event.actor_id else []


def taken_in_by(case: Case) -> list[Target]:
    """The agent who took the ticket in."""
    who = case.ticket.agent_id
    return [Target(staff_id=who)] if who is not None and who != case.event.actor_id else []


def released_units(case: Case) -> list[Target]:
    """The units that the event took the ticket from."""
    return [Target(held.unit_code) for held in case.ticket.assignments if held.ended_at == case.event.at]


def dispatchers(case: Case) -> list[Target]:
    return [Target(role=Role.DISPATCHER)]


def supervisors(case: Case) -> list[Target]:
    return [Target(role=Role.SUPERVISOR)]


def follow_up(case: Case) -> list[Target]:
    return [Target(role=Role.FOLLOW_UP)]


def deciders(case: Case) -> list[Target]:
    """Those who may decide the petition, by the predicates in its table."""
    if case.said("kind") != SIGN_OFF:
        return [Target(role=DECIDERS[may]) for may in PETITIONS[case.said("kind")].decides]
    return _signers(case) if needs_sign_off(case.ticket) else [Target(case.ticket.unit_code)]


def _signers(case: Case) -> list[Target]:
    """The nearest who may sign: leaders by their unit's screen, deputies by name, never the author alone."""
    able = signers_for(case.db, case.city, case.ticket, case.event.actor_id)
    near = nearest(case.city, case.ticket, able)
    units = {one.unit_code for one in near if Role.UNIT_LEADER in one.roles} if near else {case.ticket.unit_code}
    deputies = [one.id for one in near if Role.UNIT_LEADER not in one.roles]
    return [*(Target(unit, Role.UNIT_LEADER) for unit in units), *(Target(staff_id=one) for one in deputies)]


def asker(case: Case) -> list[Target]:
    petition = case.db.get(Petition, case.said("petition_id"))
    return [Target(staff_id=petition.asked_by_id)] if petition and petition.asked_by_id else []


def at_the_desk(case: Case) -> list[Target]:
    """Whom the ticket waits for now: its unit, or the desk of the hotline that has it."""
    return desks_of(case.ticket, early=False)


def named_readers(case: Case) -> list[Target]:
    """Of an instruction only those whom its writer named."""
    named = case.said("readers") or ()
    roles = [Target(role=Role(name)) for name in named if name != "unit"]
    return ([*at_work(case.ticket)] if "unit" in named else []) + roles


def giver(case: Case) -> list[Target]:
    """Who demanded it; what the rules demanded, the supervisors did."""
    found = case.db.get(Directive, case.said("directive_id") or 0)
    if found is None:
        return []
    return [Target(staff_id=found.given_by_id) if found.given_by_id else Target(role=Role.SUPERVISOR)]


# --- whom a ticket waits for ---------------------------------------------------------------------------------------------


def at_work(ticket: Ticket) -> list[Target]:
    """The lead unit, and the sub-unit it passed the ticket to: both must know."""
    return [Target(code) for code in dict.fromkeys((ticket.unit_code, ticket.desk_code)) if code]


DESKS: dict[str, Role] = {
    State.TO_DISPATCH: Role.DISPATCHER,
    State.IN_DISPUTE: Role.DISPATCHER,
    State.IN_OBJECTION: Role.DISPATCHER,
    State.TO_REVIEW: Role.REVIEWER,
    State.TO_FOLLOW_UP: Role.FOLLOW_UP,
}
"""Who can act while a ticket stands there; in every other open state it is with its unit."""


def desks_of(ticket: Ticket, early: bool) -> list[Target]:
    """Whom the ticket waits for. What is nearly late concerns the lead unit too, which passed it on and stays responsible."""
    if ticket.state in DESKS or not ticket.unit_code:
        return [Target(role=DESKS.get(ticket.state, Role.DISPATCHER))]
    return [Target(ticket.desk_code or ticket.unit_code)] if early else at_work(ticket)


def discreet(ticket: Ticket, target: Target) -> Target:
    """Of a sealed ticket only those learn who may open it: a unit's leader, and the supervisors instead of follow-up."""
    if ticket.privacy != "sealed" or target.staff_id:
        return target
    if target.unit:
        return replace(target, role=Role.UNIT_LEADER)
    return Target(role=Role.SUPERVISOR) if target.role == Role.FOLLOW_UP else target
