"""A table that is taken away runs nothing on the computer of who opens it, whoever wrote its cells, headings and sheets."""

from __future__ import annotations

import csv
import io

import pytest

from hotline.web.search.csv_files import CsvWriter, Digits
from tests.support.repository import ROOT

ATTACKS = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "+1+cmd",
    "-2+3",
    "\t=1+1",
    "\r=1",
    "\n=1",
    "＝1+1",
    " =1+1",
    "\ufeff=1+1",
    "\u200b@SUM(1)",
    "\u3000＋1",
    "﹦1+1",
    "\u200b﹫SUM(1)",
    "﹢1+cmd",
    "\u034f=1+1",
    "\ufe0f=1+1",
    "\u3164=1+1",
    "\u2800\u115f@SUM(1)",
    "=\u03381+1",
    "\u22122+3",
    "\u200b" * 200 + "=1+1",
]
HARMLESS = ["路灯=坏了", "-", "13800001234", "", "a@b.cn", "–", "（-5℃）"]


def written(*rows: list[object]) -> list[list[str]]:
    out = io.StringIO()
    CsvWriter(out).writerows(rows)
    return list(csv.reader(io.StringIO(out.getvalue())))


@pytest.mark.parametrize("attack", ATTACKS, ids=ascii)
def test_what_a_spreadsheet_would_run_stays_a_text(attack: str) -> None:
    """VH6."""
    assert written([attack])[0][0].startswith("'")


def test_everything_else_stays_as_it_is() -> None:
    assert written([*HARMLESS, -5, 0.25, Digits("0012")]) == [[*HARMLESS, "-5", "0.25", '="0012"']]


def test_no_page_writes_a_table_by_another_way() -> None:
    """VH6."""
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "hotline" / "web").rglob("*.py")
        if "csv.writer(" in path.read_text()
    }
    assert found == {"hotline/web/search/csv_files.py"}
