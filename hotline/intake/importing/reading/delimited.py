"""Tables written as text: comma, tab, semicolon or bar, in the encodings of Chinese offices, one record a line or more.

A quotation mark that is never closed costs its own row and no other: what was swallowed is read again, line by line.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from hotline.i18n import _
from hotline.intake.importing.meanings import meaning
from hotline.intake.importing.reading.cells import TORN, text_of
from hotline.intake.importing.reading.encodings import SHOWN, encoding_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet
from hotline.intake.importing.reading.sizes import open_bytes

DELIMITERS = (",", "\t", ";", "|", "，", "、", "^", "\x01")
_OF_SENTENCES = ("，", "、")
LONGEST_LINE = 2_000_000
"""Characters; of a longer line only the beginning is held."""
MOST_LINES = 400
"""More lines than this are no single record."""
LONGEST_RAW = 4_000
_NULL = "\\N"
"""How databases unload what is not there."""
_DRAWN = re.compile(r"[-=+|:\s]+")
_HINT = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def open_delimited(path: Path) -> Book:
    """Raises Refusal for an unknown encoding."""
    encoding = encoding_of(path)
    first = _first_lines(path, encoding)
    wrapped = _is_wrapped(first)
    delimiter = delimiter_of([_unwrapped(line) for line in first] if wrapped else first)
    between = delimiter if delimiter in _OF_SENTENCES else ""
    sheet = Sheet("", partial(_lines, path, encoding, delimiter, wrapped), between=between)
    return Book("csv", (sheet,), encoding=SHOWN[encoding], delimiter=delimiter)


def _first_lines(path: Path, encoding: str) -> list[str]:
    with _open(path, encoding) as file:
        return [line for _number, line, _long in islice(_physical(file), 60)]


def delimiter_of(first: Sequence[str]) -> str:
    """The one that the file names itself (`sep=`), else that under which the first lines mean the most and are most alike."""
    if first and (hint := _HINT.fullmatch(first[0])):
        return hint[1]
    return max(DELIMITERS, key=lambda sign: _likeness(first, sign))


def _likeness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    rows = [_cells(_without_frame(line) if delimiter == "|" else line, delimiter) for line in lines if line.strip()]
    means = max(
        (
            len({found[0] for cell in row if len(cell) <= 24 and (found := meaning(cell))})
            for row in rows
            if len(row) > 1
        ),
        default=0,
    )
    widths = Counter(len(row) for row in rows)
    width, often = widths.most_common(1)[0] if widths else (1, 0)
    return means, often if width > 1 else 0


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Whether somebody's table was written as text once more: most records are one quoted cell, and headings come out of it."""
    written = [line for line in lines if line.strip()]
    ends = [line for line in written if line[0] == line[-1] == '"' and _is_one_cell(line)]
    held = [_unwrapped(line) for line in ends]
    return 10 * len(ends) >= 8 * len(written) and max(_likeness(held, sign)[0] for sign in DELIMITERS[:4]) > 1


def _is_one_cell(line: str) -> bool:
    return all(len(_cells(line, sign)) == 1 for sign in DELIMITERS[:4])


def _unwrapped(line: str) -> str:
    return line.removeprefix('"').removesuffix('"').replace('""', '"')


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), []) if '"' in line else line.split(delimiter)
    except csv.Error:  # a quotation mark that is never closed, before more than anybody writes into one cell
        return line.split(delimiter)


def _open(path: Path, encoding: str) -> TextIO:
    return TextIOWrapper(cast(BinaryIO, open_bytes(path)), encoding=encoding, errors="hotline.torn", newline=None)


def _physical(file: TextIO) -> Iterator[tuple[int, str, bool]]:
    """Number and text of every line, and whether it was too long to be held."""
    number = 0
    try:
        while line := file.readline(LONGEST_LINE):
            number += 1
            long = len(line) == LONGEST_LINE and line[-1] != "\n"
            rest = line
            while long and rest and rest[-1] != "\n":
                rest = file.readline(LONGEST_LINE)
            yield number, line.rstrip("\n"), long
    except (EOFError, OSError, zlib.error):
        yield number + 1, TORN, False


def _lines(path: Path, encoding: str, delimiter: str, wrapped: bool) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_LINE * 2)
    with _open(path, encoding) as file:
        physical = _physical(file)
        yield from _Records(_out_of_wrapping(physical) if wrapped else physical, delimiter, SHOWN[encoding])


def _out_of_wrapping(physical: Iterator[tuple[int, str, bool]]) -> Iterator[tuple[int, str, bool]]:
    """What stands between one pair of marks is one record, also over several lines."""
    for number, text, long in physical:
        held = [text]
        while not _closed(held, ",") and len(held) < MOST_LINES and (following := next(physical, None)) is not None:
            held.append(following[1])
        yield number, _unwrapped("\n".join(held)), long


class _Records:
    """The records of a file; each is a line, or several when a quotation mark holds them together."""

    def __init__(self, physical: Iterator[tuple[int, str, bool]], delimiter: str, encoding: str):
        self.physical, self.delimiter, self.encoding = physical, delimiter, encoding
        self.again: list[tuple[int, str, bool]] = []
        self.width = 0

    def __iter__(self) -> Iterator[Line]:
        apart = False
        while (one := self._next()) is not None:
            number, text, long = one
            if (number == 1 and _HINT.fullmatch(text)) or _is_drawn(text):
                continue
            if self.delimiter == "|":
                text = _without_frame(text)
            if not text.strip(" \t" + self.delimiter):
                apart = True
                continue
            line = self._record(number, text, long)
            self.width = max(self.width, min(len(line.cells), 1_000)) if number < 60 else self.width
            yield line if not apart else Line(line.number, line.cells, line.trouble, line.raw, True)
            apart = False

    def _next(self) -> tuple[int, str, bool] | None:
        return self.again.pop(0) if self.again else next(self.physical, None)

    def _record(self, number: int, text: str, long: bool) -> Line:
        if long:
            return Line(number, trouble=_("这一行太长，读不下"), raw=text[:LONGEST_RAW])
        if '"' not in text:
            text = self._unescaped(number, text)
            return self._whole(number, text.split(self.delimiter), text)
        held = [text]
        while not _closed(held, self.delimiter):
            if len(held) >= MOST_LINES or (following := self._next()) is None:
                return self._broken(number, held)
            held.append(following[1])
        cells = _parse(held, self.delimiter)
        if cells is None or (len(held) > 1 and self._swallowed(held, cells)):
            return self._broken(number, held)
        return self._whole(number, cells, "\n".join(held))

    def _unescaped(self, number: int, text: str) -> str:
        """As databases unload: a line that ends with a backslash goes on in the next, where that fills the row."""
        held = [text]
        while _goes_on(held[-1]) and len(held) < MOST_LINES and (following := self._next()) is not None:
            held.append(following[1])
        joined = "\n".join([*(one[:-1] for one in held[:-1]), held[-1]])
        if len(held) > 1 and len(joined.split(self.delimiter)) == self.width > len(text.split(self.delimiter)):
            return joined
        self.again = [(number + at, one, False) for at, one in enumerate(held[1:], 1)] + self.again
        return text

    def _whole(self, number: int, cells: list[str], raw: str) -> Line:
        if TORN in raw:
            trouble = _("这一行有残缺的字（不是 %(encoding)s 的字节）", encoding=self.encoding)
            return Line(number, trouble=trouble, raw=raw.replace(TORN, "�")[:LONGEST_RAW])
        return Line(number, ["" if cell == _NULL else cell for cell in cells])

    def _broken(self, number: int, held: list[str]) -> Line:
        """The line with the open mark is wrong, with the short lines that belong to it; all others are read again."""
        mine = 1
        while mine < len(held) and len(_cells_bare(held[mine], self.delimiter)) < max(self.width, 2):
            mine += 1
        if mine == len(held):
            mine = len(held) if len(held) < MOST_LINES else 1
        self.again = [(number + at, text, False) for at, text in enumerate(held[mine:], mine)] + self.again
        return Line(number, trouble=_("引号没有成对，读不出这一行"), raw="\n".join(held[:mine])[:LONGEST_RAW])

    def _swallowed(self, held: list[str], cells: list[str]) -> bool:
        """Whether what one pair of quotation marks holds together are rows of the table: as wide, and beginning alike."""
        width = max(self.width, 2)
        if len(cells) > width or len(cells) < min(2, width):
            return True
        own = _shape(text_of(cells[0]))
        for text in held[1:]:
            parts = _cells_bare(text, self.delimiter)
            if _closes(parts[0]):
                continue
            if len(parts) == width and (width >= 5 or (own and _shape(parts[0].strip('" ')) == own)):
                return True
        return False


def _goes_on(text: str) -> bool:
    """An odd number of backslashes at the end escapes the end of the line."""
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _is_drawn(text: str) -> bool:
    """Whether a line is drawn, not written: ------, |---|---|, +====+."""
    return _DRAWN.fullmatch(text.strip()) is not None and ("---" in text or "===" in text)


def _without_frame(text: str) -> str:
    """| a | b | is two cells: a report that is drawn with bars has one on each side."""
    held = text.strip()
    return held[1:-1] if len(held) > 2 and held[0] == held[-1] == "|" else text


def _closed(held: list[str], delimiter: str) -> bool:
    """Whether every quotation mark that opens a cell is closed: an even number of them is, as the rule goes."""
    return sum(text.count('"') for text in held) % 2 == 0 or (len(held) == 1 and not _opens(held[0], delimiter))


def _opens(text: str, delimiter: str) -> bool:
    """A mark opens only at the beginning of a cell; 5" in the middle of words is an inch."""
    return text.lstrip(" ").startswith('"') or re.search(re.escape(delimiter) + r'\s*"', text) is not None


def _parse(held: list[str], delimiter: str) -> list[str] | None:
    """None when something other than the delimiter follows a closing mark: then marks are out of step."""
    text = "\n".join(held)
    try:
        rows = list(
            csv.reader(
                [text + "\n"] if len(held) == 1 else [one + "\n" for one in held],
                delimiter=delimiter,
                strict=True,
                skipinitialspace=True,
            )
        )
    except csv.Error:
        if len(held) > 1:
            return None
        rows = list(csv.reader([text], delimiter=delimiter))
        return rows[0] if len(rows) == 1 and not _opens_unclosed(text, delimiter) else None
    return rows[0] if len(rows) == 1 else None


def _opens_unclosed(text: str, delimiter: str) -> bool:
    return text.count('"') % 2 == 1 and _opens(text, delimiter)


def _closes(first: str) -> bool:
    """A mark that was opened on a line before is closed here: this is the rest of a cell, and no row."""
    return first.rstrip().endswith('"') and not first.lstrip().startswith('"')


def _cells_bare(text: str, delimiter: str) -> list[str]:
    return text.split(delimiter)


def _shape(text: str) -> str:
    """Letters and digits by kind: Q12 and Q7 are alike, words are not."""
    return (
        re.sub(r"\d+", "9", re.sub(r"[A-Za-z]+", "A", text))
        if re.fullmatch(r"[A-Za-z0-9\-_/]{1,40}", text) and any(map(str.isdigit, text))
        else ""
    )
