"""Real workers on a real Redis: emptied in the middle, killed in the middle, every job is done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.jobs.build import build_installation
from hotline.jobs.schedule import hand_over_due_jobs
from hotline.keys.master_key import write
from hotline.ops.local_servers import PrivateRedis
from hotline.outbox.transports import QUEUE, RqTransport
from hotline.settings import ROOT, Settings
from hotline.tickets.roles import SYSTEM
from models import Job, Message, Proposal, Ticket
from tests.support.services import MASTER

TICKETS = 60


@pytest.fixture
def settings(postgres_engine: Engine, redis_url: str, tmp_path: Path) -> Settings:
    write(tmp_path / "master_key", [MASTER])
    return Settings(
        mode="production",
        demo=False,
        database_url=postgres_engine.url.render_as_string(hide_password=False),
        redis_url=redis_url,
        secret_key="0f2c9b7d41e68a35c3d9b7d41e68a35f",
        public_url="http://127.0.0.1:8000",
        var=tmp_path,
        twilio_auth_token="b7d41e68a35c3d9b7f2c90d1",
    )


@pytest.fixture
def city_house(settings: Settings, city: City) -> Installation:
    return build_installation(settings, city=city)


@pytest.fixture
def start_worker(settings: Settings, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    told = {
        **os.environ,
        "HOTLINE_MODE": "production",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SECRET_KEY": settings.secret_key,
        "PUBLIC_URL": settings.public_url,
        "HOTLINE_VAR": str(tmp_path),
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "HOTLINE_DEMO": "0",
    }

    def start(url: str = settings.redis_url) -> subprocess.Popen[bytes]:
        with (tmp_path / "log").open("ab") as out:
            running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "hotline", "worker"],
                    cwd=ROOT,
                    env={**told, "REDIS_URL": url},
                    stdout=out,
                    stderr=out,
                )
            )
        return running[-1]

    yield start
    for worker in running:
        worker.kill()
        worker.wait()


def make_tickets(installation: Installation, first: int, last: int) -> None:
    for i in range(first, last):
        with installation.sessions() as db:
            open_ticket(
                db,
                installation.city,
                Contact(body=f"第 {i} 盏路灯不亮", phone=f"1380000{i:04d}"),
                SYSTEM,
                installation.clock.now(),
            )
            db.commit()


def open_jobs(installation: Installation) -> int:
    with installation.readings() as db:
        return db.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_(None))) or 0


def wait_until_kept(installation: Installation, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while open_jobs(installation):
        assert time.monotonic() < end, f"{open_jobs(installation)} jobs still open"
        hand_over_due_jobs(installation, installation.clock.now())
        time.sleep(5)


def each_was_kept_once(db: Session, tickets: int) -> None:
    assert db.scalars(select(Job.attempts).distinct()).all() == [1]
    assert db.scalar(select(func.count()).select_from(Proposal)) == tickets
    accepted = select(Message.phone, func.count()).where(Message.template_key == "accepted").group_by(Message.phone)
    assert [n for _phone, n in db.execute(accepted)] == [1] * tickets
    texts = (
        select(Message.phone, Message.template_key, func.count())
        .where(Message.channel == "sms")
        .group_by(Message.phone, Message.template_key)
    )
    assert {n for _phone, _key, n in db.execute(texts)} == {1}
    assert db.scalars(select(Message.state).where(Message.channel == "sms").distinct()).all() == ["sent"]


@pytest.mark.slow
def test_a_redis_that_forgets_everything_loses_nothing(
    city_house: Installation, redis_url: str, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    make_tickets(city_house, 0, TICKETS // 2)
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        start_worker()
        start_worker()
        make_tickets(city_house, TICKETS // 2, TICKETS)
        connection.flushall()
    wait_until_kept(city_house)
    with city_house.readings() as db:
        each_was_kept_once(db, TICKETS)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_for_the_next(
    city_house: Installation, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    make_tickets(city_house, 0, 3)
    with city_house.sessions() as holding:
        holding.execute(select(Ticket.id).with_for_update())
        worker = start_worker()
        _until_somebody_waits_for_a_lock(city_house)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        holding.rollback()
    assert open_jobs(city_house) > 0
    start_worker()
    wait_until_kept(city_house)
    with city_house.readings() as db:
        each_was_kept_once(db, 3)


@pytest.mark.slow
def test_a_worker_outlives_its_redis_and_says_so_in_single_lines(
    city_house: Installation, tmp_path: Path, start_worker: Callable[[str], subprocess.Popen[bytes]]
) -> None:
    """Each fall of Redis ended a worker, with a hundred lines of traceback, and its jobs waited for another start."""
    falls = PrivateRedis(tmp_path / "falls")
    worker = start_worker(falls.url())  # it works from the table until there is one
    for ticket in range(3):
        make_tickets(city_house, ticket, ticket + 1)
        wait_until_kept(city_house)
        with falls:
            _until_somebody_listens(falls)
            RqTransport(falls.url()).notify([1, 2, 3])
            time.sleep(1)
            assert falls.process
            falls.process.kill()
            falls.process.wait()
    assert worker.poll() is None
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_jobs_are_made_while_redis_is_away(settings: Settings, city: City) -> None:
    away = build_installation(Settings(**{**settings.__dict__, "redis_url": "redis://127.0.0.1:1/0"}), city=city)
    make_tickets(away, 0, 2)
    assert open_jobs(away) >= 4


def test_a_busy_second_is_one_call_and_its_numbers_wait_together(city_house: Installation, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        for first in (1, 11):
            city_house.transport.notify(list(range(first, first + 10)))
        assert Queue(QUEUE, connection=connection, serializer=JSONSerializer).count == 1
    assert city_house.transport.take(15) == list(range(1, 16))
    assert city_house.transport.take(15) == list(range(16, 21))
    assert city_house.transport.take(15) == []


def _until_somebody_listens(server: PrivateRedis, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    with redis.Redis.from_url(server.url()) as connection:
        while not any(client["cmd"] == "blmove" for client in connection.client_list()):
            assert time.monotonic() < end, "the worker never came to the queue"
            time.sleep(0.1)


def _until_somebody_waits_for_a_lock(installation: Installation, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    while time.monotonic() < end:
        with installation.readings() as db:
            if db.scalar(waiting):
                return
        time.sleep(0.1)
    pytest.fail("the worker never came to the locked ticket")
