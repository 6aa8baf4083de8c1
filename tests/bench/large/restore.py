"""A city backed up and restored by the nightly drill: how long each step takes at any size, every seal made and checked."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session, sessionmaker

from hotline.backups import drill, make
from hotline.clock import Clock
from hotline.jobs.build import build_installation
from hotline.settings import read_settings
from hotline.tickets.seals import chain, row_seals
from hotline.tickets.seals.seal_files import seal_key
from tests.bench import pages
from tests.bench.ground import Ground, ground
from tests.bench.large import aged

SIZE = 1_000_000
T = TypeVar("T")


def run(size: int = SIZE) -> None:
    """PostgreSQL: a city of so many tickets, all seals made, backed up, and restored beside."""
    with ground("postgresql") as made:
        _fill(made, size)
        installation = build_installation(read_settings(made.env))
        settings, now, folder = installation.settings, Clock().now(), made.folder / "backups"
        sessions, key = installation.sessions, seal_key(settings)
        folder.mkdir()
        _timed("rows marked", lambda: row_seals.adopt(sessions, key, now - 2 * chain.SETTLED))
        _timed("rows of logs sealed", lambda: _sealed(sessions, key))
        _timed("backup", lambda: make.back_up(settings, folder, now).name)
        row = _timed("drill: restored beside, counted, seals checked", lambda: drill.drill(installation, folder))
        print(
            f"{row.rows:,} rows of {size:,} tickets in {row.seconds:.0f} s, well: {row.well} {row.problems}", flush=True
        )


def _fill(made: Ground, size: int) -> None:
    pages._grow(made, 0, min(size, aged.SIZE))
    if size > aged.SIZE:
        aged._multiply(made, range(1, size // aged.SIZE))


def _sealed(sessions: sessionmaker[Session], key: bytes) -> int:
    """As the minute of a living city does it, until nothing is left."""
    done = 0
    while True:
        with sessions() as db:
            more = chain.seal(db, Clock().now(), key=key)
            db.commit()
        if not more:
            return done
        done += more


def _timed(what: str, do: Callable[[], T]) -> T:
    began, cpu = time.perf_counter(), os.times()
    found = do()
    after = os.times()
    busy = after.user + after.system + after.children_user + after.children_system
    busy -= cpu.user + cpu.system + cpu.children_user + cpu.children_system
    told: Any = f" {found:,}" if isinstance(found, int) else ""
    print(f"{what:<50}{told} {time.perf_counter() - began:.1f} s, of our processes {busy:.1f} s", flush=True)
    return found
