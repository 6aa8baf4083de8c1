"""The worker of development is one thread of the process: nothing that happens to a job or to the database ends it."""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from hotline.outbox import runner, transports
from hotline.outbox.transports import ThreadTransport

LOCKED = OperationalError("UPDATE job", {}, sqlite3.OperationalError("database is locked"))


@pytest.mark.parametrize("fault", [LOCKED, ValueError("what nobody thought of")])
def test_the_thread_of_development_lives_on_and_takes_the_job_up_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    threads: list[threading.Thread] = []

    def drain(_installation: Any, _most: int) -> int:
        threads.append(threading.current_thread())
        if len(threads) == 1:
            raise fault
        return 0

    monkeypatch.setattr(runner, "drain", drain)
    monkeypatch.setattr(transports, "REST", 0.05)
    transport = ThreadTransport(None)  # type: ignore[arg-type]
    transport.wake()
    until(lambda: len(threads) == 1)
    if fault is not LOCKED:
        transport.wake()
    until(lambda: len(threads) == 2)
    assert threads[0] is threads[1] and threads[0].is_alive()


def until(holds: Any) -> None:
    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()
