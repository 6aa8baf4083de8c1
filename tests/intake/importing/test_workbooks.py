"""Workbooks come in whole, whatever they say of themselves and whoever wrote them."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing.opening import open_book
from hotline.intake.importing.preflight import planned
from hotline.intake.importing.reading.sheets import Row
from hotline.intake.importing.wish import Wish
from hotline.settings import ROOT
from tests.support.cities.imported import Take, by_number, tickets
from tests.support.papers import books, old_book

HEADS = ["工单编号", "诉求内容", "联系电话"]


def rows(n: int, name: str = "A") -> list[list[str]]:
    return [[f"{name}{i}", f"第 {i} 盏路灯不亮", f"138{i:08d}"] for i in range(1, n + 1)]


@pytest.mark.parametrize("dimension", ["A1", "A1:C3", "A1:XFD1048576", ""])
def test_all_rows_come_in_whatever_the_sheet_says_of_its_size(take: Take, tmp_path: Path, dimension: str) -> None:
    """Found outside: I1."""
    book = books.write(tmp_path / "a.xlsx", {"工单": books.sheet([HEADS, *rows(20)], dimension=dimension)})
    assert take(book).new == 20


def test_an_empty_fill_in_the_styles_harms_nobody(take: Take, tmp_path: Path) -> None:
    """Found outside: I8."""
    book = books.write(
        tmp_path / "a.xlsx",
        {"工单": books.sheet([HEADS, *rows(3)])},
        styles="<styleSheet><fills><fill/></fills><nonsense/></styleSheet>",
    )
    assert take(book).new == 3


def test_every_sheet_with_matters_is_read_and_the_others_are_named(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I3."""
    book = books.write(
        tmp_path / "a.xlsx",
        {
            "一月": books.sheet([HEADS, *rows(3, "Y")]),
            "二月": books.sheet([HEADS, *rows(5, "E")]),
            "空": books.sheet([]),
            "说明": books.sheet([["本表由系统导出"], ["联系科室", "信息科"]]),
        },
    )
    outcome = take(book)
    assert outcome.new == 8
    assert outcome.understood is not None
    assert [(one.name, one.read) for one in outcome.understood.sheets] == [
        ("一月", True),
        ("二月", True),
        ("说明", False),
    ]
    assert "说明" in outcome.understood.sheets[2].why_not


def test_one_sheet_may_be_asked_for_by_name(take: Take, tmp_path: Path) -> None:
    book = books.write(
        tmp_path / "a.xlsx", {"一月": books.sheet([HEADS, *rows(3, "Y")]), "二月": books.sheet([HEADS, *rows(5, "E")])}
    )
    assert take(book, sheet="二月").new == 5
    with pytest.raises(Refusal, match=r"三月.*一月、二月"):
        take(book, sheet="三月")


def test_headings_are_found_below_titles_and_a_merged_title_means_nothing(take: Take, tmp_path: Path) -> None:
    """Found outside: I3."""
    table = [["某市 12345 热线工单明细表（3 月）"], ["统计时间：2026-03-31", None, "制表：信息科"], [], HEADS, *rows(3)]
    assert take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table, merged=["A1:C1"])})).new == 3


def test_a_person_may_say_in_which_line_the_headings_stand(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    table = [["编号", "内容"], ["第一组", "第二组"], ["甲", "乙"], ["1", "路灯不亮了好几天"]]
    book = books.write(tmp_path / "a.xlsx", {"表": books.sheet(table)})
    with pytest.raises(Refusal, match="工作表“表”没有第 9 行"):
        take(book, heading_row=9)
    with pytest.raises(Refusal, match=r"工作表“表”第 3 行.*--map body=乙"):
        take(book, heading_row=3)
    assert take(book, heading_row=3, columns={"body": "乙"}).new == 1


def test_dates_times_and_numbers_are_what_the_sheet_shows(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I12."""
    table = [
        ["工单编号", "诉求内容", "来电日期", "来电时间"],
        [20260315000001, "路灯不亮", (46096, books.DAY), (0.604166666666667, books.CLOCK)],
        [2.0260315000002e13, "井盖丢了", (46096.6041666667, books.MOMENT), None],
        [2026031500000123456, "停水", 46096.6041666667, None],
    ]
    take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table)}))
    held = tickets(installation)
    assert [ticket.outer_number for ticket, _t in held][:2] == ["20260315000001", "20260315000002"]
    assert str(held[2][0].outer_number).startswith("sha-"), (
        "eighteen digits were rounded by the spreadsheet: they are nobody's number"
    )
    assert {datetime.fromisoformat(text.extra["happened_at"]) for _t, text in held} == {
        datetime(2026, 3, 15, 6, 30, tzinfo=UTC)
    }


def test_a_cell_merged_over_rows_counts_for_each_of_them(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I13."""
    table = [
        HEADS,
        ["M1", "路灯不亮", "13800010001"],
        ["M2", "井盖丢了", None],
        ["M3", "停水", None],
        ["M4", "停电", None],
    ]
    outcome = take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table, merged=["C2:C4"])}))
    assert [ticket.contact_phone for ticket, _t in tickets(installation)] == ["13800010001"] * 3 + [None]
    assert outcome.understood is not None
    assert outcome.understood.sheets[0].merged_cells == 1


def test_a_formula_without_its_value_is_told_and_a_kept_value_is_read(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I13."""
    table = [
        HEADS,
        ["F1", "路灯不亮", '<c r="?"><f>"1380001"&amp;"0002"</f><v></v></c>'],
        ["F2", "井盖丢了", '<c r="?" t="str"><f>A1</f><v>13800010003</v></c>'],
        ["F3", '<c r="?"><f>B9</f></c>', "13800010004"],
    ]
    outcome = take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table)}))
    assert (outcome.new, outcome.rejected) == (2, 1)
    held = by_number(installation)
    assert "公式" in held["F1"][1].extra["联系电话"]
    assert held["F2"][0].contact_phone == "13800010003"
    assert outcome.understood is not None
    assert outcome.understood.sheets[0].formulas_without_value == 2


def test_error_cells_and_totals_are_no_matters_and_hidden_rows_are(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I13."""
    error = '<c r="?" t="e"><v>{}</v></c>'
    table = [
        ["工单编号", "诉求内容", "联系人"],
        ["V1", error.format("#N/A"), error.format("#REF!")],
        ["V2", "路灯不亮", error.format("#NAME?")],
        ["V3", "隐藏的一行：停水", None],
        ["合计", 3, None],
        ["工单编号", "诉求内容", "联系人"],
        ["制表人：张某", None, None],
    ]
    outcome = take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table, hidden=[4])}))
    assert (outcome.new, [line for line, _why, _sheet in outcome.told]) == (2, [2, 5, 6, 7])
    assert by_number(installation)["V2"][0].contact_name is None
    assert all(sheet == "表" for _line, _why, sheet in outcome.told)


def test_escapes_of_the_file_are_seen_by_nobody(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I14."""
    shared = f'<sst xmlns="{books.MAIN}"><si><r><t>路灯不亮_x000D_\n已经</t></r><r><t>三天</t></r><rPh><t>ludeng</t></rPh></si><si><t>_x005F_x000D_ 留着</t></si></sst>'
    text = '<c r="?" t="s"><v>{}</v></c>'
    book = books.write(
        tmp_path / "a.xlsx",
        {"表": books.sheet([["编号", "诉求内容"], ["X1", text.format(0)], ["X2", "井盖丢了_x000D_\n急"]])},
        shared=shared,
    )
    take(book)
    assert [text.body for _t, text in tickets(installation)] == ["路灯不亮\n已经三天", "井盖丢了\n急"]


def test_columns_beyond_the_headings_and_columns_without_a_heading_are_not_lost(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    table = [["编号", "诉求内容", None, "联系电话"], ["1", "路灯不亮", "补充：很黑", "13800010001"]]
    take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table)}))
    assert by_number(installation)["1"][1].extra == {"第 3 列": "补充：很黑"}


def test_the_workbooks_of_excel_97_are_read_too(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I15."""
    assert take(old_book.write(tmp_path / "旧系统.xls")).new == 3
    held = by_number(installation)
    assert [held[f"2026031500{n}"][0].state for n in (1, 2)] == ["closed", "to_dispatch"]
    assert datetime.fromisoformat(held["20260315003"][1].extra["happened_at"]) == datetime(
        2026, 3, 15, 6, 30, tzinfo=UTC
    )


def test_a_web_page_under_the_name_of_a_workbook_is_read(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    page = (
        "<html><head><meta charset='gbk'></head><body><table><tr><th>工单编号</th><th>诉求内容</th></tr>"
        "<tr><td style='mso-number-format:\"\\@\"'>1</td><td>路灯不亮&nbsp;<br>很黑 &lt;3</td></tr><tr><td>2<td>井盖丢了</tr></table></body></html>"
    )
    (tmp_path / "导出.xls").write_bytes(page.encode("gb18030"))
    assert take(tmp_path / "导出.xls").new == 2
    assert tickets(installation)[0][1].body == "路灯不亮\xa0\n很黑 <3"


# --- files that are not what they look like ---------------------------------------------------------------------------


def bomb(path: Path, part: str, begin: str, megabytes: int, end: str) -> Path:
    books.write(path, {"表": books.sheet([HEADS, *rows(1)])})
    with ZipFile(path, "a", ZIP_DEFLATED) as parts, parts.open(part, "w") as out:
        out.write(begin.encode())
        for _n in range(megabytes):
            out.write(b"a" * (1 << 20))
        out.write(end.encode())
    return path


def rows_without_trouble(path: Path) -> list[Row]:
    """The rows that would come in; none when the file is refused."""
    try:
        plan = planned(Wish(path), datetime(2026, 3, 4, tzinfo=UTC))
    except Refusal:
        return []
    return [row for table, _columns in plan.tables for row in table.rows() if not row.trouble]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet9.xml", "xl/sharedStrings.xml", "docProps/x.bin"])
def test_a_workbook_that_unpacks_to_what_it_cannot_be_is_refused_before_it_is_unpacked(
    tmp_path: Path, part: str
) -> None:
    """V25."""
    path = bomb(tmp_path / "a.xlsx", part, "<sst><si><t>", 60, "</t></si></sst>")
    tracemalloc.start()
    with pytest.raises(Refusal, match=r"a\.xlsx 解开后超过"):
        open_book(path)
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("where", ["sheet", "book"])
def test_entities_are_refused_with_a_sentence(tmp_path: Path, where: str) -> None:
    """V25."""
    evil = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]>'
    good = books.sheet([HEADS, *rows(1)])
    path = books.write(
        tmp_path / "a.xlsx",
        {"表": evil + good if where == "sheet" else good},
        book=evil + "<workbook>&b;</workbook>" if where == "book" else "",
    )
    with pytest.raises(Refusal, match="不安全"):
        planned(Wish(path), datetime(2026, 3, 4, tzinfo=UTC))


def test_a_workbook_of_a_thousand_sheets_is_refused(tmp_path: Path) -> None:
    one = books.sheet([HEADS])
    with pytest.raises(Refusal, match="300 个工作表"):
        open_book(books.write(tmp_path / "a.xlsx", {f"s{n}": one for n in range(300)}))


def test_a_cell_too_long_to_be_held_costs_its_row_only(take: Take, tmp_path: Path) -> None:
    table = [HEADS, ["L1", "长" * 1_200_000, ""], ["L2", "路灯不亮", ""]]
    outcome = take(books.write(tmp_path / "a.xlsx", {"表": books.sheet(table)}))
    assert (outcome.new, outcome.rejected) == (1, 1)
    assert (tmp_path / "a.xlsx.rejects.jsonl").stat().st_size < 100_000


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv", "a.jsonl.gz", "a.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 3000,
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\xff" * 900,
        b"\xd0\xcf\x11\xe0" + b"\x01" * 3000,
        b"\x1f\x8b\x08\x00\xff",
        b"%PDF-1.7 x",
        b"\xff\xfe",
        b"{",
        b"[" * 90_000,
        b"<table></table>",
        b"\x89PNG\r\n",
        b"\n\n\n",
        b"\x09\x04\x06\x00\x00",
        bytes(range(256)) * 20,
    ],
)
def test_no_file_is_a_traceback(tmp_path: Path, name: str, content: bytes) -> None:
    """V25."""
    path = tmp_path / name
    path.write_bytes(content)
    assert rows_without_trouble(path) == []


def test_a_workbook_torn_in_the_middle_tells_that_the_rest_is_missing(take: Take, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    xml = books.sheet([HEADS, *rows(400)])
    books.write(path, {"表": xml[: len(xml) // 2]})
    outcome = take(path)
    assert 100 < outcome.new < 400
    assert outcome.told[0].reason.startswith("文件不完整")


def test_a_bomb_given_to_the_command_is_a_sentence_and_little_memory(tmp_path: Path) -> None:
    """V25."""
    path = bomb(tmp_path / "a.xlsx", "xl/worksheets/sheet9.xml", "<worksheet>", 400, "</worksheet>")
    code = (
        "import sys; sys.argv = ['hotline', 'import', sys.argv[1], '--check']\nfrom hotline.cli.main import main\n"
        "try: main()\nfinally: print(next(int(line.split()[1]) // 1024 for line in open('/proc/self/status') if 'VmHWM' in line))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "解开后超过" in done.stderr
    assert int(done.stdout) < 240, "megabytes"


def test_a_lying_size_in_a_zip_is_a_sentence(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.xlsx", {"表": books.sheet([HEADS, *rows(50)])})
    whole = bytearray(path.read_bytes())
    at = whole.rfind(b"PK\x01\x02")
    whole[at + 24 : at + 28] = (7).to_bytes(4, "little")
    path.write_bytes(bytes(whole))
    assert rows_without_trouble(path) == []


@pytest.mark.parametrize(("name", "part"), [("a.ods", "content.xml"), ("a.xlsx", "xl/workbook.xml")])
@pytest.mark.parametrize("method", [ZIP_DEFLATED, ZIP_LZMA])
def test_a_workbook_that_is_torn_within_is_one_sentence(tmp_path: Path, name: str, part: str, method: int) -> None:
    """V25."""
    with ZipFile(tmp_path / name, "w", method) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", ZIP_STORED)
        for one in ("[Content_Types].xml", "_rels/.rels", "META-INF/manifest.xml"):
            file.writestr(one, "<a/>", ZIP_STORED)
        file.writestr(part, bytes(range(32, 127)) * 90)
        at = file.getinfo(part).header_offset + 30 + len(part)
    torn = bytearray((tmp_path / name).read_bytes())
    torn[at + 12 : at + 90] = b"\xff" * 78
    (tmp_path / name).write_bytes(torn)
    with pytest.raises(Refusal):
        [list(sheet.lines()) for sheet in open_book(tmp_path / name).sheets]
