"""What the program knows as permissions: the pages, actions, petitions and sections of each role, found where they are declared."""

from __future__ import annotations

from flask import current_app

from hotline.i18n import N_, _
from hotline.tickets.lifecycle import ACTIONS, MOVES
from hotline.tickets.petitions import DECIDERS, PETITIONS
from hotline.tickets.roles import CENTRE_ROLES, EXPORTERS, UNIT_ROLES, Role, speaks_of
from hotline.web.admin.pages import FIRST, MENU
from hotline.web.core.navigation import DESKS, PAGES, page_of, page_permission
from hotline.web.core.permission import allowed_by

DEEDS = {"do:reveal": (N_("查看完整个人信息"), CENTRE_ROLES | UNIT_ROLES), "do:export": (N_("导出"), EXPORTERS)}


def of_role(role: Role) -> dict[str, str]:
    """permission → what it is, in the reader's language."""
    return {**_pages(role), **_deeds(role), **_actions(role), **_petitions(role), **_sections(role)}


def of_every_role() -> dict[str, dict[str, str]]:
    return {role.value: of_role(role) for role in Role}


def _pages(role: Role) -> dict[str, str]:
    return {
        page_permission(page_of(desk)): _("页面：%(what)s", what=_(desk.label))
        for desk in DESKS
        if page_of(desk) in PAGES and role in desk.roles
    }


def _deeds(role: Role) -> dict[str, str]:
    return {code: _(label) for code, (label, roles) in DEEDS.items() if role in roles}


def _actions(role: Role) -> dict[str, str]:
    mine = (move.action for move in MOVES if any(speaks_of(who, role) for who in move.roles))
    return {f"action:{name}": _(ACTIONS[name].label) for name in dict.fromkeys(mine)}


def _petitions(role: Role) -> dict[str, str]:
    asks = {f"ask:{one.name}": _(one.label) for one in PETITIONS.values() if any(speaks_of(w, role) for w in one.asks)}
    decides = {
        f"decide:{one.name}": _("决定%(what)s", what=_(one.label))
        for one in PETITIONS.values()
        if any(DECIDERS.get(who) is role for who in one.decides)
    }
    return {**asks, **decides}


def _sections(role: Role) -> dict[str, str]:
    return {
        f"admin:{name}": _("管理：%(what)s", what=_(label))
        for name, label in MENU
        if name != FIRST and role in (allowed_by(current_app, f"admin.{name}") or ())
    }
