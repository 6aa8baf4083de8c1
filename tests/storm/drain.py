"""How fast is a backlog run after Redis has forgotten everything? Jobs a minute, with two workers and the clock."""

from __future__ import annotations

import time

import redis
from sqlalchemy import func, select

from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.roles import SYSTEM
from models import Job
from models.job import undone
from tests.storm.city import City, city


def drain(jobs: int, longest: float = 600) -> tuple[int, float]:
    """So many due jobs at least are waiting and Redis is empty; how many were run in how many seconds."""
    with city(quick=False) as here:
        _fill(here, jobs)
        with redis.Redis.from_url(here.redis.url()) as connection:
            connection.flushall()
        here.start(("worker", "clock"))
        ours = here.installation()
        before = left = _due(here)
        while left == before:  # until the processes are up
            time.sleep(0.05)
            with ours.readings() as db:
                left = int(
                    db.scalar(select(func.count()).select_from(Job).where(undone(), Job.run_at <= ours.clock.now()))
                    or 0
                )
        began, first = time.monotonic(), left
        while left > 0 and time.monotonic() - began < longest:
            time.sleep(0.5)
            left = _due(here)
        return first - left, time.monotonic() - began


def _fill(here: City, jobs: int) -> None:
    """Matters nobody has worked on: a proposal, a text and what follows from them for each."""
    ours, made = here.installation(), 0
    while _due(here) < jobs:
        with ours.sessions() as db:
            for _n in range(100):
                made += 1
                contact = Contact(body=f"第 {made} 盏路灯不亮，请派人修理", phone=f"139{made:08d}")
                open_ticket(db, ours.city, contact, SYSTEM, ours.clock.now())
            db.commit()


def _due(here: City) -> int:
    ours = here.installation()
    with ours.readings() as db:
        found = db.scalar(select(func.count()).select_from(Job).where(undone(), Job.run_at <= ours.clock.now()))
    ours.engine.dispose()
    return int(found or 0)
