"""JSON, one object a line, one list of objects, or the answer of an interface with such a list in it: every row names its own columns."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.sheets import Book, Row, Table
from hotline.intake.importing.reading.sizes import open_bytes

LOOK_AHEAD = 100
LONGEST_LINE = 8 << 20
LARGEST_LIST = 64 << 20
MOST_INSIDE = 50
DEEPEST = 3
LONGEST_RAW = 4_000
_REJECT = frozenset({"line", "sheet", "reason", "row"})
"""A row of our own file of rejects, mended, is the row it holds."""


def open_json_lines(path: Path) -> Book:
    """Columns are those of the first hundred readable rows: not every row names every fact."""
    with open_bytes(path) as file:
        start = _start(file.read(4096))
    by_lines = path.name.lower().endswith((".jsonl", ".jsonl.gz", ".ndjson"))
    whole = not by_lines and (start == b"[" or (start == b"{" and _is_one_object(path)))
    reader = partial(_list_rows, path) if whole else partial(_line_rows, path)
    columns = dict.fromkeys(name for row in islice(reader(), LOOK_AHEAD) for name in row.values)
    return Book("jsonl", tables=(Table("", tuple(columns), reader, heading=0, count=_count(path)),), encoding="UTF-8")


def _count(path: Path) -> int | None:
    """Lines, which in a list need not be rows."""
    try:
        with open_bytes(path) as file:
            lines, last = 0, b"\n"
            while chunk := file.read(1 << 20):
                lines, last = lines + chunk.count(b"\n"), chunk[-1:]
            return lines + (last != b"\n")
    except (EOFError, OSError, zlib.error):
        return None


def _start(held: bytes) -> bytes:
    return held.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]


def _is_one_object(path: Path) -> bool:
    """Whether the file is one object with a list of objects inside: {"code": 0, "data": {"list": [...]}}."""
    with open_bytes(path) as file:
        held = file.read(LARGEST_LIST + 1)
    try:
        return len(held) <= LARGEST_LIST and bool(_rows_in(json.loads(held.decode("utf-8-sig"))))
    except (ValueError, RecursionError):
        return False


def _rows_in(told: Any, depth: int = 3) -> list[Any]:
    """The longest list of objects in it, at most three objects deep."""
    if isinstance(told, list):
        return told if any(isinstance(one, dict) for one in told) else []
    if not isinstance(told, dict) or not depth:
        return []
    return max((_rows_in(value, depth - 1) for value in told.values()), key=len, default=[])


def _line_rows(path: Path) -> Iterator[Row]:
    number = 0
    with open_bytes(path) as file:
        try:
            while raw := file.readline(LONGEST_LINE):
                number += 1
                long = len(raw) == LONGEST_LINE and raw[-1:] != b"\n"
                rest = raw
                while long and rest and rest[-1:] != b"\n":
                    rest = file.readline(LONGEST_LINE)
                if long:
                    yield Row(number, trouble=_("这一行太长，读不下"), raw=_raw(raw[:LONGEST_RAW]))
                elif raw := raw.strip():
                    yield _row(number, raw)
        except (EOFError, OSError, zlib.error) as trouble:
            yield Row(number + 1, trouble=_("文件不完整，后面的内容读不出来：%(why)s", why=trouble))


def _row(line: int, raw: bytes) -> Row:
    try:
        values = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Row(line, trouble=_("不是 UTF-8 文字"), raw=_raw(raw))
    except (ValueError, RecursionError) as trouble:
        return Row(line, trouble=_("不是 JSON：%(why)s", why=str(trouble)[:200]), raw=_raw(raw))
    return _object(line, values, _raw(raw))


def _object(line: int, values: Any, raw: str) -> Row:
    if not isinstance(values, dict):
        return Row(line, trouble=_("这一行不是 JSON 对象"), raw=raw)
    if _REJECT.issuperset(values) and isinstance(values.get("row"), dict):
        values = values["row"]
    return Row(line, _flat(values))


def _flat(values: dict[str, Any], depth: int = DEEPEST) -> dict[str, Any]:
    """Facts of objects inside the object stand beside the others: citizen.contact.mobile is a phone."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and 0 < len(value) <= MOST_INSIDE and depth:
            flat |= {f"{name}.{inner}": held for inner, held in _flat(value, depth - 1).items()}
        else:
            flat[name] = value
    return flat


def _raw(raw: bytes) -> str:
    return raw[:LONGEST_RAW].decode("utf-8", "replace")


def _list_rows(path: Path) -> Iterator[Row]:
    """One list, held whole: so it must not be large."""
    with open_bytes(path) as file:
        held = file.read(LARGEST_LIST + 1)
    if len(held) > LARGEST_LIST:
        raise Refusal(_("%(file)s 太大，请改成每行一个对象的 jsonl。", file=path.name))
    try:
        told = json.loads(held.decode("utf-8-sig"))
    except (ValueError, RecursionError) as trouble:
        raise Refusal(_("%(file)s 不是 JSON：%(why)s", file=path.name, why=str(trouble)[:200])) from None
    for number, values in enumerate(told if isinstance(told, list) else _rows_in(told), 1):
        yield _object(number, values, json.dumps(values, ensure_ascii=False, default=str)[:LONGEST_RAW])
