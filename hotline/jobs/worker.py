"""A worker: it runs the jobs whose numbers reach it through Redis, and looks into the table itself when it is woken.

While Redis is away it goes on from the table alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import Any

import redis
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisTimeout
from rq import SimpleWorker
from rq.exceptions import InvalidJobOperation, NoSuchJobError, StopRequested
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.only_numbers import OnlyNumbers
from hotline.jobs.presence import Presence
from hotline.outbox import runner
from hotline.outbox.transports import QUEUE
from hotline.settings import read_settings
from models.store.away import in_one_line, is_gone

log = logging.getLogger(__name__)
SLICE = 2.0
"""Seconds after which a worker looks into the queue again, and may be told to stop."""
REST = 1.0
"""Seconds for a database or a Redis that has just fallen, before it is asked again."""
TRIES = 3
"""So often a deed is tried while rubbish stands in its way."""


@cache
def installation() -> Installation:
    return build_installation(read_settings())


@cache
def presence() -> Presence:
    return Presence(installation(), "worker")


def run_jobs(*job_ids: int) -> None:
    """Run whatever is fresh or due, as far as a slice of time goes. job_ids: from messages of former releases."""
    try:
        runner.run_jobs(installation(), job_ids, presence().has)
        if runner.run_due(installation(), SLICE, presence().has):
            installation().transport.wake()
    except SQLAlchemyError as error:
        if not is_gone(error):
            raise
        log.warning("the database is away, its jobs wait in the table: %s", in_one_line(error))
        time.sleep(REST)
    finally:
        presence().has(None)


class JobWorker(SimpleWorker):
    """RQ's worker in this very process, which keeps the loaded application between jobs.

    Whatever somebody writes into Redis neither ends nor commands it: what cannot be read is thrown away, since the jobs
    themselves are in the table. Nor does a Redis that falls: it is asked again, and the table is looked into meanwhile.
    """

    max_connection_wait_time = 2.0

    def heartbeat(self, *words: Any, **more: Any) -> None:
        """Asked before each look into the queue: without Redis the table is looked into instead."""
        with _in_spite_of_redis():
            super().heartbeat(*words, **more)
            return
        run_jobs()

    def set_state(self, *words: Any, **more: Any) -> None:
        with _in_spite_of_redis():
            super().set_state(*words, **more)

    def bootstrap(self, *words: Any, **more: Any) -> None:
        self._past_rubbish(partial(super().bootstrap, *words, **more), again=True)

    def dequeue_job_and_maintain_ttl(self, *words: Any, **more: Any) -> Any:
        return self._past_rubbish(partial(super().dequeue_job_and_maintain_ttl, *words, **more), again=True)

    def run_maintenance_tasks(self) -> None:
        with _in_spite_of_redis():
            self._past_rubbish(super().run_maintenance_tasks)

    def execute_job(self, job: Any, queue: Any) -> None:
        with _in_spite_of_redis():
            self._past_rubbish(partial(super().execute_job, job, queue))

    def handle_exception(self, job: Any, *exc_info: Any) -> None:
        """A message that Redis forgot while its jobs were run is one line: they are done, and by the table."""
        if isinstance(exc_info[1], InvalidJobOperation | NoSuchJobError | RedisAway):
            log.warning("Redis has forgotten a message whose jobs were run: %s", type(exc_info[1]).__name__)
            return
        super().handle_exception(job, *exc_info)

    def teardown(self) -> None:
        """Who cannot say goodbye is forgotten by Redis half a minute later."""
        with _in_spite_of_redis():
            super().teardown()

    def check_for_suspension(self, burst: bool) -> None:
        """A word in Redis sends nobody to rest."""

    def handle_payload(self, message: Any) -> None:
        """Nor does it stop anybody: the unit file and its signals do."""
        log.error("a command came through Redis and was not followed")

    def _past_rubbish(self, deed: Callable[[], Any], again: bool = False) -> Any:
        """again: it is done once more after what stood in its way was thrown away; what still stands there is a fault, and is raised."""
        for left in reversed(range(TRIES)):
            try:
                return deed()
            except (StopRequested, RedisAway, RedisTimeout):
                raise
            except Exception as error:
                if not left:
                    raise
                log.error("Redis holds what is none of ours and is emptied: %s", type(error).__name__)
                _empty(self.connection)
                run_jobs()
            if not again:
                break
        return None


def _empty(connection: Any) -> None:
    """Of all that RQ keeps there; who works here says so again with the next heartbeat."""
    for name in connection.scan_iter("rq:*", count=1000):
        connection.delete(name)


@contextmanager
def _in_spite_of_redis() -> Iterator[None]:
    """A Redis that falls in the middle is one line: what was to be said there is not worth a worker's life."""
    try:
        yield
    except (RedisAway, RedisTimeout) as error:
        log.warning("Redis is away, jobs are taken from the table: %s", error)


def work(burst: bool = False) -> None:
    """Run a worker in this process until told to stop. Until Redis is there it works from the table."""
    redis_url = installation().settings.redis_url
    with presence():
        while not _is_there(redis_url):
            run_jobs()
            time.sleep(REST)
        worker_on(redis_url).work(burst=burst, logging_level="WARNING")


def _is_there(redis_url: str) -> bool:
    with _in_spite_of_redis(), redis.Redis.from_url(redis_url) as connection:
        return bool(connection.ping())
    return False


def worker_on(redis_url: str) -> JobWorker:
    """A worker that can run jobs by their numbers and nothing else."""
    return JobWorker(
        [QUEUE],
        connection=redis.Redis.from_url(redis_url),
        job_class=OnlyNumbers,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
    )
