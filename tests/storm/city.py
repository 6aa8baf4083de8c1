"""A city on this machine whose every process can be killed, and is started again as its unit file would."""

from __future__ import annotations

import json
import logging
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from hotline.api.tokens import issue
from hotline.city.loader import load_city
from hotline.city.sync import sync
from hotline.clock import Clock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.ops.local_city import processes
from hotline.ops.local_servers import PrivatePostgres, PrivateRedis, find_postgres, free_port, start_with_us, stop
from hotline.outbox import enqueue
from hotline.outbox.transports import NoTransport
from hotline.settings import ROOT, read_settings
from hotline.tickets.search.full_text import create_search
from models import make_engine, make_sessions
from models.store.migrate import upgrade
from tests.support.doubles.gateway_double import GatewayDouble
from tests.support.services import MASTER, LiveServer, kill, make_keys, with_keys

ANYANG = ROOT / "hotline" / "city" / "anyang"
GATEWAY_KEY = "9c41e68a35c3d97bd2f0a7e1"


@dataclass
class City:
    """postgres, redis and the services by name; `log` collects what they say, `kills` what was done to them."""

    token: str
    postgres: PrivatePostgres
    redis: PrivateRedis
    gateway: GatewayDouble
    port: int
    log: Path
    env: dict[str, str]
    services: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def start(self, names: tuple[str, ...] = ()) -> None:
        for name, command in self.commands().items():
            if (not names or name.partition(".")[0] in names) and not self._lives(name):
                with self.log.open("ab") as out:
                    self.services[name] = start_with_us(command, cwd=ROOT, env=self.env, output=out)  # type: ignore[arg-type]

    def commands(self) -> dict[str, list[str]]:
        """Those of `make city`, and a second clock that stands by."""
        told = processes({"HOTLINE_JOB_WORKERS": "2"})
        return {**told, "clock.2": told["clock"]}

    def keep_alive(self) -> None:
        """What fell is started again: the servers first."""
        if self.postgres.process is None or self.postgres.process.poll() is not None:
            self._restart_postgres()
        if self.redis.process is None or self.redis.process.poll() is not None:
            self.redis.start()
        self.start(tuple({name.partition(".")[0] for name in self.services}))

    def kill_one(self, choice: random.Random) -> str:
        """SIGKILL to somebody. A killed Redis has forgotten everything when it comes back."""
        what = choice.choice(("web", "web child", "worker.1", "worker.2", "clock", "clock.2", "redis", "postgres"))
        if what == "postgres":
            what = choice.choice(("postgres", "postgres child"))
        victim = self._victim(what, choice)
        if victim and kill(victim):
            self.kills[what] += 1
        return what

    def stop(self) -> None:
        for process in reversed(self.services.values()):
            stop(process, signal.SIGTERM)

    def installation(self) -> Installation:
        """Our own view of the database, with nobody to hand jobs to."""
        return build_installation(read_settings(self.env), transport=NoTransport())

    def said(self, words: str) -> int:
        return self.log.read_text(errors="replace").count(words)

    def _lives(self, name: str) -> bool:
        return name in self.services and self.services[name].poll() is None

    def _victim(self, what: str, choice: random.Random) -> int | None:
        if what.endswith(" child"):
            parent = self.postgres.process if what.startswith("postgres") else self.services.get("web")
            found = children(parent.pid) if parent and parent.poll() is None else []
            return choice.choice(found) if found else None
        process = {"redis": self.redis.process, "postgres": self.postgres.process}.get(what) or self.services.get(what)
        return process.pid if process and process.poll() is None else None

    def _restart_postgres(self) -> None:
        """The orphans of a killed server leave within a second or two; until then its data is still in use."""
        programs = find_postgres()
        assert programs is not None
        for _try in range(20):
            try:
                self.postgres.run(programs)
                return
            except Exception:  # noqa: BLE001 – it says so itself, in many ways
                time.sleep(0.3)
        self.postgres.run(programs)


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


@contextmanager
def city(quick: bool = True) -> Iterator[City]:
    """The servers are up and the tables filled; `start` the services. quick: in memory, where there is one."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    place = "/dev/shm" if quick and os.access("/dev/shm", os.W_OK) else "/var/tmp"
    with tempfile.TemporaryDirectory(prefix="hotline-storm-", dir=place) as made:
        folder = Path(made)
        folder.chmod(0o755)
        postgres, redis = PrivatePostgres(folder / "postgres", safe=True), PrivateRedis(folder / "redis")
        gateway = GatewayDouble("storm", GATEWAY_KEY)
        line = LiveServer(gateway).start()
        with postgres, redis:
            admin = create_engine(postgres.url(), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("CREATE DATABASE storm"))
            admin.dispose()
            port, url = free_port(), postgres.url("storm")
            token, env = _fill(url, folder / "var"), _environment(url, redis.url(), folder, port, line.url)
            here = City(token, postgres, redis, gateway, port, folder / "log", env)
            try:
                yield here
            finally:
                here.stop()
                line.stop()


def _fill(url: str, var: Path) -> str:
    """Tables, keys, the model city, and a partner's token."""
    engine, now = with_keys(make_engine(url)), Clock().now()
    upgrade(engine, (create_search, make_keys))
    var.mkdir(exist_ok=True)
    write(var / "master_key", [MASTER])
    with make_sessions(engine)() as db:
        sync(db, load_city(ANYANG), now)
        token = issue(db, "storm", "storm", ["tickets.create"], now)
        # The first training is over in a hotline that has been running for a minute: here it is due tomorrow.
        enqueue(db, "learn", key="learn:storm", now=now, at=now + timedelta(days=1))
        db.commit()
    engine.dispose()
    return token


def _environment(url: str, redis: str, folder: Path, port: int, gateway: str) -> dict[str, str]:
    """Production with an SMS gateway that takes every text."""
    return {
        **os.environ,
        "HOTLINE_MODE": "production",
        "HOTLINE_DEMO": "0",
        "HOTLINE_VAR": str(folder / "var"),
        "DATABASE_URL": url,
        "REDIS_URL": redis,
        "SECRET_KEY": "0f2c9b7d41e68a35c3d9b7d41e68a35f",
        "TWILIO_AUTH_TOKEN": "b7d41e68a35c3d9b7f2c90d1",
        "HOTLINE_PORT": str(port),
        "HOTLINE_THREADS": "40",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SMS_GATEWAY_URL": gateway,
        "SMS_GATEWAY_ACCOUNT": "storm",
        "SMS_GATEWAY_KEY": GATEWAY_KEY,
        "SMS_GATEWAY_TEMPLATES": ";".join(f"{key}={key}" for key in load_city(ANYANG).texts),
        "PYTHONUNBUFFERED": "1",
    }


class Callers(threading.Thread):
    """Posts matters without a pause, each until it is acknowledged, as a partner's machine does."""

    def __init__(self, here: City, first: int):
        super().__init__(daemon=True)
        self.here, self.next = here, first
        self.acknowledged: dict[str, str] = {}
        self.answers: Counter[int] = Counter()
        self.longest = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        import requests

        line = requests.Session()
        while not self.stopped.is_set():
            self._hand_in(line, f"S{self.next:08d}", f"139{self.next:08d}")
            self.next += 1

    def _hand_in(self, line: Any, outer: str, phone: str) -> None:
        began = time.monotonic()
        body = {"body": f"第 {outer} 号路灯不亮，请派人修理", "phone": phone, "outer_number": outer, "channel": "web"}
        while not self.stopped.is_set():
            number = self._once(line, body)
            if number:
                self.acknowledged[outer] = number
                self.longest = max(self.longest, time.monotonic() - began)
                return
            time.sleep(0.1)

    def _once(self, line: Any, body: dict[str, str]) -> str:
        import requests

        try:
            answer = line.post(
                f"http://127.0.0.1:{self.here.port}/api/v1/tickets",
                data=json.dumps(body, ensure_ascii=False).encode(),
                headers={"Authorization": f"Bearer {self.here.token}", "Content-Type": "application/json"},
                timeout=10,
            )
        except requests.RequestException:
            self.answers[0] += 1
            return ""
        self.answers[answer.status_code] += 1
        return str(answer.json()["number"]) if answer.status_code in (200, 201) else ""
