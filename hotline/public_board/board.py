"""What everybody reads: published matters whose consent, privacy and answer still stand, searched by words, kind and district."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.public_board.publishing import fit
from hotline.tickets.lists.paging import Key, Order, Page, Within, paginate
from models import Publication, Ticket

LONGEST_SEARCH, MOST_WORDS = 80, 6
WINDOWS = (60, 360, 1800)
"""Days: words are sought in the newest published matters first, and further back only until a page is full."""

NEWEST_FIRST = Order(Publication.published_at, Publication.id, falling=True)


@dataclass(frozen=True)
class Sought:
    """words: parted by blanks, each must stand somewhere in title, request or answer. category: a code of either level."""

    words: str = ""
    category: str = ""
    area: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Shown:
    """One published matter: nothing here is anybody's."""

    id: int
    title: str
    request: str
    answer: str
    category: str | None
    area: str | None
    unit: str | None
    created_at: datetime
    answered_at: datetime | None
    published_at: datetime


def listed(sought: Sought) -> Select[Publication, Ticket]:
    """(Publication, Ticket) of everything that is shown now and fits."""
    query = select(Publication, Ticket).join(Ticket, Ticket.id == Publication.ticket_id).join(Ticket.text)
    return query.where(_is_shown(), *_fits(sought))


def page(
    db: Session, sought: Sought, now: datetime, size: int, *, after: str | None = None, before: str | None = None
) -> Page:
    """One page of it, the newest first."""
    within = _windows(now) if sought.words else None
    return paginate(db, listed(sought), NEWEST_FIRST, after=after, before=before, size=size, within=within)


def _windows(now: datetime) -> Within:
    """Stretches of time that follow each other from a page's key, or from now; the last holds all that is left."""

    def cut(key: Key | None, falling: bool) -> Iterator[ColumnElement[bool]]:
        when, edge = Publication.published_at, key[1] if key and key[1] else now
        beyond: ColumnElement[bool] = true()
        for days in WINDOWS:
            edge += timedelta(days=-days if falling else days)
            yield and_(beyond, when >= edge if falling else when <= edge)
            beyond = when < edge if falling else when > edge
        yield beyond

    return cut


def shown(db: Session, publication_id: int) -> Shown | None:
    """None for what is not public, or not any more, and for what never was."""
    row = db.execute(listed(Sought()).where(Publication.id == publication_id)).first()
    return face(row[0], row[1]) if row else None


def face(publication: Publication, ticket: Ticket) -> Shown:
    return Shown(
        id=publication.id,
        title=publication.title,
        request=publication.request,
        answer=publication.answer,
        category=ticket.category_code,
        area=ticket.area,
        unit=ticket.unit_code,
        created_at=ticket.created_at,
        answered_at=ticket.replied_at or ticket.closed_at,
        published_at=publication.published_at or publication.consented_at,
    )


def kinds(db: Session, city: City) -> list[tuple[str, int]]:
    """The first-level categories of what is shown, with how many; the most first."""
    query = select(Ticket.category_code, func.count()).select_from(Publication).join(Ticket).join(Ticket.text)
    counts: dict[str, int] = {}
    for code, many in db.execute(query.where(_is_shown()).group_by(Ticket.category_code)):
        if path := city.category_path(code):
            counts[path[0]] = counts.get(path[0], 0) + many
    return sorted(counts.items(), key=lambda one: -one[1])


def _is_shown() -> Any:
    """Asked anew for each reader: whoever takes anything back takes it off in the same moment."""
    return and_(Publication.state == "published", Publication.round == Ticket.round, fit())


def _fits(sought: Sought) -> list[Any]:
    found: list[Any] = [_contains(word) for word in sought.words[:LONGEST_SEARCH].split()[:MOST_WORDS]]
    if sought.category:
        found.append(Ticket.category_code.startswith(sought.category, autoescape=True))
    if sought.area:
        found.append(Ticket.area == sought.area)
    if sought.since:
        found.append(Publication.published_at >= sought.since)
    return found


def _contains(word: str) -> Any:
    columns = (Publication.title, Publication.request, Publication.answer)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
