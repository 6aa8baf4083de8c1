"""A stored request taken apart before anybody reads it: a mask over an encoded form hides nothing."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, unquote_to_bytes

from classifier.text.masking.known import Known
from classifier.text.masking.mask import mask, mask_known
from hotline.tickets.privacy.besides import is_personal
from hotline.tickets.privacy.query_codes import hide_codes
from hotline.tickets.privacy.redact import known_in_extra

MOST_CHARACTERS, DEEPEST = 20_000, 12
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){12,}(?![0-9A-Za-z])")
_OPAQUE = re.compile(r"[A-Za-z0-9+/_=-]{40,}")
"""What could not be read may still be words to somebody who can."""


def read_raw(body: str) -> list[tuple[str, str]]:
    """(name, value) of every value in a form or in JSON, decoded; words that are neither are one value without a name."""
    body = body[:MOST_CHARACTERS]
    if re.search(r"&#x?[0-9A-Fa-f]+;", body):
        body = html.unescape(body)
    return [(decoded(name), decoded(value)) for name, value in _pairs(body)] if body.strip() else []


def starred_raw(words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same for a screen: what stands under the heading of a person shows its first sign, and nowhere else either."""
    words, by_name = list(words), defaultdict(list)
    for name, value in words:
        by_name[name].append(value)
    known = known_in_extra(by_name)
    return [(_star(name, known), _value(name, value, known)) for name, value in words]


def _value(name: str, value: str, known: Known) -> str:
    """A heading may itself be somebody's number, or say that a query code stands below it."""
    personal = is_personal(name) or len(re.sub(r"\D", "", name)) >= 7
    if value and personal:
        return value[:1] + "***"
    heading = f"{name}："
    return _star(hide_codes(heading + value)[len(hide_codes(heading)) :], known)


def _star(text: str, known: Known) -> str:
    return _OPAQUE.sub(lambda found: found[0][:6] + "…", mask(mask_known(hide_codes(text), known)))


def _pairs(body: str) -> list[tuple[str, str]]:
    try:
        return list(_leaves("", json.loads(body), 0))
    except (ValueError, RecursionError):
        pass
    if re.match(r"[\w.%+\[\]-]{1,64}=(?!=*$)", body):
        return parse_qsl(body, keep_blank_values=True, max_num_fields=None, encoding=_encoding_of(body))
    return [("", body)]


def _encoding_of(form: str) -> str:
    """Older systems write their forms as the Chinese Windows does."""
    try:
        unquote_to_bytes(form.encode()).decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _leaves(name: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield name, json.dumps(value, ensure_ascii=False)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}" if name else str(key), inner, depth + 1)
    elif isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        yield name, " ".join(map(str, value))
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
    value = html.unescape(value) if "&" in value else value
    value = re.sub(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1] or found[2], 16)), value)
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    value = _HEX.sub(lambda found: _readable(bytes.fromhex(found[0])) or found[0], value)
    return _BASE64.sub(lambda found: _text_in(found[0]), value)


def _text_in(word: str) -> str:
    """The words in base64, when there are readable ones; else the word as it stands."""
    try:
        raw = base64.b64decode(word.translate(str.maketrans("-_", "+/")) + "=" * (-len(word) % 4), validate=True)
    except (binascii.Error, ValueError):
        return word
    return _readable(raw) or word


def _readable(raw: bytes) -> str:
    """The text that these bytes are in the encodings of this country; "" for none."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if (encoding == "utf-8" or re.search("[\u4e00-\u9fff]{2}", text)) and (text.isprintable() or "\n" in text):
            return text
    return ""
