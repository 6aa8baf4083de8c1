"""After a loss the backlog is taken from the table at full speed, by whoever lives, and each job once."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import redis
from rq import Queue
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs import schedule
from hotline.jobs.leader import Leader
from hotline.jobs.presence import Presence
from hotline.ops import health
from hotline.outbox import runner
from hotline.outbox.runner import drain, run_due, run_jobs
from hotline.outbox.transports import QUEUE, WAKES, RqTransport
from models import DailyTask, Job, Message, Process
from tests.support.doubles.fakes import MemorySender
from tests.support.life import Life
from tests.support.together import at_once
from webhooks.sender import CannotBeAsked, Sent

ORDER: list[int] = []


def note(_installation: Installation, db: Session, job: Job) -> None:
    if job.args.get("bad"):
        raise ValueError("this one cannot be run")
    ORDER.append(job.id)


@pytest.fixture
def noted(installation: Installation) -> Installation:
    ORDER.clear()
    installation.handlers = {**installation.handlers, "note": note}
    return installation


def plant(installation: Installation, many: int, **args: Any) -> None:
    with installation.sessions() as db:
        now = installation.clock.now()
        jobs = [outbox.NewJob("note", f"{args}{n}", args, now) for n in range(many)]
        outbox.enqueue_all(db, jobs, now=now)
        db.commit()


def undone(installation: Installation) -> int:
    with installation.readings() as db:
        return db.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_(None))) or 0


def test_a_backlog_is_run_from_the_table_in_order_and_once(noted: Installation) -> None:
    plant(noted, 55)
    assert run_due(noted, 30) is False
    assert len(ORDER) == 55
    assert sorted(ORDER) == ORDER
    assert undone(noted) == 0


def test_one_bad_job_among_many_stops_no_other_and_is_written_down(noted: Installation) -> None:
    plant(noted, 10)
    plant(noted, 1, bad=True)
    plant(noted, 9, more=True)
    run_due(noted, 30)
    with noted.readings() as db:
        (left,) = db.scalars(select(Job).where(Job.done_at.is_(None))).all()
    assert left.args == {"bad": True}
    assert "cannot be run" in (left.error or "")
    assert left.attempts == 1
    assert len(set(ORDER)) == 19


def numbers(installation: Installation) -> list[int]:
    with installation.readings() as db:
        return list(db.scalars(select(Job.id).order_by(Job.id)))


def test_jobs_of_one_message_are_run_once_each_and_a_bad_one_stops_no_other(noted: Installation) -> None:
    plant(noted, 24)
    plant(noted, 1, bad=True)
    plant(noted, 3, more=True)
    told = numbers(noted)
    at_once(*[lambda: run_jobs(noted, told)] * 3)
    with noted.readings() as db:
        (left,) = db.scalars(select(Job).where(Job.done_at.is_(None))).all()
        assert db.scalars(select(Job.attempts).where(Job.done_at.is_not(None)).distinct()).all() == [1]
    assert left.args == {"bad": True}
    assert set(ORDER) == set(told) - {left.id}


def test_jobs_that_came_together_share_a_transaction_and_one_that_goes_outside_ends_it(
    noted: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: list[Session] = []
    outside: list[int] = []
    noted.handlers = {
        **noted.handlers,
        "note": lambda _i, db, job: (
            sessions.append(db) or ((lambda: outside.append(job.id)) if job.args.get("out") else None)
        ),
    }
    plant(noted, 2)
    plant(noted, 1, out=True)
    plant(noted, 1, last=True)
    run_jobs(noted, told := numbers(noted))
    assert [sessions[0] is one for one in sessions] == [True, True, True, False]
    assert outside == [told[2]]
    assert undone(noted) == 0


def test_several_of_one_kind_are_done_at_once_and_a_bad_one_holds_up_none(noted: Installation) -> None:
    groups: list[int] = []

    def note_all(_installation: Installation, db: Session, jobs: list[Job]) -> None:
        groups.append(len(jobs))
        for job in jobs:
            note(_installation, db, job)

    noted.handlers_of_many = {"note": note_all}
    plant(noted, 12)
    plant(noted, 1, bad=True)
    plant(noted, 3, more=True)
    run_due(noted, 30)
    assert groups == [16]
    with noted.readings() as db:
        (left,) = db.scalars(select(Job).where(Job.done_at.is_(None))).all()
        assert set(db.scalars(select(Job.attempts))) == {1}
    assert left.args == {"bad": True}


def test_what_citizens_just_did_is_run_before_a_backlog(noted: Installation) -> None:
    plant(noted, 60)
    plant(noted, 2, more=True)
    told = numbers(noted)
    fresh = [told[-2:]]
    noted.transport = type("Fresh", (), {"take": lambda _self, most: fresh.pop() if fresh else []})()
    assert run_due(noted, 30) is False
    assert [*told[-2:], *told[:-2]] == ORDER


def test_four_workers_at_once_share_a_backlog_and_run_each_job_once(noted: Installation) -> None:
    plant(noted, 200)
    at_once(*[lambda: run_due(noted, 30)] * 4)
    with noted.readings() as db:
        assert db.scalars(select(Job.attempts).distinct()).all() == [1]
    assert undone(noted) == 0


def test_a_crash_leaves_one_text_in_doubt_and_not_twenty(
    installation: Installation, life: Life, sender: MemorySender
) -> None:
    """Texts of the storm: what needs the outside ends its transaction, so the next is not yet claimed."""

    class Killed(BaseException):
        pass

    def die(*_told: Any, **_more: Any) -> str:
        raise Killed

    for n in range(5):
        life.ticket(phone=f"1380000123{n}")
    life.db.commit()
    sender.send = die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        run_due(installation, 30)
    with installation.readings() as db:
        states = list(db.scalars(select(Message.state).where(Message.channel == "sms")))
    assert states.count("sending") == 1


@pytest.mark.parametrize("asked", [CannotBeAsked(), None], ids=["cannot be asked", "has it"])
def test_after_a_crash_no_text_goes_out_twice(
    installation: Installation, life: Life, sender: MemorySender, clock: StoppedClock, asked: Exception | None
) -> None:
    """Two of 4,127 texts were sent twice: the sender of that run kept nothing and answered "I have none"."""

    def find(to: str, since: Any) -> list[Sent]:
        if asked:
            raise asked
        return MemorySender.find(sender, to, since)

    life.ticket(phone="13800001234")
    life.db.commit()
    drain(installation)
    with installation.sessions() as db:  # as if the worker had died between the sending and its note
        message = db.scalars(select(Message).where(Message.channel == "sms")).one()
        message.state, message.claimed_at, message.provider_id = "sending", clock.now(), None
        db.commit()
    sender.find = find  # type: ignore[method-assign]
    clock.forward(minutes=2)
    schedule.settle_messages(installation, clock.now())
    drain(installation)
    assert len(sender.texts_to("13800001234")) == 1
    with installation.readings() as db:
        told = db.scalars(select(Message).where(Message.channel == "sms")).one()
    assert (told.state, bool(told.error)) == (("failed", True) if asked else ("sent", False))


def test_a_database_that_falls_is_no_failure_of_the_jobs_it_held(noted: Installation) -> None:
    """After some falls of PostgreSQL jobs waited for minutes, as if each of them had failed by itself."""
    plant(noted, 3)

    def fallen(_installation: Installation, _db: Session, _job: Job) -> None:
        raise OperationalError("SELECT 1", {}, psycopg.OperationalError("server closed the connection unexpectedly"))

    noted.handlers = {**noted.handlers, "note": fallen}
    with pytest.raises(OperationalError):
        run_due(noted, 5)
    with noted.readings() as db:
        left = [(job.attempts, job.error) for job in db.scalars(select(Job).where(Job.name == "note"))]
    assert left == [(0, None)] * 3
    noted.handlers = {**noted.handlers, "note": note}
    assert run_due(noted, 5) is False
    assert undone(noted) == 0


def test_of_two_clocks_one_acts_until_it_dies(installation: Installation) -> None:
    first, second = Leader(installation.engine), Leader(installation.engine)
    assert first.is_ours()
    assert first.is_ours()
    assert not second.is_ours()
    first.give_up()
    assert second.is_ours()
    assert not first.is_ours()
    second.give_up()


def test_a_clock_whose_connection_was_cut_is_the_clock_no_longer(postgres_engine: Engine) -> None:
    first, second = Leader(postgres_engine), Leader(postgres_engine)
    assert first.is_ours()
    with postgres_engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            )
        )
    assert not first.is_ours()
    assert second.is_ours()
    second.give_up()


def test_a_daily_task_is_done_once_a_day_however_many_clocks_tick(
    installation: Installation, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when nobody ticked in the first minute of the day."""
    done: list[str] = []

    def tidy(_installation: Installation, _now: Any) -> None:
        done.append("tidy")

    monkeypatch.setattr(schedule, "tidy", tidy)
    schedule.do_daily_tasks(installation, clock.now())
    assert done == []  # a new installation begins with tomorrow
    clock.forward(hours=26)
    schedule.do_daily_tasks(installation, clock.now())
    schedule.do_daily_tasks(installation, clock.now())
    assert done == ["tidy"]
    clock.forward(days=1)
    schedule.do_daily_tasks(installation, clock.now())
    assert done == ["tidy", "tidy"]


def test_a_daily_task_that_failed_is_tried_again(
    installation: Installation, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    def tidy(_installation: Installation, _now: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("no room")

    monkeypatch.setattr(schedule, "tidy", tidy)
    schedule.do_daily_tasks(installation, clock.now())
    clock.forward(days=1)
    for _minute in range(3):
        schedule.do_daily_tasks(installation, clock.now())
    assert len(tries) == 2
    with installation.readings() as db:
        assert db.get_one(DailyTask, "tidy").done_on == installation.city.calendar.start_of_day(clock.now()).date()


def test_a_worker_that_hangs_is_seen_within_two_minutes(installation: Installation, clock: StoppedClock) -> None:
    presence = Presence(installation, "worker")
    presence.has(17)
    presence.sign()
    assert health.look(installation).workers == 1
    assert health.look(installation).stuck == ()
    clock.forward(seconds=121)
    presence.sign()
    found = health.look(installation)
    assert found.stuck == (17,)
    assert any("17" in problem for problem in found.problems())


def test_a_city_without_workers_or_clock_is_told_so(installation: Installation, clock: StoppedClock) -> None:
    apart = Installation(**{**installation.__dict__, "settings": _with_redis(installation)})
    assert len(health.look(apart).problems()) >= 2
    for kind in ("worker", "clock"):
        Presence(apart, kind).sign()
    assert [one for one in health.look(apart).problems() if "hotline worker" in one or "hotline clock" in one] == []
    clock.forward(seconds=61)
    assert (health.look(apart).workers, health.look(apart).clocks) == (0, 0)


def test_who_leaves_in_order_is_not_missed(installation: Installation) -> None:
    with Presence(installation, "worker") as presence:
        presence.sign()
    with installation.readings() as db:
        assert db.scalars(select(Process.name)).all() == []


def _with_redis(installation: Installation) -> Any:
    from dataclasses import replace

    return replace(installation.settings, redis_url="redis://:secret@127.0.0.1:1/0")


def test_wakes_do_not_pile_up(redis_url: str) -> None:
    carrier = RqTransport(redis_url)
    for _time in range(5):
        carrier.wake()
    with redis.Redis.from_url(redis_url) as connection:
        assert Queue(QUEUE, connection=connection).count == WAKES


def test_jobs_wait_no_longer_than_the_next_look_when_redis_forgot_them(installation: Installation) -> None:
    woken: list[str] = []

    class Watching:
        def notify(self, job_ids: list[int]) -> None: ...

        def wake(self) -> None:
            woken.append("wake")

    installation.transport = Watching()
    now = installation.clock.now()
    schedule.hand_over_due_jobs(installation, now)
    assert woken == []
    with installation.sessions() as db:
        outbox.enqueue(db, "note", key="later", now=now, at=now + timedelta(minutes=1))
        db.commit()
    schedule.hand_over_due_jobs(installation, now)
    assert woken == []
    schedule.hand_over_due_jobs(installation, now + timedelta(minutes=1))
    assert woken == ["wake"]


def test_who_waits_to_write_comes_between_two_long_jobs(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite one writes at a time: a worker with hours of work keeps nobody out for longer than a job takes."""
    monkeypatch.setattr(runner, "LONGEST", 0.1)
    installation.handlers = {**installation.handlers, "note": lambda _i, _db, _job: time.sleep(0.3)}
    plant(installation, 10)
    worker = threading.Thread(target=run_due, args=(installation, 60))
    worker.start()
    time.sleep(0.1)
    with installation.sessions() as db:
        plant_more = [outbox.NewJob("note", "urgent", {}, installation.clock.now() + timedelta(days=1))]
        outbox.enqueue_all(db, plant_more, now=installation.clock.now())
        db.commit()
    left = undone(installation) - 1
    worker.join()
    assert left >= 5
