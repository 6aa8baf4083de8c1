"""A die: what one living left behind, ready to be struck again for the same matter at another time, by other people.

It is struck only where the real rules would do the same: every step, every deadline, every bell and every text's civil hour,
worked out by the rules' own functions, must lie as far from the beginning as it did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Table

from hotline.city.schema import City
from hotline.demo.people import Cast
from hotline.simulate.plan import Living
from hotline.simulate.scratch import Lived
from hotline.tickets.bells import moments
from hotline.tickets.directives import rules as directives
from models import Base, Directive
from models.store.hidden import as_before
from routing.calendar import Calendar
from routing.limits import Span, bells, due

WORD_IDS = {"petition": "petition", "directive": "directive", "survey": "survey"}
JSON_IDS = {
    "petition_id": "petition",
    "reply_id": "reply",
    "survey_id": "survey",
    "master_id": "ticket",
    "directive_id": "directive",
    "part_id": "ticket",
}
SOFT = {("audit", "ticket_id"): "ticket", ("audit", "actor_id"): "staff", ("call", "dialled_id"): "staff"}
"""Numbers of rows that the database does not know as such."""

DAY = timedelta(days=1)
_DAY = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:\d\d)?)?"
_NOTICE = r"(?<!\d)\d\d-\d\d \d\d:\d\d"
_NUMBERED = r"\{survey:\d+\}|(?:petition|directive):\d+"


class Bells(NamedTuple):
    """As much of a deadline as its bells ask for."""

    clock: str
    limit: str
    started_at: datetime
    due_at: datetime


@dataclass
class Striking:
    """One living for which a die is struck. shift: how much later it begins. ids: by table, in the order of the die's rows.

    names: what stands in the die's words, and what is written instead. staff: the die's people and this living's.
    """

    shift: timedelta
    ids: Mapping[str, Sequence[int]]
    names: Mapping[str, str]
    staff: Mapping[int, int]
    citizens: Mapping[int, int]


Change = Callable[[Striking], Any]


class Die:
    """Made from a living that was lived; see `fits` and `rows`."""

    def __init__(self, lived: Lived, city: City, cast: Cast):
        self.lived, self.city, self.cast = lived, city, cast
        self.living = lived.living
        self._zone = ZoneInfo(city.timezone)
        self._steps = _from_begin(self.living, city, lived.until)
        self._drawn = {
            n: _drawn(row["id"], city)
            for n, row in enumerate(lived.rows.get("ticket", ()))
            if row["close_kind"] == "direct"
        }
        self._clocks = list(lived.rows.get("deadline", ()))
        self._rigid = any(row["due_at"] != row["first_due_at"] for row in self._clocks) or bool(lived.rows.get("pause"))
        moments_told = _moments_in(lived)
        self._local = {self._day(at) for at in moments_told}
        self._clock_times = sorted(_since_midnight(at.astimezone(self._zone)) for at in moments_told)
        self._texted = {at for job in lived.jobs for at in job}
        self._waited = any(job[1] > job[0] and self._opens(job[1]) for job in lived.jobs)
        self._spots = {
            name: {row[_key(Base.metadata.tables[name])]: n for n, row in enumerate(rows)}
            for name, rows in lived.rows.items()
        }
        at_work = _staff_in(lived)
        self._people = {person.id: slot for slot, person in _slots(cast).items() if person.id in at_work}
        self._signs = self._signs_of()
        words = sorted((re.escape(sign) for sign in self._signs if sign), key=len, reverse=True)
        self._found = re.compile("|".join((*words, _NUMBERED, _DAY, _NOTICE)))
        self.tables = [(Base.metadata.tables[name], self._changes(name, rows)) for name, rows in lived.rows.items()]

    # --- may it be struck for this living? ---------------------------------------------------------------------------

    def fits(self, living: Living, first_id: int, until: datetime) -> bool:
        shift = living.begins - self.living.begins
        return (
            self._ends_alike(shift, until)
            and _from_begin(living, self.city, until) == self._steps
            and all(_drawn(first_id + n, self.city) == drawn for n, drawn in self._drawn.items())
            and self._same_days(shift)
            and (not self._rigid or self._same_kind_of_days(shift))
            and all(self._same_clock(row, shift) for row in self._clocks)
            and not (self._waited and shift % DAY)
            and all(self._same_hour(at, shift) for at in self._texted)
        )

    def _ends_alike(self, shift: timedelta, until: datetime) -> bool:
        """All that happened would have happened by then, and what was to come would not."""
        pending = self.lived.pending
        return self.lived.happened + shift <= until and (pending is None or pending + shift > until)

    def _same_clock(self, row: Mapping[str, Any], shift: timedelta) -> bool:
        """By the rules' own functions: the deadline, and each of its bells."""
        if row["limit"] in ("outer", "date"):
            return True
        calendar, span = self.city.calendar, Span.parse(row["limit"])
        started, ends = row["started_at"], row["due_at"]
        starts = (
            self.city.limits.starts_at(calendar, row["clock"], self._urgency(row), at)
            for at in (started, started + shift)
        )
        then, now = (due(calendar, at, span) for at in starts)
        soon, later = (_soon(calendar, at, end, span) for at, end in ((started, ends), (started + shift, ends + shift)))
        return then + shift == now and soon + shift == later and self._rings_alike(row, shift)

    def _rings_alike(self, row: Mapping[str, Any], shift: timedelta) -> bool:
        """The bells that rang ring as long after the beginning, and the next one was not to ring before the clock stopped."""
        told = moments(Bells(row["clock"], row["limit"], row["started_at"], row["due_at"]), self.city)  # type: ignore[arg-type]
        later = Bells(row["clock"], row["limit"], row["started_at"] + shift, row["due_at"] + shift)
        again = moments(later, self.city)  # type: ignore[arg-type]
        rung, stopped = row["rung"], row["stopped_at"]
        if [(at + shift, bell) for at, bell in told[:rung]] != again[:rung]:
            return False
        following = again[rung][0] if len(again) > rung else None
        if stopped is not None:
            return following is None or following > stopped + shift
        return (row["ring_at"] + shift if row["ring_at"] is not None else None) == following

    def _urgency(self, row: Mapping[str, Any]) -> str:
        return next(str(ticket["urgency"]) for ticket in self.lived.rows["ticket"] if ticket["id"] == row["ticket_id"])

    def _same_hour(self, at: datetime, shift: timedelta) -> bool:
        """Whether a text that was told then may go out at once then as now."""
        return self._is_civil(at) == self._is_civil(at + shift)

    def _is_civil(self, at: datetime) -> bool:
        begins, ends = self.city.policy.civil_hours
        return begins <= at.astimezone(self._zone).time() < ends

    def _opens(self, at: datetime) -> bool:
        """The moment at which texts may go out in the morning: whoever waited for it waits for it on every day."""
        return at.astimezone(self._zone).time() == self.city.policy.civil_hours[0]

    def _same_days(self, shift: timedelta) -> bool:
        """No moment comes to lie on another side of midnight than the others."""
        moved = shift - timedelta(days=round(shift / DAY))
        return self._clock_times[0] + moved >= timedelta(0) and self._clock_times[-1] + moved < DAY

    def _same_kind_of_days(self, shift: timedelta) -> bool:
        if shift % timedelta(weeks=1):
            return False
        first, last, works = min(self._local), max(self._local), self.city.calendar.is_working_day
        days = [first + timedelta(days=n) for n in range(-1, (last - first).days + 4)]
        return all(works(day) == works(day + timedelta(days=shift.days)) for day in days)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    # --- its rows, with what is otherwise in each living -------------------------------------------------------------

    def names_for(self, living: Living, numbers: Mapping[str, str], cast: Cast) -> dict[str, str]:
        """numbers: the die's ticket numbers and this living's."""
        told = zip(self._of(self.living, self.cast), self._of(living, cast), strict=True)
        return {**dict(told), **numbers}

    def _of(self, living: Living, cast: Cast) -> list[str]:
        """Whatever words stand for one living alone, in one order for all livings of a family."""
        now = _slots(cast)
        names = [now[slot].name for slot in self._people.values()]
        return [*living.phones, f"sim-{living.serial}-", living.door, living.count, living.account, *names]

    def staff_for(self, cast: Cast) -> dict[int, int]:
        now = _slots(cast)
        return {number: now[slot].id for number, slot in self._people.items()}

    def _signs_of(self) -> list[str]:
        numbers = [row["number"] for row in self.lived.rows.get("ticket", ())]
        orders = [row["number"] for row in self.lived.rows.get("directive", ()) if row["number"]]
        return [*self._of(self.living, self.cast), *numbers, *orders]

    def _changes(self, name: str, rows: Sequence[Mapping[str, Any]]) -> list[list[tuple[str, Any, Change | None]]]:
        table = Base.metadata.tables[name]
        return [
            [(column.name, row[column.name], self._change(table, column, row)) for column in table.columns]
            for row in rows
        ]

    def _change(self, table: Table, column: Column[Any], row: Mapping[str, Any]) -> Change | None:
        """How this cell differs in another living; None where it does not."""
        value = row[column.name]
        if value is None or isinstance(value, bool | float | bytes):
            return None
        if isinstance(value, int):
            return self._number(_points_to(table, column), value)
        if isinstance(value, datetime):
            return lambda s: value + s.shift
        if isinstance(value, date):
            return lambda s: value + timedelta(days=self._days(s))
        return self._value(value)

    def _number(self, target: str | None, value: int) -> Change | None:
        if target == "staff":
            return (lambda s: s.staff[value]) if value in self._people else None
        if target == "citizen":
            return lambda s: s.citizens[value]
        if target is None or value not in self._spots.get(target, {}):
            return None
        spot = self._spots[target][value]
        return lambda s: s.ids[target][spot]

    def _value(self, value: Any, key: str = "") -> Change | None:
        if isinstance(value, bool | float) or value is None:
            return None
        if isinstance(value, int):
            return self._number(JSON_IDS.get(key), value)
        if isinstance(value, str):
            return self._words(value)
        if isinstance(value, dict):
            parts = {name: self._value(one, name) for name, one in value.items()}
            if not any(parts.values()):
                return None
            return lambda s: {name: (part(s) if (part := parts[name]) else one) for name, one in value.items()}
        some = [self._value(one, key) for one in value]
        if not any(some):
            return None
        return lambda s: [part(s) if part else one for part, one in zip(some, value, strict=True)]

    def _words(self, value: str) -> Change | None:
        if not self._found.search(value):
            return None
        return lambda s: as_before(value, self._found.sub(lambda found: self._said(found[0], s), value))

    def _said(self, word: str, s: Striking) -> str:
        if word in s.names:
            return s.names[word]
        if word.startswith("{survey:") or (":" in word and word.split(":")[0] in WORD_IDS):
            kind, number = word.strip("{}").split(":")
            new = self._number(WORD_IDS[kind], int(number))
            return word.replace(number, str(new(s))) if new else word
        return self._later(word, s) if word[:2].isdigit() else word

    def _later(self, word: str, s: Striking) -> str:
        """A day or a moment that stands in words."""
        if len(word) == len("11-25 08:30"):
            year = self._day(self.living.begins).year
            then = datetime.fromisoformat(f"{year}-{word}")
            if then.date() < min(self._local) - timedelta(days=60):
                then = then.replace(year=year + 1)
            return (then + s.shift).strftime("%m-%d %H:%M")
        if len(word) == len("2026-03-09"):
            return (date.fromisoformat(word) + timedelta(days=self._days(s))).isoformat()
        moment = datetime.fromisoformat(word) + s.shift
        return moment.isoformat(sep=word[10], timespec="auto" if word.count(":") > 2 or "." in word else _spec(word))

    def _days(self, s: Striking) -> int:
        return (self._day(self.living.begins + s.shift) - self._day(self.living.begins)).days

    def orders(self, s: Striking) -> dict[str, str]:
        """Numbers of demands from above: each has its own."""
        told = {}
        for n, row in enumerate(self.lived.rows.get("directive", ())):
            made = Directive(id=s.ids["directive"][n], kind=row["kind"])
            year = (row["given_at"] + s.shift).astimezone(self._zone).year
            told[row["number"]] = directives.number_of(made, year)
        return told


def _spec(word: str) -> str:
    return "minutes" if re.fullmatch(r".{10}[T ]\d\d:\d\d(?:[+-]\d\d:\d\d)?", word) else "auto"


def _soon(calendar: Calendar, started: datetime, ends: datetime, span: Span) -> datetime:
    """When four fifths of the time are used."""
    return next(at for at, bell in bells(calendar, started, ends, span) if bell == "most")


def _from_begin(living: Living, city: City, until: datetime) -> list[list[timedelta]]:
    """Of each matter: how long after the beginning it is told and each step is taken, as far as that is before the end."""
    return [[at - living.begins for at in moments if at <= until] for moments in living.moments(city)]


def _drawn(ticket_id: int, city: City) -> bool:
    """Whether a citizen who was answered at once is asked about it: that hangs on the number (see `followup.direct`)."""
    return (ticket_id * 37) % 100 < round(city.policy.direct_sample * 100)


def _since_midnight(at: datetime) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _staff_in(lived: Lived) -> set[int]:
    """The people whose numbers stand in its rows."""
    found: set[int] = set()
    for name, rows in lived.rows.items():
        table = Base.metadata.tables[name]
        columns = [column.name for column in table.columns if _points_to(table, column) == "staff"]
        found.update(row[column] for row in rows for column in columns if row[column] is not None)
    return found


def _slots(cast: Cast) -> dict[str, Any]:
    """Those who are others at other times: whoever takes the call, and the units' handlers."""
    return {"agent": cast.actors["demo-agent"], **{f"unit {unit}": actor for unit, actor in cast.handlers.items()}}


def _moments_in(lived: Lived) -> set[datetime]:
    found: set[datetime] = set()
    for rows in lived.rows.values():
        for row in rows:
            found.update(value for value in row.values() if isinstance(value, datetime))
    return found


def _key(table: Table) -> str:
    return next(iter(table.primary_key)).name


def _points_to(table: Table, column: Column[Any]) -> str | None:
    """The table whose rows this number names."""
    soft = SOFT.get((table.name, column.name))
    if soft:
        return soft
    target = next((key.column.table.name for key in column.foreign_keys), None)
    return table.name if target is None and column.primary_key else target
