"""With which signs a pattern may begin: a look at one sign tells at most places of a text that nothing begins there.

Many of our patterns are long lists of words behind conditions. The engine then tries word by word at every place; told the
first signs it goes on at once. What is found stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Set

_TOKEN = re.compile(
    r"(?P<look>\(\?<?[=!])|(?P<again>\(\?P=\w+\)|\\\d)|(?P<open>\((?:\?:|\?P<\w+>)?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<nowhere>\^|\$|\\[bBAZ])|(?P<set>\[(?:\\.|[^\]\\])+\])|(?P<any>\.|\\[DWS])|(?P<sign>\\.|[^\\])",
    re.S,
)
_STRANGE = re.compile(r"(?<!\\)\(\?(?![:=!<P])")
"""Ways to write that the reading below does not know: flags inside a pattern, conditions."""
_OFTEN = re.compile(r"(?:[*+?]|\{(\d*)(,?)(\d*)\})\??")
_EDGE = re.compile(r"^[-\[]|(?<!\\)-$")
"""What would mean something else where several sets stand in one."""
Signs = Set[str] | None
"""Pieces of a set as it is written in square brackets; None is any sign."""


def guarded(pattern: str) -> str:
    """The pattern behind a look at its first sign, where that tells anything that the engine does not see by itself."""
    signs, empty, _ = (None, True, 0) if _STRANGE.search(pattern) else _either(pattern, 0)
    return pattern if empty or not signs else f"(?=[{''.join(sorted(signs))}])(?:{pattern})"


def _either(pattern: str, at: int) -> tuple[Signs, bool, int]:
    """Alternatives up to the bracket that closes them: their first signs, whether nothing at all may stand there, where it goes on."""
    found: Signs = frozenset()
    any_empty, over = False, False
    while not over:
        signs, empty, at, over = _row(pattern, at)
        found = None if found is None or signs is None else found | signs
        any_empty |= empty
    return found, any_empty, at


def _row(pattern: str, at: int) -> tuple[Signs, bool, int, bool]:
    """One alternative; the last also when it is the last of them."""
    found: Signs = frozenset()
    empty = True
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return None, False, len(pattern), True
        at = token.end()
        if token.lastgroup in ("bar", "close"):
            return found, empty, at, token.lastgroup == "close"
        signs, may_miss, at = _meaning(token, pattern, at)
        if empty:
            found = None if found is None or signs is None else found | signs
            empty = may_miss
    return found, empty, at, True


def _meaning(token: re.Match[str], pattern: str, at: int) -> tuple[Signs, bool, int]:
    """What one token says, as often as it may stand there."""
    kind, sign = token.lastgroup, token[0]
    if kind == "look":
        return frozenset(), True, _either(pattern, at)[2]
    if kind == "nowhere":
        return frozenset(), True, at
    signs, empty = _first(kind, sign), False
    if kind == "open":
        signs, empty, at = _either(pattern, at)
    if often := _OFTEN.match(pattern, at):
        at = often.end()
        empty |= often[0][0] in "*?" or (often[0][0] == "{" and int(often[1] or 0) == 0)
    return signs, empty, at


def _first(kind: str | None, sign: str) -> Signs:
    if kind == "set" and sign[1] != "^":
        return frozenset({_EDGE.sub(r"\\\g<0>", sign[1:-1])})
    if kind == "sign":
        return frozenset({sign if sign[0] == "\\" else re.escape(sign)})
    return None
