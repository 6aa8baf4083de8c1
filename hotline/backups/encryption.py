"""A stream sealed chunk by chunk (AES-256-GCM), so that a backup of any size is neither read, cut off nor changed unnoticed.

A file is a salt, then chunks of at most 1 MiB, each with its length. Every file has a key of its own (HKDF over the salt and
the file's name), so the number of a chunk may be its nonce; the last chunk says that it is the last.
"""

from __future__ import annotations

import io
import secrets
import struct
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotline.errors import Refusal
from hotline.i18n import _

MAGIC = b"hotline-backup-1\n"
CHUNK = 1 << 20
SALT = 16
_MORE, _LAST = b"more", b"last"


class Sealing(io.RawIOBase):
    """A file to write into; what reaches the disk is sealed. Only after `close` is it whole."""

    def __init__(self, path: Path, key: bytes):
        self._file: IO[bytes] = path.open("xb")
        salt = secrets.token_bytes(SALT)
        self._cipher, self._number, self._waiting = _cipher(key, salt, path.name), 0, bytearray()
        self._file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        given = bytes(memoryview(data))  # type: ignore[arg-type]
        self._waiting += given
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), _MORE)
            del self._waiting[:CHUNK]
        return len(given)

    def close(self) -> None:
        if self.closed:
            return
        self._put(bytes(self._waiting), _LAST)
        self._file.close()
        super().close()

    def _put(self, plain: bytes, place: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), plain, place)
        self._file.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class Opened(io.RawIOBase):
    """The plain words of a sealed file. Reading raises Refusal when the key is another, or something was changed or cut off."""

    def __init__(self, path: Path, key: bytes):
        self._file: IO[bytes] = path.open("rb")
        self._name = path.name
        if self._file.read(len(MAGIC)) != MAGIC:
            raise Refusal(_("不是热线的备份文件：%(file)s", file=path.name))
        self._cipher, self._number = _cipher(key, self._file.read(SALT), path.name), 0
        self._plain, self._whole = memoryview(b""), False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._plain and not self._whole:
            self._plain = memoryview(self._next())
        many = min(len(target), len(self._plain))
        target[:many] = self._plain[:many]
        self._plain = self._plain[many:]
        return many

    def close(self) -> None:
        self._file.close()
        super().close()

    def _next(self) -> bytes:
        head = self._file.read(4)
        sealed = self._file.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""
        for place in (_MORE, _LAST):
            try:
                plain = self._cipher.decrypt(_nonce(self._number), sealed, place)
            except (InvalidTag, ValueError):
                continue
            self._number += 1
            self._whole = place is _LAST
            if self._whole and self._file.read(1):
                break
            return plain
        raise Refusal(_("备份 %(file)s 打不开：密钥不对，或文件被改动、截断。", file=self._name))


def opened(path: Path, key: bytes) -> io.BufferedReader:
    return io.BufferedReader(Opened(path, key), CHUNK)


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"hotline backup " + name.encode()).derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
