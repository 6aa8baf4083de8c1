"""How often marked numbers were heard of while their mark was in force: calls and tickets of each month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Call, NuisanceMark, Ticket


@dataclass(frozen=True)
class Month:
    """month: "2026-03", in the city's own time."""

    month: str
    calls: int
    tickets: int


def by_month(db: Session, zone: str, since: datetime) -> list[Month]:
    """The newest month first. Whoever was erased since is counted no more: their marks went with them."""
    calls = _months(
        db, zone, Call.id, Call.from_phone, Call.started_at, Call.started_at >= since, Call.direction == "in"
    )
    tickets = _months(
        db,
        zone,
        Ticket.id,
        Ticket.contact_phone,
        Ticket.created_at,
        Ticket.created_at >= since,
        Ticket.state != "draft",
    )
    return [Month(one, calls[one], tickets[one]) for one in sorted(calls | tickets, reverse=True)]


def _months(db: Session, zone: str, row_id: Any, phone: Any, at: Any, *where: Any) -> Counter[str]:
    """Each contact once, however many marks its number has had."""
    query = (
        select(row_id, at)
        .join(NuisanceMark, NuisanceMark.phone == phone)
        .where(NuisanceMark.decided_at < at, NuisanceMark.until_at > at, *where)
        .distinct()
    )
    there = ZoneInfo(zone)
    return Counter(f"{moment.astimezone(there):%Y-%m}" for _id, moment in db.execute(query))
