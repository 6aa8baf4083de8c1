"""Kill, count, compare: nothing lost, nothing doubled, no text twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from hotline.installation import Installation
from models import Job, Message, Proposal, Ticket
from models.job import undone
from tests.storm.city import Callers, City, city

SETTLES_WITHIN = 240


@dataclass
class Outcome:
    """What was left when all was done. settled: seconds from the last kill until no job and no text waited."""

    kills: Counter[str]
    acknowledged: int
    answers: Counter[int]
    longest: float
    settled: float
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    proposals: list[int] = field(default_factory=list)
    texts_twice: list[str] = field(default_factory=list)
    texts_lost: list[str] = field(default_factory=list)
    tracebacks: int = 0
    clocks_together: int = 0

    def lines(self) -> list[str]:
        return [
            f"kills: {sum(self.kills.values())} ({', '.join(f'{name} {n}' for name, n in sorted(self.kills.items()))})",
            f"acknowledged: {self.acknowledged}, longest wait {self.longest:.1f} s, answers {dict(sorted(self.answers.items()))}",
            f"lost: {len(self.lost)}, doubled: {len(self.doubled)}, proposed twice or never: {len(self.proposals)}",
            f"texts twice: {len(self.texts_twice)}, texts lost: {len(self.texts_lost)}",
            f"all done {self.settled:.0f} s after the last kill; tracebacks in the log: {self.tracebacks}",
        ]

    @property
    def well(self) -> bool:
        return not (self.lost or self.doubled or self.proposals or self.texts_twice or self.texts_lost)


def storm(kills: int, seed: int, pause: float = 2.0, callers: int = 3) -> Outcome:
    """So many kills, one every `pause` seconds on average, while callers hand in matters without a pause."""
    choice = random.Random(seed)
    with city() as here:
        here.start()
        crowd = [Callers(here, first=n * 1_000_000) for n in range(callers)]
        _until_it_answers(crowd[0])
        for one in crowd:
            one.start()
        while sum(here.kills.values()) < kills:
            _live(here, pause * choice.uniform(0.5, 1.5))
            here.kill_one(choice)
        last = time.monotonic()
        _live(here, 3.0)
        for one in crowd:
            one.stopped.set()
        for one in crowd:
            one.join(30)
        settled = _wait_until_all_is_done(here) - last
        return _compare(here, crowd, settled)


def _live(here: City, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        here.keep_alive()
        time.sleep(0.1)


def _until_it_answers(one: Callers, seconds: float = 90) -> None:
    import requests

    end = time.monotonic() + seconds
    body = {"body": "第一盏路灯不亮", "phone": "13700000000", "outer_number": "first", "channel": "web"}
    with requests.Session() as line:
        while not (number := one._once(line, body)):
            assert time.monotonic() < end, one.here.log.read_text(errors="replace")[-3000:]
            time.sleep(0.3)
    one.acknowledged["first"] = number
    one.answers.clear()


def _wait_until_all_is_done(here: City) -> float:
    """When no job was due and no text waited."""
    ours, end = here.installation(), time.monotonic() + SETTLES_WITHIN
    while time.monotonic() < end:
        here.keep_alive()
        try:
            if not _waiting(ours):
                return time.monotonic()
        except SQLAlchemyError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"{_waiting(ours)} still wait: " + here.log.read_text(errors="replace")[-3000:])


def _waiting(ours: Installation) -> int:
    with ours.readings() as db:
        due = db.scalar(select(func.count()).select_from(Job).where(undone(), Job.run_at <= ours.clock.now()))
        texts = select(func.count()).where(Message.channel == "sms", Message.state.in_(("queued", "sending")))
        return int(due or 0) + int(db.scalar(texts) or 0)


def _compare(here: City, crowd: list[Callers], settled: float) -> Outcome:
    acknowledged = {outer: number for one in crowd for outer, number in one.acknowledged.items()}
    found = Outcome(
        here.kills,
        len(acknowledged),
        sum((one.answers for one in crowd), Counter()),
        max(one.longest for one in crowd),
        settled,
        tracebacks=here.said("Traceback (most recent call last)"),
    )
    with here.installation().readings() as db:
        rows = db.execute(select(Ticket.outer_number, Ticket.number, Ticket.id, Ticket.contact_phone)).all()
        stored = Counter(outer for outer, *_rest in rows)
        numbers = {outer: number for outer, number, *_rest in rows}
        found.lost = [outer for outer, number in acknowledged.items() if numbers.get(outer) != number]
        found.doubled = [outer for outer, times in stored.items() if times > 1]
        proposed = Counter(db.scalars(select(Proposal.ticket_id)))
        found.proposals = [ticket for _outer, _number, ticket, _phone in rows if proposed[ticket] != 1]
        found.clocks_together = int(db.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) or 0)
    heard = Counter((one.phone, one.template) for one in list(here.gateway.kept))
    found.texts_twice = [f"{phone} {template}" for (phone, template), times in heard.items() if times > 1]
    found.texts_lost = [phone for *_rest, phone in rows if not heard[phone, "accepted"]]
    return found
