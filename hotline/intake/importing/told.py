"""What the preflight understood, in sentences for the person who imports."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.i18n import N_, _
from hotline.intake.importing.day_orders import PADDED
from hotline.intake.importing.preflight import SheetFound, Understood

FACT_NAMES = {
    "body": N_("诉求内容"),
    "title": N_("标题"),
    "happened_at": N_("时间"),
    "phone": N_("电话"),
    "name": N_("姓名"),
    "outer_number": N_("编号"),
    "place": N_("地点"),
    "area": N_("区县"),
    "request_type": N_("诉求类型"),
    "channel": N_("来源"),
    "urgency": N_("紧急程度"),
    "category": N_("类别"),
    "state": N_("状态"),
    "reply": N_("答复"),
    "unit": N_("办理单位"),
    "rating": N_("满意度"),
    "solved": N_("是否解决"),
    "closed_at": N_("办结时间"),
    "replied_at": N_("答复时间"),
}
ORDER_NAMES = {"ymd": N_("年、月、日"), "mdy": N_("月、日、年"), "dmy": N_("日、月、年")}
DELIMITERS = {"\t": N_("制表符"), ",": N_("逗号"), ";": N_("分号"), "|": N_("竖线")}


def sentences(found: Understood) -> Iterator[str]:
    yield _head(found)
    for sheet in found.sheets:
        yield from _sheet(sheet)
    yield _(
        "共 %(rows)d 行：可以读入 %(good)d 行（其中已办结的历史 %(settled)d 行），读不了 %(wrong)d 行。",
        rows=found.rows,
        good=found.good,
        settled=found.settled,
        wrong=found.wrong,
    )
    if found.without_number:
        yield _(
            "%(n)d 行没有可用的编号（其中 %(rounded)d 行的编号被 Excel 变成了科学计数），按内容认。",
            n=found.without_number,
            rounded=found.rounded_numbers,
        )
    if found.twice_same or found.twice_other:
        yield _(
            "编号重复的：内容相同 %(same)d 行（算已有），内容不同 %(other)d 行（算冲突）。",
            same=found.twice_same,
            other=found.twice_other,
        )
    for fact, told in found.unknown_words.items():
        yield _(
            "“%(fact)s”里不认识的词照原样保留：%(words)s。",
            fact=_(FACT_NAMES[fact]),
            words="、".join(f"{word}（{n}）" for word, n in told.items())[:300],
        )


def _head(found: Understood) -> str:
    parts = [
        found.kind,
        found.encoding,
        _(DELIMITERS[found.delimiter]) if found.delimiter in DELIMITERS else found.delimiter,
    ]
    return _(
        "%(file)s（%(how)s），来源“%(source)s”",
        file=found.file,
        how="，".join(filter(None, parts)),
        source=found.source,
    )


def _sheet(sheet: SheetFound) -> Iterator[str]:
    name = _("工作表“%(sheet)s”：", sheet=sheet.name) if sheet.name else ""
    if not sheet.read:
        yield name + _("没有读入。%(why)s", why=sheet.why_not)
        return
    taken = "、".join(f"{_(FACT_NAMES[fact])}←{'/'.join(columns)}" for fact, columns in sheet.columns.items())
    where = _("标题在第 %(line)d 行，", line=sheet.heading_row) if sheet.heading_row else ""
    yield name + where + _("共 %(rows)d 行。%(taken)s", rows=sheet.rows, taken=taken)
    if sheet.left:
        yield name + _("没有对应的列，原样保留在工单的附加信息里：%(left)s", left="、".join(sheet.left)[:400])
    for column, order in sheet.orders.items():
        yield name + _(
            "“%(column)s”里 3/5/26 这样的日期，看整列按%(order)s读。",
            column=column,
            order=_(ORDER_NAMES[order.removesuffix(PADDED)]),
        )
    if sheet.yearless and sheet.year:
        yield name + _(
            "%(n)d 行的日期没有年份，按 %(year)d 年读（写在工作表名、表的题目或文件名里）。",
            n=sheet.yearless,
            year=sheet.year,
        )
    for n, sentence in (
        (sheet.merged_cells, N_("%(n)d 处合并单元格，按每一行都有这个值读。")),
        (sheet.formulas_without_value, N_("%(n)d 个公式在文件里没有值，读不到。")),
        (sheet.error_cells, N_("%(n)d 个单元格是 Excel 的错误值。")),
    ):
        if n:
            yield name + _(sentence, n=n)
    if sheet.hidden:
        yield name + _("这是隐藏的工作表，也读入。")
