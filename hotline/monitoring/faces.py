"""How a row of the stream looks to those who monitor: heads and facts, never words, names or numbers of people.

Of a sealed matter only the head is told: which ticket, what happened, when, and at which unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.monitoring.schema import MonitorRule
from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.roles import ROLE_NAMES, Role
from models import MonitorEntry, Staff, Ticket

FIRST = (Role.UNIT_LEADER, Role.HANDLER)
"""Of several hats of one person at a unit, the one that answers."""


@dataclass(frozen=True)
class Seen:
    """A row of the stream with the ticket it is about. post: of the person who acted or had the ticket in hand, by role."""

    city: City
    entry: MonitorEntry
    ticket: Ticket
    post: str

    @property
    def sealed(self) -> bool:
        return self.ticket.privacy == "sealed"

    @property
    def rule(self) -> MonitorRule | None:
        if self.entry.kind not in ("violation", "withdrawn"):
            return None
        return self.city.monitoring.rules.get(self.entry.what)

    def moment(self, at: datetime | None) -> str:
        return at.astimezone(ZoneInfo(self.city.timezone)).isoformat(timespec="seconds") if at else ""


def seen(db: Session, city: City, entries: Iterable[MonitorEntry]) -> list[Seen]:
    """With two statements, however many rows."""
    held = list(entries)
    wanted = select(Ticket).where(Ticket.id.in_({one.ticket_id for one in held}))
    tickets = {one.id: one for one in db.scalars(wanted)}
    posts = posts_of(db, {one.staff_id for one in held if one.staff_id})
    return [Seen(city, one, tickets[one.ticket_id], posts.get(one.staff_id or 0, "")) for one in held]


def posts_of(db: Session, ids: Iterable[int]) -> dict[int, str]:
    """Staff id → the role code that is told of this person."""
    wanted = sorted(set(ids))
    rows = db.execute(select(Staff.id, Staff.roles).where(Staff.id.in_(wanted))) if wanted else ()
    return {row.id: post_of(row.roles) for row in rows}


def post_of(roles: Iterable[str]) -> str:
    worn = list(roles)
    return next((role.value for role in FIRST if role in worn), worn[0] if worn else "")


def post_words(code: str) -> str:
    """The post in the reader's language."""
    return _(ROLE_NAMES[Role(code)]) if code in ROLE_NAMES else code


FACTS: dict[str, Callable[[Seen], str]] = {
    "actor": lambda one: one.entry.actor_kind or "",
    "at": lambda one: one.moment(one.entry.at),
    "basis": lambda one: one.rule.basis if one.rule else "",
    "clause": lambda one: one.rule.clause if one.rule else "",
    "cursor": lambda one: str(one.entry.id),
    "due_at": lambda one: one.moment(one.entry.due_at),
    "from_state": lambda one: one.entry.from_state or "",
    "id": lambda one: one.entry.key,
    "kind": lambda one: one.entry.kind,
    "number": lambda one: one.ticket.number,
    "post": lambda one: "" if one.sealed else post_words(one.post),
    "round": lambda one: str(one.entry.round),
    "rule": lambda one: one.entry.what if one.rule else "",
    "rule_name": lambda one: one.rule.shown if one.rule else "",
    "severity": lambda one: one.rule.severity if one.rule else "",
    "source": lambda one: one.rule.source.shown if one.rule else "",
    "state": lambda one: one.entry.to_state or one.ticket.state,
    "unit": lambda one: one.city.unit_name(one.entry.unit_code),
    "unit_code": lambda one: one.entry.unit_code or "",
    "what": lambda one: one.entry.what,
}
"""Each name of `subscription.MONITOR_FACTS`; what is not known is empty."""


def face(one: Seen) -> dict[str, Any]:
    """As the API tells it."""
    rule = one.rule
    return {
        "id": one.entry.id,
        "key": one.entry.key,
        "kind": one.entry.kind,
        "what": one.entry.what,
        "at": one.entry.at.isoformat(),
        "number": one.ticket.number,
        "sealed": one.sealed,
        "from_state": one.entry.from_state,
        "to_state": one.entry.to_state,
        "round": one.entry.round,
        "unit": one.entry.unit_code,
        "actor": one.entry.actor_kind,
        "post": None if one.sealed else one.post or None,
        "due_at": one.entry.due_at.isoformat() if one.entry.due_at else None,
        "rule": {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity,
            "source": rule.source.title,
            "clause": rule.clause or None,
            "own": rule.source.own,
        }
        if rule
        else None,
    }
