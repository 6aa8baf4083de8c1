"""How long each step may take, when that is over, and when to warn before it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from routing.calendar import Calendar
from routing.spans import Span

__all__ = ["BELLS", "CLOCKS", "REQUEST_TYPES", "URGENCIES", "ClockLimit", "LimitProfile", "Span", "bells", "due"]

CLOCKS = (
    "dispatch",
    "sign",
    "contact",
    "objection",
    "ruling",
    "reply",
    "feedback",
    "review",
    "redo",
    "answer",
    "judge",
    "outer",
    "wait",
    "archive",
)
REQUEST_TYPES = ("consult", "help", "complaint", "report", "suggestion", "praise", "other")
URGENCIES = ("normal", "urgent", "critical")
BELLS = ("half", "most", "yellow", "due", "red")
DEFAULT = "default"
_MILDER = {"critical": ("critical", "urgent", "normal"), "urgent": ("urgent", "normal"), "normal": ("normal",)}


@dataclass(frozen=True)
class ClockLimit:
    """cells: by urgency, then by request type (or "default").

    A missing urgency follows the next milder one; without "normal" the clock does not run for normal tickets.
    defer: a normal ticket that comes off hours starts at the next opening. half_of_first: never more than
    half the first reply limit, urgent cells excepted.
    """

    cells: Mapping[str, Mapping[str, Span]]
    defer: bool = False
    half_of_first: bool = False

    def span(self, request_type: str, urgency: str) -> Span | None:
        for level in _MILDER.get(urgency, ("normal",)):
            if level in self.cells:
                cell = self.cells[level]
                return cell.get(request_type) or cell.get(DEFAULT)
        return None

    def own(self, urgency: str) -> bool:
        """The urgency (or the next milder one above normal) has a cell of its own."""
        return any(level in self.cells for level in _MILDER.get(urgency, ("normal",)) if level != "normal")


@dataclass(frozen=True)
class LimitProfile:
    """All limits of one policy, e.g. a province's standard. source: the document they come from."""

    name: str
    clocks: Mapping[str, ClockLimit]
    title: str = ""
    title_en: str = ""
    source: str = ""

    def span(
        self,
        clock: str,
        request_type: str,
        urgency: str = "normal",
        round: int = 1,
        first: Span | None = None,
    ) -> Span | None:
        """The limit of one clock; None when this clock does not run for such a ticket.

        round: a reply of a later round has the redo limit. first: the reply limit of round 1, when it was not the
        profile's own (None: the profile's).
        """
        if clock == "reply" and round > 1 and "redo" in self.clocks:
            clock = "redo"
        limit = self.clocks.get(clock)
        span = limit.span(request_type, urgency) if limit else None
        if limit and span and limit.half_of_first and not limit.own(urgency):
            first = first or self.span("reply", request_type, urgency)
            return min((span, first.half()), key=lambda each: each.natural) if first else span
        return span

    def starts_at(self, calendar: Calendar, clock: str, urgency: str, moment: datetime) -> datetime:
        """When the clock starts for a matter that arrives at `moment`: at the next opening where the city defers."""
        limit = self.clocks.get(clock)
        return calendar.opening(moment) if limit and limit.defer and urgency == "normal" else moment


@lru_cache(maxsize=512)
def due(calendar: Calendar, started_at: datetime, span: Span) -> datetime:
    """The deadline, in UTC. Contacts that arrive together have it together: it is worked out once."""
    return calendar.add(started_at, span)


@lru_cache(maxsize=512)
def bells(
    calendar: Calendar, started: datetime, due: datetime, span: Span | None = None
) -> tuple[tuple[datetime, str], ...]:
    """The moments at which a running clock rings, in order, each with its bell.

    half and most: 50 % and 80 % of the time, working time when `span` is a working one. yellow: one working day
    before due, when that is after the start. red: the opening of the first working day after the day it was due.
    """
    rings = [(_part(calendar, started, due, share, span), bell) for share, bell in ((0.5, "half"), (0.8, "most"))]
    yellow = calendar.working_days_before(due, 1)
    if started < yellow < due:
        rings.append((yellow, "yellow"))
    rings += [(due, "due"), (_red(calendar, due), "red")]
    return tuple(sorted(rings, key=lambda ring: (ring[0], BELLS.index(ring[1]))))


def _part(calendar: Calendar, started: datetime, due: datetime, share: float, span: Span | None) -> datetime:
    working = calendar.working_time_between(started, due) if span and span.working else timedelta(0)
    if working <= timedelta(0):
        return calendar.add(started + (due - started) * share, Span(0, "h"))
    return calendar.add(started, Span(working.total_seconds() * share / 3600, "wh"))


def _red(calendar: Calendar, due: datetime) -> datetime:
    tomorrow = calendar.add(calendar.start_of_day(due), Span(1, "d"))
    return calendar.opening(tomorrow)
