"""Two sites on this machine: a primary under load is killed, its standby takes over, and what had not arrived is said, no more and no less."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.ops import health, standby_health
from hotline.ops.local_servers import PrivatePostgres
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.standby import acknowledged, replica
from hotline.standby.switching import Outcome, switch_over
from hotline.tickets.roles import Actor
from hotline.tickets.seals.seal_files import publish_head, seal_books
from models import Ticket, make_engine
from models.store.hosts import as_libpq, to_the_writing_one
from models.store.migrate import upgrade
from tests.support.services import MASTER, Finish, fast_folder, kill, need_servers, with_keys

CITIZEN = Actor("citizen", None, "市民")
QUIET = ("autovacuum=off", "max_wal_senders=5", "wal_sender_timeout=5s")


class Sites:
    """A primary with the tables of a city, its standby, and an installation that knows both addresses."""

    def __init__(self, folder: Path, city: City, finish: tuple[Finish, ...]):
        self.folder, self.city = folder, city
        self.primary = PrivatePostgres(folder / "primary", settings=QUIET).start()
        engine = with_keys(make_engine(self.primary.url()))
        upgrade(engine, finish)
        engine.dispose()
        self.standby = PrivatePostgres(folder / "standby", settings=QUIET)
        self.acknowledged: list[tuple[int, str]] = []
        self.stop = threading.Event()

    def begin_standby(self) -> None:
        replica.make(self.primary.url(), self.standby.data)
        self.standby.start()

    def installation(self) -> Installation:
        both = f"{self.primary.url()}&host={self.standby.sockets}"
        settings = Settings(
            database_url=both, standby_url=self.standby.url(), var=self.folder / "var", secret_key="s" * 40,
            twilio_auth_token="t" * 40, testing=True,
        )  # fmt: skip
        settings.var.mkdir(exist_ok=True)
        write(settings.master_key, [MASTER])
        return build_installation(settings, city=self.city, transport=NoTransport())

    def on(self, server: PrivatePostgres, statement: str) -> object:
        engine = create_engine(server.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as line:
            done = line.execute(text(statement))
            return done.scalar() if done.returns_rows else None

    def take(self, here: Installation) -> None:
        """One matter, acknowledged when its commit came back."""
        with here.sessions() as db:
            words = Contact(body="路灯不亮，请派人修理", phone="13800001234", channel="web")
            ticket = open_ticket(db, here.city, words, CITIZEN, here.clock.now())
            db.commit()
            self.acknowledged.append((ticket.id, ticket.number))

    def keep_taking(self, here: Installation) -> None:
        """Until told to stop, whatever happens to the database meanwhile, as callers do."""
        while not self.stop.is_set():
            try:
                self.take(here)
            except DBAPIError:
                time.sleep(0.05)

    def kill_primary(self) -> None:
        """As a machine dies: every process of the server at once."""
        assert self.primary.process is not None
        pid = self.primary.process.pid
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        kill(pid, *map(int, told))
        self.primary.process.wait()

    def switch(self, here: Installation) -> Outcome:
        return switch_over(here.settings, self.city, old_data=self.primary.data)

    def absent(self, here: Installation) -> list[str]:
        with here.readings() as db:
            there = set(db.scalars(select(Ticket.id)))
        return [number for ticket_id, number in self.acknowledged if ticket_id not in there]

    def close(self) -> None:
        self.stop.set()
        for server in (self.standby, self.primary):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def sites(city: City, finish: tuple[Finish, ...]) -> Iterator[Sites]:
    need_servers()
    made = Sites(fast_folder(), city, finish)
    yield made
    made.close()


def until(true: object, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.05)


def test_killing_a_server_passes_over_whoever_ended_by_itself() -> None:
    """Between being listed and being killed a worker of the server may end: its number is nobody's then."""
    ended, living = subprocess.Popen(["true"]), subprocess.Popen(["sleep", "60"])
    ended.wait()
    assert kill(ended.pid, living.pid) == [living.pid]
    assert living.wait(10) == -signal.SIGKILL


@pytest.mark.slow
def test_with_commits_that_wait_for_the_standby_nothing_is_lost(
    sites: Sites, capsys: pytest.CaptureFixture[str]
) -> None:
    sites.on(sites.primary, "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
    sites.on(sites.primary, "SELECT pg_reload_conf()")
    sites.begin_standby()
    here = sites.installation()
    until(lambda: standby_state(here).follows)
    callers = [threading.Thread(target=sites.keep_taking, args=(here,), daemon=True) for _one in range(3)]
    for one in callers:
        one.start()
    until(lambda: len(sites.acknowledged) > 15, 40)
    assert standby_state(here).synchronous and standby_state(here).problems() == []
    with pytest.raises(Refusal, match="还在应答"):
        sites.switch(here)
    sites.kill_primary()
    killed, before = time.monotonic(), len(sites.acknowledged)
    outcome = sites.switch(here)
    until(lambda: len(sites.acknowledged) > before, 60)
    took = time.monotonic() - killed
    sites.stop.set()
    for one in callers:
        one.join(10)
    with capsys.disabled():
        print(f"\n  switch-over: taking matters again {took:.1f} s after kill -9, {before} acknowledged before, 0 lost")
    assert took <= 60
    assert sites.absent(here) == [], "acknowledged and lost"
    assert (
        outcome.missing == ()
        and outcome.heads == ()
        and not [one for one in outcome.sentences() if "这里却没有" in one]
    )
    with pytest.raises(Refusal, match="还在应答"):
        sites.switch(here)
    assert standby_state(here).problems() == ["备库没有跟着主库：它不在接收，或者已经自己成为主库。"]


@pytest.mark.slow
def test_with_commits_that_do_not_wait_the_loss_is_named_ticket_by_ticket(sites: Sites) -> None:
    sites.begin_standby()
    here = sites.installation()
    for _one in range(5):
        sites.take(here)
    until(lambda: standby_state(here).follows and standby_state(here).unread == 0)
    sites.on(sites.standby, "ALTER SYSTEM SET primary_conninfo = ''")
    sites.on(sites.standby, "SELECT pg_reload_conf()")
    until(lambda: not standby_state(here).follows)
    for _one in range(4):
        sites.take(here)
    seal_books(here, here.clock.now() + timedelta(minutes=3))
    publish_head(here, here.clock.now())
    until(lambda: len(list(acknowledged.told_of(here.settings))) == 9)
    lost = [number for _id, number in sites.acknowledged[5:]]
    assert any("没有跟着主库" in one for one in health.look(here).problems())
    sites.kill_primary()
    outcome = sites.switch(here)
    assert sites.absent(here) == lost and list(outcome.missing) == lost and outcome.acknowledged == 9
    assert outcome.transactions is not None and 5 <= outcome.transactions <= 8, "four tickets, and the seals"
    assert outcome.octets and outcome.octets > 1000 and outcome.lost
    said = "\n".join(outcome.sentences())
    assert all(number in said for number in lost) and "已公布的链头不在这里" in said
    sites.take(here)
    assert sites.absent(here) == lost, "what comes now stays"


@pytest.mark.slow
def test_a_standby_that_is_away_or_behind_is_red(sites: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    sites.begin_standby()
    here = sites.installation()
    until(lambda: standby_state(here).follows)
    sites.on(sites.standby, "SELECT pg_wal_replay_pause()")
    sites.on(
        sites.primary, "CREATE TABLE much AS SELECT repeat(md5(n::text), 20) AS words FROM generate_series(1, 40000) n"
    )
    until(lambda: standby_state(here).unread > 16 << 20)
    assert "备库落后" in standby_state(here).problems()[0] and "超过了 16 MB" in standby_state(here).problems()[0]
    sites.on(sites.standby, "SELECT pg_wal_replay_resume()")
    until(lambda: standby_state(here).problems() == [])
    sites.standby.stop()
    assert standby_state(here).problems() == ["备库没有应答：主库现在坏了就没有可切换的地方。"]


def standby_state(here: Installation) -> standby_health.StandbyState:
    with here.readings() as db:
        return standby_health.look(db, here.settings, 0)


# --- addresses ---------------------------------------------------------------------------------------------------------


def test_two_addresses_ask_for_the_one_that_writes() -> None:
    told = to_the_writing_one("postgresql://u:p%40w@/hotline?host=one:5432&host=two:5433")
    assert "target_session_attrs=read-write" in told and "connect_timeout=3" in told and "p%40w" in told
    assert to_the_writing_one(told) == told, "said once"
    plain = as_libpq(told)
    assert (
        "host=one%2Ctwo" in plain and "port=5432%2C5433" in plain and plain.startswith("postgresql://u:p%40w@/hotline?")
    )


@pytest.mark.parametrize(
    "url", ["postgresql://u@one/hotline", "postgresql://u@/hotline?host=/run/x", "sqlite:///var/hotline.db"]
)
def test_one_address_stays_as_it_was_told(url: str) -> None:
    assert to_the_writing_one(url) == url and as_libpq(url) == url


def test_a_standby_is_made_into_an_empty_folder_only(tmp_path: Path) -> None:
    (tmp_path / "something").write_text("x")
    with pytest.raises(Refusal, match="不是空的"):
        replica.make("postgresql://x@/x", tmp_path)
    with pytest.raises(Refusal, match="名字"):
        replica.make("postgresql://x@/x", tmp_path / "new", "a; DROP")


def test_without_a_standby_nothing_is_written_down(installation: Installation) -> None:
    assert installation.settings.standby_url == "" and list(acknowledged.told_of(installation.settings)) == []
