"""Where exactly: the house number, the estate, the crossing or the public place a text names, as one key to find it by.

A district or a street office is no place: two calls from there are two matters. A whole road is one only together with
like words. What is not found is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifier.text.normalise import plain

# Letters that end what stands before a name: "我家住在世纪花园" speaks of 世纪花园.
_BREAK = "在住于是的了到从把被给请问我你他她它们这那有没位对说及就个后前旁边里内外与跟去来、，。；：！？,.;:!?()（）《》“”\"' "
_LETTER = rf"[^{re.escape(_BREAK)}\d\s]"
_ROAD = rf"({_LETTER}{{1,6}}?(?:大道|大街|路|街|巷|胡同))"
_NUMBER = re.compile(rf"{_ROAD}(?:[东西南北中]段)?\s*(\d{{1,5}})\s*号(?!楼|线|桥|杆|门(?![口前外])|井|院\d)(?:院)?")
_CROSSING = re.compile(
    rf"{_ROAD}\s*(?:[东西南北中]段)?\s*(?:与|和|跟|、)?\s*{_ROAD}(?:[东西南北中]段)?的?(?:交叉口|交叉路口|十字路口|路口|交口|交汇处|丁字口)"
)
_ESTATE = re.compile(
    rf"({_LETTER}{{2,8}}?)(小区|花园|花苑|家园|家属院|公寓|新村|名苑|佳苑|雅苑|豪庭|华府|华庭|嘉园|名城|新城|国际城|大厦|广场|市场|商场|超市|批发城|公园|游园|"
    r"中学|小学|幼儿园|学校|医院|卫生院|车站|加油站|工业园|社区|村(?!民|委|干|里|口|子))"
)
_KIND = re.compile(r"(?:小区|社区)$")
_HOUSE = re.compile(r"(\d{1,3})\s*(?:号楼|栋|幢|座)")
_HEADS = re.compile(
    r"^(?:反映|反应|投诉|举报|咨询|地点|地址|位于|发现|关于|附近|每天|最近|昨[天晚]|今[天早]|晚上|(?:每逢|只要|一)?(?:下雨|刮风|下雪|天黑|入夜)天?"
    r"|购?买|家住|租住|入住|路过|途经|走到|寄到|送到|我家|河南省|安阳市|.{1,3}[省市县区镇乡]|.{1,4}街道(?:办事处)?|.{1,4}办事处)+(?=\S{2})"
)
_JOINED = re.compile(r"^.*(?:路|街|大道|区|镇|村)和(?=\S{2})")
_ANY = frozenset(
    (
        "社区",
        "人民",
        "中心",
        "附近",
        "本地",
        "一个",
        "某",
        "小区",
        "镇",
        "县",
        "乡",
        "市",
        "当地",
        "农贸",
        "超市",
        "公立",
        "私立",
        "学校",
        "医院",
    )
)
"""Before a kind of place they name none: every town has a 人民医院."""

LONGEST = 60


@dataclass(frozen=True)
class ExactPlace:
    """key: "" when none is told. fine: a spot, not a whole road. houses: the buildings named in it."""

    key: str = ""
    fine: bool = False
    houses: frozenset[str] = frozenset()


def exact_place(told: str, text: str, known: str = "", road: str = "") -> ExactPlace:
    """The place in the address as told, else in the text. known: a community or landmark of the city's list that was found
    in them; road: a road of it.
    """
    for words in (plain(told or ""), plain(text or "")):
        if words and (key := _spot(words)):
            return ExactPlace(key[:LONGEST], True, frozenset(_HOUSE.findall(words)))
    houses = frozenset(_HOUSE.findall(plain(f"{told} {text}")))
    if known:
        return ExactPlace(_KIND.sub("", known)[:LONGEST], True, houses)
    return ExactPlace(road[:LONGEST], False, houses) if road else ExactPlace()


def elsewhere(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both name buildings, and none in common."""
    return bool(one and other and not one & other)


def _spot(words: str) -> str:
    if found := _CROSSING.search(words):
        return "×".join(sorted(_bare(road) for road in found.groups()))
    if found := _NUMBER.search(words):
        return f"{_bare(found[1])}{int(found[2])}号"
    for found in _ESTATE.finditer(words):
        name = _bare(found[1])
        if name in _ANY or len(name) < 2:
            continue
        return name if found[2] in ("小区", "社区") else f"{name}{found[2]}"
    return ""


def _bare(name: str) -> str:
    """Without the district or town before it, and without another place joined to it."""
    return _HEADS.sub("", _JOINED.sub("", name))
