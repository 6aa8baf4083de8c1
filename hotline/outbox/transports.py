"""Who carries a job's number to a worker: a thread of this process, RQ on Redis, or nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hotline.installation import Installation
from models.store.away import in_one_line

log = logging.getLogger(__name__)
QUEUE = "jobs"
RUN_JOBS = "hotline.jobs.worker.run_jobs"
"""The one function that a message may name; workers refuse every other (`hotline.jobs.only_numbers`)."""

FRESH = "hotline:fresh-jobs"
"""The list in Redis of numbers that wait for a worker, each as plain digits."""

WAKES = 8
"""So many calls wait in the queue at most: enough for as many workers, and quickly answered."""

MOST_FRESH = 100_000
"""Numbers kept where no worker runs; of more the oldest are left to the table, which has them all."""

QUIET = 0.2
"""Seconds without a new job after which the thread of this process sets to work."""

LARGEST = 2**63 - 1
LONGEST_REST = 5.0
LEFT_ALONE = 5.0
AT_ONCE = 20
REST = 1.0
"""Seconds for a database that is locked or away, before the thread of this process asks it again."""


class NoTransport:
    """Nothing is handed over: the clock (or a test's `drain`) finds what is due."""

    def notify(self, job_ids: list[int]) -> None:
        return None

    def wake(self) -> None:
        return None

    def take(self, most: int) -> list[int]:
        return []


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

    def take(self, most: int) -> list[int]:
        """This thread reads the table."""
        return []

    def _work(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            self._let_people_go_first()
            self._drain_in_spite_of_faults()

    def _drain_in_spite_of_faults(self) -> None:
        """A database that somebody holds, or that is away, ends no thread: what is due is taken up again a moment later."""
        from hotline.outbox.runner import drain

        try:
            while drain(self._installation, AT_ONCE):
                self._let_people_go_first()
        except SQLAlchemyError as error:
            log.warning("the jobs wait in the table, the database cannot be asked: %s", in_one_line(error))
            time.sleep(REST)
            self._wake.set()
        except Exception:  # the edge: the thread must live on
            log.exception("the jobs of this process were interrupted")

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
        self._quickly(lambda: self._leave(job_ids))

    def wake(self) -> None:
        """A call to look whether something is there: as many as are missing, whatever else waits."""
        self._quickly(lambda: self._call(WAKES))

    def take(self, most: int) -> list[int]:
        """The numbers that have waited longest, none while Redis is away. What is written there and is no number is left out."""
        words: list[Any] = []
        self._quickly(lambda: words.extend(self._redis.lpop(FRESH, most) or []))
        return [number for word in words if (number := _number(word)) is not None]

    def _leave(self, job_ids: list[int]) -> None:
        """One call is enough when workers are at it: each goes on until no number is left."""
        if self._redis.rpush(FRESH, *job_ids) > MOST_FRESH:
            self._redis.ltrim(FRESH, -MOST_FRESH, -1)
        self._call(1)

    def _call(self, most: int) -> None:
        missing = most - min(most, self._queue.count)
        if missing:
            self._queue.enqueue_many([self._message()] * missing)

    def _quickly(self, deed: Callable[[], object]) -> None:
        from redis.exceptions import RedisError

        if time.monotonic() < self._away_until:
            return
        try:
            deed()
        except RedisError as error:
            self._away_until = time.monotonic() + LEFT_ALONE
            log.warning("Redis is away, jobs wait in the table: %s", error)

    def _message(self) -> Any:
        return self._queue.prepare_data(RUN_JOBS, args=(), result_ttl=0, failure_ttl=3600, timeout=300)


def _number(word: bytes) -> int | None:
    """A number that a row can have, in plain digits."""
    text = word.decode("ascii", "replace")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0
    return number if 0 < number <= LARGEST else None


def transport_for(installation: Installation) -> Any:
    if installation.settings.redis_url:
        return RqTransport(installation.settings.redis_url)
    return NoTransport() if installation.settings.testing else ThreadTransport(installation)
