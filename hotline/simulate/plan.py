"""The plan of a city's years: which matter of the book is told when and by whom, week by week; drawn from the seed alone."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from hotline.city.schema import City
from hotline.demo.matter import Matter
from hotline.demo.timing import moments_from
from hotline.simulate import rates, words
from hotline.simulate.book import AFTER_WEEKS, Family

MOBILE = 13_800_000_000
NUISANCE = 12
"""So many telephones make all the nuisance calls."""

STEADY = 6
"""In a week of holidays every sixth of the matters for units comes, as much more often: each such week has days of its own, and
a matter must be lived once for each kind of week."""


@dataclass(frozen=True)
class Living:
    """One family told at one time. begins: the first contact. phones: who tells each matter. door, count, account: what stands in it.

    serial: its place in the plan; nobody else has it.
    """

    serial: int
    family: Family
    begins: datetime
    phones: tuple[str, ...]
    door: str
    count: str
    account: str

    def matters(self) -> tuple[Matter, ...]:
        """The family's matters with this living's door and count, and names that no other living has."""
        return tuple(self._told(matter) for matter in self.family.matters)

    def moments(self, city: City) -> tuple[tuple[datetime, ...], ...]:
        """Of each matter: when it is told and when each step is taken."""
        return tuple(moments_from(city, matter, self._begins(n)) for n, matter in enumerate(self.family.matters))

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What stands in the book, and what is said instead."""
        return (words.DOOR, self.door), (words.COUNT, self.count), (words.ACCOUNT, self.account)

    def _begins(self, n: int) -> datetime:
        weeks = AFTER_WEEKS.get(self.family.matters[n].name, 0)
        return self.begins + timedelta(weeks=weeks, minutes=7 * n)

    def _told(self, matter: Matter) -> Matter:
        steps = tuple(
            replace(step, said={name: self._meant(said) for name, said in step.said.items()}) for step in matter.steps
        )
        return replace(
            matter,
            steps=steps,
            name=f"sim-{self.serial}-{matter.name}" if matter.name else "",
            place=self._said(matter.place),
            found=self._said(matter.found),
            done=self._said(matter.done),
        )

    def _meant(self, value: Any) -> Any:
        """What a step says: the name of another matter of this living, or words."""
        if value == "first":
            return f"sim-{self.serial}-first"
        return self._said(value) if isinstance(value, str) else value

    def _said(self, words: str) -> str:
        for then, now in self.names:
            words = words.replace(then, now)
        return words


@dataclass(frozen=True)
class Plan:
    """contacts: as many as a year shall have. since, until: when the first contact can come, and what nothing comes after."""

    city: City
    seed: int
    book: Sequence[Family]
    contacts: int
    since: datetime
    until: datetime

    def weeks(self) -> Iterator[tuple[date, list[Living]]]:
        """Every week by its Monday, with what begins in it, in the order of its beginning."""
        serial = 0
        first = self.city.calendar.day_of(self.since)
        monday = first - timedelta(days=first.weekday())
        while self._at(monday, 0) < self.until:
            livings = sorted(self._week(monday), key=lambda one: (one.begins, one.family.number, one.phones))
            numbered = [replace(one, serial=serial + n) for n, one in enumerate(livings)]
            serial += len(numbered)
            yield monday, numbered
            monday += timedelta(weeks=1)

    def _week(self, monday: date) -> Iterator[Living]:
        chance = random.Random(f"{self.seed}/{monday}")
        holidays = self._has_holidays(monday)
        for family in self.book:
            many = self._storm(family, monday) if family.storm else self._many(family, monday, holidays, chance)
            for offset in _offsets(family, many, holidays, chance):
                begins = self._at(monday, family.minute + offset)
                if self.since <= begins < self.until and not self._stays_away(begins, chance):
                    yield self._living(family, begins, chance)

    def _many(self, family: Family, monday: date, holidays: bool, chance: random.Random) -> int:
        rate = self._share * family.weight * rates.season(family.matters[0].says, monday)
        if holidays and family.way.by_unit:
            rate = rate * STEADY if family.number % STEADY == 0 else 0.0
        return _poisson(rate, chance)

    @cached_property
    def _share(self) -> float:
        """Contacts a week for one of weight."""
        told = sum(family.weight * len(family.matters) for family in self.book)
        return self.contacts / rates.WEEKS_A_YEAR / told

    def _storm(self, family: Family, monday: date) -> int:
        """A storm has its one week of each year."""
        week = random.Random(f"{self.seed}/{family.number}/{monday.year}").randrange(52)
        return (
            round(rates.STORM * self.contacts / rates.CONTACTS_A_YEAR) if monday.isocalendar().week == week + 1 else 0
        )

    def _has_holidays(self, monday: date) -> bool:
        """The days that a matter of a unit can reach are not all as in other weeks."""
        reached = [monday + timedelta(days=n) for n in range(-2, 35)]
        return any(self.city.calendar.is_working_day(day) != (day.weekday() < 5) for day in reached)

    def _stays_away(self, begins: datetime, chance: random.Random) -> bool:
        day = self.city.calendar.day_of(begins)
        free = day.weekday() < 5 and not self.city.calendar.is_working_day(day)
        return free and chance.random() > rates.HOLIDAY

    def _living(self, family: Family, begins: datetime, chance: random.Random) -> Living:
        first = self._phone(family, chance)
        second = first if family.matters[-1].name == "again" else self._phone(family, chance)
        phones = (first, second)[: len(family.matters)]
        door, count = f"{chance.randrange(1, 999)}号", f"{chance.randrange(11, 99)}处"
        return Living(0, family, begins, phones, door, count, words.account_of(chance))

    def _phone(self, family: Family, chance: random.Random) -> str:
        if family.way.name == "nuisance":
            return str(MOBILE + chance.randrange(NUISANCE))
        many = max(100, round(self.contacts * rates.CALLERS_A_CONTACT))
        again = chance.random() < rates.REPEAT_CALLERS
        drawn = int(many * chance.random() ** 3) if again else chance.randrange(many)
        return str(MOBILE + 100 + drawn)

    def _at(self, monday: date, minute: int) -> datetime:
        zone = ZoneInfo(self.city.timezone)
        return (datetime.combine(monday, time(), zone) + timedelta(minutes=minute)).astimezone(UTC)


def _offsets(family: Family, many: int, holidays: bool, chance: random.Random) -> list[int]:
    """Minutes before or after its own, none of them twice; what cannot be moved is told by several people in one minute. A unit
    that is away takes its steps when it is back, as much later as each matter began earlier: such a week has only three minutes."""
    if not family.loose:
        return [0] * many
    if holidays and family.way.by_unit:
        return chance.choices((-family.loose, 0, family.loose), k=many)
    room = range(-family.loose, family.loose + 1)
    return chance.sample(room, min(many, len(room)))


def _poisson(rate: float, chance: random.Random) -> int:
    """Knuth, The Art of Computer Programming 2, 3.4.1; rates are of a few a week."""
    least, many, product = math.exp(-rate), 0, chance.random()
    while product > least:
        many, product = many + 1, product * chance.random()
    return many
