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

MOST_CHARACTERS, DEEPEST, MOST_WRAPPINGS = 20_000, 12, 8
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_FOLDED = re.compile(r"(?<=[A-Za-z0-9+/]{16})\r?\n(?=[A-Za-z0-9+/]{4,}={0,2}(?:\s|$))")
"""Where a letter breaks a row of base64."""

_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{2}){12,}(?![0-9A-Za-z])")
_OPAQUE = re.compile(
    r"(?<![!-~])(?=[!-~]*[A-Za-z])(?=[!-~]*[\d=+@#$^&*?`~|;])[!-~]{10,}|[A-Za-z+/_=-]{24,}|(?<![A-Za-z])[A-Za-z]*[a-z][A-Z][a-z]*[A-Z][A-Za-z]*"
)
"""What could not be read may still be words to somebody who can: signs of several kinds mixed, and words of no language."""

_ANY_DIGIT = re.compile(r"[\d\u2070-\u209f\u2460-\u24ff\u2776-\u2793\u2800-\u28ff]")

_CODE = re.compile(
    r"(?:\\{1,8}u|%u|\\{1,8}U0{4})([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\u\{([0-9a-fA-F]{1,6})\}|U\+([0-9a-fA-F]{4,5})\s?"
    r"|&#x([0-9a-fA-F]{2,6})[;\s]?|&#([0-9]{2,7})[;\s]?"
)
"""One sign by its number, as programs and pages write it."""

_BYTES = re.compile(
    r"(?:=[0-9A-Fa-f]{2}(?:=\r?\n)?){3,}|(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,]+){8,}(?:0x)?[0-9a-fA-F]{2}|(?:\\[0-3][0-7]{2}){3,}"
)
"""Words as a row of bytes: quoted-printable, hexadecimal with something between, octal."""

_APART = re.compile(
    r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff]([\s·.…*_|/、,，\-]{1,3})){3,}[\u4e00-\u9fff](?![\u4e00-\u9fff])"
)
"""Words written sign by sign: no name begins or ends there for a mask."""
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])[\s·.…*_|/、,，\-]{1,3}(?=[\u4e00-\u9fff])")

_INLINE = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|font|small|big|sub|sup|mark|wbr)\b[^<>]{0,200}>", re.IGNORECASE)


def read_raw(body: str) -> list[tuple[str, str]]:
    """(name, value) of every value in a form or in JSON, decoded; words that are neither are one value without a name."""
    body = body[:MOST_CHARACTERS]
    if re.search(r"&#x?[0-9A-Fa-f]+;", body):
        body = html.unescape(body)
    return [(decoded(name), decoded(value)) for name, value in _pairs(body)] if body.strip() else []


def starred_raw(words: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same for a screen: what stands under the heading of a person shows its first sign, and nowhere else either.

    No digit is shown: whoever looks wants to know why a letter was refused, and a number can be told in pieces, backwards or
    as numbers of its signs.
    """
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
    masked = mask(mask_known(hide_codes(text), known))
    return _ANY_DIGIT.sub("*", _OPAQUE.sub("…", masked))


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
        yield name, ("" if all(len(str(one)) == 1 for one in value) else " ").join(map(str, value))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner, depth + 1)
    else:
        whole = isinstance(value, float) and value.is_integer()
        yield name, "" if value is None else str(int(value) if whole else value)


def decoded(value: str) -> str:
    """Through all that people's systems wrap words in: percent signs, numbers of signs, rows of bytes, base64, inline tags."""
    for _round in range(MOST_WRAPPINGS):
        once = _once(value)
        if once == value:
            break
        value = once
    return _APART.sub(lambda found: _BETWEEN.sub("", found[0]), value)


def _once(value: str) -> str:
    if re.search(r"%[0-9A-Fa-f]{2}", value):
        value = unquote_plus(value)
    value = _CODE.sub(_sign, _FOLDED.sub("", value))
    value = html.unescape(value) if "&" in value else value
    value = _BYTES.sub(_spelt, value)
    value = _INLINE.sub("", _as_meant(value))
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    value = _HEX.sub(lambda found: _readable(bytes.fromhex(found[0])) or found[0], value)
    return _BASE64.sub(lambda found: _text_in(found[0]), value)


def _sign(found: re.Match[str]) -> str:
    number = int(found[6]) if found[6] else int(next(filter(None, found.groups())), 16)
    return chr(number) if number < 0x110000 else found[0]


def _spelt(found: re.Match[str]) -> str:
    """The words that a row of bytes spells, or the row as it stands."""
    row = found[0]
    if row.startswith("\\") and "x" not in row:
        raw = bytes(int(one, 8) for one in re.findall(r"[0-7]{3}", row))
    else:
        raw = bytes.fromhex("".join(re.findall(r"[0-9a-fA-F]{2}", row.replace("0x", ""))))
    return _readable(raw) or row


def _as_meant(value: str) -> str:
    """Chinese that a system took for letters of the west."""
    if not re.search("[\u00c0-\u00ff][\u0080-\u2122]", value):
        return value
    for encoding in ("latin-1", "cp1252"):
        try:
            return value.encode(encoding).decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return value


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
