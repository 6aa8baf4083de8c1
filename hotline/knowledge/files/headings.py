"""Which column is which field: the headings of our own export, and those under which provincial platforms publish matters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.importing.headings import table_of
from hotline.intake.importing.reading.cells import text_of
from hotline.intake.importing.reading.sheets import Book, Line, Sheet, Table

COMMON = {
    "code": ("编号", "知识编号"),
    "unit": ("负责单位", "归属单位", "单位", "维护单位", "责任部门", "负责部门", "主管部门", "所属部门", "提供部门"),
    "category_code": ("类别", "分类", "类别编码"),
    "source": ("依据", "来源", "政策依据", "出处", "依据文件", "政策文件", "来源文件", "文件名称"),
    "source_number": ("文号", "依据文号", "文件号"),
    "source_clause": ("条款", "依据条款"),
    "valid_from": ("有效期起", "生效日期", "开始日期"),
    "valid_until": ("有效期止", "失效日期", "截止日期", "有效期至", "到期日期", "有效至", "失效时间", "截止时间"),
    "area": ("区县", "适用区县", "适用地区"),
    "channels": ("渠道", "适用渠道"),
    "audience": ("对象", "公开范围"),
    "links": ("网址", "链接"),
}
ARTICLE = {
    **COMMON,
    "title": ("问题", "标题", "问", "标准问", "问题描述", "咨询内容", "咨询事项", "提问", "题目", "知识名称", "知识点"),
    "questions": (
        "其他问法",
        "相似问",
        "相似问法",
        "相似问题",
        "扩展问",
        "扩展问法",
        "同义问法",
        "其他问题",
        "问法",
        "怎么问",
        "说法",
    ),
    "phone_answer": (
        "电话答复",
        "答案",
        "答复",
        "答",
        "答复口径",
        "口径",
        "答复内容",
        "回复",
        "回复内容",
        "回答",
        "解答",
        "知识内容",
        "标准答",
        "话术",
        "怎么答",
    ),
    "text_answer": ("短信答复", "短信"),
    "long_answer": ("详细说明", "详细答复", "正文"),
}
MATTER = {
    **COMMON,
    "title": ("事项名称", "办理项名称", "办理事项", "服务事项", "事项", "事项名"),
    "questions": ("常用叫法", "俗称", "事项简称", "其他问法", "通俗叫法", "叫法", "别名", "又名"),
    "base_code": ("基本编码", "事项基本编码", "目录编码"),
    "code": ("实施编码", "事项实施编码", "事项编码", "实施清单编码", "编号"),
    "matter_type": ("事项类型", "权力类型", "事项类别"),
    "body": (
        "实施主体",
        "实施主体名称",
        "实施机关",
        "实施部门",
        "实施单位",
        "责任部门",
        "责任单位",
        "主管部门",
        "办理部门",
        "承办单位",
    ),
    "unit": ("负责单位",),
    "legal_limit": ("法定办结时限", "法定时限", "法定期限", "法定办理时限", "法定办结期限"),
    "legal_unit": ("法定办结时限单位",),
    "promised_limit": ("承诺办结时限", "承诺时限", "承诺期限", "承诺办理时限", "承诺办结期限"),
    "promised_unit": ("承诺办结时限单位",),
    "place": ("办理地点", "办理地址", "办件地点", "受理地点", "办理窗口", "办理场所", "窗口地址"),
    "hours": ("办理时间", "办公时间", "受理时间", "工作时间"),
    "fee": ("收费", "收费情况", "收费标准", "是否收费", "收费依据及标准", "收费依据"),
    "conditions": ("受理条件", "办理条件", "申请条件", "申报条件"),
    "papers": ("申请材料", "办理材料", "材料名称", "所需材料", "申报材料", "提交材料", "材料清单"),
    "source": ("设定依据", "法律依据", "依据", "法律法规依据", "实施依据", "法定依据", "政策依据"),
    "source_number": ("依据文号", "文号"),
    "phone": ("咨询电话", "咨询方式", "联系电话", "联系方式"),
    "url": ("网办地址", "在线办理地址", "网上办理地址", "网上申请地址", "在线办理网址", "网办网址", "办理网址"),
    "target": ("办理对象", "服务对象", "面向对象", "申请对象"),
    "phone_answer": ("电话答复",),
}
"""As provinces, cities and their departments head the columns of their lists."""

FIELDS = {"article": ARTICLE, "matter": MATTER}
NEEDED = {"article": ("title", "phone_answer", "source", "unit"), "matter": ("title", "code", "body", "source")}
LOOK_AT = 30


def columns_of(names: Iterable[str], kind: str) -> dict[str, str]:
    """Field → the heading it stands under: one that is known as it stands, else one that ends like one ("政务服务事项名称")."""
    known = {bare(alias): field for field, aliases in FIELDS[kind].items() for alias in aliases}
    headings, found = list(names), dict[str, str]()
    for name in headings:
        if field := known.get(bare(name)):
            found.setdefault(field, name)
    for name in (one for one in headings if bare(one) not in known):
        if field := known.get(_ending(bare(name), known)):
            found.setdefault(field, name)
    return found


def _ending(heading: str, known: Iterable[str]) -> str:
    """The longest known heading with which this one ends; of less than two signs none does."""
    return max((one for one in known if len(one) > 1 and heading.endswith(one)), key=len, default="")


def tables_of(book: Book, kind: str, known: frozenset[str] = frozenset()) -> Sequence[tuple[Table, Mapping[str, str]]]:
    """The tables of a file that hold what is wanted, hidden ones only where no other does; known: fields that need no column.
    Raises Refusal naming what is missing."""
    tables = list(book.tables) or [table for sheet in book.sheets if (table := _under_best_line(sheet, kind))]
    found = [(table, columns_of(table.columns, kind)) for table in tables]
    good = [(table, columns) for table, columns in found if not _missing(columns, kind, known)]
    if not good:
        nearest = max(found, key=lambda one: len(one[1]), default=None)
        missing = _missing(nearest[1], kind, known) if nearest else NEEDED[kind]
        names = "、".join(FIELDS[kind][field][0] for field in missing)
        raise Refusal(_("表里缺少这些列：%(names)s。请按模板的列名填写后再导入。", names=names), field="file")
    return [one for one in good if not one[0].hidden] or good


def bare(heading: str) -> str:
    """A heading without signs, blanks and what stands in brackets."""
    return re.sub(r"[\s*＊:：]|[（(].*?[）)]", "", heading)


def _missing(columns: Mapping[str, str], kind: str, known: frozenset[str]) -> list[str]:
    return [field for field in NEEDED[kind] if field not in columns and field not in known]


def _under_best_line(sheet: Sheet, kind: str) -> Table | None:
    """The sheet under the line that holds most of our headings; titles and notes may stand above it."""
    first = [line for line in islice(sheet.lines(), LOOK_AT) if not line.trouble]
    if not first:
        return None
    return table_of(sheet, max(first, key=lambda line: (_known_in(line, kind), -line.number)).number)


def _known_in(line: Line, kind: str) -> int:
    return len(columns_of([text_of(cell) for cell in line.cells], kind))
