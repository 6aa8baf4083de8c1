"""`hotline answers`: every text of a file read as a citizen's answer, so that anybody can measure how they are read."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

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


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def answers(file: Path) -> None:
    """Read every text of FILE (jsonl, `text`) as a citizen's answer; one JSON object a line: text, reading, why, told."""
    for row in read_lines(file):
        click.echo(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode())


COMMANDS: tuple[click.Command, ...] = (answers,)
