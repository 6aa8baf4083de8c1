"""Once a night: what is told of each kind is learnt anew, and what had been told is held against what was closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.waiting_time.coverage import check
from hotline.waiting_time.measured import waits
from hotline.waiting_time.ranges import Kind, Range, ranges
from models import WaitingTime

HISTORY = timedelta(days=400)
KEPT = timedelta(days=800)
"""A matter older than this finds no longer what was told at its opening."""


def learn_waiting_times(installation: Installation, now: datetime) -> int:
    """Returns how many kinds are told now. Done twice on one day it changes nothing."""
    city = installation.city
    today = city.calendar.start_of_day(now)
    with installation.readings() as db:
        found = ranges(waits(db, city, today - HISTORY, today), city.policy.few_waits)
    with installation.sessions() as db:
        tell(db, found, now)
        check(db, city, now)
        db.commit()
    return len(found)


def tell(db: Session, found: dict[Kind, Range], now: datetime) -> None:
    """What has changed ends and begins anew; what is the same stays as it is."""
    for row in db.scalars(select(WaitingTime).where(WaitingTime.until.is_(None))).all():
        if found.get(_kind(row)) != _range(row):
            row.until = now
    db.flush()
    same = {_kind(row) for row in db.scalars(select(WaitingTime).where(WaitingTime.until.is_(None)))}
    for kind, told in found.items():
        if kind not in same:
            db.add(
                WaitingTime(
                    category_code=kind.category,
                    unit_code=kind.unit,
                    season=kind.season,
                    since=now,
                    until=None,
                    **told._asdict(),
                )
            )
    db.execute(delete(WaitingTime).where(WaitingTime.until < now - KEPT))
    db.flush()


def _kind(row: WaitingTime) -> Kind:
    return Kind(row.category_code, row.unit_code, row.season)


def _range(row: WaitingTime) -> Range:
    return Range(row.low, row.high, row.share, row.tickets)
