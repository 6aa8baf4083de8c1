"""Who carries a job's number to a worker: a thread of this process, RQ on Redis, or nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from hotline.installation import Installation

log = logging.getLogger(__name__)
QUEUE = "jobs"
RUN_JOBS = "hotline.jobs.worker.run_jobs"
"""The one function that a message may name; workers refuse every other (`hotline.jobs.only_numbers`)."""

WAKES = 8
"""So many calls to look into the table wait in the queue at most: enough for as many workers, and quickly answered."""

QUIET = 0.2
"""Seconds without a new job after which the thread of this process sets to work."""

LONGEST_REST = 5.0
LEFT_ALONE = 5.0
AT_ONCE = 20
IN_ONE_MESSAGE = 8
"""Jobs that travel together: a busy second costs Redis an eighth, and no job waits long behind its neighbours."""


class NoTransport:
    """Nothing is handed over: the clock (or a test's `drain`) finds what is due."""

    def notify(self, job_ids: list[int]) -> None:
        return None

    def wake(self) -> None:
        return None


class ThreadTransport:
    """The worker of development: one thread in this process that keeps what is due, and lets people go first.

    While contacts keep coming in it rests (they hold the same interpreter and the same SQLite), but never for long.
    """

    def __init__(self, installation: Installation):
        self._installation = installation
        self._wake = threading.Event()
        self._last = 0.0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def notify(self, job_ids: list[int]) -> None:
        self._last = time.monotonic()
        self.wake()

    def wake(self) -> None:
        self._wake.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        from hotline.outbox.runner import drain

        while True:
            self._wake.wait()
            self._wake.clear()
            self._let_people_go_first()
            while drain(self._installation, AT_ONCE):
                self._let_people_go_first()

    def _let_people_go_first(self) -> None:
        end = time.monotonic() + LONGEST_REST
        while time.monotonic() - self._last < QUIET and time.monotonic() < end:
            time.sleep(QUIET / 4)


class RqTransport:
    """Production's way: only numbers travel; a Redis that forgets them loses nothing, the clock wakes the workers again.

    A Redis that is away costs one quick refusal, and is then left alone for some seconds: nobody waits for it.
    """

    def __init__(self, redis_url: str):
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
        from rq import Queue
        from rq.serializers import JSONSerializer

        self._redis = redis.Redis.from_url(
            redis_url, socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        self._queue = Queue(QUEUE, connection=self._redis, serializer=JSONSerializer)
        self._away_until = 0.0

    def notify(self, job_ids: list[int]) -> None:
        pieces = [job_ids[at : at + IN_ONE_MESSAGE] for at in range(0, len(job_ids), IN_ONE_MESSAGE)]
        self._quickly(lambda: self._queue.enqueue_many([self._message(piece) for piece in pieces]))

    def wake(self) -> None:
        """A message without numbers: look into the table. As many as are missing, whatever else waits."""
        self._quickly(lambda: self._queue.enqueue_many([self._message([])] * max(0, WAKES - self._queue.count)))

    def _quickly(self, deed: Callable[[], object]) -> None:
        from redis.exceptions import RedisError

        if time.monotonic() < self._away_until:
            return
        try:
            deed()
        except RedisError as error:
            self._away_until = time.monotonic() + LEFT_ALONE
            log.warning("Redis is away, jobs wait in the table: %s", error)

    def _message(self, job_ids: list[int]) -> Any:
        return self._queue.prepare_data(RUN_JOBS, args=tuple(job_ids), result_ttl=0, failure_ttl=3600, timeout=300)


def transport_for(installation: Installation) -> Any:
    if installation.settings.redis_url:
        return RqTransport(installation.settings.redis_url)
    return NoTransport() if installation.settings.testing else ThreadTransport(installation)
