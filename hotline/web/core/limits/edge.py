"""What no page can mean is turned away at the edge with one sentence: NUL, half characters, digits that are none, bottomless JSON.

One guard before every route and for every parameter; webhooks clean what they are told instead, because nobody there can
type it again. Below the edge nobody needs to think of such input.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Flask, request

from hotline.errors import Refusal
from hotline.i18n import _

LARGEST_JSON = 2 * 1024 * 1024
DEEPEST = 32
LONGEST_NUMBER = 18
"""Digits of the largest number that every database holds."""

NUMBERS = frozenset(
    {
        "call",
        "files",
        "notice",
        "seen",
        "start",
        "limit",
        "page",
        "year",
        "month",
        "agent",
        "soon",
        "round",
        "urges",
        "version",
        "turns",
        "part",
        "stars",
        "size",
        "offset",
    }
)
"""Parameters that are whole numbers wherever they stand; `seen-<number>` is one too."""

_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')
_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\x00")


class Unreadable(Refusal):
    """Nothing a person or a machine in its senses sends (HTTP 400)."""


def install(app: Flask) -> None:
    """The guard stands before everything else that looks at a request."""
    app.before_request(_guard)


def whole_number(text: str | None) -> int | None:
    """A number written in plain digits that a row can have; None for anything else."""
    plain = text is not None and text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if plain and text is not None else None


def whole_numbers(given: Iterable[str]) -> list[int]:
    return [number for text in given if (number := whole_number(text)) is not None]


def _guard() -> None:
    if (request.endpoint or "").startswith("webhooks_"):
        return
    _look_at([("", request.path), *request.args.items(multi=True)])
    if request.mimetype == "application/json" or request.mimetype.endswith("+json"):
        _look_into_json(request.get_data(cache=True))
    elif request.method in ("POST", "PUT", "PATCH", "DELETE"):
        if None in request.form or None in request.files:  # a line end within the name of a part leaves it without one
            raise Unreadable(_("请求里有无法识别的字符。"))
        _look_at(request.form.items(multi=True))
        _look_at(("", file.filename or "") for file in request.files.values())


def _look_at(given: Iterable[tuple[str, str]]) -> None:
    for name, value in given:
        if "\x00" in value or "\x00" in name or _HALF.search(value) or _HALF.search(name):
            raise Unreadable(_("请求里有无法识别的字符。"))
        if (name in NUMBERS or name.startswith("seen-")) and _is_no_number(value):
            raise Unreadable(_("“%(name)s”应当是普通数字。", name=name[:40]))


def _is_no_number(value: str) -> bool:
    """Digits of another script, fractions and powers, and numbers that no row can have; words are left to the page."""
    odd = any(sign.isnumeric() and not sign.isascii() for sign in value)
    return odd or (value.lstrip("+-").isdecimal() and len(value.lstrip("+-")) > LONGEST_NUMBER)


def _look_into_json(body: bytes) -> None:
    if len(body) > LARGEST_JSON:
        raise Unreadable(_("JSON 超过 %(most)d MB。", most=LARGEST_JSON >> 20))
    if _depth(body) > DEEPEST:
        raise Unreadable(_("JSON 嵌套太深。"))
    if not _ESCAPED.search(body):
        return
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return  # what is no JSON is refused where it is asked for
    _look_at(("", text) for text in _texts(read))


def _depth(body: bytes) -> int:
    """How deep brackets stand in brackets, counted without parsing; few brackets cannot be deep."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return 0
    depth = deepest = 0
    for found in _BRACKETS.finditer(body):
        sign = found[0]
        depth += 1 if sign in (b"[", b"{") else -1 if sign in (b"]", b"}") else 0
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
