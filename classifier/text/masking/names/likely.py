"""How much more likely a few characters are somebody's name than the words they would otherwise be.

Both are counted: a name from how often its family name and each given character stand in names, words from how often the
dictionary has met them. Nothing is listed, so that a name nobody thought of is weighed like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from classifier.text.masking.names.surnames import COMMON, COMPOUND, RARE
from classifier.text.words import cut_apart, word_count

_OFTEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱"
    "江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
"""The hundred commonest family names, commonest first: 85 of 100 people bear one of them."""
_A_NAME = 5.0
"""-ln of the share of names among the words of a text."""
_ALL_WORDS = math.log(60_000_000)
_NEVER_MET = 10.0
_ONLY_FAMILIES = (
    "欧阳 上官 诸葛 皇甫 尉迟 公孙 慕容 令狐 夏侯 轩辕 端木 宇文 鲜于 赫连 澹台 淳于 申屠 钟离 呼延 独孤 纳兰 拓跋 完颜 "
    "司马 司徒 闻人"
)
_OF_TWO_SIGNS = frozenset(_ONLY_FAMILIES.split())
"""Family names that are no other words."""
_LIKE_A_NAME = 21.0


def likelier(text: str, start: int, end: int) -> float:
    """By how much text[start:end] is likelier a name than words (the logarithm of how many times); at least a family name begins it."""
    low = max(0, start - 3)
    return _likelier(text[low : end + 3], start - low, end - low)


@lru_cache(maxsize=8192)
def _likelier(text: str, start: int, end: int) -> float:
    left, right = _words_around(text, start, end)
    return _cost_of(text[left:right]) - (
        _cost_of(text[left:start]) + _of_a_name(text[start:end]) + _cost_of(text[end:right])
    )


def made_like_a_name(name: str) -> bool:
    """Of a family name and of signs that stand in given names."""
    return _of_a_name(name) <= _LIKE_A_NAME


def _words_around(text: str, start: int, end: int) -> tuple[int, int]:
    """From where the word begins that holds the first character up to where that ends which holds the last."""
    left, right, at = start, end, 0
    for word in cut_apart(text):
        if at < start < at + len(word):
            left = at
        if at < end < at + len(word):
            right = at + len(word)
        at += len(word)
    return left, right


@lru_cache(maxsize=8192)
def _cost_of(text: str) -> float:
    return sum(_ALL_WORDS - math.log(word_count(word) + 0.5) for word in cut_apart(text))


@lru_cache(maxsize=8192)
def _of_a_name(name: str) -> float:
    family = 2 if len(name) > 2 and name[:2] in COMPOUND.split("|") else 1
    rare = 2.0 if name[:2] in _OF_TWO_SIGNS else 9.0
    cost = _A_NAME + (rare if family == 2 else _family_names().get(name[0], _NEVER_MET))
    given = name[family:]
    middle, last = _given("middle"), _given("end")
    if len(given) < 2:
        return cost + 1.5 + last.get(given, _NEVER_MET)
    return cost + middle.get(given[0], _NEVER_MET) + last.get(given[-1], _NEVER_MET)


@cache
def _family_names() -> dict[str, float]:
    often = {sign: 2.6 + 4 * place / len(_OFTEN) for place, sign in enumerate(_OFTEN)}
    return dict.fromkeys(RARE, 12.0) | dict.fromkeys(COMMON, 8.0) | often


@cache
def _given(place: str) -> dict[str, float]:
    lines: Iterable[str] = (Path(__file__).parent / "given.txt").read_text("utf-8").splitlines()
    rows = (line.split(" ") for line in lines if line.startswith(place))
    return {sign: float(cost) for _place, cost, signs in rows for sign in signs}
