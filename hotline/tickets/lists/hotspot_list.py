"""Hot spots for people: the live list, one of them, and the one a ticket belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.tickets.lists.paging import Order, Page, paginate
from hotline.tickets.roles import Actor, Role
from models import HotSpot, HotTicket, Ticket

WATCHERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.CITY_LEADER, Role.DISPATCHER, Role.LEAD_AGENT})
"""Who has the list: those who lead, and those who can put tickets together."""

ORDERS = {
    f"-{name}": Order(column, HotSpot.id, falling=True)
    for name, column in (
        ("heat", HotSpot.heat),
        ("count", HotSpot.count),
        ("people", HotSpot.people),
        ("last", HotSpot.last_at),
    )
}
ENDED_ORDERS = {
    "-closed": Order(HotSpot.closed_at, HotSpot.id, falling=True),
    "closed": Order(HotSpot.closed_at, HotSpot.id),
}
"""The orders of the hot spots and of those that cooled down, their own first."""

BARS = 24
LEAST_SPAN = timedelta(hours=6)


@dataclass(frozen=True)
class Heated:
    """One hot spot with its growth: how many tickets came in each equal part of the time since it began."""

    spot: HotSpot
    bars: tuple[int, ...]
    span: timedelta

    @property
    def rising(self) -> bool:
        return self.spot.trend > 1.2

    @property
    def highest(self) -> int:
        return max(self.bars, default=0)


def hot_now(
    db: Session,
    now: datetime,
    sort: str = "",
    *,
    after: str | None = None,
    before: str | None = None,
    ended: bool = False,
) -> Page:
    """A page of `Heated`, the hottest first (or those that cooled down, the last one first) unless asked otherwise."""
    orders = ENDED_ORDERS if ended else ORDERS
    query = select(HotSpot).where(HotSpot.closed_at.is_not(None) if ended else HotSpot.closed_at.is_(None))
    page = paginate(db, query, orders.get(sort) or next(iter(orders.values())), after=after, before=before)
    moments = _moments(db, [spot.id for spot in page.rows])
    return replace(page, rows=[_heated(spot, moments.get(spot.id, []), spot.closed_at or now) for spot in page.rows])


def hot_one(db: Session, key: str, now: datetime) -> Heated | None:
    spot = db.scalar(select(HotSpot).where(HotSpot.key == key))
    return _heated(spot, _moments(db, [spot.id]).get(spot.id, []), spot.closed_at or now) if spot else None


def hot_of(db: Session, actor: Actor, ticket_id: int) -> HotSpot | None:
    """The hot spot of this ticket while it is hot, for those who may open it."""
    if not actor.is_(*WATCHERS):
        return None
    return db.scalar(
        select(HotSpot)
        .join(HotTicket, HotTicket.spot_id == HotSpot.id)
        .where(HotTicket.ticket_id == ticket_id, HotSpot.closed_at.is_(None))
    )


def _moments(db: Session, spot_ids: Sequence[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    if spot_ids:
        for row in db.execute(
            select(HotTicket.spot_id, Ticket.created_at)
            .join(Ticket, Ticket.id == HotTicket.ticket_id)
            .where(HotTicket.spot_id.in_(spot_ids))
        ):
            found.setdefault(row.spot_id, []).append(row.created_at)
    return found


def _heated(spot: HotSpot, moments: list[datetime], until: datetime) -> Heated:
    span = max(until - spot.first_at, LEAST_SPAN)
    counted = Counter(min(int((at - (until - span)) / span * BARS), BARS - 1) for at in moments)
    return Heated(spot, tuple(counted[n] for n in range(BARS)), spot.last_at - spot.first_at)
