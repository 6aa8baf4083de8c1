"""A worker: it runs the jobs whose numbers reach it through Redis, and looks into the table itself when it is woken.

Of what lies in Redis nothing is used but whole numbers: whoever writes there can name no function. While Redis is away the
worker goes on from the table alone.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from redis.exceptions import ConnectionError as RedisAway
from rq import Queue, SimpleWorker
from rq.job import Job as Message
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException
from sqlalchemy.exc import OperationalError

from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.presence import Presence
from hotline.outbox.runner import run_due, run_job
from hotline.outbox.transports import QUEUE, RUN
from hotline.settings import read_settings

log = logging.getLogger(__name__)
SLICE = 2.0
"""Seconds at the table before a worker looks into the queue again: what citizens just did waits no longer behind a backlog."""

LONGEST = 300


@cache
def installation() -> Installation:
    return build_installation(read_settings())


@cache
def presence() -> Presence:
    return Presence(installation(), "worker")


def run_jobs(*job_ids: int) -> None:
    """Run these jobs, each in its own transaction; without numbers whatever is due, as far as a slice of time goes."""
    try:
        for job_id in job_ids:
            presence().has(job_id)
            run_job(installation(), job_id)
        if not job_ids and run_due(installation(), SLICE, presence().has):
            installation().transport.wake()
    except OperationalError as error:
        log.warning("the database is away, its jobs wait in the table: %s", str(error.orig).splitlines()[0])
    finally:
        presence().has(None)


def numbers_of(message: Message) -> list[int] | None:
    """The whole numbers a message brings; None for anything that we did not send."""
    try:
        named, _instance, numbers, more = JSONSerializer.loads(message.data)
    except (ValueError, TypeError):
        return None
    plain = isinstance(numbers, list) and all(type(one) is int and 0 < one < 2**63 for one in numbers)
    return numbers if plain and named == RUN and not more else None


class JobWorker(SimpleWorker):
    """RQ's worker in this very process, that does nothing a message names."""

    max_connection_wait_time = 2.0

    def execute_job(self, job: Message, queue: Queue) -> None:
        numbers = numbers_of(job)
        if numbers is None:
            log.warning("a message in Redis that is not ours was refused: %r", job.id[:80])
        else:
            with self.death_penalty_class(LONGEST, JobTimeoutException, job_id=job.id):
                run_jobs(*numbers)
        queue.connection.lrem(queue.intermediate_queue_key, 1, job.id)
        job.delete(remove_from_queue=False)

    def heartbeat(self, *words: Any, **more: Any) -> None:
        """Asked before each look into the queue: without Redis the table is looked into instead."""
        try:
            super().heartbeat(*words, **more)
        except RedisAway:
            run_jobs()
            raise


def work(burst: bool = False) -> None:
    """Run a worker in this process until told to stop."""
    import redis

    connection = redis.Redis.from_url(installation().settings.redis_url)
    worker = JobWorker(
        [QUEUE], connection=connection, serializer=JSONSerializer, worker_ttl=30, maintenance_interval=10
    )
    with presence():
        worker.work(burst=burst, logging_level="WARNING")
