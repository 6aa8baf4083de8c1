"""How much of one reply stands in another, from sketches of 256 bytes: thousands of replies are compared in milliseconds.

A sketch is a MinHash (Broder, 1997): of each of 64 orders of all fragments the first one. The share of equal firsts is
the share of fragments that two texts have in common, give or take six hundredths.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
import numpy.typing as npt

from classifier.replies.boilerplate import strip_reply
from classifier.text.normalise import plain

FRAGMENT = 4
ORDERS = 64
LEAST = 30
"""A text with fewer letters is no reply that could be copied: "已处理" stands everywhere."""

ALIKE = 0.6
"""From this share of common fragments on, two replies have the same words with other names and numbers in them."""

_PRIME = (1 << 31) - 1
_CHANCE = np.random.default_rng(20240229)
_TIMES = _CHANCE.integers(1, _PRIME, ORDERS, dtype=np.uint64)
_PLUS = _CHANCE.integers(0, _PRIME, ORDERS, dtype=np.uint64)
_NUMBERS = re.compile(r"\d+")
_SIGNS = re.compile(r"[\W_]+")

_Ints = npt.NDArray[np.uint32]


def sketch_of(*parts: str) -> bytes | None:
    """The sketch of a reply's parts; None when without greetings and thanks too little is left."""
    words = _words(parts)
    if len(words) < LEAST:
        return None
    encoded = words.encode("utf-32-le")
    width = 4 * FRAGMENT
    fragments = {zlib.crc32(encoded[at : at + width]) % _PRIME for at in range(0, len(encoded) - width + 4, 4)}
    each = np.fromiter(fragments, dtype=np.uint64, count=len(fragments))
    firsts = ((each[:, None] * _TIMES + _PLUS) % _PRIME).min(axis=0)
    return bytes(firsts.astype("<u4").tobytes())


def shares(one: bytes, others: list[bytes]) -> npt.NDArray[np.float64]:
    """The share of fragments in common with each of the others, 0–1."""
    if not others:
        return np.zeros(0)
    many: _Ints = np.frombuffer(b"".join(others), dtype="<u4").reshape(len(others), ORDERS)
    return np.asarray((many == np.frombuffer(one, dtype="<u4")).mean(axis=1))


def _words(parts: tuple[str, ...]) -> str:
    """The sentences of all parts, each once, without courtesies, signs and numbers: "3月5日" and "4月12日" are the same."""
    told: dict[str, None] = {}
    for part in parts:
        for sentence in re.split(r"[。！？；\n]", strip_reply(part).text if part else ""):
            bare = _SIGNS.sub("", _NUMBERS.sub("0", plain(sentence)))
            if bare and not any(bare in known for known in told):
                told[bare] = None
    return "".join(told)
