"""Books what tickets put into the days: what they put there before is taken out, and every cut is kept to the same sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hotline.figures.postings import Part, Postings, read
from hotline.metrics.days.reading import CUTS, SEALED, TOP, name_of
from models import FigureDay, FigureTicket

KEY = ("cut", "standing", "day", "since", "source", "one", "two", "classes")
Sums = Counter[tuple[Any, ...]]
"""How many by `KEY`."""


def book(db: Session, found: Mapping[int, Postings], events: Mapping[int, int]) -> None:
    """Put the new postings in the place of the former ones. events: the last row of each ticket's story that they know."""
    sums: Sums = Counter()
    for row in db.execute(select(FigureTicket.postings).where(FigureTicket.ticket_id.in_(list(found)))).scalars():
        add(sums, read(row), -1)
    for postings in found.values():
        add(sums, postings)
    write(db, sums)
    rows = [
        {"ticket_id": one, "event_id": events.get(one, 0), "postings": postings.write()}
        for one, postings in found.items()
    ]
    _put(db, FigureTicket, ("ticket_id",), rows, adds=())


def add(sums: Sums, postings: Postings, sign: int = 1, months: frozenset[date] | None = None) -> None:
    """Add one ticket's postings to the sums of every cut. months: firsts of the months whose days alone are wanted."""
    for part, n in postings.parts.items():
        if months is None or part.day.replace(day=1) in months:
            for cut, one, two in cuts(postings, part):
                sums[(cut, part.standing, part.day, part.since, part.source, one, two, part.classes)] += sign * n


def cuts(postings: Postings, part: Part) -> Iterator[tuple[str, str, str]]:
    """(cut, one, two) under which a posting is counted; of a sealed ticket once more among the sealed ones."""
    category, channel, area = postings.place
    told = {"unit": part.unit, "category": category, "channel": channel, "area": area}
    for cut in CUTS:
        one, two = _values(cut, told)
        yield name_of(cut), one, two
        if postings.sealed:
            yield name_of((SEALED, *cut)), one, two


def _values(cut: tuple[str, ...], told: Mapping[str, str]) -> tuple[str, str]:
    """What a cut tells apart; where it is two things, of the category only the top level."""
    if len(cut) == 2:
        one, two = (told[name][:TOP] if name == "category" else told[name] for name in cut)
        return one, two
    return told[cut[0]] if cut else "", ""


def write(db: Session, sums: Sums) -> None:
    """Add sums to the days, in the order of their keys."""
    rows = [{**dict(zip(KEY, key, strict=True)), "n": n} for key, n in sorted(sums.items()) if n]
    _put(db, FigureDay, KEY, rows, adds=("n",))


def forget_days(db: Session, source: str, days: Iterable[date]) -> None:
    db.execute(delete(FigureDay).where(FigureDay.source == source, FigureDay.day.in_(list(days))))


def _put(db: Session, table: Any, key: tuple[str, ...], rows: list[dict[str, Any]], adds: tuple[str, ...]) -> None:
    """Insert rows; of those that are there, add to the numbers and replace the rest."""
    if not rows:
        return
    held: Table = table.__table__
    insert = (sqlite if db.get_bind().dialect.name == "sqlite" else postgresql).insert(held)
    others = [column.name for column in held.columns if column.name not in key]
    values = {name: held.c[name] + insert.excluded[name] if name in adds else insert.excluded[name] for name in others}
    db.execute(insert.on_conflict_do_update(index_elements=list(key), set_=values), rows)
