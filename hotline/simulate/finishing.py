"""What a city's nights would have done meanwhile: seals, waiting times, hot spots, doubts, knowledge, work looked at, numbers marked."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from hotline.demo.published import publish_some
from hotline.evidence.catch_up import look_back
from hotline.installation import Installation
from hotline.knowledge.demo import bring_knowledge
from hotline.nuisance.demo import bring_marks
from hotline.quality.demo import bring_quality
from hotline.simulate.roster import Roster, keep_shifts, let_leave
from hotline.tickets.seals import chain
from hotline.tickets.seals.seal_files import seal_books, seal_key
from hotline.triage.hotspots import look
from hotline.waiting_time.nightly import learn_waiting_times

AT_ONCE, AT_MOST = 50_000, 10_000_000
MOST_WEEKS, LOOKED, COMPARED = 12, timedelta(days=7), timedelta(days=30)
"""How far back people have scored what was drawn, and the machine has looked at every record, and at every reply."""

Timed = dict[str, float]


def finish(installation: Installation, roster: Roster, since: datetime, until: datetime) -> Timed:
    """Everything once, each in a transaction of its own. Returns seconds in the processor by what was done."""
    took: Timed = {}
    parts: dict[str, Callable[[], object]] = {
        "shifts": lambda: _shifts(installation, roster, since, until),
        "knowledge": lambda: _knowledge(installation, roster, until),
        "hot spots": lambda: look(installation),
        "doubts": lambda: _compare(installation, until),
        "quality": lambda: _quality(installation, roster, since, until),
        "nuisance": lambda: _nuisance(installation, roster, until),
        "public board": lambda: _publish(installation, roster, until),
        "waiting times": lambda: learn_waiting_times(installation, until),
        "seals": lambda: _seal(installation, until),
    }
    for name, part in parts.items():
        begun = time.process_time()
        part()
        took[name] = time.process_time() - begun
    return took


def _shifts(installation: Installation, roster: Roster, since: datetime, until: datetime) -> None:
    with installation.sessions() as db:
        keep_shifts(db, roster, since, until)
        let_leave(db, roster)
        db.commit()


def _knowledge(installation: Installation, roster: Roster, now: datetime) -> None:
    settings = installation.settings
    with installation.sessions() as db:
        bring_knowledge(db, installation.city, settings.city_dir, settings.var, roster.cast.actors, now)
        db.commit()


def _compare(installation: Installation, now: datetime) -> None:
    """Each reply of the last month with calls, photographs, other replies and later calls."""
    look_back(installation, now, COMPARED, most=AT_MOST)


def _quality(installation: Installation, roster: Roster, since: datetime, now: datetime) -> None:
    weeks = min(MOST_WEEKS, (now - since).days // 7)
    with installation.sessions() as db:
        people = {**roster.cast.actors, **{f"agent-{n}": one for n, one in enumerate(roster.agents)}}
        bring_quality(db, installation.city, installation.classifier, people, now, weeks=weeks, looked=LOOKED)
        db.commit()


def _nuisance(installation: Installation, roster: Roster, now: datetime) -> None:
    with installation.sessions() as db:
        bring_marks(db, installation.city, roster.cast.actors, now)
        db.commit()


def _publish(installation: Installation, roster: Roster, now: datetime) -> None:
    with installation.sessions() as db:
        publish_some(db, roster.cast.actors["demo-review"], now, most=60)
        db.commit()


def _seal(installation: Installation, now: datetime) -> None:
    """The links of all these years at once, some ten thousand rows to a transaction."""
    for _n in count():
        with installation.sessions() as db:
            sealed = chain.seal(db, now, most=AT_ONCE, key=seal_key(installation.settings))
            db.commit()
        if not sealed:
            break
    seal_books(installation, now)
