"""Cities of a province on this machine, each with its own processes and database: contacts on all, one of them killed and started again.

    python -m tests.bench cells [cities] [seconds] [contacts a second in all]

Counts what was acknowledged against what stands in each database, what was handed over against what arrived, and the province's rows
against both; says when the death was noticed, and how soon after its return the province had everything.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
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
from tests.support.services import MASTER, make_keys, with_keys

ANYANG = ROOT / "hotline" / "city" / "anyang"
HAND_OVER_EVERY = 20
"""Of so many contacts one belongs to the next city."""

DOWN = 75.0
"""Seconds that the killed city stays away: long enough to be noticed."""

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

    def kill(self) -> None:
        """All at once, as when a machine loses its power."""
        assert self.process is not None
        for pid in (*children(self.process.pid), self.process.pid):
            os.kill(pid, signal.SIGKILL)
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
        end = time.monotonic() + PATIENCE
        while not all(one.answers() for one in (self.province, *self.cities.values())):
            if time.monotonic() > end:
                raise TimeoutError("not every city has started")
            time.sleep(0.5)

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


@dataclass
class Outcome:
    """What was left when all was done. Times in seconds; others: the longest that the province heard nothing of a living city."""

    contacts: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    handed: int = 0
    handed_lost: list[str] = field(default_factory=list)
    handed_doubled: list[str] = field(default_factory=list)
    noticed: float = 0.0
    others: float = 0.0
    back: float = 0.0
    complete: float = 0.0
    settled: float = 0.0
    unequal: dict[str, tuple[int, int]] = field(default_factory=dict)
    megabytes: float = 0.0
    cpu: float = 0.0
    bytes_each: float = 0.0

    @property
    def well(self) -> bool:
        return not (self.lost or self.doubled or self.handed_lost or self.handed_doubled or self.unequal)

    def lines(self) -> list[str]:
        return [
            f"contacts acknowledged: {self.contacts} in {self.seconds:.0f} s ({self.contacts / self.seconds:.1f}/s), "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}",
            f"handed to another city: {self.handed}, lost {len(self.handed_lost)}, doubled {len(self.handed_doubled)}",
            f"death noticed after {self.noticed:.0f} s; of the others something was heard at least every {self.others:.0f} s",
            f"answers again {self.back:.0f} s after its start; the province had everything from before the death "
            f"{self.complete:.0f} s after that",
            f"all equal {self.settled:.0f} s after the last contact; unequal: {self.unequal or 'none'}",
            f"memory {self.megabytes:.0f} MB in all (PSS), CPU {self.cpu:.0f} s "
            f"({1000 * self.cpu / max(self.contacts, 1):.0f} ms a contact), {self.bytes_each:.0f} bytes a ticket on the disk",
        ]


def run(cities: int = 6, seconds: float = 120.0, rate: float = 10.0) -> Outcome:
    """Contacts on all cities for so long; a third in, one is killed."""
    with nation(cities) as here:
        found = storm(here, seconds, rate)
    print("\n".join(found.lines()), flush=True)
    return found


def storm(here: Nation, seconds: float, rate: float, down: float = DOWN) -> Outcome:
    """Contacts for so long; a third in, the first city is killed and stays away for `down` seconds."""
    found, began = Outcome(), time.monotonic()
    names = list(here.cities)
    crowd = [
        Callers(here.cities[name], here.token, rate / len(names), f"cell-{names[(n + 1) % len(names)]}")
        for n, name in enumerate(names)
    ]
    for one in crowd:
        one.start()
    time.sleep(seconds / 3)
    _kill_and_bring_back(here, here.cities[names[0]], found, down)
    time.sleep(max(0.0, began + seconds - time.monotonic()))
    for one in crowd:
        one.stopped.set()
    for one in crowd:
        one.join(PATIENCE)
    found.seconds, found.contacts = time.monotonic() - began, sum(len(one.acknowledged) for one in crowd)
    _wait_until_equal(here, found)
    _count(here, crowd, found)
    return found


def _kill_and_bring_back(here: Nation, victim: Place, found: Outcome, down: float) -> None:
    victim.kill()
    died = time.monotonic()
    while time.monotonic() - died < down:
        ages = here.ages()
        silent = ages.pop(victim.name) > registry.SILENT.total_seconds()
        found.noticed = found.noticed or (time.monotonic() - died if silent else 0.0)
        found.others = max(found.others, *ages.values())
        time.sleep(1)
    before = victim.taken()
    victim.start()
    started = time.monotonic()
    while not victim.answers():
        time.sleep(0.2)
    found.back, back = time.monotonic() - started, time.monotonic()
    while here.told().get(victim.name, 0) < before or here.ages()[victim.name] > registry.SILENT.total_seconds():
        if time.monotonic() - back > PATIENCE:
            break
        time.sleep(0.5)
    found.complete = time.monotonic() - back


def _wait_until_equal(here: Nation, found: Outcome) -> None:
    """What was handed over has arrived, and the province's rows say what each database says."""
    began = time.monotonic()
    waiting = "SELECT count(*) FROM delivery WHERE state IN ('waiting', 'failed')"
    publishing = "SELECT count(*) FROM job WHERE name = 'publish' AND done_at IS NULL"
    while time.monotonic() - began < PATIENCE:
        told = here.told()
        found.unequal = {
            name: (one.taken(), told.get(name, 0))
            for name, one in here.cities.items()
            if one.taken() != told.get(name, 0) or one.ask(waiting) != [(0,)] or one.ask(publishing) != [(0,)]
        }
        if not found.unequal:
            break
        time.sleep(1)
    found.settled = time.monotonic() - began


def _count(here: Nation, crowd: list[Callers], found: Outcome) -> None:
    for one in crowd:
        rows = Counter(
            str(outer) for (outer,) in one.place.ask("SELECT outer_number FROM ticket WHERE outer_source = 'nation'")
        )
        found.lost += [outer for outer in one.acknowledged if not rows[outer]]
        found.doubled += [outer for outer, many in rows.items() if many > 1]
        there = here.cities[one.other.removeprefix("cell-")]
        arrived = Counter(
            str(outer)
            for (outer,) in there.ask(f"SELECT outer_number FROM ticket WHERE outer_source = 'cell-{one.place.name}'")
        )
        left = [str(number) for (number,) in one.place.ask("SELECT number FROM ticket WHERE state = 'transferred'")]
        found.handed += len(left)
        found.handed_lost += [number for number in left if not arrived[number]]
        found.handed_doubled += [outer for outer, many in arrived.items() if many > 1 or outer not in left]
    places = (here.province, *here.cities.values())
    pids = [pid for one in places if one.process for pid in (one.process.pid, *children(one.process.pid))]
    found.megabytes, found.cpu = sum(map(_memory, pids)), sum(map(_cpu, pids))
    grown = sum(one.size() - one.empty for one in here.cities.values())
    found.bytes_each = grown / max(sum(one.taken() for one in here.cities.values()), 1)


class Callers(threading.Thread):
    """Hands matters in at a steady rate, each until it is acknowledged, and some of them on to the next city."""

    def __init__(self, place: Place, token: str, rate: float, other: str):
        super().__init__(daemon=True)
        self.place, self.token, self.rate, self.other = place, token, rate, other
        self.acknowledged: dict[str, str] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        line, began, n = requests.Session(), time.monotonic(), 0
        line.headers["Authorization"] = f"Bearer {self.token}"
        while not self.stopped.wait(max(0.0, began + n / self.rate - time.monotonic())):
            self._hand_in(line, f"{self.place.name}-{n:07d}", n)
            n += 1

    def _hand_in(self, line: requests.Session, outer: str, n: int) -> None:
        body = {
            "body": f"第 {outer} 号路灯不亮，请派人修理",
            "phone": f"139{n:08d}",
            "outer_number": outer,
            "channel": "web",
        }
        number = self._until_told(line, f"{self.place.url}/api/v1/tickets", body)
        if number:
            self.acknowledged[outer] = number
            if n % HAND_OVER_EVERY == 0:
                told = {"body": self.other, "note": "属于贵市。"}
                self._until_told(line, f"{self.place.url}/api/v1/tickets/{number}/actions/transfer_out", told)

    def _until_told(self, line: requests.Session, url: str, body: dict[str, str]) -> str:
        """The number; "" for what was refused, or when nobody answers until we stop."""
        while True:
            try:
                answer = line.post(url, json=body, timeout=15)
                if answer.status_code < 500:
                    return str(answer.json().get("number", "")) if answer.ok else ""
            except (requests.RequestException, ValueError):
                pass
            if self.stopped.wait(0.3):
                return ""


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


def _memory(pid: int) -> float:
    """Megabytes: what is shared counts once."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:")) / 1024


def _cpu(pid: int) -> float:
    """Seconds of user and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
