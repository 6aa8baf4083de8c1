"""The exact place of a ticket, read once from its words and kept; and whether two tickets are one and the same matter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.evidence.buildings import elsewhere
from classifier.evidence.exact_place import ExactPlace, exact_place
from classifier.text.pinyin import sounded
from hotline.city.schema import City
from models import ExactSpot, HotTicket, Ticket

ONE_MATTER = timedelta(days=30)
"""Tickets of one place and kind that lie further apart are two matters: a lamp breaks again."""


def place_ticket(db: Session, city: City, ticket: Ticket) -> ExactSpot:
    """Its row, made when there is none."""
    held = db.get(ExactSpot, ticket.id)
    if held is not None:
        return held
    made = _spot(city, ticket)
    db.add(made)
    db.flush()
    return made


def place_tickets(db: Session, city: City, tickets: Sequence[Ticket]) -> None:
    """The same for several; the rows go with the next flush."""
    held = set(db.scalars(select(ExactSpot.ticket_id).where(ExactSpot.ticket_id.in_([one.id for one in tickets]))))
    db.add_all([_spot(city, ticket) for ticket in tickets if ticket.id not in held])


def _spot(city: City, ticket: Ticket) -> ExactSpot:
    """Nothing of a sealed ticket is read."""
    made = ExactSpot(ticket_id=ticket.id, key="", fine=False, houses="")
    if ticket.text is not None and ticket.privacy != "sealed":
        found = place_told(city, ticket.text.place or "", f"{ticket.title}\n{ticket.text.body}")
        made.key, made.sound, made.fine = found.key, sounded(found.key), found.fine
        made.houses = " ".join(sorted(found.houses))[:60]
    return made


def place_told(city: City, place: str, words: str) -> ExactPlace:
    """The exact place of an address and a text, with the city's own names."""
    told = city.gazetteer.find(f"{place}\n{words}")
    return exact_place(place, words, told.community or told.landmark or "", told.road or "")


def same_kind(one: str | None, other: str | None) -> bool:
    """The same category, or one stands above the other."""
    return bool(one and other) and (str(one).startswith(str(other)) or str(other).startswith(str(one)))


def same_spot(one: ExactSpot | None, other: ExactSpot | None) -> bool:
    """Both tell a place, the same one, and no other building of it."""
    return (
        one is not None
        and other is not None
        and bool(one.key)
        and one.key == other.key
        and one.fine
        and other.fine
        and not elsewhere(frozenset(one.houses.split()), frozenset(other.houses.split()))
    )


def one_matter_with(db: Session, ticket: Ticket, others: Collection[int]) -> set[int]:
    """Those of the other tickets that may rightly have the same reply: merged, split, one hot spot, or one place and kind
    at the same time.
    """
    if not others:
        return set()
    rows = {row.id: row for row in db.scalars(select(Ticket).where(Ticket.id.in_(others)))}
    spots = {
        row.ticket_id: row for row in db.scalars(select(ExactSpot).where(ExactSpot.ticket_id.in_([*others, ticket.id])))
    }
    mine = spots.get(ticket.id)
    my_heat = db.scalar(select(HotTicket.spot_id).where(HotTicket.ticket_id == ticket.id))
    hot = set(db.scalars(select(HotTicket.ticket_id).where(HotTicket.spot_id == my_heat))) if my_heat else set()
    return {
        number
        for number, row in rows.items()
        if number == ticket.id
        or number in hot
        or _family(ticket) & _family(row)
        or (
            same_spot(mine, spots.get(number))
            and same_kind(ticket.category_code, row.category_code)
            and abs(ticket.created_at - row.created_at) < ONE_MATTER
        )
    }


def _family(ticket: Ticket) -> set[int]:
    return {one for one in (ticket.id, ticket.merged_into_id, ticket.split_from_id) if one is not None}
