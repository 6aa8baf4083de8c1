"""One record is one line: whatever came from outside can neither begin a line of its own nor steer a reader's screen."""

from __future__ import annotations

import logging
import re

_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class OneLine(logging.Formatter):
    """Control characters and line ends are written as they are spelt; only a traceback of our own has further lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = plain_line(record.message)
        return super().formatMessage(record)

    def formatException(self, info: object) -> str:
        return plain_lines(super().formatException(info))  # type: ignore[arg-type]


def plain_line(text: str) -> str:
    return _STEERS.sub(_spelt, text).replace("\n", "\\n").replace("\t", "\\t")


def plain_lines(text: str) -> str:
    """A traceback keeps its lines, each of them set off so that none looks like a record."""
    return "\n".join("  | " + _STEERS.sub(_spelt, line) for line in text.split("\n"))


def _spelt(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
