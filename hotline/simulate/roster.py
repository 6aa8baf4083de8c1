"""Who works there: an agent for each call, a handler and a leader for each unit, people who leave and those who come after them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.demo.people import NAMES, Cast, Person, hire_all
from hotline.tickets.roles import Actor, Role
from models import DutyTime, Staff

AGENTS = 24
STAYS = (timedelta(days=180), timedelta(days=900))
SHIFT = timedelta(hours=8)
AT_ONCE = 4
"""Agents on a shift; two more by day."""


@dataclass
class Roster:
    """cast: those who stay. agents: who takes calls, in turn. after: per unit, since when another handler works there."""

    cast: Cast
    agents: list[Actor] = field(default_factory=list)
    after: dict[str, tuple[datetime, Actor]] = field(default_factory=dict)

    def at(self, begins: datetime, serial: int) -> Cast:
        """Who works on a matter that begins then: the whole of it, however long it takes."""
        later = {unit: follower for unit, (since, follower) in self.after.items() if begins >= since}
        handlers = {**self.cast.handlers, **later}
        actors = {**self.cast.actors, "demo-agent": self.agents[serial % len(self.agents)]}
        return replace(self.cast, actors=actors, handlers=handlers, takes_calls=f"agent-{serial % len(self.agents)}")


def hire(db: Session, city: City, seed: int, since: datetime, until: datetime) -> Roster:
    """Everybody, in one order: whoever is hired twice has the same place on the list."""
    cast = hire_all(db, city, since)
    for code, unit in sorted(city.units.items()):
        if unit.handles:
            cast.handler(db, code)
            cast.leader(db, code)
    centre = cast.actors["demo-agent"].unit_code
    agents = [
        cast.hire(db, Person(f"agent-{n}", f"{NAMES[n % len(NAMES)][0]}{'甲乙丙丁'[n % 4]}", (Role.AGENT,)), centre)
        for n in range(AGENTS)
    ]
    roster = Roster(cast, agents)
    chance = random.Random(f"{seed}/leavers")
    for code in sorted(cast.handlers)[::9]:
        leaves = since + STAYS[0] + (STAYS[1] - STAYS[0]) * chance.random()
        if leaves < until:
            person = Person(f"next-{code}"[:48], chance.choice(NAMES), (Role.HANDLER,))
            roster.after[code] = leaves, cast.hire(db, person, code)
    return roster


def let_leave(db: Session, roster: Roster) -> int:
    """Who left signs in no more, once nothing of theirs can be open; returns how many."""
    gone = [roster.cast.handlers[unit].id for unit in roster.after]
    db.execute(update(Staff).where(Staff.id.in_(gone), Staff.login.startswith("unit-")).values(active=False))
    return len(gone)


def keep_shifts(db: Session, roster: Roster, since: datetime, until: datetime) -> None:
    """Three shifts a day, some agents on each in turn: the centre is staffed round the clock."""
    turn, begins = 0, since
    rows = []
    while begins < until:
        for _n in range(AT_ONCE):
            person = roster.agents[turn % len(roster.agents)]
            rows.append({"staff_id": person.id, "started_at": begins, "ended_at": min(begins + SHIFT, until)})
            turn += 1
        begins += SHIFT
    db.execute(DutyTime.__table__.insert(), rows)  # type: ignore[attr-defined]
