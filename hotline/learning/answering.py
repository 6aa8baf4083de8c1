"""Every row of a file answered, in its order, by as many processes as there are cores: what the command classify does."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from math import inf
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import IO, Any

from threadpoolctl import threadpool_limits

from classifier.extract import extract
from classifier.suggestion import Classifier
from classifier.title import title
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.intake.tables import Row
from hotline.language import _
from hotline.learning.files import table_of
from hotline.settings import Settings
from hotline.triage.brain import Brain, keyword_brain, parents_of
from hotline.triage.propose import consider, place_row, ranked_rows
from hotline.triage.shelf import Shelf

Count = Callable[[int, int | None], None]
CHUNK = 200
AHEAD = 4
"""Chunks handed to each process before its first one is back: none waits, and a long file is never whole in memory."""


def classify(city: City, brain: Classifier, source: Path, out: Path, text: str, count: Count, processes: int = 0) -> int:
    """Answer every row of a file as one line of JSON; returns how many. processes: 0 = one a core.

    The answers appear under their name when all are there. Raises Refusal when the file or the column `text` is
    missing, or there is no such folder to write to.
    """
    table = table_of(source, text)
    answer = _Answer(city, brain, text)
    done = 0
    with _whole(out) as file, threadpool_limits(1):
        for line in _answers(answer, table.rows, processes or len(os.sched_getaffinity(0))):
            file.write(line)
            done += 1
            count(done, table.count)
    return done


def steady_brain(settings: Settings, city: City) -> Brain:
    """The classifier of this installation as it is now: a model chosen meanwhile does not divide a file in two."""
    brain = Brain(keyword_brain(city), Shelf(settings.models), parents_of(city), glance=inf)
    brain.look()
    return brain


def classified(city: City, brain: Classifier, told: str) -> dict[str, Any]:
    """Everything that can be said of one text."""
    found = consider(city, brain, told)
    said = found.suggestion
    return {
        "ranked": ranked_rows(found), "known": said.known, "category": found.category,
        "request_type": found.request_type, "urgency": found.urgency, "unit": found.unit, "helpers": list(found.helpers),
        "safety": list(found.safety), "words": list(said.words), "title": title(told), "place": place_row(found.place),
        "spans": [{"kind": one.kind, "start": one.start, "end": one.end, "personal": one.personal} for one in extract(told)],
        "model": said.model,
    }


class _Answer:
    """One row in, one line out; a row that cannot be read is answered with the reason."""

    def __init__(self, city: City, brain: Classifier, text: str):
        self.city, self.brain, self.text = city, brain, text

    def __call__(self, row: Row) -> str:
        known = row.values.get("id")
        told = row.values.get(self.text)
        said = {"trouble": row.trouble} if row.trouble else classified(self.city, self.brain, "" if told is None else str(told))
        return json.dumps({"id": row.line if known is None else known, **said}, ensure_ascii=False, default=str) + "\n"


def _answers(answer: _Answer, rows: Iterator[Row], processes: int) -> Iterator[str]:
    """The lines in the order of the rows; a few rows are not worth a process."""
    first = list(islice(rows, CHUNK))
    if processes == 1 or len(first) < CHUNK or "fork" not in get_all_start_methods():
        yield from map(answer, first)
        yield from map(answer, rows)
        return
    gc.freeze()  # what is there now is shared with the children and stays shared
    with ProcessPoolExecutor(processes, get_context("fork"), _begin, (answer,)) as pool:
        try:
            yield from _in_order(pool, first, rows, processes * AHEAD)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            gc.unfreeze()


def _in_order(pool: ProcessPoolExecutor, chunk: list[Row], rows: Iterator[Row], ahead: int) -> Iterator[str]:
    waiting: deque[Future[list[str]]] = deque()
    while chunk or waiting:
        if chunk:
            waiting.append(pool.submit(_work, chunk))
            chunk = list(islice(rows, CHUNK))
        if len(waiting) >= ahead or not chunk:
            yield from waiting.popleft().result()


_mine: _Answer


def _begin(answer: _Answer) -> None:
    """In the child: model and city came with the fork. One thread each, else they wait for each other's arithmetic.

    Ctrl-C is the parent's business.
    """
    global _mine
    _mine = answer
    threadpool_limits(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(chunk: list[Row]) -> list[str]:
    return [_mine(row) for row in chunk]


@contextmanager
def _whole(out: Path) -> Iterator[IO[str]]:
    """A file that is there whole or not at all."""
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    if not out.parent.is_dir() or out.is_dir():
        raise Refusal(_("不能写在这里：%(file)s", file=out))
    try:
        with beside.open("w", encoding="utf-8") as file:
            yield file
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
