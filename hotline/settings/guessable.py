"""What somebody who guesses would try first: leaked words, fingers running over the keys, years, and the same again."""

from __future__ import annotations

import re
from pathlib import Path

COMMON = tuple((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split())
"""The stems of leaked passwords, foreign and Chinese; what people hang on to them is taken away as well."""

ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "147258369",
    "13579246801357924680",
    "11223344556677889900",
    "aabbccddeeffgghh",
    "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "qweasdzxc",
    "qpwoeirutyalskdjfhgzmxncbv",
    "1029384756",
    "102030405060708090100",
    "!@#$%^&*()",
)
"""The ways of a finger over the keys; a run of three or more along one of them is no secret, forwards or backwards."""

_PLAIN_ROWS = ("1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghij")
_WAYS = (*ROWS, *("".join(map("".join, zip(one, other, strict=False))) for one in _PLAIN_ROWS for other in _PLAIN_ROWS))
"""And two rows by turns: q1w2e3, a1s2d3, aqswde."""

LONG_WORD = 6
"""A word of so many letters is known with one of them changed as well: what is shorter is like too many others."""

DRESS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


TELEPHONE = r"1[3-9]\d{5,9}"
"""A mobile number, or as much of one as fits."""


def left_over(plain: str, known: set[str]) -> int:
    """How many characters are left when all that is tried first has been taken away."""
    return len([c for c in without_guesses(plain, known) if c.isalnum()])


def without_guesses(plain: str, known: set[str]) -> str:
    """With a gap for each known word (of three letters or more), run, row, telephone, year, and the same again."""
    for word in sorted((word for word in known if len(word) >= 3), key=len, reverse=True):
        for written in {word, word[::-1], word.translate(DRESS)}:
            plain = plain.replace(written, "\0")
        if len(word) >= LONG_WORD:
            plain = _nearly(word).sub("\0", plain)
    for run in _runs(plain):
        plain = plain.replace(run, "\0")
    return re.sub(rf"(?:19|20)\d\d(?:[01]\d[0-3]\d)?|{TELEPHONE}|(.)\1{{2,}}", "\0", plain)


def without_guesses_apart(plain: str, known: set[str]) -> str:
    """The same, where its letters together are nothing but known words and its digits stand between them: wo1ai2ni3."""
    letters, digits = ("".join(c for c in plain if of(c)) for of in (str.isalpha, str.isdigit))
    return plain if left_over(letters, known) else without_guesses(digits, known)


def _nearly(word: str) -> re.Pattern[str]:
    """The word with one sign of it changed, left out or put between, but for its first and its last."""
    inside = range(1, len(word))
    ways = {rf"{re.escape(word[:at])}[^\0]{re.escape(word[at:])}" for at in inside}
    ways |= {rf"{re.escape(word[:at])}[^\0]?{re.escape(word[at + 1 :])}" for at in inside if at + 1 < len(word)}
    return re.compile("|".join(sorted(ways)))


def _runs(plain: str) -> list[str]:
    """Every stretch of three or more that follows a row, longest first."""
    found = []
    at = 0
    while at < len(plain) - 2:
        most = max((_along(plain[at:], way) for row in _WAYS for way in (row, row[::-1])), default=0)
        if most >= 3:
            found.append(plain[at : at + most])
        at += max(most if most >= 3 else 1, 1)
    return sorted(found, key=len, reverse=True)


def _along(text: str, row: str) -> int:
    most = 0
    while most < len(text) and text[: most + 1] in row:
        most += 1
    return most


def repeats(plain: str) -> bool:
    """A short piece said again and again."""
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, len(plain) // 2 + 1))
