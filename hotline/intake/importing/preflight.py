"""What was understood of a file before anything is taken from it: sheets, headings, columns, rows, and all that is doubtful.

What is doubtful is refused with one sentence that says sheet, row and column; what is merely odd is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from classifier.text.normalise import plain
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing import moments, outer_numbers, words
from hotline.intake.importing.arrivals import Arrival, Reader
from hotline.intake.importing.day_orders import order_of, triple_of, year_in
from hotline.intake.importing.headings import ColumnMap, columns_of, in_doubt, table_of
from hotline.intake.importing.opening import open_book
from hotline.intake.importing.reading.cells import is_error, says_nothing, text_of
from hotline.intake.importing.reading.sheets import Book, Row, Table
from hotline.intake.importing.wish import Wish

SAMPLE = 200
MOST_ASKED = 20_000
MOST_TOLD = 50
MOST_WORDS = 30
MOMENTS = ("happened_at", "closed_at", "replied_at")
WORDED = ("request_type", "channel", "urgency")


@dataclass
class SheetFound:
    """One sheet as it was understood. read: whether its rows are taken; why_not says why they are not.

    orders: column → the order of the numbers in its days (3/5/26), where the column shows it. year: of the yearless rows, 0
    where nothing around the table tells it.
    """

    name: str = ""
    read: bool = True
    why_not: str = ""
    heading_row: int = 0
    columns: dict[str, list[str]] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    wrong: int = 0
    year: int = 0
    yearless: int = 0
    hidden: bool = False
    merged_cells: int = 0
    formulas_without_value: int = 0
    error_cells: int = 0


@dataclass
class Understood:
    """good + wrong = rows. settled: rows that come in as history. twice_same, twice_other: rows with a number that another
    row of the file has too, with the same words or with others. without_number: placeholders, rounded ones and none."""

    file: str
    source: str
    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheets: list[SheetFound] = field(default_factory=list)
    rows: int = 0
    good: int = 0
    wrong: int = 0
    settled: int = 0
    without_number: int = 0
    rounded_numbers: int = 0
    twice_same: int = 0
    twice_other: int = 0
    unknown_words: dict[str, dict[str, int]] = field(default_factory=dict)
    wrong_rows: list[dict[str, Any]] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """The tables whose rows are taken, each with which column is what."""

    book: Book
    tables: tuple[tuple[Table, ColumnMap], ...]
    unread: tuple[SheetFound, ...] = ()

    def readers(self, wish: Wish, city: City, now: datetime) -> Iterator[tuple[Reader, Table]]:
        seen: Counter[str] = Counter()
        for table, mapping in self.tables:
            yield Reader(city, wish.manner, mapping, now, seen), table


def planned(wish: Wish, now: datetime) -> Plan:
    """Which tables of the file are taken, and how. Raises Refusal in doubt."""
    book = open_book(wish.path)
    tables = _tables(book, wish)
    taken: list[tuple[Table, ColumnMap]] = []
    unread: list[SheetFound] = []
    doubts: list[str] = []
    missing: list[Refusal] = []
    for table in tables:
        sample = list(islice(table.rows(), SAMPLE))
        try:
            mapping = columns_of(table.columns, wish.columns)
        except Refusal as refusal:
            missing.append(refusal)
            unread.append(
                SheetFound(table.name, False, refusal.sentence, table.heading, rows=len(sample), hidden=table.hidden)
            )
            continue
        if doubt := in_doubt(table, mapping, [row for row in sample if not row.trouble]):
            doubts.append(doubt)
            unread.append(SheetFound(table.name, False, doubt, table.heading, rows=len(sample), hidden=table.hidden))
        else:
            year = year_in(f"{table.name} {table.title}", wish.name)
            taken.append((table, replace(mapping, orders=_orders(table, mapping, sample, now), year=year)))
    _or_refuse(wish, tables, taken, doubts, missing)
    return Plan(book, tuple(taken), tuple(unread))


def _orders(table: Table, mapping: ColumnMap, sample: list[Row], now: datetime) -> dict[str, str]:
    """What the days of a column say together: 3/5/26 is read by its neighbours. In doubt more rows are asked."""
    found: dict[str, str] = {}
    for column in _dated(mapping):
        short = [row for row in sample if triple_of(plain(text_of(row.values.get(column))).strip())]
        if short:
            rows = islice(table.rows(), MOST_ASKED) if len(sample) == SAMPLE else iter(sample)
            found[column] = order_of((text_of(row.values.get(column)) for row in rows), now.date())
    return {column: order for column, order in found.items() if order}


def _dated(mapping: ColumnMap) -> list[str]:
    return [column for fact in MOMENTS for column in mapping.taken.get(fact, ())]


def tables_of(wish: Wish) -> list[Table]:
    """The tables of a file under their headings, whatever those mean. Raises Refusal when the file cannot be read."""
    return _tables(open_book(wish.path), wish)


def _tables(book: Book, wish: Wish) -> list[Table]:
    if book.tables:
        return list(book.tables)
    wanted = [sheet for sheet in book.sheets if not wish.sheet or sheet.name.strip() == wish.sheet.strip()]
    if not wanted:
        raise Refusal(
            _(
                "%(file)s 里没有工作表“%(sheet)s”，有的是：%(names)s。",
                file=wish.name,
                sheet=wish.sheet,
                names="、".join(one.name for one in book.sheets)[:300],
            )
        )
    tables = [table for sheet in wanted if (table := table_of(sheet, wish.heading_row)) is not None]
    if not tables:
        raise Refusal(_("文件是空的：%(file)s", file=wish.name))
    return tables


def _or_refuse(wish: Wish, tables: list[Table], taken: list[Any], doubts: list[str], missing: list[Refusal]) -> None:
    """One sheet in doubt among others that are clear is told; when none is clear, or one alone was asked for, it is refused."""
    if not taken and missing and not doubts:
        raise missing[0]
    if doubts and (not taken or wish.sheet):
        raise Refusal(doubts[0])
    if not taken:
        raise Refusal(
            _("文件是空的：%(file)s", file=wish.name) if not tables else _("%(file)s 里没有能读的表。", file=wish.name)
        )


Each = Callable[[int, Row, Arrival | None, str], None]
"""(place of its table, row, what it would become, why it is wrong): told of every row."""


def preflight(
    wish: Wish, city: City, now: datetime, each: Each = lambda _table, _row, _arrival, _why: None
) -> tuple[Plan, Understood]:
    """Read the whole file and say what it holds; nothing is written. Raises Refusal in doubt."""
    plan = planned(wish, now)
    found = Understood(wish.name, wish.provider, plan.book.kind, plan.book.encoding, plan.book.delimiter)
    looked = _Looked(found)
    for at, (reader, table) in enumerate(plan.readers(wish, city, now)):
        sheet = SheetFound(
            table.name,
            heading_row=table.heading,
            columns={fact: list(names) for fact, names in reader.mapping.taken.items()},
            left=list(reader.mapping.left),
            orders=dict(reader.mapping.orders),
            year=reader.mapping.year,
            hidden=table.hidden,
            merged_cells=table.merged,
        )
        found.sheets.append(sheet)
        for row in table.rows():
            each(at, row, *looked.at(reader, sheet, row))
    found.sheets += plan.unread
    return plan, found


class _Looked:
    """The rows gone through, and what they were."""

    def __init__(self, found: Understood):
        self.found = found
        self.numbers: dict[int, int] = {}

    def at(self, reader: Reader, sheet: SheetFound, row: Row) -> tuple[Arrival | None, str]:
        found = self.found
        found.rows += 1
        sheet.rows += 1
        sheet.formulas_without_value += len(row.unkept)
        sheet.yearless += any(moments.lacks_year(row.values.get(column)) for column in _dated(reader.mapping))
        sheet.error_cells += sum(
            isinstance(value, str) and value.startswith("#") and is_error(value.strip())
            for value in row.values.values()
        )
        try:
            arrival = reader.arrival(row)
        except Refusal as refusal:
            found.wrong += 1
            sheet.wrong += 1
            if len(found.wrong_rows) < MOST_TOLD:
                found.wrong_rows.append({"sheet": row.sheet, "line": row.line, "reason": refusal.sentence})
            return None, refusal.sentence
        found.good += 1
        found.settled += arrival.history is not None
        self._number(reader.mapping, row, arrival)
        self._words(reader.mapping, row)
        return arrival, ""

    def _number(self, mapping: ColumnMap, row: Row, arrival: Arrival) -> None:
        told = next(
            (text for column in mapping.taken.get("outer_number", ()) if (text := text_of(row.values.get(column)))), ""
        )
        if not outer_numbers.own_number(told):
            self.found.without_number += 1
            self.found.rounded_numbers += outer_numbers.is_rounded(told)
            return
        number, said = hash(arrival.contact.outer_number), hash(outer_numbers.print_of_words(arrival.contact.body))
        if number not in self.numbers:
            self.numbers[number] = said
        elif self.numbers[number] == said:
            self.found.twice_same += 1
        else:
            self.found.twice_other += 1

    def _words(self, mapping: ColumnMap, row: Row) -> None:
        for fact in WORDED:
            told = text_of(row.values.get(mapping.first(fact))) if fact in mapping.taken else ""
            if told and not says_nothing(told) and not words.word_of(fact, told):
                held = self.found.unknown_words.setdefault(fact, {})
                if told in held or len(held) < MOST_WORDS:
                    held[told[:40]] = held.get(told[:40], 0) + 1
