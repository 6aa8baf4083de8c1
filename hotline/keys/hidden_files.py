"""Files that nobody reads on a stolen disk: AES-256-GCM in pieces, each file under a key of its own, readable from any place.

A file is a head (how it is written, the number of its data key, a salt), then pieces of 64 KiB. The file's key is derived from
the data key, the salt and the file's own name; the number of a piece is its nonce, and the last piece says that it is the last:
a piece that was changed, moved, cut off or put in from another file is not opened. Files of earlier releases are read as they are.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import secrets
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.store.hidden import NoKey, Ring

log = logging.getLogger(__name__)
MAGIC = b"hotline-file-1\n"
PIECE, TAG, SALT = 1 << 16, 16, 16
HEAD = struct.Struct(f">{len(MAGIC)}sQ{SALT}s")
_OURS = re.compile(r"[0-9a-f]{40}")
_MORE, _LAST = b"more", b"last"


def write(path: Path, pieces: Iterable[bytes], ring: Ring) -> int:
    """Write a new file and wait for the disk; returns the bytes of its plain words. Raises OSError."""
    salt = secrets.token_bytes(SALT)
    number, key = ring.file_key(salt, path.name)
    cipher, waiting, size, place = AESGCM(key), bytearray(), 0, 0
    with path.open("xb") as out:
        out.write(HEAD.pack(MAGIC, number, salt))
        for piece in pieces:
            waiting += piece
            size += len(piece)
            while len(waiting) > PIECE:
                out.write(cipher.encrypt(_nonce(place), bytes(waiting[:PIECE]), _MORE))
                del waiting[:PIECE]
                place += 1
        out.write(cipher.encrypt(_nonce(place), bytes(waiting), _LAST))
        out.flush()
        os.fsync(out.fileno())
    return size


def opened(path: Path, ring: Ring) -> BinaryIO:
    """The plain words, from any place; a copy on the second place is read where the first is gone or torn.

    Raises NoKey (also while reading) and OSError.
    """
    spare = _spare(path, ring)
    try:
        return _reader(path, ring, spare)
    except (OSError, NoKey) as error:
        if spare is None or not spare.is_file():
            raise
        log.error("%s is read from the second place: %s", path.name, error)
        return _reader(spare, ring, None)


def is_there(path: Path, ring: Ring) -> bool:
    """Whether one of the two copies is."""
    spare = _spare(path, ring)
    return path.is_file() or (spare is not None and spare.is_file())


def digest(path: Path, ring: Ring) -> str:
    """SHA-256 of the plain words of this very copy. Raises NoKey and OSError."""
    with _reader(path, ring, None) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _spare(path: Path, ring: Ring) -> Path | None:
    return ring.second_place / path.name if ring.second_place is not None and _OURS.fullmatch(path.name) else None


def _reader(path: Path, ring: Ring, spare: Path | None) -> BinaryIO:
    file = path.open("rb")
    head = file.read(HEAD.size)
    if len(head) == HEAD.size and head.startswith(MAGIC):
        return io.BufferedReader(_Plain(file, head, path.name, ring, spare), PIECE)
    if spare is not None and spare.is_file() and is_hidden(spare):
        file.close()
        raise NoKey("a stored file has lost its head")
    file.seek(0)
    return file


def is_hidden(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


class _Plain(io.RawIOBase):
    """The words of a hidden file, piece by piece as they are asked for."""

    def __init__(self, file: BinaryIO, head: bytes, name: str, ring: Ring, spare: Path | None):
        self._name, self._ring, self._spare, self._at = name, ring, spare, 0
        self._held: tuple[int, bytes]
        self._turn_to(file, head)
        if spare is not None:
            self._held = (
                self._pieces - 1,
                self._open(self._pieces - 1),
            )  # one that was cut off is found before it is read

    def _turn_to(self, file: BinaryIO, head: bytes) -> None:
        _magic, number, salt = HEAD.unpack(head)
        self._file, self._cipher = file, AESGCM(self._ring.file_key(salt, self._name, number)[1])
        written = os.fstat(file.fileno()).st_size - HEAD.size
        self._pieces = max(1, -(-written // (PIECE + TAG)))
        self._size = written - self._pieces * TAG
        self._held = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        place, within = divmod(self._at, PIECE)
        if place >= self._pieces:
            return 0
        if self._held[0] != place:
            self._held = place, self._open(place)
        piece = self._held[1][within : within + len(target)]
        target[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _open(self, place: int) -> bytes:
        """A piece; from the first that does not open on, everything comes from the second place."""
        try:
            return self._piece(place)
        except (NoKey, OSError) as error:
            spare, self._spare = self._spare, None
            if spare is None or not spare.is_file() or not is_hidden(spare):
                raise
            log.error("the rest of %s is read from the second place: %s", self._name, error)
        self._file.close()
        file = spare.open("rb")
        self._turn_to(file, file.read(HEAD.size))
        return self._piece(place)

    def _piece(self, place: int) -> bytes:
        self._file.seek(HEAD.size + place * (PIECE + TAG))
        said = _LAST if place == self._pieces - 1 else _MORE
        try:
            return self._cipher.decrypt(_nonce(place), self._file.read(PIECE + TAG), said)
        except (InvalidTag, ValueError):
            raise NoKey("a stored file was changed, cut off or belongs to another key") from None


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "big")
