"""Numbers in Chinese writing, as people count with them."""

from __future__ import annotations

DIGITS = {letter: n for n, letter in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}


def number(text: str) -> int:
    """23, 二十三, 两, 一百, 二千六百 → int."""
    if text.isdecimal():
        return int(text)
    for sign, worth in (("千", 1000), ("百", 100)):
        if sign in text:
            head, _, rest = text.partition(sign)
            return DIGITS.get(head, 1) * worth + (number(rest.lstrip("零")) if rest.lstrip("零") else 0)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
    return int("".join(str(DIGITS[letter]) for letter in text))
