"""Numbers told in words ("one three nine", "yao san jiu", "两个八") or in signs that only look like digits ("l39O372…").

Read in a plain text whose Chinese digits are told as digits already; here is what that one-for-one writing cannot say.
"""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from collections.abc import Iterator

from classifier.text.normalise import DIGIT_OF
from classifier.text.patterns.late import late

_ENGLISH = dict(zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "0123456789", strict=True)) | {"oh": "0", "o": "0"}  # fmt: skip
_PINYIN = dict(zip(["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"], "0123456789", strict=True)) | {"yao": "1", "dong": "0", "lin": "0"}  # fmt: skip
_TIMES = {"两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "2": 2, "3": 3, "4": 4, "double": 2, "triple": 3}
_ALIKE = {"o": "0", "O": "0", "Q": "0", "l": "1", "I": "1", "i": "1", "|": "1", "B": "8", "S": "5", "Z": "2"}
_HAN = "".join(DIGIT_OF)
_ONE = rf"[0-9{_HAN}]"
_WORD = "|".join(sorted({*_ENGLISH, *_PINYIN}, key=lambda word: -len(word)))
_TOKEN = rf"(?:(?:[两俩三仨四234]个|(?:double|triple) ?)(?:{_ONE}|(?:{_WORD})(?![A-Za-z]))|{_ONE}|(?<![A-Za-z])(?:{_WORD})(?![A-Za-z]))"
_RUN = late(rf"{_TOKEN}(?:[^0-9A-Za-z\u4e00-\u9fa5]{{0,3}}{_TOKEN}){{4,24}}", re.I)
_PART = late(rf"(?P<times>[两俩三仨四234](?=个)|double|triple)?(?:个| )?(?P<sign>{_ONE}|(?:{_WORD})(?![A-Za-z]))", re.I)
_LOOKING = late(
    rf"(?<![0-9A-Za-z])(?=(?:[^0-9]{{0,3}}[0-9]){{6}})[0-9{''.join(_ALIKE)}](?:[ \-.·]{{0,2}}[0-9{''.join(_ALIKE)}]){{10,17}}(?![0-9A-Za-z])"
)
_MAYBE = late(
    rf"[A-Za-z]{{2}}[ ,\-]+[A-Za-z]{{2,5}}[ ,\-]+(?:{_WORD})(?![A-Za-z])|[两俩三仨四234]个{_ONE}|(?:double|triple) ?(?:{_ONE}|{_WORD})",
    re.I,
)
_MAYBE_ALIKE = late(rf"[0-9][ \-.·]?[{''.join(_ALIKE)}]|[lI|][3-9][0-9]")


def told_in_words(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, its digits) of each number of seven digits and more that is told at least in part in words or look-alikes."""
    if _MAYBE.search(text):
        for found in _RUN.finditer(text):
            number = "".join(_digits(part) for part in _PART.finditer(found[0]))
            if len(number) > 6 and (re.search("[A-Za-z个]", found[0])):
                yield *found.span(), number
    if _MAYBE_ALIKE.search(text):
        for found in _LOOKING.finditer(text):
            number = re.sub(r"[^0-9Xx]", "", "".join(_ALIKE.get(sign, sign) for sign in found[0]))
            if re.search(f"[{''.join(_ALIKE)}]", found[0]):
                yield *found.span(), number


def _digits(part: re.Match[str]) -> str:
    sign = part["sign"].lower()
    one = DIGIT_OF.get(sign) or _ENGLISH.get(sign) or _PINYIN.get(sign) or sign
    return one * _TIMES.get((part["times"] or "").lower(), 1)
