"""Lines with cells that are no matters: totals, the title and the headings once more, what stands below the table or between its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hotline.i18n import _
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.reading.sheets import Line

FOOT = 10
"""A table with so many columns has notes below it when an empty line and a line of one or two cells follow."""
_AMOUNT = r"[\d,.]*%?(?:件|条|起|宗|个|单|次|人|户|页|行)?"
_TOTAL = re.compile(
    rf"(?:(?:\d{{1,4}}(?:年度?|月份?|日|季度|周)){{0,3}}(?:本|上|当|以上|全)?(?:页|月|日|周|季|年|科|组|部门|单位|类|表|期)?(?:合计|总计|小计|共计|累计|总数|合计数|汇总)|共|"
    rf"(?:sub|grand)?totals?|sum)[:：]?共?{_AMOUNT}|[*＊∑Σ]{{1,3}}",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(r"[^\d\W]{1,12}(?:小计|合计|总计|汇总)[:：]?")
"""Of a street, a kind, a unit; then what stands beside it is counted, and no telephone."""
_FEW = re.compile(rf"(?=.{{0,7}}$){_AMOUNT}")
_COUNTED = re.compile(rf"[-/—]*|{_AMOUNT}|共?{_AMOUNT}")
_PAGE = re.compile(
    r"[-—]*第?\d+页[,，/、]?(?:共?\d+页)?[-—]*|共\d+页[,，/、]?第\d+页|page\d+(?:of\d+|/\d+)?|\(?\d+rows?(?:selected|affected|inset)?(?:\([\d.]+sec\))?\)?\.?|\(?\d+行受影响\)?",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"(?:制表|填表|填报|统计|打印|导出|审核|复核|审批|经办|单位)(?:人|单位|部门|时间|日期|负责人)?[:：]|"
    r"制表人|制表时间|填表人|审核人[:：]|打印时间|打印人|导出时间|导出人|统计时间|统计人|单位负责人|以下空白|以下无正文|"
    r"(?:备注|注|说明|附注|数据来源)[:：]|[(（]?(?:以上|本表|合计|总)?共(?:计|有|导出)?[\d,]+(?:件|条|行|单|项)(?:记录|数据|工单|诉求|信息)?[)）]?[。.]?$"
)


def filled(line: Line) -> int:
    return sum(bool(text_of(cell)) for cell in line.cells)


def texts_of(line: Line) -> tuple[str, ...]:
    """What a line says, whatever the empty cells between."""
    return tuple(" ".join(text.split()) for cell in line.cells if (text := text_of(cell)))


class NoMatter:
    """Asked of each line below the headings, in their order. above: what stands up to the headings, title and all."""

    def __init__(self, names: Sequence[str], above: frozenset[tuple[str, ...]]):
        self.names, self.above = names, above
        self.width = sum(map(bool, names))
        self.words = {text for texts in above if len(texts) > 1 for text in texts}
        self.below = False

    def why(self, line: Line) -> str:
        """Why it is no matter; empty when it may be one."""
        texts = texts_of(line)
        first = "".join(texts[0].split()) if texts else ""
        self.below = self.below or (line.apart and len(texts) <= 2 and self.width >= FOOT)
        others = ["".join(text.split()) for text in texts[1:]]
        if _TOTAL.fullmatch(first) and all(map(_COUNTED.fullmatch, others)):
            return _("这是合计行，不是诉求")
        if _TOTAL_OF.fullmatch(first) and others and all(map(_FEW.fullmatch, others)):
            return _("这是合计行，不是诉求")
        if texts in self.above or (len(texts) > 1 and self.words.issuperset(texts)):
            return _("这一行又是标题")
        if self.below and len(texts) <= 2:
            return _("这是表格下面的说明，不是诉求")
        lone = len(texts) <= 2 and len(self.names) > 2 and self.width > len(texts) + 1
        if lone and (_NOTES.match(first) or _PAGE.fullmatch(first)):
            return _("这是表格下面的说明，不是诉求")
        return ""
