"""How often marked numbers were heard of while their mark was in force: calls and tickets of each month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session

from models import Call, NuisanceMark, Ticket


@dataclass(frozen=True)
class Month:
    """month: "2026-03", in the city's own time."""

    month: str
    calls: int
    tickets: int


def by_month(db: Session, zone: str, since: datetime, seen: ColumnElement[bool]) -> list[Month]:
    """The newest month first. Whoever was erased since is counted no more: their marks went with them. seen: the tickets that the
    reader may see; a number that counts others tells that whoever calls from a telephone has a sealed matter."""
    calls = _months(db, zone, calls_heard(since), Call.id, Call.started_at)
    tickets = _months(db, zone, tickets_heard(since).where(seen), Ticket.id, Ticket.created_at)
    return [Month(one, calls[one], tickets[one]) for one in sorted(calls | tickets, reverse=True)]


def calls_heard(since: datetime, until: datetime | None = None) -> Select[Call]:
    """Calls of numbers whose mark was in force, each once however many marks its number has had."""
    heard = select(Call).where(Call.direction == "in", _in_force(Call.from_phone, Call.started_at))
    return heard.where(*_between(Call.started_at, since, until))


def tickets_heard(since: datetime, until: datetime | None = None) -> Select[Ticket]:
    """The same of tickets."""
    heard = select(Ticket).where(Ticket.state != "draft", _in_force(Ticket.contact_phone, Ticket.created_at))
    return heard.where(*_between(Ticket.created_at, since, until))


def _in_force(phone: Any, at: Any) -> ColumnElement[bool]:
    return exists().where(NuisanceMark.phone == phone, NuisanceMark.decided_at < at, NuisanceMark.until_at > at)


def _between(at: Any, since: datetime, until: datetime | None) -> list[ColumnElement[bool]]:
    return [at >= since, *([at < until] if until is not None else [])]


def _months(db: Session, zone: str, heard: Any, row_id: Any, at: Any) -> Counter[str]:
    there = ZoneInfo(zone)
    rows = db.execute(heard.with_only_columns(row_id, at))
    return Counter(f"{moment.astimezone(there):%Y-%m}" for _id, moment in rows)
