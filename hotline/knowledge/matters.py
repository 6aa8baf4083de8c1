"""Service matters: what a guide holds, what is said of it aloud, and the slip with which somebody goes to the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hotline.i18n import N_, _, speaking
from models import ArticleVersion

GUIDE = {
    "base_code": N_("基本编码"),
    "matter_type": N_("事项类型"),
    "body": N_("实施主体"),
    "target": N_("办理对象"),
    "conditions": N_("受理条件"),
    "papers": N_("申请材料"),
    "fee": N_("收费"),
    "legal_limit": N_("法定办结时限"),
    "promised_limit": N_("承诺办结时限"),
    "place": N_("办理地点"),
    "hours": N_("办理时间"),
    "phone": N_("咨询电话"),
    "url": N_("网办地址"),
}
"""The fields of a guide, under the names that provincial platforms publish them by; papers is a list, the rest are words."""

NEEDED = ("papers", "place", "hours")
"""Without these nobody can be sent to a window."""

LONGEST_PAPERS = 100
_NUMBER = re.compile(r"(?<!\d)\d{5,}|\d{3,4}\s*[-－—–]\s*\d{6,8}|(?<!\d)1[012]\d(?!\d)")
_BELOW_NOTHING = re.compile(r"\s*[-－−]\s*\d")
_WHEN = re.compile("[0-9０-９]|[一二三四五六七八九十]点|周|星期|工作日|节假日|上午|下午|全天|随时|全年|长期|预约|昼夜")
_CLOCK = re.compile(r"(\d{1,2})\s*[:：]\s*(\d{2})")
_FREE = re.compile(r"(?:0|零)(?:\.0+)?(?:元|元钱)?|无|否|免费|免收|不收费|不收")


def guide_facts(version: ArticleVersion) -> list[tuple[str, str]]:
    """The guide for a reader: (name, words), empty ones left out; papers stand apart."""
    return [
        (_(name), str(version.guide[key])) for key, name in GUIDE.items() if key != "papers" and version.guide.get(key)
    ]


def papers_of(version: ArticleVersion) -> list[str]:
    return [str(one) for one in version.guide.get("papers") or ()]


def said_of(kind: str, version: ArticleVersion) -> str:
    """What is read out: of a matter for which nobody wrote words, those of its guide."""
    return said_aloud(version) if kind == "matter" and not version.phone_answer else version.phone_answer


def said_aloud(version: ArticleVersion) -> str:
    """What an agent reads to the caller: only words of the guide, with their names, in the language that the guide is in."""
    with speaking("zh"):
        return _sentence(version)


def _sentence(version: ArticleVersion) -> str:
    guide = version.guide
    parts = [_("“%(name)s”", name=version.title)]
    if papers := papers_of(version):
        parts.append(_("要带：%(papers)s", papers="、".join(papers)))
    named = (
        ("place", _("到%(words)s办理")),
        ("hours", _("办理时间：%(words)s")),
        ("promised_limit", _("承诺时限：%(words)s")),
    )
    parts += [words % {"words": guide[key]} for key, words in named if guide.get(key)]
    parts += [_fee(str(guide["fee"]).strip())] if guide.get("fee") else []
    parts += [_("也可网办：%(words)s", words=guide["url"])] if guide.get("url") else []
    return _("；").join(parts) + _("。")


def _fee(words: str) -> str:
    """Nothing is said as nothing: "收费：0" would be read out as a fee."""
    return _("不收费") if _FREE.fullmatch(words) else _("收费：%(words)s", words=words)


def slip(version: ArticleVersion) -> dict[str, str]:
    """The values of the appointment slip that is sent as a text."""
    guide = version.guide
    return {
        "title": version.title,
        "papers": shortened(papers_of(version)),
        "place": str(guide.get("place") or ""),
        "hours": str(guide.get("hours") or ""),
        "phone": str(guide.get("phone") or ""),
    }


def shortened(papers: Sequence[str]) -> str:
    """As many papers as one value of a text holds; what is left out is counted, never dropped in silence."""
    said: list[str] = []
    for paper in papers:
        if sum(map(len, said)) + len(said) + len(paper) > LONGEST_PAPERS:
            with speaking("zh"):
                return _("%(papers)s等共%(n)s份", papers="、".join(said) or paper[:LONGEST_PAPERS], n=len(papers))
        said.append(paper)
    return "、".join(said)


ASKED_OF = {
    "papers": "材料 资料 证件 手续",
    "conditions": "条件 资格",
    "fee": "收费 费用",
    "promised_limit": "时限",
    "place": "地点 地址 窗口",
    "hours": "办理时间",
    "phone": "电话",
    "url": "网址",
}
"""By what names callers ask for a field of a guide: one that is filled answers them, and they are nothing strange to it."""


def words_of_guide(guide: Mapping[str, Any]) -> str:
    """What of a guide helps to find it."""
    return " ".join(str(guide.get(key) or "") for key in ("target", "conditions", "place")) + " ".join(
        str(one) for one in guide.get("papers") or ()
    )


def asked_of_guide(guide: Mapping[str, Any]) -> str:
    """The names of the fields that this guide answers."""
    return " ".join(names for key, names in ASKED_OF.items() if guide.get(key))


def faults_of(guide: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each field that says something else than its name."""
    return {key: fault for key, look in _LOOKS.items() if (said := str(guide.get(key) or "")) and (fault := look(said))}


def _of_phone(said: str) -> str:
    plain = _("咨询电话“%(said)s”里没有能拨的号码，应如 0372-2550000；没有就空着。", said=said[:30])
    return "" if _NUMBER.search(said) else plain


def _of_fee(said: str) -> str:
    return _("收费“%(said)s”小于零，请改正。", said=said[:30]) if _BELOW_NOTHING.match(said) else ""


def _of_hours(said: str) -> str:
    is_time = all(int(hour) <= 24 and int(minute) < 60 for hour, minute in _CLOCK.findall(said))
    unclear = _("办理时间“%(said)s”看不懂，应如“周一至周五 9:00—17:00”。", said=said[:30])
    return "" if is_time and _WHEN.search(_NUMBER.sub("", said)) else unclear


_LOOKS: Mapping[str, Callable[[str], str]] = {"phone": _of_phone, "fee": _of_fee, "hours": _of_hours}
