"""One way to read what people write: the same text, whatever keyboard, copy or trick it came through.

Width, compatibility forms, format and control characters, odd blanks and traditional characters are folded. The
original is always kept by the caller: `placed` says where each sign of the plain writing stood in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.text.traditional import TO_SIMPLIFIED

DIGIT_OF: dict[str, str] = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("〇○貳參陸叄弐幺", "02363321", strict=True)),
}
"""Chinese signs that stand for one digit each when a number is told sign by sign. 十, 百 and 两 do not."""

_BLANKS = "\t\x0b\x0c\x1c\x1d\x1e\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u3164\u115f\u1160\uffa0\u2800"
_LINE_ENDS = "\r\x85\u2028\u2029"
# Characters nobody sees: control and format characters, half characters, variation selectors, marks laid over a sign.
_UNSEEN_CLASS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff\U0001d173-\U0001d17a"
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_UNSEEN = re.compile(f"[{_UNSEEN_CLASS}]")
# What needs a closer look: all but the signs of ordinary Chinese, Latin and numbers.
_ORDINARY = "\n -~\u3001-\u3020\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff·×÷°–—‘’“”、。《》！-～￥"
_PIECES = re.compile(rf"[{_ORDINARY}]+(?![\u0300-\u036f\u3099\u309a])|[\s\S][\u0300-\u036f\u3099\u309a]*")


_NO_DIGIT_BEYOND = 0x20000
"""Two planes of Unicode hold every decimal digit; looking through all seventeen took a tenth of a second of each start."""


def _one_for_one() -> dict[str, str]:
    """Signs that become exactly one other sign."""
    narrow = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)}
    beyond_ascii = "".join(map(chr, range(0x80, _NO_DIGIT_BEYOND)))
    digits = {sign: str(unicodedata.decimal(sign)) for sign in re.findall(r"\d", beyond_ascii)}
    blanks = re.findall(f"[{_BLANKS}]", "".join(map(chr, range(0xFFFF))))
    simple = {chr(old): new for old, new in TO_SIMPLIFIED.items()}
    return simple | narrow | digits | dict.fromkeys(blanks, " ") | dict.fromkeys(_LINE_ENDS, "\n")


ONE_FOR_ONE: dict[int, str] = {ord(old): new for old, new in _one_for_one().items()}
"""The signs whose plain writing is one other sign, by their code points."""

_CALM = re.compile("[\n -~]*")

_DIGIT = "0-9" + "".join(DIGIT_OF)
_GAP = r"[\W_]{0,4}"
_TOLD = re.compile(rf"[{_DIGIT}](?:{_GAP}[{_DIGIT}]){{2,}}")
_CHINESE = re.compile(f"[{''.join(DIGIT_OF)}]")
_LEAST, _LEAST_IN_PARTS = 4, 7
_MOBILE = 11
_WHOLE = re.compile(r"1[3-9]\d{9}(?!\d)|0\d{9,11}(?!\d)|[1-9]\d{14,18}(?!\d)|86[1-9]\d{10}(?!\d)|0086")
"""A number that wants nothing in front of it: mobile, with area code, of a paper or a card ("王五13800010001")."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A text in plain writing that knows where it came from. starts, ends: None when both are sign for sign alike."""

    original: str
    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original, unseen characters inside it included."""
        if self.starts is None or self.ends is None or start >= end:
            return (start, end) if self.starts is None else (self._start(start), self._start(start))
        return self.starts[start], self.ends[end - 1]

    def written(self, start: int, end: int) -> str:
        """What the original has there."""
        first, last = self.span(start, end)
        return self.original[first:last]

    def _start(self, at: int) -> int:
        assert self.starts is not None
        return self.starts[at] if at < len(self.starts) else len(self.original)


def plain(text: str) -> str:
    """NFKC, simplified, without unseen characters, every blank a space, every line end a newline; case and signs stay."""
    return placed(text).text


def placed(text: str) -> Placed:
    """The plain writing of a text together with the way back to the original."""
    if _CALM.fullmatch(text):
        return Placed(text, text)
    swapped = text.translate(ONE_FOR_ONE)
    if unicodedata.is_normalized("NFKC", swapped) and not _UNSEEN.search(swapped):
        return Placed(text, swapped)
    return _piecewise(text, swapped)


def digits(text: str) -> str:
    """A plain text with numbers told in Chinese signs written in digits, sign for sign, so that no place moves.

    Only where digits are meant: four and more in a row, or seven and more in parts ("一三八 零零零一 零零零一").
    What begins the next word ("13800010001一直没人接") stays a word.
    """
    return _TOLD.sub(_told, text) if _CHINESE.search(text) else text


def _piecewise(text: str, swapped: str) -> Placed:
    """Swapping keeps every sign's place; what NFKC makes of each piece is laid over the piece it came from."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for piece in _PIECES.finditer(swapped):
        at, end = piece.span()
        made = _made_of(piece[0])
        signs.append(made)
        if len(made) == end - at and made == piece[0]:
            starts += range(at, end)
            ends += range(at + 1, end + 1)
        else:
            starts += [at] * len(made)
            ends += [end] * len(made)
    return Placed(text, "".join(signs), starts, ends)


def _made_of(piece: str) -> str:
    whole = unicodedata.normalize("NFKC", piece)
    return _UNSEEN.sub("", whole.translate(ONE_FOR_ONE))


def _told(found: re.Match[str]) -> str:
    """The match with its Chinese signs as digits, or as it stands when no number is meant."""
    written = found[0]
    signs = [at for at, sign in enumerate(written) if sign in DIGIT_OF or sign.isdecimal()]
    chinese = [at for at in signs if written[at] in DIGIT_OF]
    if not chinese or len(signs) < (_LEAST if len(signs) == len(written) else _LEAST_IN_PARTS):
        return written
    if len(chinese) < len(signs):
        chinese = _meant(written, signs, chinese)
    kept = list(written)
    for at in chinese:
        kept[at] = DIGIT_OF[written[at]]
    return "".join(kept)


def _without_gaps(written: str) -> str:
    return "".join(sign for sign in written if sign.isdecimal())


def _meant(written: str, signs: list[int], chinese: list[int]) -> list[int]:
    """In a mixed number the Chinese signs at its ends belong to the words beside it, unless they make it a whole mobile number."""
    first = min(at for at in signs if written[at].isdecimal())
    front = [at for at in chinese if at < first]
    if front and len(signs) != _MOBILE and _WHOLE.match(_without_gaps(written[first:])):
        signs, chinese = signs[len(front) :], chinese[len(front) :]
    last = max(at for at in signs if written[at].isdecimal())
    inside = [at for at in chinese if at < last]
    behind = len(chinese) - len(inside)
    return chinese if behind >= 3 or (behind and len(signs) == _MOBILE) else inside
