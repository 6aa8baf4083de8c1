"""Which hats somebody wears: roles of the program whole, and roles that the city composed, which bring parts of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.i18n import _, language
from hotline.tickets.roles import ROLE_NAMES, Role
from models import ComposedRole, Staff


def wear(db: Session, staff: Staff, codes: Iterable[str]) -> None:
    """Put exactly these on. A role that comes whole is not limited by a composed one that has it in parts."""
    codes = list(dict.fromkeys(codes))
    composed = _composed(db, codes)
    whole = [code for code in codes if code not in composed]
    limits: dict[str, set[str]] = {}
    for one in composed.values():
        for role in one.base:
            if role not in whole:
                limits.setdefault(role, set()).update(one.may)
    staff.roles, staff.composed = [*whole, *limits], list(composed)
    staff.limits = {role: sorted(may) for role, may in limits.items()}


def worn(staff: Staff) -> list[str]:
    """The codes as they were put on."""
    return [*(role for role in staff.roles if role not in staff.limits), *staff.composed]


def bases_of(db: Session, codes: Iterable[str]) -> set[str]:
    """The program's roles behind these codes."""
    codes = list(codes)
    composed = _composed(db, codes)
    return {role for code in codes for role in (composed[code].base if code in composed else (code,))}


def unknown(db: Session, codes: Iterable[str]) -> set[str]:
    """The codes that name no role, neither the program's nor the city's."""
    return set(codes) - set(Role) - set(_composed(db, codes))


def names(db: Session, codes: Iterable[str]) -> str:
    """The roles as people read them."""
    codes = list(codes)
    composed = _composed(db, codes)

    def name(code: str) -> str:
        if code in composed:
            return composed[code].name_en if language() == "en" else composed[code].name
        return _(ROLE_NAMES[Role(code)]) if code in set(Role) else code

    return _("、").join(name(code) for code in codes) or "—"


def _composed(db: Session, codes: Iterable[str]) -> dict[str, ComposedRole]:
    """Those of the codes that are composed, in their order; mostly there is none and nothing is asked."""
    wanted = [code for code in codes if code not in set(Role)]
    if not wanted:
        return {}
    found = {one.code: one for one in db.scalars(select(ComposedRole).where(ComposedRole.code.in_(wanted)))}
    return {code: found[code] for code in wanted if code in found}
