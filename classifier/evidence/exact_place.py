"""Where exactly: the house number, the estate, the crossing or the public place a text names, as one key to find it by.

A district or a street office is no place: two calls from there are two matters. A whole road is one only together with
like words. What is not found is not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifier.evidence.buildings import buildings_in
from classifier.text.normalise import plain

# Letters that end what stands before a name: "我家住在世纪花园" speaks of 世纪花园.
_BREAK = "在住于是的了到从把被给请问我你他她它们这那有没位对说及就个后前旁边里内外与跟去来、，。；：！？,.;:!?()（）《》“”\"' "
_LETTER = rf"[^{re.escape(_BREAK)}\d\s]"
_ROAD_ENDS = r"(?:大道|大街|路|街|巷|胡同)"
_ROAD = rf"({_LETTER}{{1,6}}?{_ROAD_ENDS})"
_A_ROAD = re.compile(
    rf"(?:^|(?<=[{re.escape(_BREAK)}\n]))((?:(?![路街巷]){_LETTER}){{1,6}}{_ROAD_ENDS})(?![街道灯面口线段牌程沿由过人边费况基径权宽障])"
)
_NUMBER = re.compile(rf"{_ROAD}(?:[东西南北中]段)?\s*(\d{{1,5}})\s*号(?!楼|线|桥|杆|门(?![口前外])|井|院\d)(?:院)?")
_CROSSING = re.compile(
    rf"{_ROAD}\s*(?:[东西南北中]段)?\s*(?:与|和|跟|、)?\s*{_ROAD}(?:[东西南北中]段)?的?(?:那个?|这个?)?(?:交叉口|交叉路口|十字路?口|路口|交口|交汇处|丁字路?口|口(?![味罩碑袋腔岸]))"
)
_ESTATE = re.compile(
    rf"({_LETTER}{{2,8}}?)(小区|花园|花苑|家园|家属院|公寓|新村|名苑|佳苑|雅苑|豪庭|华府|华庭|嘉园|名城|新城|国际城|御城|御园|御苑|世家|绿洲|绿城|花城|华城|公馆|首府|府邸|名邸|庄园|山庄|半岛|水岸|雅居|雅园|嘉苑|新苑|大厦|广场|市场|商场|超市|批发城|公园|游园|"
    r"中学|小学|幼儿园|学校|医院|卫生院|车站|加油站|工业园|社区|村(?!民|委|干|里|口|子))"
)
_SHARED_NAME = re.compile(r"市场|商场|超市|公园|游园|中学|小学|幼儿园|学校|医院|卫生院|车站|加油站|工业园")
"""Many of them have one name, and the road before it says which."""

_ROAD_BEFORE = re.compile(rf"^.{{1,6}}?{_ROAD_ENDS}(?:[东西南北中]段)?(?=\S{{2}})")
_KIND = re.compile(r"(?:小区|社区)$")
_HEADS = re.compile(
    r"^(?:(?:[解询听说看查]|反映|打听)?一下(?!雨|雪)|反映|反应|投诉|举报|咨询|地点|地址|位于|发现|关于|附近|每天|最近|昨[天晚]|今[天早]|晚上|(?:每逢|只要|一)?(?:下雨|刮风|下雪|天黑|入夜)天?"
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
        "老旧",
        "老",
        "整个",
        "我们",
        "咱们",
        "高层",
        "多层",
        "新建",
        "公办",
        "民办",
        "普通",
        "重点",
        "大型",
        "附属",
        "定点",
    )
)
"""Before a kind of place they name none: every town has a 人民医院."""

_GOES_THERE = re.compile(
    r"(?:[该要想能没法得岁们会就才娃]|孩子|[今明去后]年|[0-9一二三四五六七八九十]月)[上读念去住进逛]$"
)
"""Somebody goes to such a place, and none is named: "孩子该上小学"."""

_NO_ROAD = re.compile(
    r"(?:马|道|公|铁|高速|走|上|下|半|一|线|电|水|气|网|思|出|小|大|老|新|这条|那条|整条|修|问|带|让|过|沿|赶|堵|绕|拦|占|道|涉|销|后|主|支|干|辅|乡村|村|进村|生产|盲|退|活)$"
)
"""Before 路, 街 and 巷 they name none."""

LONGEST = 60


@dataclass(frozen=True)
class ExactPlace:
    """key: "" when none is told. fine: a spot, not a whole road. houses: what `buildings_in` reads in it."""

    key: str = ""
    fine: bool = False
    houses: frozenset[str] = frozenset()


def exact_place(told: str, text: str, known: str = "", road: str = "") -> ExactPlace:
    """The place in the address as told, else in the text. known: a community or landmark of the city's list that was found
    in them; road: a road of it.
    """
    for words in (plain(told or ""), plain(text or "")):
        if words and (key := _spot(words)):
            return ExactPlace(key[:LONGEST], True, buildings_in(words))
    houses = buildings_in(plain(f"{told} {text}"))
    if known:
        return ExactPlace(_KIND.sub("", known)[:LONGEST], True, houses)
    return ExactPlace((road or _road(plain(f"{told}\n{text}")))[:LONGEST], False, houses)


def _spot(words: str) -> str:
    if found := _CROSSING.search(words):
        return "×".join(sorted(_bare(road) for road in found.groups()))
    if found := _NUMBER.search(words):
        return f"{_bare(found[1])}{int(found[2])}号"
    for found in _ESTATE.finditer(words):
        name = _bare(found[1]) if _SHARED_NAME.fullmatch(found[2]) else _ROAD_BEFORE.sub("", _bare(found[1]))
        if name in _ANY or len(name) < 2 or _GOES_THERE.search(name):
            continue
        return name if found[2] in ("小区", "社区") else f"{name}{found[2]}"
    return ""


def _road(words: str) -> str:
    """A whole road that stands on no list, by the letters that end its name."""
    names = (_bare(found[1]) for found in _A_ROAD.finditer(words))
    return next((name for name in names if len(name) > 2 and not _NO_ROAD.search(re.sub(_ROAD_ENDS, "", name))), "")


def _bare(name: str) -> str:
    """Without the district or town before it, and without another place joined to it."""
    return _HEADS.sub("", _JOINED.sub("", name))
