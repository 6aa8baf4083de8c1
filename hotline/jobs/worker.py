"""A worker: it runs the jobs whose numbers reach it through Redis, and looks into the table itself when it is woken.

While Redis is away it goes on from the table alone.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

import redis
from redis.exceptions import ConnectionError as RedisAway
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import OperationalError

from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.only_numbers import OnlyNumbers
from hotline.jobs.presence import Presence
from hotline.outbox import runner
from hotline.outbox.transports import QUEUE
from hotline.settings import read_settings

log = logging.getLogger(__name__)
SLICE = 2.0
"""Seconds after which a worker looks into the queue again, and may be told to stop."""


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
    except OperationalError as error:
        log.warning("the database is away, its jobs wait in the table: %s", str(error.orig).splitlines()[0])
    finally:
        presence().has(None)


class JobWorker(SimpleWorker):
    """RQ's worker in this very process, which keeps the loaded application between jobs."""

    max_connection_wait_time = 2.0

    def heartbeat(self, *words: Any, **more: Any) -> None:
        """Asked before each look into the queue: without Redis the table is looked into instead."""
        try:
            super().heartbeat(*words, **more)
        except RedisAway:
            run_jobs()
            raise


def work(burst: bool = False) -> None:
    """Run a worker in this process until told to stop."""
    with presence():
        worker_on(installation().settings.redis_url).work(burst=burst, logging_level="WARNING")


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
