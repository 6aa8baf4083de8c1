"""A session as it is planned: who answers, about what, when, by which code word; and its beginning and end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from classifier.text.normalise import plain
from hotline.city.schema import City
from hotline.clock import within_reach
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.tickets.fields import still_open
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor, Role
from models import Interview
from models.store.db import changed

PLANNERS = frozenset({Role.HEAD, Role.SUPERVISOR, Role.LEAD_AGENT})
MODERATORS = PLANNERS | {Role.DISPATCHER}
RECORDERS = MODERATORS | {Role.AGENT}
STATES = {"planned": N_("已预告"), "live": N_("正在进行"), "ended": N_("已结束"), "cancelled": N_("已取消")}
CHANNELS = ("interview", "broadcast")
"""What a session may be: an interview on the web, or a broadcast; its questions count by this door."""

LONGEST = {"theme": 120, "about": 2000, "guest_name": 64, "guest_post": 64, "code_word": 16}
MOMENTS = ("opens_at", "starts_at", "ends_at")
LONGEST_SESSION = timedelta(hours=12)
BEFORE = " \t\r\n　#＃“”\"'‘’「『【[（(《<"
BETWEEN = BEFORE + "」』】])）》>:：,，.。、-—~～+＋!！;；"
"""Signs that stand around a code word and between it and the question."""

STEPS = {"start": ("planned", "live"), "end": ("live", "ended"), "cancel": ("planned", "cancelled")}
"""What may be done to a session: from which state, to which."""


def open_now(now: datetime) -> tuple[object, ...]:
    """As a filter: sessions that take questions."""
    announced = (Interview.state == "planned") & (Interview.opens_at <= now) & (Interview.ends_at > now)
    return (or_(Interview.state == "live", announced),)


def takes_questions(one: Interview, now: datetime) -> bool:
    """Until it is ended by hand; one that was never begun until its time is over."""
    return one.state == "live" or (one.state == "planned" and one.opens_at <= now < one.ends_at)


def taking_questions(db: Session, now: datetime) -> list[Interview]:
    """The nearest first."""
    return list(db.scalars(select(Interview).where(*open_now(now)).order_by(Interview.starts_at, Interview.id)))  # type: ignore[arg-type]


def find(db: Session, interview_id: int) -> Interview:
    one = db.get(Interview, interview_id)
    if one is None:
        raise NotFound(_("没有这一场访谈。"))
    return one


def plan(
    db: Session, city: City, actor: Actor, typed: Mapping[str, str], now: datetime, known: Interview | None = None
) -> Interview:
    """Plan one, or change one that has not begun. Raises Refusal naming every wrong field."""
    if known is not None and known.state != "planned":
        raise OutOfTurn(_("这一场已经开始或结束，不能再改。"), code="begun")
    values, problems = _read(city, typed)
    problems |= {} if problems else _check(db, values, now, known)
    if problems:
        raise Refusal(next(iter(problems.values())), code="invalid_form", problems=problems)
    one = known or Interview(
        state="planned", planned_by_id=actor.id, planned_by_name=actor.name, planned_at=now, **values
    )
    for name, value in values.items():
        setattr(one, name, value)
    db.add(one)
    db.flush()
    audit.record(db, "interview_planned", actor, now, subject=one.theme[:120], interview=one.id)
    return one


def step(db: Session, actor: Actor, interview_id: int, name: str, now: datetime) -> Interview:
    """Begin it, end it, or call it off; of two who press at once one is told."""
    if name not in STEPS:
        raise NotFound(_("没有这个操作。"))
    before, after = STEPS[name]
    moment = {"live": {"started_at": now}, "ended": {"ended_at": now}}.get(after, {})
    held = update(Interview).where(Interview.id == interview_id, Interview.state == before)
    if changed(db, held.values(state=after, **moment)) != 1:
        find(db, interview_id)
        raise OutOfTurn(_("别人刚刚处理了这一场，请再看一眼。"), code="overtaken")
    one = find(db, interview_id)
    db.refresh(one)
    audit.record(db, "interview_moved", actor, now, subject=one.theme[:120], interview=one.id, state=after)
    return one


def by_code_word(db: Session, text: str, now: datetime) -> tuple[Interview, str] | None:
    """The session whose code word a text begins with, and the question after it.

    Where nothing stands between the two the word may belong to the question ("供暖费太高"), which keeps it then.
    """
    said = text.strip().lstrip(BEFORE)
    for one in taking_questions(db, now):
        word = _spelt(one.code_word).replace(" ", "")
        rest = _after_word(said, word.strip(BETWEEN) or word)
        question = rest.lstrip(BETWEEN) if rest is not None else ""
        if question:
            return one, question if question != rest else text.strip()
    return None


def _read(city: City, typed: Mapping[str, str]) -> tuple[dict[str, object], dict[str, str]]:
    values: dict[str, object] = {
        name: " ".join(typed.get(name, "").split()) if name != "about" else typed.get(name, "").strip()
        for name in LONGEST
    }
    problems = {name: _("请填写这一项。") for name in LONGEST if name != "about" and not values[name]}
    problems |= {
        name: _("最多 %(n)d 个字，请写短一些。", n=most)
        for name, most in LONGEST.items()
        if len(str(values[name])) > most
    }
    problems |= {name: hole for name in LONGEST if (hole := still_open(values[name]))}
    values["channel"] = typed.get("channel") or CHANNELS[0]
    if values["channel"] not in CHANNELS:
        problems["channel"] = _("请选择是哪一种。")
    values["guest_unit"] = typed.get("guest_unit", "")
    if values["guest_unit"] not in city.units:
        problems["guest_unit"] = _("请选择嘉宾单位。")
    for name in MOMENTS:
        at = _moment(typed.get(name, ""), city)
        if at is None:
            problems[name] = _("请填写时间。")
        values[name] = at
    return values, problems


def _check(db: Session, values: Mapping[str, object], now: datetime, known: Interview | None) -> dict[str, str]:
    """Times in their order, and a code word that no other session uses meanwhile."""
    opens, starts, ends = (values[name] for name in MOMENTS)
    assert isinstance(opens, datetime) and isinstance(starts, datetime) and isinstance(ends, datetime)
    if not starts < ends <= starts + LONGEST_SESSION:
        return {"ends_at": _("结束要晚于开始，一场最长 12 小时。")}
    if opens > starts:
        return {"opens_at": _("收集问题要在开始以前。")}
    if ends <= now:
        return {"ends_at": _("结束时间已经过去。")}
    word = _spelt(str(values["code_word"]))
    others = select(Interview).where(
        Interview.state.in_(("planned", "live")), Interview.id != (known.id if known else 0)
    )
    for other in db.scalars(others):
        mine, theirs = word, _spelt(other.code_word)
        if mine.startswith(theirs) or theirs.startswith(mine):
            return {"code_word": _("“%(theme)s”已用了相近的短信代码，请换一个。", theme=other.theme)}
    return {}


def _after_word(said: str, word: str) -> str | None:
    """What follows the word, in whatever width, case and spacing it is typed; None where the text begins otherwise."""
    left = word
    for at, sign in enumerate(said):
        if not left:
            return said[at:]
        if sign.isspace():
            continue
        if _spelt(sign) != left[0]:
            return None
        left = left[1:]
    return None


def _spelt(word: str) -> str:
    """The same for the same word, in whatever width and case it is typed."""
    return plain(word).casefold()


def _moment(written: str, city: City) -> datetime | None:
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not within_reach(at):
        return None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(city.timezone))
