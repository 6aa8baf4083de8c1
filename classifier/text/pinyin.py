"""How a Chinese name sounds, without tones: the same name in Latin letters, and in other characters written by ear."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_AS_FAMILY = {
    "单": "shan",
    "曾": "zeng",
    "解": "xie",
    "仇": "qiu",
    "查": "zha",
    "任": "ren",
    "朴": "piao",
    "区": "ou",
    "盖": "ge",
    "翟": "zhai",
    "覃": "qin",
    "冼": "xian",
    "秘": "bi",
    "员": "yun",
    "缪": "miao",
    "尉": "wei",
    "乐": "yue",
    "洗": "xian",
    "那": "na",
    "逄": "pang",
    "车": "che",
    "折": "she",
}
"""Characters that sound otherwise when they are a family name."""
_TONES = {"a": "aāáǎà", "e": "eēéěè", "i": "iīíǐì", "o": "oōóǒò", "u": "uūúǔùüǖǘǚǜv", "v": "vuüǖǘǚǜ"}


@cache
def _sounds() -> tuple[dict[str, str], dict[str, str]]:
    """Character to syllable, syllable to its characters."""
    lines = (Path(__file__).parent / "pinyin.txt").read_text("utf-8").splitlines()
    alike = dict(line.split(" ") for line in lines if not line.startswith("#"))
    return {sign: syllable for syllable, signs in alike.items() for sign in signs}, alike


def syllable(sign: str, family: bool = False) -> str:
    """How one character sounds; "" when that is not known."""
    return (family and _AS_FAMILY.get(sign)) or _sounds()[0].get(sign, "")


def syllables_of(word: str) -> list[str]:
    """The fewest syllables that a word in Latin letters is made of: dajiahao is da, jia, hao; none where it is no pinyin."""
    spoken, ways = _sounds()[1], {0: list[str]()}
    for end in range(1, len(word) + 1):
        found = [
            [*ways[at], word[at:end]] for at in range(max(0, end - 6), end) if at in ways and word[at:end] in spoken
        ]
        if found:
            ways[end] = min(found, key=len)
    return ways.get(len(word), [])


def sounding_like(sign: str, family: bool = False) -> str:
    """All characters that sound like this one, itself among them."""
    return _sounds()[1].get(syllable(sign, family), "") + sign


def in_letters(syllables: str) -> str:
    """A pattern for this syllable with or without marks for its tone."""
    return "".join(f"[{_TONES[letter]}]" if letter in _TONES else letter for letter in syllables)


_BY_EAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))
"""Sounds that most people here do not tell apart, and write for one another."""


@cache
def _heard(sign: str) -> str:
    """A character as one sign that stands for all that sound like it; itself when its sound is not known."""
    sound = syllable(sign)
    for told, heard in _BY_EAR:
        sound = sound.replace(told, heard)
    return _stand_ins().get(sound, sign)


@cache
def _stand_ins() -> dict[str, str]:
    """Folded syllable → the character that stands for it."""
    found: dict[str, str] = {}
    for sound, signs in sorted(_sounds()[1].items()):
        for told, heard in _BY_EAR:
            sound = sound.replace(told, heard)
        found.setdefault(sound, signs[0])
    return found


def sounded(text: str) -> str:
    """The text with every character as what it sounds like: two texts written by ear become one."""
    return "".join(map(_heard, text))


def alike_in_sound(one: str, other: str) -> bool:
    """Whether two names are the same, or sound the same."""
    return one == other or sounded(one) == sounded(other)


@cache
def first_letters() -> dict[str, str]:
    """Letter to all characters whose syllable begins with it: 派单 is found as "pd"."""
    found: dict[str, str] = {}
    for syllable_told, signs in sorted(_sounds()[1].items()):
        found[syllable_told[0]] = found.get(syllable_told[0], "") + signs
    return found


def initials(text: str) -> str:
    """The first letters of its signs' sounds, and what is no Chinese sign as it is: 刘志强 is "lzq"."""
    return "".join(syllable(sign)[:1] or sign for sign in text.lower() if sign.isalnum())
