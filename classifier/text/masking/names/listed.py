"""Names told in a row: "参加的有高峰、黎明、杨柳", "工友名单：胡同 路遥 马力". A list is of people as a whole or not at all.

Each alone would be an ordinary word. What stands before or behind the row says that people are counted, or one of them is
known to be somebody; offices, trades and things in the row say that it is none.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from classifier.text.masking.names.related import names_too
from classifier.text.masking.names.roles import ANY, OTHERS, PARTS
from classifier.text.masking.names.surnames import COMMON, COMPOUND, GIVEN, HAN, RARE, not_names
from classifier.text.patterns.late import late
from classifier.text.words import cut_apart, dictionary_kind

_ONE = rf"[{HAN}]{{2,3}}?(?:\([{HAN}\d, ]{{1,8}}\))?"
_MARK = r"(?:\(?\d{1,2}[.、)] ?)?"
_AND = "[和与及跟]"
_JOINED = frozenset("、和与跟")
_HAN = late(f"[{HAN}]")
_RUN = late(f"[{HAN}]{{0,7}}")
_TOGETHER = ("一起", "一同", "等")
_ROW = rf"{_MARK}{_ONE}(?:(?:[、,;] ?|[ \n]{{1,2}}){_MARK}{_ONE}){{1,30}}(?:{_AND}{_ONE})?|{_ONE}{_AND}{_ONE}"
_STOP = r"(?:[\s,;。!?:()\"”]|的|把|被|在|都|也|没|不)"
_CROWD = "(?:家|户|个|名|位|口)?(?:人|孩子|老人|小孩|学生|工人|工友|村民|业主|邻居|同学|同事|员工|姐妹|兄弟|家长|群众|户|家|名)"
_COUNTED = rf"(?:等|这|共|一共|总共)?[两二三四五六七八九十几\d]{{1,3}}{_CROWD}|等{_CROWD}|夫妇|夫妻|一起|一同|父[子女]|母[子女]|兄[弟妹]|姐[弟妹]|(?:可以|能|都能|都可以|愿意)作证|(?:都|均|也|全都?|至今)+(?:没|未)(?:有)?(?:领|拿|收|发|得|签|参加|到场|给|交)|(?:都|均)(?:被|同意|签)|也(?:被|没领|没拿|没发)|(?:又|天天|经常)?(?:打架|吵架|互殴|合伙|离婚)"
_OF = rf"(?:(?<=[^,。;!?\n])人|名单|人员|成员|姓名|人名|名字|签名|签字|联名|署名|代表|家属|{OTHERS}|{PARTS})(?:名单|签名|签字|姓名|代表)?"
_DONE = "参加|参与|到场|在场|被困|受伤|打人|中毒|被打|被骗|欠薪|受害|出席|去世|死亡|失踪|住院|签字|签名|闹事|报名|未发工资|没发工资"
_TOLD_OF = rf"(?:{_OF}(?:(?:如下|分别)?(?:是|有|为|:|叫)|如下|[ \n])|(?:{_DONE})[^,。;!?\n]{{0,8}}?(?:的人?)?(?:有|是|为|包括|:)|(?<=[^,。;!?\n][^,。;!?\n])的(?:人|工人|村民|业主|学生|孩子)?(?:有|是|包括):|还有|分别是|分别叫)[ \n]{{0,2}}"
_BEHIND_CUE = late(rf"{_TOLD_OF}(?P<row>{_ROW})(?={_STOP}|$|{_COUNTED})")
_BEHIND_ROLE = late(rf"(?:{ANY}|人员|成员)(?P<row>{_ROW})(?={_STOP}|$|{_COUNTED})")
_BEFORE_COUNT = late(rf"(?:^|(?<=[\s,;。!?:(\"“被是有]))(?P<row>{_ROW})(?={_COUNTED})")
_WITH_ONE = late(rf"(?:^|(?<=[\s,;。!?:(\"“被是有]))(?P<row>{_ONE}(?:、{_ONE}){{1,30}}(?:{_AND}{_ONE})?)(?={_STOP}|$)")
_GOES_ON = frozenset("vdpcur")
"""Kinds of words with which a sentence goes on about those it has named."""
_NAME = late(
    rf"(?:{COMPOUND})[{HAN}]{{1,2}}|[{COMMON}]{GIVEN}{{1,2}}|[{RARE}]{GIVEN}|(?P<twin>[{HAN}])(?P=twin)|[阿小大老][{COMMON}强刚军伟芳英丽红梅兰花霞燕明亮飞龙虎宝]"
)
_NOBODY = late(
    rf"{ANY}|书记|主任|干部|党员|警察|民警|城管|物业|社区|街道|政府|公司|领导|消防|医院|学校|单位|媒体|记者|公安|行人|车辆|高中|初中|小学|大学|安保|家长|农民|姓名|电话|管理|施工|时间|方面|相关|应该|万科|万达|古城|高层"
)
_TITLED = late("(?:医生|主任|书记|老师|经理|校长|院长|局长|科长|先生|女士|师傅|老板|队长|所长|站长|军长|某)$")
_THINGS = frozenset(
    "人局所院校厂部委办科室队组站店方户员们的了吗呢吧司处村镇乡街巷桥寺苑湾区县市厅会费单卡票证表柜箱口里面边上下楼栋层机车房线管灯板栏网器材料具品款税率权法律条例书件章本水电气味油省州岛"
)


def listed_names(text: str, sure: Collection[str] = ()) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) of all in a row of people. sure: names that the text told elsewhere."""
    for pattern, enough in ((_BEHIND_CUE, any), (_BEFORE_COUNT, any), (_BEHIND_ROLE, all), (_WITH_ONE, any)):
        for found in pattern.finditer(text):
            members = _without_what_follows(text, _members(text, *found.span("row")), sure)
            names = [name for name, *_ in members]
            told = [name in sure or (_is_borne if pattern is _WITH_ONE else _likely)(name) for name in names]
            if len(names) > 1 and enough(told) and _is_row(names, sure, patient=pattern is _BEHIND_CUE):
                yield from members
    for name in sure:
        yield from _beside(text, name)


def _beside(text: str, sure: str) -> Iterator[tuple[str, int, int]]:
    """Everyday words that people bear, in one row with somebody who is known: "李伟、高峰都在现场"."""
    for found in re.finditer(rf"(?<=[、和与跟]){re.escape(sure)}|{re.escape(sure)}(?=[、和与跟])", text):
        yield from _one_by_one(text, found.end(), _right_of)
        yield from _one_by_one(text, found.start(), _left_of)


def _one_by_one(
    text: str, at: int, neighbour: Callable[[str, int], tuple[int, int] | None]
) -> Iterator[tuple[str, int, int]]:
    while span := neighbour(text, at):
        yield text[slice(*span)], *span
        at = span[1] if neighbour is _right_of else span[0]


def _right_of(text: str, at: int) -> tuple[int, int] | None:
    if text[at : at + 1] not in _JOINED:
        return None
    run = _RUN.match(text, at + 1)[0]  # type: ignore[index]  # of no sign at least
    ends = (length for length in (2, 3) if _stands_beside(run[:length]) and _is_whole(run, length))
    return next(((at + 1, at + 1 + length) for length in ends), None)


def _left_of(text: str, at: int) -> tuple[int, int] | None:
    if not at or text[at - 1] not in _JOINED:
        return None
    for start in (at - 3, at - 4):
        if start >= 0 and not _HAN.match(text[start - 1 : start]) and _stands_beside(text[start : at - 1]):
            return start, at - 1
    return None


def _is_whole(run: str, length: int) -> bool:
    """Nothing stands behind, or a word that goes on with the sentence."""
    rest = run[length:]
    if not rest or rest[0] in _JOINED:
        return True
    if len(rest) == 1 or dictionary_kind(run[length - 1 : length + 1]):
        return False
    return rest.startswith(_TOGETHER) or dictionary_kind(cut_apart(rest)[0])[:1] in _GOES_ON


def _stands_beside(name: str) -> bool:
    return _may_be(name) and _likely(name)


def _members(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Each between its marks; what stands in brackets behind one is said of them."""
    row = re.sub(r"\([^()]*\)", lambda found: " " * len(found[0]), text[start:end])
    parts = re.finditer(rf"[{HAN}]+", row)
    found = []
    for part in parts:
        at, pieces = start + part.start(), re.split(f"(?<=[{HAN}]{{2}}){_AND}(?=[{HAN}]{{2}})", part[0])
        for piece in pieces:
            at = text.index(piece, at)
            found.append((piece, at, at + len(piece)))
            at += len(piece)
    return found


def _without_what_follows(
    text: str, members: list[tuple[str, int, int]], sure: Collection[str]
) -> list[tuple[str, int, int]]:
    """A comma ends a row as often as it goes on with it."""
    while len(members) > 2 and not _is_member(members[-1][0], sure) and "," in text[members[-2][2] : members[-1][1]]:
        members = members[:-1]
    return members


def _is_row(names: list[str], sure: Collection[str], patient: bool) -> bool:
    """Every one may be somebody; where the row is announced as one of people, more than half is enough if none is a thing."""
    members = [name for name in names if _is_member(name, sure)]
    if patient and len(members) * 2 > len(names):
        return not any(
            _NOBODY.match(name) or _TITLED.search(name) or name[-1] in _THINGS for name in names if name not in members
        )
    return len(members) == len(names)


def _is_member(name: str, sure: Collection[str]) -> bool:
    return name in sure or _may_be(name)


def _may_be(name: str) -> bool:
    """It begins with a family name and is no trade, office, place or thing."""
    if name in names_too():
        return True
    if not _NAME.fullmatch(name) or _NOBODY.match(name) or _TITLED.search(name) or name[-1] in _THINGS:
        return False
    if len(name) > 2:
        return name[:2] not in not_names() or name[:2] in names_too()
    return dictionary_kind(name) != "ns"


def _likely(name: str) -> bool:
    """A word that people bear, a name of the dictionary, or nothing the dictionary knows."""
    kind = dictionary_kind(name)
    return name in names_too() or not kind or kind.startswith("nr")


def _is_borne(name: str) -> bool:
    """Three signs that the dictionary calls a name."""
    return len(name) > 2 and dictionary_kind(name).startswith("nr")
