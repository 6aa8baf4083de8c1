"""Who works here: hire, change, reset, end sessions; and never lock out the last administrator."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import String, cast, func, or_, select, update

from hotline.city.schema import UNIT_KINDS
from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.staff import accounts, changes, composed_roles, leaving
from hotline.staff.accounts import Person
from hotline.staff.wearing import bases_of, names, wear, worn
from hotline.tickets.roles import ROLE_NAMES, Role
from hotline.web.admin.pages import PEOPLE_READERS, page, pages, record, say_what_it_replaces
from hotline.web.admin.words import browser_words
from hotline.web.core.forms.action_forms import unit_code
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import sorted_page
from models import LoginSession, SignInIdentity, Staff
from webhooks.numbers import can_be_texted

SORTS: dict[str, Any] = {"login": Staff.login, "name": Staff.name, "created": Staff.created_at}
FIELDS = ("login", "name", "unit_code", "phone", "extension", "language")


@pages.get("/staff")
@allow(PEOPLE_READERS)
def staff() -> str:
    sort = request.args.get("sort", "login")
    column = SORTS.get(sort.removeprefix("-"), Staff.login)
    query = select(Staff).where(*_wanted())
    turned = sorted_page(
        here.db,
        query,
        column,
        Staff.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    count = here.db.scalar(select(func.count()).select_from(query.subquery()))
    return page(
        "staff",
        turned=turned,
        count=count,
        sort=sort,
        role_names=ROLE_NAMES,
        worn=worn,
        name_of=lambda code: names(here.db, [code]),
        unit_choices=unit_choices(),
        waiting=[
            (one, changes.in_words(here.db, one, whom), changes.may_decide(here.db, one, here.me))
            for one, whom in changes.waiting(here.db)
        ],
    )


@pages.get("/staff/new")
@allow(Role.ADMINISTRATOR)
def new_person() -> str:
    return _form(None, {"language": "zh", "roles": [], "active": True}, {})


@pages.post("/staff/new")
@allow(Role.ADMINISTRATOR)
def hire() -> ResponseReturnValue:
    """A new person with a password that is shown once and must be changed at the first sign-in."""
    value = _typed()
    try:
        person, password = accounts.hire(here.db, here.city, _as_person(value), here.me, here.now, address=here.address)
    except Refusal as refusal:
        return _form(None, value, refusal.problems), 400
    wanted = worn(person)
    wear(here.db, person, [])
    waits = changes.change_roles(here.db, person, wanted, here.me, here.now, here.address)
    if can_be_texted(person.phone):
        changes.text_password(here.db, here.city, person, password, here.now)
        password = ""
    return page("password", person=person, password=password, waits=waits is not None)


@pages.get("/staff/<int:staff_id>")
@allow(PEOPLE_READERS)
def person(staff_id: int) -> str:
    one = _get(staff_id)
    return _form(one, {**{name: getattr(one, name) for name in FIELDS}, "roles": worn(one), "active": one.active}, {})


@pages.post("/staff/<int:staff_id>")
@allow(Role.ADMINISTRATOR)
def edit(staff_id: int) -> ResponseReturnValue:
    one, value = _get(staff_id), _typed()
    value["login"] = one.login
    try:
        person = accounts.checked(here.db, here.city, _as_person(value), one)
        _keep_an_administrator(one, value)
        before = {"roles": worn(one), "unit_code": one.unit_code, "active": one.active}
        if one.id == here.me.id and (person.unit or None) != one.unit_code:
            raise Refusal(_("不能更改自己的单位，请另一位管理员来做。"), field="unit_code")
        if value["active"] and not one.active:
            changes.comes_back(here.db, one)
        waits = changes.change_roles(here.db, one, list(person.roles), here.me, here.now, here.address)
    except Refusal as refusal:
        here.db.expire_all()
        return _form(one, value, refusal.problems or {"": refusal.sentence}), refusal.status
    phone = one.phone
    accounts.write(one, person)
    if one.phone != phone:
        changes.phone_changed(here.db, one, here.me, here.now, here.address)
    one.active = value["active"]
    after = {"roles": worn(one), "unit_code": one.unit_code, "active": one.active}
    moved = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    if "active" in moved or "roles" in moved:
        accounts.end_sessions(here.db, one.id, here.now, except_id=g.session.id)
    record("staff_changed", one.login, staff_id=one.id, **moved)
    left = leaving.let_go(here.db, here.city, one, here.now) if moved else 0
    flash(_("%(name)s 的资料已保存。", name=one.name), "good")
    if left:
        flash(_("%(name)s 手上的 %(n)d 张工单已回到原单位。", name=one.name, n=left), "warn")
    if waits is not None:
        flash(_("新增的管理或保密角色须由另一位管理员或热线领导批准后才生效。"), "warn")
        say_what_it_replaces(waits)
    return redirect(url_for("admin.person", staff_id=one.id), 303)


@pages.post("/staff/<int:staff_id>/password")
@allow(Role.ADMINISTRATOR)
def reset(staff_id: int) -> ResponseReturnValue:
    """A new password goes to the person's own telephone; every session of theirs ends. For the powerful a second person decides."""
    one = _get(staff_id)
    if changes.ask_password(here.db, here.city, one, here.me, here.now, here.address) is not None:
        flash(_("%(name)s 的密码须由另一位管理员或热线领导批准后才重设。", name=one.name), "warn")
    else:
        flash(_("新密码已用短信发给 %(name)s 本人。", name=one.name), "good")
    return redirect(url_for("admin.person", staff_id=one.id), 303)


@pages.post("/staff/<int:staff_id>/second")
@allow(Role.ADMINISTRATOR)
def reset_second(staff_id: int) -> ResponseReturnValue:
    """Telephone and recovery codes are lost. For the powerful a second person decides."""
    one = _get(staff_id)
    if changes.ask_second(here.db, one, here.me, here.now, here.address) is not None:
        flash(_("%(name)s 有管理或保密角色：须由另一位管理员或热线领导批准后才重设验证码。", name=one.name), "warn")
    else:
        flash(_("%(name)s 的验证码已重设。", name=one.name), "good")
    return redirect(url_for("admin.person", staff_id=one.id), 303)


@pages.post("/staff/<int:staff_id>/unlink")
@allow(Role.ADMINISTRATOR)
def unlink(staff_id: int) -> ResponseReturnValue:
    """The identity provider knows the person by a new account. For the powerful a second person decides."""
    one = _get(staff_id)
    if changes.ask_unlink(here.db, one, here.me, here.now, here.address) is not None:
        flash(_("%(name)s 有管理或保密角色：须由另一位管理员或热线领导批准后才解除绑定。", name=one.name), "warn")
    else:
        flash(_("%(name)s 与统一身份认证的绑定已解除。", name=one.name), "good")
    return redirect(url_for("admin.person", staff_id=one.id), 303)


@pages.post("/staff/changes/<int:change_id>")
@allow(PEOPLE_READERS)
def decide_change(change_id: int) -> ResponseReturnValue:
    """The second person agrees or refuses."""
    agree = request.form.get("answer") == "agree"
    changes.decide(here.db, here.city, change_id, agree, here.me, here.now, here.address)
    flash(_("已批准，立即生效。") if agree else _("已拒绝。"), "good")
    return redirect(url_for("admin.staff"), 303)


@pages.post("/staff/<int:staff_id>/sessions")
@allow(Role.ADMINISTRATOR)
def end_sessions(staff_id: int) -> ResponseReturnValue:
    one = _get(staff_id)
    accounts.end_sessions(here.db, one.id, here.now, except_id=g.session.id)
    record("sessions_ended", one.login, staff_id=one.id)
    flash(_("%(name)s 的会话已全部结束。", name=one.name), "good")
    return redirect(url_for("admin.person", staff_id=one.id), 303)


@pages.get("/sessions")
@allow(PEOPLE_READERS)
def sessions() -> str:
    """Who is signed in now; the one who looks is marked."""
    sort = request.args.get("sort", "-seen")
    column = LoginSession.created_at if sort.removeprefix("-") == "begun" else LoginSession.seen_at
    query = (
        select(LoginSession, Staff)
        .join(Staff, Staff.id == LoginSession.staff_id)
        .where(LoginSession.ended_at.is_(None))
    )
    turned = sorted_page(
        here.db,
        query,
        column,
        LoginSession.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return page("sessions", turned=turned, sort=sort, mine=g.session.id, browser_words=browser_words)


@pages.post("/sessions/<session_id>/end")
@allow(Role.ADMINISTRATOR)
def end_session(session_id: str) -> ResponseReturnValue:
    held = here.db.get(LoginSession, session_id)
    if held is None:
        raise NotFound(_("没有这个会话。"))
    here.db.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.ended_at.is_(None))
        .values(ended_at=here.now)
    )
    record("session_ended", str(held.staff_id), staff_id=held.staff_id)
    flash(_("会话已结束。"), "good")
    return redirect(url_for("admin.sessions"), 303)


def unit_choices() -> list[tuple[str, str]]:
    """(name, kind) of every body people may belong to."""
    city = here.city
    return [(city.unit_name(one.code), _(UNIT_KINDS[one.kind])) for one in city.units.values() if one.kind != "outside"]


def _form(one: Staff | None, value: dict[str, Any], problems: dict[str, str]) -> str:
    held = (
        0
        if one is None
        else here.db.scalar(
            select(func.count())
            .select_from(LoginSession)
            .where(LoginSession.staff_id == one.id, LoginSession.ended_at.is_(None))
        )
    )
    return page(
        "person",
        person=one,
        value=value,
        problems=problems,
        held=held,
        linked=one is not None and here.db.get(SignInIdentity, one.id) is not None,
        unit_choices=unit_choices(),
        role_choices=[
            *((role.value, _(name)) for role, name in ROLE_NAMES.items()),
            *((one.code, composed_roles.title(one)) for one in composed_roles.every(here.db)),
        ],
    )


def _wanted() -> list[Any]:
    """The list's filters as SQL."""
    found: list[Any] = []
    if words := request.args.get("who", "").strip()[:48]:
        found.append(or_(Staff.login.contains(words, autoescape=True), Staff.name.contains(words, autoescape=True)))
    if (role := request.args.get("role", "")) in {one.value for one in Role}:
        found.append(cast(Staff.roles, String).like(f'%"{role}"%'))
    if unit := unit_code(request.args.get("unit", ""), here.city):
        found.append(Staff.unit_code == unit[:32])
    if request.args.get("active") in ("0", "1"):
        found.append(Staff.active.is_(request.args["active"] == "1"))
    return found


def _typed() -> dict[str, Any]:
    value: dict[str, Any] = {name: request.form.get(name, "").strip() for name in FIELDS}
    value["unit_code"] = unit_code(value["unit_code"], here.city)
    return {**value, "roles": request.form.getlist("roles"), "active": bool(request.form.get("active"))}


def _as_person(value: dict[str, Any]) -> Person:
    return Person(
        value["login"],
        value["name"],
        tuple(value["roles"]),
        value["unit_code"],
        value["phone"],
        value["extension"],
        value["language"],
    )


def _keep_an_administrator(one: Staff, value: dict[str, Any]) -> None:
    """Somebody active must stay administrator. The rows are held: two administrators cannot remove each other."""
    wears_the_hat = cast(Staff.roles, String).like(f'%"{Role.ADMINISTRATOR.value}"%')
    administrators = here.db.scalars(
        select(Staff).where(Staff.active.is_(True), wears_the_hat).order_by(Staff.id).with_for_update()
    ).all()
    stays = value["active"] and Role.ADMINISTRATOR in bases_of(here.db, value["roles"])
    if not stays and all(other.id == one.id for other in administrators):
        raise Refusal(_("这是最后一位在用的系统管理员，不能停用或取消其管理员角色。"), field="roles")
    if one.id == here.me.id and not value["active"]:
        raise Refusal(_("不能停用自己的账号，请另一位管理员来做。"), field="active")


def _get(staff_id: int) -> Staff:
    one = here.db.get(Staff, staff_id, populate_existing=True)
    if one is None:
        raise NotFound(_("没有这个人员。"))
    return one
