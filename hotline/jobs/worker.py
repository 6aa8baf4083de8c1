"""What an RQ worker runs: the process builds its installation once, then runs the jobs of each call."""

from __future__ import annotations

from functools import cache

from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.runner import run_job
from hotline.settings import read_settings


@cache
def installation() -> Installation:
    return build_installation(read_settings())


def run_jobs(*job_ids: int) -> int:
    """Run these jobs, each in its own transaction; returns how many were run here and now."""
    return sum(run_job(installation(), job_id) for job_id in job_ids)


keep = run_jobs
"""The name under which releases before 0.2.0 handed jobs over: theirs may still lie in Redis."""


def work(burst: bool = False) -> None:
    """Run a worker in this process until told to stop; SimpleWorker keeps the loaded application between jobs."""
    import redis
    from rq import SimpleWorker

    from hotline.outbox.transports import FORMER_QUEUE, QUEUE

    here = installation()
    connection = redis.Redis.from_url(here.settings.redis_url)
    worker = SimpleWorker([QUEUE, FORMER_QUEUE], connection=connection, worker_ttl=30, maintenance_interval=10)
    worker.work(burst=burst, logging_level="WARNING")
