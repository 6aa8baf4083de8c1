"""Files in the styles of fifteen old systems: rows in = new + known + conflict + rejected, for each of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hotline.installation import Installation
from tests.support.cities.imported import Take, by_number
from tests.support.papers import books, old_book


@dataclass(frozen=True)
class Expected:
    """What must become of a file, and of one of its rows: its state, phone and the beginning of its words."""

    read: int
    new: int
    known: int
    conflict: int
    rejected: int
    number: str
    state: str
    phone: str | None
    body: str


def wps_monthly(path: Path) -> Path:
    """A title over merged cells, headings in line three, real dates, totals and a signature below, a second sheet, formatted emptiness."""
    empty = '<c r="?" s="1"/>'
    january = [
        ["某市 12345 热线 1 月台账"],
        [],
        [
            "序号",
            "工单编号",
            "来电时间",
            "来电人",
            "来电人电话",
            "主要内容",
            "承办单位",
            "办理情况",
            "办结时间",
            "是否满意",
            "工单状态",
        ],
        [
            1,
            "WPS-001",
            (46027.4, books.MOMENT),
            "张某",
            13800010001,
            "人民大道路灯不亮",
            "市城市管理局",
            "已修复",
            (46029.5, books.MOMENT),
            "满意",
            "已办结",
        ],
        [
            2,
            "WPS-002",
            (46028.4, books.MOMENT),
            "李某",
            "0372-2525252",
            "井盖丢了",
            "某某中心",
            None,
            None,
            None,
            "办理中",
        ],
        ["合计", 2, None],
        [],
        ["制表人：王某", None, "审核人：赵某"],
        [empty, empty],
    ]
    february = [["编号", "诉求内容"], ["WPS-003", "停水"], ["WPS-001", "人民大道路灯不亮"], ["WPS-002", "另一件事"]]
    return books.write(
        path,
        {
            "1月": books.sheet(january, dimension="A1:K400", merged=["A1:K1"]),
            "2月": books.sheet(february),
            "Sheet3": books.sheet([]),
        },
    )


def easyexcel(path: Path) -> Path:
    """A dimension of one cell, every value as an inline text, the marks of required columns."""
    rows = [
        ["*工单编号", "*诉求内容", "诉求人手机", "诉求人", "事发详细地址", "创建时间", "工单状态"],
        *[
            [
                f"EE{n:04d}",
                f"第 {n} 件：垃圾没人清",
                f"1380001{n:04d}",
                "某人",
                "文峰区平原路",
                "2026-02-01 09:30:00",
                "处理中",
            ]
            for n in range(1, 31)
        ],
        ["EE0031", "", "13800010000", "某人", "", "2026-02-01 09:30:00", "处理中"],
    ]
    return books.write(path, {"sheet1": books.sheet(rows, dimension="A1")})


def ruoyi(path: Path) -> Path:
    """A title line, dictionary words, dates as texts, shared strings with line ends of another system."""
    shared = (
        "<sst>" + "".join(f"<si><t>{text}</t></si>" for text in ("路灯不亮_x000D_\n已经三天", "井盖丢了")) + "</sst>"
    )
    text = '<c r="?" t="s"><v>{}</v></c>'
    rows = [
        ["热线工单"],
        ["工单ID", "工单内容", "诉求类型", "紧急程度", "受理渠道", "联系方式", "受理时间", "状态"],
        ["1001", text.format(0), "投诉举报", "普通", "电话", "13800010001", "2026-02-01 09:30:00", "正常"],
        ["1002", text.format(1), "咨询", "紧急", "微信小程序", "", "2026-02-30 09:30:00", "停用"],
    ]
    return books.write(path, {"工单": books.sheet(rows)}, shared=shared)


def access(path: Path) -> Path:
    """Semicolons, everything quoted, GB18030, times with a midnight that means a day."""
    lines = [
        '"编号";"来信内容";"来信人";"电话";"来信日期";"办结日期";"处理意见"',
        '"7";"路灯不亮;很黑";"张某";"13800010001";"2026/2/1 0:00:00";"2026/2/4 0:00:00";"已修"',
        '"8";"他说""没人管""";"李某";"";"2026/2/2 0:00:00";"";""',
        '"9";"停水";"王某";"无";"";"";""',
    ]
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


def oracle(path: Path) -> Path:
    """The months and halves of the day of an Oracle client, (null) for nothing, names in capitals."""
    lines = [
        '"CASE_ID","REQ_CONTENT","CALLER_PHONE","CREATED_DATE","STATUS"',
        '"OR1","路灯不亮","13800010001","15-2月 -26 02.30.00.000000 下午","已办结"',
        '"OR2","井盖丢了","(null)","15-FEB-26 02.30.00.000000 PM","办理中"',
        '"OR3","停水","(null)","(null)","(null)"',
        '"(null)","停电","(null)","(null)","(null)"',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def sql_server(path: Path) -> Path:
    """Tabs in UTF-16, NULL in words, milliseconds, and a line torn by a tab in the words."""
    lines = [
        "id\tcontent\tphone\tcreated_at\tstatus",
        "5\t路灯不亮\t13800010001\t2026-02-01 09:30:00.000\t已完成",
        "6\t井盖\t丢了\t13800010002\t2026-02-01 09:30:00.000\t已完成",
        "7\t停水\tNULL\tNULL\tNULL",
    ]
    path.write_bytes("\r\n".join(lines).encode("utf-16"))
    return path


def phone_made(path: Path) -> Path:
    """Typed on a phone: lines end with CR, Chinese halves of the day, spaces in numbers, blanks for commas nowhere."""
    path.write_bytes(
        "姓名,手机,诉求,时间\r张某,138 0001 0001,路灯不亮，很黑,2月1日上午\r李某,１３８０００１０００２,井盖丢了,2026年2月1日 下午3点20分\r,,停水,2026.2.1".encode()
    )
    return path


def old_excel(path: Path) -> Path:
    return old_book.write(path)


def web_page(path: Path) -> Path:
    """A table of HTML under the name of a workbook, as many Java programs export it."""
    rows = "".join(
        f"<tr><td>{n}</td><td>第{n}件：路灯不亮<br/>很黑</td><td>1380001000{n}</td></tr>" for n in range(1, 6)
    )
    page = f"<html><meta charset=gb2312><table border=1><tr><th>信件编号</th><th>信件内容</th><th>联系电话</th></tr>{rows}<tr><td>合计</td><td>5</td><td></td></tr></table></html>"
    path.write_bytes(page.encode("gb18030"))
    return path


def big5(path: Path) -> Path:
    path.write_bytes(
        "案件編號,訴求內容,聯絡電話,受理時間,狀態\r\nT1,路燈不亮請盡快處理,13800010001,2026/2/1 09:30,已辦結\r\nT2,垃圾堆放無人清運,,2026/2/1,處理中\r\n".encode(
            "big5"
        )
    )
    return path


def api_dump(path: Path) -> Path:
    """Packed JSON lines with nested facts, milliseconds since 1970, half an emoji, and one number told three times."""
    rows: list[Any] = [
        {
            "requestId": "J1",
            "content": "路灯不亮 \ud83d",
            "mobile": "13800010001",
            "createTime": 1770000000000,
            "tags": ["灯", {"a": None}],
            "status": "closed",
        },
        {
            "requestId": "J2",
            "content": "井盖丢了",
            "mobile": None,
            "createTime": "2026-02-01T06:30:00.000Z",
            "status": "open",
        },
        {"requestId": "J2", "content": "井盖  丢了", "status": "closed"},
        {"requestId": "J2", "content": "别的事"},
        ["no object"],
    ]
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
        out.write("{torn\n")
    return path


def english(path: Path) -> Path:
    """A 311 export: American days, AM and PM, long names of columns."""
    lines = [
        "Unique Key,Created Date,Closed Date,Agency Name,Complaint Description,Incident Address,Status,Resolution Description",
        'NY1,02/15/2026 02:30:00 PM,02/16/2026 09:00:00 AM,Department of Lights,"Street light out, very dark",5 Main St,Closed,Fixed.',
        "NY2,02/15/2026 02:30:00 PM,,Department of Lights,Missing manhole cover,,In Progress,",
        "NY3,2/3/2026 02:30:00 PM,,Department of Lights,Which day was that,,Open,",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def ledger(path: Path) -> Path:
    """As a ledger program exports lists: titles, empty columns and lines, a foot with stars for the sum, a sheet of notes."""
    rows: list[list[Any]] = [
        ["某市政务热线"],
        ["动态列表显示", None, None, "日期: 2026.11.30"],
        [],
        [None, "工单号", None, "受理日期", "受理时间", None, "诉求人电话", None, "事项描述", "承办部门", "状态"],
        [],
    ]
    for n in range(1, 4):
        done = "已办结" if n == 1 else "处理中"
        day = f"2026.03.0{n}"
        phone = f"1380001000{n}"
        rows.append(
            [None, f"000010{n}", None, day, "09:30:00", None, phone, None, f"第{n}小区停水{n}天", "水务公司", done]
        )
    rows += [[], [None, "*", None, None, None, None, None, None, "3"]]
    return books.write(path, {"ZSD": books.sheet(rows), "说明": books.sheet([["本表由系统自动生成，共3行"]])})


def nested(path: Path) -> Path:
    """What an app's interface hands out: objects inside objects."""
    rows = [
        {
            "case": {"no": f"N{n}", "createdAt": f"2026-03-0{n}T14:30:00+08:00"},
            "citizen": {"name": "钱某", "contact": {"mobile": f"1380001000{n}"}},
            "content": {"title": "噪音扰民", "description": f"歌厅夜里{n}点还在放音乐，影响休息"},
            "tags": ["噪音"],
        }
        for n in (1, 2)
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def wide_commas(path: Path) -> Path:
    """Typed on a telephone: the comma of sentences parts the cells, and stands in the words as well."""
    lines = [
        "编号，姓名，电话，反映内容，日期",
        "W1，孙某，13800010001，单元门锁坏了，老人进不去，2026-3-1",
        "W2，李某，13800010002，路灯不亮，2026-3-2",
    ]
    path.write_text("\n".join([*lines, "W3，周某，13800010003，井盖没了，第二天"]), encoding="utf-8")
    return path


SYSTEMS: dict[str, tuple[Callable[[Path], Path], str, Expected]] = {
    "wps": (wps_monthly, "台账.xlsx", Expected(7, 3, 1, 1, 2, "WPS-001", "closed", "13800010001", "人民大道路灯不亮")),
    "easyexcel": (easyexcel, "导出.xlsx", Expected(31, 30, 0, 0, 1, "EE0007", "to_dispatch", "13800010007", "第 7 件")),
    "ruoyi": (ruoyi, "工单.xlsx", Expected(2, 1, 0, 0, 1, "1001", "to_dispatch", "13800010001", "路灯不亮\n已经三天")),
    "access": (access, "来信.txt", Expected(3, 3, 0, 0, 0, "7", "closed", "13800010001", "路灯不亮;很黑")),
    "oracle": (oracle, "export.csv", Expected(4, 4, 0, 0, 0, "OR1", "closed", "13800010001", "路灯不亮")),
    "sql server": (sql_server, "result.txt", Expected(3, 2, 0, 0, 1, "5", "closed", "13800010001", "路灯不亮")),
    "phone": (phone_made, "新建表格.csv", Expected(3, 2, 0, 0, 1, "", "to_dispatch", None, "停水")),
    "excel 97": (old_excel, "旧.xls", Expected(3, 3, 0, 0, 0, "20260315001", "closed", "13800010001", "第1件")),
    "web page": (
        web_page,
        "信件.xls",
        Expected(6, 5, 0, 0, 1, "3", "to_dispatch", "13800010003", "第3件：路灯不亮\n很黑"),
    ),
    "big5": (big5, "案件.csv", Expected(2, 2, 0, 0, 0, "T1", "closed", "13800010001", "路燈不亮")),
    "api": (api_dump, "dump.jsonl.gz", Expected(6, 2, 1, 1, 2, "J1", "closed", "13800010001", "路灯不亮")),
    "ledger": (ledger, "清单.xlsx", Expected(4, 3, 0, 0, 1, "0000101", "closed", "13800010001", "第1小区停水1天")),
    "nested": (nested, "app.jsonl", Expected(2, 2, 0, 0, 0, "N1", "to_dispatch", "13800010001", "歌厅夜里1点")),
    "wide commas": (
        wide_commas,
        "记录.csv",
        Expected(3, 2, 0, 0, 1, "W1", "to_dispatch", "13800010001", "单元门锁坏了，老人进不去"),
    ),
    "english": (english, "311.csv", Expected(3, 2, 0, 0, 1, "NY1", "closed", None, "Street light out, very dark")),
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_row_of_an_old_system_is_accounted_for(
    take: Take, installation: Installation, tmp_path: Path, system: str
) -> None:
    write, name, expected = SYSTEMS[system]
    outcome = take(write(tmp_path / name))
    counts = (outcome.read, outcome.new, outcome.known, outcome.conflict, outcome.rejected)
    assert counts == (expected.read, expected.new, expected.known, expected.conflict, expected.rejected), outcome.told
    assert len(outcome.told) == outcome.conflict + outcome.rejected
    held = by_number(installation)
    assert len(held) == expected.new
    ticket, text = held[expected.number] if expected.number else list(held.values())[-1]
    assert (ticket.state, ticket.contact_phone) == (expected.state, expected.phone)
    assert text.body.startswith(expected.body)
    again = take(tmp_path / name)
    assert (again.new, again.known) == (0, expected.new + expected.known)
