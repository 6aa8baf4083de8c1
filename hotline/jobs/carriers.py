"""Who carries a promise's number to a worker: a thread of this process, RQ on Redis, or nobody."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Any

from hotline.house import House

log = logging.getLogger(__name__)
QUEUE = "promises"


class NoCarrier:
    """Nothing is handed over: the sweep (or a test's `drain`) finds what is due."""

    def hand_over(self, job_ids: list[int]) -> None:
        return None


class ThreadCarrier:
    """The laptop's worker: one thread in this process, started with the first promise."""

    def __init__(self, house: House):
        self._house = house
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def hand_over(self, job_ids: list[int]) -> None:
        for job_id in job_ids:
            self._waiting.put(job_id)
        self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="promises", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        from hotline.jobs.run import run

        while True:
            run(self._house, self._waiting.get())


class RqCarrier:
    """The city's way: only the number travels; a Redis that forgets it loses nothing, the sweep brings it again."""

    def __init__(self, redis_url: str):
        import redis
        from rq import Queue

        self._redis = redis.Redis.from_url(redis_url, socket_connect_timeout=1, socket_timeout=2)
        self._queue = Queue(QUEUE, connection=self._redis)

    def hand_over(self, job_ids: list[int]) -> None:
        from redis.exceptions import RedisError

        try:
            self._queue.enqueue_many([self._queue.prepare_data(
                "hotline.jobs.worker.keep", args=(job_id,), result_ttl=0, failure_ttl=3600, timeout=300) for job_id in job_ids])
        except RedisError as error:
            log.warning("nudge lost for %d promises, the sweep will find them: %s", len(job_ids), error)


def carrier_for(house: House) -> Any:
    if house.settings.redis_url:
        return RqCarrier(house.settings.redis_url)
    return NoCarrier() if house.settings.testing else ThreadCarrier(house)
