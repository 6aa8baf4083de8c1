"""Recordings without their tags: who sang, who recorded, with which telephone, and where. No sound is touched."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.tickets.privacy.traces.packed import Untold

_WAV_SOUND = (b"fmt ", b"data", b"fact", b"PEAK", b"cue ", b"ds64")
_M4A_TOLD = (b"udta", b"meta", b"uuid", b"loci")
_M4A_ROOMS = (b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf")
_M4A_DEEPEST = 12
_OGG_HEAD = 27
_CRC_TABLE = []
for _n in range(256):
    _value = _n << 24
    for _bit in range(8):
        _value = (_value << 1) ^ (0x04C11DB7 if _value & 0x80000000 else 0)
    _CRC_TABLE.append(_value & 0xFFFFFFFF)


def without_tags(sound: bytes) -> bytes:
    """MP3, AAC, WAV, M4A and OGG; AMR has no tags. Raises Untold for what cannot be read to its end."""
    if sound[:4] == b"RIFF":
        return _wav(sound)
    if sound[4:8] == b"ftyp":
        return _m4a(sound)
    if sound[:4] == b"OggS":
        return _ogg(sound)
    return sound if sound.startswith(b"#!AMR") else _mp3(sound)


def _mp3(sound: bytes) -> bytes:
    """ID3 of version 2 stands before the sound, also more than once; APE's and ID3 of version 1 behind it."""
    at = 0
    while sound.startswith(b"ID3", at):
        at = _id3_ends(sound, at)
    sound = sound[at:]
    if sound[-128:-125] == b"TAG":
        sound = sound[:-128]
    if sound[-227:-223] == b"TAG+":
        sound = sound[:-227]
    if sound[-32:-24] == b"APETAGEX":
        size = int.from_bytes(sound[-20:-16], "little") + (32 if sound[-9] & 0x80 else 0)
        sound = sound[: max(len(sound) - size, 0)]
    if not sound or b"ID3" in sound[-4096:] or b"APETAGEX" in sound[-4096:]:
        raise Untold("tags")
    return sound


def _id3_ends(sound: bytes, at: int) -> int:
    head = sound[at : at + 10]
    if len(head) < 10 or any(part & 0x80 for part in head[6:]):
        raise Untold("torn")
    size = sum(part << shift for part, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    end = at + 10 + size + (10 if head[5] & 0x10 else 0)
    if end >= len(sound):
        raise Untold("torn")
    return end


def _wav(sound: bytes) -> bytes:
    """Only the pieces that are the sound."""
    kept, at = [], 12
    while at + 8 <= len(sound):
        kind, length = sound[at : at + 4], int.from_bytes(sound[at + 4 : at + 8], "little")
        end = min(at + 8 + length + length % 2, len(sound))
        if kind in _WAV_SOUND:
            kept.append(sound[at:end])
        at = end
    if not any(piece[:4] == b"data" for piece in kept):
        raise Untold("torn")
    whole = b"WAVE" + b"".join(kept)
    return sound[:4] + len(whole).to_bytes(4, "little") + whole


def _m4a(sound: bytes) -> bytes:
    """Boxes of tags become free room of the same size: nothing in the file moves."""
    blank = bytearray(sound)
    for kind, start, head, end in _boxes(sound, 0, len(sound)):
        if kind in _M4A_TOLD:
            blank[start + 4 : start + 8] = b"free"
            blank[start + head : end] = bytes(end - start - head)
    return bytes(blank)


def _boxes(sound: bytes, at: int, end: int, deep: int = 0) -> Iterator[tuple[bytes, int, int, int]]:
    """(kind, start, length of its head, end) of each box, and of those within. Raises Untold for one longer than its room."""
    if deep > _M4A_DEEPEST:
        raise Untold("too deep")
    while at + 8 <= end:
        size, kind, head = int.from_bytes(sound[at : at + 4], "big"), sound[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(sound[at + 8 : at + 16], "big"), 16
        size = size or end - at
        if size < head or at + size > end:
            raise Untold("torn")
        yield kind, at, head, at + size
        if kind in _M4A_ROOMS:
            yield from _boxes(sound, at + head, at + size, deep + 1)
        at += size


def _ogg(sound: bytes) -> bytes:
    """The comments of Vorbis and Opus are overwritten where they stand, and their page is summed anew."""
    blank, at = bytearray(sound), 0
    while sound[at : at + 4] == b"OggS" and at + _OGG_HEAD <= len(sound):
        segments = sound[at + 26]
        body = at + _OGG_HEAD + segments
        end = body + sum(sound[at + _OGG_HEAD : body])
        head = next((h for h in (b"OpusTags", b"\x03vorbis") if sound[body : body + len(h)] == h), b"")
        if head:
            _blank_comments(blank, body + len(head), end)
            blank[at + 22 : at + 26] = bytes(4)
            blank[at + 22 : at + 26] = _ogg_sum(blank[at:end]).to_bytes(4, "little")
            return bytes(blank)
        at = end
    raise Untold("no comments found")


def _blank_comments(page: bytearray, at: int, end: int) -> None:
    """Each comment becomes blanks of its own length; one that goes on over the page cannot be summed here."""
    at += 4 + int.from_bytes(page[at : at + 4], "little")
    count, at = int.from_bytes(page[at : at + 4], "little"), at + 4
    for _each in range(count):
        length, at = int.from_bytes(page[at : at + 4], "little"), at + 4
        if at + length > end:
            raise Untold("long comments")
        page[at : at + length] = (b"=" + b" " * length)[:length]
        at += length


def _ogg_sum(page: bytes | bytearray) -> int:
    crc = 0
    for byte in page:
        crc = ((crc << 8) & 0xFFFFFFFF) ^ _CRC_TABLE[(crc >> 24) ^ byte]
    return crc
