"""Matters of many citizens: found among the newest tickets every few minutes, kept as they grow, warned of once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classifier.text.cues import OF_MANY
from classifier.text.masking.mask import mask
from classifier.text.words import normalise
from hotline import outbox
from hotline.city.schema import City
from hotline.installation import Installation
from hotline.messages.compose import tell_staff
from hotline.tickets.act import act, attempt, lock
from hotline.tickets.names import ActionName
from hotline.tickets.privacy.redact import known_of_rows
from hotline.tickets.roles import SYSTEM, Role
from hotline.tickets.states import SUBMITTED
from models import HotSpot, HotTicket, Proposal, Ticket, TicketText
from models.store.db import changed

if TYPE_CHECKING:
    from classifier.hotspots import HotSpot as Found
    from classifier.hotspots import Item

PEOPLE = 5
WINDOW = timedelta(days=7)
HALF_LIFE = timedelta(days=2)
EVERY = timedelta(minutes=3)
STILL_NEW = timedelta(minutes=30)
"""So long after a ticket came the looks go on, even if the clock stood still for a while."""

MOST = 1000
"""Tickets looked at in one go: the newest of the window. One look takes about a second of a worker's time."""

READ = 300
MOST_TITLE = 60
NEVER = ("draft", "void")


def enqueue_look(db: Session, now: datetime) -> bool:
    """Enqueue one look per span of EVERY, when there is something new to see or something hot to watch."""
    if not _worth_a_look(db, now):
        return False
    return outbox.enqueue(db, "look_for_hot", key=f"hot:{int(now.timestamp() // EVERY.total_seconds())}", now=now)


def look(installation: Installation) -> list[str]:
    """Find, store, warn; returns the keys warned of. Nothing is locked while the texts are compared."""
    from classifier.hotspots import Settings, find_hotspots, fresh  # slow to load, and only workers need it

    now = installation.clock.now()
    with installation.readings() as db:
        known, items = read_known(db), read_items(db, now)
    found = find_hotspots(items, now, known, Settings(people=PEOPLE, window=WINDOW, half_life=HALF_LIFE))
    new = {spot.key for spot in fresh(found, known)}
    with installation.sessions() as db:
        _store(db, found, now)
        warned = [spot.key for spot in found if spot.key in new and _warn(db, installation.city, spot, now)]
        for spot in found:
            if _presses(installation.city, spot, items):
                _raise_all(db, installation.city, spot, now)
        db.commit()
    return warned


def read_items(db: Session, now: datetime) -> list[Item]:
    """The newest tickets of the window as plain values: masked words, and callers that say nothing about themselves."""
    from classifier.hotspots import Item

    rows = db.execute(
        select(
            Ticket.id,
            Ticket.created_at,
            Ticket.area,
            Ticket.street,
            Ticket.category_code,
            Ticket.title,
            Ticket.citizen_id,
            Ticket.contact_name,
            Ticket.contact_phone,
            TicketText.body,
        )
        .join(TicketText, TicketText.ticket_id == Ticket.id)
        .where(Ticket.created_at > now - WINDOW, Ticket.state.not_in(NEVER), Ticket.privacy != "sealed")
        .order_by(Ticket.created_at.desc())
        .limit(MOST)
    ).all()
    named = _places(db, [row.id for row in rows if not row.street])
    return [
        Item(
            str(row.id),
            row.created_at,
            row.area or "",
            row.street or named.get(row.id, ""),
            row.category_code or "",
            mask(f"{row.title}\n{row.body[:READ]}", known_of_rows(row.contact_name, row.contact_phone)),
            str(row.citizen_id or ""),
        )
        for row in rows
    ]


def _places(db: Session, ids: Sequence[int]) -> dict[int, str]:
    """The community or landmark that triage heard in each of these tickets: public names, never an address."""
    rows = db.execute(
        select(Proposal.ticket_id, Proposal.place).where(Proposal.ticket_id.in_(ids)).order_by(Proposal.id)
    ).all()
    return {row.ticket_id: row.place.get("community") or row.place.get("landmark") or "" for row in rows}


def read_known(db: Session) -> list[Found]:
    """What was hot at the last look, with its tickets, in two statements."""
    from classifier.hotspots import HotSpot as Found

    spots = db.scalars(select(HotSpot).where(HotSpot.closed_at.is_(None))).all()
    members = tickets_of(db, [spot.id for spot in spots])
    return [
        Found(
            spot.key,
            spot.title,
            spot.area or "",
            spot.place or "",
            spot.category_code or "",
            spot.first_at,
            spot.last_at,
            spot.count,
            spot.people,
            tuple(str(one) for one in members.get(spot.id, ())),
            spot.trend,
            spot.heat,
        )
        for spot in spots
    ]


def tickets_of(db: Session, spot_ids: Sequence[int]) -> dict[int, list[int]]:
    """The ids of each hot spot's tickets."""
    found: dict[int, list[int]] = {}
    if spot_ids:
        for link in db.execute(
            select(HotTicket.spot_id, HotTicket.ticket_id)
            .where(HotTicket.spot_id.in_(spot_ids))
            .order_by(HotTicket.ticket_id)
        ):
            found.setdefault(link.spot_id, []).append(link.ticket_id)
    return found


def _worth_a_look(db: Session, now: datetime) -> bool:
    new = select(Ticket.id).where(Ticket.created_at > now - STILL_NEW).limit(1)
    hot = select(HotSpot.id).where(HotSpot.closed_at.is_(None), HotSpot.looked_at < now - timedelta(hours=1)).limit(1)
    return db.scalar(new) is not None or db.scalar(hot) is not None


def _store(db: Session, found: Sequence[Found], now: datetime) -> None:
    """Write what is hot now and close what no longer is; tickets that left the window still count."""
    rows = {row.key: row for row in db.scalars(select(HotSpot).where(HotSpot.key.in_([spot.key for spot in found])))}
    for spot in found:
        row = rows.get(spot.key)
        if row is None:
            row = HotSpot(key=spot.key, first_at=spot.first_at, count=0, people=0)
            db.add(row)
        row.title, row.area, row.place, row.category_code = (
            spot.title[:MOST_TITLE],
            spot.area,
            spot.place[:64],
            spot.category,
        )
        row.first_at, row.last_at = min(row.first_at, spot.first_at), spot.last_at
        row.people, row.heat, row.trend = max(row.people, spot.people), spot.heat, spot.trend
        row.looked_at, row.closed_at = now, None
        db.flush()
        _link(db, row, [int(one) for one in spot.ids])
    db.execute(
        update(HotSpot)
        .where(HotSpot.closed_at.is_(None), HotSpot.key.not_in([spot.key for spot in found]))
        .values(closed_at=now)
    )


def _link(db: Session, row: HotSpot, ticket_ids: list[int]) -> None:
    """A ticket that was in another hot spot moves to this one."""
    insert = _INSERT[db.get_bind().dialect.name](HotTicket)
    db.execute(
        insert.on_conflict_do_update(index_elements=["ticket_id"], set_={"spot_id": insert.excluded.spot_id}),
        [{"ticket_id": one, "spot_id": row.id} for one in ticket_ids],
    )
    row.count = db.scalar(select(func.count()).where(HotTicket.spot_id == row.id)) or 0


_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def _presses(city: City, spot: Found, items: Sequence[Item]) -> bool:
    """An outage, pollution or danger, by its category or by the words of half of those who told of it."""
    category = city.categories.get(spot.category)
    if category is not None and category.safety:
        return True
    members = set(spot.ids)
    told = [bool(OF_MANY.search(normalise(item.text))) for item in items if item.id in members]
    return sum(told) * 2 >= max(len(told), 1)


def _raise_all(db: Session, city: City, spot: Found, now: datetime) -> None:
    """Its tickets become urgent, each on record; what a person said stays, and an ended one has no clock to turn."""
    wanted = select(Ticket.id).where(
        Ticket.id.in_([int(one) for one in spot.ids]),
        Ticket.urgency == "normal",
        or_(Ticket.urgency_by.is_(None), Ticket.urgency_by != "person"),
        Ticket.state.in_([state.value for state in SUBMITTED]),
    )
    answers = {"urgency": "urgent", "by": "hotspot", "note": spot.title[:MOST_TITLE]}
    for ticket_id in db.scalars(wanted.order_by(Ticket.id)).all():
        attempt(db, partial(_raise, db, city, ticket_id, now, answers))


def _raise(db: Session, city: City, ticket_id: int, now: datetime, answers: dict[str, str]) -> None:
    act(db, city, lock(db, ticket_id), ActionName.RAISE_URGENCY, SYSTEM, now, answers)


def _warn(db: Session, city: City, spot: Found, now: datetime) -> bool:
    """One warning in the life of a hot spot: the row itself says whether it was given."""
    if not changed(
        db, update(HotSpot).where(HotSpot.key == spot.key, HotSpot.warned_at.is_(None)).values(warned_at=now)
    ):
        return False
    place = "".join(part for part in (city.area_name(spot.area) if spot.area else "", spot.place) if part)
    told = {"title": spot.title[:MOST_TITLE], "count": spot.count, "place": place}
    for role in (Role.SUPERVISOR, Role.DISPATCHER):
        tell_staff(db, city, "hot_matter", now, told, role=role.value)
    return True
