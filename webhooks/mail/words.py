"""The words of a letter: what the writer added without the letter that is answered below it."""

from __future__ import annotations

import re

_RULED = re.compile(
    r"^\s*(-{2,}\s*(原始邮件|原邮件|邮件原文|转发邮件|回复邮件|Original( Message)?|Forwarded message)\b|_{10,}\s*$)",
    re.I | re.M,
)
_WROTE = re.compile(
    r"^[ \t>]*(?=[^\n]*(?:\d{4}|@))[^\n]{3,160}?(?:\n[^\n]{0,80}?)?(?:写道|寫道|wrote)[ \t]*[:：][ \t]*$", re.I | re.M
)
"""Who wrote the answered letter, and when; long ones are broken into two lines."""
_HEADS = re.compile(
    r"^\s*(发件人|寄件人|From)\s*[:：].*\n(.*\n){0,2}\s*(发送时间|发送日期|日期|收件人|Sent|Date|To)\s*[:：]",
    re.I | re.M,
)
_SIGNED = re.compile(r"^-- ?\n", re.M)
_DEVICE = re.compile(
    r"\s*\n[ \t]*(发自我的.{1,20}|发自.{0,12}(手机|iPhone|iPad|邮箱)|来自.{0,12}(手机版?|客户端|邮箱)|获取\s?Outlook.{0,20}|"
    r"Sent from (my|Mail|Outlook|Yahoo|Samsung).{0,30}|Get Outlook for .{1,20}|[^\s@]+@[^\s@]+)\s*$",
    re.I,
)
"""What a telephone or a mail program puts below by itself."""


def without_quote(text: str) -> str:
    """What is new: above the answered letter, or below it and between its lines; a letter that says nothing but the old one is kept
    whole."""
    above = text[
        : min(
            (found.start() for one in (_RULED, _WROTE, _HEADS, _SIGNED) if (found := one.search(text))),
            default=len(text),
        )
    ]
    return _own_lines(above) or _below(text) or text.strip()


def without_device(text: str) -> str:
    """The words without "sent from my telephone" below them."""
    while (found := _DEVICE.search(f"\n{text}")) is not None:
        text = text[: max(0, found.start() - 1)]
    return text.strip()


def _below(text: str) -> str:
    """What was written below the answered letter, where that is marked line by line."""
    wrote = _WROTE.search(text)
    rest = text[wrote.end() :] if wrote is not None else ""
    if not any(line.lstrip().startswith(">") for line in rest.split("\n")):
        return ""
    signed = _SIGNED.search(rest)
    return _own_lines(rest[: signed.start()] if signed is not None else rest)


def _own_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">")).strip()
