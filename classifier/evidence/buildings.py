"""Which building, stair or side of a place a text names: two of them are two matters, whatever else is the same."""

from __future__ import annotations

import re

from classifier.text.numerals import number

_N = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
_HOUSE = re.compile(rf"{_N}\s*(?:号楼|栋|幢|座)")
_STAIR = re.compile(rf"{_N}\s*单元")
_SIDE = re.compile(r"([东西南北])(?:边|头|侧|段|门|口(?![味罩碑袋])|半[段边])|(?<![A-Za-z])([A-Z])\s?[区座栋馆]")
STAIR, SIDE = "单元", "侧"


def buildings_in(words: str) -> frozenset[str]:
    """Houses as their bare number, stairs as "2单元", sides and blocks as "东侧" and "A侧"."""
    houses = {str(number(one)) for one in _HOUSE.findall(words)}
    stairs = {f"{number(one)}{STAIR}" for one in _STAIR.findall(words)}
    sides = {f"{way or block}{SIDE}" for way, block in _SIDE.findall(words)}
    return frozenset(houses | stairs | sides)


def elsewhere(one: frozenset[str], other: frozenset[str]) -> bool:
    """Both name houses, or stairs, or sides, and none in common."""
    return any(mine and theirs and not mine & theirs for mine, theirs in zip(_kinds(one), _kinds(other), strict=True))


def _kinds(told: frozenset[str]) -> tuple[set[str], ...]:
    """Houses, stairs, sides."""
    stairs, sides = ({one for one in told if one.endswith(end)} for end in (STAIR, SIDE))
    return set(told) - stairs - sides, stairs, sides
