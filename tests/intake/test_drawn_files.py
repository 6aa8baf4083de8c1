"""Tables that nobody wrote: headings, order, writing of times, lines above and below, delimiter and encoding are drawn, and each row arrives as told."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from hotline.city.schema import City
from hotline.intake.importing.arrivals import Arrival
from hotline.intake.importing.preflight import preflight
from hotline.intake.importing.wish import Wish

ANYANG_TIME = ZoneInfo("Asia/Shanghai")
HEADINGS = {
    "number": "工单编号 受理编号 案件编号 业务流水号 编号 受理单号 诉求编号 流水号 单号",
    "body": "诉求内容 反映内容 来电内容 问题描述 内容 事项内容 主要内容 具体诉求 反映问题 事件描述 主要诉求 详细情况",
    "time": "受理时间 来电时间 登记时间 创建时间 反映时间 提交时间 录入时间 来件日期 登记日期",
    "name": "来电人 反映人 姓名 诉求人 联系人 市民姓名",
    "phone": "联系电话 来电号码 手机号码 联系方式 主叫号码",
    "address": "地址 事发地址 问题地址 事发地点 详细地址",
    "unit": "承办单位 责任单位 主办单位 交办单位",
    "channel": "来源渠道 诉求来源 受理渠道 来源",
    "title": "标题 工单标题 主题",
}
TOLD = {
    "name": ("王芳", "李某", "张先生", "", "陈建国"),
    "phone": ("13937201234", "0372-2525252", "", "110"),
    "address": ("文峰区东风路", "", "殷都区梅园庄"),
    "unit": ("市城管局", "住建局", "某某公司"),
    "channel": ("电话", "微信", "网站", "领导信箱"),
    "title": ("路灯不亮", "停水", ""),
}
BODIES = (
    "东风路与人民大道交叉口路灯不亮，请处理",
    '楼下饭店油烟扰民，"天天"投诉没用',
    "咨询医保异地报销流程；需要哪些材料？",
    "工地夜间施工,噪音大",
    "井盖丢失\n危险",
)
TIMES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H时%M分",
    "%Y.%m.%d %H:%M",
    "%Y%m%d%H%M%S",
    "%Y-%m-%dT%H:%M:%S+08:00",
)


@dataclass(frozen=True)
class Drawn:
    path: Path
    told: list[dict[str, str]]
    times: list[datetime]


def draw(seed: int, folder: Path) -> Drawn:
    chance = random.Random(seed)
    facts = ["number", "body", "time", *chance.sample(sorted(TOLD), chance.randint(2, 6))]
    chance.shuffle(facts)
    written, times, told = chance.choice(TIMES), [], []
    for row in range(chance.randint(3, 20)):
        times.append(datetime(2026, chance.randint(1, 11), chance.randint(1, 28), chance.randint(0, 23), 17))
        own = {fact: chance.choice(TOLD[fact]) for fact in facts if fact in TOLD}
        number, body = f"AY{seed:03}{row:04}", f"{chance.choice(BODIES)}（第{row}件）"
        told.append(own | {"number": number, "body": body, "time": times[-1].strftime(written)})
    rows = [[chance.choice(HEADINGS[fact].split()) for fact in facts], *([row[fact] for fact in facts] for row in told)]
    grid = [*_above(chance), *rows, *_below(chance, len(told))]
    return Drawn(_written(chance, grid, folder), told, times)


def _above(chance: random.Random) -> Iterator[list[str]]:
    if chance.random() < 0.4:
        yield ["安阳市12345热线工单明细表"]
    if chance.random() < 0.3:
        yield ["导出时间：2026-11-30 08:00", "", "制表人：管理员"]


def _below(chance: random.Random, rows: int) -> Iterator[list[str]]:
    if chance.random() < 0.4:
        yield ["合计", str(rows)]


def _written(chance: random.Random, grid: list[list[str]], folder: Path) -> Path:
    if chance.random() < 0.25:
        book = openpyxl.Workbook()
        for row in grid:
            book.active.append(row)  # type: ignore[union-attr]
        book.save(folder / "told.xlsx")
        return folder / "told.xlsx"
    text = io.StringIO(newline="")
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    end = chance.choice(("\r\n", "\n"))
    csv.writer(text, delimiter=chance.choice(",\t;"), quoting=quoting, lineterminator=end).writerows(grid)
    encoding = chance.choice(("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"))
    (folder / "told.csv").write_bytes(text.getvalue().encode(encoding))
    return folder / "told.csv"


@pytest.mark.parametrize("seed", range(60))
def test_a_table_that_nobody_wrote_arrives_row_by_row(seed: int, city: City, tmp_path: Path) -> None:
    drawn, taken, wrong = draw(seed, tmp_path), [], []

    def each(_table: int, _row: object, arrival: Arrival | None, why: str) -> None:
        if arrival:
            taken.append(arrival.contact)
        else:
            wrong.append(why)

    preflight(Wish(drawn.path), city, datetime(2026, 12, 2, tzinfo=UTC), each)
    assert [contact.body for contact in taken] == [row["body"] for row in drawn.told], wrong
    assert [contact.happened_at for contact in taken] == [at.replace(tzinfo=ANYANG_TIME) for at in drawn.times]
    assert [contact.outer_number for contact in taken] == [row["number"] for row in drawn.told]
    assert [contact.name for contact in taken] == [row.get("name", "") for row in drawn.told]
