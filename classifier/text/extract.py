"""What can be lifted out of a text: numbers, names, amounts and times, each with its place.

Positions are those of the text as given. A number is `sure` when its own check digit, or the cue before it, says what
it is. What is personal is found by `text.mask`, which stars it as well.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from classifier.text.masking.checks import valid_card, valid_id_number
from classifier.text.masking.found import PERSONAL, TextFinding
from classifier.text.masking.mask import LONGEST, mask, personal_spans
from classifier.text.normalise import Placed, placed

__all__ = [
    "PERSONAL",
    "TextFinding",
    "extract",
    "extract_many",
    "mask",
    "personal_spans",
    "valid_card",
    "valid_id_number",
]

_DIGITS = "一二三四五六七八九十百千万亿零两壹贰叁肆伍陆柒捌玖拾佰仟〇半几"

# A pattern with many beginnings says first which characters a match may start with: the engine skips to them.
_PATTERNS: dict[str, str] = {
    "amount": rf"(?<![\d.,])(?:\d{{1,3}}(?:,\d{{3}}){{1,4}}|\d{{1,12}})(?:\.\d{{1,4}})?[ ]?[多余]?[百千万亿]{{0,2}}[多余来]?(?:元钱?|块钱|圆|美元|(?<=\d\d)块(?![地砖板石牌])|(?<=[百千万亿])块|(?<=万)(?=[，,。的])|RMB|rmb)"
    rf"|(?<![{_DIGITS}数上])(?=[{_DIGITS}数上]{{2}}|[一二三四五六七八九十两半几][元圆]|[一二三四五六七八九十两几]块钱)[{_DIGITS}数上][{_DIGITS}]{{0,7}}[多余来]?(?:元钱?|块钱|(?<=[十百千万亿多余来])块|圆整?)",
    "time": r"(?:(?:(?:19|20)\d{2}[年./-]\d{1,2}[月./-]\d{1,2}(?:日|号)?|(?:19|20)\d{2}年(?:\d{1,2}月(?:份|底|初)?)?|(?<!\d)[5-90]\d年(?:\d{1,2}月(?:份|底|初)?)?(?!前|来|了|多|以|级)|(?<!\d)\d{1,2}月(?:\d{1,2}(?:日|号)|份|底|初)|大前天|前天|昨天|昨日|今天|今日|今早|今晨|昨晚|今晚|昨夜|"
    r"上周[一二三四五六日天]?|这周[一二三四五六日天]|本周[一二三四五六日天]?|上个?月(?:\d{1,2}(?:日|号))?|去年(?:\d{1,2}月(?:份)?)?|前年|本月\d{0,2}(?:日|号)?|星期[一二三四五六日天])"
    r"(?:[ ,，]?(?:(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜)[ ]?)?(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?|\d{1,2}点(?:半|\d{1,2}分?|[一二三]刻)?|\d{1,2}时(?:\d{1,2}分?)?)|[ ]?(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜))?"
    r"|(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|夜里|深夜|半夜)[ ]?[\d一二三四五六七八九十]{1,3}(?:[:：]\d{2}|点(?:半|\d{1,2}分?)?|时))",
    "span": r"(?=[0-9近已长持连一二三四五六七八九十两几半数])(?:近|已经?|长达|持续|连续)?(?<![\d.])(?:\d{1,3}(?!年级)|[一二三四五六七八九十两几半数]{1,3})多?(?:个多?月|年(?!级|代|度)|天|周|个星期|小时|个小时)(?:多|左右|以来|以上|了)?",
}
# A text without this has nothing of the kind: one quick search instead of a slow pattern at every character.
_HINTS: dict[str, str] = {
    "amount": r"[元块圆]|RMB|rmb|万[，,。的]",
}
_ORDER = (*sorted(PERSONAL), "amount", "time", "span")


def extract(text: str, kinds: Iterable[str] = _ORDER) -> list[TextFinding]:
    """Everything found, by place; where two overlap what is personal keeps the place, then the first of `_PATTERNS`."""
    wanted, read = set(kinds), placed(text[:LONGEST])
    return _sorted_out(read, wanted, ((kind, _of_kind(kind, read.text)) for kind in _PATTERNS if kind in wanted))


def extract_many(texts: Sequence[str]) -> list[list[TextFinding]]:
    """What `extract` finds in each."""
    return [extract(text) for text in texts]


def _sorted_out(
    read: Placed, wanted: set[str], found: Iterable[tuple[str, Iterable[re.Match[str]]]]
) -> list[TextFinding]:
    """What is personal comes first and takes its places."""
    taken = bytearray(len(read.original))
    kept = [one for one in personal_spans(read.original) if one.kind in wanted] if wanted & PERSONAL else []
    for one in kept:
        taken[one.start : one.end] = b"\1" * (one.end - one.start)
    for kind, matches in found:
        for match in matches:
            start, end = read.span(*match.span())
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                kept.append(TextFinding(kind, match[0].strip(), start, end))
    return sorted(kept, key=lambda one: (one.start, one.end))


def _of_kind(kind: str, text: str) -> Iterable[re.Match[str]]:
    hint, pattern = _pattern(kind)
    return () if hint and not hint.search(text) else pattern.finditer(text)


@cache
def _pattern(kind: str) -> tuple[re.Pattern[str] | None, re.Pattern[str]]:
    """(what a text must hold, what to find)"""
    hint = _HINTS.get(kind)
    return re.compile(hint) if hint else None, re.compile(_PATTERNS[kind])
