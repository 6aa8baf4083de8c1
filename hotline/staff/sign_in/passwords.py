"""Passwords that somebody who wants in would try first are refused; hashing is slow on purpose and happens outside transactions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from classifier.text.normalise import plain as plain_writing
from classifier.text.pinyin import syllable, syllables_of
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings.guessable import COMMON, DRESS, repeats, without_guesses, without_guesses_apart
from hotline.staff.sign_in.famous_lines import without_lines

hasher = PasswordHasher()
DEMO_PASSWORD = "anyang12345"
"""Printed on the demo's login page, and therefore known to the world."""

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of what is made for a person to type: none that is mistaken for another."""

SHORTEST, LONGEST = 10, 200
FEWEST_CHARACTERS = 5
"""So many different characters at least: 1111111111 and abababab12 are one guess each."""

LEFT_OVER = 6
"""So much must be left when everything that is guessed first has been taken away."""

GUESSES = 3e8
"""A password that a list of words and leaked ones, spelt in all the usual ways, finds sooner is refused (see decision 059)."""

GUESSED_UP_TO = 40
"""Of so many characters the guesses are counted; more of them are more than anybody guesses."""

WAYS_TO_READ = (without_guesses, without_guesses_apart)


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
                "这个密码太容易被猜到：不要用常见密码、连续或重复的字符、键盘顺序、年份、诗句、谚语和口号，也不要用登录名、姓名、单位或城市。"
            ),
            field=field,
        )


def is_weak(password: str, about: Iterable[str] = ()) -> bool:
    """Whether little is left of it once everything that is tried first has been taken away, in any dress."""
    plain = plain_writing(password).casefold()
    if len(set(plain)) < FEWEST_CHARACTERS or repeats(plain) or _is_soon_guessed(password):
        return True
    known = {word for text in about for word in _words(text)} | set(COMMON) | set(_words(DEMO_PASSWORD)) | {"12345"}
    read = {way for one in (plain, plain.translate(DRESS)) for way in (one, without_lines(one))}
    return any(_worth(left(one, known)) < LEFT_OVER for one in read for left in WAYS_TO_READ)


def _is_soon_guessed(password: str) -> bool:
    """Of Latin letters only: the library knows no Chinese words, and takes each of their signs for one of ten."""
    from zxcvbn import zxcvbn  # 14 MiB of words, and few processes ever hear a new password

    return password.isascii() and zxcvbn(password[:GUESSED_UP_TO])["guesses"] < GUESSES


def _worth(left: str) -> float:
    """A letter counts as one, but of words in pinyin each syllable (dajiahao: three), of one that stands alone (qing) one and a half,
    and a word said again not at all; a digit as half, for there are but ten, and said again not at all either."""
    words = set(re.findall(r"[^\W\d_]+", left))
    return sum(map(_worth_of_word, words)) + len(set(filter(str.isdigit, left))) / 2


def _worth_of_word(word: str) -> float:
    syllables = len(syllables_of(word))
    return syllables * (1.5 if syllables == 1 and len(word) > 1 else 1) or len(word)


def _words(text: str) -> Iterable[str]:
    """A name whole and in its parts: demo-quality, demo, quality; a Chinese one also as it sounds."""
    plain = plain_writing(text or "").casefold()
    parts = {plain, *re.split(r"[^\w]+|_", plain), "".join(re.findall(r"[a-z]+", plain))}
    return [one for one in {*parts, *(word for part in parts for word in _as_it_sounds(part))} if one]


def _as_it_sounds(name: str) -> Iterable[str]:
    """王秀兰: wangxiulan, xiulan, wangxl, wxl; of a unit's name every piece that is spoken."""
    sounds = [syllable(sign, family=at == 0) for at, sign in enumerate(name)]
    ends = [(a, b) for a in range(len(sounds)) for b in range(a + 2, len(sounds) + 1) if all(sounds[a:b])]
    for a, b in ends:
        firsts = "".join(one[0] for one in sounds[a + 1 : b])
        yield from ("".join(sounds[a:b]), sounds[a] + firsts, sounds[a][0] + firsts)
