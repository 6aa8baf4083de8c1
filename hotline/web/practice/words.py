"""Each item of a result in sentences: what was wanted, what was done, and how to do better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.city.practice.schema import ITEMS
from hotline.i18n import N_, _
from hotline.web.core.formatting import word
from hotline.web.core.forms.categories import category_label
from hotline.web.core.request_context import here
from hotline.web.practice.pages import end_words

BETTER = {
    "end": N_("挂电话前想一句：这件事该受理、当场答、转接，还是催原来的工单？"),
    "transfer": N_("有人有危险，问到地点就转，别的转完再记。"),
    "asked": N_("下次在问到事情的时候，把这一句也问出来。"),
    "facts": N_("单位只看得到写下来的：这一点要写进诉求内容。"),
    "category": N_("按“归谁管”选类别；拿不准看右边的建议，再看理由。"),
    "unit": N_("承办单位由类别、地点和内容决定：单位不对，多半是这三样有一样没写清。"),
    "urgency": N_("会伤人、断水断电断暖、等着救命的选紧急或特急；其余选一般。"),
    "area": N_("路名和区县要对得上，对不上就再问一句。"),
    "place": N_("地点写到路、小区、楼号或参照物，去的人才找得到。"),
    "privacy": N_("来电人怕被知道的选“密封”；没有要求的用“脱敏”。"),
    "type": N_("问事是咨询，要办是求助，不满是投诉，揭发是举报。"),
    "split": N_("两件事归两家单位才分成两张；同一家、同一处的记一张。"),
    "never": N_("这句话一说出去就收不回来：按规定不能说的，先说“抱歉”，再把他的诉求记下来。"),
}
"""Item → the sentence for whoever missed it."""


@dataclass(frozen=True)
class ItemRow:
    """One item of a result. name: what it is called; why: what was wanted and what was done; better: how, where it was missed."""

    name: str
    ok: bool
    fatal: bool
    points: int
    of: int
    why: str
    better: str
    matter: int


def items_of(scores: list[Mapping[str, Any]]) -> list[ItemRow]:
    """What was missed first, what fails the run before all."""
    ordered = sorted(scores, key=lambda one: (one["ok"], not one["fatal"]))
    return [_item(one) for one in ordered]


def _item(one: Mapping[str, Any]) -> ItemRow:
    ok, of = bool(one["ok"]), int(one["of"])
    return ItemRow(
        _(ITEMS[one["item"]]),
        ok,
        bool(one["fatal"]),
        of if ok else 0,
        of,
        _why(one),
        "" if ok else _(BETTER[one["item"]]),
        int(one["matter"]),
    )


def _why(one: Mapping[str, Any]) -> str:
    item, ok = one["item"], one["ok"]
    if item == "asked":
        ask = here.city.practice.questions.get(one["what"])
        words = ask.ask if ask else one["what"]
        return _("问了“%(ask)s”", ask=words) if ok else _("没有问“%(ask)s”", ask=words)
    if item == "facts":
        told = {"what": one["what"], "wanted": _("、").join(one["wanted"])}
        return _("写了%(what)s", **told) if ok else _("没有写%(what)s（如“%(wanted)s”）", **told)
    if item == "never":
        return (
            _("没有%(what)s", what=one["what"])
            if ok
            else _("%(what)s：出现了“%(got)s”", what=one["what"], got=one["got"])
        )
    return _compared(one)


def _compared(one: Mapping[str, Any]) -> str:
    said = NAMED.get(one["item"], str)
    wanted = _("或").join(said(code) for code in one["wanted"]) or _("不转接")
    if one["item"] == "place":
        return _("地点写到了") if one["ok"] else _("地点里没有“%(wanted)s”", wanted=wanted)
    got = said(one["got"]) if one["got"] else _("空着")
    return _("是%(got)s", got=got) if one["ok"] else _("应是%(wanted)s，您的是%(got)s", wanted=wanted, got=got)


def _unit(code: str) -> str:
    return here.city.unit_name(code)


def _urgency(code: str) -> str:
    return word("urgencies", code)


def _privacy(code: str) -> str:
    return word("privacies", code)


def _type(code: str) -> str:
    return word("request_types", code)


def _area(code: str) -> str:
    return here.city.area_name(code)


def _count(n: str) -> str:
    return _("%(n)s 件", n=n)


NAMED: dict[str, Callable[[str], str]] = {
    "end": end_words,
    "category": category_label,
    "unit": _unit,
    "urgency": _urgency,
    "area": _area,
    "privacy": _privacy,
    "type": _type,
    "split": _count,
}
