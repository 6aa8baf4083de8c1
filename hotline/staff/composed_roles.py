"""Roles that a city composes of those the program knows, with fewer of their permissions: worn like any other role.

What touches power takes a second person's yes; nobody changes a role that they wear; a role that somebody wears stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, select, update
from sqlalchemy.orm import Session

from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _, english, language
from hotline.names import hides_signs, is_nobody, same
from hotline.staff.notices import tell_overseers, tell_role
from hotline.staff.wearing import bases_of, wear, worn
from hotline.staff.wishes import make_way
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ALONE, POWERFUL, ROLE_NAMES, UNIT_ROLES, Actor, Role
from hotline.tickets.second_person import is_another
from models import ComposedRole, Staff, StaffChange
from models.store.db import changed

KIND = "composed"
CODE = re.compile(r"[a-z][a-z0-9_]{2,31}")
DECIDERS = (Role.ADMINISTRATOR, Role.HEAD)
Known = Mapping[str, Collection[str]]
"""Which permissions each role of the program has."""


@dataclass(frozen=True)
class Composition:
    """A composed role as typed. base: codes of roles. may: permissions."""

    code: str
    name: str
    name_en: str
    base: tuple[str, ...]
    may: tuple[str, ...]


def every(db: Session) -> list[ComposedRole]:
    return list(db.scalars(select(ComposedRole).order_by(ComposedRole.code)))


def title(one: ComposedRole) -> str:
    """The name in the reader's language."""
    return one.name_en if language() == "en" else one.name


def wearers(db: Session, code: str) -> list[Staff]:
    """Everybody who wears it, also who is out of work at the moment."""
    held = db.scalars(select(Staff).where(cast(Staff.composed, String).like(f'%"{code}"%')).order_by(Staff.id))
    return [one for one in held if code in one.composed]


def compose(
    db: Session, wanted: Composition, known: Known, by: Actor, now: datetime, address: str | None
) -> StaffChange | None:
    """A new composed role, or another composition of one. What waits for a second person is returned; None: it is in force.

    Raises Refusal with one sentence per wrong field, NotAllowed for a role that one wears.
    """
    wanted = _checked(db, wanted, known)
    held = db.get(ComposedRole, wanted.code)
    _not_ones_own(db, wanted.code, by)
    _fits_its_wearers(db, wanted)
    if not POWERFUL & {*wanted.base, *(held.base if held else ())}:
        _put_in_force(db, wanted, by, now, address)
        return None
    return _ask(db, wanted, by, now, address)


def decide(
    db: Session, change_id: int, agree: bool, known: Known, by: Actor, now: datetime, address: str | None
) -> StaffChange:
    """Another person than who asked, and nobody who wears it. Raises NotFound, NotAllowed, OutOfTurn, Refusal."""
    change = db.get(StaffChange, change_id, populate_existing=True)
    if change is None or change.kind != KIND:
        raise NotFound(_("没有这项申请。"))
    if not by.is_(*DECIDERS) or not is_another(db, by, change.asked_by_id):
        raise NotAllowed(_("须由申请人以外的另一位管理员或热线领导决定。"))
    _not_ones_own(db, change.data["code"], by)
    won = update(StaffChange).where(StaffChange.id == change.id, StaffChange.state == "asked")
    state = "done" if agree else "refused"
    if changed(db, won.values(state=state, decided_by_id=by.id, decided_by_name=by.name, decided_at=now)) != 1:
        raise OutOfTurn(_("这项申请已经决定过了。"))
    action = "role_granted" if agree else "role_refused"
    record(db, action, by, now, subject=change.data["code"], address=address, asked_by=change.asked_by_name)
    if agree:
        wanted = _checked(db, _as_asked(change), known)
        _fits_its_wearers(db, wanted)
        _put_in_force(db, wanted, by, now, address)
    return change


def remove(db: Session, code: str, by: Actor, now: datetime, address: str | None) -> None:
    """Raises NotFound, or Refusal while somebody wears it or a change about it waits."""
    held = db.get(ComposedRole, code)
    if held is None:
        raise NotFound(_("没有这个组合岗位。"))
    if people := wearers(db, code):
        names = _("、").join(one.name for one in people[:10])
        raise Refusal(_("还有人是这个岗位，不能删除：%(names)s。", names=names), code="role_is_worn")
    if _is_wanted(db, code):
        raise Refusal(_("还有授予或更改这个岗位的申请在等批准，不能删除。"), code="role_is_wanted")
    record(db, "role_removed", by, now, subject=code, address=address, name=held.name, base=held.base, may=held.may)
    db.delete(held)


def waiting(db: Session) -> list[StaffChange]:
    asked = (StaffChange.kind == KIND, StaffChange.state == "asked")
    return list(db.scalars(select(StaffChange).where(*asked).order_by(StaffChange.id)))


def _checked(db: Session, wanted: Composition, known: Known) -> Composition:
    wanted = replace(wanted, name=" ".join(wanted.name.split()), name_en=" ".join(wanted.name_en.split()))
    problems = _problems(db, wanted, known)
    if problems:
        raise Refusal(" ".join(problems.values()), code="invalid_form", problems=problems)
    return wanted


def _problems(db: Session, wanted: Composition, known: Known) -> dict[str, str]:
    problems = {}
    if not CODE.fullmatch(wanted.code) or wanted.code in set(Role):
        problems["code"] = _("代码用小写字母开头，只用小写字母、数字和下划线，3–32 个字符，不与已有角色重名。")
    if not 0 < len(wanted.name) <= 40:
        problems["name"] = _("请填写名称，最多 40 个字。")
    if not 0 < len(wanted.name_en) <= 60:
        problems["name_en"] = _("请填写英文名称，最多 60 个字符。")
    problems |= {field: why for field in ("name", "name_en") if (why := _misleads(db, wanted, getattr(wanted, field)))}
    if not wanted.base or not set(wanted.base) <= set(Role):
        problems["base"] = _("请选择由哪些角色组成。")
    elif len(set(wanted.base)) > 1 and ALONE & set(wanted.base):
        problems["base"] = _("系统管理员和安全审计员不能与其他角色组合：管账号、看审计、办工单的人必须分开。")
    elif not wanted.may or not set(wanted.may) <= {one for role in wanted.base for one in known[role]}:
        problems["may"] = _("请选择权限，只能选这些角色有的。")
    return problems


def _misleads(db: Session, wanted: Composition, name: str) -> str:
    """Why a second person who reads the name would take it for another; nothing when nobody would."""
    if hides_signs(name):
        return _("名称里有看不见的字符（零宽或改变方向的字符），请删去重新输入。")
    others = [each for one in every(db) if one.code != wanted.code for each in (one.name, one.name_en)]
    if is_nobody(name) or same(name) in {same(one) for one in (*_of_the_program(), *others)}:
        return _("“%(name)s”已经是别的角色、系统或市民的称呼，请换一个。", name=name)
    return ""


def _of_the_program() -> list[str]:
    """What its own roles are called, in each language and by code."""
    told = [ROLE_NAMES[role] for role in Role]
    return [*told, *(english().get(name, name) for name in told), *Role]


def _not_ones_own(db: Session, code: str, by: Actor) -> None:
    if any(one.id == by.id for one in wearers(db, code)):
        raise NotAllowed(_("不能更改自己的岗位，请另一位管理员来做。"), code="own_role")


def _fits_its_wearers(db: Session, wanted: Composition) -> None:
    """Nobody gets two of the three powers, or a unit's work without a unit, because a role that they wear has changed."""
    for one in wearers(db, wanted.code):
        others = bases_of(db, [code for code in worn(one) if code != wanted.code])
        together = others | set(wanted.base)
        if (len(together) > 1 and ALONE & together) or (UNIT_ROLES & together and not one.unit_code):
            raise Refusal(
                _("%(name)s 现在是这个岗位，改成这样与其其他角色或单位不合。", name=one.name),
                code="role_does_not_fit",
                field="base",
            )


def _put_in_force(db: Session, wanted: Composition, by: Actor, now: datetime, address: str | None) -> None:
    """From the next request on, for everybody who wears it."""
    held = db.get(ComposedRole, wanted.code)
    before = {"base": held.base, "may": held.may} if held else {}
    if held is None:
        held = ComposedRole(code=wanted.code)
        db.add(held)
    held.name, held.name_en, held.changed_at = wanted.name, wanted.name_en, now
    held.base, held.may = list(wanted.base), sorted(wanted.may)
    db.flush()
    for one in wearers(db, wanted.code):
        wear(db, one, worn(one))
    after = {"base": held.base, "may": held.may}
    record(db, "role_composed", by, now, subject=held.code, address=address, name=held.name, before=before, after=after)
    tell_overseers(db, "role_composed", now, who=by.name, name=held.name)


def _ask(db: Session, wanted: Composition, by: Actor, now: datetime, address: str | None) -> StaffChange:
    """One open question about a role."""
    same = [one for one in waiting(db) if one.data["code"] == wanted.code]
    earlier = make_way(same, by, now, lambda one: _("更改岗位“%(name)s”", name=one.data["name"]))
    data = _told(wanted) | ({"instead_of": earlier} if earlier else {})
    change = StaffChange(kind=KIND, data=data, state="asked", asked_by_id=by.id, asked_by_name=by.name, asked_at=now)
    db.add(change)
    db.flush()
    record(db, "role_asked", by, now, subject=wanted.code, address=address, **_told(wanted))
    for role in DECIDERS:
        tell_role(db, role, "role_asked", now, who=by.name, name=wanted.name)
    return change


def _told(wanted: Composition) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(wanted).items()}


def _as_asked(change: StaffChange) -> Composition:
    said = change.data
    return Composition(said["code"], said["name"], said["name_en"], tuple(said["base"]), tuple(said["may"]))


def _is_wanted(db: Session, code: str) -> bool:
    asked = db.scalars(select(StaffChange).where(StaffChange.state == "asked"))
    return any(one.data.get("code") == code or code in _roles_of(one.data) for one in asked)


def _roles_of(data: Mapping[str, Any]) -> Iterable[str]:
    return data.get("roles") or ()
