"""Reads a file of texts as answers, so that anybody can measure how they are read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from classifier.answers.read import read_answer


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """One row a line of a jsonl(.gz) file, in order: the text, its reading, why, and what it told.

    A line that holds no text is answered with an error, so that as many lines come out as went in.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _row(number, line)


def _row(number: int, line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except json.JSONDecodeError:
        given = None
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        return {"line": number, "error": "not a JSON object with a text"}
    reading = read_answer(text)
    return {"text": text, "reading": reading.verdict, "why": reading.why, "told": dict(reading.details)}
