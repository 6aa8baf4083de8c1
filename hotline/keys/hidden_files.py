"""Files that nobody reads on a stolen disk: AES-256-GCM in pieces, each file under a key of its own, readable from any place.

A file is a head (how it is written, the number of its data key, a salt), then pieces of 64 KiB. The file's key is derived from
the data key, the salt and the file's own name; the number of a piece is its nonce, and the last piece says that it is the last:
a piece that was changed, moved, cut off or put in from another file is not opened. Files of earlier releases are read as they are.
"""

from __future__ import annotations

import io
import os
import secrets
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.store.hidden import NoKey, Ring

MAGIC = b"hotline-file-1\n"
PIECE, TAG, SALT = 1 << 16, 16, 16
HEAD = struct.Struct(f">{len(MAGIC)}sQ{SALT}s")
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
    """The plain words, from any place. Raises NoKey (also while reading) and OSError."""
    file = path.open("rb")
    head = file.read(HEAD.size)
    if not head.startswith(MAGIC):
        file.seek(0)
        return file
    return io.BufferedReader(_Plain(file, head, path.name, ring), PIECE)


def is_hidden(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


class _Plain(io.RawIOBase):
    """The words of a hidden file, piece by piece as they are asked for."""

    def __init__(self, file: BinaryIO, head: bytes, name: str, ring: Ring):
        _magic, number, salt = HEAD.unpack(head)
        self._file, self._cipher = file, AESGCM(ring.file_key(salt, name, number)[1])
        written = os.fstat(file.fileno()).st_size - HEAD.size
        self._pieces = max(1, -(-written // (PIECE + TAG)))
        self._size, self._at = written - self._pieces * TAG, 0
        self._held: tuple[int, bytes] = (-1, b"")

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
        self._file.seek(HEAD.size + place * (PIECE + TAG))
        said = _LAST if place == self._pieces - 1 else _MORE
        try:
            return self._cipher.decrypt(_nonce(place), self._file.read(PIECE + TAG), said)
        except (InvalidTag, ValueError):
            raise NoKey("a stored file was changed, cut off or belongs to another key") from None


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "big")
