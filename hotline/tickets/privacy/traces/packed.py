"""A document that is a zip, written again part by part: each part as it was, or as it is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from hotline.tickets.privacy.file_kinds import TORN_ZIP

LONGEST_PART = 64 << 20
MOST_BYTES = 192 << 20
EPOCH = (1980, 1, 1, 0, 0, 0)


class Untold(ValueError):
    """What this file says of its maker cannot be found, or not taken out: it is signed, locked, torn, or of an old kind."""


@dataclass
class Room:
    """How much one file may still unpack to, whatever lies in it and in what lies in it, and how deep."""

    left: int = MOST_BYTES
    deep: int = 3

    def take(self, size: int) -> None:
        """Raises Untold beyond what one part, or all of them, may unpack to."""
        self.left -= size
        if size > LONGEST_PART or self.left < 0:
            raise Untold("too large")

    def enter(self) -> None:
        self.deep -= 1
        if self.deep < 0:
            raise Untold("too deep")

    def leave(self) -> None:
        self.deep += 1


def rewritten(file: bytes, change: Callable[[str, bytes], bytes], room: Room) -> bytes:
    """The same parts in the same order, with neither the zip's own comments nor the hours of its parts. Raises Untold."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                room.take(part.file_size)
                fresh = zipfile.ZipInfo(part.filename, EPOCH)
                fresh.compress_type, fresh.external_attr = part.compress_type, part.external_attr
                new.writestr(fresh, change(part.filename, _read(old, part)))
    except TORN_ZIP as error:
        raise Untold(type(error).__name__) from error
    return made.getvalue()


def _read(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """At most what the list of contents promised."""
    with packed.open(part) as file:
        return file.read(LONGEST_PART)
