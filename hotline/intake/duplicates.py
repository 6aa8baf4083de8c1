"""Is this matter here already? The same caller, the same place, the same words, each with its reason.

Compared are open tickets of the last 30 days, at most 200 of them, and those of the very same place, open and closed, of a
year, first those of a likely kind; all found by indexes whatever the table holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from classifier.evidence.exact_place import ExactPlace
from classifier.nearness import ALIKE, READ, SAME, bare, shared_words
from classifier.same_matter import Kinship, Side, is_same_matter, kinship, likenesses, same_road
from classifier.text.pinyin import sounded
from classifier.text.words import words_of
from hotline.city.schema import City
from hotline.evidence.places import place_told
from hotline.i18n import _
from hotline.tickets.lists.ticket_list import still_open
from hotline.tickets.points import kept
from hotline.tickets.points.nearness import ELSEWHERE, HERE, metres_between
from hotline.tickets.points.told import ToldPoint
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import ExactSpot, Proposal, Ticket, TicketPoint, TicketText

DAYS, OF_ONE_PLACE = 30, 365
FROM_PLACE = 60
FROM_PLACE_AND_KIND = 30
ALL_THE_SAME = 10
"""So many are named where all of them are the same matter: whoever merges wants every one."""

FROM_CALLER, FROM_CATEGORY, FROM_STREET, FROM_WAITING = 30, 70, 50, 50
MOST = FROM_CALLER + FROM_CATEGORY + FROM_STREET + FROM_WAITING
WORTH_A_LOOK = 0.28
"""Below ALIKE a text alone is no reason, but together with the same caller or street it is worth a look."""


@dataclass(frozen=True)
class Sought:
    """What is known of the matter that is being taken in. categories: the chosen one, or the best proposed.

    kinds: those likely enough that a ticket of such a category at the same place is taken for the same matter.
    """

    text: str
    phone: str = ""
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    area: str | None = None
    street: str | None = None
    place: str = ""
    point: ToldPoint | None = None


KIND_FROM = 0.08
"""A category as likely as this may be the kind of a matter: chosen on planted matters of other kinds than the bench measures."""


def kinds_of(ranked: Iterable[tuple[str, float]]) -> tuple[str, ...]:
    """Of (category, probability) those that may be the kind."""
    return tuple(code for code, p in ranked if p >= KIND_FROM)


@dataclass(frozen=True)
class Likely:
    """A ticket that may be the same matter. score: 0–1, how alike the words are. reasons: sentences a person reads.

    same: its place, kind and words say that it is; the others are worth a look.
    """

    ticket: Ticket
    score: float
    same_caller: bool
    reasons: tuple[str, ...]
    words: tuple[str, ...] = field(default=())
    same: bool = False


def likely_duplicates(
    db: Session,
    city: City,
    actor: Actor,
    sought: Sought,
    now: datetime,
    *,
    except_id: int | None = None,
    most: int = 5,
    closed: bool = False,
) -> list[Likely]:
    """The tickets this person may see that are probably the same matter, best first; `most` of them, and up to `ALL_THE_SAME`
    that are surely it. closed: also those that have ended."""
    if len(sought.text.strip()) < 4:
        return []
    place = place_told(city, sought.place, sought.text)
    tickets = candidates(db, actor, sought, now, except_id, place, closed=closed)
    if not tickets:
        return []
    texts, spots, kinds = _opening_words(db, tickets), _spots(db, tickets), _kinds(db, tickets)
    points = kept.points_of(db, [ticket.id for ticket in tickets]) if sought.point else {}
    words = [texts.get(ticket.id, ticket.title) for ticket in tickets]
    names = tuple({place.key, *(spot.key for spot in spots.values())} - {""})
    scores, mine = likenesses(sought.text, words, names), words_of(bare(sought.text))
    judged: list[tuple[int, Likely]] = []
    for ticket, told, score in zip(tickets, words, scores, strict=True):
        kin, spot = kinship(sought.kinds, kinds.get(ticket.id)), spots.get(ticket.id, ExactPlace())
        side, other = Side(place, sought.street or ""), Side(spot, ticket.street or "")
        far = metres_between(sought.point, points.get(ticket.id))
        same = _by_distance(far, kin, float(score), is_same_matter(side, other, kin, float(score)))
        both = shared_words(mine, words_of(bare(told))) if score >= WORTH_A_LOOK else ()
        here = place.key if spot.key and (same or same_road(side, other)) else ""
        if one := _judge(sought, ticket, float(score), both, kin, same, here, far):
            judged.append((_rank(sought.kinds, kinds.get(ticket.id)), one))
    judged.sort(key=lambda pair: _order(*pair))
    found = [one for _rank_of_kind, one in judged]
    return found[: max(most, min(ALL_THE_SAME, sum(one.same for one in found)))]


def _order(rank: int, one: Likely) -> tuple[float, ...]:
    """The same matter first, of the likeliest kind, then by how much speaks for it, the newest first."""
    return (not one.same, rank if one.same else 0, -one.score - 0.15 * len(one.reasons), -one.ticket.id)


def _rank(kinds: tuple[str, ...], theirs: str | None) -> int:
    """The place of a ticket's kind among the likely ones, best first."""
    return next((at for at, code in enumerate(kinds) if kinship((code,), theirs) is Kinship.SAME), len(kinds))


def duplicates_of(
    db: Session,
    city: City,
    actor: Actor,
    ticket: Ticket,
    category: str | None,
    now: datetime,
    most: int = 5,
    *,
    closed: bool = False,
) -> list[Likely]:
    """As `likely_duplicates` for a ticket that is here. category: the one it is thought to have."""
    ranked = db.scalar(
        select(Proposal.ranked).where(Proposal.ticket_id == ticket.id).order_by(Proposal.id.desc()).limit(1)
    )
    proposed = kinds_of((row["code"], row["p"]) for row in ranked or ())
    sought = Sought(
        f"{ticket.title}\n{ticket.text.body}",
        ticket.contact_phone or "",
        (category,) if category else (),
        (ticket.category_code,) if ticket.category_code else proposed,
        ticket.area,
        ticket.street,
        ticket.text.place or "",
        kept.point_of(db, ticket.id),
    )
    return likely_duplicates(db, city, actor, sought, now, except_id=ticket.id, most=most, closed=closed)


def candidates(
    db: Session,
    actor: Actor,
    sought: Sought,
    now: datetime,
    except_id: int | None = None,
    place: ExactPlace = ExactPlace(),
    *,
    closed: bool = False,
) -> list[Ticket]:
    """At most MOST open tickets of the last days, each once: the caller's own, the same category, the same street,
    and the newest that wait for dispatch: nobody has said yet what those are about. Beside them those of the very same place."""
    ids: dict[int, None] = {}
    of_place = _of_the_place(place, sought.kinds, now, closed=closed)
    for query in [*_queries(sought, now), *of_place, *_of_the_point(sought, now)]:
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
        same_kind = Ticket.category_code == category
        asked.append(_open(same_kind, now, "ix_ticket_open_category", share, Ticket.created_at).where(near_by))
    if sought.area and sought.street:
        asked.append(_open(Ticket.area == sought.area, now, None, FROM_STREET).where(Ticket.street == sought.street))
    return [*asked, _open(Ticket.state == "to_dispatch", now, "ix_ticket_open_state", FROM_WAITING, Ticket.due_at)]


def _open(condition: Any, now: datetime, index: str | None, most: int, newest: Any = Ticket.id) -> Select[Any]:
    """Numbers of open tickets, newest first. SQLite is told the index: its planner prefers the partial ones of the lists."""
    query = select(Ticket.id).where(condition, still_open(), Ticket.created_at > now - timedelta(days=DAYS))
    if index is None:
        return query.order_by(Ticket.created_at.desc()).limit(most)
    return query.with_hint(Ticket, f"INDEXED BY {index}", "sqlite").order_by(newest.desc()).limit(most)


def _of_the_place(place: ExactPlace, kinds: tuple[str, ...], now: datetime, *, closed: bool) -> list[Select[Any]]:
    """Numbers of the newest tickets of this place, by its name and by its sound: of these kinds, and of any.

    A whole road is long: of it only those of these kinds and of the last days."""
    if not place.key:
        return []
    if not place.fine:
        return [_of_the_road(same, kinds, now) for same in _named(place) if kinds]
    found = []
    for same in _named(place):
        query = select(ExactSpot.ticket_id).join(Ticket, Ticket.id == ExactSpot.ticket_id)
        query = query.where(same, ExactSpot.fine, Ticket.created_at > now - timedelta(days=OF_ONE_PLACE))
        query = query.where(Ticket.state.not_in(NO_MATTER) if closed else still_open())
        query = query.order_by(ExactSpot.ticket_id.desc())
        if kinds:
            found.append(query.where(Ticket.category_code.in_(kinds)).limit(FROM_PLACE_AND_KIND))
        found.append(query.limit(FROM_PLACE))
    return found


def _named(place: ExactPlace) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ExactSpot.key == place.key, ExactSpot.sound == sounded(place.key)


def _of_the_road(same: ColumnElement[bool], kinds: tuple[str, ...], now: datetime) -> Select[Any]:
    query = select(ExactSpot.ticket_id).join(Ticket, Ticket.id == ExactSpot.ticket_id)
    query = query.where(same, ~ExactSpot.fine, Ticket.created_at > now - timedelta(days=DAYS), still_open())
    query = query.where(Ticket.category_code.in_(kinds))
    return query.order_by(ExactSpot.ticket_id.desc()).limit(FROM_PLACE_AND_KIND)


def _of_the_point(sought: Sought, now: datetime) -> list[Select[Any]]:
    """Numbers of the newest open tickets whose points lie around this one."""
    if sought.point is None:
        return []
    query = select(TicketPoint.ticket_id).join(Ticket, Ticket.id == TicketPoint.ticket_id)
    query = query.where(kept.around(sought.point.point), still_open(), Ticket.created_at > now - timedelta(days=DAYS))
    return [query.order_by(TicketPoint.ticket_id.desc()).limit(FROM_PLACE)]


_HOUSE = re.compile(r"(?<=\D)\d.*", re.DOTALL)
"""From the number of the door on: the reason stands beside another ticket, whose own page stars it."""

NO_MATTER = ("draft", "void", "merged", "declined")
"""What another ticket stands for, or nobody handled."""


def _spots(db: Session, tickets: list[Ticket]) -> dict[int, ExactPlace]:
    rows = db.scalars(select(ExactSpot).where(ExactSpot.ticket_id.in_([ticket.id for ticket in tickets])))
    return {row.ticket_id: ExactPlace(row.key, row.fine, frozenset(row.houses.split())) for row in rows}


def _kinds(db: Session, tickets: list[Ticket]) -> dict[int, str | None]:
    """What each is about: as somebody said, else as it was proposed."""
    open_ones = [ticket.id for ticket in tickets if ticket.category_code is None]
    rows = db.execute(
        select(Proposal.ticket_id, Proposal.category_code)
        .where(Proposal.ticket_id.in_(open_ones))
        .order_by(Proposal.id)
    )
    proposed = {row.ticket_id: row.category_code for row in rows} if open_ones else {}
    return proposed | {ticket.id: ticket.category_code for ticket in tickets if ticket.category_code}


def _opening_words(db: Session, tickets: list[Ticket]) -> dict[int, str]:
    """Title and the first words of each body; the rest of a long text adds time and no likeness."""
    if not tickets:
        return {}
    rows = db.execute(
        select(TicketText.ticket_id, TicketText.body).where(TicketText.ticket_id.in_([ticket.id for ticket in tickets]))
    )
    return {row.ticket_id: row.body[: 2 * READ] for row in rows}


def _by_distance(far: float | None, kin: Kinship, score: float, said: bool) -> bool:
    """What the words say, unless the points know better: one kind at one spot is one matter, the same words far apart are two."""
    if far is None:
        return said
    if far <= HERE:
        return said or (kin is Kinship.SAME and score >= WORTH_A_LOOK)
    return said and far <= ELSEWHERE


def _judge(
    sought: Sought,
    ticket: Ticket,
    score: float,
    words: tuple[str, ...],
    kin: Kinship,
    same: bool,
    place: str,
    far: float | None = None,
) -> Likely | None:
    """Why it may be the same; None when nothing but the category speaks for it. place: the exact one that both name.

    far: metres between their points."""
    caller = bool(sought.phone) and ticket.contact_phone == sought.phone
    street = bool(sought.street) and ticket.street == sought.street and ticket.area == sought.area
    category = kin is Kinship.SAME or ticket.category_code in sought.categories
    alike = score >= ALIKE or (score >= WORTH_A_LOOK and (caller or street))
    if not same and not alike and not (category and (caller or street or place)):
        return None
    reasons = []
    if caller:
        reasons.append(_("同一来电号码"))
    if place or street:
        reasons.append(_("同一地点：%(street)s", street=_HOUSE.sub("", place) or ticket.street))
    if far is not None and far <= HERE:
        reasons.append(_("相距约 %(metres)s 米", metres=max(10, round(far / 10) * 10)))
    if score >= SAME:
        reasons.append(_("内容几乎相同"))
    elif alike:
        reasons.append(_("内容相近：%(words)s", words="、".join(words[:4])) if words else _("内容相近"))
    if category and not (caller and street):
        reasons.append(_("同一类别"))
    return Likely(ticket, round(score, 3), caller, tuple(reasons), words, same)
