"""What tickets put into the days: the definitions are asked about them as of the end of every day on which something turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.figures.turns import days_of
from hotline.metrics.days import history_counts
from hotline.metrics.days.frame import Frame, month_of
from hotline.metrics.days.reading import SEALED
from hotline.metrics.days.sources import NOTHING, OF_TICKETS, written
from hotline.metrics.definitions import Source
from hotline.metrics.question import Question
from models import Ticket

Standing = Counter[tuple[bool, date, str, str, str]]
"""How the rows of a ticket count at some time: (standing, day, source, unit, classes)."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Part(NamedTuple):
    """Where a row of a ticket counts: see `FigureDay`."""

    standing: bool
    day: date
    since: date
    source: str
    unit: str
    classes: str


@dataclass
class Postings:
    """place: category, channel and area of the ticket, "" for none. sealed: it is counted once more among the sealed ones."""

    place: tuple[str, str, str] = ("", "", "")
    parts: Counter[Part] = field(default_factory=Counter)
    sealed: bool = False

    def write(self) -> str:
        lines = [
            f"{p.standing:d} {p.day.toordinal()} {p.since.toordinal()} {p.source} {p.unit or '.'} {p.classes} {n}"
            for p, n in sorted(self.parts.items())
            if n
        ]
        place = (*self.place, SEALED) if self.sealed else self.place
        return "\n".join(("\t".join(place), *lines))


def read(text: str) -> Postings:
    """What `write` wrote."""
    place, *lines = text.split("\n")
    category, channel, area, *sealed = place.split("\t")
    return Postings((category, channel, area), Counter(dict(map(_part, lines))), sealed == [SEALED])


def _part(line: str) -> tuple[Part, int]:
    standing, day, since, source, unit, classes, n = line.split(" ")
    days = date.fromordinal(int(day)), date.fromordinal(int(since))
    return Part(standing == "1", *days, source, "" if unit == "." else unit, classes), int(n)


def of_tickets(db: Session, frame: Frame, ids: list[int], now: datetime) -> dict[int, Postings]:
    """What each of these tickets puts into the days, as the history tells it now."""
    found = {one: Postings() for one in ids}
    for number, privacy, *place in db.execute(
        select(Ticket.id, Ticket.privacy, Ticket.category_code, Ticket.channel, Ticket.area).where(Ticket.id.in_(ids))
    ):
        found[number].place = (place[0] or "", place[1] or "", place[2] or "")
        found[number].sealed = privacy == SEALED
    before: dict[int, Standing] = {one: Counter() for one in ids}
    for day, turned in sorted(_by_day(days_of(db, frame, ids, now)).items()):
        stands = _as_of(db, frame, turned, day, now)
        for one in turned:
            held = stands.get(one, Counter())
            _post(found[one], before[one], held, day)
            before[one] = held
    return found


def _by_day(days: dict[int, set[date]]) -> dict[date, list[int]]:
    found: dict[date, list[int]] = {}
    for number, turned in days.items():
        for day in turned:
            found.setdefault(day, []).append(number)
    return found


def _post(
    postings: Postings,
    before: Standing,
    held: Standing,
    since: date,
) -> None:
    """Book what changed since the last of its days."""
    for key in before.keys() | held.keys():
        if n := held[key] - before[key]:
            standing, day, source, unit, classes = key
            postings.parts[Part(standing, day, since, source, unit, classes)] += n


def _as_of(db: Session, frame: Frame, ids: list[int], day: date, now: datetime) -> dict[int, Standing]:
    """How the rows of these tickets count as of the end of a day; of today: as of now."""
    end = min(frame.end_of(day), now)
    asked = Question(LONG_AGO, end, now, answer_hours=frame.answer_hours, tickets=tuple(ids), with_sealed=True)
    found: dict[int, Standing] = {}
    for source in OF_TICKETS:
        for number, counted, unit, classes in _rows(db, asked, source):
            held = found.setdefault(number, Counter())
            for moment, n in counted:
                where = month_of(day) if moment is None else frame.day_of(moment)
                held[(moment is None, where, source.name, unit, classes)] += n
    return found


def _rows(
    db: Session, asked: Question, source: Source
) -> Iterator[tuple[int, Iterable[tuple[datetime | None, int]], str, str]]:
    """(ticket, moments on which it counts, unit, classes) of each row that concerns any definition."""
    more, definitions = source.more(asked), OF_TICKETS[source]
    columns = [one.classify(asked).label(f"c{n}") for n, one in enumerate(definitions)]
    for row in db.execute(
        history_counts.rows(asked, source, source.ticket_id, source.at, source.unit(asked), *more, *columns)
    ):
        classes = written(row[3 + len(more) :])
        if classes.strip(NOTHING):
            yield row[0], source.counted(asked, row[1], *row[3 : 3 + len(more)]), row[2] or "", classes
