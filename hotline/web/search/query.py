"""What a search asks for: the one box understood, the filters read, and each condition as a chip that takes it away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from werkzeug.datastructures import MultiDict

from classifier.text.normalise import plain
from hotline.clock import within_reach
from hotline.i18n import N_, _
from hotline.messages.values import clock_name
from hotline.tickets.lists.clocks import OF_WORK
from hotline.tickets.lists.ticket_list import FACTS, SORTS, Wanted
from hotline.tickets.search import full_text
from hotline.tickets.states import STATES
from hotline.tickets.vocabulary import CHANNELS, PRIVACIES, REQUEST_TYPES, URGENCIES
from hotline.web.core.formatting import state_name, word
from hotline.web.core.forms.action_forms import unit_code
from hotline.web.core.request_context import here
from hotline.web.core.ticket_words import close_words
from hotline.web.search.box import BETWEEN_DIGITS, LAST_DIGITS, NUMBERED, numbers_in
from hotline.web.search.nearby import inside, near
from models import Ticket

SINGLE = (
    "q",
    "as",
    "name",
    "open",
    "unit",
    "lead",
    "category",
    "area",
    "near",
    "within",
    "channel",
    "type",
    "urgency",
    "privacy",
    "agent",
    "from",
    "to",
    "overdue",
    "nearly",
    "clock",
    "soon",
    "round",
    "urges",
    "card",
    "close",
    "sort",
)
MANY = ("state", "fact")
NO_CONDITION = ("as", "sort")
"""Arguments that change how is searched, not what is wanted."""

SOON_HOURS = (4, 24, 72)
LONGEST_QUESTION = 200

FACT_NAMES = {
    "supervised": N_("督办"),
    "for_discipline": N_("移交纪检监察"),
    "for_media": N_("媒体跟进"),
    "dissatisfied": N_("不满意"),
    "safety": N_("涉安全"),
    "auto_signed": N_("自动签收"),
    "auto_dispatched": N_("自动派单"),
    "asking_more": N_("等市民补充"),
    "excluded": N_("不计入考核"),
    "binding": N_("裁定承办"),
    "must_sign": N_("必须签收"),
}
CARD_NAMES = {"yellow": N_("黄牌"), "red": N_("红牌")}
CLOSE_KINDS = (
    "direct",
    "rated",
    "not_rated",
    "final",
    "withdrawn",
    "merged",
    "declined",
    "transferred",
    "void",
    "brought",
)


@dataclass(frozen=True)
class Chip:
    """One condition in words, and the address of the same search without it."""

    label: str
    without: str


@dataclass(frozen=True)
class SearchQuery:
    """args: what was asked, cleaned, as it stands in addresses. words: the part looked for in texts.

    number: a whole ticket number in the box. tail: its last digits. problems: argument → why it cannot be understood.
    left_out: pieces of the box that cannot be looked for; they are told, never dropped in silence.
    """

    args: dict[str, Any]
    wanted: Wanted
    words: str = ""
    number: str = ""
    tail: str = ""
    left_out: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """No condition at all."""
        return not any(name not in NO_CONDITION for name in self.args)

    @property
    def sort(self) -> str:
        """As asked; else what is open by urgency and deadline, and everything else the newest first."""
        asked = str(self.args.get("sort", ""))
        if asked in SORTS:
            return asked
        return "urgent" if self.wanted.open and not self.words else "-number"

    @property
    def filters(self) -> int:
        """How many conditions besides the box."""
        return sum(
            len(value) if isinstance(value, list) else 1
            for name, value in self.args.items()
            if name not in (*NO_CONDITION, "q")
        )

    def address(self, endpoint: str = "search.show", /, **changes: Any) -> str:
        """This search elsewhere, or changed; None takes an argument away."""
        return url_for(
            endpoint, **{name: value for name, value in {**self.args, **changes}.items() if value not in (None, "", [])}
        )

    def chips(self) -> list[Chip]:
        """Every filter in words; the box shows itself."""
        found = []
        for name, value in self.args.items():
            if name in MANY:
                found += [
                    Chip(_SAYS[name](one), self.address(**{name: [v for v in value if v != one]})) for one in value
                ]
            elif name in _SAYS:
                found.append(Chip(_SAYS[name](value), self.address(**{name: None})))
        return found

    def in_words(self) -> str:
        """The whole search as one line, for exports and the book."""
        box = [str(self.args["q"])] if "q" in self.args else []
        return _("；").join(box + [chip.label for chip in self.chips()]) or _("全部")


def read(given: MultiDict[str, str] | Mapping[str, Any], now: datetime) -> SearchQuery:
    """A search from an address (or from a saved view). What no list knows is left out; what cannot be read is a problem."""
    args = _arguments(given if isinstance(given, MultiDict) else MultiDict(given))
    problems: dict[str, str] = {}
    wanted = _conditions(args, now, problems)
    asked = SearchQuery(args, wanted, problems=problems)
    return _understand(asked, str(args["q"])) if "q" in args else asked


def _arguments(given: MultiDict[str, str]) -> dict[str, Any]:
    """Known arguments with a content, in a steady order."""
    args: dict[str, Any] = {}
    for name in SINGLE:
        value = str(given.get(name) or "").replace("\x00", "").strip()[: LONGEST_QUESTION + 1]
        if value and (name not in _LISTS or value in _LISTS[name]):
            args[name] = value
    for name in MANY:
        values = [value for value in dict.fromkeys(given.getlist(name)) if value in _LISTS[name]]
        if values:
            args[name] = values
    return args


def _conditions(args: dict[str, Any], now: datetime, problems: dict[str, str]) -> Wanted:
    also: list[Any] = []
    is_open = {"1": True, "0": False}.get(args.get("open", ""))
    late, soon = "overdue" in args, _whole(args, "soon")
    nearly = "nearly" in args and not late
    if late or nearly or soon:
        is_open = True
    if soon and not late:
        also.append(Ticket.due_at >= now)
    if urges := _whole(args, "urges"):
        also.append(Ticket.urges >= urges)
    if lead := _unit(args, problems, "lead"):
        also.append(Ticket.unit_code == lead)
    if "near" in args:
        also.append(near(args["near"], problems))
    if "within" in args:
        also.append(inside(args["within"], problems))
    if "category" in args:
        also.append(Ticket.category_code.in_(_below(args, problems)))
    return Wanted(
        name=args.get("name", ""),
        states=tuple(args.get("state", ())),
        open=is_open,
        unit=_unit(args, problems),
        area=args.get("area"),
        request_type=args.get("type"),
        urgency=args.get("urgency"),
        channel=args.get("channel"),
        privacy=args.get("privacy"),
        agent_id=_whole(args, "agent"),
        card=args.get("card"),
        close_kind=args.get("close"),
        created_from=_moment(args, "from", problems),
        created_to=_moment(args, "to", problems, days=1),
        overdue_at=now if late else None,
        nearly_at=now if nearly else None,
        clock=args.get("clock"),
        due_before=now + timedelta(hours=soon) if soon and not late else None,
        round_from=_whole(args, "round"),
        facts=tuple(args.get("fact", ())),
        also=tuple(also),
    )


def _whole(args: dict[str, Any], name: str) -> int | None:
    """A whole number; anything else is no condition and leaves the address."""
    if name not in args:
        return None
    if not re.fullmatch(r"[1-9]\d{0,8}", args[name]):
        del args[name]
        return None
    return int(args[name])


def _unit(args: dict[str, Any], problems: dict[str, str], name: str = "unit") -> str | None:
    """A unit by code or name; in the address its code."""
    if name not in args:
        return None
    code = unit_code(args[name], here.city)
    if code not in here.city.units:
        problems[name] = _("没有叫“%(name)s”的单位，请从列表中选择。", name=args[name][:30])
        return None
    args[name] = code
    return code


def _below(args: dict[str, Any], problems: dict[str, str]) -> list[str]:
    """The category and everything under it; written as code, "0604 路灯" or name."""
    given, categories = args["category"], here.city.categories
    named = [c.code for c in categories.values() if given in (c.name, c.name_en)]
    code = given.split()[0] if given.split()[0] in categories else named[0] if named else ""
    if not code:
        problems["category"] = _("没有叫“%(name)s”的类别，请从列表中选择。", name=given[:30])
        return []
    args["category"] = code
    return [one for one in categories if one.startswith(code)]


def _moment(args: dict[str, Any], name: str, problems: dict[str, str], days: int = 0) -> datetime | None:
    """The beginning of a local day, some days later. Wrong dates are problems."""
    if name not in args:
        return None
    try:
        day = date.fromisoformat(args[name])
        if not within_reach(day):
            raise ValueError(args[name])
        return datetime.combine(day + timedelta(days=days), time(0), zone())
    except ValueError:
        problems[name] = _("“%(value)s”不是有效的日期，请按 2026-03-15 的样子填写。", value=args[name][:20])
        return None


def _understand(asked: SearchQuery, question: str) -> SearchQuery:
    """Ticket numbers and telephone numbers are looked up as such, everything else in the texts; all of it must fit."""
    if len(question) > LONGEST_QUESTION:
        return replace(asked, problems={**asked.problems, "q": _("最多输入 %(most)d 个字。", most=LONGEST_QUESTION)})
    if asked.args.get("as") == "text":
        return _with_words(asked, question)
    folded = " ".join(plain(question).split())
    if whole := NUMBERED.fullmatch(BETWEEN_DIGITS.sub("", folded)):
        return replace(asked, number=whole[1], wanted=replace(asked.wanted, number=whole[1]))
    number, phone, rest = numbers_in(folded)
    if number or phone:
        asked = replace(asked, number=number, wanted=replace(asked.wanted, number=number, phone=phone))
        return _with_words(asked, rest) if rest else asked
    tail = folded if LAST_DIGITS.fullmatch(folded) else ""
    return replace(_with_words(asked, question), tail=tail)


def _with_words(asked: SearchQuery, words: str) -> SearchQuery:
    question = full_text.ask(words)
    if not question.parts:
        return replace(asked, problems={**asked.problems, "q": _("请输入汉字、字母或数字。")})
    if len(question.parts) >= full_text.MOST_PARTS:
        return replace(
            asked, problems={**asked.problems, "q": _("一次最多找 %(most)d 个词。", most=full_text.MOST_PARTS - 1)}
        )
    return replace(asked, words=words, left_out=question.lost, wanted=replace(asked.wanted, words=words))


def by_name(asked: SearchQuery) -> SearchQuery:
    """The box read as the name of whoever contacted us."""
    args = {name: value for name, value in asked.args.items() if name not in ("q", "as")}
    return replace(
        asked, args={**args, "name": asked.words}, words="", wanted=replace(asked.wanted, words="", name=asked.words)
    )


def zone() -> ZoneInfo:
    return ZoneInfo(here.city.timezone)


def _unit_name(code: str) -> str:
    return here.city.unit_name(code)


def _category_name(code: str) -> str:
    return here.city.category_name(code)


def _area_name(code: str) -> str:
    return here.city.area_name(code)


_LISTS: dict[str, Any] = {
    "as": ("text",),
    "open": ("1", "0"),
    "overdue": ("1",),
    "nearly": ("1",),
    "clock": OF_WORK,
    "state": {state.value for state in STATES},
    "channel": CHANNELS,
    "type": REQUEST_TYPES,
    "urgency": URGENCIES,
    "privacy": PRIVACIES,
    "card": CARD_NAMES,
    "close": CLOSE_KINDS,
    "fact": FACTS,
    "sort": SORTS,
}
_SAYS: dict[str, Callable[[str], str]] = {
    "state": state_name,
    "fact": lambda v: _(FACT_NAMES[v]),
    "name": lambda v: _("来电人：%(name)s", name=v),
    "open": lambda v: _("未办结") if v == "1" else _("已办结"),
    "unit": _unit_name,
    "lead": lambda v: _("主办：%(unit)s", unit=_unit_name(v)),
    "category": _category_name,
    "area": _area_name,
    "near": lambda v: _("%(number)s 附近（约一到两公里）", number=v),
    "within": lambda v: _("地图上的一片：%(corners)s", corners=v),
    "channel": lambda v: word("channels", v),
    "type": lambda v: word("request_types", v),
    "urgency": lambda v: word("urgencies", v),
    "privacy": lambda v: word("privacies", v),
    "agent": lambda v: _("本人受理") if v == str(here.me.id) else _("话务员 %(id)s 受理", id=v),
    "from": lambda v: _("%(day)s 起受理", day=v),
    "to": lambda v: _("%(day)s 止受理", day=v),
    "overdue": lambda v: _("已超期"),
    "nearly": lambda v: _("快到期（时限用了八成）"),
    "clock": lambda v: _("时限：%(clock)s", clock=clock_name(v)),
    "soon": lambda v: _("%(n)s 小时内到期", n=v),
    "round": lambda v: _("第 %(n)s 轮及以上", n=v),
    "urges": lambda v: _("催办 %(n)s 次及以上", n=v),
    "card": lambda v: _(CARD_NAMES[v]),
    "close": close_words,
}
