"""Is this matter here already? The same caller, the same place, the same words, each with its reason.

Only open tickets of the last 30 days are compared, at most 200 of them, found by indexes whatever the table holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from classifier.nearness import ALIKE, READ, SAME, near
from hotline.city.schema import City
from hotline.i18n import _
from hotline.tickets.lists.ticket_list import still_open
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import Ticket, TicketText

DAYS = 30
FROM_CALLER, FROM_CATEGORY, FROM_STREET, FROM_WAITING = 30, 70, 50, 50
MOST = FROM_CALLER + FROM_CATEGORY + FROM_STREET + FROM_WAITING
WORTH_A_LOOK = 0.28
"""Below ALIKE a text alone is no reason, but together with the same caller or street it is worth a look."""


@dataclass(frozen=True)
class Sought:
    """What is known of the matter that is being taken in. categories: the chosen one, or the best proposed.

    named: estates and landmarks that its words name (see `named_places`): a place like a street.
    """

    text: str
    phone: str = ""
    categories: tuple[str, ...] = ()
    area: str | None = None
    street: str | None = None
    place: str = ""
    named: tuple[str, ...] = ()


def named_places(city: City, text: str) -> tuple[str, ...]:
    """The estates and landmarks of the city that a text names, as it writes them."""
    return tuple(
        dict.fromkeys(
            name
            for name, entries in city.gazetteer.matches(text)
            if any(entry.kind in ("community", "landmark") for entry in entries)
        )
    )


@dataclass(frozen=True)
class Likely:
    """A ticket that may be the same matter. score: 0–1, how alike the words are. reasons: sentences a person reads."""

    ticket: Ticket
    score: float
    same_caller: bool
    reasons: tuple[str, ...]
    words: tuple[str, ...] = field(default=())


def likely_duplicates(
    db: Session, actor: Actor, sought: Sought, now: datetime, *, except_id: int | None = None, most: int = 5
) -> list[Likely]:
    """The open tickets this person may see that are probably the same matter, best first."""
    if len(sought.text.strip()) < 4:
        return []
    tickets = candidates(db, actor, sought, now, except_id)
    texts = _opening_words(db, tickets)
    words = [texts.get(ticket.id, ticket.title) for ticket in tickets]
    found = (
        {index: (score, both) for index, score, both in near(sought.text, words, len(words), WORTH_A_LOOK)}
        if words
        else {}
    )
    judged = [
        _judge(sought, ticket, words[index], *found.get(index, (0.0, ()))) for index, ticket in enumerate(tickets)
    ]
    kept = [one for one in judged if one is not None]
    return sorted(kept, key=lambda one: (-one.score - 0.15 * len(one.reasons), -one.ticket.id))[:most]


def duplicates_of(
    db: Session, city: City, actor: Actor, ticket: Ticket, category: str | None, now: datetime, most: int = 5
) -> list[Likely]:
    """As `likely_duplicates` for a ticket that is here. category: the one it is thought to have."""
    sought = Sought(
        f"{ticket.title}\n{ticket.text.body}",
        ticket.contact_phone or "",
        (category,) if category else (),
        ticket.area,
        ticket.street,
        ticket.text.place or "",
        named_places(city, ticket.text.body),
    )
    return likely_duplicates(db, actor, sought, now, except_id=ticket.id, most=most)


def candidates(db: Session, actor: Actor, sought: Sought, now: datetime, except_id: int | None = None) -> list[Ticket]:
    """At most MOST open tickets of the last days, each once: the caller's own, the same category, the same street,
    and the newest that wait for dispatch: nobody has said yet what those are about."""
    ids: dict[int, None] = {}
    for query in _queries(sought, now):
        ids.update(dict.fromkeys(db.scalars(query)))
    ids.pop(except_id or 0, None)
    if not ids:
        return []
    return list(
        db.scalars(
            select(Ticket)
            .where(Ticket.id.in_(list(ids)), visible_to(actor), Ticket.state != "draft")
            .order_by(Ticket.id.desc())
        )
    )


def _queries(sought: Sought, now: datetime) -> list[Select[Any]]:
    """One narrow query per kind of likeness; each stops at its limit inside one index."""
    asked = []
    if sought.phone:
        asked.append(_open(Ticket.contact_phone == sought.phone, now, "ix_ticket_contact_phone", FROM_CALLER))
    for category in sought.categories[:2]:
        share = FROM_CATEGORY // min(len(sought.categories), 2)
        near_by = Ticket.area == sought.area if sought.area else Ticket.id > 0
        asked.append(_open(Ticket.category_code == category, now, "ix_ticket_category_code", share).where(near_by))
    if sought.area and sought.street:
        asked.append(_open(Ticket.area == sought.area, now, None, FROM_STREET).where(Ticket.street == sought.street))
    return [*asked, _open(Ticket.state == "to_dispatch", now, "ix_ticket_open_state", FROM_WAITING, Ticket.due_at)]


def _open(condition: Any, now: datetime, index: str | None, most: int, newest: Any = Ticket.id) -> Select[Any]:
    """Numbers of open tickets, newest first. SQLite is told the index: its planner prefers the partial ones of the lists."""
    query = select(Ticket.id).where(condition, still_open(), Ticket.created_at > now - timedelta(days=DAYS))
    if index is None:
        return query.order_by(Ticket.created_at.desc()).limit(most)
    return query.with_hint(Ticket, f"INDEXED BY {index}", "sqlite").order_by(newest.desc()).limit(most)


def _opening_words(db: Session, tickets: list[Ticket]) -> dict[int, str]:
    """Title and the first words of each body; the rest of a long text adds time and no likeness."""
    if not tickets:
        return {}
    rows = db.execute(
        select(TicketText.ticket_id, TicketText.body).where(TicketText.ticket_id.in_([ticket.id for ticket in tickets]))
    )
    return {row.ticket_id: row.body[: 2 * READ] for row in rows}


def _judge(sought: Sought, ticket: Ticket, said: str, score: float, words: tuple[str, ...]) -> Likely | None:
    """Why it may be the same; None when nothing but the category speaks for it."""
    caller = bool(sought.phone) and ticket.contact_phone == sought.phone
    street = bool(sought.street) and ticket.street == sought.street and ticket.area == sought.area
    named = next((name for name in sought.named if name in said), "")
    category = ticket.category_code in sought.categories
    here_too = caller or street or bool(named)
    alike = score >= ALIKE or (score >= WORTH_A_LOOK and here_too)
    if not alike and not (category and here_too):
        return None
    reasons = []
    if caller:
        reasons.append(_("同一来电号码"))
    if street:
        reasons.append(_("同一地点：%(street)s", street=ticket.street))
    if named and not street:
        reasons.append(_("同一地点：%(street)s", street=named))
    if score >= SAME:
        reasons.append(_("内容几乎相同"))
    elif alike:
        reasons.append(_("内容相近：%(words)s", words="、".join(words[:4])) if words else _("内容相近"))
    if category and not (caller and street):
        reasons.append(_("同一类别"))
    return Likely(ticket, round(score, 3), caller, tuple(reasons), words)
