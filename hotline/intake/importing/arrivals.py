"""One row of a foreign table as a contact of ours, and as the history it brings when the matter is settled already."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing import moments, outer_numbers, words
from hotline.intake.importing.headings import ColumnMap
from hotline.intake.importing.reading.cells import is_error, says_nothing, text_of, without_markup
from hotline.intake.importing.reading.sheets import Row
from hotline.intake.open_history import History
from hotline.intake.open_ticket import Contact, checked
from webhooks.numbers import read_phone

RECENT, TOMORROW = timedelta(days=3), timedelta(days=1)
LONGEST_KEPT = 4_000
"""Characters of one further column that are kept with the ticket."""


@dataclass(frozen=True)
class Manner:
    """How rows of one file are taken: source and channel of rows that name none, whom to text, and whether settled ones stay settled."""

    source: str
    channel: str = "web"
    texts: str = "recent"
    history: bool = True


@dataclass(frozen=True)
class Arrival:
    """history: None while the matter is open work."""

    row: Row
    contact: Contact
    history: History | None = None


@dataclass
class Reader:
    """Rows of one table as arrivals. seen: how often each wordless number was met, so that equal rows stay apart."""

    city: City
    manner: Manner
    mapping: ColumnMap
    now: datetime
    seen: Counter[str] = field(default_factory=Counter)

    def arrival(self, row: Row) -> Arrival:
        """Raises Refusal with the reason why the row is wrong."""
        if row.trouble:
            raise Refusal(row.trouble)
        told = _Told(self.mapping, row, (self.now + TOMORROW).astimezone(self._zone()).date())
        text = {fact: told.text(fact) for fact in self.mapping.taken}
        number = row.goes_by or self._number(text)
        history = self._history(told) if self.manner.history else None
        contact = checked(self._contact(told, number), self.city)
        return Arrival(row, replace(contact, quiet=bool(history) or self._is_quiet(contact)), history)

    def _number(self, text: Mapping[str, str]) -> str:
        return outer_numbers.own_number(text.get("outer_number", "")) or outer_numbers.number_by_words(text, self.seen)

    def _contact(self, told: _Told, number: str) -> Contact:
        body = told.words("body") or told.words("title")
        if not body and (broken := told.broken("body") or told.broken("title")):
            raise Refusal(_("“%(column)s”是 Excel 的错误值 %(value)s，不是内容。", column=broken[0], value=broken[1]))
        if not body:
            raise Refusal(_no_words(told))
        phone = told.phone(self.city.area_code)
        return Contact(
            body=body,
            title=told.words("title")[:200],
            phone=phone,
            name=told.words("name")[:64],
            place=told.words("place")[:300],
            channel=told.word("channel") or self.manner.channel,
            request_type=told.word("request_type") or "help",
            urgency=told.word("urgency") or "",
            category=told.coded("category", _categories(self.city)),
            area=told.coded("area", _areas(self.city)),
            outer_source=self.manner.source,
            outer_number=number,
            happened_at=told.moment("happened_at", self._zone()),
            extra=told.extra(),
        )

    def _history(self, told: _Told) -> History | None:
        """What another system settled; None when it is open, or nothing says that it is settled."""
        closed_at = told.optional_moment("closed_at", self._zone(), self.now)
        end = words.end_of(told.text("state"))
        if end == "open" or (not end and closed_at is None):
            told.keep("closed_at", "reply", "replied_at", "rating", "solved", "unit")
            return None
        rating = words.rating_of(told.text("rating"))
        unit = told.coded("unit", _units(self.city))
        told.use("state")
        if rating is not None:
            told.use("rating")
        return History(
            end=end or "closed",
            state=told.text("state") or _("已办结"),
            reply=told.use_text("reply"),
            unit_code=unit,
            rating=rating,
            rated=told.words("rating")[:64],
            solved=told.word("solved"),
            closed_at=closed_at,
            replied_at=told.optional_moment("replied_at", self._zone(), self.now),
        )

    def _is_quiet(self, contact: Contact) -> bool:
        """Whoever called years ago is not texted today that the matter has come in; nor is who calls in the future."""
        if self.manner.texts == "recent":
            at = contact.happened_at
            return at is None or not -TOMORROW < self.now - at <= RECENT
        return self.manner.texts == "none"

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.city.timezone)


class _Told:
    """What one row says of each fact, and which of its cells found a place; the others are kept as they were told."""

    def __init__(self, mapping: ColumnMap, row: Row, latest: date):
        self.mapping, self.values = mapping, row.values
        self.row, self.latest = row, latest
        self.used: set[str] = set()

    def columns(self, fact: str) -> tuple[str, ...]:
        return self.mapping.taken.get(fact, ())

    def text(self, fact: str) -> str:
        """The first column that says something."""
        return next((text for column in self.columns(fact) if (text := text_of(self.values.get(column)))), "")

    def words(self, fact: str) -> str:
        """As `text`, but errors of a spreadsheet are no words; the column is then used up."""
        for column in self.columns(fact):
            text = text_of(self.values.get(column))
            if text and not is_error(text) and (fact in ("body", "title") or not says_nothing(text)):
                self.used.add(column)
                return without_markup(text) if fact in ("body", "title", "reply") else text
        return ""

    def broken(self, fact: str) -> tuple[str, str] | None:
        return next(
            ((column, text) for column in self.columns(fact) if is_error(text := text_of(self.values.get(column)))),
            None,
        )

    def word(self, fact: str) -> str:
        """Our code for a word of theirs; a word that is not clear stays among what is kept."""
        return self._first(fact, lambda text: words.word_of(fact, text))

    def coded(self, fact: str, codes: Mapping[str, str]) -> str | None:
        return self._first(fact, lambda text: codes.get("".join(text.split()), "")) or None

    def _first(self, fact: str, code_of: Callable[[str], str]) -> str:
        for column in self.columns(fact):
            text = text_of(self.values.get(column))
            if text and (code := code_of(text)):
                self.used.add(column)
                return code
        return ""

    def phone(self, area_code: str) -> str:
        """What was told as the number: the first column with a good one, else the first that says anything."""
        told = [(column, text) for column in self.columns("phone") if (text := text_of(self.values.get(column)))]
        good = next((one for one in told if read_phone(one[1], area_code).number), None)
        column, text = good or next(((name, text) for name, text in told if not says_nothing(text)), ("", ""))
        self.used |= {column}
        return text

    def moment(self, fact: str, zone: ZoneInfo) -> datetime | None:
        """The moment told in one column or in two, the day and the time of day. Raises Refusal for what is not understood whole."""
        said: list[tuple[str, moments.Told]] = []
        unread: Refusal | None = None
        for column in self.columns(fact):
            try:
                told = self._moment_in(column)
            except Refusal as refusal:
                if not said:
                    raise
                unread = refusal  # where the day is known already it is kept as told
                continue
            if told.day is not None or told.clock is not None:
                said.append((column, told))
        if not said:
            return None
        column, found = said[0]
        if found.day is None or found.clock is None:
            other = next(
                (
                    (name, one)
                    for name, one in said[1:]
                    if (one.day is None) != (found.day is None) and (one.clock is None) != (found.clock is None)
                ),
                None,
            )
            other = other or next(
                ((name, one) for name, one in said[1:] if found.day is None and one.day is not None), None
            )
            if other is not None:
                found = moments.joined(found, other[1]) if other[1].day is None or other[1].clock is None else other[1]
                self.used |= {other[0]} if found.at(zone) else set()
        if unread is not None and found.day is None:
            raise unread
        self.used |= {column} if found.at(zone) else set()
        return found.at(zone)

    def _moment_in(self, column: str) -> moments.Told:
        """A day without a year is of the year that stands around the table, unless that lies ahead."""
        value = self.values.get(column)
        value = text_of(value) if isinstance(value, str) else value
        try:
            told = moments.read(value, self.mapping.orders.get(column, ""), self.mapping.year)
        except moments.NoMoment:
            raise Refusal(_unread(column, text_of(value)), field="happened_at") from None
        if told.day is not None and told.day > self.latest and moments.lacks_year(value):
            raise Refusal(_unread(column, text_of(value)), field="happened_at")
        return told

    def optional_moment(self, fact: str, zone: ZoneInfo, now: datetime) -> datetime | None:
        """As `moment`, for facts that never refuse a row: what is not understood, or lies ahead, is kept as told."""
        try:
            at = self.moment(fact, zone)
        except Refusal:
            at = None
        if at is None or at > now + TOMORROW:
            self.keep(fact)
            return None
        return at

    def use(self, *facts: str) -> None:
        self.used |= {column for fact in facts for column in self.columns(fact)[:1]}

    def use_text(self, fact: str) -> str:
        return self.words(fact)

    def keep(self, *facts: str) -> None:
        self.used -= {column for fact in facts for column in self.columns(fact)}

    def extra(self) -> dict[str, Any]:
        """The cells that found no place, as plain JSON values under their headings."""
        left = {
            name: value for name, value in self.values.items() if name not in self.used and name not in self._silent()
        }
        told = {str(text_of(name))[:100]: _kept(value) for name, value in left.items() if value not in (None, "")}
        for column in self.row.unkept:
            told[column] = _("（公式，文件里没有它的值）")
        return {name: value for name, value in told.items() if value not in (None, "")}

    def _silent(self) -> set[str]:
        return set(self.columns("outer_number")[:1]) if outer_numbers.own_number(self.text("outer_number")) else set()


def _no_words(told: _Told) -> str:
    column = (told.columns("body") or told.columns("title") or ("",))[0]
    if column in told.row.unkept:
        return _("“%(column)s”是公式，文件里没有它的值，请在 Excel 里打开并保存一次再导入。", column=column)
    return _("“%(column)s”是空的，请补上诉求内容再导入。", column=column)


def _unread(column: str, text: str) -> str:
    if moments.in_two_ways(text):
        return _(
            "“%(column)s”的日期“%(value)s”看不出哪个是月、哪个是日，请写成 2026-03-15 的样子。",
            column=column,
            value=text[:40],
        )
    if moments.lacks_year(text):
        return _(
            "“%(column)s”的日期“%(value)s”没有年份，请把年份写进工作表名、表的题目或文件名（例如 2026年3月），或写成 2026-03-15 的样子。",
            column=column,
            value=text[:40],
        )
    return _(
        "“%(column)s”的时间“%(value)s”读不懂，请写成 2026-03-15 14:30 的样子。",
        column=column,
        value=text[:40],
    )


def _kept(value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, dict | list):
        plain = json.dumps(value, ensure_ascii=False, default=str)
        return json.loads(text_of(plain)) if len(plain) <= LONGEST_KEPT else text_of(plain)[:LONGEST_KEPT]
    return text_of(value)[:LONGEST_KEPT]


@lru_cache(maxsize=4)
def _by_name(kind: str, named: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Names and codes → code; a name that two things bear is nobody's."""
    often = Counter(name for _code, name in named)
    return {name: code for code, name in named if often[name] == 1} | {code: code for code, _name in named}


def _categories(city: City) -> dict[str, str]:
    return _by_name("category", tuple((code, "".join(one.name.split())) for code, one in city.categories.items()))


def _areas(city: City) -> dict[str, str]:
    return _by_name("area", tuple((code, "".join(one.name.split())) for code, one in city.areas.items()))


def _units(city: City) -> dict[str, str]:
    return _by_name(
        "unit",
        tuple(
            (code, "".join(one.name.split()))
            for code, one in city.units.items()
            if one.kind not in ("hotline", "outside")
        ),
    )
