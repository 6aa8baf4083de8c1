"""What breaks a rule: each condition of the city's file as a question to a ticket's history, answered the same whenever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from hotline.city.monitoring.schema import CENTRE_CLOCKS, MonitorRule
from hotline.city.schema import City
from hotline.monitoring.history import History
from hotline.tickets.deadlines import WORK
from hotline.tickets.names import ActionName as Do
from hotline.tickets.names import ClockName as Clock
from hotline.tickets.names import NoticeName
from models import Deadline, Directive, TicketEvent


@dataclass(frozen=True)
class Breach:
    """One rule broken once. on: the row it rests on ("d12", "e81", "x3"); with the rule it is the violation's key."""

    rule: str
    on: str
    at: datetime
    unit_code: str | None
    staff_id: int | None

    @property
    def key(self) -> str:
        return f"{self.rule}:{self.on}"


Condition = Callable[[City, History, MonitorRule, datetime], Iterator[Breach]]


def breaches(city: City, history: History, now: datetime) -> list[Breach]:
    """Every rule of the city that this history breaks, since the day from which they count."""
    since = begins(city)
    found = (one for rule in city.monitoring.rules.values() for one in CONDITIONS[rule.when](city, history, rule, now))
    return sorted((one for one in found if since is None or one.at >= since), key=lambda one: (one.at, one.key))


def begins(city: City) -> datetime | None:
    """The first moment of the day from which the city is monitored; None: as far back as history goes."""
    day = city.monitoring.since
    return datetime.combine(day, time.min, ZoneInfo(city.timezone)) if day else None


def _clock_late(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    for deadline in history.deadlines:
        if deadline.clock == rule.clock and history.late(deadline, now):
            yield _by_clock(city, history, rule, deadline)


def _by_clock(city: City, history: History, rule: MonitorRule, deadline: Deadline) -> Breach:
    """Of a clock of the centre whoever stopped it late answers, of one of a unit whoever had the ticket when it ran out."""
    on, at = f"d{deadline.id}", deadline.due_at
    if rule.clock in CENTRE_CLOCKS:
        late = history.act_at(deadline.stopped_at) if deadline.stopped_at else None
        return Breach(rule.code, on, at, city.centre, late.actor_id if late else None)
    unit = deadline.unit_code or history.ticket.unit_code
    return Breach(rule.code, on, at, unit, history.holder(_under(city, unit), at))


def _card(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    wanted = Do.RED_CARD if rule.colour == "red" else Do.YELLOW_CARD
    for event in history.done(wanted):
        yield _by_event(city, history, rule, event)


def _sent_back(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    redone = [one for one in history.done(Do.REDO) if one.from_state == "to_review"]
    if len(redone) >= rule.times:
        event = redone[rule.times - 1]
        reply = next((one for one in reversed(history.done(Do.REPLY)) if one.id < event.id), None)
        yield Breach(rule.code, f"e{event.id}", event.at, event.unit_code, reply.actor_id if reply else None)


def _extension_late(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    for event in history.done(NoticeName.PETITION_ASKED):
        if event.data.get("kind") == "extension" and _had_run_out(history, event):
            yield _own(rule, event)


def _had_run_out(history: History, asked: TicketEvent) -> bool:
    """A clock of the unit's work was over when more time was asked for. Of one that ever stood still nothing is said."""
    running = [one for one in history.deadlines if one.clock in WORK and one.started_at <= asked.at]
    running = [one for one in running if one.stopped_at is None or one.stopped_at > asked.at]
    moments = [_due_then(history, one, asked) for one in running if one.id not in history.ever_paused]
    return bool(moments) and min(moments) < asked.at


def _due_then(history: History, deadline: Deadline, asked: TicketEvent) -> datetime:
    """When the clock was to end as it stood then: at the first time given, or as the last extension before had moved it."""
    granted = [
        one.data["until"]
        for one in history.done(NoticeName.PETITION_DECIDED)
        if one.data.get("kind") == "extension" and one.data.get("state") == "granted" and one.data.get("until")
        if deadline.started_at <= one.at < asked.at
    ]
    return datetime.fromisoformat(granted[-1]) if granted else deadline.first_due_at


def _objection_late(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    windows = [one for one in history.deadlines if one.clock == Clock.OBJECTION]
    for event in history.done(Do.OBJECT):
        window = next((one for one in reversed(windows) if one.started_at <= event.at), None)
        if window is not None and window.due_at < event.at:
            yield _own(rule, event)


def _objection_refused(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    for event in history.done(Do.OVERRULE):
        objected = next((one for one in reversed(history.done(Do.OBJECT)) if one.id < event.id), None)
        if objected is not None:
            yield Breach(rule.code, f"e{event.id}", event.at, objected.unit_code, objected.actor_id)


def _nobody_named(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    for event in history.done(Do.REPLY):
        named = history.handlers.get(event.data.get("reply_id") or 0, "").strip()
        if not named or named in rule.words:
            yield _own(rule, event)


def _reopened(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    """A closed matter that had to be taken up again; what another platform sent back, too. A citizen's own matter that was
    declined or transferred is no closing of a unit."""
    for event in history.done(Do.REDO, Do.REOPEN):
        if event.from_state in ("closed", "archived") and event.unit_code:
            yield _by_event(city, history, rule, event)


def _demand_late(city: City, history: History, rule: MonitorRule, now: datetime) -> Iterator[Breach]:
    for directive in history.directives:
        if directive.kind == rule.demand:
            yield from _late_rounds(city, history, rule, directive, now)


def _late_rounds(
    city: City, history: History, rule: MonitorRule, directive: Directive, now: datetime
) -> Iterator[Breach]:
    """Each time it was asked for: given, and sent back as not enough."""
    acts = [one for one in history.acts if one.data.get("directive_id") == directive.id]
    answers = [one for one in acts if one.action == Do.ANSWER_DIRECTIVE]
    returns = [one for one in acts if one.action == Do.RETURN_DIRECTIVE]
    given = next((one.data.get("until") for one in acts if one.action not in ASKED_LATER), None)
    dues = [*([given] if returns else []), *(one.data.get("until") for one in returns[:-1])]
    asked_by = [0, *(one.id for one in returns)]
    moments = [datetime.fromisoformat(one) if one else None for one in dues] + [directive.due_at]
    for n, (asked, due_at) in enumerate(zip(asked_by, moments, strict=True)):
        ended = next((one.at for one in answers if one.id > asked), directive.closed_at)
        if due_at is not None and (ended or now) > due_at:
            unit = directive.unit_code
            yield Breach(rule.code, f"x{directive.id}r{n}", due_at, unit, history.holder(_under(city, unit), due_at))


ASKED_LATER = frozenset({Do.ANSWER_DIRECTIVE, Do.RETURN_DIRECTIVE, Do.END_DIRECTIVE})


def _by_event(city: City, history: History, rule: MonitorRule, event: TicketEvent) -> Breach:
    """An act of others that falls on the unit in charge, and on whoever of it had the ticket in hand."""
    held = history.holder(_under(city, event.unit_code), event.at)
    return Breach(rule.code, f"e{event.id}", event.at, event.unit_code, held)


def _own(rule: MonitorRule, event: TicketEvent) -> Breach:
    """An act of the unit itself."""
    return Breach(rule.code, f"e{event.id}", event.at, event.unit_code, event.actor_id)


def _under(city: City, unit: str | None) -> frozenset[str]:
    return frozenset(city.unit_and_below(unit)) if unit and unit in city.units else frozenset()


CONDITIONS: dict[str, Condition] = {
    "clock_late": _clock_late,
    "card": _card,
    "sent_back": _sent_back,
    "extension_late": _extension_late,
    "objection_late": _objection_late,
    "objection_refused": _objection_refused,
    "nobody_named": _nobody_named,
    "reopened": _reopened,
    "demand_late": _demand_late,
}
