"""Bytes of a letter or a post as text: programs lie about their encoding, and Chinese ones most of all.

What is UTF-8 is UTF-8, whatever is said of it; the three names of GB mean the largest of them (GB 18030); what is called Latin or
nothing, and consists of Chinese double bytes, is Chinese.
"""

from __future__ import annotations

import codecs
import re

LARGEST = "gb18030"
CHINESE = frozenset({"gb2312", "gbk", "gb18030", "cp936", "ms936", "x-gbk", "gb_2312-80", "euc-cn", "csgb2312"})
SEVEN_BITS = frozenset({"iso-2022-jp", "iso-2022-cn", "iso-2022-kr", "hz", "hz-gb-2312", "utf-7"})
SAYS_NOTHING = frozenset(
    {"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "unknown-8bit", "x-unknown"}
)
_HIGH, _PAIRS = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
MOSTLY = 0.6


def decoded(raw: bytes, declared: str) -> str:
    """The text; what cannot be read stands as U+FFFD, and nothing is raised."""
    name = declared.strip().strip("\"'").lower()
    if raw.isascii():
        return _strictly(raw, name) or raw.decode("ascii") if name in SEVEN_BITS else raw.decode("ascii")
    for one in _in_turn(raw, name):
        if (text := _strictly(raw, one)) is not None:
            return text
    return raw.decode(LARGEST if name in CHINESE else "utf-8", "replace")


def _in_turn(raw: bytes, name: str) -> tuple[str, ...]:
    if name in CHINESE:
        return ("utf-8", LARGEST)
    if name in SAYS_NOTHING:
        return ("utf-8", LARGEST, "latin-1") if _is_chinese(raw) else ("utf-8", "latin-1" if name else LARGEST)
    return ("utf-8", name, LARGEST)


def _is_chinese(raw: bytes) -> bool:
    """Most of its high bytes come in pairs of the Chinese plane; letters with accents stand alone."""
    high = len(_HIGH.findall(raw))
    return 2 * len(_PAIRS.findall(raw)) >= MOSTLY * high


def _strictly(raw: bytes, name: str) -> str | None:
    try:
        codecs.lookup(name)
        return raw.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None
