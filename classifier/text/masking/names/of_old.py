"""Whose name everybody knows from history, books and shop signs: squares, statues, plays and medicines are called by it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from classifier.text.patterns.late import late

_CALLED_SO = late(
    r"(?:像|雕像|铜像|石像|塑像|雕塑|画像|故居|故里|旧居|纪念馆|纪念碑|纪念堂|祠|庙|墓|陵|冢|宗祠|文化园|展览馆|大药房|药房|药业|大药店|专卖店|门店|连锁|牌(?=[凉电空汽饮洗手])|旗舰店)"
)
"""Right behind a name: a thing that is called by it, of whomever."""


def is_of_old(text: str, start: int, end: int) -> bool:
    """Whether the name that stands here is such a one; a person may bear it too, and is known by what stands beside it."""
    return text[start:end] in _names() or _CALLED_SO.match(text, end) is not None


@cache
def _names() -> frozenset[str]:
    """Of three signs and more: shorter ones are borne by too many."""
    lines = (Path(__file__).parent / "of_old.txt").read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
