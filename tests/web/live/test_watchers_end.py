"""Nobody looks for changes in a database whose test is over."""

from __future__ import annotations

import threading
import time

import pytest

from hotline.installation import Installation
from hotline.web.live.watcher import Watcher
from tests.support.once import end_watchers


def watching() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "watcher"]


def test_a_watcher_that_a_test_left_running_ends_with_it(installation: Installation) -> None:
    watcher = Watcher(installation)
    watcher.wait(watcher.position(), 0)
    assert len(watching()) == 1
    end_watchers()
    assert watching() == []


@pytest.mark.parametrize("_again", range(2))
def test_each_test_begins_with_nobody_watching(installation: Installation, _again: int) -> None:
    assert watching() == []
    Watcher(installation).wait(Watcher(installation).position(), 0)


def test_whoever_waits_is_told_that_nobody_watches_any_more(installation: Installation) -> None:
    watcher, begun = Watcher(installation), time.monotonic()
    threading.Timer(0.2, watcher.stop).start()
    assert watcher.wait(watcher.position(), 30) is False
    assert time.monotonic() - begun < 20


def test_one_that_is_stopped_at_the_moment_it_begins_ends_all_the_same(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher, begins = Watcher(installation), threading.Thread.start

    def stopped_first(thread: threading.Thread) -> None:
        if thread.name == "watcher":
            watcher.stop()
        begins(thread)

    monkeypatch.setattr(threading.Thread, "start", stopped_first)
    assert watcher.wait(watcher.position(), 5) is False
    watcher.stop()
    assert watching() == []
