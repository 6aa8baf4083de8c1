"""A whole city: planned, lived or struck week by week, and looked after at the end as its nights would have done."""

from __future__ import annotations

import logging
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.simulate.book import SIZE, book_of
from hotline.simulate.die import Die
from hotline.simulate.plan import Living, Plan
from hotline.simulate.playing import play, stage_on
from hotline.simulate.roster import Roster, hire
from hotline.simulate.scratch import Scratch
from hotline.simulate.striking import Batch, Press
from hotline.tickets.seals.seal_files import seal_key
from models import Ticket

log = logging.getLogger(__name__)
MOST_DIES = 40
"""Of one family; more kinds of week than that are lived each time."""

Say = Callable[[int, date], None]


@dataclass(frozen=True)
class Wish:
    """What city is wanted. contacts: a year's. days: how long before until it begins. book: how many different matters."""

    seed: int
    contacts: int
    days: int
    until: datetime
    book: int = SIZE

    @property
    def since(self) -> datetime:
        return self.until - timedelta(days=self.days)

    def plan(self, installation: Installation) -> Plan:
        city = installation.city
        return Plan(city, self.seed, book_of(city, self.seed, self.book), self.contacts, self.since, self.until)


@dataclass
class Made:
    """contacts: as tickets. lived: how many livings went through the rules; struck: how many were struck from a die.
    by_way: livings of each course. seconds: of this process, in the processor.
    """

    contacts: int = 0
    lived: int = 0
    struck: int = 0
    by_way: Counter[str] = field(default_factory=Counter)
    stopped: list[str] = field(default_factory=list)
    seconds: float = 0.0


def live_slowly(installation: Installation, wish: Wish) -> tuple[Made, Roster]:
    """Every matter through the rules, in one transaction: for small cities, and to compare with."""
    made, begun = Made(), time.process_time()
    with installation.engine.begin() as connection:
        stage = stage_on(installation, connection, wish.since)
        with stage.sessions() as db:
            roster = hire(db, installation.city, wish.seed, wish.since, wish.until)
            db.commit()
        livings = [one for _monday, some in wish.plan(installation).weeks() for one in some]
        demo = play(stage, roster, livings, wish.until)
    made.contacts = sum(1 for life in demo.lives if life.ticket_id)
    made.lived, made.stopped = len(livings), demo.cut_short
    made.by_way = Counter(one.family.way.name for one in livings)
    made.seconds = time.process_time() - begun
    return made, roster


def strike(
    installation: Installation,
    wish: Wish,
    roster: Roster,
    part: int = 0,
    parts: int = 1,
    say: Say = lambda _n, _day: None,
) -> Made:
    """One process's share of the city: the families whose number leaves this rest."""
    made, begun = Made(), time.process_time()
    with tempfile.TemporaryDirectory(dir=_in_memory()) as folder:
        scratch = Scratch(installation, wish.seed, wish.since, wish.until, Path(folder))
        press = Press(installation.engine.dialect, seal_key(installation.settings))
        dies: dict[int, list[Die]] = defaultdict(list)
        for monday, numbered in numbered_weeks(installation, wish):
            batch = Batch(press)
            for living, first_id in numbered:
                if living.family.number % parts != part:
                    continue
                die = _die_for(living, first_id, dies[living.family.number], scratch, wish.until, installation, made)
                batch.add(die, living, roster.at(living.begins, living.serial), first_id)
                made.by_way[living.family.way.name] += 1
            with installation.sessions() as db:
                citizens = batch.people(db)
                db.commit()
                made.contacts += batch.write(db, citizens)
                db.commit()
            say(made.contacts, monday)
    made.seconds = time.process_time() - begun
    return made


def numbered_weeks(installation: Installation, wish: Wish) -> Iterator[tuple[date, list[tuple[Living, int]]]]:
    """Each living with the number of its first ticket; every process comes to the same numbers."""
    number = 1
    for monday, livings in wish.plan(installation).weeks():
        numbered = []
        for living in livings:
            numbered.append((living, number))
            number += sum(1 for moments in living.moments(installation.city) if moments[0] <= wish.until)
        yield monday, numbered


def _die_for(
    living: Living,
    first_id: int,
    dies: list[Die],
    scratch: Scratch,
    until: datetime,
    installation: Installation,
    made: Made,
) -> Die:
    """One that fits, the last used first; else it is lived."""
    for n, die in enumerate(dies):
        if die.fits(living, first_id, until):
            made.struck += 1
            dies.insert(0, dies.pop(n))
            return die
    lived = scratch.live(living, first_id, until)
    made.lived += 1
    made.stopped += lived.stopped
    die = Die(lived, installation.city, scratch.roster.at(living.begins, living.serial))
    dies.insert(0, die)
    del dies[MOST_DIES:]
    return die


def set_numbers(db: Session) -> None:
    """The next ticket has the next number."""
    if db.get_bind().dialect.name == "postgresql":
        table: Table = Ticket.__table__  # type: ignore[assignment]
        last = db.scalar(select(func.max(Ticket.id))) or 1
        db.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), :last)"), {"last": last})


def _in_memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
