"""Files of other kinds than Excel's and text are read by what they are, whatever they are called; others are one sentence that says what to do."""

from __future__ import annotations

import base64
import gzip
import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing.opening import open_book
from hotline.intake.importing.told import sentences
from tests.support.cities.imported import Take, by_number
from tests.support.papers import books

OFFICE = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def dbase(path: Path, fields: Sequence[tuple[str, str, int]], rows: Sequence[Sequence[bytes]]) -> Path:
    """A table of dBASE III; a row that begins with * is one that was deleted."""
    head, record = 32 + 32 * len(fields) + 1, 1 + sum(length for _name, _kind, length in fields)
    out = struct.pack("<BBBBIHH20x", 3, 126, 3, 20, len(rows), head, record)
    for name, kind, length in fields:
        out += name.encode("gb18030").ljust(11, b"\0") + kind.encode() + bytes([0, 0, 0, 0, length, 0]) + bytes(14)
    out += b"\r"
    for row in rows:
        gone = row[0].startswith(b"*")
        out += b"*" if gone else b" "
        out += b"".join(value.ljust(length) for value, (_n, _k, length) in zip(row, fields, strict=True))
    path.write_bytes(out + b"\x1a")
    return path


def document(rows: str) -> str:
    return (
        f'<?xml version="1.0"?><office:document-content {OFFICE}><office:body><office:spreadsheet>'
        f'<table:table table:name="台账">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


DOCUMENT = document(
    "<table:table-row>"
    + "".join(map(cell, ["编号", "诉求人", "联系电话", "诉求内容", "来电时间"]))
    + "</table:table-row>"
    "<table:table-row>"
    + cell("D1")
    + cell("张某", 'table:number-rows-spanned="2"')
    + cell("1.38E+10", 'office:value-type="float" office:value="13800010001"')
    + "<table:table-cell><office:annotation><text:p>批注</text:p></office:annotation><text:p>路灯<text:s/>不亮</text:p><text:p>很黑</text:p></table:table-cell>"
    + cell("3月5日", 'office:value-type="date" office:date-value="2026-03-05T15:05:00"')
    + "</table:table-row><table:table-row>"
    + cell("D2")
    + "<table:covered-table-cell/>"
    + cell("", 'table:formula="of:=A1"')
    + cell("停水")
    + '</table:table-row><table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def test_a_table_of_dbase_is_read_with_its_initials_for_headings(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I16."""
    fields = [("BH", "C", 8), ("SQNR", "C", 40), ("LXDH", "C", 12), ("XM", "C", 8), ("LDSJ", "D", 8)]
    rows = [
        [b"A1", "楼道漏水".encode("gb18030"), b"15100151001", "张某".encode("gb18030"), b"20260305"],
        [b"*A2", b"deleted there", b"", b"", b""],
        [b"A3", "电梯停运".encode("gb18030"), b"", b"", b""],
    ]
    outcome = take(dbase(tmp_path / "旧库.dbf", fields, rows))
    assert (outcome.read, outcome.new) == (2, 2)
    ticket, text = by_number(installation)["A1"]
    assert (text.body, ticket.contact_phone, ticket.contact_name) == ("楼道漏水", "15100151001", "张某")
    assert text.extra["happened_at"] == "2026-03-05T00:00:00+08:00"


def test_a_table_whose_words_lie_in_another_file_is_refused_with_its_column(take: Take, tmp_path: Path) -> None:
    path = dbase(tmp_path / "a.dbf", [("BH", "C", 8), ("NR", "M", 10)], [[b"A1", b"1"]])
    with pytest.raises(Refusal, match=r"NR.*备注型.*另存为"):
        take(path)


def test_a_torn_table_of_dbase_tells_that_the_rest_is_missing(take: Take, tmp_path: Path) -> None:
    path = dbase(tmp_path / "a.dbf", [("BH", "C", 8), ("NR", "C", 20)], [[b"A1", b"lamp"], [b"A2", b"water"]])
    path.write_bytes(path.read_bytes()[:-15])
    outcome = take(path)
    assert (outcome.new, outcome.rejected) == (1, 1)
    assert "不完整" in outcome.told[0].reason


@pytest.mark.parametrize("name", ["台账.ods", "台账.fods", "台账.xlsx", "导出"])
def test_a_document_of_libreoffice_is_read(take: Take, installation: Installation, tmp_path: Path, name: str) -> None:
    """Found outside: I13, merged cells and formulas; I16."""
    path = tmp_path / name
    if name.endswith(".fods"):
        path.write_text(DOCUMENT.replace("document-content", "document"), encoding="utf-8")
    else:
        with ZipFile(path, "w") as parts:
            parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            parts.writestr("content.xml", DOCUMENT)
    outcome = take(path)
    assert (outcome.read, outcome.new) == (2, 2)
    one, two = by_number(installation)["D1"], by_number(installation)["D2"]
    assert (one[1].body, one[0].contact_phone, one[0].contact_name) == ("路灯 不亮\n很黑", "13800010001", "张某")
    assert one[1].extra["happened_at"] == "2026-03-05T15:05:00+08:00"
    assert two[0].contact_name == "张某"
    assert two[1].extra["联系电话"] == "（公式，文件里没有它的值）"


def test_a_row_repeated_a_million_times_is_no_bomb(tmp_path: Path) -> None:
    rows = "<table:table-row>" + cell("诉求内容") + "</table:table-row>"
    again = '<table:table-row table:number-rows-repeated="999999999">' + cell("x") + "</table:table-row>"
    path = tmp_path / "a.fods"
    path.write_text(document(rows + again).replace("document-content", "document"), encoding="utf-8")
    (sheet,) = open_book(path).sheets
    assert sum(1 for _line in sheet.lines()) <= 1_048_576


PAGE = """<html><head><title>导出</title><style>td {color: red}</style></head><body><table>
<tr><td rowspan="2">工单编号</td><td colspan="2">诉求人</td><td rowspan="2">诉求内容</td></tr>
<tr><td>姓名</td><td>电话</td></tr>
<tr><td>H1</td><td rowspan="2">张某</td><td x:num="13800010001">1.38E+10</td><td>井盖<br>松动</td></tr>
<tr><td>H2</td><td>13800010002</td><td>路沿石 &lt;破损&gt;</td></tr>
</table></body></html>"""


@pytest.mark.parametrize("packed", [False, True])
def test_cells_merged_on_a_web_page_shift_nothing(
    take: Take, installation: Installation, tmp_path: Path, packed: bool
) -> None:
    """Found outside: I13; a page saved as a letter (MHTML) is one too."""
    path = tmp_path / "ALV.xls"
    letter = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Type: text/html; charset="gb2312"\r\n\r\n'
        + base64.encodebytes(PAGE.encode("gb18030")).decode()
        + "\r\n--X--\r\n"
    )
    path.write_bytes(letter.encode() if packed else PAGE.encode())
    outcome = take(path)
    assert (outcome.read, outcome.new) == (2, 2)
    held = by_number(installation)
    assert [(t.contact_name, t.contact_phone, x.body) for t, x in (held["H1"], held["H2"])] == [
        ("张某", "13800010001", "井盖\n松动"),
        ("张某", "13800010002", "路沿石 <破损>"),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("台账.xlsx", "编号,诉求内容\n1,路灯不亮\n".encode("gb18030")),
        ("台账.2026", "编号\t诉求内容\n1\t路灯不亮\n".encode()),
        ("导出.csv", json.dumps([{"编号": "1", "诉求内容": "路灯不亮"}]).encode()),
        ("导出.json", "编号,诉求内容\n1,路灯不亮\n".encode()),
        (
            "api.json",
            json.dumps({"code": 0, "data": {"total": 1, "list": [{"id": 1, "content": "路灯不亮"}]}}).encode(),
        ),
        (
            "导出.csv",
            b"<html><table><tr><td>\xe7\xbc\x96\xe5\x8f\xb7</td><td>\xe5\x86\x85\xe5\xae\xb9</td></tr><tr><td>1</td><td>x</td></tr></table>",
        ),
    ],
)
def test_a_file_is_read_by_what_it_is_not_by_its_name(take: Take, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    outcome = take(tmp_path / name)
    assert (outcome.read, outcome.new) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"%PDF-1.7 x", "PDF.*另存为"),
        ("a.xlsx", b"\x00\x01\x00\x00Standard ACE DB\x00", "Access 数据库.*导出"),
        ("a.pdf", b"x", "不认识这种文件"),
        ("a.csv", gzip.compress(b"PK\x03\x04" + b"x" * 90, mtime=0), "先解压"),
    ],
)
def test_what_holds_no_table_is_a_sentence_that_says_what_to_do(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refusal, match=says):
        open_book(tmp_path / name)


@pytest.mark.parametrize(
    ("part", "says"),
    [("xl/workbook.bin", "xlsb.*另存为 xlsx"), ("word/document.xml", "Word"), ("台账.csv", "先解压")],
)
def test_what_is_packed_is_named(tmp_path: Path, part: str, says: str) -> None:
    with ZipFile(tmp_path / "a.xlsx", "w") as parts:
        parts.writestr(part, "x")
    with pytest.raises(Refusal, match=says):
        open_book(tmp_path / "a.xlsx")


@pytest.mark.parametrize("name", ["a.fods", "a.ods"])
def test_an_entity_bomb_in_a_document_is_refused(tmp_path: Path, name: str) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">]>' + document("&a;").partition("?>")[2]
    path = tmp_path / name
    path.write_text(bomb.replace("document-content", "document"), encoding="utf-8")
    if name.endswith(".ods"):
        with ZipFile(path, "w") as parts:
            parts.writestr("content.xml", bomb)
    with pytest.raises(Refusal, match="不安全"):
        open_book(path)


def test_headings_in_two_lines_are_read_together(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I3. Groups of columns have a name of their own; the office's telephone is not the citizen's."""
    table = [
        ["热线台账"],
        ["工单编号", "诉求人", None, "承办单位", None, "诉求情况", None],
        [None, "姓名", "电话", "名称", "电话", "内容", "地点"],
        ["W1", "张某", 13800010001, "某中心", "0372-2525252", "路灯不亮", "平原路"],
        ["热线台账"],
        ["工单编号", "诉求人", None, "承办单位", None, "诉求情况", None],
        [None, "姓名", "电话", "名称", "电话", "内容", "地点"],
        ["W2", "李某", None, "某中心", "0372-2525252", "停水", "永明路"],
    ]
    sheet = books.sheet(table, merged=["A2:A3", "B2:C2", "D2:E2", "F2:G2"])
    outcome = take(books.write(tmp_path / "a.xlsx", {"表": sheet}))
    assert (outcome.read, outcome.new, outcome.rejected) == (5, 2, 3)
    one, two = by_number(installation)["W1"], by_number(installation)["W2"]
    assert (one[0].contact_name, one[0].contact_phone, one[1].place) == ("张某", "13800010001", "平原路")
    assert two[0].contact_phone is None
    assert two[1].extra["承办单位/电话"] == "0372-2525252"


def test_short_words_below_the_headings_stay_a_matter(take: Take, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,诉求内容,渠道,\nA,停水,电话,\nB,停电,来电时间,姓名\n", encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    assert (outcome.read, outcome.new) == (2, 2)


def test_what_is_printed_between_matters_is_no_matter(take: Take, tmp_path: Path) -> None:
    """Found outside: I13. Totals with their unit, of a page or a day; the page's number; the title and headings once more."""
    lines = [
        "台账,,",
        "编号,诉求内容,联系电话",
        "1,路灯不亮,",
        "本页小计：1件,,",
        "小计,1件,",
        "3月小计,1件,",
        "2026年3月份合计,1件,",
        "东关街道小计,1,",
        "第 1 页 共 2 页,,",
    ]
    lines += [
        "台账,,",
        "编号,诉求内容,联系电话",
        "2,合计多收了三次停车费,",
        "合计,共2件,100%",
        "2 rows in set (0.00 sec)",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    assert (outcome.new, outcome.rejected) == (2, 10)
    assert all("不是诉求" in one.reason or "又是标题" in one.reason for one in outcome.told)


def test_a_report_drawn_with_bars_and_dashes_is_a_table(take: Take, installation: Installation, tmp_path: Path) -> None:
    lines = [
        "台账  1",
        "-" * 30,
        "| 工单编号 |诉求内容 |联系电话    |",
        "|----|----|----|",
        "| 0001 |树枝压线 |13600010009 |",
        "-" * 30,
    ]
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    outcome = take(tmp_path / "a.txt")
    assert (outcome.read, outcome.new) == (1, 1)
    assert by_number(installation)["0001"][0].contact_phone == "13600010009"


def test_what_a_row_lacks_is_told_with_its_column(take: Take, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,诉求内容,电话\n1,,13800010001\n", encoding="utf-8")
    assert take(tmp_path / "a.csv").told[0].reason == "“诉求内容”是空的，请补上诉求内容再导入。"


@pytest.mark.parametrize(
    "heading",
    [
        "您要反映的问题是什么？",
        "请描述您的诉求内容",
        "具体情况",
        "SQNR",
        "REQ_CONTENT",
        "CASE_DESC",
        "市民诉求",
        "诉求事项",
        "3、您要反映的问题：",
        "概况信息",
    ],
)
def test_the_question_of_a_form_is_a_heading(take: Take, tmp_path: Path, heading: str) -> None:
    """Found outside: I4."""
    (tmp_path / "a.csv").write_text(f"时间戳记,{heading}\n2026/03/05 下午 3:05:12,路灯不亮\n", encoding="utf-8")
    assert take(tmp_path / "a.csv").new == 1


def test_where_the_form_was_filled_in_is_not_what_it_says(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I4."""
    heads, row = (
        "提交答卷时间,所用时间,来源,来源详情,1、您的姓名：,2、要反映的问题：",
        "2026/2/11 8:09:10,65秒,手机提交,N/A,鲍某,路口没有红绿灯",
    )
    (tmp_path / "a.csv").write_text(f"{heads}\n{row}\n", encoding="utf-8")
    assert take(tmp_path / "a.csv").new == 1
    ((ticket, text),) = by_number(installation).values()
    assert (text.body, ticket.contact_name) == ("路口没有红绿灯", "鲍某")
    assert text.extra["happened_at"] == "2026-02-11T08:09:10+08:00"


def test_one_title_for_all_rows_leaves_a_doubt_when_short_words_are_left_over(take: Take, tmp_path: Path) -> None:
    """Found outside: I4."""
    (tmp_path / "a.csv").write_text("编号,标题,甲栏\n1,群众诉求,窨井盖响\n2,群众诉求,公厕停水\n", encoding="utf-8")
    with pytest.raises(Refusal, match="甲栏"):
        take(tmp_path / "a.csv")


def test_the_markup_of_web_pages_is_no_part_of_the_words(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I14."""
    rows = [
        "1,<p>门口&quot;占道&quot;&nbsp;&amp; 噪音</p><p><span style='a'>第二行</span></p>",
        "2,水压 <2 公斤 a<b AT&T",
        "3,路灯<br/>不亮",
    ]
    (tmp_path / "a.csv").write_text("\n".join(["编号,诉求内容", *rows]), encoding="utf-8")
    assert take(tmp_path / "a.csv").new == 3
    held = by_number(installation)
    assert [held[n][1].body for n in "123"] == ['门口"占道" & 噪音\n第二行', "水压 <2 公斤 a<b AT&T", "路灯\n不亮"]


def test_the_order_of_a_day_is_read_from_its_column(take: Take, installation: Installation, tmp_path: Path) -> None:
    """Found outside: I7. What a column cannot say is refused with its own sentence."""
    rows = ["1,甲,3/5/2026 15:05", "2,乙,3/15/2026"]
    (tmp_path / "a.csv").write_text("\n".join(["编号,诉求内容,来电时间", *rows]), encoding="utf-8")
    outcome = take(tmp_path / "a.csv")
    assert outcome.new == 2 and outcome.understood is not None
    assert any("“来电时间”里" in said and "按月、日、年读" in said for said in sentences(outcome.understood))
    happened = datetime.fromisoformat(by_number(installation)["1"][1].extra["happened_at"])
    assert happened == datetime(2026, 3, 5, 7, 5, tzinfo=UTC)
    (tmp_path / "b.csv").write_text("编号,诉求内容,来电时间\n1,甲,2/1/2026\n", encoding="utf-8")
    (wrong,) = take(tmp_path / "b.csv").told
    assert "来电时间" in wrong.reason and "哪个是月、哪个是日" in wrong.reason


def test_the_headings_of_an_office_are_read_by_their_meaning(
    take: Take, installation: Installation, tmp_path: Path
) -> None:
    """Found outside: I4, I10."""
    heads = "任务号,市民称呼,市民联系方式,市民诉求,事发时间,主责单位,办结反馈,办结时刻,市民满意度,当前环节"
    row = "RW1,温某,13811110241,宿舍没有热水,2026-02-01 08:00,市城市管理局,已恢复,2026-02-05 17:00,非常满意,已办结"
    (tmp_path / "a.csv").write_text(f"{heads}\n{row}\n", encoding="utf-8")
    assert take(tmp_path / "a.csv").new == 1
    ticket, text = by_number(installation)["RW1"]
    assert (ticket.state, ticket.contact_name, ticket.contact_phone, ticket.unit_code) == (
        "closed",
        "温某",
        "13811110241",
        "chengguan",
    )
    assert text.public_answer == "已恢复"


def test_a_day_that_cannot_be_read_beside_a_time_is_told(take: Take, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,诉求内容,来电日期,来电时间\n1,甲,上周五,15:05\n", encoding="utf-8")
    (wrong,) = take(tmp_path / "a.csv").told
    assert "来电日期" in wrong.reason
