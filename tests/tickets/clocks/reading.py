"""How a test reads a clock, and what was told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models import Deadline, Message, Ticket
from tests.support.life import Life

ANYANG = ZoneInfo("Asia/Shanghai")


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ANYANG).astimezone(UTC)


def clock_of(life: Life, ticket: Ticket, name: str) -> Deadline:
    found = life.db.scalars(
        select(Deadline).where(Deadline.ticket_id == ticket.id, Deadline.clock == name).order_by(Deadline.id.desc())
    ).first()
    assert found is not None, f"no clock {name}"
    return found


def told_of_the_end(life: Life, ticket: Ticket) -> list[str]:
    """What the unit was told of the clock of its reply; what fills a notice lies hidden."""
    life.db.expire_all()
    messages = select(Message).where(Message.ticket_id == ticket.id, Message.unit_code == "chengguan")
    return [str(one.template_key) for one in life.db.scalars(messages) if one.params.get("clock") == "办结"]
