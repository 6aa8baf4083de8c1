"""Every row of a file answered, in its order, by as many processes as there are cores: what the command classify does."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from math import inf
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import IO, Any

from threadpoolctl import threadpool_limits

from classifier.suggestion import Classifier, Suggestion
from classifier.text.extract import TextFinding, extract_many
from classifier.text.title import title
from classifier.text.words import TOGETHER
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import without_halves
from hotline.intake.importing.reading.sheets import Row
from hotline.settings import Settings
from hotline.training.labelled_files import table_of
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.propose import place_row, ranked_rows, way_of

Count = Callable[[int, int | None], None]
CHUNK = TOGETHER
_JSON = json.JSONEncoder(ensure_ascii=False, default=str)
AHEAD = 4
"""Chunks handed to each process before its first one is back: none waits, and a long file is never whole in memory."""


def classify(
    city: City, classifier: Classifier, source: Path, out: Path, text: str, count: Count, processes: int = 0
) -> int:
    """Answer every row of a file as one line of JSON; returns how many. processes: 0 = one a core.

    The answers appear under their name when all are there. Raises Refusal when the file or the column `text` is
    missing, or there is no such folder to write to.
    """
    table = table_of(source, text)
    answer = _Answer(city, classifier, text)
    done = 0
    with _whole(out) as file, threadpool_limits(1):
        for line in _answers(answer, table.rows(), processes or len(os.sched_getaffinity(0))):
            file.write(line)
            done += 1
            count(done, table.count)
    return done


def steady_classifier(settings: Settings, city: City) -> ActiveClassifier:
    """The classifier of this installation as it is now: a model chosen meanwhile does not divide a file in two."""
    classifier = ActiveClassifier(
        keyword_classifier(city), ModelRegistry(settings.models), parents_of(city), glance=inf
    )
    classifier.look()
    return classifier


def classified(city: City, classifier: Classifier, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Everything that can be said of each text."""
    found = zip(texts, classifier.suggest_many(texts), extract_many(texts), strict=True)
    return [_row(city, *one) for one in found]


def _row(city: City, told: str, said: Suggestion, spans: Sequence[TextFinding]) -> dict[str, Any]:
    way = way_of(city, said, told)
    return {
        "ranked": ranked_rows(said),
        "known": said.known,
        "category": way.facts.category,
        "request_type": said.request_type,
        "urgency": said.urgency,
        "unit": way.unit,
        "helpers": way.helpers,
        "safety": way.safety,
        "words": said.words,
        "title": title(told),
        "place": place_row(way.place),
        "spans": [{"kind": one.kind, "start": one.start, "end": one.end, "personal": one.personal} for one in spans],
        "model": said.model,
    }


class _Answer:
    """Rows in, a line for each out; a row that cannot be read is answered with the reason."""

    def __init__(self, city: City, classifier: Classifier, text: str):
        self.city, self.classifier, self.text = city, classifier, text

    def __call__(self, rows: Sequence[Row]) -> list[str]:
        told = iter(classified(self.city, self.classifier, [self._told(row) for row in rows if not row.trouble]))
        return [_line(row, {"trouble": row.trouble} if row.trouble else next(told)) for row in rows]

    def _told(self, row: Row) -> str:
        told = row.values.get(self.text)
        return "" if told is None else without_halves(str(told))


def _line(row: Row, said: dict[str, Any]) -> str:
    known = row.values.get("id")
    return without_halves(_JSON.encode({"id": row.line if known is None else known, **said})) + "\n"


def _answers(answer: _Answer, rows: Iterator[Row], processes: int) -> Iterator[str]:
    """The lines in the order of the rows; a few rows are not worth a process.

    The first are answered here: what is made ready for them is ready for the other processes too.
    """
    first = list(islice(rows, CHUNK))
    yield from answer(first)
    if processes > 1 and len(first) == CHUNK and "fork" in get_all_start_methods():
        yield from _shared_out(answer, rows, processes)
        return
    while chunk := list(islice(rows, CHUNK)):
        yield from answer(chunk)


def _shared_out(answer: _Answer, rows: Iterator[Row], processes: int) -> Iterator[str]:
    gc.freeze()  # what is there now is shared with the children and stays shared
    with ProcessPoolExecutor(processes, get_context("fork"), _begin, (answer,)) as pool:
        try:
            yield from _in_order(pool, rows, processes * AHEAD)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            gc.unfreeze()


def _in_order(pool: ProcessPoolExecutor, rows: Iterator[Row], ahead: int) -> Iterator[str]:
    waiting: deque[Future[list[str]]] = deque()
    chunk = list(islice(rows, CHUNK))
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
    gc.disable()  # answering leaves no circles behind
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(chunk: list[Row]) -> list[str]:
    return _mine(chunk)


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
