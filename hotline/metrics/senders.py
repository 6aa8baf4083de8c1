"""How the senders of texts are doing: what each carried and refused today and in thirty days, and what it cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import SenderDay

LATELY = timedelta(minutes=15)


@dataclass(frozen=True)
class SenderState:
    """One sender as an operator sees it. well: its last word was not a failure of the last quarter of an hour."""

    name: str
    well: bool
    today: SenderDay | None
    month_sent: int = 0
    month_pieces: int = 0
    month_failed: int = 0
    month_undelivered: int = 0
    month_cost: float = 0.0


def states(db: Session, names: Iterable[str], now: datetime) -> list[SenderState]:
    """The senders in use, in the order given, with this day and the last thirty."""
    found = {row.provider: row for row in db.scalars(select(SenderDay).where(SenderDay.day == now.date()))}
    columns = (SenderDay.sent, SenderDay.pieces, SenderDay.failed, SenderDay.undelivered, SenderDay.cost)
    since = select(SenderDay.provider, *[func.sum(column) for column in columns]).where(
        SenderDay.day > now.date() - timedelta(days=30)
    )
    month: dict[str, tuple[int, int, int, int, float]] = {
        row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4]), float(row[5]))
        for row in db.execute(since.group_by(SenderDay.provider))
    }
    return [SenderState(name, is_well(found.get(name), now), found.get(name), *month.get(name, ())) for name in names]


def is_well(day: SenderDay | None, now: datetime) -> bool:
    if day is None or day.failed_at is None or now - day.failed_at > LATELY:
        return True
    return day.sent_at is not None and day.sent_at >= day.failed_at
