"""How each partner is: what it took last, what waits for it, what is dead, how long it takes to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.partners.subscription import Subscription
from hotline.installation import Installation
from hotline.partners.deliver import VAIN
from hotline.partners.publish import address_of
from models import Delivery, PartnerLine

MEASURED = 200
"""So many of the last answers say how long a partner takes."""

LATE = timedelta(minutes=10)
"""What has waited longer shows that something is wrong, though nothing has failed."""


@dataclass(frozen=True)
class PartnerHealth:
    """One partner. connected: the settings name its address. oldest: since when the oldest telling waits.

    silent: the last posts met no answer. usual_ms, slow_ms: the median and the slowest twentieth of its last answers.
    """

    subscription: Subscription
    connected: bool
    waiting: int
    failed: int
    accepted_day: int
    oldest: datetime | None
    accepted_at: datetime | None
    failed_at: datetime | None
    error: str
    silent: bool
    rests_until: datetime | None
    usual_ms: int | None
    slow_ms: int | None

    def state(self, now: datetime) -> str:
        """off, dead (somebody must look), down (no answer), asks (us to wait), unwilling (it answers and does not take), late or well."""
        if not self.connected:
            return "off"
        if self.failed:
            return "dead"
        if self.silent:
            return "down"
        if self.rests_until is not None and self.rests_until > now:
            return "asks"
        if (
            self.waiting
            and self.failed_at is not None
            and (self.accepted_at is None or self.accepted_at < self.failed_at)
        ):
            return "unwilling"
        return "late" if self.oldest is not None and now - self.oldest > LATE else "well"


def look(installation: Installation, db: Session, now: datetime) -> list[PartnerHealth]:
    """Every partner of the city's file, in its order."""
    lines = {line.partner: line for line in db.scalars(select(PartnerLine))}
    counted = _counted(db)
    day = {
        row.partner: row.n
        for row in db.execute(
            select(Delivery.partner, func.count().label("n"))
            .where(Delivery.state == "accepted", Delivery.ended_at > now - timedelta(days=1))
            .group_by(Delivery.partner)
        )
    }
    return [
        _one(installation, db, one, lines.get(one.name), counted, day.get(one.name, 0))
        for one in installation.city.subscriptions
    ]


def _counted(db: Session) -> dict[tuple[str, str], tuple[int, datetime | None]]:
    """How many of each partner wait or are dead, and since when the oldest."""
    rows = db.execute(
        select(
            Delivery.partner,
            Delivery.state,
            func.count(),
            func.min(Delivery.created_at, type_=Delivery.created_at.type),
        )
        .where(Delivery.state.in_(("waiting", "failed")))
        .group_by(Delivery.partner, Delivery.state)
    )
    return {(partner, state): (n, oldest) for partner, state, n, oldest in rows}


def _one(
    installation: Installation,
    db: Session,
    subscription: Subscription,
    line: PartnerLine | None,
    counted: dict[tuple[str, str], tuple[int, datetime | None]],
    day: int,
) -> PartnerHealth:
    name = subscription.name
    waiting, oldest = counted.get((name, "waiting"), (0, None))
    took = _took(db, name)
    return PartnerHealth(
        subscription,
        bool(address_of(installation, name)),
        waiting,
        counted.get((name, "failed"), (0, None))[0],
        day,
        oldest,
        line.accepted_at if line else None,
        line.failed_at if line else None,
        (line.error if line else "") or "",
        line is not None and line.vain >= VAIN,
        line.rests_until if line else None,
        took[len(took) // 2] if took else None,
        took[len(took) * 19 // 20] if took else None,
    )


def _took(db: Session, partner: str) -> list[int]:
    """Milliseconds of the last answers, the quickest first."""
    rows = db.scalars(
        select(Delivery.took_ms)
        .where(Delivery.partner == partner, Delivery.state == "accepted", Delivery.took_ms.is_not(None))
        .order_by(Delivery.id.desc())
        .limit(MEASURED)
    )
    return sorted(one for one in rows if one is not None)
