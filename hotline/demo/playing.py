"""Plays the demo's lives on a clock of the past: each step at its own moment, with bells and jobs in between.

Everything happens in one transaction, so that a demo is there as a whole or not at all, and nothing is sent to anybody.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from hotline.clock import StoppedClock
from hotline.demo.calls import take_call, was_missed
from hotline.demo.doing import begin, do
from hotline.demo.doubtful import DOUBTFUL
from hotline.demo.ended import ENDED
from hotline.demo.life import Demo, Life
from hotline.demo.matter import Matter
from hotline.demo.open import OPEN
from hotline.demo.people import are_there, hire_all
from hotline.demo.published import publish_some
from hotline.demo.shifts import sign_in_shifts
from hotline.demo.timing import moments, moments_from
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.knowledge.demo import bring_knowledge
from hotline.nuisance.demo import bring_marks
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.practice.demo import bring_practice
from hotline.quality.demo import bring_quality
from hotline.tickets.seals import log_marks, row_seals
from hotline.tickets.seals.seal_files import seal_key
from hotline.triage.hotspots import look
from models import Deadline, Job
from webhooks.sender import Sent

log = logging.getLogger(__name__)
SEED = 12345
BEFORE = timedelta(days=40)
MISSED = (("13d", 35), ("9d", 240), ("6d", None), ("2d", 55), ("3h", None))
"""Calls that nobody answered: how long ago, and after how many minutes we called back."""


class SilentSender:
    """Says that every text went out, and sends none."""

    name = "demo"

    def send(self, to: str, template_key: str, params: Mapping[str, str], text: str, out_id: str) -> str:
        return f"demo-{out_id}"

    def find(self, to: str, since: datetime) -> list[Sent]:
        return []


def seed(installation: Installation) -> Demo | None:
    """Make the demo's people and tickets; None when they are there already. Commits, and sends nothing."""
    with installation.readings() as db:
        if are_there(db):
            return None
    now = installation.clock.now()
    with installation.engine.begin() as connection:
        sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        clock = StoppedClock(now - BEFORE)
        row_seals.watch(sessions, seal_key(installation.settings), clock)
        log_marks.watch(sessions, seal_key(installation.settings))
        past = replace(
            installation,
            clock=clock,
            sessions=sessions,
            readings=sessions,
            sender=SilentSender(),
            transport=NoTransport(),
        )
        with sessions() as db:
            cast = hire_all(db, installation.city, clock.now())
            sign_in_shifts(db, now - BEFORE, now)
            settings = installation.settings
            bring_knowledge(db, installation.city, settings.city_dir, settings.var, cast.actors, now)
            db.commit()
        demo = Demo(past, cast, clock)
        play(demo, now)
        with sessions() as db:
            bring_quality(db, installation.city, installation.classifier, cast.actors, now)
            bring_practice(db, installation.city, cast.actors, now)
            bring_marks(db, installation.city, cast.actors, now)
            publish_some(db, cast.actors["demo-review"], now)
            db.commit()
    return demo


def play(demo: Demo, now: datetime) -> None:
    """Take every step of every life in the order of its moment, and let the clock ring on the way up to now."""
    chance = random.Random(SEED)
    phones = chance.sample(range(100, 10_000), len(ENDED) + len(OPEN) + len(DOUBTFUL))
    for matter, phone in zip((*ENDED, *OPEN, *DOUBTFUL), phones, strict=True):
        demo.lives.append(_life(demo, matter, now, phone, chance))
    # Their moments lie ahead of the first step, so that what they enqueue is run at its own moment.
    for ago, back in MISSED:
        was_missed(demo, now, ago, back)
    live(demo, now)
    look(demo.installation)
    drain(demo.installation)
    for sentence in demo.cut_short:
        log.info("demo: %s", sentence)


def live(demo: Demo, until: datetime) -> None:
    """Every step of every life that lies before this moment, each at its own, with bells and jobs in between."""
    steps = sorted((at, number, n) for number, life in enumerate(demo.lives) for n, at in enumerate(life.moments))
    for at, number, n in steps:
        if at <= until:
            let_time_pass(demo, at)
            _take(demo, demo.lives[number], n)
    let_time_pass(demo, until)


def _life(demo: Demo, matter: Matter, now: datetime, phone: int, chance: random.Random) -> Life:
    caller = phone if matter.caller is None else matter.caller
    minutes = chance.randrange(600)
    earlier = next((life for life in demo.lives if matter.during and life.matter.name == matter.during), None)
    city = demo.installation.city
    when = (
        moments(city, matter, now, minutes)
        if earlier is None
        else moments_from(city, matter, earlier.moment_of("sign"))
    )
    return Life(matter, when, f"1380000{caller:04d}")


def let_time_pass(demo: Demo, until: datetime) -> None:
    """Ring each bell and run each job at its own moment."""
    while True:
        with demo.installation.readings() as db:
            bell = db.scalar(select(func.min(Deadline.ring_at)))
            job_at = db.scalar(select(func.min(Job.run_at)).where(Job.done_at.is_(None), Job.failed_at.is_(None)))
        next_at = min((at for at in (bell, job_at) if at is not None), default=None)
        if next_at is None or next_at > until:
            demo.clock.at = max(demo.clock.at, until)
            return
        demo.clock.at = max(demo.clock.at, next_at)
        ring(demo.installation, demo.clock.now())
        drain(demo.installation)


def _take(demo: Demo, life: Life, n: int) -> None:
    """One step; a refusal ends the life there, for the demo obeys the rules like everybody."""
    if life.stopped:
        return
    try:
        if n:
            do(demo, life, life.matter.steps[n - 1])
        else:
            with take_call(demo, life) as call_id:
                begin(demo, life, call_id)
    except Refusal as refusal:
        life.stopped = refusal.sentence
    drain(demo.installation)
