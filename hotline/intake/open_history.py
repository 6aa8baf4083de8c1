"""A matter that another system settled arrives as what it was: ended, with its times, its answer and its rating, marked as that system's.

No clock runs for it, nobody is texted, and it counts in its own period: in what was accepted, closed and rated then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.intake.citizens import citizens_by_phone
from hotline.intake.open_ticket import Contact, first_told, new_ticket
from hotline.keys import sealed_words
from hotline.tickets import numbers
from hotline.tickets.act import Together, act
from hotline.tickets.fields import LONG_TEXT
from hotline.tickets.roles import SYSTEM
from hotline.tickets.search import indexing
from hotline.tickets.vocabulary import SCALE
from models import Reply, Survey, Ticket
from models.store.rows import insert_new

ACTIONS = {"closed": "bring_closed", "declined": "bring_declined", "void": "bring_void"}
SATISFIED_FROM = 3


@dataclass(frozen=True)
class History:
    """How another system ended a matter. end: closed, declined or void. state, rated: its own words. rating: 1–5.

    closed_at, replied_at: None when it does not say.
    """

    end: str
    state: str
    reply: str = ""
    unit_code: str | None = None
    rating: int | None = None
    rated: str = ""
    solved: str = ""
    closed_at: datetime | None = None
    replied_at: datetime | None = None

    def ended_at(self, contact: Contact, now: datetime) -> datetime:
        """When it ended, as well as it is known: never before it was told, never after now."""
        known = self.closed_at or self.replied_at or contact.happened_at or now
        return min(max(known, contact.happened_at or known), now)


def open_histories(db: Session, city: City, told: Sequence[tuple[Contact, History]], now: datetime) -> int:
    """Take in ended matters in the caller's transaction; those told before are left alone. Returns how many were new."""
    numbered = zip(told, numbers.next_ids(db, len(told)), strict=True)
    fresh = [
        (contact, history, ticket_id)
        for (contact, history), ticket_id in numbered
        if first_told(db, city, contact, ticket_id, now)
    ]
    citizens = citizens_by_phone(
        db, [(contact.phone, contact.name, contact.language) for contact, _h, _id in fresh], now
    )
    acts = Together()
    tickets = [
        _ended(db, city, contact, history, ticket_id, citizens.get(contact.phone), acts, now)
        for contact, history, ticket_id in fresh
    ]
    pairs = [(ticket, history) for ticket, (_c, history, _id) in zip(tickets, fresh, strict=True)]
    replies = [_reply(ticket, history) for ticket, history in pairs if history.reply]
    stories = [event for event, _move in acts.stories]
    sealed_words.seal([*tickets, *(ticket.text for ticket in tickets), *stories, *replies], tickets)
    insert_new(db, tickets)
    insert_new(db, [ticket.text for ticket in tickets])
    acts.write(db, now)
    insert_new(db, replies)
    insert_new(db, [_survey(ticket, history) for ticket, history in pairs if history.rating is not None])
    indexing.index_new(db, tickets, [*(event for event, _move in acts.stories), *replies])
    return len(fresh)


def _ended(
    db: Session,
    city: City,
    contact: Contact,
    history: History,
    ticket_id: int,
    citizen_id: int | None,
    acts: Together,
    now: datetime,
) -> Ticket:
    """The ticket as it was told then, brought to its end by the one door. Its number is of the day it came to us."""
    ended_at = history.ended_at(contact, now)
    ticket = new_ticket(
        city, contact, ticket_id, citizen_id, SYSTEM, now, created_at=min(contact.happened_at or ended_at, ended_at)
    )
    act(
        db,
        city,
        ticket,
        ACTIONS[history.end],
        SYSTEM,
        ended_at,
        {
            "source": contact.outer_source or "–",
            "told_state": history.state[:64] or "–",
            "unit": history.unit_code,
            "answer": mask(history.reply)[:LONG_TEXT] or None,
            "rated": history.rated or None,
            "replied_at": history.replied_at,
            "undated": history.closed_at is None and contact.happened_at is None,
        },
        together=acts,
    )
    return ticket


def _reply(ticket: Ticket, history: History) -> Reply:
    """The answer as it was given, and its public copy without personal data."""
    return Reply(
        ticket_id=ticket.id,
        round=1,
        kind="final",
        unit_code=history.unit_code,
        at=ticket.replied_at or ticket.closed_at,
        facts=history.reply,
        outcome={"yes": "solved", "partly": "partly", "no": "unsolved"}.get(history.solved),
        public_answer=mask(history.reply),
    )


def _survey(ticket: Ticket, history: History) -> Survey:
    unhappy = history.solved == "no" or (history.rating or SATISFIED_FROM) < SATISFIED_FROM
    return Survey(
        ticket_id=ticket.id,
        own_id=ticket.id,
        citizen_id=ticket.citizen_id,
        round=1,
        unit_code=history.unit_code,
        asked_at=ticket.closed_at,
        asked_by="import",
        answered_at=ticket.closed_at,
        answered_by="import",
        solved=history.solved or None,
        result=history.rating,
        scale=dict(SCALE),
        outcome="dissatisfied" if unhappy else "satisfied",
    )
