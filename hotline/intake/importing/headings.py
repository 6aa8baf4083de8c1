"""Which column of a foreign table is which fact of a matter: read from the headings, or told by the person who imports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.meanings import ALTERNATES, NAMES, meaning, plain
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.reading.no_matters import NoMatter, filled, texts_of
from hotline.intake.importing.reading.sheets import Line, Row, Sheet, Table

FACTS = tuple(NAMES)
LOOK_AT = 40
"""Headings stand within so many lines of the top."""
MOST_COLUMNS = 1_000
LONG_TEXT, MUCH_LONGER = 14, 2


@dataclass(frozen=True)
class ColumnMap:
    """taken: fact → its columns, the first one asked first. left: columns that are no fact of ours; they are kept as told.

    orders: column → the order of the numbers in its days ("mdy"), where the column shows it. year: of days that name none, 0
    where nothing around the table tells it.
    """

    taken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    orders: dict[str, str] = field(default_factory=dict)
    year: int = 0

    def first(self, fact: str) -> str:
        return self.taken.get(fact, ("",))[0]


def read_map(pairs: Iterable[str]) -> dict[str, str]:
    """`body=诉求 phone=` as a mapping. Raises Refusal for a pair without an equals sign."""
    told: dict[str, str] = {}
    for pair in pairs:
        fact, sign, column = pair.partition("=")
        if not sign:
            raise Refusal(_("--map 应写成 名称=列名，例如 body=诉求内容；不能是“%(pair)s”。", pair=pair[:60]))
        told[fact.strip()] = column.strip()
    return told


def columns_of(names: Sequence[str], told: Mapping[str, str]) -> ColumnMap:
    """Fact → columns. told: what the person said; an empty column there means "do not take this fact".

    Raises Refusal when a told column or fact does not exist.
    """
    have = {name.strip(): name for name in names} | {plain(name): name for name in names if plain(name)}
    _check(names, have, told)
    spoken = {have.get(column.strip()) or have[plain(column)] for column in told.values() if column}
    found: dict[str, list[tuple[int, int, str]]] = {}
    for at, name in enumerate(names):
        if name not in spoken and (means := meaning(name)) and means[0] not in told:
            found.setdefault(means[0], []).append((means[1], at, name))
    taken = {fact: tuple(name for _rank, _at, name in sorted(ones)) for fact, ones in found.items()}
    taken = {fact: ones if fact in ALTERNATES else _equals(ones) for fact, ones in taken.items()}
    taken |= {fact: (have.get(column.strip()) or have[plain(column)],) for fact, column in told.items() if column}
    used = {name for ones in taken.values() for name in ones}
    ordered = {fact: taken[fact] for fact in FACTS if fact in taken}
    return ColumnMap(ordered, tuple(name for name in names if name not in used))


def _equals(ones: tuple[str, ...]) -> tuple[str, ...]:
    """The best column, and those of the very same heading."""
    return tuple(name for name in ones if _bare(name) == _bare(ones[0]))


def _bare(name: str) -> str:
    return plain(name.rpartition(" (")[0] if name.endswith(")") else name)


def in_doubt(table: Table, mapping: ColumnMap, sample: Sequence[Row]) -> str:
    """Why a person must say which column holds the words; empty when that is clear."""
    if "body" in mapping.taken:
        return ""
    left = _long_texts(mapping.left, sample)
    best = max(left, key=lambda name: left[name], default="")
    where = _where(table)
    if "title" not in mapping.taken:
        hint = (
            _("最长的文字在“%(column)s”列。如果它就是诉求内容，请用 --map body=%(column)s 指明。", column=best)
            if best
            else _("请用 --map body=列名 指明；标题行不在这里的，请用 --heading-row 行号。")
        )
        return (
            _(
                "%(where)s：找不到哪一列是诉求内容（有这些列：%(columns)s）。",
                where=where,
                columns=_listed(table.columns),
            )
            + hint
        )
    titles = [text_of(row.values.get(mapping.first("title"))) for row in sample]
    usual = sum(map(len, titles)) / max(len(titles), 1)
    if len(titles) > 1 and len(set(titles)) == 1 and (told := _various(mapping.left, sample)):
        best, left = told, {told: LONG_TEXT + MUCH_LONGER * usual}
    if best and left[best] >= max(LONG_TEXT, MUCH_LONGER * usual):
        return _(
            "%(where)s：只认出了标题列“%(title)s”，“%(column)s”列的文字却长得多。"
            "它是诉求内容就用 --map body=%(column)s，不是就用 --map body=%(title)s。",
            where=where,
            title=mapping.first("title"),
            column=best,
        )
    return ""


def _various(names: Iterable[str], sample: Sequence[Row]) -> str:
    """The column left over whose words are never the same, where every row bears one title; empty when there is none."""
    for name in names:
        texts = [text_of(row.values.get(name)) for row in sample]
        if len(set(texts)) == len(texts) and all(re.search("[\u4e00-\u9fff]{3}", text) for text in texts):
            return name
    return ""


def _long_texts(names: Iterable[str], sample: Sequence[Row]) -> dict[str, float]:
    """Column → how long its texts are on average, for columns whose cells are words rather than codes."""
    found: dict[str, float] = {}
    for name in names:
        texts = [text for row in sample if (text := text_of(row.values.get(name)))]
        if texts and sum(any(sign.isalpha() for sign in text) for text in texts) * 2 > len(texts):
            found[name] = sum(map(len, texts)) / len(texts)
    return {name: length for name, length in found.items() if length >= 8}


def _where(table: Table) -> str:
    if not table.heading:
        return _("这个文件")
    if table.name:
        return _("工作表“%(sheet)s”第 %(line)d 行", sheet=table.name, line=table.heading)
    return _("第 %(line)d 行", line=table.heading)


def _listed(names: Iterable[str]) -> str:
    return "、".join(names)[:300]


def _check(names: Sequence[str], have: Mapping[str, str], told: Mapping[str, str]) -> None:
    unknown = sorted(set(told) - set(FACTS))
    if unknown:
        raise Refusal(
            _("没有“%(facts)s”这一项，可以指明的有：%(known)s。", facts="、".join(unknown), known="、".join(FACTS))
        )
    missing = [
        column for column in told.values() if column and column.strip() not in have and plain(column) not in have
    ]
    if missing:
        raise Refusal(
            _(
                "文件里没有“%(missing)s”这一列，有的是：%(columns)s。",
                missing="、".join(missing),
                columns=_listed(names),
            )
        )


# --- where the headings stand ------------------------------------------------------------------------------------------


def table_of(sheet: Sheet, heading_row: int = 0) -> Table | None:
    """The sheet under its headings; None when it is empty. heading_row: the line a person named, 0 to look for it.

    Raises Refusal when the named line is not there.
    """
    first = _first_lines(sheet, max(LOOK_AT, heading_row))
    if not first:
        return None
    if not (readable := [line for line in first if not line.trouble]):
        raise Refusal(
            _("%(sheet)s第 %(line)d 行：%(why)s", sheet=_named_sheet(sheet), line=first[0].number, why=first[0].trouble)
        )
    first = readable
    head = _head(first, _named(sheet, first, heading_row)) if heading_row else _stacked(first, _best(first))
    return Table(
        sheet.name,
        tuple(filter(None, head.names)),
        lambda: _rows(sheet, head),
        head.number,
        sheet.hidden,
        sheet.merged,
        title=" ".join(text for line in head.above for text in line),
    )


def _named_sheet(sheet: Sheet) -> str:
    return _("工作表“%(sheet)s”", sheet=sheet.name) if sheet.name else ""


def unlike(cells: Sequence[str]) -> list[str]:
    """Names of columns, each unlike the others: an equal one gets a number; a column without a name has none."""
    seen: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(cell.split())[:100]
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return names


def _first_lines(sheet: Sheet, most: int) -> list[Line]:
    found: list[Line] = []
    for line in sheet.lines():
        if line.number > most and found:
            break
        found.append(line)
        if len(found) >= most:
            break
    return found


def _named(sheet: Sheet, first: Sequence[Line], heading_row: int) -> Line:
    for line in first:
        if line.number == heading_row:
            return line
    raise Refusal(
        _(
            "%(sheet)s没有第 %(line)d 行，或者那一行是空的。",
            sheet=_named_sheet(sheet),
            line=heading_row,
        )
    )


def _best(first: Sequence[Line]) -> Line:
    """The line whose cells mean the most facts; where none means any, the first with more than one cell."""
    score, found = max(((_facts_in(line), -at) for at, line in enumerate(first)), default=(0, 0))
    if score >= 2 or (score == 1 and _is_plain(first[-found])):
        return first[-found]
    return next((line for line in first if filled(line) > 1), first[0])


@dataclass(frozen=True)
class Head:
    """number: the line of the headings, the last one where they take several. above: the lines up to there, as texts."""

    number: int
    names: list[str]
    above: frozenset[tuple[str, ...]]


def _head(first: Sequence[Line], line: Line, cells: Sequence[str] | None = None) -> Head:
    own = [text_of(cell) for cell in line.cells] if cells is None else cells
    above = frozenset(texts_of(one) for one in first if one.number <= line.number)
    return Head(line.number, unlike(own[:MOST_COLUMNS]), above)


def _stacked(first: Sequence[Line], line: Line) -> Head:
    """The headings, where groups of columns have a name of their own in the line above, or the columns in the line below."""
    at = next(n for n, one in enumerate(first) if one is line)
    last, cells = line, [text_of(cell) for cell in line.cells]
    if at and (both := _under([text_of(cell) for cell in first[at - 1].cells], cells)):
        cells = both
    if at + 1 < len(first) and (both := _under(cells, [text_of(cell) for cell in first[at + 1].cells])):
        last, cells = first[at + 1], both
    return _head(first, last, cells)


def _under(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Groups above, columns below, as one line of names; empty when the two lines are not that.

    A column of a group stands under nothing or under the group's name, one without a group stands above nothing or itself;
    and together they mean more than either alone. Cells of a matter are longer, or hold digits.
    """
    width = max(len(upper), len(lower))
    above, below = [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]
    if sum(map(bool, below)) < 2 or any(len(text) > 20 or re.search(r"\d{3}", text) for text in below):
        return []
    if not any(b and not a for a, b in zip(above, below, strict=True)):
        return []
    names: list[str] = []
    group = ""
    for one, name in zip(above, below, strict=True):
        group = one or (group if name else "")
        names.append(name or one if not (group and name) or group == name else _of_group(group, name))
    return names if _meant(names) > max(_meant(above), _meant(below)) else []


def _of_group(group: str, name: str) -> str:
    """A name and what it is of: the telephone of the citizen is not that of the office."""
    whole = f"{group}/{name}"
    return whole if meaning(whole) or len(name) <= 2 or meaning(name) is None else name


def _meant(texts: Iterable[str]) -> int:
    return len({means[0] for text in texts if 0 < len(text) <= 24 and (means := meaning(text))})


def _is_plain(line: Line) -> bool:
    return all(len(text_of(cell)) <= 20 for cell in line.cells)


def _facts_in(line: Line) -> int:
    return _meant(text_of(cell) for cell in line.cells)


# --- rows under their headings -----------------------------------------------------------------------------------------


def _with_its_commas(sheet: Sheet, names: Sequence[str], line: Line) -> Line:
    """Where the sign between cells is one of sentences, the words hold it as well: cells that are too many are put together again."""
    surplus = len(line.cells) - len(names)
    words = [at for at, name in enumerate(names) if (found := meaning(name)) and found[0] in ("body", "reply")]
    if not sheet.between or surplus <= 0 or len(words) != 1:
        return line
    at = words[0]
    whole = sheet.between.join(text_of(cell) for cell in line.cells[at : at + surplus + 1])
    return replace(line, cells=[*line.cells[:at], whole, *line.cells[at + surplus + 1 :]])


def _rows(sheet: Sheet, head: Head) -> Iterator[Row]:
    names = head.names
    stray = NoMatter(names, head.above)
    for line in sheet.lines():
        if line.number > head.number:
            yield _row(sheet, names, line, line.trouble or stray.why(line))


def _row(sheet: Sheet, names: Sequence[str], line: Line, trouble: str) -> Row:
    line = _with_its_commas(sheet, names, line)
    if not trouble and any(text_of(cell) for cell in line.cells[len(names) :]):
        trouble = _("这一行有 %(n)d 列，标题只有 %(m)d 列，可能少了引号", n=len(line.cells), m=len(names))
    nameless = {
        _("第 %(n)d 列", n=at + 1): cell
        for at, (name, cell) in enumerate(zip(names, line.cells, strict=False))
        if not name and text_of(cell)
    }
    values = {name: cell for name, cell in zip(names, line.cells, strict=False) if name} | nameless
    unkept = tuple(names[at] for at in line.unkept if at < len(names) and names[at])
    raw = line.raw or (",".join(map(text_of, line.cells)) if trouble else "")
    return Row(line.number, {} if line.trouble else values, trouble, raw, sheet.name, unkept)
