"""By which door matters come, and how each door is served: volume, first answer, result, satisfaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from hotline.metrics import counting, demand
from hotline.metrics.definitions import accepted
from hotline.metrics.question import Question
from hotline.metrics.rates import Rate
from models import Message, Ticket, TicketEvent
from models.tickets.taking_back import stands

FIRST_ANSWERS = ("answer_directly", "interim", "pass")
"""What tells a citizen something of the matter itself: a direct answer, an interim one, a reply that a reviewer passed."""

AGAIN = ("add", "urge")
"""What somebody tells of a matter that is counted already: no matter, and a contact all the same."""

TELEPHONE, PAGE = "hotline", "web"
"""The door of what a person at the desk wrote down, and of what no message brought."""

RATES = ("solve", "satisfied")
PARTS = ("matters", "joined", "again", "answered")
"""What a door's line counts, each with the tickets behind it."""


@dataclass(frozen=True)
class Door:
    """One channel. matters: handled by themselves; joined: told of a matter that is counted already, at whichever door it came.

    again: told once more of a matter that has its ticket; of whatever door the ticket is, it came by this one.
    answered: of the matters, how many were told something yet. hours: the median from coming in to that, nights included.
    """

    channel: str
    matters: int
    joined: int
    again: int
    answered: int
    hours: float | None
    rates: dict[str, Rate]


def by_door(db: Session, asked: Question) -> list[Door]:
    """The doors of the period, the fullest first. Each contact is counted once: matters, joined and again add up to all that came in,
    and the matters alone to what there is to handle."""
    came: dict[str, list[tuple[str, datetime, datetime | None]]] = {}
    for channel, *told in db.execute(_contacts(asked)):
        came.setdefault(channel, []).append((told[0], told[1], told[2]))
    rates = counting.rates_by(db, asked, "channel", RATES)
    again = _told_again(db, asked)
    doors = [_door(one, came.get(one, []), again.get(one, 0), rates.get(one, {})) for one in {*came, *again}]
    return sorted(doors, key=lambda one: (-one.matters - one.joined - one.again, one.channel))


def behind(asked: Question, part: str) -> tuple[ColumnElement[bool], ...]:
    """Which tickets a number of a door's line counts, where one channel is asked for. part: one of PARTS."""
    if part == "again":
        told = _tellings(replace(asked, channel=None)).add_columns(TicketEvent.ticket_id).subquery()
        return (Ticket.id.in_(select(told.c.ticket_id).where(told.c.door == asked.channel)),)
    merged = Ticket.state == "merged"
    of_part = {"matters": (~merged,), "joined": (merged,), "answered": (~merged, _answers().exists())}[part]
    return (*_came(asked), *of_part)


def _contacts(asked: Question) -> Any:
    """(channel, state, came in at, first answered at) of every contact of the period."""
    first = _answers().with_only_columns(func.min(TicketEvent.at)).scalar_subquery()
    return select(Ticket.channel, Ticket.state, Ticket.created_at, first).where(*_came(asked))


def _told_again(db: Session, asked: Question) -> dict[str, int]:
    rows = _tellings(asked).subquery()
    return {row[0]: row[1] for row in db.execute(select(rows.c.door, func.count()).group_by(rows.c.door))}


def _tellings(asked: Question) -> Select[Any]:
    """By the door of each message, whose moment is that of what it did to the ticket."""
    own = aliased(Ticket)
    theirs = select(own.id).where(own.merged_into_id == TicketEvent.ticket_id)
    of_it = or_(Message.ticket_id == TicketEvent.ticket_id, Message.ticket_id.in_(theirs))
    message = select(func.min(Message.channel)).where(
        Message.direction == "in", Message.created_at == TicketEvent.at, of_it
    )
    door = case(
        (TicketEvent.actor_kind == "staff", TELEPHONE), else_=func.coalesce(message.scalar_subquery(), PAGE)
    ).label("door")
    within = (TicketEvent.at >= asked.start, TicketEvent.at < asked.end, TicketEvent.action.in_(AGAIN), stands())
    return (
        select(door).join(Ticket, Ticket.id == TicketEvent.ticket_id).where(*within, accepted(), *demand.parts(asked))
    )


def _came(asked: Question) -> tuple[ColumnElement[bool], ...]:
    within = (Ticket.created_at >= asked.start, Ticket.created_at < asked.end)
    return (*within, accepted(), *demand.parts(asked))


def _answers() -> Select[int]:
    """What told the citizen of a ticket something of the matter."""
    told = (TicketEvent.ticket_id == Ticket.id, TicketEvent.action.in_(FIRST_ANSWERS), stands())
    return select(TicketEvent.id).where(*told)


def _door(channel: str, rows: list[tuple[str, datetime, datetime | None]], again: int, rates: dict[str, Rate]) -> Door:
    own = [(came, first) for state, came, first in rows if state != "merged"]
    waits = [(first - came).total_seconds() / 3600 for came, first in own if first is not None]
    return Door(channel, len(own), len(rows) - len(own), again, len(waits), median(waits) if waits else None, rates)
