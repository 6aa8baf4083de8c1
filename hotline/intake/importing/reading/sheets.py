"""What every kind of file is read as: sheets of lines, and, once the headings are known, tables of rows.

A line that cannot be read is still a line: it comes out with the sentence that says why, so that nothing is lost in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """number: where it stands in its sheet, from 1. trouble: why it could not be read, empty when it could.

    apart: an empty line stands before it. unkept: places of formulas whose value the file does not hold.
    """

    number: int
    cells: list[Any] = field(default_factory=list)
    trouble: str = ""
    raw: str = ""
    apart: bool = False
    unkept: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """name: empty in a text file. lines may be asked for again and again: each time the file is read anew.

    between: the sign between the cells, where sentences have it too ("，"): then what is too much belongs to the words.
    """

    name: str
    lines: Callable[[], Iterator[Line]]
    hidden: bool = False
    merged: int = 0
    between: str = ""


@dataclass(frozen=True)
class Row:
    """One line under its headings. line: where it stands, from 1. goes_by: the number it was given when the whole file was read."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    trouble: str = ""
    raw: str = ""
    sheet: str = ""
    unkept: tuple[str, ...] = ()
    goes_by: str = ""


@dataclass(frozen=True)
class Table:
    """columns: the headings, each unlike the others. heading: the line they stand in, 0 when every row names its own.

    count: how many rows there are, where that is known beforehand. title: what stands above the rows, headings and all.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    heading: int = 1
    hidden: bool = False
    merged: int = 0
    count: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Book:
    """A file as it was understood. kind: csv, jsonl, json, xlsx, xls or html.

    sheets: to find headings in; tables: those that are ready.
    """

    kind: str
    sheets: tuple[Sheet, ...] = ()
    tables: tuple[Table, ...] = ()
    encoding: str = ""
    delimiter: str = ""
