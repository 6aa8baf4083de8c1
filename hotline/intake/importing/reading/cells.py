"""What a cell says once the tricks of spreadsheets are undone: escapes, quotation against formulas, errors, nothing at all."""

from __future__ import annotations

import html
import json
import re
from datetime import date, datetime, time
from typing import Any

TORN = "\udcff"
"""Stands where bytes were no character of the file's encoding."""

_LONE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LINE_ENDS = re.compile(r"_x000[DdAa]_\r?\n?|\r\n?")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_GUARDED = re.compile(r"'(?=[=+\-@＝＋－＠\t\r]|\d+$)")
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|UNKNOWN!)|#{3,}",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h\d)>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|div|span|font|b|i|u|strong|em|a|img|ul|ol|li|table|tbody|tr|td|h\d|o:p|section)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    rf"{_BREAK.pattern}|{_TAG.pattern}|&(?:nbsp|amp|lt|gt|quot|apos|[lr][ds]quo|hellip|middot|#\d{{2,5}}|#x[0-9a-f]{{2,4}});",
    re.IGNORECASE,
)
_SIGNS_ONLY = re.compile(r"[\s\W_]*")
_NOTHING = frozenset(
    {
        "无",
        "暂无",
        "没有",
        "未知",
        "不详",
        "未填",
        "未填写",
        "未提供",
        "空",
        "空白",
        "无编号",
        "待定",
        "未登记",
        "null",
        "none",
        "nil",
        "nan",
        "n/a",
        "na",
        "undefined",
        "(null)",
        "<null>",
        "unknown",
        "(blank)",
        "[null]",
        r"\n",
    }
)


def text_of(value: Any) -> str:
    """A cell as text: whole, without NUL, half characters and the escapes of files, line ends as one sign."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return whole_number(value)
    if isinstance(value, dict | list):
        return clean(json.dumps(value, ensure_ascii=False, default=str))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return clean(str(value))


def clean(text: str) -> str:
    text = _LONE.sub("", text.replace("\x00", ""))
    text = _LINE_ENDS.sub("\n", text).strip()
    if (told := _AS_TEXT.fullmatch(text)) is not None:
        return told[1].replace('""', '"').strip()
    return _GUARDED.sub("", text, count=1) if text.startswith("'") else text


def without_markup(text: str) -> str:
    """What an editor of web pages wrote, as it was read: <br> and &nbsp; are no words. A < that opens no tag stays."""
    if not _MARKUP.search(text):
        return text
    plain = html.unescape(_TAG.sub("", _BREAK.sub("\n", text))).replace("\xa0", " ")
    return re.sub(r"\n\s*\n+", "\n", clean(plain))


def without_halves(text: str) -> str:
    """Half characters (a lone surrogate) as one sign each, so that places in the text stay what they are."""
    return _LONE.sub("�", text)


def unescaped(text: str) -> str:
    """Excel's `_xHHHH_` for signs that XML cannot hold, undone."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def whole_number(value: float) -> str:
    """Whole numbers come as floats; a phone number must not end in .0. Beyond 15 digits a spreadsheet has rounded: shown as such."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.5E}" if abs(value) >= 1e15 else repr(value)


def is_error(text: str) -> bool:
    """Whether a spreadsheet wrote its own complaint (#N/A) instead of a value."""
    return text.startswith("#") and _ERROR.fullmatch(text) is not None


def says_nothing(text: str) -> bool:
    """Empty, dashes, or one of the words that programs write for nothing."""
    return _SIGNS_ONLY.fullmatch(text) is not None or text.strip().lower() in _NOTHING
