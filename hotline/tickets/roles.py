"""Who acts, and who may: roles as words, permissions as readable predicates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from hotline.city.schema import City
from hotline.i18n import N_
from models import Staff, Ticket


class Role(StrEnum):
    """The hats of domain's trade; one person may wear several."""

    AGENT = "agent"
    LEAD_AGENT = "lead_agent"
    DISPATCHER = "dispatcher"
    REVIEWER = "reviewer"
    FOLLOW_UP = "follow_up"
    SUPERVISOR = "supervisor"
    QUALITY = "quality"
    KNOWLEDGE = "knowledge"
    HANDLER = "handler"
    UNIT_LEADER = "unit_leader"
    HEAD = "head"
    CITY_LEADER = "city_leader"
    DISCIPLINE = "discipline"
    MEDIA = "media"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


ROLE_NAMES: dict[Role, str] = {
    Role.AGENT: N_("话务员"),
    Role.LEAD_AGENT: N_("班长"),
    Role.DISPATCHER: N_("派单员"),
    Role.REVIEWER: N_("审核员"),
    Role.FOLLOW_UP: N_("回访员"),
    Role.SUPERVISOR: N_("督办员"),
    Role.QUALITY: N_("质检员"),
    Role.KNOWLEDGE: N_("知识库管理员"),
    Role.HANDLER: N_("承办人"),
    Role.UNIT_LEADER: N_("单位负责人"),
    Role.HEAD: N_("热线领导"),
    Role.CITY_LEADER: N_("市领导"),
    Role.DISCIPLINE: N_("纪检监察"),
    Role.MEDIA: N_("媒体"),
    Role.ADMINISTRATOR: N_("系统管理员"),
    Role.AUDITOR: N_("安全审计员"),
}

ALONE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""The powers apart: who makes accounts, who reads the book, and everybody who works on matters are different people."""

UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_LEADER})
CENTRE_ROLES = frozenset(
    {
        Role.AGENT,
        Role.LEAD_AGENT,
        Role.DISPATCHER,
        Role.REVIEWER,
        Role.FOLLOW_UP,
        Role.SUPERVISOR,
        Role.QUALITY,
        Role.HEAD,
    }
)
SEALED_ROLES = frozenset({Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR, Role.HEAD})

POWERFUL = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.DISCIPLINE}) | SEALED_ROLES
"""Roles that rule or that see informants: given, and changed, by two."""

EXPORTERS = frozenset(
    {
        Role.SUPERVISOR,
        Role.HEAD,
        Role.QUALITY,
        Role.LEAD_AGENT,
        Role.DISPATCHER,
        Role.REVIEWER,
        Role.UNIT_LEADER,
        Role.CITY_LEADER,
        Role.DISCIPLINE,
    }
)
"""Who takes lists of matters away as files."""


@dataclass(frozen=True)
class Actor:
    """Somebody who does something: a staff member, a citizen, the clock or the system.

    unit_code: the staff member's unit. units: that unit and, for its people, every unit below it.
    citizen_id: set for citizens only. source, towns, sees_all, grants: a machine's token: what it handed in, whose towns'
    matters it sees, whether it sees every matter, and the actions it was granted by name. signs: the units whose replies this
    person signs off, as their leader or as the deputy whom the leader named. limits: of roles that are worn in parts only, the
    permissions that go with them.
    """

    kind: str
    id: int | None
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    unit_code: str | None = None
    units: frozenset[str] = field(default_factory=frozenset)
    citizen_id: int | None = None
    source: str | None = None
    towns: frozenset[str] = field(default_factory=frozenset)
    sees_all: bool = False
    grants: frozenset[str] = field(default_factory=frozenset)
    signs: frozenset[str] = field(default_factory=frozenset)
    limits: tuple[tuple[Role, frozenset[str]], ...] = ()

    def doing(self, what: str) -> Actor:
        """This person with only the hats that go with this permission ("action:redo"); who wears them whole is as they are."""
        idle = {role for role, may in self.limits if what not in may}
        if not idle:
            return self
        signs = frozenset() if Role.UNIT_LEADER in idle else self.signs
        return replace(self, roles=self.roles - idle, signs=signs)

    def is_(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


CLOCK = Actor("clock", None, "时钟")
SYSTEM = Actor("system", None, "系统")


def a_citizen(ticket: Ticket, name: str = "市民") -> Actor:
    """The citizen to whom the ticket belongs, who proved it by query code, phone or survey link."""
    return Actor("citizen", None, name, citizen_id=ticket.citizen_id or -ticket.id)


def voice(own: Ticket, master: Ticket) -> Actor:
    """The citizen as an actor on the ticket that is handled; a merged citizen is told apart by their own number."""
    return a_citizen(own) if own.id == master.id else a_citizen(master, f"市民（{own.number}）")


def actor_of(staff: Staff, city: City, now: datetime | None = None) -> Actor:
    """The person as rules see them: roles, unit, and the units below for its leaders and handlers.

    now: a deputy's mandate that is over by then counts no more, also before the clock has cleared it away.
    """
    known = frozenset(Role(role) for role in staff.roles if role in Role.__members__.values())
    units = frozenset(city.unit_and_below(staff.unit_code)) if staff.unit_code else frozenset()
    signs = units if Role.UNIT_LEADER in known else frozenset()
    if staff.signs_for and known & UNIT_ROLES and staff.signs_for in units and _still_signs(staff, now):
        signs |= frozenset(city.unit_and_below(staff.signs_for))
    limits = tuple((role, frozenset(staff.limits[role])) for role in sorted(known) if role in staff.limits)
    return Actor("staff", staff.id, staff.name, known, staff.unit_code, units, signs=signs, limits=limits)


def _still_signs(staff: Staff, now: datetime | None) -> bool:
    return now is None or staff.signs_until is None or now < staff.signs_until


Who = Callable[[Actor, Ticket], bool]


def agent(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.AGENT, Role.LEAD_AGENT)


def own_agent(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.LEAD_AGENT) or (actor.is_(Role.AGENT) and actor.id == ticket.agent_id)


def lead_agent(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.LEAD_AGENT)


def dispatcher(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.DISPATCHER)


def reviewer(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.REVIEWER)


def follow_up(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.FOLLOW_UP)


def supervisor(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.SUPERVISOR)


def head(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.HEAD)


def city_leader(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.CITY_LEADER)


def discipline(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.DISCIPLINE) and ticket.for_discipline


def media(actor: Actor, ticket: Ticket) -> bool:
    return actor.is_(Role.MEDIA)


def clock(actor: Actor, ticket: Ticket) -> bool:
    return actor.kind == "clock"


def system(actor: Actor, ticket: Ticket) -> bool:
    return actor.kind == "system"


def citizen(actor: Actor, ticket: Ticket) -> bool:
    return actor.kind == "citizen" and actor.citizen_id == (ticket.citizen_id or -ticket.id)


def unit(actor: Actor, ticket: Ticket) -> bool:
    """A handler or leader of the lead unit, of the sub-unit it was delegated to, or of a unit above them."""
    return actor.is_(*UNIT_ROLES) and bool(actor.units & {ticket.unit_code, ticket.desk_code})


def lead_unit(actor: Actor, ticket: Ticket) -> bool:
    """As `unit`, but not the sub-unit: it cannot pass on what was passed to it."""
    return actor.is_(*UNIT_ROLES) and ticket.unit_code in actor.units


def signer(actor: Actor, ticket: Ticket) -> bool:
    """The leader of the lead unit or of one above it, or the deputy of their days of absence."""
    return actor.kind == "staff" and ticket.unit_code in actor.signs


def helper(actor: Actor, ticket: Ticket) -> bool:
    """A handler of a unit that helps, or of a sub-unit, and may tell the lead what it did."""
    return actor.is_(*UNIT_ROLES) and any(
        a.unit_code in actor.units and a.ended_at is None and a.part in ("helper", "sub") for a in ticket.assignments
    )


def disputing(actor: Actor, ticket: Ticket) -> bool:
    """A handler of a unit that was asked for its view of a dispute, or of the one whose objection led to it."""
    return actor.is_(*UNIT_ROLES) and any(a.unit_code in actor.units and a.ended_at is None for a in ticket.assignments)


def staff(actor: Actor, ticket: Ticket) -> bool:
    return actor.kind == "staff" and (actor.is_(*CENTRE_ROLES) or unit(actor, ticket) or helper(actor, ticket))


OF_ROLES: dict[Who, frozenset[Role]] = {
    agent: frozenset({Role.AGENT, Role.LEAD_AGENT}),
    own_agent: frozenset({Role.AGENT, Role.LEAD_AGENT}),
    unit: UNIT_ROLES,
    lead_unit: UNIT_ROLES,
    helper: UNIT_ROLES,
    disputing: UNIT_ROLES,
    signer: UNIT_ROLES,
    staff: CENTRE_ROLES | UNIT_ROLES,
}
"""Of which roles a predicate speaks whose name is no role's."""


def speaks_of(who: Who, role: Role) -> bool:
    """Whether this predicate may be true of somebody in this role."""
    return role in OF_ROLES[who] if who in OF_ROLES else who.__name__ == role.value


# --- machines ----------------------------------------------------------------------------------------------------------

AT_THE_CENTRE = frozenset({agent, own_agent, dispatcher, staff})
AT_A_UNIT = frozenset({unit, lead_unit, helper, disputing})


def machine(actor: Actor, ticket: Ticket, action: str, places: tuple[Who, ...]) -> bool:
    """A machine does what it was granted by name: as a handler of its units, and in the place of an agent or dispatcher
    with what its own source handed in (or with everything, if it sees everything). It never judges or answers for people.
    """
    if action not in actor.grants or ticket.privacy == "sealed":
        return False
    if any(place(actor, ticket) for place in places if place in AT_A_UNIT):
        return True
    at_work = unit(actor, ticket) or helper(actor, ticket)
    own = actor.sees_all or (actor.source is not None and ticket.outer_source == actor.source)
    return (staff in places and at_work) or (own and any(place in AT_THE_CENTRE for place in places))
