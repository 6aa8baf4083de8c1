"""One record is one line: whatever came from outside can neither begin a line of its own nor steer a reader's screen.

And no line names anybody: numbers of telephones and identity cards are starred, wherever in an error they may stand.
"""

from __future__ import annotations

import logging
import re

_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]")

_OF_PEOPLE = re.compile(
    r"(?<!\d)(?:(?:\+|%2B|00)?86[- ]?)?1[3-9]\d(?:[- ]?\d){6}(?P<phone>\d{2})(?!\d)|(?<!\d)\d{16}[\dXx](?P<card>[\dXx])(?!\d)"
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
    return _OF_PEOPLE.sub(lambda found: f"***{found['phone'] or found['card']}", text)
