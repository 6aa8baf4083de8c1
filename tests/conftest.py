"""The ground every test may stand on: engines, people's clock, the model city, a browser."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.city.sync import sync
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.ops.local_servers import PrivatePostgres, PrivateRedis
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.tickets.search.full_text import create_search
from models import make_sessions
from tests.support.doubles.fakes import MemoryCalls, MemorySender
from tests.support.life import Life
from tests.support.make import BORN
from tests.support.once import end_watchers, make_once
from tests.support.repository import ROOT
from tests.support.services import (
    CHROMIUM,
    CHROMIUM_WORDS,
    MASTER,
    STUMBLES,
    Finish,
    LiveServer,
    PostgresTests,
    SqliteTests,
    fast_folder,
    make_keys,
    need_servers,
)
from tests.support.windows import keep_picture, watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def _a_name_that_nobody_gave(asked: jinja2.Undefined) -> str:
    """A template that prints such a name would print nothing, and nobody would see that a word is missing. An `if` without `else`
    may, and what a mapping does not hold."""
    may = asked._undefined_hint or isinstance(asked._undefined_obj, Mapping)
    return "" if may else asked._fail_with_undefined_error()


jinja2.Undefined.__str__ = _a_name_that_nobody_gave  # type: ignore[method-assign]

DATA = Path(os.environ.get("HOTLINE_DATA", ROOT.parent / "shared" / "data"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a server or a browser says so. A file is one worker's, and with it what its tests stand on (see the
    Makefile): the files that take long are the first, so that none of them is left for one worker alone at the end.
    """
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {"page", "browser"}:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=STUMBLES))
        if "postgres_server" in names or "postgres_url" in names:
            item.add_marker(pytest.mark.postgres)
        if "redis_url" in names or "redis_server" in names:
            item.add_marker(pytest.mark.redis)
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in long)


def pytest_collection_finish() -> None:
    """The garbage collector need not walk over every test and module again each time a test makes much, nor look that often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """The applications of this process share what is the same for each."""
    with pytest.MonkeyPatch.context() as patch:
        make_once(patch)
        yield


@pytest.fixture(autouse=True)
def watched_no_longer() -> Iterator[None]:
    """First asked for and so the last to end: by then the windows are closed and the servers gone."""
    yield
    end_watchers()


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder in memory for this worker's databases."""
    made = fast_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def finish(anyang: City) -> tuple[Finish, ...]:
    """What a new database gets beyond the models' tables: the search, and the model city's units and categories."""

    def load(connection: Connection) -> None:
        session = Session(bind=connection, join_transaction_mode="rollback_only")
        sync(session, anyang, BORN)
        session.flush()

    return (create_search, make_keys, load)


@pytest.fixture(scope="session")
def postgres_server(folder: Path) -> Iterator[PrivatePostgres]:
    need_servers()
    with PrivatePostgres(folder / "postgres", safe=False) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server(folder: Path) -> Iterator[PrivateRedis]:
    need_servers()
    with PrivateRedis(folder / "redis") as server:
        yield server


@pytest.fixture
def redis_url(redis_server: PrivateRedis) -> str:
    """An empty Redis."""
    import redis

    url = redis_server.url()
    with redis.Redis.from_url(url) as connection:
        connection.flushall()
    return url


@pytest.fixture(scope="session")
def sqlite_tests(folder: Path, finish: tuple[Finish, ...]) -> SqliteTests:
    return SqliteTests(folder, finish)


@pytest.fixture(scope="session")
def postgres_tests(postgres_server: PrivatePostgres, finish: tuple[Finish, ...]) -> Iterator[PostgresTests]:
    store = PostgresTests(postgres_server.url(), postgres_server.url("tests"), finish)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A clean, migrated database; every test that asks for it runs on both engines."""
    store: SqliteTests | PostgresTests = request.getfixturevalue(f"{request.param}_tests")
    made = store.fresh()
    yield made
    store.end(made)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def own_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Like `engine`, for a test that changes the tables themselves."""
    made: Engine = request.getfixturevalue(f"{request.param}_tests").own()
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database in which nothing has been made yet."""
    made: Engine = request.getfixturevalue(f"{request.param}_tests").empty()
    yield made
    made.dispose()


@pytest.fixture
def sqlite_engine(sqlite_tests: SqliteTests) -> Iterator[Engine]:
    """A clean, migrated SQLite, for tests of pages where the engine is not the question."""
    made = sqlite_tests.fresh()
    yield made
    sqlite_tests.end(made)


@pytest.fixture
def postgres_engine(postgres_tests: PostgresTests) -> Iterator[Engine]:
    made = postgres_tests.fresh()
    yield made
    postgres_tests.end(made)


@pytest.fixture
def db(engine: Engine) -> Iterator[Session]:
    """A session on the clean database; what the test does not commit is rolled back."""
    with make_sessions(engine)() as session:
        yield session


@pytest.fixture
def now() -> datetime:
    """Wednesday 4 March 2026, ten in the morning in Anyang: a working day with working days around it."""
    return datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> StoppedClock:
    return StoppedClock(now)


@pytest.fixture(scope="session")
def anyang() -> City:
    """The model city Anyang, loaded once."""
    return load_city(ROOT / "hotline" / "city" / "anyang")


@pytest.fixture(scope="session")
def city(anyang: City) -> City:
    """The city a test lives in."""
    return anyang


@pytest.fixture
def sender(now: datetime) -> MemorySender:
    return MemorySender(at=now)


@pytest.fixture
def installation(engine: Engine, city: City, clock: StoppedClock, sender: MemorySender, tmp_path: Path) -> Installation:
    """An installation on the clean database whose clock and texts are in the test's hands; `drain` runs its jobs."""
    settings = Settings(
        database_url=str(engine.url), secret_key="s" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True
    )
    write(settings.master_key, [MASTER])
    return build_installation(settings, city=city, clock=clock, engine=engine, sender=sender, transport=NoTransport())


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real messages; tests that need it are skipped where it is not."""
    if not DATA.is_dir():
        pytest.skip(f"no real messages in {DATA} (set HOTLINE_DATA)")
    return DATA


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """`serve(app)` puts an application on a loopback port for this test and returns its URL."""
    running: list[LiveServer] = []

    def start(app: Any) -> str:
        running.append(LiveServer(app).start())
        return running[-1].url

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing (make test installs it)", pytrace=False)
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_WORDS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh window of 1440×900. Errors of scripts and of the content policy fail the test; its last sight is kept."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    opened = context.new_page()
    complaints = watch(opened)
    yield opened
    if not opened.is_closed():
        keep_picture(opened, request.node.name)
    context.close()
    assert not complaints, "the browser complained: " + "; ".join(complaints)


@pytest.fixture
def picture(page: Page) -> Callable[[str], Path]:
    """`picture("agent-desk")` keeps what the browser shows now under build/screenshots."""
    return lambda name: keep_picture(page, name)


@pytest.fixture
def life(db: Session, city: City, clock: StoppedClock) -> Life:
    """Tickets that live by the rules, on both engines."""
    return Life(db, city, clock)


@pytest.fixture
def line(installation: Installation) -> MemoryCalls:
    """The telephone exchange of this test; it remembers whether the database was held while it was spoken to."""
    installation.calls = MemoryCalls(installation.engine.pool)
    return installation.calls
