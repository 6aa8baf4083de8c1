"""When each step of a demo life happens, so that the last one lies the wanted time before now."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hotline.city.schema import City
from hotline.demo.matter import Matter
from routing.spans import Span

BY_DAY = (time(8), time(21))
LONGEST = timedelta(days=35)
RECENT = timedelta(hours=30)


def moments(city: City, matter: Matter, now: datetime, minutes: int) -> tuple[datetime, ...]:
    """The moment of the contact and of every step. minutes: begins an older life so much earlier, so that not all begin at nine."""
    ago = Span.parse(matter.ago).natural
    start = _start(city, matter, now - ago)
    earlier = timedelta(0) if ago < RECENT else timedelta(minutes=minutes)
    return _chain(city, matter, start - earlier, by_day=_by_day(matter))


def moments_from(city: City, matter: Matter, start: datetime) -> tuple[datetime, ...]:
    """The same for a matter whose contact comes at this moment."""
    return _chain(city, matter, start, by_day=False)


def _start(city: City, matter: Matter, end: datetime) -> datetime:
    """The latest start from which the last step still lies before `end`: a later start never ends earlier, so halve."""
    early, late = end - LONGEST, end
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) / 2
        if _chain(city, matter, middle, by_day=_by_day(matter))[-1] <= end:
            early = middle
        else:
            late = middle
    return early


def _by_day(matter: Matter) -> bool:
    """Lives told in minutes and hours only may begin at any hour: the centre works around the clock."""
    return any(step.after.endswith("wh") for step in matter.steps) or Span.parse(matter.ago).natural > RECENT


def _chain(city: City, matter: Matter, start: datetime, *, by_day: bool) -> tuple[datetime, ...]:
    at = city.calendar.next_civil(start, *BY_DAY) if by_day else start
    chain = [at]
    for step in matter.steps:
        at = city.calendar.add(at, Span.parse(step.after))
        chain.append(at)
    return tuple(chain)
