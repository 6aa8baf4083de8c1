"""Whoever can write to Redis runs nothing but our one function with whole numbers (V9)."""

from __future__ import annotations

import json
import os
import pickle
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from rq import Queue
from rq.serializers import JSONSerializer

from hotline.jobs import worker
from hotline.outbox.transports import FRESH, QUEUE, RUN_JOBS, RqTransport


class Bomb:
    """Runs a command in whoever unpickles it."""

    def __init__(self, command: str):
        self.command = command

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the one function was called with."""
    called: list[tuple[Any, ...]] = []
    monkeypatch.setattr(worker, "run_jobs", lambda *numbers: called.append(numbers))
    return called


def burst(redis_url: str) -> None:
    worker.worker_on(redis_url).work(burst=True, logging_level="ERROR")


def message(where: str | redis.Redis, data: bytes, **more: str) -> None:
    """A message written by hand, as somebody would who has found an open Redis."""
    connection = redis.Redis.from_url(where) if isinstance(where, str) else where
    job = Queue(QUEUE, connection=connection, serializer=JSONSerializer).enqueue(RUN_JOBS, 1, result_ttl=60)
    connection.hset(job.key, mapping={"data": data, **more})


def test_our_own_messages_are_run(redis_url: str, ran: list[Any]) -> None:
    carrier = RqTransport(redis_url)
    carrier.notify(list(range(1, 12)))
    burst(redis_url)
    assert ran == [()]
    assert carrier.take(20) == list(range(1, 12))


def test_a_message_of_a_former_release_names_its_jobs_itself(redis_url: str, ran: list[Any]) -> None:
    message(redis_url, json.dumps([RUN_JOBS, None, [7, 8], {}]).encode())
    burst(redis_url)
    assert ran == [(7, 8)]


def test_what_is_written_beside_the_numbers_is_left_out(redis_url: str) -> None:
    words = ["3", "os.system", "-4", "0", "²", str(10**30), "1.5", "", "[5]", pickle.dumps(Bomb("true")), "9"]
    with redis.Redis.from_url(redis_url) as connection:
        connection.delete(FRESH)
        connection.rpush(FRESH, *words)
    assert RqTransport(redis_url).take(50) == [3, 9]


@pytest.mark.parametrize(
    ("name", "instance", "args", "kwargs"),
    [
        ("os.system", None, ["touch {mark}"], {}),
        ("posix.system", None, ["touch {mark}"], {}),
        ("subprocess.getoutput", None, ["touch {mark}"], {}),
        ("hotline.jobs.worker.installation", None, [], {}),
        ("hotline.jobs.worker.run_jobs.__globals__", None, [1], {}),
        (RUN_JOBS, None, ["1; touch {mark}"], {}),
        (RUN_JOBS, None, [True], {}),
        (RUN_JOBS, None, [1.5], {}),
        (RUN_JOBS, None, [-1], {}),
        (RUN_JOBS, None, [10**30], {}),
        (RUN_JOBS, None, [[1]], {}),
        (RUN_JOBS, None, [1], {"x": 1}),
        (RUN_JOBS, "os", [1], {}),
        (RUN_JOBS, None, 5, {}),
    ],
)
def test_a_message_that_asks_for_anything_else_runs_nothing(
    redis_url: str,
    ran: list[Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    name: str,
    instance: Any,
    args: Any,
    kwargs: Any,
) -> None:
    mark = tmp_path / "broken-in"
    said = json.dumps([name, instance, args, kwargs]).replace("{mark}", str(mark))
    message(redis_url, said.encode())
    burst(redis_url)
    assert ran == [] and not mark.exists()
    assert any("refused" in one.message for one in caplog.records)


def test_a_pickled_message_is_not_even_unpacked(redis_url: str, ran: list[Any], tmp_path: Path) -> None:
    mark = tmp_path / "broken-in"
    message(
        redis_url, pickle.dumps(("x", Bomb(f"touch {mark}"), (), {})), meta=pickle.dumps(Bomb(f"touch {mark}")).hex()
    )
    with redis.Redis.from_url(redis_url) as connection:
        key = next(iter(connection.scan_iter("rq:job:*")))
        connection.hset(
            key, mapping={"meta": pickle.dumps(Bomb(f"touch {mark}")), "result": pickle.dumps(Bomb(f"touch {mark}"))}
        )
    burst(redis_url)
    assert ran == [] and not mark.exists()


@pytest.mark.parametrize("good", [True, False])
def test_nobody_is_called_back(
    redis_url: str, ran: list[Any], tmp_path: Path, good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Any] = []
    monkeypatch.setattr(os, "getlogin", lambda *given: called.append(given))
    callbacks = {f"{kind}_callback_name": "os.getlogin" for kind in ("success", "failure", "stopped")}
    hooks = {"webhooks": json.dumps([{"url": "http://127.0.0.1:9/x", "events": ["finished", "failed"]}])}
    message(redis_url, json.dumps([RUN_JOBS if good else "os.getlogin", None, [7], {}]).encode(), **callbacks, **hooks)
    burst(redis_url)
    assert called == [] and ran == ([(7,)] if good else [])


@pytest.mark.parametrize(
    "wrong",
    [{"created_at": "x"}, {"timeout": "soon"}, {"result_ttl": "x"}, {"status": "odd"}, {"ended_at": "9999-99-99"}, {"data": b"["}],
    ids=str,
)  # fmt: skip
def test_a_message_that_cannot_be_read_stops_no_worker(redis_url: str, ran: list[Any], wrong: dict[str, Any]) -> None:
    """V9: the next one is run by the same worker; what would fill the memory once unpacked is never unpacked."""
    data = zlib.compress(b"[" * (8 << 20)) if "data" in wrong else json.dumps([RUN_JOBS, None, [3], {}]).encode()
    message(redis_url, data, **{name: value for name, value in wrong.items() if name != "data"})
    message(redis_url, json.dumps([RUN_JOBS, None, [7], {}]).encode())
    burst(redis_url)
    assert ran == [(7,)]


def _rubbish(connection: Any, kind: str) -> None:
    """Somebody else's writing where RQ keeps its own."""
    queue, work = f"rq:queue:{QUEUE}", json.dumps([RUN_JOBS, None, [2], {}]).encode()
    match kind:
        case "a name that is no text":
            connection.lpush(queue, b"\xff\xfe\x00")
        case "a name with a line's end":
            connection.lpush(queue, b"x\r\nFLUSHALL")
        case "a job that is a string":
            connection.set("rq:job:abc", "x")
            connection.lpush(queue, "abc")
        case "a job that is a list":
            connection.lpush("rq:job:abc", "x")
            connection.lpush(queue, "abc")
        case "a queue that is a string":
            connection.set(queue, "x")
        case "a list of workers that is a string":
            connection.set("rq:workers", "x")
        case "a time to work that no clock can hold":
            message(connection, work, timeout="9" * 40)
        case "an entry that nobody can read":
            connection.zadd(f"rq:wip:{QUEUE}", {b"\xff": 1})
        case _:
            connection.set(f"rq:{kind}:{QUEUE}", "x")


@pytest.mark.parametrize(
    "kind",
    [
        *("a name that is no text", "a name with a line's end", "a job that is a string", "a job that is a list"),
        *("a queue that is a string", "a list of workers that is a string", "a time to work that no clock can hold"),
        *("an entry that nobody can read", "wip", "finished", "failed", "canceled", "deferred"),
    ],
)
def test_whatever_lies_in_redis_ends_no_worker(redis_url: str, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """V9: it is thrown away, the table is looked into, and what comes later is run by the same worker."""
    ran: list[tuple[int, ...]] = []
    with redis.Redis.from_url(redis_url) as connection:

        def run(*numbers: int) -> None:
            ran.append(numbers)
            if len(ran) == 1:
                message(connection, json.dumps([RUN_JOBS, None, [7], {}]).encode())

        monkeypatch.setattr(worker, "run_jobs", run)
        connection.flushall()
        _rubbish(connection, kind)
        with suppress(redis.ResponseError):  # where the queue itself is rubbish
            message(connection, json.dumps([RUN_JOBS, None, [5], {}]).encode())
        burst(redis_url)
    assert ran[0] in ((), (5,)) and ran[-1] == (7,), ran


def test_what_is_no_rubbish_is_raised_and_not_tried_for_ever(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours would else empty Redis again and again, at full speed."""
    tried: list[int] = []
    at_work = worker.worker_on(redis_url)

    def faulty() -> None:
        tried.append(1)
        raise LookupError("a fault of our own")

    monkeypatch.setattr(worker, "run_jobs", lambda *_numbers: None)
    with pytest.raises(LookupError):
        at_work._past_rubbish(faulty, again=True)
    assert len(tried) == worker.TRIES


def test_no_word_in_redis_sends_a_worker_to_rest_or_home(redis_url: str, ran: list[Any]) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        connection.flushall()
        connection.set("rq:suspended", 1)
        message(connection, json.dumps([RUN_JOBS, None, [7], {}]).encode())
        at_work = worker.worker_on(redis_url)
        for command in ("shutdown", "kill-horse", "stop-job"):
            at_work.handle_payload({"data": json.dumps({"command": command, "job_id": "x"}).encode()})
        at_work.handle_payload({"data": b"\xff"})
        at_work.work(burst=True, logging_level="ERROR")
    assert ran == [(7,)]
