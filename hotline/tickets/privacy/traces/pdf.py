"""A PDF without its author: everything is blanked where it stands, so that no offset moves and no page changes.

Blanked are the information dictionary with whatever a company put in, the XMP packet, and who wrote a note. All earlier states of
the file that still lie in it are blanked with the newest.
"""

from __future__ import annotations

import re
import zlib

from hotline.tickets.privacy.traces.packed import Untold

_INFO = re.compile(rb"/Info\s+(\d+)\s+(\d+)\s+R")
_PACKET = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>|<rdf:RDF.*?</rdf:RDF>", re.S)
_STREAM = re.compile(rb"(\d+\s+\d+\s+obj\b(?:(?!endobj|stream).)*?)stream\r?\n", re.S)
_NOTE = re.compile(
    rb"/Subtype\s*/(?:Text|FreeText|Highlight|Underline|StrikeOut|Squiggly|Ink|Stamp|Popup|Caret|Line|Square|Circle)\b"
)
_WRITTEN_BY = re.compile(rb"/T\s*(?=[(<])")
_MOST = 64 << 20


def pdf_without_author(file: bytes) -> bytes:
    """Raises Untold for a signed one, a locked one, and one whose inner parts cannot be read."""
    if b"/ByteRange" in file or re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", file):
        raise Untold("signed or locked")
    blank = bytearray(file)
    numbers = {int(found[1]) for found in _INFO.finditer(file)}
    _blank_info(blank, numbers)
    _blank_notes(blank)
    _blank_streams(blank, numbers)
    for packet in _PACKET.finditer(bytes(blank)):
        blank[packet.start() : packet.end()] = b" " * len(packet[0])
    return bytes(blank)


def _blank_info(file: bytearray, numbers: set[int]) -> None:
    for number in numbers:
        for found in re.finditer(rb"(?<!\d)%d\s+\d+\s+obj\b(.*?)endobj" % number, bytes(file), re.S):
            _blank_strings(file, found.start(1), found.end(1))


def _blank_notes(file: bytearray) -> None:
    for found in re.finditer(rb"\d+\s+\d+\s+obj\b(.*?)endobj", bytes(file), re.S):
        if _NOTE.search(found[1]):
            for named in _WRITTEN_BY.finditer(bytes(file), found.start(1), found.end(1)):
                _blank_string(file, named.end())


def _blank_streams(file: bytearray, numbers: set[int]) -> None:
    """XMP as a stream of its own, and the objects that newer PDFs pack together."""
    held = bytes(file)
    for found in _STREAM.finditer(held):
        told, packed = re.search(rb"/Type\s*/Metadata\b", found[1]), re.search(rb"/Type\s*/ObjStm\b", found[1])
        if not told and not packed:
            continue
        end = held.find(b"endstream", found.end())
        if end < 0:
            raise Untold("torn")
        if b"/Filter" not in found[1]:
            file[found.end() : end] = b" " * (end - found.end()) if told else file[found.end() : end]
            continue
        plain = _inflated(found[1], held[found.end() : end])
        fresh = b" " * len(plain) if told else _unnamed_objects(plain, found[1], numbers)
        if fresh != plain:
            file[found.end() : end] = _deflated(fresh, end - found.end())


def _inflated(head: bytes, body: bytes) -> bytes:
    if not re.search(rb"/Filter\s*\[?\s*/FlateDecode\s*\]?\s*(?:/|>>)", head) or b"/DecodeParms" in head:
        raise Untold("unknown filter")
    try:
        return zlib.decompressobj().decompress(body, _MOST)
    except zlib.error as error:
        raise Untold("torn") from error


def _deflated(plain: bytes, room: int) -> bytes:
    """Packed into the room it had; what is left of it is filled up, which readers pass over."""
    packed = zlib.compress(plain, 9)
    if len(packed) > room:
        raise Untold("no room")
    return packed + b"\n" * (room - len(packed))


def _unnamed_objects(plain: bytes, head: bytes, numbers: set[int]) -> bytes:
    """The strings of the information dictionary, and who wrote a note, among objects that are packed together."""
    first, count = (re.search(rb"/%s\s+(\d+)" % name, head) for name in (b"First", b"N"))
    if first is None or count is None:
        raise Untold("torn")
    begins = int(first[1])
    told = [int(one) for one in plain[:begins].split()[: 2 * int(count[1])]]
    places = list(zip(told[::2], told[1::2], strict=True))
    ends = [*(begins + at for _number, at in places[1:]), len(plain)]
    blank = bytearray(plain)
    for (number, at), end in zip(places, ends, strict=True):
        if number in numbers:
            _blank_strings(blank, begins + at, end)
        elif _NOTE.search(plain, begins + at, end):
            for named in _WRITTEN_BY.finditer(plain, begins + at, end):
                _blank_string(blank, named.end())
    return bytes(blank)


def _blank_strings(file: bytearray, at: int, end: int) -> None:
    while at < end:
        if bytes(file[at : at + 2]) in (b"<<", b">>"):
            at += 2
        elif bytes(file[at : at + 1]) in (b"(", b"<"):
            at = _blank_string(file, at)
        else:
            at += 1


def _blank_string(file: bytearray, at: int) -> int:
    """A string in brackets or in digits, blanked; returns where it ends."""
    if file[at : at + 1] == b"<":
        end = file.find(b">", at)
        if end < 0:
            raise Untold("torn")
        file[at + 1 : end] = (b"20" * (end - at))[: end - at - 1]
        return end + 1
    depth, place = 0, at
    while place < len(file):
        if file[place] == 0x5C:
            place += 2
            continue
        depth += {0x28: 1, 0x29: -1}.get(file[place], 0)
        if depth == 0:
            file[at + 1 : place] = b" " * (place - at - 1)
            return place + 1
        place += 1
    raise Untold("torn")
