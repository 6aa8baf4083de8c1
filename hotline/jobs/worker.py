"""What an RQ worker runs: the process builds its installation once, then runs the jobs of each call."""

from __future__ import annotations

from functools import cache

import redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.only_numbers import OnlyNumbers
from hotline.outbox.runner import run_job
from hotline.outbox.transports import QUEUE
from hotline.settings import read_settings


@cache
def installation() -> Installation:
    return build_installation(read_settings())


def run_jobs(*job_ids: int) -> int:
    """Run these jobs, each in its own transaction; returns how many were run here and now."""
    return sum(run_job(installation(), job_id) for job_id in job_ids)


def work(burst: bool = False) -> None:
    """Run a worker in this process until told to stop."""
    worker_on(installation().settings.redis_url).work(burst=burst, logging_level="WARNING")


def worker_on(redis_url: str) -> SimpleWorker:
    """A worker that can run jobs by their numbers and nothing else; SimpleWorker keeps the loaded application between jobs."""
    return SimpleWorker(
        [QUEUE],
        connection=redis.Redis.from_url(redis_url),
        job_class=OnlyNumbers,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
    )
