"""The keys of one installation: data keys lie wrapped in the database, the master key that opens them lies outside.

Whoever holds only the database reads nothing that was written with them. Three purposes, each with keys of its own:

- `alike` (AES-SIV, RFC 5297): the same words are written the same way, so that a number or a name is found by comparing. The
  first sixteen bytes are a keyed hash of the words.
- `words` (AES-GCM): every writing differs. From time to time a new key begins; the older ones go on reading.
- `codes` (HMAC-SHA256): what a citizen is known by is computed from it and stored nowhere; and the hidden words of the search.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import Connection, Engine, insert, select, update

from models.keys.data_key import DataKey
from models.store.hidden import HIDDEN, NoKey, Ring

ALIKE, WORDS, CODES = "alike", "words", "codes"
SIZES = {ALIKE: 64, WORDS: 32, CODES: 32}
_LETTERS = b".~"
"""In the place of base64's + and /: signs that mean nothing in a LIKE, in an address or in a telephone number."""

_NONCE = 12
MOST_TERMS = 100_000
"""Words that are remembered: a text has a few hundred, and most of them again and again."""

Masters = Callable[[], Sequence[bytes]]


class KeyRing(Ring):
    """masters: asks for the master keys, the present one first, and for the former one while keys are being changed."""

    def __init__(self, engine: Engine, masters: Masters):
        self._engine, self._masters = engine.execution_options(reading=True), masters
        self._keys: dict[int, tuple[str, Any]] = {}
        self._plain: dict[int, bytes] = {}
        self._newest: dict[str, int] = {}
        self._terms: dict[str, str] = {}
        self._lock = threading.Lock()
        self.second_place: Path | None = None

    def hide(self, plain: str) -> str:
        """Written anew each time. Empty words stay empty."""
        return self.hide_bytes(plain.encode()) if plain else ""

    def hide_bytes(self, plain: bytes) -> str:
        number, nonce = self._now(WORDS), secrets.token_bytes(_NONCE)
        return f"enc{number}:{_written(nonce + self._keys[number][1].encrypt(nonce, plain, None))}"

    def hide_alike(self, plain: str, mark: str = "") -> str:
        """Written the same each time. mark: a letter that stays readable before the colon."""
        if not plain:
            return ""
        number = self._now(ALIKE)
        return f"enc{number}{mark}:{_written(self._keys[number][1].encrypt(plain.encode(), None))}"

    def show(self, stored: str) -> str:
        """What was hidden; words that were never hidden as they are. Raises NoKey when they cannot be opened."""
        found = HIDDEN.match(stored)
        if not found:
            return stored
        try:
            written = _read(stored[found.end() :])
        except ValueError:
            raise NoKey("hidden writing was changed") from None
        return self._opened(int(found[1]), written).decode()

    def code(self, *said: object) -> bytes:
        """32 bytes that nobody computes without the key, the same for the same words."""
        key: bytes = self._keys[self._now(CODES)][1]
        return hmac.new(key, "|".join(map(str, said)).encode(), hashlib.sha256).digest()

    def term(self, word: str) -> str:
        """A word of the search index: 20 bits of its first letter, 36 of the whole, the same for the same word. Of a word that ends
        with `*` only the beginning that all words with this first letter share."""
        known = self._terms.get(word)
        if known is None:
            key: bytes = self._keys[self._now(CODES)][1]
            if len(self._terms) > MOST_TERMS:
                self._terms.clear()
            first, whole = (hmac.digest(key, f"term|{one}".encode(), "sha256").hex() for one in (word[0], word))
            known = self._terms[word] = first[:5] + ("*" if word.endswith("*") else whole[:9])
        return known

    def file_key(self, salt: bytes, name: str, number: int | None = None) -> tuple[int, bytes]:
        """The number of a data key and the key of one file under it; number: None for a new file."""
        number = self._now(WORDS) if number is None else number
        self._key(number)
        return number, HKDF(SHA256(), 32, salt, b"hotline file " + name.encode()).derive(self._plain[number])

    def begin(self) -> None:
        """Open what lies in the database, before anybody waits for it. Raises NoKey."""
        with self._lock:
            self._load()

    def _opened(self, number: int, written: bytes) -> bytes:
        purpose, key = self._key(number)
        try:
            if purpose == ALIKE:
                return bytes(key.decrypt(written, None))
            return bytes(key.decrypt(written[:_NONCE], written[_NONCE:], None))
        except (InvalidTag, ValueError):
            raise NoKey(f"what was written with key {number} was changed or belongs to another key") from None

    def _now(self, purpose: str) -> int:
        if purpose not in self._newest:
            self.begin()
        if purpose not in self._newest:
            raise NoKey("there are no data keys in the database: hotline migrate makes them")
        return self._newest[purpose]

    def _key(self, number: int) -> tuple[str, Any]:
        """A number that is not known is a key that another process made meanwhile."""
        if number not in self._keys:
            self.begin()
        if number not in self._keys:
            raise NoKey(f"key {number} is not in the database")
        return self._keys[number]

    def _load(self) -> None:
        with self._engine.connect() as connection:
            rows = connection.execute(select(DataKey.id, DataKey.purpose, DataKey.wrapped).order_by(DataKey.id)).all()
        masters = self._masters() if any(row.id not in self._keys for row in rows) else ()
        for number, purpose, wrapped in rows:
            if number not in self._keys:
                self._plain[number] = unwrap(wrapped, masters)
                self._keys[number] = purpose, _usable(purpose, self._plain[number])
            self._newest[purpose] = number


# --- the rows ----------------------------------------------------------------------------------------------------------


def make_missing(connection: Connection, master: bytes, now: datetime) -> None:
    """A first key for each purpose that has none."""
    there = set(connection.scalars(select(DataKey.purpose)))
    for purpose in SIZES:
        if purpose not in there:
            make(connection, purpose, master, now)


def make(connection: Connection, purpose: str, master: bytes, now: datetime) -> None:
    """A new key of this purpose; from now on it writes."""
    wrapped = wrap(secrets.token_bytes(SIZES[purpose]), master)
    connection.execute(
        insert(DataKey).values(purpose=purpose, wrapped=wrapped, master=fingerprint(master), made_at=now)
    )


def rewrap(connection: Connection, masters: Sequence[bytes]) -> int:
    """Wrap every key anew that is not under the first of these master keys; what they open stays as it is written."""
    present = masters[0]
    rows = connection.execute(select(DataKey.id, DataKey.wrapped).where(DataKey.master != fingerprint(present))).all()
    for number, wrapped in rows:
        values = {"wrapped": wrap(unwrap(wrapped, masters), present), "master": fingerprint(present)}
        connection.execute(update(DataKey).where(DataKey.id == number).values(values))
    return len(rows)


def wrap(key: bytes, master: bytes) -> str:
    return base64.b64encode(aes_key_wrap(master, key)).decode()


def unwrap(wrapped: str, masters: Sequence[bytes]) -> bytes:
    """Raises NoKey when none of the master keys fits."""
    for master in masters:
        try:
            return aes_key_unwrap(master, base64.b64decode(wrapped))
        except InvalidUnwrap:
            continue
    raise NoKey("the master key is not the one with which this database was written")


def fingerprint(master: bytes) -> str:
    """Enough to know a master key again, of no use to whoever looks for it."""
    return hashlib.sha256(b"fingerprint " + master).hexdigest()[:16]


def _usable(purpose: str, key: bytes) -> Any:
    if purpose == ALIKE:
        return AESSIV(key)
    return AESGCM(key) if purpose == WORDS else key


def _written(data: bytes) -> str:
    return base64.b64encode(data, _LETTERS).rstrip(b"=").decode()


def _read(written: str) -> bytes:
    return base64.b64decode(written + "=" * (-len(written) % 4), _LETTERS, validate=True)
