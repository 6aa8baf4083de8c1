"""What was found leaves as a file: masked, with a reason, in the book."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.intake.importing.preflight import planned
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.wish import Wish
from hotline.web.search import export as search_export
from hotline.web.search.export_columns import COLUMNS
from models import Audit
from tests.support.life import Life
from tests.web.search.found import Browse, made


def exported(client: FlaskClient, kind: str = "csv", **more: Any) -> Any:
    return client.post("/search/export", data={"q": "路灯", "format": kind, "reason": "月度分析", **more})


def test_a_csv_opens_in_excel_is_masked_and_says_what_it_leaves_out(life: Life, desk: FlaskClient) -> None:
    one = life.ticket(phone="13812345678", name="王建国", words="路灯坏了，请联系13812345678。")
    life.db.commit()
    answer = exported(desk)
    assert answer.status_code == 200 and answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][0] == "工单号" and rows[1][0] == f'="{one.number}"'
    assert "13812345678" not in answer.text and "王建国" not in answer.text and "138****5678" in answer.text
    assert "全部在内" in answer.text and "月度分析" in answer.text and "密封" in answer.text


def test_an_xlsx_holds_the_same_and_a_sheet_that_explains(life: Life, desk: FlaskClient) -> None:
    one = life.ticket(words="路灯坏了。")
    life.db.commit()
    with zipfile.ZipFile(io.BytesIO(exported(desk, "xlsx").data)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    assert one.number in text and "月度分析" in text and "说明" in text


def test_a_text_that_looks_like_a_formula_stays_a_text(life: Life, desk: FlaskClient) -> None:
    """VH6."""
    life.ticket(title="=HYPERLINK(1) 路灯", words="路灯坏了。")
    life.db.commit()
    assert "'=HYPERLINK" in exported(desk).text


@pytest.mark.parametrize("sign", ["＝", "＋", "－", "＠", "=", "+", "-", "@"])
def test_wide_signs_of_formulas_are_guarded_too(life: Life, desk: FlaskClient, sign: str) -> None:
    """VH6: Found outside: I17."""
    life.ticket(title=f"{sign}cmd 路灯", words="路灯坏了。")
    life.db.commit()
    assert f"'{sign}cmd" in exported(desk).text


def test_numbers_and_codes_stay_text_and_our_own_import_reads_them_back(
    life: Life, desk: FlaskClient, tmp_path: Path
) -> None:
    """Found outside: I13, I17."""
    one = life.ticket(title="+86 打不通的路灯", words="路灯坏了。", category="0204")
    life.db.commit()
    answer = exported(desk)
    assert '"=""0204"""' in answer.text
    (tmp_path / "导出.csv").write_bytes(answer.data)
    ((table, columns),) = planned(Wish(tmp_path / "导出.csv"), datetime(2026, 3, 4, tzinfo=UTC)).tables
    good = [row for row in table.rows() if not row.trouble]
    assert [text_of(row.values[columns.first("outer_number")]) for row in good] == [one.number]
    assert [text_of(row.values[columns.first("title")]) for row in good] == ["+86 打不通的路灯"]
    assert sum(bool(row.trouble) for row in table.rows()) == 6, "the notes below the table are told and are no tickets"


def test_every_export_is_in_the_book_without_the_number_looked_for(life: Life, desk: FlaskClient) -> None:
    life.ticket(phone="13812345678")
    life.db.commit()
    exported(desk, q="13812345678")
    written = life.db.scalars(select(Audit).where(Audit.action == "export")).one()
    assert written.actor_id == life.staff["du"].id and written.detail["reason"] == "月度分析"
    assert "13812345678" not in f"{written.subject}{written.detail}"


def test_an_export_without_a_reason_is_refused_and_not_made(life: Life, desk: FlaskClient) -> None:
    life.ticket()
    life.db.commit()
    answer = exported(desk, reason=" ")
    assert answer.status_code == 400 and "请写明用途" in answer.text
    assert life.db.scalar(select(Audit.id).where(Audit.action == "export")) is None


def test_an_export_ends_at_its_limit_and_says_so(
    life: Life, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(life, *(f"路灯{n}" for n in range(5)))
    monkeypatch.setattr(search_export, "MOST", 3)
    monkeypatch.setattr(search_export, "CHUNK", 2)
    for kind in ("csv", "xlsx"):
        assert exported(desk, kind).status_code == 200
    text = exported(desk).text
    assert len(re.findall(r'^"=""\d{12}""",', text, re.M)) == 3 and "更早的没有导出" in text


def test_a_file_holds_the_columns_that_were_chosen_and_by_itself_all_of_them(life: Life, desk: FlaskClient) -> None:
    """27 fixed columns, without signing, first contact, reply or rating. Found at the desks: F14."""
    closed = life.to("closed")
    life.db.commit()
    few = list(csv.DictReader(io.StringIO(exported(desk, column=["number", "signed", "result"]).text.lstrip("\ufeff"))))
    assert list(few[0]) == ["工单号", "签收时间", "对结果"]
    row = next(one for one in few if closed.number in (one["工单号"] or ""))
    assert row["签收时间"] and row["对结果"] == "非常满意"
    whole = next(iter(csv.DictReader(io.StringIO(exported(desk).text.lstrip("\ufeff")))))
    assert {"签收时间", "先行联系时间", "答复时间", "答复结果", "市民说解决了吗", "对结果", "对态度"} <= whole.keys()
    assert len(whole) == len(COLUMNS)


def test_a_year_of_a_city_fits_into_one_file() -> None:
    """50,000 rows a file, while a city makes up to 155,000 dispatched tickets a year; a sheet holds 1,048,576 rows. Found at the desks: F14."""
    assert 155_000 * 5 < search_export.MOST < 1_048_576 - 1


@pytest.mark.parametrize("login", ["an", "he", "mei", "hui"])
def test_those_who_may_not_export_are_told_so(life: Life, browse: Browse, login: str) -> None:
    assert exported(browse(life.staff[login])).status_code == 403


def test_a_unit_leader_exports_only_the_units_own(life: Life, browse: Browse) -> None:
    mine, other = life.to("handling"), life.ticket(phone="13900000000", words="别处的路灯坏了。")
    life.db.commit()
    text = exported(browse(life.staff["hejt"])).text
    assert mine.number in text and other.number not in text
