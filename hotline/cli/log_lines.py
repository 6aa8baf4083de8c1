"""One record is one line: whatever came from outside can neither begin a line of its own nor steer a reader's screen.

And no line names anybody: numbers of telephones and identity cards are starred, wherever in an error they may stand.
"""

from __future__ import annotations

import logging
import re

_STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)

_GAP = r"(?:[-–—_ \u00a0\u3000+·]|%20|%2D|%C2%A0){0,2}"
"""What people and addresses write between the digits of one number; dots only where no network address has them."""

_DIGIT = r"[0-9０-９]"
_OF_PEOPLE = re.compile(
    rf"(?<!{_DIGIT})(?:(?:\+|%2B|00)?86{_GAP})?[1１]{_GAP}[3-9３-９](?:{_GAP}{_DIGIT}){{7}}{_GAP}(?P<phone>{_DIGIT}{_GAP}{_DIGIT})(?!{_DIGIT})"
    r"|(?<![0-9.])1[3-9]\d\.\d{4}\.\d{2}(?P<dotted>\d{2})(?![0-9.])"
    rf"|(?<!{_DIGIT})0\d{{2,3}}[-) ]{{1,2}}[2-8]\d{{4,5}}(?P<landline>\d{{2}})(?!{_DIGIT})"
    rf"|(?<!{_DIGIT})(?:{_DIGIT}{_GAP}){{16}}[0-9０-９Xx]{_GAP}(?P<card>[0-9０-９Xx])(?!{_DIGIT})"
)


class OneLine(logging.Formatter):
    """Control characters and line ends are written as they are spelt; only a traceback of our own has further lines."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have written it out already, in its own way
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = plain_line(record.message)
        return super().formatMessage(record)

    def formatException(self, info: object) -> str:
        return plain_lines(super().formatException(info))  # type: ignore[arg-type]


def plain_line(text: str) -> str:
    return _starred(_STEERS.sub(_spelt, text)).replace("\n", "\\n").replace("\t", "\\t")


def plain_lines(text: str) -> str:
    """A traceback keeps its lines, each of them set off so that none looks like a record."""
    return "\n".join("  | " + _starred(_STEERS.sub(_spelt, line)) for line in text.split("\n"))


def _spelt(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _starred(text: str) -> str:
    return _OF_PEOPLE.sub(lambda found: f"***{next(filter(None, found.groupdict().values()))}", text)
