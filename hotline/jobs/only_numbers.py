"""Whoever can write to Redis can make a worker look at a job again, and nothing else: only our one function runs, with whole numbers.

RQ would import whatever name a message gives, unpickle whatever it carries and call back whomever it names. Here the message
is JSON, and everything but the numbers is left unread.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from rq.exceptions import DeserializationError
from rq.job import Job

from hotline.outbox.transports import LARGEST, RUN_JOBS

log = logging.getLogger(__name__)
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
        kept = {name: value for name, value in raw_data.items() if _plain(name) in KEPT}
        return super().restore(kept)

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


def _plain(name: Any) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
