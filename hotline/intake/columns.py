"""Which column of a foreign file is which fact of a contact: guessed by usual names, or told by the person who imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hotline.errors import Refusal
from hotline.i18n import _

USUAL: dict[str, tuple[str, ...]] = {
    "body": (
        "body",
        "正文",
        "内容",
        "诉求内容",
        "反映内容",
        "来信内容",
        "留言内容",
        "留言详情",
        "问题描述",
        "诉求描述",
        "工单内容",
        "content",
        "text",
        "message",
        "description",
        "诉求",
    ),
    "title": ("title", "subject", "标题", "主题", "留言主题", "诉求标题", "工单标题"),
    "happened_at": (
        "time",
        "时间",
        "happened_at",
        "created_at",
        "date",
        "日期",
        "来电时间",
        "留言时间",
        "受理时间",
        "登记时间",
        "提交时间",
    ),
    "phone": ("phone", "电话", "手机", "手机号", "联系电话", "来电号码", "电话号码", "tel", "mobile"),
    "name": ("name", "姓名", "联系人", "来电人", "诉求人", "user", "用户", "留言用户", "网友"),
    "outer_number": ("id", "编号", "工单编号", "工单号", "单号", "留言编号", "outer_number", "number", "流水号"),
    "place": ("place", "地址", "地点", "事发地址", "诉求地址", "发生地点", "address"),
    "request_type": ("request_type", "诉求类型", "类型", "来电类型", "type"),
    "channel": ("channel", "渠道", "来源", "受理渠道", "诉求来源"),
    "urgency": ("urgency", "紧急程度"),
    "category": ("category_code", "类别代码"),
    "area": ("area_code", "区县代码"),
}
"""Each fact's usual column names, the likeliest first. Comparison ignores case and spaces."""


def columns_of(names: Iterable[str], told: Mapping[str, str]) -> dict[str, str]:
    """Fact → column. told: what the person said; an empty column there means "do not take this fact".

    Raises Refusal when a told column or fact does not exist, or no column can be the body.
    """
    have = {_plain(name): name for name in names}
    _check(have, told)
    found = {fact: next((have[usual] for usual in usuals if usual in have), "") for fact, usuals in USUAL.items()}
    found.update({fact: have[_plain(column)] if column else "" for fact, column in told.items()})
    if not found["body"] and not found["title"]:
        raise Refusal(
            _(
                "找不到哪一列是诉求内容（有这些列：%(columns)s）。请用 --map body=列名 指明。",
                columns="、".join(have.values())[:300],
            )
        )
    return {fact: column for fact, column in found.items() if column}


def read_map(pairs: Iterable[str]) -> dict[str, str]:
    """`body=诉求 phone=` as a mapping. Raises Refusal for a pair without an equals sign."""
    told: dict[str, str] = {}
    for pair in pairs:
        fact, sign, column = pair.partition("=")
        if not sign:
            raise Refusal(_("--map 应写成 名称=列名，例如 body=诉求内容；不能是“%(pair)s”。", pair=pair[:60]))
        told[fact.strip()] = column.strip()
    return told


def _check(have: Mapping[str, str], told: Mapping[str, str]) -> None:
    unknown = sorted(set(told) - set(USUAL))
    if unknown:
        raise Refusal(
            _("没有“%(facts)s”这一项，可以指明的有：%(known)s。", facts="、".join(unknown), known="、".join(USUAL))
        )
    missing = [column for column in told.values() if column and _plain(column) not in have]
    if missing:
        raise Refusal(
            _(
                "文件里没有“%(missing)s”这一列，有的是：%(columns)s。",
                missing="、".join(missing),
                columns="、".join(have.values())[:300],
            )
        )


def _plain(name: str) -> str:
    return "".join(name.split()).strip("\ufeff").lower()
