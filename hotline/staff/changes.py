"""Power changes hands only when a second person agrees: roles that rule or that see informants, and passwords of those who hold them.

Nobody changes their own roles, nobody decides what they asked for, and the person, the head and discipline are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.staff import accounts
from hotline.staff.notices import tell_overseers, tell_person, tell_role
from hotline.staff.sign_in import second_factor
from hotline.staff.wearing import bases_of, names, wear, worn
from hotline.staff.wishes import make_way
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import ALONE, POWERFUL, Actor, Role
from hotline.tickets.second_person import is_another
from models import ApiToken, Audit, Message, SignInIdentity, Staff, StaffChange
from models.store.db import changed
from webhooks.numbers import can_be_texted

DECIDERS = (Role.ADMINISTRATOR, Role.HEAD)
DECIDERS_OF_EXPORTS = (Role.AUDITOR, Role.HEAD)
NEW_PHONE = timedelta(days=7)
"""So long after somebody else changed a person's telephone one alone does not send a password there."""

EXPORT_LASTS = timedelta(days=1)
TOKENS_OVERLAP = timedelta(hours=24)
PASSWORD_TEXT = "staff_password"


def is_powerful(roles: Iterable[str]) -> bool:
    return any(role in POWERFUL for role in roles)


def needs_second(db: Session, before: Iterable[str], after: Iterable[str]) -> list[str]:
    """The roles that are gained and that one person alone may not give, the city's own compositions among them."""
    return sorted(role for role in set(after) - set(before) if is_powerful(bases_of(db, [role])))


def change_roles(
    db: Session, staff: Staff, wanted: list[str], by: Actor, now: datetime, address: str | None
) -> StaffChange | None:
    """What may be given at once is given; for the rest a second person is asked. Returns what waits, if anything does.

    Raises Refusal when it is one's own row.
    """
    before = worn(staff)
    if set(before) == set(wanted):
        return None
    if by.id is not None and by.id == staff.id:
        raise Refusal(_("不能更改自己的角色，请另一位管理员来做。"), field="roles")
    held = needs_second(db, before, wanted)
    earlier = _make_way(db, "roles", staff, by, now) if held else []
    at_once = [role for role in wanted if role not in held]
    wear(db, staff, at_once)
    if set(at_once) != set(before):
        tell_roles(db, staff, by, now)
    if not held:
        return None
    wish = StaffChange(kind="roles", staff_id=staff.id, data={"roles": held} | _instead_of(earlier))
    return _ask(db, wish, staff, by, now, address)


def comes_back(db: Session, staff: Staff) -> None:
    """Whoever was dismissed comes back with what one alone may give; power is asked for anew, as for somebody new."""
    wear(db, staff, [role for role in worn(staff) if not is_powerful(bases_of(db, [role]))])


def is_asked_or_refused(db: Session, staff: Staff, wanted: list[str]) -> bool:
    """Whether the only news would be power about which a second person has been asked, or has said no, on the provider's behalf."""
    held = needs_second(db, worn(staff), wanted)
    if not held or {*worn(staff), *held} != set(wanted):
        return False
    before = select(StaffChange.data).where(
        StaffChange.kind == "roles",
        StaffChange.staff_id == staff.id,
        StaffChange.asked_by_id.is_(None),
        StaffChange.state.in_(("asked", "refused")),
    )
    return any(one.get("roles") == held for one in db.scalars(before))


def ask_password(
    db: Session, city: City, staff: Staff, by: Actor, now: datetime, address: str | None
) -> StaffChange | None:
    """A second person decides for the powerful, and where the telephone is new. None: it was sent at once.

    Raises Refusal for one's own, and for somebody without a telephone that reads texts.
    """
    if by.id == staff.id:
        raise Refusal(_("自己的密码请在“我的账号”里更改。"))
    if not can_be_texted(staff.phone):
        raise Refusal(
            _("%(name)s 没有能收短信的电话，密码只发给本人。请先登记本人的手机号。", name=staff.name), code="no_phone"
        )
    if not is_powerful(staff.roles) and not _phone_is_new(db, staff, now):
        send_password(db, city, staff, by, now, address)
        return None
    return _ask(db, StaffChange(kind="password", staff_id=staff.id, data={}), staff, by, now, address)


def ask_second(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> StaffChange | None:
    """Somebody lost telephone and codes. For the powerful a second person decides. Raises Refusal for one's own."""
    if by.id is not None and by.id == staff.id:
        raise Refusal(_("自己的验证码请在“我的账号”里管理。"))
    if not is_powerful(staff.roles):
        reset_second(db, staff, by, now, address)
        return None
    return _ask(db, StaffChange(kind="second", staff_id=staff.id, data={}), staff, by, now, address)


def reset_second(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> None:
    """The old digits and codes fit no more; at the next sign-in the person sets up new ones where they are required."""
    second_factor.remove(db, staff)
    accounts.end_sessions(db, staff.id, now)
    record(db, "second_reset", by, now, subject=staff.login, address=address, staff_id=staff.id)
    tell_person(db, staff.id, "second_reset", now, who=by.name)
    tell_overseers(db, "second_reset_of", now, who=by.name, name=staff.name, login=staff.login)


def ask_unlink(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> StaffChange | None:
    """The provider knows the person anew: the old tie goes, the next single sign-on makes another.

    For the powerful a second person decides, for whoever has the login there would be them. Raises Refusal for one's own.
    """
    if by.id is not None and by.id == staff.id:
        raise Refusal(_("自己的账号请另一位管理员来做。"))
    if db.get(SignInIdentity, staff.id) is None:
        raise NotFound(_("没有绑定统一身份认证。"))
    if not is_powerful(staff.roles):
        unlink(db, staff, by, now, address)
        return None
    return _ask(db, StaffChange(kind="unlink", staff_id=staff.id, data={}), staff, by, now, address)


def unlink(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> None:
    db.execute(delete(SignInIdentity).where(SignInIdentity.staff_id == staff.id))
    accounts.end_sessions(db, staff.id, now)
    record(db, "sign_on_unlinked", by, now, subject=staff.login, address=address, staff_id=staff.id)
    tell_person(db, staff.id, "sign_on_unlinked", now, who=by.name)
    tell_overseers(db, "sign_on_unlinked_of", now, who=by.name, name=staff.name, login=staff.login)


def _ask(db: Session, change: StaffChange, staff: Staff, by: Actor, now: datetime, address: str | None) -> StaffChange:
    """One open question of a kind about a person."""
    if change.kind != "token":  # each is a thing of its own
        change.data = {**change.data, **_instead_of(_make_way(db, change.kind, staff, by, now))}
    change.state, change.asked_by_id, change.asked_by_name, change.asked_at = "asked", by.id, by.name, now
    db.add(change)
    db.flush()
    record(db, "change_asked", by, now, subject=staff.login, address=address, kind=change.kind, **change.data)
    tell_overseers(db, "change_asked", now, who=by.name, what=lambda: in_words(db, change, staff))
    tell_role(db, Role.ADMINISTRATOR, "change_asked", now, who=by.name, what=lambda: in_words(db, change, staff))
    return change


def _make_way(db: Session, kind: str, staff: Staff, by: Actor, now: datetime) -> list[int]:
    same = (StaffChange.staff_id == staff.id, StaffChange.kind == kind, StaffChange.state == "asked")
    wishes = db.scalars(select(StaffChange).where(*same).order_by(StaffChange.id)).all()
    return make_way(wishes, by, now, lambda one: in_words(db, one, staff), "roles" if kind == "roles" else "")


def _instead_of(wishes: list[int]) -> dict[str, Any]:
    """Which of one's own earlier wishes this one replaces; the page and the book say so."""
    return {"instead_of": wishes} if wishes else {}


def phone_changed(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None) -> None:
    """The person is told, and the book: a password follows the telephone."""
    record(db, "phone_changed", by, now, subject=staff.login, address=address, staff_id=staff.id)
    tell_person(db, staff.id, "phone_changed", now, who=by.name)


def _phone_is_new(db: Session, staff: Staff, now: datetime) -> bool:
    return _last_phone_change(db, staff, now - NEW_PHONE) is not None


def _last_phone_change(db: Session, staff: Staff, since: datetime) -> Audit | None:
    lately = (Audit.action == "phone_changed", Audit.subject == staff.login, Audit.at > since)
    return db.scalars(select(Audit).where(*lately).order_by(Audit.id.desc()).limit(1)).first()


def ask_export(db: Session, staff: Staff, by: Actor, now: datetime, address: str | None, **asked: Any) -> StaffChange:
    """A list longer than one person may take away alone. asked: what it is (digest), in words, its reason and size."""
    return _ask(db, StaffChange(kind="export", staff_id=staff.id, data=asked), staff, by, now, address)


def may_export(db: Session, staff_id: int, digest: str, now: datetime) -> bool:
    """Somebody has agreed to exactly this list within a day; it is taken once."""
    agreed = select(StaffChange).where(
        StaffChange.kind == "export",
        StaffChange.staff_id == staff_id,
        StaffChange.state == "done",
        StaffChange.decided_at > now - EXPORT_LASTS,
    )
    for one in db.scalars(agreed):
        won = update(StaffChange).where(StaffChange.id == one.id, StaffChange.state == "done").values(state="used")
        if one.data.get("digest") == digest and changed(db, won) == 1:
            return True
    return False


def ask_token(
    db: Session, staff: Staff, token: ApiToken, by: Actor, now: datetime, address: str | None, powers: str
) -> StaffChange:
    """A machine that would read people's data opens nothing until somebody agrees. powers: its scopes in words."""
    asked = {"token": token.id, "words": token.name, "powers": powers[:400]}
    return _ask(db, StaffChange(kind="token", staff_id=staff.id, data=asked), staff, by, now, address)


def tokens_that_wait(db: Session) -> set[int]:
    asked = select(StaffChange.data).where(StaffChange.kind == "token", StaffChange.state == "asked")
    return {int(one["token"]) for one in db.scalars(asked)}


def _open_token(db: Session, number: int, now: datetime) -> None:
    """From now on it opens; the one in whose place it was made goes on for a while."""
    token = db.get_one(ApiToken, number)
    token.revoked_at = None
    if (former := db.get(ApiToken, token.replaces_id) if token.replaces_id else None) is not None:
        end = now + TOKENS_OVERLAP
        former.expires_at = min(end, former.expires_at) if former.expires_at else end


def may_decide(db: Session, change: StaffChange, by: Actor) -> bool:
    """Another person than who asked and whom it is about, of those who decide such things."""
    who = DECIDERS_OF_EXPORTS if change.kind in ("export", "token") else DECIDERS
    return by.is_(*who) and is_another(db, by, change.asked_by_id, change.staff_id)


def decide(
    db: Session, city: City, change_id: int, agree: bool, by: Actor, now: datetime, address: str | None
) -> StaffChange:
    """Agree or refuse. Raises NotFound, NotAllowed (one's own wish, or about oneself), OutOfTurn when it is decided."""
    change = db.get(StaffChange, change_id, populate_existing=True)
    staff = db.get(Staff, change.staff_id, populate_existing=True) if change is not None else None
    if change is None or staff is None:
        raise NotFound(_("没有这项申请。"))
    if not may_decide(db, change, by):
        raise NotAllowed(_("须由申请人和本人以外的另一位有权的人决定。"))
    won = update(StaffChange).where(StaffChange.id == change.id, StaffChange.state == "asked")
    state = "done" if agree else "refused"
    if changed(db, won.values(state=state, decided_by_id=by.id, decided_by_name=by.name, decided_at=now)) != 1:
        raise OutOfTurn(_("这项申请已经决定过了。"))
    record(
        db,
        "change_granted" if agree else "change_refused",
        by,
        now,
        subject=staff.login,
        address=address,
        kind=change.kind,
        asked_by=change.asked_by_name,
        **change.data,
    )
    if agree:
        _carry_out(db, city, change, staff, by, now, address)
    return change


def withdraw(db: Session, change_id: int, by: Actor, now: datetime, address: str | None) -> StaffChange:
    """Whoever asked takes it back while nobody has decided, whatever it is. Raises NotFound, NotAllowed, OutOfTurn."""
    change = db.get(StaffChange, change_id, populate_existing=True)
    if change is None:
        raise NotFound(_("没有这项申请。"))
    if by.id is None or change.asked_by_id != by.id:
        raise NotAllowed(_("只有申请人可以撤回申请。"))
    won = update(StaffChange).where(StaffChange.id == change.id, StaffChange.state == "asked")
    if changed(db, won.values(state="withdrawn", decided_at=now)) != 1:
        raise OutOfTurn(_("这项申请已经决定过了。"))
    record(db, "change_withdrawn", by, now, subject=change.kind, address=address, change=change.id)
    return change


def _carry_out(
    db: Session, city: City, change: StaffChange, staff: Staff, by: Actor, now: datetime, address: str | None
) -> None:
    if change.kind == "password":
        if _last_phone_change(db, staff, change.asked_at) is not None:
            raise OutOfTurn(_("申请之后这个人的电话改过，密码会发到别处：请先核实，再重新申请。"))
        send_password(db, city, staff, by, now, address)
    elif change.kind == "second":
        reset_second(db, staff, by, now, address)
    elif change.kind == "unlink":
        unlink(db, staff, by, now, address)
    elif change.kind == "token":
        _open_token(db, change.data["token"], now)
    elif change.kind == "export":
        tell_person(db, staff.id, "export_agreed", now, who=by.name, what=change.data.get("words", ""))
    else:
        _give_roles(db, staff, change.data["roles"], by, now)


def _give_roles(db: Session, staff: Staff, more: list[str], by: Actor, now: datetime) -> None:
    roles = [*worn(staff), *more]
    bases = bases_of(db, roles)
    if len(bases) > 1 and ALONE.intersection(bases):
        raise Refusal(_("系统管理员和安全审计员不能兼任其他角色：管账号、看审计、办工单的人必须分开。"))
    wear(db, staff, roles)
    accounts.end_sessions(db, staff.id, now)
    tell_roles(db, staff, by, now)


def send_password(db: Session, city: City, staff: Staff, by: Actor, now: datetime, address: str | None) -> None:
    """To the person's own telephone, and to nobody's screen."""
    text_password(db, city, staff, accounts.give_password(db, city, staff, by, now, address=address), now)


def text_password(db: Session, city: City, staff: Staff, password: str, now: datetime) -> None:
    text = _(
        "%(city)s热线：您的新密码 %(password)s，登录后须更改。若非本人要求请告诉热线领导。",
        city=city.title,
        password=password,
    )
    message = Message(
        staff_id=None,
        direction="out",
        channel="sms",
        phone=staff.phone,
        template_key=PASSWORD_TEXT,
        params={"password": password},
        text=text,
        state="queued",
        created_at=now,
    )
    db.add(message)
    db.flush()
    outbox.enqueue(db, "send", key=f"send:password:{message.id}", now=now, message_id=message.id)


def tell_roles(db: Session, staff: Staff, by: Actor, now: datetime) -> None:
    """The person, the head and discipline learn who gave or took which power."""

    def said() -> str:
        return names(db, worn(staff))

    tell_person(db, staff.id, "roles_changed", now, who=by.name, roles=said)
    tell_overseers(db, "roles_changed_of", now, who=by.name, name=staff.name, login=staff.login, roles=said)


def waiting(db: Session) -> list[tuple[StaffChange, Staff]]:
    """What waits for a second person, the oldest first."""
    rows = db.execute(
        select(StaffChange, Staff)
        .join(Staff, Staff.id == StaffChange.staff_id)
        .where(StaffChange.state == "asked")
        .order_by(StaffChange.id)
        .limit(100)
    )
    return [(row[0], row[1]) for row in rows]


def in_words(db: Session, change: StaffChange, staff: Staff) -> str:
    who = _("%(name)s（%(login)s）", name=staff.name, login=staff.login)
    if change.kind == "password":
        return _reset_in_words(db, change, staff, who)
    if change.kind == "export":
        return _(
            "%(who)s导出约 %(rows)s 张工单（%(what)s），用途：%(reason)s",
            who=who,
            rows=change.data.get("rows"),
            what=change.data.get("words", ""),
            reason=change.data.get("reason", ""),
        )
    if change.kind == "second":
        return _("重设%(who)s的手机验证码", who=who)
    if change.kind == "token":
        return _(
            "启用接口令牌“%(name)s”，它能看到个人信息：%(powers)s",
            name=change.data.get("words", ""),
            powers=change.data.get("powers", ""),
        )
    if change.kind == "unlink":
        return _("解除%(who)s与统一身份认证的绑定", who=who)
    return _("授予%(who)s角色：%(roles)s", who=who, roles=names(db, change.data.get("roles", ())))


def _reset_in_words(db: Session, change: StaffChange, staff: Staff, who: str) -> str:
    """Who agrees must know where the password goes, and whether somebody has put another number there lately."""
    phone = mask(staff.phone or "")
    if (new := _last_phone_change(db, staff, change.asked_at - NEW_PHONE)) is None:
        return _("重设%(who)s的密码，发到%(phone)s", who=who, phone=phone)
    return _(
        "重设%(who)s的密码，发到%(phone)s（%(by)s%(day)s才改的号码，请先向本人核实）",
        who=who,
        phone=phone,
        by=new.actor_name,
        day=f"{new.at:%m-%d}",
    )
