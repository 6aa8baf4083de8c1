"""How a platform writes, read as our own fields: kindly, for what is beside the matter must not refuse the matter.

What has no words (null, "") is as if it were not there; numbers are text where we keep text; a date has many forms; pictures come as
addresses, as objects that hold one, or in one string. A word that we have no meaning for stays as it was told, under its own name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

from webhooks.html_words import of_html

MOMENTS = frozenset({"outer_due_at", "posted_at", "until"})
LIMITS = frozenset({"outer_due_at", "until"})
"""A day alone means its end."""

EARLIEST, LATEST = 2000, 2100
"""Years that anybody can mean; programs write 0000, 1970 or 9999 where there is no date."""

CUT = {"title": 200, "address": 200, "category": 64}
BESIDE = frozenset({"request_type"})
"""Of these a word without a meaning for us is kept and decides nothing; of others the form refuses it by name."""

MARKED = frozenset({"text", "title"})
"""Platforms whose people write in an editor send these as HTML."""

SPOKEN = frozenset({"text", "title", "address", "name", "phone", "category", "town_code"})
"""Where a platform keeps a text in parts, what its parts say is the text."""

BETWEEN = {"text": "\n", "phone": " / ", "title": " "}
"""What stands between the parts; the parts of a name and of an address follow each other."""

TEXTS = frozenset({"outer_number", "ticket_number", "event_id", "text", "openid", "town_code", *CUT})
MOST_PICTURES = 20
"""As many as a post of a microblog holds, and two more."""
_WHERE = ("url", "href", "src", "fileUrl", "file_url", "path", "address")
_TAG = re.compile(r"</?(p|br|div|span|img|font|ul|ol|li|table)\b[^<>]*>", re.I)
_IMAGE = re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*["']?([^"'\s<>]+)""", re.I)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]*(\d{1,2})\s*[:：时]\s*(\d{1,2})?\s*(?:[:：分]\s*(\d{1,2})?)?(?:\.\d+)?秒?)?"
)


LATER_HALF = ("下午", "晚上", "傍晚", "夜里")
_HALF_DAY = re.compile(r"(?:(上午|早上|早晨|凌晨|中午|下午|晚上|傍晚|夜里)\s*(\d{1,2})\s*([点时:：])|(\d{1,2})\s*点)")
_LETTER_DATE = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4}\b")


@dataclass(frozen=True)
class Wording:
    """fields: its field → ours. said: our field → (its word → what it means). zone: of moments without one."""

    fields: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    zone: str = ""

    def read(self, body: bytes) -> bytes:
        """The post in our words; what is no JSON object, or comes from a platform that writes in our own fields, is left as it came."""
        if not (self.fields or self.said or self.zone):
            return body
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return body
        return json.dumps(dict(self._read(told))).encode() if isinstance(told, dict) else body

    def of(self, name: str) -> str:
        """Our field as the platform calls it."""
        return next((theirs for theirs, ours in self.fields.items() if ours == name), name)

    def _read(self, told: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        pictures: list[str] = []
        shown_as = "media"
        for theirs, value in told.items():
            name = self.fields.get(theirs, theirs)
            if name == "media":
                pictures, shown_as = [*pictures, *_addresses(value)], theirs
                continue
            meant = self._value(name, value)
            if self._decides_nothing(name, meant):
                yield f"{theirs}_told" if theirs == name else theirs, value
            elif meant is not None:
                yield name, meant
            if name == "text" and isinstance(value, str):
                pictures += _IMAGE.findall(value)
        if pictures:
            yield "media", pictures[:MOST_PICTURES]
        if len(pictures) > MOST_PICTURES:
            yield f"{shown_as}_more", pictures[MOST_PICTURES:]

    def _decides_nothing(self, name: str, meant: object) -> bool:
        if name in MOMENTS and meant is not None:
            return _says_no_moment(meant) or (name not in LIMITS and not _is_moment(meant))
        return name in BESIDE and name in self.said and meant is not None and meant not in self.said[name].values()

    def _value(self, name: str, value: Any) -> Any:
        """None for what says nothing."""
        words = self.said.get(name, {})
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value) in words:
            return words[str(value)]
        if value is None or (isinstance(value, str) and not value.strip() and name != "text"):
            return None
        if name in MOMENTS and isinstance(value, str):
            return _moment(value, self.zone, ends=name in LIMITS)
        if name in SPOKEN and isinstance(value, Mapping | list):
            value = _spoken(value, BETWEEN.get(name, ""))
        if name in MARKED and isinstance(value, str) and _TAG.search(value):
            value = of_html(value)
        if name in TEXTS and isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        return value[: CUT[name]] if name in CUT and isinstance(value, str) else value


def _addresses(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield from filter(None, re.split(r"[,;，；|\s]+(?=https?://)", value.strip(" ,;，；|")))
    elif isinstance(value, Mapping):
        named = next((list(_addresses(value[name])) for name in _WHERE if value.get(name)), None)
        yield from (one for one in _addresses(list(value.values())) if "://" in one) if named is None else named
    elif isinstance(value, list):
        for one in value:
            yield from _addresses(one)


def _spoken(value: object, between: str) -> str:
    """The words of a text in parts, in their order; flags and nothings say nothing."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return between.join(filter(None, (_spoken(one, between) for one in value)))
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _moment(written: str, zone: str, *, ends: bool) -> str:
    """A moment as the platform's own clock shows it; what is none is left for the form to refuse."""
    text = _HALF_DAY.sub(_of_24_hours, written.strip())
    found = _DIGITS.fullmatch(text) or _DATE.fullmatch(text)
    try:
        moment = _of_parts(found, ends=ends) if found else _of_standards(text)
    except ValueError:
        return written
    return moment.isoformat() if moment.tzinfo or not zone else moment.replace(tzinfo=ZoneInfo(zone)).isoformat()


def _of_24_hours(found: re.Match[str]) -> str:
    """下午3点 as 15时."""
    hour, later = int(found[2] or found[4]), found[1] in LATER_HALF
    return f" {hour + 12 if later and hour < 12 else hour}{(found[3] or '点').replace('点', '时')}"


def _of_standards(text: str) -> datetime:
    """ISO 8601, or a letter's date. Raises ValueError."""
    return parsedate_to_datetime(text) if _LETTER_DATE.match(text) else datetime.fromisoformat(text)


def _is_moment(meant: object) -> bool:
    """What the form will read: ours as text, or seconds since 1970."""
    try:
        return (
            meant.isdecimal() or bool(datetime.fromisoformat(meant)) if isinstance(meant, str) else type(meant) is int
        )
    except ValueError:
        return False


def _says_no_moment(meant: object) -> bool:
    """A year that nobody means: what a program writes where there is none."""
    year = re.match(r"(\d{4})\s*[-/.年]", meant) if isinstance(meant, str) else None
    return not EARLIEST <= int(year[1]) < LATEST if year else str(meant).strip() in {"0", "-1"}


def _of_parts(found: re.Match[str], *, ends: bool) -> datetime:
    """Raises ValueError for a day or an hour that there is not."""
    parts = [int(one or 0) for one in found.groups()]
    if found[4] is None and ends:
        parts[3:] = [23, 59, 59]
    return datetime.fromisoformat("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*parts))
