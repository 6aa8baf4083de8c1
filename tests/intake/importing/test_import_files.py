"""Files as offices have them: encodings, packed, workbooks; their columns are guessed, or told."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing.headings import columns_of, read_map
from hotline.intake.importing.opening import open_book
from hotline.intake.importing.reading.encodings import encoding_of
from models import Ticket, TicketText
from tests.support.cities.imported import count, lines, numbered, only_ticket
from tests.support.cities.imported import taken as take


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_of_offices(installation: Installation, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes('编号,正文,联系电话\n1,"路灯不亮,\n很黑",138 0000 1111\n2,井盖丢了,\n'.encode(encoding))
    outcome = take(installation, file)
    assert (outcome.new, outcome.rejected) == (2, 0)
    with installation.readings() as db:
        assert db.scalars(select(TicketText.body).order_by(TicketText.ticket_id)).all() == [
            "路灯不亮,\n很黑",
            "井盖丢了",
        ]
        assert db.scalars(select(Ticket.contact_phone).order_by(Ticket.id)).all() == ["13800001111", None]


def test_a_long_file_of_half_cut_characters_is_still_known_as_utf_8(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(("正文\n" + "a" + "路" * 700_000).encode())
    assert encoding_of(file) == "utf-8-sig"


def test_tabs_and_semicolons_part_columns_too(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id;正文\n1;路灯不亮, 很黑\n", encoding="utf-8")
    take(installation, file)
    assert only_ticket(installation)[1].body == "路灯不亮, 很黑"


def test_a_gzipped_file_is_read_as_it_is(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in numbered(7))
    assert take(installation, file).new == 7


def test_excel_keeps_phone_numbers_and_dates_whole(installation: Installation, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["工单编号", "诉求内容", "联系电话", "受理时间"])
    sheet.append([20260301001, "路灯不亮", 13800001111, datetime(2026, 3, 1, 10, 0)])
    sheet.append([None, None, None, None])
    book.save(tmp_path / "a.xlsx")
    assert take(installation, tmp_path / "a.xlsx").read == 1
    ticket, text = only_ticket(installation)
    assert (ticket.outer_number, ticket.contact_phone) == ("20260301001", "13800001111")
    assert text.extra["happened_at"] == "2026-03-01T10:00:00+08:00"


@pytest.mark.parametrize(
    ("name", "content"), [("a.pdf", b"x"), ("a.xlsx", b"no workbook"), ("a.csv", b""), ("nowhere.jsonl", None)]
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    installation: Installation, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal) as refused:
        take(installation, tmp_path / name)
    assert name in refused.value.sentence
    assert count(installation) == 0


def test_columns_are_guessed_by_their_usual_names() -> None:
    assert columns_of(["工单编号", " 诉求内容 ", "Title", "来电号码"], {}).taken == {
        "outer_number": ("工单编号",),
        "body": (" 诉求内容 ",),
        "title": ("Title",),
        "phone": ("来电号码",),
    }


def test_what_a_person_says_goes_before_what_is_guessed() -> None:
    assert columns_of(["正文", "说的话", "电话"], {"body": "说的话", "phone": ""}).taken == {"body": ("说的话",)}


@pytest.mark.parametrize(("told", "says"), [({"body": "无此列"}, "无此列"), ({"weather": "正文"}, "weather")])
def test_a_mapping_that_leads_nowhere_is_refused(told: dict[str, str], says: str) -> None:
    with pytest.raises(Refusal, match=says):
        columns_of(["正文"], told)


def test_a_file_in_which_nothing_can_be_the_body_is_refused(installation: Installation, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="--map body"):
        take(installation, lines(tmp_path / "a.jsonl", [{"甲": "1", "乙": "2"}]))


def test_a_mapping_without_an_equals_sign_is_refused() -> None:
    assert read_map(["body=正文", "phone="]) == {"body": "正文", "phone": ""}
    with pytest.raises(Refusal, match="正文"):
        read_map(["正文"])


def test_a_wide_row_repeated_a_million_times_is_a_sentence_and_no_memory(tmp_path: Path) -> None:
    """V25. Four hundred bytes took three gigabytes."""
    wide = '<table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell>'
    again = f'<table:table-row table:number-rows-repeated="1000000">{wide}</table:table-row>'
    path = tmp_path / "a.fods"
    spaces = 'xmlns:office="o" xmlns:table="t" xmlns:text="x"'
    table = f'<table:table table:name="台账">{again * 50}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    path.write_text(f"<office:document {spaces}>{body}</office:document>", encoding="utf-8")
    (sheet,) = open_book(path).sheets
    tracemalloc.start()
    with pytest.raises(Refusal, match="同样的行重复了太多次"):
        sum(1 for _line in sheet.lines())
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()
