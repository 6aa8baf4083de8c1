"""One worksheet of an xlsx file as lines, read as a stream: every cell that is there, whatever the sheet says of its own size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from hotline.intake.importing.reading.cells import unescaped
from hotline.intake.importing.reading.sheets import Line

CHUNK = 1 << 16
LONGEST_CELL = 1_000_000
LAST_COLUMN = 16_384
_COLUMN = re.compile(r"([A-Z]{1,3})(\d+)")
Value = Callable[[str, str, int], Any]
"""(kind, text, style) → what the cell says."""


class UnsafeXml(ValueError):
    """The part declares a document type: no spreadsheet needs one, entity bombs do."""


def parts_of(
    stream: IO[bytes],
    on_start: Callable[[str, dict[str, str]], None],
    on_end: Callable[[str], None],
    on_text: Callable[[str], None],
) -> Iterator[None]:
    """Feed an XML part to its listeners, a chunk at a time. Raises expat.ExpatError and UnsafeXml."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, held: on_start(name.rpartition(":")[2], held)
    parser.EndElementHandler = lambda name: on_end(name.rpartition(":")[2])
    parser.CharacterDataHandler = on_text
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse(*_declared: Any) -> None:
    raise UnsafeXml


@dataclass
class _Cell:
    column: int
    kind: str
    style: int
    formula: bool = False
    told: bool = False
    text: list[str] = field(default_factory=list)
    length: int = 0


@dataclass
class _Reader:
    """What the parser tells, gathered into lines."""

    value: Value
    merged: Mapping[int, Sequence[tuple[int, int]]]
    ready: list[Line] = field(default_factory=list)
    number: int = 0
    cells: dict[int, Any] = field(default_factory=dict)
    unkept: list[int] = field(default_factory=list)
    cell: _Cell | None = None
    listening: bool = False
    spoken: bool = False
    filling: dict[int, tuple[int, Any]] = field(default_factory=dict)
    last_filled: int = 0
    trouble: bool = False

    def start(self, name: str, held: dict[str, str]) -> None:
        if name == "c":
            self.cell = _Cell(self._column(held.get("r", "")), held.get("t", "n"), int(held.get("s") or 0))
        elif name == "row":
            told = held.get("r", "")
            self.number = int(told) if told.isdecimal() else self.number + 1
            self.cells, self.unkept, self.trouble = {}, [], False
        elif self.cell is not None and name == "f":
            self.cell.formula = True
        elif self.cell is not None and (name == "v" or (name == "t" and not self.spoken)):
            self.listening = self.cell.told = True
        elif name == "rPh":
            self.spoken = True

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.listening = False
        elif name == "rPh":
            self.spoken = False
        elif name == "c" and self.cell is not None:
            self._keep(self.cell)
            self.cell = None
        elif name == "row":
            self._finish()

    def text(self, told: str) -> None:
        if self.listening and self.cell is not None:
            self.cell.length += len(told)
            if self.cell.length <= LONGEST_CELL:
                self.cell.text.append(told)
            else:
                self.trouble = True

    def _column(self, told: str) -> int:
        if found := _COLUMN.fullmatch(told):
            at = 0
            for letter in found[1]:
                at = at * 26 + ord(letter) - 64
            return at - 1
        return max(self.cells, default=-1) + 1

    def _keep(self, cell: _Cell) -> None:
        text = "".join(cell.text)
        if cell.formula and not text and cell.kind != "str":
            self.unkept.append(cell.column)
            self.cells[cell.column] = None
        elif cell.column < LAST_COLUMN:
            self.cells[cell.column] = self.value(
                cell.kind, unescaped(text) if cell.kind in ("inlineStr", "str") else text, cell.style
            )

    def _finish(self) -> None:
        self._fill()
        if not any(value not in (None, "") for value in self.cells.values()) and not self.unkept and not self.trouble:
            return
        cells = [self.cells.get(at) for at in range(max(self.cells, default=-1) + 1)]
        self.ready.append(
            Line(
                self.number,
                cells,
                apart=bool(self.last_filled) and self.number > self.last_filled + 1,
                unkept=tuple(self.unkept),
                trouble="long" if self.trouble else "",
            )
        )
        self.last_filled = self.number

    def _fill(self) -> None:
        """A cell merged over several rows counts for all of them."""
        for column, (last, value) in list(self.filling.items()):
            if self.number > last:
                del self.filling[column]
            elif self.cells and self.cells.get(column) in (None, ""):
                self.cells[column] = value
        for column, last in self.merged.get(self.number, ()):
            if self.cells.get(column) not in (None, ""):
                self.filling[column] = (last, self.cells[column])


def lines_of(stream: IO[bytes], value: Value, merged: Mapping[int, Sequence[tuple[int, int]]]) -> Iterator[Line]:
    """The lines that say anything. merged: first row → (column, last row) of what is merged downwards."""
    reader = _Reader(value, merged)
    for _step in parts_of(stream, reader.start, reader.end, reader.text):
        yield from reader.ready
        reader.ready.clear()


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')


def merged_in(stream: IO[bytes]) -> dict[int, list[tuple[int, int]]]:
    """What is merged downwards; it stands behind the cells, so it is looked for before they are read."""
    found: dict[int, list[tuple[int, int]]] = {}
    held = b""
    while chunk := stream.read(1 << 20):
        held += chunk
        for left, top, _right, bottom in _MERGED.findall(held):
            if int(bottom) > int(top):
                found.setdefault(int(top), []).append((_number(left.decode()), int(bottom)))
        cut = held.rfind(b"<")
        held = held[cut:][-500:] if cut >= 0 else held[-500:]
    return found


def _number(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1
