"""From an empty database to a whole city: people, the years in as many processes as there are processors, and the end."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.ops import simulated
from hotline.simulate.checks import Broken, Seen, look
from hotline.simulate.city import Made, Say, Wish, live_slowly, set_numbers, strike
from hotline.simulate.finishing import Timed, finish
from hotline.simulate.roster import Roster, hire
from models import TicketEvent

QUIET: Say = lambda _many, _monday: None  # noqa: E731 – a name for saying nothing


@dataclass
class Told:
    """made: what was made. took: seconds in the processor by what was done at the end. seconds: by the wall's clock, all in all."""

    made: Made
    took: Timed = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def in_the_processor(self) -> float:
        return self.made.seconds + sum(self.took.values())

    @property
    def a_second(self) -> float:
        """Contacts for each second of one processor, the end included; what the database uses is not counted."""
        return self.made.contacts / self.in_the_processor if self.in_the_processor else 0.0


def make(installation: Installation, wish: Wish, parts: int, say: Say = QUIET) -> Told:
    """Raises Refusal where the database is not empty. The mark comes first: whatever comes of it sends nothing outside."""
    begun = time.monotonic()
    with installation.sessions() as db:
        simulated.need_room(db)
        _mark(db, installation, wish)
        roster = hire(db, installation.city, wish.seed, wish.since, wish.until)
        db.commit()
    parts = parts if installation.engine.dialect.name == "postgresql" else 1
    made = (
        strike(installation, wish, roster, say=say) if parts == 1 else _in_parts(installation, wish, roster, parts, say)
    )
    with installation.sessions() as db:
        set_numbers(db)
        db.commit()
    took = finish(installation, roster, wish.since, wish.until)
    return Told(made, took, time.monotonic() - begun)


def _mark(db: Session, installation: Installation, wish: Wish) -> None:
    detail = {"seed": wish.seed, "contacts": wish.contacts, "days": wish.days}
    simulated.mark(db, installation.settings.var, installation.clock.now(), until=wish.until, **detail)


def make_slowly(installation: Installation, wish: Wish) -> Told:
    """The same city through the rules alone."""
    begun = time.monotonic()
    with installation.sessions() as db:
        simulated.need_room(db)
        _mark(db, installation, wish)
        db.commit()
    made, roster = live_slowly(installation, wish)
    took = finish(installation, roster, wish.since, wish.until)
    return Told(made, took, time.monotonic() - begun)


def check(installation: Installation) -> list[Broken]:
    """The invariants that do not hold in this database: of a simulated city at its own end, or when anything last happened in it."""
    with installation.readings() as db:
        now = installation.clock.now()
        if (ended := simulated.ended_at(db)) is not None:
            now = max(ended, db.scalar(select(func.max(TicketEvent.at))) or ended)
        return look(Seen(db, installation.city, installation.settings, now))


def _in_parts(installation: Installation, wish: Wish, roster: Roster, parts: int, say: Callable[..., None]) -> Made:
    """Each process strikes its own families; none of them has a connection of ours."""
    context = multiprocessing.get_context("fork")
    installation.engine.dispose()
    running, answers = [], []
    for part in range(parts):
        answer, mouth = context.Pipe(duplex=False)
        process = context.Process(target=_part, args=(installation, wish, roster, part, parts, say, mouth))
        process.start()
        mouth.close()
        running.append(process)
        answers.append(answer)
    try:
        return _together([answer.recv() for answer in answers])
    except EOFError:
        raise RuntimeError("a process ended before its share of the city was made") from None
    finally:
        for process in running:
            process.join(timeout=1)
            process.terminate()


def _part(
    installation: Installation, wish: Wish, roster: Roster, part: int, parts: int, say: Say, mouth: Connection
) -> None:
    """What goes wrong here stands on stderr, and the answer stays out."""
    installation.engine.dispose(close=False)
    mouth.send(strike(installation, wish, roster, part, parts, say if part == 0 else QUIET))
    mouth.close()


def _together(told: list[Made]) -> Made:
    whole = Made()
    for one in told:
        whole.contacts += one.contacts
        whole.lived += one.lived
        whole.struck += one.struck
        whole.by_way += one.by_way
        whole.stopped += one.stopped
        whole.seconds += one.seconds
    return whole
