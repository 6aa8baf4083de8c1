"""A sheet of service matters as provincial platforms export it, 30 of its rows with a mistake."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

HEADS = (
    "事项名称", "基本编码", "实施编码", "事项类型", "实施主体", "法定办结时限", "法定办结时限单位", "承诺办结时限", "承诺办结时限单位",
    "办理地点", "办理时间", "是否收费", "受理条件", "申请材料", "设定依据", "咨询电话", "网办地址", "通办范围",
)  # fmt: skip
WRONG = {
    "事项名称": ("", 5),
    "设定依据": ("", 5),
    "实施主体": ("安阳市不存在局", 5),
    "承诺办结时限": ("尽快", 5),
    "法定办结时限": ("1", 5),
    "实施编码": ("11410500000000000000100", 5),
}
"""Column → what stands there in so many of the rows: no name, no basis, no such unit, no length of time, a promise longer than
the law, and a number that another row has."""


def sheet_of_matters(rows: int = 1_155) -> bytes:
    """As provincial platforms export it: a title above the headings, 30 rows with a mistake."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("实施清单")
        sheet.write(0, 0, "安阳市依申请政务服务事项实施清单")
        sheet.write_row(2, 0, HEADS)
        for n, row in enumerate(matter_rows(rows)):
            sheet.write_row(3 + n, 0, row)
    return out.getvalue()


def matter_rows(rows: int) -> list[list[Any]]:
    made = [
        [
            f"第{n}号许可事项", f"0001{n:08d}", f"11410500{n:015d}", "行政许可", "安阳市人力资源和社会保障局", 20, "工作日", 5, "工作日",
            "市民之家二楼A区", "周一至周五9:00-17:00", "否", "符合条件", "1.身份证\n2.申请表", f"《某条例》第{n}条", "0372-12345", "", "全市",
        ]
        for n in range(1, rows + 1)
    ]  # fmt: skip
    at = 200
    for column, (said, times) in WRONG.items():
        for _n in range(times):
            made[at][HEADS.index(column)] = said if column != "实施编码" else made[at - 1][HEADS.index(column)]
            at += 7
    return made
