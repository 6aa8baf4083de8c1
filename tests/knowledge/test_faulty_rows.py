"""What of a file is none of its column's, and whose it is when it does not say so."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.knowledge.files import importing
from hotline.knowledge.files.rows import read_file
from models.store.hidden import ring_of
from tests.support.knowledge_book import Keepers
from tests.support.life import Life
from tests.support.make import HOTLINE
from tests.support.planted.matter_sheets import HEADS, matter_rows


@pytest.fixture
def keepers(db: Session, city: City, life: Life) -> Keepers:
    return Keepers(db, city)


def test_articles_without_a_column_for_the_unit_are_those_of_whoever_brings_them(
    life: Life, keepers: Keepers, tmp_path: Path
) -> None:
    """Before they are taken it is said whose they will be; who belongs to no unit hears which column is missing."""
    file, editor = "问题,电话答复,依据\n甲,乙,丙\n".encode(), keepers.people["editor"]
    run = importing.look(life.db, life.city, tmp_path, "a.csv", io.BytesIO(file), "article", editor, life.now)
    assert (run.good, life.city.units[HOTLINE].name in run.columns["unit"]) == (1, True)
    owner = importing.own_unit_of(life.db, run.by_id, life.city)
    (read,) = importing.read_again(life.city, tmp_path, run, ring_of(life.db.get_bind()), life.now, owner)
    assert read.unit == HOTLINE
    nobodys = replace(editor, unit_code=None)
    with pytest.raises(Refusal) as told:
        importing.look(life.db, life.city, tmp_path, "a.csv", io.BytesIO(file), "article", nobodys, life.now)
    assert "负责单位" in told.value.sentence


@pytest.mark.parametrize(
    ("heading", "said", "column"),
    [
        ("咨询电话", "打前台问", "咨询电话"),
        ("咨询电话", "9:00-17:00", "咨询电话"),
        ("咨询电话", "#####", "咨询电话"),
        ("办理时间", "0372-2550000", "办理时间"),
        ("办理时间", "看情况", "办理时间"),
        ("办理时间", "周一至周五9:00-27:00", "办理时间"),
        ("是否收费", "-20元", "是否收费"),
        ("实施编码", "=1+1", "实施编码"),
        ("实施编码", "第五号许可事项", "实施编码"),
        ("法定办结时限", "三十个工作日内", ""),
        ("承诺办结时限", "自受理之日起5个工作日内", ""),
        ("承诺办结时限", "三十个工作日内", "承诺办结时限"),
        ("法定办结时限", "-5", "法定办结时限"),
        ("实施编码", "１１４１０５００XK７", ""),
    ],
)
def test_a_cell_that_says_something_else_than_its_heading_is_named(
    city: City, tmp_path: Path, heading: str, said: str, column: str
) -> None:
    row = matter_rows(1_155)[0]
    row[HEADS.index(heading)] = said
    with xlsxwriter.Workbook(tmp_path / "一项.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADS)
        for at, cell in enumerate(row):
            sheet.write_string(1, at, str(cell))
    ((read,), _columns, _left) = read_file(tmp_path / "一项.xlsx", "matter", city, date(2026, 3, 4))
    assert (read.column, bool(read.trouble)) == (column, bool(column))


def test_what_somebody_hid_in_a_workbook_is_not_read_beside_what_he_shows(city: City, tmp_path: Path) -> None:
    """Else the list of last year, hidden behind this year's, would make doubles of all its rows."""
    shown, hidden = matter_rows(1_155)[:2], matter_rows(1_155)[:1]
    with xlsxwriter.Workbook(tmp_path / "两张.xlsx") as book:
        for name, rows in (("去年", hidden), ("今年", shown)):
            sheet = book.add_worksheet(name)
            for at, row in enumerate([list(HEADS), *rows]):
                sheet.write_row(at, 0, row)
        book.worksheets()[1].activate()
        book.worksheets()[0].hide()
    rows, _columns, _left = read_file(tmp_path / "两张.xlsx", "matter", city, date(2026, 3, 4))
    assert [(one.sheet, one.trouble) for one in rows] == [("今年", "")] * 2
