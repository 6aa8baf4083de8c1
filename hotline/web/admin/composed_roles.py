"""Roles that the city composes: of which roles, with which of their permissions; power takes a second person."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.staff import composed_roles, leaving
from hotline.staff.composed_roles import Composition
from hotline.staff.wearing import names
from hotline.tickets.roles import ROLE_NAMES, Role
from hotline.tickets.second_person import is_another
from hotline.web.admin import permissions
from hotline.web.admin.pages import READERS, page, pages, say_what_it_replaces
from hotline.web.admin.words import action_words
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from models import Audit, ComposedRole, StaffChange

DEEDS = ("role_composed", "role_asked", "role_granted", "role_refused", "role_removed")


@pages.get("/roles/composed")
@allow(READERS)
def composed() -> str:
    """What is in force, what waits for a second person, and what was done when."""
    history = select(Audit).where(Audit.action.in_(DEEDS)).order_by(Audit.id.desc()).limit(50)
    known = permissions.of_every_role()
    return page(
        "composed_roles",
        every=[
            (one, _told(one.base, one.may, known), len(composed_roles.wearers(here.db, one.code))) for one in _every()
        ],
        waiting=[(one, _told(one.data["base"], one.data["may"], known), _mine_to_decide(one)) for one in _waiting()],
        history=list(here.db.scalars(history)),
        title=composed_roles.title,
        action_words=action_words,
    )


@pages.get("/roles/composed/edit")
@allow(Role.ADMINISTRATOR)
def compose() -> str:
    """First the roles it is made of, then which of their permissions."""
    held = here.db.get(ComposedRole, request.args.get("code", "")[:32])
    base = request.args.getlist("base") or (held.base if held else [])
    value = {name: getattr(held, name) if held else "" for name in ("code", "name", "name_en")}
    may = held.may if held else [one for role in base for one in permissions.of_every_role().get(role, ())]
    return _form({**value, "base": base, "may": may}, {}, held is not None)


@pages.post("/roles/composed")
@allow(Role.ADMINISTRATOR)
def save_composed() -> ResponseReturnValue:
    """In force at once, or asked for where it touches power."""
    typed: dict[str, Any] = {name: request.form.get(name, "").strip()[:80] for name in ("code", "name", "name_en")}
    typed |= {"base": request.form.getlist("base"), "may": request.form.getlist("may")}
    wanted = Composition(**{**typed, "base": tuple(typed["base"]), "may": tuple(typed["may"])})
    known = permissions.of_every_role()
    try:
        waits = composed_roles.compose(here.db, wanted, known, here.me, here.now, here.address)
    except Refusal as refusal:
        there = here.db.get(ComposedRole, typed["code"]) is not None
        return _form(typed, refusal.problems or {"": refusal.sentence}, there), refusal.status
    if waits is not None:
        flash(_("涉及管理或保密权限：须由另一位管理员或热线领导批准后才生效。"), "warn")
        say_what_it_replaces(waits)
    else:
        _let_go(wanted.code)
        flash(_("岗位“%(name)s”已保存，立即生效。", name=wanted.name), "good")
    return redirect(url_for("admin.composed"), 303)


@pages.post("/roles/composed/<code>/remove")
@allow(Role.ADMINISTRATOR)
def remove_composed(code: str) -> ResponseReturnValue:
    composed_roles.remove(here.db, code[:32], here.me, here.now, here.address)
    flash(_("岗位已删除。"), "good")
    return redirect(url_for("admin.composed"), 303)


@pages.post("/roles/composed/changes/<int:change_id>")
@allow(READERS)
def decide_composed(change_id: int) -> ResponseReturnValue:
    agree = request.form.get("answer") == "agree"
    known = permissions.of_every_role()
    change = composed_roles.decide(here.db, change_id, agree, known, here.me, here.now, here.address)
    _let_go(change.data["code"])
    flash(_("已批准，立即生效。") if agree else _("已拒绝。"), "good")
    return redirect(url_for("admin.composed"), 303)


def _let_go(code: str) -> None:
    """Whoever does a unit's work no more by this role keeps none of it."""
    for one in composed_roles.wearers(here.db, code):
        leaving.let_go(here.db, here.city, one, here.now)


def _every() -> list[ComposedRole]:
    return composed_roles.every(here.db)


def _waiting() -> list[StaffChange]:
    return composed_roles.waiting(here.db)


def _mine_to_decide(change: StaffChange) -> bool:
    return is_another(here.db, here.me, change.asked_by_id)


def _told(base: list[str], may: list[str], known: dict[str, dict[str, str]]) -> tuple[str, list[str], list[str]]:
    """The roles in words, what of them it has, and what it lacks."""
    every = {code: words for role in base for code, words in known.get(role, {}).items()}
    has = [words for code, words in every.items() if code in may]
    return names(here.db, base), has, [words for code, words in every.items() if code not in may]


def _form(value: dict[str, Any], problems: dict[str, str], known: bool) -> str:
    chosen = [role for role in Role if role.value in value["base"]]
    return page(
        "composed_role",
        value=value,
        problems=problems,
        known=known,
        role_choices=[(role.value, _(name)) for role, name in ROLE_NAMES.items()],
        parts=[(_(ROLE_NAMES[role]), list(permissions.of_role(role).items())) for role in chosen],
    )
