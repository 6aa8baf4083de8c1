"""A stored request taken apart before anybody reads it: a mask over an encoded form hides nothing."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

MOST_CHARACTERS, DEEPEST = 20_000, 12
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")


def read_raw(body: str) -> list[tuple[str, str]]:
    """(name, value) of every value in a form or in JSON, decoded; words that are neither are one value without a name."""
    body = body[:MOST_CHARACTERS]
    return [(name, decoded(value)) for name, value in _pairs(body)] if body.strip() else []


def _pairs(body: str) -> list[tuple[str, str]]:
    try:
        return list(_leaves("", json.loads(body), 0))
    except (ValueError, RecursionError):
        pass
    if re.match(r"[\w.%+\[\]-]{1,64}=", body):
        return parse_qsl(body, keep_blank_values=True, max_num_fields=None)
    return [("", body)]


def _leaves(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield name, json.dumps(value, ensure_ascii=False)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner, depth + 1)
    else:
        yield name, "" if value is None else str(value)


def decoded(value: str) -> str:
    """Once more through what people's systems wrap words in: percent signs, \\u escapes, base64 of text."""
    for _round in range(3):
        once = _once(value)
        if once == value:
            break
        value = once
    return value


def _once(value: str) -> str:
    if re.search(r"%[0-9A-Fa-f]{2}", value):
        value = unquote_plus(value)
    value = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), value)
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _BASE64.sub(lambda found: _text_in(found[0]), value)


def _text_in(word: str) -> str:
    """The words in base64, when there are readable ones; else the word as it stands."""
    try:
        raw = base64.b64decode(word.translate(str.maketrans("-_", "+/")) + "=" * (-len(word) % 4), validate=True)
        text = raw.decode()
    except (binascii.Error, ValueError):
        return word
    return text if text.isprintable() or "\n" in text else word
