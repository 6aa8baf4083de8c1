"""Passwords that somebody who wants in would try first are refused; hashing is slow on purpose and happens outside transactions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from classifier.text.normalise import plain as plain_writing
from hotline.errors import Refusal
from hotline.i18n import _

hasher = PasswordHasher()
DEMO_PASSWORD = "anyang12345"
"""Printed on the demo's login page, and therefore known to the world."""

SHORTEST, LONGEST = 10, 200
FEWEST_CHARACTERS = 5
"""So many different characters at least: 1111111111 and abababab12 are one guess each."""

LEFT_OVER = 6
"""So many characters must be left when everything that is guessed first has been taken away."""

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
    "qweasdzxc",
    "!@#$%^&*()",
)
"""The ways of a finger over the keys; a run of three or more along one of them is no secret, forwards or backwards."""

DRESS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def is_right(hashed: str, password: str) -> bool:
    """Whether this is the password; as slow as the hash is strong."""
    try:
        return hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobodys_hash() -> str:
    """A login that does not exist costs as much time as a wrong password."""
    return hasher.hash("nobody")


def check_strength(password: str, about: Iterable[str] = (), field: str = "new") -> None:
    """Raises Refusal with the reason. about: what is known of the person and the place (login, name, unit, city, number)."""
    if len(password) < SHORTEST:
        raise Refusal(_("密码至少 %(n)d 个字符。", n=SHORTEST), field=field)
    if len(password) > LONGEST:
        raise Refusal(_("密码最多 %(n)d 个字符。", n=LONGEST), field=field)
    if is_weak(password, about):
        raise Refusal(
            _(
                "这个密码太容易被猜到：不要用常见密码、连续或重复的字符、键盘顺序、年份，也不要用登录名、姓名、单位或城市。"
            ),
            field=field,
        )


def is_weak(password: str, about: Iterable[str] = ()) -> bool:
    """Whether little is left of it once everything that is tried first has been taken away, in any dress."""
    plain = plain_writing(password).casefold()
    if len(set(plain)) < FEWEST_CHARACTERS or _repeats(plain):
        return True
    known = {word for text in about for word in _words(text)} | set(COMMON) | set(_words(DEMO_PASSWORD)) | {"12345"}
    return min(_left(plain, known), _left(plain.translate(DRESS), known)) < LEFT_OVER


def _left(plain: str, known: set[str]) -> int:
    """How many characters are neither a known word (of three letters or more), nor a run, a row, a year or the same again."""
    for word in sorted((word for word in known if len(word) >= 3), key=len, reverse=True):
        plain = plain.replace(word, "\0").replace(word.translate(DRESS), "\0")
    for run in _runs(plain):
        plain = plain.replace(run, "\0")
    plain = re.sub(r"(?:19|20)\d\d(?:[01]\d[0-3]\d)?|(.)\1{2,}", "\0", plain)
    return len([c for c in plain if c != "\0" and c.isalnum()])


def _runs(plain: str) -> list[str]:
    """Every stretch of three or more that follows a row, longest first."""
    found = []
    at = 0
    while at < len(plain) - 2:
        most = max((_along(plain[at:], way) for row in ROWS for way in (row, row[::-1])), default=0)
        if most >= 3:
            found.append(plain[at : at + most])
        at += max(most if most >= 3 else 1, 1)
    return sorted(found, key=len, reverse=True)


def _along(text: str, row: str) -> int:
    most = 0
    while most < len(text) and text[: most + 1] in row:
        most += 1
    return most


def _repeats(plain: str) -> bool:
    """A short piece said again and again."""
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, len(plain) // 2 + 1))


def _words(text: str) -> Iterable[str]:
    """A name whole and in its parts: demo-quality, demo, quality."""
    plain = plain_writing(text or "").casefold()
    return [one for one in {plain, *re.split(r"[^\w]+|_", plain), "".join(re.findall(r"[a-z]+", plain))} if one]
