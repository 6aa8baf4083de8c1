"""The slow way: every living is lived through the real rules, each step at its own moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session, sessionmaker

from hotline.clock import StoppedClock
from hotline.demo.life import Demo, Life
from hotline.demo.playing import SilentSender, live
from hotline.installation import Installation
from hotline.outbox.transports import NoTransport
from hotline.simulate.plan import Living
from hotline.simulate.roster import Roster


@dataclass(frozen=True)
class Stage:
    """An installation whose clock is ours, on one connection whose transaction is ours too; it says nothing to anybody."""

    installation: Installation
    clock: StoppedClock
    sessions: Callable[[], Session]


def stage_on(installation: Installation, connection: Connection, at: datetime) -> Stage:
    sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    clock = StoppedClock(at)
    past = replace(
        installation,
        clock=clock,
        engine=connection.engine,
        sessions=sessions,
        readings=sessions,
        sender=SilentSender(),
        transport=NoTransport(),
        on_new_city=None,
        city_files=None,
    )
    return Stage(past, clock, sessions)


def play(stage: Stage, roster: Roster, livings: Iterable[Living], until: datetime) -> Demo:
    """Live all of them up to this moment, in the order of their steps. Raises nothing: a life that a rule ends says why."""
    demo = Demo(stage.installation, roster.cast, stage.clock)
    for living in livings:
        demo.lives += lives_of(living, roster, stage.installation)
    live(demo, until)
    return demo


def lives_of(living: Living, roster: Roster, installation: Installation) -> list[Life]:
    cast = roster.at(living.begins, living.serial)
    moments = living.moments(installation.city)
    return [
        Life(matter, when, phone, told_as=f"sim-{living.serial}-{n}", cast=cast)
        for n, (matter, when, phone) in enumerate(zip(living.matters(), moments, living.phones, strict=True))
    ]
