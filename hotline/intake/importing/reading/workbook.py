"""Excel workbooks (xlsx), as Excel, WPS and the libraries of other systems write them, with what each of them leaves out or gets wrong."""

# ruff: noqa: DTZ001 (a spreadsheet knows no zones)
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.reading.cells import unescaped, whole_number
from hotline.intake.importing.reading.sheet_xml import UnsafeXml, lines_of, merged_in, parts_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet
from hotline.intake.importing.reading.sizes import LARGEST_TEXTS, measured_zip
from hotline.tickets.privacy.file_kinds import TORN_ZIP

MOST_SHEETS = 200
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!h|m|s|hh|mm|ss)[^\]]*\]', re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[ymdhs年月日时分秒上下]", re.IGNORECASE)


@dataclass
class _Parts:
    """What the sheets of one workbook share."""

    path: Path
    book: ZipFile
    texts: list[str] = field(default_factory=list)
    dates: frozenset[int] = frozenset()
    from_1904: bool = False


def open_workbook(path: Path) -> Book:
    """Raises Refusal with one sentence for whatever is wrong with the file as a whole."""
    with _one_sentence(path):
        parts = _Parts(path, measured_zip(path))
        names = {info.filename.replace("\\", "/").lstrip("/").lower(): info.filename for info in parts.book.infolist()}
        root = next((name for name in names if name.endswith("xl/workbook.xml")), "")
        if not root:
            raise Refusal(_("%(file)s 不是 xlsx 工作簿，请用 Excel 或 WPS 另存为 xlsx。", file=path.name))
        folder = root.removesuffix("workbook.xml")
        targets = _targets(parts, names, folder)
        listed = _listed(parts, names[root])
        if len(listed) > MOST_SHEETS:
            raise Refusal(
                _(
                    "%(file)s 有 %(n)d 个工作表，太多了（最多 %(most)d 个），没有读入。",
                    file=path.name,
                    n=len(listed),
                    most=MOST_SHEETS,
                )
            )
        parts.texts = _texts(parts, names.get(f"{folder}sharedstrings.xml", ""))
        parts.dates = _dates(parts, names.get(f"{folder}styles.xml", ""))
        sheets = [
            _sheet(parts, name, names[target], hidden)
            for name, key, hidden in listed
            if (target := targets.get(key, "")) in names and "worksheets/" in target
        ]
    return Book("xlsx", tuple(sheets))


@contextmanager
def _one_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except UnsafeXml:
        raise Refusal(_unsafe(path)) from None
    except (
        expat.ExpatError,
        KeyError,
        *TORN_ZIP,
    ) as trouble:
        raise Refusal(
            _(
                "打不开这个 Excel 文件：%(file)s（%(why)s）",
                file=path.name,
                why=str(trouble)[:120] or type(trouble).__name__,
            )
        ) from trouble


def _unsafe(path: Path) -> str:
    return _("%(file)s 里有不安全的内容（自定义实体），没有读入。", file=path.name)


def _sheet(parts: _Parts, name: str, part: str, hidden: bool) -> Sheet:
    with parts.book.open(part) as stream:
        merged = merged_in(stream)
    return Sheet(name, partial(_lines, parts, part, merged), hidden, sum(map(len, merged.values())))


def _lines(parts: _Parts, part: str, merged: Mapping[int, list[tuple[int, int]]]) -> Iterator[Line]:
    """Broken in the middle, the rest is told as one line that cannot be read: what stands before it has come in."""
    last = 0
    try:
        with parts.book.open(part) as stream:
            for line in lines_of(stream, partial(_value, parts), merged):
                last = line.number
                yield replace(line, trouble=_("这一行有太长的单元格，读不下")) if line.trouble else line
    except UnsafeXml:
        raise Refusal(_unsafe(parts.path)) from None
    except (expat.ExpatError, *TORN_ZIP) as trouble:
        yield Line(
            last + 1,
            trouble=_("文件不完整，后面的内容读不出来：%(why)s", why=str(trouble)[:120] or type(trouble).__name__),
        )


def _value(parts: _Parts, kind: str, text: str, style: int) -> Any:
    if kind == "s":
        at = int(text or -1)
        return parts.texts[at] if 0 <= at < len(parts.texts) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(text, text)
    if kind in ("n", "") and text:
        return _number(parts, text, style)
    return text


def _number(parts: _Parts, text: str, style: int) -> Any:
    try:
        number = float(text)
    except ValueError:
        return text
    if style in parts.dates and 0 <= number < 2_958_466:
        return _moment(number, parts.from_1904)
    plain = text.strip()
    return plain if plain.lstrip("-").isdigit() and len(plain) <= 15 else whole_number(number)


def _moment(number: float, from_1904: bool) -> datetime | time:
    seconds = round(number * 86_400)
    if seconds < 86_400:
        return (datetime(1900, 1, 1) + timedelta(seconds=seconds)).time()
    return (datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)) + timedelta(seconds=seconds)


# --- the parts of a workbook -------------------------------------------------------------------------------------------


def _walk(
    stream: IO[bytes],
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None] = lambda _n: None,
    on_text: Callable[[str], None] = lambda _t: None,
) -> None:
    for _step in parts_of(stream, on_start, on_end, on_text):
        pass


def _listed(parts: _Parts, part: str) -> list[tuple[str, str, bool]]:
    """(name, relation, hidden) of each sheet, in the order of the tabs."""
    found: list[tuple[str, str, bool]] = []

    def start(name: str, held: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for key, value in held.items() if key == "id" or key.endswith(":id")), "")
            found.append((held.get("name", ""), key, held.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            parts.from_1904 = held.get("date1904", "").lower() in ("1", "true", "on")

    with parts.book.open(part) as stream:
        _walk(stream, start)
    return found


def _targets(parts: _Parts, names: Mapping[str, str], folder: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def start(name: str, held: dict[str, str]) -> None:
        if name == "Relationship":
            target = held.get("Target", "").replace("\\", "/")
            found[held.get("Id", "")] = (
                target.lstrip("/") if target.startswith("/") else folder + target.removeprefix("./")
            ).lower()

    if relations := names.get(f"{folder}_rels/workbook.xml.rels"):
        with parts.book.open(relations) as stream:
            _walk(stream, start)
    return found


def _texts(parts: _Parts, part: str) -> list[str]:
    """The workbook's table of texts. Reading aids (rPh) are no part of them."""
    if not part:
        return []
    if parts.book.getinfo(part).file_size > LARGEST_TEXTS:
        raise Refusal(_("%(file)s 的文字太多，一次读不下，请分成几个文件，或另存为 csv。", file=parts.path.name))
    found: list[str] = []
    held: list[str] = []
    state = {"listening": False, "aid": False}

    def start(name: str, _held: dict[str, str]) -> None:
        if name == "si":
            held.clear()
        elif name == "rPh":
            state["aid"] = True
        elif name == "t":
            state["listening"] = not state["aid"]

    def end(name: str) -> None:
        if name == "si":
            found.append(unescaped("".join(held)))
        elif name == "rPh":
            state["aid"] = False
        elif name == "t":
            state["listening"] = False

    with parts.book.open(part) as stream:
        _walk(stream, start, end, lambda text: held.append(text) if state["listening"] else None)
    return found


def _dates(parts: _Parts, part: str) -> frozenset[int]:
    """The styles that show a number as a date or a time. Nothing else of the styles is looked at, so nothing else can be wrong."""
    if not part:
        return frozenset()
    own: set[int] = set()
    styles: list[int] = []
    state = {"cells": False}

    def start(name: str, held: dict[str, str]) -> None:
        if (
            name == "numFmt"
            and _DATE_SIGNS.search(_LITERAL.sub("", held.get("formatCode", "")))
            and held.get("formatCode", "") != "General"
        ):
            own.add(int(held.get("numFmtId") or -1))
        elif name == "cellXfs":
            state["cells"] = True
        elif name == "xf" and state["cells"]:
            styles.append(int(held.get("numFmtId") or 0))

    def end(name: str) -> None:
        if name == "cellXfs":
            state["cells"] = False

    with parts.book.open(part) as stream:
        _walk(stream, start, end)
    return frozenset(at for at, number in enumerate(styles) if number in DATE_FORMATS or number in own)
