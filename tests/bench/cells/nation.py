"""Cities of a province on this machine, each with its own processes and database."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from hotline.api.tokens import issue
from hotline.city.loader import load_city
from hotline.city.sync import sync
from hotline.clock import Clock
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.ops.local_servers import free_port, start_with_us, stop
from hotline.outbox import enqueue
from hotline.outbox.transports import NoTransport
from hotline.province import registry
from hotline.settings import ROOT, read_settings
from hotline.tickets.search.full_text import create_search
from models import make_engine, make_sessions
from models.store.migrate import upgrade
from tests.support.services import MASTER, kill, make_keys, with_keys

ANYANG = ROOT / "hotline" / "city" / "anyang"

PATIENCE = 240.0


@dataclass
class Place:
    """One hotline: its folder, its port, what it is told, and its processes while they live."""

    name: str
    var: Path
    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    empty: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "hotline", "serve"]
        self.process = start_with_us(command, cwd=ROOT, env=self.env, log=self.var / "log")

    def wait_until_it_answers(self) -> None:
        """Started again when it ended by itself, as its unit file does; raises TimeoutError with the end of its log."""
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > end:
                raise TimeoutError((self.var / "log").read_text(errors="replace")[-3000:])
            if self.process is None or self.process.poll() is not None:
                self.start()
            time.sleep(0.2)

    def kill(self) -> None:
        """All at once, as when a machine loses its power."""
        assert self.process is not None
        kill(*children(self.process.pid), self.process.pid)
        self.process.wait()

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).ok
        except requests.RequestException:
            return False

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """Straight from its database, whether or not it lives."""
        with closing(sqlite3.connect(f"file:{self.var / 'hotline.db'}?mode=ro", uri=True, timeout=30)) as db:
            return db.execute(statement).fetchall()

    def size(self) -> int:
        """Bytes of its database, without free pages."""
        return int(
            str(
                self.ask(
                    "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
                )[0][0]
            )
        )

    def taken(self) -> int:
        return int(str(self.ask("SELECT count(*) FROM ticket WHERE state NOT IN ('draft', 'void')")[0][0]))


@dataclass
class Nation:
    """The province and its cities on one machine."""

    province: Place
    cities: dict[str, Place]
    token: str

    def wait_until_all_answer(self) -> None:
        for one in (self.province, *self.cities.values()):
            one.wait_until_it_answers()

    def told(self) -> dict[str, int]:
        """How many matters of each city the province knows of."""
        found: Counter[str] = Counter()
        for cell, figures in self.province.ask("SELECT cell, figures FROM cell_day"):
            found[str(cell)] += int(json.loads(str(figures)).get("taken", [0])[0])
        return dict(found)

    def ages(self) -> dict[str, float]:
        """Seconds since the province heard of each city."""
        now = datetime.now(UTC).replace(tzinfo=None)
        rows = self.province.ask("SELECT name, coalesce(heard_at, registered_at) FROM cell")
        return {str(name): (now - datetime.fromisoformat(str(at))).total_seconds() for name, at in rows}


@contextmanager
def nation(cities: int) -> Iterator[Nation]:
    """All are started and answer. In memory, where there is room."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="hotline-nation-", dir=place) as made:
        folder = Path(made)
        token = _template(folder / "template")
        province = _place("province", folder)
        names = [f"city{n:02d}" for n in range(cities)]
        here = Nation(province, _register(folder, province, names), token)
        try:
            for one in (province, *here.cities.values()):
                one.start()
            here.wait_until_all_answer()
            _wait_for_neighbours(here)
            yield here
        finally:
            for one in (*here.cities.values(), province):
                if one.process is not None and one.process.poll() is None:
                    stop(one.process, signal.SIGTERM)


def _wait_for_neighbours(here: Nation) -> None:
    """Each city knows the next one, so that it can hand matters on."""
    end = time.monotonic() + PATIENCE
    while any(one.ask("SELECT count(*) FROM neighbour") == [(0,)] for one in here.cities.values()):
        if len(here.cities) < 2 or time.monotonic() > end:
            return
        time.sleep(0.5)
    time.sleep(3)  # until every process has looked


def _template(var: Path) -> str:
    """A city's folder with tables, keys, the model city and a machine's token; no first training, as after its first day."""
    var.mkdir()
    write(var / "master_key", [MASTER])
    engine, now = with_keys(make_engine(f"sqlite:///{var / 'hotline.db'}")), Clock().now()
    upgrade(engine, (create_search, make_keys))
    with make_sessions(engine)() as db:
        sync(db, load_city(ANYANG), now)
        token = issue(db, "nation", "nation", ["tickets.create", "tickets.act.transfer_out"], now)
        enqueue(db, "learn", key="learn:nation", now=now, at=now + timedelta(days=1))
        db.commit()
    engine.dispose()
    with closing(sqlite3.connect(var / "hotline.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return token


def _register(folder: Path, province: Place, names: list[str]) -> dict[str, Place]:
    installation, found = build_installation(read_settings(province.env), transport=NoTransport()), {}
    for name in names:
        one = _place(name, folder)
        with installation.sessions() as db:
            key = registry.register(db, name, name, name, one.url, Clock().now(), private=True)
            db.commit()
        one.env |= {"HOTLINE_PROVINCE": f"{province.url} name={name} private=1", "HOTLINE_PROVINCE_KEY": key}
        found[name] = one
    installation.engine.dispose()
    return found


def _place(name: str, folder: Path) -> Place:
    var, port = folder / name, free_port()
    shutil.copytree(folder / "template", var)
    told = {
        "HOTLINE_MODE": "development",
        "HOTLINE_DEMO": "0",
        "HOTLINE_VAR": str(var),
        "HOTLINE_PORT": str(port),
        "HOTLINE_THREADS": "12",
        "PYTHONUNBUFFERED": "1",
    }
    kept = {one: value for one, value in os.environ.items() if not one.startswith("HOTLINE_")}
    made = Place(name, var, port, {**kept, **told})
    made.empty = made.size()
    return made


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]
