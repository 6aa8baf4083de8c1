"""What everybody reads: published matters whose consent, privacy and answer still stand, searched by words, kind and district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.public_board.publishing import fit
from models import Publication, Ticket

LONGEST_SEARCH, MOST_WORDS = 80, 6
MOST_SEARCHED = 5000
"""Words are sought in the newest published matters, by an index; older ones are found by kind and district."""


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
    if found:
        found.insert(0, Publication.id.in_(_newest()))
    if sought.category:
        found.append(Ticket.category_code.startswith(sought.category, autoescape=True))
    if sought.area:
        found.append(Ticket.area == sought.area)
    if sought.since:
        found.append(Publication.published_at >= sought.since)
    return found


def _newest() -> Any:
    newest = select(Publication.id).where(Publication.state == "published")
    return newest.order_by(Publication.published_at.desc(), Publication.id.desc()).limit(MOST_SEARCHED)


def older_than_searched(db: Session) -> bool:
    """Whether there are published matters that words do not find any more."""
    newest = select(Publication.id).where(Publication.state == "published")
    return db.scalar(newest.order_by(Publication.published_at.desc()).offset(MOST_SEARCHED).limit(1)) is not None


def _contains(word: str) -> Any:
    columns = (Publication.title, Publication.request, Publication.answer)
    return or_(*(column.icontains(word, autoescape=True) for column in columns))
