"""Working time of a city: holidays, make-up working weekends, several working intervals a day.

Moments go in aware and come out in UTC. A day is a working day when it is a make-up working day, or a
weekday that is no holiday; a year the city has not described yet follows the weekday rule, and
`missing_years` names it. Working days of a year are tabulated once, so that a deadline costs microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from routing.spans import Span

MIDNIGHT = time(0)
DAY = 86_400_000_000
WEEKEND = (5, 6)
MICROSECOND = timedelta(microseconds=1)


class _Year(NamedTuple):
    """working: ordinals of the working days; before: for each day of the year, how many working days came earlier."""

    first: int
    working: tuple[int, ...]
    before: tuple[int, ...]


@dataclass(frozen=True)
class Calendar:
    """hours: the intervals of a working day in order, (from, to); a `to` of 00:00 means midnight at the day's end.

    Raises ValueError for an unknown zone, for no hours, and for hours that overlap or run backwards.
    """

    zone: str
    hours: tuple[tuple[time, time], ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _intervals: tuple[tuple[int, int], ...] = field(init=False, repr=False, compare=False)
    _day_length: int = field(init=False, repr=False, compare=False)
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo(self.zone)
        except (KeyError, OSError) as trouble:
            raise ValueError(f"unknown time zone: {self.zone!r}") from trouble
        intervals = tuple((_clock(start), _clock(end) or DAY) for start, end in self.hours)
        edges = [edge for interval in intervals for edge in interval]
        if not edges or any(a >= b for a, b in intervals) or edges != sorted(edges):
            raise ValueError("working hours must be given, in order and without overlap")
        object.__setattr__(self, "_zone", zone)
        object.__setattr__(self, "_intervals", intervals)
        object.__setattr__(self, "_day_length", sum(b - a for a, b in intervals))

    def is_working_day(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() not in WEEKEND and day not in self.holidays)

    def is_open(self, moment: datetime) -> bool:
        """The moment lies in working time; a closing moment does not."""
        day, clock = self._local(moment)
        return self._works(day) and any(a <= clock < b for a, b in self._intervals)

    def opening(self, moment: datetime) -> datetime:
        """The moment itself when it lies in working time, otherwise the next opening."""
        return self._moment(*self._opening(*self._local(moment)))

    def add(self, moment: datetime, span: Span) -> datetime:
        """The moment `span` later, in UTC.

        min, h: natural time. d: the same local clock time that many days later. wd: the start moves to the
        next opening, then the same clock time that many working days later; half a day is half its working
        time. wh: working time only, landing on a closing rather than on the opening after it.
        """
        if span.unit in ("min", "h"):
            return (moment + span.natural).astimezone(UTC)
        if span.unit == "d":
            return (moment.astimezone(self._zone) + span.natural).astimezone(UTC)
        day, clock = self._opening(*self._local(moment))
        if span.unit == "wh":
            return self._moment(*self._work(day, clock, round(span.amount * 3_600_000_000)))
        whole = int(span.amount)
        rest = round((span.amount - whole) * self._day_length)
        return self._moment(*self._work(self._shift(day, whole), clock, rest))

    def working_days_before(self, moment: datetime, days: int) -> datetime:
        """The moment from which `days` whole working days remain until `moment`."""
        day, clock = self._opening(*self._local(moment))
        return self._moment(self._shift(day, -days), clock)

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b; negative when b is earlier."""
        if b < a:
            return -self.working_time_between(b, a)
        (year_a, done_a), (year_b, done_b) = self._worked_in_year(a), self._worked_in_year(b)
        years = sum(len(self._year(year).working) for year in range(year_a, year_b))
        return (years * self._day_length + done_b - done_a) * MICROSECOND

    @property
    def day_length(self) -> timedelta:
        """Working time of one working day."""
        return self._day_length * MICROSECOND

    def missing_years(self, a: datetime, b: datetime) -> tuple[int, ...]:
        """The years from a to b whose holidays the city has not described."""
        first, last = (moment.astimezone(self._zone).year for moment in (a, b))
        return tuple(year for year in range(first, last + 1) if year not in self.known_years)

    def next_civil(self, moment: datetime, from_: time, to: time) -> datetime:
        """The moment itself when its local clock time lies in [from_, to), otherwise the next `from_`."""
        day, clock = self._local(moment)
        if _clock(from_) <= clock < (_clock(to) or DAY):
            return moment.astimezone(UTC)
        return self._moment(day + (clock >= _clock(from_)), _clock(from_))

    def day_of(self, moment: datetime) -> date:
        """The local day of the moment."""
        return moment.astimezone(self._zone).date()

    def start_of_day(self, moment: datetime) -> datetime:
        """Local midnight at the start of the moment's local day."""
        return self._moment(self._local(moment)[0], 0)

    # Inside, a moment is (ordinal of the local day, microseconds since local midnight).

    def _local(self, moment: datetime) -> tuple[int, int]:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be placed in a calendar")
        local = moment.astimezone(self._zone)
        seconds = (local.hour * 60 + local.minute) * 60 + local.second
        return local.toordinal(), seconds * 1_000_000 + local.microsecond

    def _moment(self, day: int, clock: int) -> datetime:
        if clock == DAY:
            day, clock = day + 1, 0
        midnight = datetime.combine(date.fromordinal(day), MIDNIGHT)
        return (midnight + clock * MICROSECOND).replace(tzinfo=self._zone).astimezone(UTC)

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            first = date(year, 1, 1).toordinal()
            working: list[int] = []
            before: list[int] = []
            for ordinal in range(first, date(year, 12, 31).toordinal() + 1):
                before.append(len(working))
                if self.is_working_day(date.fromordinal(ordinal)):
                    working.append(ordinal)
            self._years[year] = _Year(first, tuple(working), tuple(before))
        return self._years[year]

    def _year_of(self, day: int) -> tuple[int, _Year]:
        year = date.fromordinal(day).year
        return year, self._year(year)

    def _works(self, day: int) -> bool:
        _, table = self._year_of(day)
        place = table.before[day - table.first]
        return place < len(table.working) and table.working[place] == day

    def _shift(self, day: int, by: int) -> int:
        """The working day `by` places after the first working day that is not before `day`."""
        year, table = self._year_of(day)
        place = table.before[day - table.first] + by
        while place >= len(table.working):
            place -= len(table.working)
            year += 1
            table = self._year(year)
        while place < 0:
            year -= 1
            table = self._year(year)
            place += len(table.working)
        return table.working[place]

    def _opening(self, day: int, clock: int) -> tuple[int, int]:
        if self._works(day):
            for start, end in self._intervals:
                if clock < end:
                    return day, max(clock, start)
            day += 1
        return self._shift(day, 0), self._intervals[0][0]

    def _work(self, day: int, clock: int, amount: int) -> tuple[int, int]:
        """Where `amount` of working time ends that starts at an open moment."""
        if not amount:
            return day, clock
        days, rest = divmod(self._done(clock) + amount - 1, self._day_length)
        rest += 1
        for start, end in self._intervals:
            if rest <= end - start:
                return self._shift(day, days), start + rest
            rest -= end - start
        raise AssertionError("a day holds more than its own length")

    def _done(self, clock: int) -> int:
        """Working time of a working day before `clock`."""
        return sum(min(max(clock - start, 0), end - start) for start, end in self._intervals)

    def _worked_in_year(self, moment: datetime) -> tuple[int, int]:
        """The moment's local year, and its working time since that year began."""
        day, clock = self._local(moment)
        year, table = self._year_of(day)
        today = self._done(clock) if self._works(day) else 0
        return year, table.before[day - table.first] * self._day_length + today


def _clock(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond
