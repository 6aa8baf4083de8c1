"""Drawings in a document tell nobody who drew them (V11); what cannot be cleaned says so."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from hotline.tickets.privacy.traces import Untold, without_author
from hotline.tickets.privacy.traces.pictures import without_metadata

WHO = b"PangXiaoTian-8613"


def emf(who: bytes) -> bytes:
    """A drawing with a description, a remark of a program, a remark that is drawn, and something behind its end."""
    told = who.decode().encode("utf-16-le") + b"\0" * 4
    told += b"\0" * (-len(told) % 4)
    head = struct.pack("<2I8i4sI", 1, 108 + len(told), *(0, 0, 9, 9) * 2, b" EMF", 0x10000)
    head += struct.pack("<2I2H3I", 0, 4, 1, 0, len(told) // 2, 108, 0)
    rows = head.ljust(108, b"\0") + told
    for remark in (b"MYID" + who, b"EMF+drawn"):
        body = remark + b"\0" * (-len(remark) % 4)
        rows += struct.pack("<3I", 70, 12 + len(body), len(remark)) + body
    return rows + struct.pack("<5I", 14, 20, 0, 0, 20) + who


def test_a_drawing_in_a_document_tells_nobody_who_drew_it() -> None:
    drawing = emf(WHO)
    kept = without_metadata(drawing)
    assert WHO not in kept and WHO.decode().encode("utf-16-le") not in kept
    assert (
        len(kept) == len(drawing)
        and b"EMF+drawn" in kept
        and kept[-len(WHO) - 20 : -len(WHO)] == drawing[-len(WHO) - 20 : -len(WHO)]
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as document:
        document.writestr("word/document.xml", "<w:document/>")
        document.writestr("word/media/image1.emf", drawing)
    inside = zipfile.ZipFile(io.BytesIO(without_author(packed.getvalue())))
    assert inside.read("word/media/image1.emf") == kept


@pytest.mark.parametrize("part", [b"\x1f\x8b\x08packed drawing", b"II*\0a scan", b"MM\0*a scan"])
def test_a_document_with_a_picture_that_cannot_be_cleaned_says_so(part: bytes) -> None:
    """It was stored as clean."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as document:
        document.writestr("word/media/image1.bin", part)
    with pytest.raises(Untold):
        without_author(packed.getvalue())
