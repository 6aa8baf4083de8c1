"""Contacts from the first word to the text that is sent: taken in, classified, routed and texted by all processes of a city."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from sqlalchemy import Engine, func, select

from hotline.ops.local_servers import start_with_us, stop
from hotline.settings import ROOT
from models import Job, Message, Proposal
from models.job import undone
from models.store.db import make_sessions
from tests.bench.ground import Client, Ground, children, ground, pss_kb, served

BODIES = (
    "文峰大道与东工路交叉口的路灯已经三天不亮，晚上行人过马路很危险，请尽快安排人员维修，并把结果告诉我们。",
    "我在北关区一处工地干了四个月，老板拖欠工资一万二，多次讨要不给，请劳动监察部门帮忙处理。",
    "殷都区某小区电梯经常坏，物业只收费不修，业主反映多次没有人管，希望有关部门管一管。",
    "请问异地医保报销需要什么材料，在哪个窗口办理，周末上班吗？",
    "龙安区村里的自来水又黄又臭，已经一个星期了，老人孩子都不敢喝，麻烦尽快查一下。",
)
STORM = 1500
WARM = 100
"""Handed in first, so that every process has loaded what it needs."""
WORKERS, CLIENTS = 2, 8
LONGEST = 300.0
TICKS = os.sysconf("SC_CLK_TCK")


def run(contacts: int = STORM) -> None:
    """Contacts that nobody has classified are handed in as fast as some clients can; it ends when the last text is out."""
    with ground("postgresql") as made, served(made) as server, _workers(made) as (workers, clock, redis):
        engine = made.engine()
        _hand_in(made, server.port, WARM, 0)
        _wait_until_done(engine)
        web = [server.process.pid, *children(server.process.pid)]
        of = {"web": web, "workers": workers, "clock": clock, "redis": redis}

        def spent() -> dict[str, float]:
            return {name: used(pids) for name, pids in of.items()} | {"postgresql": used(backends(made))}

        before, began = spent(), time.monotonic()
        _hand_in(made, server.port, contacts, WARM)
        taken = time.monotonic() - began
        _wait_until_done(engine)
        whole, after = time.monotonic() - began, spent()
        _print(engine, contacts, taken, whole, {name: after[name] - before[name] for name in before})
        _print_memory({name: of[name] for name in ("web", "workers", "clock")})
        engine.dispose()


@contextmanager
def _workers(made: Ground) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """Two workers, the clock, and the Redis of the ground."""
    env = {**made.env, "PUBLIC_URL": "http://127.0.0.1:8000"}
    running = [
        start_with_us([sys.executable, "-m", "hotline", name], cwd=ROOT, env=env, output=subprocess.DEVNULL)
        for name in (*["worker"] * WORKERS, "clock")
    ]
    redis = [int(Redis.from_url(made.env["REDIS_URL"]).info("server")["process_id"])]
    try:
        yield [one.pid for one in running[:WORKERS]], [running[-1].pid], redis
    finally:
        import signal

        for one in running:
            stop(one, signal.SIGTERM)


def _hand_in(made: Ground, port: int, contacts: int, first: int) -> None:
    """By as many clients at once as a lively web page and a few desks are."""
    numbers = iter(range(first, first + contacts))

    def one() -> None:
        client = Client(port)
        for n in numbers:
            told = {"body": BODIES[n % len(BODIES)], "phone": f"13{n:09d}"}
            status, answer = client.post_json("/api/v1/tickets", made.token, told)
            if status != 201:
                raise RuntimeError(answer.decode()[:300])

    with ThreadPoolExecutor(CLIENTS) as crowd:
        for done in [crowd.submit(one) for _ in range(CLIENTS)]:
            done.result()


def _wait_until_done(engine: Engine) -> None:
    """Until no job is left that could be run now, `learn` apart."""
    end = time.monotonic() + LONGEST
    with make_sessions(engine)() as db:
        left = select(func.count()).where(undone(), Job.run_at <= func.now(), Job.name != "learn")
        while db.scalar(left):
            db.rollback()
            if time.monotonic() > end:
                raise RuntimeError("the jobs were not done in time")
            time.sleep(0.2)


def _print(engine: Engine, contacts: int, taken: float, whole: float, used: dict[str, float]) -> None:
    with make_sessions(engine)() as db:
        proposed = db.scalar(select(func.count(Proposal.ticket_id.distinct())))
        texted = db.scalar(select(func.count()).where(Message.direction == "out", Message.state != "queued"))
        jobs = Counter(dict(db.execute(select(Job.name, func.count()).group_by(Job.name)).tuples().all()))
    print(f"{contacts + WARM} contacts, {proposed} proposed, {texted} texts out; jobs: {dict(jobs.most_common())}")
    print(f"taken in {contacts / taken:.0f}/s; from the first word to the last text {contacts / whole:.0f}/s")
    whole_ms = sum(used.values()) / contacts * 1000
    for name, seconds in used.items():
        share = seconds / contacts * 1000
        print(f"  {name:11} {share:5.2f} ms of processor a contact  {share / whole_ms:4.0%}", flush=True)


def _print_memory(of: dict[str, list[int]]) -> None:
    """After the storm; what processes share is counted once (PSS)."""
    held = {name: sum(map(pss_kb, pids)) / 1024 for name, pids in of.items()}
    said = ", ".join(f"{name} {mb:.0f}" for name, mb in held.items())
    print(f"  memory {sum(held.values()):.0f} MiB (PSS): {said}", flush=True)


def used(pids: list[int]) -> float:
    """Seconds of processor that these processes have used; one that has ended counts no more."""
    return sum(_used_by(pid) for pid in pids)


def _used_by(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def backends(made: Ground) -> list[int]:
    """The processes of the private PostgreSQL."""
    first = int((made.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    return [first, *children(first)]
