"""Whoever can write to Redis can make a worker look at a job again, and nothing else: only our one function runs, with whole numbers.

RQ would import whatever name a message gives, unpickle whatever it carries and call back whomever it names. Here the message
is JSON, and everything but the numbers is left unread.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Mapping
from typing import Any

from rq.exceptions import DeserializationError, NoSuchJobError, TimeoutFormatError
from rq.job import Job

from hotline.outbox.transports import LARGEST, RUN_JOBS

log = logging.getLogger(__name__)
MOST_BYTES = 1 << 20
KEPT = frozenset(
    {
        *("data", "created_at", "origin", "worker_name", "enqueued_at", "started_at", "ended_at", "last_heartbeat"),
        *("timeout", "result_ttl", "failure_ttl", "status", "ttl"),
    }
)
"""What RQ needs to hand a job round. Callbacks, webhooks, results, dependents and repetitions are none of our doing."""


class Refused(Exception):
    """A message that asks for something else than jobs by their numbers."""


class OnlyNumbers(Job):
    """A message of Redis that can name jobs and nothing else."""

    def restore(self, raw_data: Mapping[Any, Any]) -> Any:
        """Raises NoSuchJobError, which a worker passes over, for what cannot be read or would fill the memory once unpacked."""
        kept = {name: value for name, value in raw_data.items() if _plain(name) in KEPT}
        try:
            if any(_plain(name) == "data" and not _is_small(value) for name, value in kept.items()):
                raise ValueError("it is larger than it looks")
            return super().restore(kept)
        except (ValueError, TypeError, AssertionError, AttributeError, TimeoutFormatError) as error:
            log.error("a message of Redis was passed over: it cannot be read (%s)", type(error).__name__)
            raise NoSuchJobError from None

    def perform(self) -> Any:
        """Raises Refused, with a line in the log, for a message that is not what we send."""
        try:
            self._check()
        except (Refused, DeserializationError) as error:
            log.error("a message of Redis was refused and nothing ran: %s", str(error) or "it is no JSON of ours")
            raise Refused(str(error)) from None
        return super().perform()

    def _check(self) -> None:
        """Raises Refused unless the message is the name of our function and whole numbers."""
        if self.func_name != RUN_JOBS or self.instance is not None or self.kwargs:
            raise Refused("it names another function, or an object")
        if not isinstance(self.args, list) or not all(type(one) is int and 0 < one <= LARGEST for one in self.args):
            raise Refused("it carries something else than numbers of jobs")


def _is_small(data: bytes) -> bool:
    try:
        return len(zlib.decompressobj().decompress(data, MOST_BYTES + 1)) <= MOST_BYTES
    except zlib.error:
        return len(data) <= MOST_BYTES


def _plain(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
