"""Broken rules of a month by unit: who may see whose, how many count, and which tickets stand behind each number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.city.monitoring.schema import SEVERITIES
from hotline.city.schema import City
from hotline.i18n import N_
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import UNIT_ROLES, Actor, Role
from models import Ticket, Violation

WATCHERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.DISCIPLINE})
"""Who reads of every unit; a unit's people read of their own."""

READERS = WATCHERS | UNIT_ROLES
STATES = {
    "counted": N_("计入"),
    "excluded": N_("已剔除"),
    "withdrawn": N_("已撤销"),
    "lapsed": N_("不再成立"),
}


@dataclass(frozen=True)
class Wish:
    """Which of them. since, until: when the rule was broken. state: one of STATES."""

    since: datetime
    until: datetime
    unit: str = ""
    rule: str = ""
    severity: str = ""
    state: str = "counted"


@dataclass
class UnitMonth:
    """One unit's month: how many count, by severity and by rule; and how many do not, by state."""

    unit: str | None
    by_severity: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    by_rule: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_state: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def counted(self) -> int:
        return self.by_state["counted"]


def own_to(actor: Actor) -> ColumnElement[bool]:
    """The rows that this person may read of."""
    if actor.is_(*WATCHERS):
        return true()
    return Violation.unit_code.in_(sorted(actor.units))


def _told_to(actor: Actor) -> ColumnElement[bool]:
    """A unit hears of a sealed ticket through those who may open it: the number, hour and person of a row would tell everybody else."""
    return true() if actor.is_(*WATCHERS) else or_(Ticket.privacy != "sealed", visible_to(actor))


def state_is(state: str) -> ColumnElement[bool]:
    """As a filter on rows joined with their tickets: what is excluded from the figures is excluded here."""
    standing = Violation.lapsed_at.is_(None)
    taken = Violation.withdrawn_at.is_not(None)
    return {
        "lapsed": ~standing,
        "withdrawn": standing & taken,
        "excluded": standing & ~taken & Ticket.excluded.is_(True),
        "counted": standing & ~taken & Ticket.excluded.is_(False),
    }[state]


def month_of(db: Session, city: City, actor: Actor, wish: Wish) -> list[UnitMonth]:
    """Per unit, the most first; what counts and what does not add up to all that was found."""
    found: dict[str | None, UnitMonth] = {}
    for state in STATES:
        asked = select(Violation.unit_code, Violation.rule, func.count()).where(*_of(city, actor, wish, state))
        grouped = asked.join(Ticket, Ticket.id == Violation.ticket_id).group_by(Violation.unit_code, Violation.rule)
        for unit, rule, n in db.execute(grouped):
            _add(found.setdefault(unit, UnitMonth(unit)), city, state, rule, n)
    return sorted(found.values(), key=lambda one: (-one.counted, city.unit_name(one.unit)))


def listed(city: City, actor: Actor, wish: Wish) -> Any:
    """(violation, ticket): in no order yet."""
    asked = select(Violation, Ticket).join(Ticket, Ticket.id == Violation.ticket_id)
    return asked.where(*_of(city, actor, wish, wish.state))


def openable(db: Session, actor: Actor, ids: Iterable[int]) -> set[int]:
    """Those of these tickets that this person may open; of the others only the head is told."""
    wanted = select(Ticket.id).where(Ticket.id.in_(sorted(set(ids))), visible_to(actor))
    return set(db.scalars(wanted))


def of_ticket(db: Session, actor: Actor, ticket: Ticket) -> list[Violation]:
    """What stands on one ticket, as far as this person may read of it, the oldest first."""
    wanted = (Violation.ticket_id == ticket.id, Violation.lapsed_at.is_(None), own_to(actor))
    return list(db.scalars(select(Violation).where(*wanted).order_by(Violation.at, Violation.id)))


def _of(city: City, actor: Actor, wish: Wish, state: str) -> tuple[ColumnElement[bool], ...]:
    rules = _rules_of(city, wish)
    return (
        Violation.at >= wish.since,
        Violation.at < wish.until,
        own_to(actor),
        _told_to(actor),
        state_is(state),
        Violation.unit_code == wish.unit if wish.unit else true(),
        Violation.rule.in_(sorted(rules)) if rules is not None else true(),
    )


def _rules_of(city: City, wish: Wish) -> Collection[str] | None:
    if wish.rule:
        return (wish.rule,)
    if not wish.severity:
        return None
    return [one.code for one in city.monitoring.rules.values() if one.severity == wish.severity]


def _add(row: UnitMonth, city: City, state: str, rule: str, n: int) -> None:
    row.by_state[state] += n
    known = city.monitoring.rules.get(rule)
    if state == "counted":
        row.by_rule[rule] += n
        if known is not None:
            row.by_severity[known.severity] += n
