"""On PostgreSQL an open page hears of a commit of any process at once, and goes on hearing when the line was cut."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.commit_notify import CHANNEL, Listener, announce_commits
from hotline.settings import Settings
from hotline.web.live import watcher as watching
from hotline.web.live.watcher import Watcher
from models import Call, make_engine, make_sessions
from tests.support.services import with_keys


@pytest.fixture
def installation(settings: Settings, postgres_engine: Engine, city: Any, clock: StoppedClock) -> Installation:
    return build_installation(settings, city=city, clock=clock, engine=postgres_engine)


@pytest.fixture
def elsewhere(postgres_engine: Engine) -> Iterator[Any]:
    """The sessions of another process, which announces what it commits."""
    engine = with_keys(make_engine(postgres_engine.url.render_as_string(hide_password=False)))
    sessions = make_sessions(engine)
    assert announce_commits(sessions, engine) is not None
    yield sessions
    engine.dispose()


@pytest.fixture
def watcher(installation: Installation) -> Iterator[Watcher]:
    made = Watcher(installation)
    made.wait(made.look(), 0.3)  # the thread listens
    yield made
    made.stop()


def ring(elsewhere: Any, clock: StoppedClock, number: int) -> None:
    with elsewhere() as db:
        db.add(
            Call(
                provider="twilio",
                provider_id=f"CA{number}",
                from_phone="13800001234",
                to_phone="12345",
                state="ringing",
                started_at=clock.now(),
            )
        )
        db.commit()


def latency(watcher: Watcher, elsewhere: Any, clock: StoppedClock, number: int) -> float:
    before = watcher.look()
    ring(elsewhere, clock, number)
    committed = time.perf_counter()
    assert watcher.wait(before, 10)
    return time.perf_counter() - committed


def test_a_commit_of_another_process_is_heard_well_before_the_next_look(
    watcher: Watcher, elsewhere: Any, clock: StoppedClock
) -> None:
    """Polling each half second had a median of 250 ms; the bound leaves room for a busy machine."""
    heard = []
    for number in range(9):
        heard.append(latency(watcher, elsewhere, clock, number))
        time.sleep(0.1)
    print(f"heard after {statistics.median(heard) * 1000:.1f} ms (median), {max(heard) * 1000:.1f} ms (slowest)")
    assert statistics.median(heard) < 0.15


def test_a_listener_whose_line_was_cut_goes_on_hearing(
    watcher: Watcher, elsewhere: Any, clock: StoppedClock, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with installation.engine.connect() as connection:
        cut = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE :q AND pid <> pg_backend_pid()"
            ),
            {"q": f"LISTEN {CHANNEL}%"},
        ).all()
        connection.rollback()
    assert cut, "somebody listened"
    assert latency(watcher, elsewhere, clock, 1) < 5


def test_a_word_that_was_lost_is_made_up_for(watcher: Watcher, installation: Installation, clock: StoppedClock) -> None:
    before = watcher.look()
    ring(installation.sessions, clock, 1)  # an installation under test announces nothing
    assert watcher.wait(before, watching.UNTOLD + 5)


def test_many_commits_are_told_in_few_words(elsewhere: Any, installation: Installation, clock: StoppedClock) -> None:
    listener = Listener(installation.engine)
    for number in range(60):
        ring(elsewhere, clock, number)
    words = 0
    while listener.wait(0.5):
        words += 1
    listener.close()
    assert 1 <= words < 60


def test_what_is_rolled_back_is_not_announced(elsewhere: Any, installation: Installation, clock: StoppedClock) -> None:
    listener = Listener(installation.engine)
    with elsewhere() as db:
        db.add(
            Call(
                provider="twilio",
                provider_id="CA1",
                from_phone="",
                to_phone="12345",
                state="ringing",
                started_at=clock.now(),
            )
        )
        db.flush()
        db.rollback()
    assert not listener.wait(0.4)
    listener.close()


def test_sqlite_has_its_own_way(sqlite_engine: Engine) -> None:
    assert announce_commits(make_sessions(sqlite_engine), sqlite_engine) is None
