"""A member of staff as the rules see them, for whichever way in they act by."""

from __future__ import annotations

from hotline.city.schema import City
from hotline.tickets.roles import UNIT_ROLES, Actor, Role
from models import Staff


def actor_of(staff: Staff, city: City) -> Actor:
    """The person as rules see them: roles, unit, and the units below for its leaders and handlers."""
    known = frozenset(Role(role) for role in staff.roles if role in Role.__members__.values())
    units = frozenset(city.unit_and_below(staff.unit_code)) if staff.unit_code else frozenset()
    signs = units if Role.UNIT_LEADER in known else frozenset()
    if staff.signs_for and known & UNIT_ROLES:
        signs |= frozenset(city.unit_and_below(staff.signs_for))
    return Actor("staff", staff.id, staff.name, known, staff.unit_code, units, signs=signs)
