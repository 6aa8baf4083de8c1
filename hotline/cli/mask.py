"""`hotline mask FILE`: what would be starred in each text of a file, for anybody to measure on texts of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any

import click

from classifier.text.masking.known import NOTHING, known_from
from classifier.text.masking.mask import personal_spans, starred_at
from hotline.i18n import _


@click.command("mask")
@click.argument("file", type=click.File(encoding="utf-8-sig", errors="surrogateescape"))
def mask_file(file: IO[str]) -> None:
    """Star personal data in a jsonl file.

    Each line holds "text", optionally "known" ({"name": …, "phone": …, "place": …}, what a ticket knows of its citizen) and
    "where" ("answer": an office wrote it to a citizen). Prints one JSON object a line: the masked text and the hidden spans.
    """
    for answer in masked_lines(file):
        click.echo(json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace").decode())


def masked_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer a line that is not blank: masked and hidden (kind, start, end in the text as given), or error."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _masked(json.loads(line))
            except ValueError as trouble:
                yield {"line": number, "error": _("第 %(n)d 行读不懂：%(why)s", n=number, why=str(trouble)[:200])}


def _masked(row: Any) -> dict[str, Any]:
    """Raises ValueError when the row is no object with a text."""
    if not isinstance(row, Mapping) or not isinstance(row.get("text"), str):
        raise ValueError(_("缺少 text"))
    told, text, where = row.get("known"), row["text"], str(row.get("where") or "")
    known = known_from(told) if isinstance(told, Mapping) else NOTHING
    spans = personal_spans(text, known, where)
    hidden = [{"kind": one.kind, "start": one.start, "end": one.end} for one in spans]
    return {"masked": starred_at(text, spans), "hidden": hidden}


COMMANDS: tuple[click.Command, ...] = (mask_file,)
