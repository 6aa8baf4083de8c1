"""Where somebody lives, down to the door, in a plain text; a building or a street alone is a place of the city and stays."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.masking.found import TextFinding

_HAN = "一二三四五六七八九十百零〇两"
_N = rf"(?:\d{{1,4}}|[A-Za-z]{{1,2}}\d{{0,3}}|[{_HAN}]{{1,4}})"
_FIRST = rf"(?<![0-9A-Za-z{_HAN}第])(?=[0-9A-Za-z{_HAN}东西南北中])"
_SIDE = "[东西南北中左右]"
_S = r"[ \-—–]?"
_YARD = rf"(?:{_N}号(?:大?院)?{_S}(?={_N}))?"
_BUILDING = rf"{_N}(?:#楼?|号楼|号公寓|栋|幢|座|号院|楼(?={_S}(?:{_N}|{_SIDE})单元))"
_UNIT = rf"(?:{_N}单元|{_SIDE}单元|{_N}门洞?(?=\d|{_SIDE}|{_S}{_N}[室户房]))"
_DOOR = (
    rf"(?:{_SIDE}?{_N}(?:室|户(?!型|籍|人|居)|房(?!子|间|屋|产|价|租)|号(?!线|口|路|门|楼|电|井|灯|机|文|窗))|{_SIDE}[边侧手面]?(?:户(?!型)|室|门)|对门"
    rf"|\d{{2,4}}(?:{_SIDE}?户(?!型))?(?![0-9号:户层楼栋幢#]|\.\d{{1,2}}(?!\d)|[ ]?[年月日元块套平米个㎡%]))"
)
_DOOR_OF_A_BUILDING = _DOOR.replace("户(?!型|籍|人|居)|", "").replace(f"{_SIDE}?户(?!型)", f"{_SIDE}户(?!型)")
"""Behind a building alone "1200户" counts homes, and is none."""
_FLOOR = rf"(?:{_N}[层楼])"
_END = r"(?![0-9A-Za-z])"
_CHAIN = re.compile(
    rf"{_FIRST}(?:{_YARD}{_BUILDING}{_S}{_UNIT}{_S}(?:{_FLOOR}{_S})?{_DOOR}?"
    rf"|{_YARD}{_BUILDING}{_S}(?:{_FLOOR}{_S}{_DOOR}|{_DOOR_OF_A_BUILDING})"
    rf"|{_UNIT}{_S}(?:{_FLOOR}{_S}{_DOOR}|{_DOOR})"
    rf"|{_FLOOR}{_SIDE}户)"
)
_DASHED = re.compile(
    r"(?<![0-9A-Za-z.\-—–#+])(?:[A-Za-z]?\d{1,3}(?:#楼?|号楼|栋|幢|[ ]?[\-—–][ ]?)[ ]?\d{1,2}[ ]?[\-—–][ ]?(?!(?:19|20)\d\d(?!\d))\d{3,4}|\d{1,2}[\-—–]\d{1,2}[\-—–]\d{1,2}[\-—–]\d{2,4}室?)"
    r"(?![0-9.:]|[ ]?[\-—–/][ ]?\d)(?:室|户|房|号)?"
)
_ROOM = re.compile(rf"(?<![0-9A-Za-z第])(?:[A-Za-z]?\d{{3,4}}|{_HAN[0]}{{0}}[{_HAN}]{{3,5}})室(?!内|外|友|温)")
_CUE = r"(?:家住|住在|我住|我家是|我家在|家在|住址|住所|家庭住址|家庭地址|通讯地址|联系地址|邮寄地址|收货地址|详细地址|户籍地址|户籍地?|户口所在地|现住址?|居住在?|居住地|居住于|租住在?|租房在|门牌号?|(?:身份证|我的|本人|我家|家里|居民)的?地址|老家|家里在|家:|住(?!院|房|宅|建|户|宿|在院))"
_HOME = re.compile(
    rf"{_CUE}(?P<way>[^,;。!?\n]{{0,26}}?)(?<![0-9A-Za-z{_HAN}第月])(?P<value>{_N}(?:号(?!线|口|路|电|井|灯|机|文|窗)|弄|#|栋|幢|座|-\d{{1,4}}(?:号|室|-\d{{1,4}}))[^,;。!?\n()\[\] 的是有附在门旁对漏停]{{0,16}})"
)
_NUMBERS_END = re.compile(
    rf"^(?:.*(?:[0-9A-Za-z{_HAN}](?:号楼|号院)|[0-9A-Za-z{_HAN}][号院楼栋幢座室户房#弄层组]?|号院|单元|{_SIDE}户|院|巷|附\d+号|号附|对门|付\d+号))"
)
_HOUSE = re.compile(
    r"(?<=[村屯庄寨堡湾坡营店沟])(?:\d{1,2}[组队])?(?P<value>\d{1,4}号(?:院|户|住户|家)?)(?=[,;。!?\n )]|$|的?(?:家|住户|村民|户主|宅基地))"
)
_GROUP_HOME = re.compile(r"(?<=[村屯庄寨堡])(?P<value>\d{1,2}[组队]\d{1,4}号)")
_PLAINLY_HOME = re.compile(rf"单元.*[0-9{_HAN}东西南北]|{_SIDE}户|[\-—–]\d{{1,2}}[\-—–]")
_ADDRESS = re.compile(rf"\d{{1,4}}号|{_N}(?:号楼|栋|幢|单元)")
_SOME = re.compile("[单#幢栋座室户号弄组][^的]|[0-9][-—–#]|[室户号院]$|楼")
"""What a text must hold before it is worth a closer look."""


def homes(text: str, answer: bool = False) -> Iterator[TextFinding]:
    """Doors of homes. answer: an office wrote it; its own rooms and buildings stay, a unit with a door does not."""
    if not _SOME.search(text):
        return
    for pattern in (_CHAIN, _DASHED, _ROOM):
        for found in pattern.finditer(text):
            if found[0] and not (answer and not _PLAINLY_HOME.search(found[0])) and not _is_time(text, found):
                yield _room(text, *found.span())
    if answer:
        return
    for found in _HOME.finditer(text):
        kept = _NUMBERS_END.match(found["value"])
        end = found.start("value") + (kept.end() if kept else len(found["value"]))
        yield _room(text, found.start("value"), end)
    for pattern in (_GROUP_HOME, _HOUSE):
        yield from (_room(text, *found.span("value")) for found in pattern.finditer(text))


def _is_time(text: str, found: re.Match[str]) -> bool:
    """ "2026-3-1501"-like dates are told apart by the pattern; here only what a clock or a road marker shows."""
    return text[max(0, found.start() - 1) : found.start()] in (":", "+", "/")


def _room(text: str, start: int, end: int) -> TextFinding:
    written = text[start:end].rstrip(" -—–,")
    return TextFinding("room", written, start, start + len(written))
