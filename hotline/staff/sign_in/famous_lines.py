"""Lines that everybody knows by heart: proverbs, songs, slogans, and the poems and primers of every school.

Whoever guesses passwords types them as they are, as they sound, and by the first letter of each sound.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from classifier.text.pinyin import syllable

LEAST_SIGNS, LEAST_SOUND, LEAST_FIRSTS = 4, 10, 7
"""So much of a line is a piece of it, and no chance: in characters, in the letters of its sounds, in their first letters."""


def without_lines(plain: str) -> str:
    """With a gap for every piece of a line that everybody knows, whatever stands between its signs."""
    for kind, of, least in (
        ("signs", _is_character, LEAST_SIGNS),
        ("sounds", _is_letter, LEAST_SOUND),
        ("firsts", _is_letter, LEAST_FIRSTS),
    ):
        plain = _with_gaps(plain, _lines()[kind], of, least)
    return plain


def _with_gaps(plain: str, lines: str, of: Callable[[str], bool], least: int) -> str:
    places = [at for at, sign in enumerate(plain) if of(sign)]
    signs, kept, at = "".join(plain[place] for place in places), list(plain), 0
    while at < len(signs):
        length = _known(signs[at:], lines)
        if length >= least:
            for place in places[at : at + length]:
                kept[place] = "\0"
        at += length if length >= least else 1
    return "".join(kept)


def _known(signs: str, lines: str) -> int:
    """How many of the first signs stand in one line just so."""
    length = 0
    while length < len(signs) and signs[: length + 1] in lines:
        length += 1
    return length


@cache
def _lines() -> dict[str, str]:
    """All of them in each writing, a line each, its phrases together."""
    rows = (Path(__file__).parent / "famous_lines.txt").read_text(encoding="utf-8").splitlines()
    lines = ["".join(row.split()) for row in rows if not row.startswith("#")]
    sounds = [[syllable(sign) for sign in line] for line in lines]
    return {
        "signs": "\n".join(lines),
        "sounds": "\n".join(map("".join, sounds)),
        "firsts": "\n".join("".join(one[:1] for one in line) for line in sounds),
    }


def _is_character(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _is_letter(sign: str) -> bool:
    return sign.isascii() and sign.isalpha()
