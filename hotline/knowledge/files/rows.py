"""One row of a file as one wording, or the sentence that says why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from classifier.text.normalise import plain
from classifier.text.numerals import number
from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.opening import open_book
from hotline.intake.importing.reading.cells import is_error, says_nothing, text_of
from hotline.intake.importing.reading.sheets import Book, Row
from hotline.knowledge.files.headings import FIELDS, tables_of
from hotline.knowledge.files.word import open_word
from hotline.knowledge.matters import GUIDE
from hotline.knowledge.wording import Wording, checked, lines_of
from hotline.tickets.vocabulary import CHANNELS

MOST_ROWS, MANY_COLUMNS = 5_000, 6
_BELOW = re.compile(
    r"\s*(?:(?:合|总|小)\s*计|共计|填[表报]人?|制表人?|审核人?|复核人?|联系人|备\s*注|说\s*明|注)\s*(?:[:：\d]|$)"
)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
"""A day as a spreadsheet counts it, where its cell has lost the look of a day: from 1954 to 2118."""
_SERIAL_ZERO = date(1899, 12, 30)
_NO_END = frozenset({"长期", "长期有效", "永久", "永久有效", "不限", "无期限", "未定"})
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+")
_ITEM = re.compile(r"^(?:\d{1,2}[.、．)）]|[(（]\d{1,2}[)）])\s*")
_AT_ONCE = re.compile("当场|即办|即时|立等|当日|告知承诺")
_LENGTH = re.compile(
    r"(?:自?受理(?:之日)?起|不超过)?\s*(\d{1,4}|[一二两三四五六七八九十百零〇]{1,6})\s*(个工作日|工作日|日|天|个月|月|小时|年)?(?:以内|之内|内)?"
)
_CODE = {"article": re.compile(r"[\w.\-/·() ]+"), "matter": re.compile(r"[0-9A-Za-z_.\-/]*\d[0-9A-Za-z_.\-/]*")}
PUBLIC, STAFF = (
    frozenset({"public", "公开", "市民", "公众", "也给市民"}),
    frozenset({"staff", "内部", "工作人员", "只给工作人员"}),
)


@dataclass(frozen=True)
class Read:
    """A row under its line; wording is None where trouble says why. unit: whose it is; column: in which of the file's the trouble is."""

    line: int
    sheet: str
    code: str
    unit: str
    wording: Wording | None
    trouble: str
    cells: dict[str, str] = field(default_factory=dict)
    column: str = ""


def open_file(path: Path) -> Book:
    """A workbook, a text table or a Word document. Raises Refusal."""
    return open_word(path) if path.name.lower().endswith(".docx") else open_book(path)


def read_file(
    path: Path, kind: str, city: City, today: date, owner: str = ""
) -> tuple[list[Read], dict[str, str], list[str]]:
    """Every row, the headings that were understood, and the columns left out. owner: whose articles are that have no column for
    their unit. Raises Refusal for a file that is none of ours."""
    tables = tables_of(open_file(path), kind, frozenset({"unit"}) if owner else frozenset())
    told = (row for table, columns in tables for row in _read_table(table.rows(), columns, kind, city, today, owner))
    rows = list(islice(told, MOST_ROWS + 1))  # a line repeated a million times is a few bytes of a file
    if len(rows) > MOST_ROWS:
        raise Refusal(_("一个文件最多 %(most)d 行，请分成几个文件。", most=MOST_ROWS), field="file")
    used = {field: name for _table, columns in tables for field, name in columns.items()}
    left = [name for table, columns in tables for name in table.columns if name not in columns.values()]
    return _once_each(rows, _heading("code", used, kind)), used, left


def _read_table(
    rows: Iterator[Row], columns: Mapping[str, str], kind: str, city: City, today: date, owner: str
) -> Iterator[Read]:
    given = {} if "unit" in columns or "body" in columns else {"unit": owner}
    for row in rows:
        told = {field: _said(row.values.get(name)) for field, name in columns.items()}
        if (row.trouble or any(told.values())) and not _below_the_list(row, len(columns)):
            yield _read_row(row, told | given, columns, kind, city, today)


def _below_the_list(row: Row, columns: int) -> bool:
    """A line of totals or of who filled it in: its words say so, or one cell of many is all that stands in it."""
    said = [text for value in row.values.values() if (text := _said(value))]
    alone = len(said) == 1 and columns >= MANY_COLUMNS
    return bool(said) and len(said) <= 3 and (alone or any(map(_BELOW.match, said)))


def _said(value: Any) -> str:
    text = text_of(value)
    return "" if says_nothing(text) and not is_error(text) else text


def _read_row(row: Row, told: dict[str, str], columns: Mapping[str, str], kind: str, city: City, today: date) -> Read:
    cells = {name: text_of(value) for name, value in row.values.items()}
    unit, wording, trouble, wrong = "", None, row.trouble, ""
    if not trouble:
        try:
            told["code"] = plain(told.get("code", ""))
            _as_a_person_wrote(told)
            _is_a_code(told["code"], kind)
            owner = "unit" if told.get("unit") or "body" not in told else "body"
            unit = unit_of(told.get(owner, ""), city, owner)
            wording = checked(_wording(told, kind, city), kind, city, today)
        except Refusal as refusal:
            trouble, wrong = refusal.sentence, _("、").join(_heading(one, columns, kind) for one in refusal.problems)
    return Read(row.line, row.sheet, told.get("code", "")[:64], unit, wording, trouble, cells, wrong)


def _as_a_person_wrote(told: Mapping[str, str]) -> None:
    """Raises Refusal where the spreadsheet put a word of its own: a complaint for a value, or a number that it has rounded."""
    for name, said in told.items():
        if is_error(said):
            raise Refusal(_("这一格是表格软件的错误“%(said)s”，不是内容。", said=said), field=name)
    if _ROUNDED.fullmatch(told.get("code", "")):
        raise Refusal(_("编号“%(code)s”被表格软件改短了，请把这一列设为文本再填。", code=told["code"]), field="code")


def _is_a_code(told: str, kind: str) -> None:
    """Raises Refusal for what is something else than a number: a formula, or the words of another column."""
    if told and not _CODE[kind].fullmatch(told):
        raise Refusal(_("“%(told)s”不像编号，请看看是不是填错了列。", told=told[:40]), field="code")


def _heading(field: str, columns: Mapping[str, str], kind: str) -> str:
    """As the file calls it, or as the template does where the file has no such column."""
    return columns.get(field) or FIELDS[kind].get(field, (field,))[0]


def unit_of(told: str, city: City, field: str) -> str:
    """A unit by its code or its name, with or without the city's before it. Raises Refusal."""
    if told in city.units:
        return told
    for unit in city.units.values():
        if told and (told == unit.name or (unit.name.startswith("市") and told == city.name + unit.name[1:])):
            return unit.code
    if not told:
        raise Refusal(_("没有写负责单位。"), field=field)
    raise Refusal(_("没有“%(told)s”这个单位，请写单位的全名或编码。", told=told[:40]), field=field)


def _wording(told: Mapping[str, str], kind: str, city: City) -> Wording:
    wording = Wording(
        title=told.get("title", ""),
        questions=lines_of(told.get("questions", "")),
        phone_answer=told.get("phone_answer", ""),
        text_answer=told.get("text_answer", ""),
        long_answer=told.get("long_answer", ""),
        category_code=_category(told.get("category_code", ""), city),
        source=told.get("source", ""),
        source_number=told.get("source_number", ""),
        source_clause=told.get("source_clause", ""),
        valid_from=day_of(told.get("valid_from", ""), "valid_from"),
        valid_until=_end_of(told.get("valid_until", "")),
        area=_area(told.get("area", ""), city),
        channels=_channels(told.get("channels", "")),
        audience=_audience(told.get("audience", ""), kind),
        links=lines_of(told.get("links", "")),
    )
    if kind == "matter":
        wording.guide = _guide(told)
    return wording


def _guide(told: Mapping[str, str]) -> dict[str, Any]:
    """Raises Refusal for limits that are no length of time, and for a promise that is longer than the law allows."""
    if not told.get("code"):
        raise Refusal(_("没有实施编码，无法和以后的更新对上。"), field="code")
    guide: dict[str, Any] = {key: told.get(key, "") for key in GUIDE if key != "papers"}
    guide["papers"] = [paper for one in lines_of(told.get("papers", "")) if (paper := _ITEM.sub("", one))]
    legal = guide["legal_limit"] = _limit(told, "legal", _("法定办结时限"))
    promised = guide["promised_limit"] = _limit(told, "promised", _("承诺办结时限"))
    if (long := _days(promised)) and (law := _days(legal)) and long > law:
        told_long = _("承诺办结时限（%(promised)s）比法定的（%(legal)s）还长。", promised=promised, legal=legal)
        raise Refusal(told_long, field="promised_limit")
    return guide


def _limit(told: Mapping[str, str], which: str, name: str) -> str:
    said = told.get(f"{which}_limit", "")
    found = _LENGTH.fullmatch(said)
    if said and found is None and not _AT_ONCE.search(said):
        unclear = _("%(name)s“%(said)s”看不懂，应如“5个工作日”或“当场办结”。", name=name, said=said[:30])
        raise Refusal(unclear, field=f"{which}_limit")
    return f"{said}{told.get(f'{which}_unit') or _('个工作日')}" if found and not found[2] else said


def _days(limit: str) -> int:
    """In working days, for comparing; 0 where it is told in other units."""
    found = _LENGTH.fullmatch(limit)
    return number(found[1]) if found and found[2] in ("个工作日", "工作日") else 0


def day_of(told: str, field: str | None = None) -> date | None:
    """Raises Refusal for words that are no day."""
    if not told:
        return None
    if _SERIAL.fullmatch(told):
        return _SERIAL_ZERO + timedelta(days=int(float(told)))
    found = _DAY.match(told)
    try:
        return date(*map(int, found.groups())) if found else datetime.fromisoformat(told).date()
    except ValueError:
        raise Refusal(_("“%(told)s”不是日期，应如 2026-12-31。", told=told[:30]), field=field) from None


def _end_of(told: str) -> date | None:
    return None if told in _NO_END else day_of(told, "valid_until")


def _category(told: str, city: City) -> str | None:
    """By its code, whose first nought a spreadsheet may have taken, or by its name."""
    code = told.split()[0] if told else ""
    code = code.zfill(4) if code.isdecimal() and code.zfill(4) in city.categories else code
    if not code or code in city.categories:
        return code or None
    named = [one.code for one in city.categories.values() if told in (one.name, one.name_en)]
    return named[0] if named else told


def _area(told: str, city: City) -> str | None:
    named = [one.code for one in city.areas.values() if told and (told == one.name or told in one.aliases)]
    return named[0] if named else told or None


def _channels(told: str) -> list[str]:
    names = {str(name): code for code, name in CHANNELS.items()}
    return [names.get(one, one) for one in re.split(r"[,，、\s]+", told) if one]


def _audience(told: str, kind: str) -> str:
    """A matter is published anyway; an article is for staff unless somebody says otherwise."""
    if told in PUBLIC:
        return "public"
    return "staff" if told in STAFF else told or ("public" if kind == "matter" else "staff")


def _once_each(rows: list[Read], column: str) -> list[Read]:
    """A number that stands there twice is a doubt: the second row is told."""
    seen: dict[str, int] = {}
    found: list[Read] = []
    for one in rows:
        if one.code and not one.trouble and one.code in seen:
            trouble = _("编号“%(code)s”和第 %(line)d 行重复。", code=one.code, line=seen[one.code])
            one = Read(one.line, one.sheet, one.code, one.unit, None, trouble, one.cells, column)
        if not one.trouble:
            seen.setdefault(one.code, one.line)
        found.append(one)
    return found
