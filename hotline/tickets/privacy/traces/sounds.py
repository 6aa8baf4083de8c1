"""Recordings without their tags: who sang, who recorded, with which telephone, and where. No sound is touched."""

from __future__ import annotations

from hotline.tickets.privacy.traces.boxes import boxes, empty
from hotline.tickets.privacy.traces.packed import Untold

_WAV_SOUND = (b"fmt ", b"data", b"fact", b"PEAK", b"cue ", b"ds64")
_OGG_HEAD = 27
_AMR_SIZES = (
    (b"#!AMR\n", {0: 13, 1: 14, 2: 16, 3: 18, 4: 20, 5: 21, 6: 27, 7: 32, 8: 6, 15: 1}),
    (b"#!AMR-WB\n", {0: 18, 1: 24, 2: 33, 3: 37, 4: 41, 5: 47, 6: 51, 7: 59, 8: 61, 9: 6, 14: 1, 15: 1}),
)
"""Bytes of a frame with its head, by kind of frame (RFC 4867, 5.3)."""
_CRC_TABLE = []
for _n in range(256):
    _value = _n << 24
    for _bit in range(8):
        _value = (_value << 1) ^ (0x04C11DB7 if _value & 0x80000000 else 0)
    _CRC_TABLE.append(_value & 0xFFFFFFFF)


def without_tags(sound: bytes) -> bytes:
    """MP3, AAC, WAV, M4A, OGG and AMR. Raises Untold for what cannot be read to its end."""
    if sound[:4] == b"RIFF":
        return _wav(sound)
    if sound[4:8] == b"ftyp":
        return _m4a(sound)
    if sound[:4] == b"OggS":
        return _ogg(sound)
    return _amr(sound) if sound.startswith(b"#!AMR") else _mp3(sound)


def _amr(sound: bytes) -> bytes:
    """Frame by frame, as long as they are frames: what hangs behind is none of the recording. Of several channels it stays as it is."""
    sizes = next((sizes for head, sizes in _AMR_SIZES if sound.startswith(head)), None)
    if sizes is None:
        return sound
    at = sound.index(b"\n") + 1
    while at < len(sound) and not sound[at] & 0x83 and (size := sizes.get(sound[at] >> 3)) is not None:
        at += size
    if at < len(sound) // 2:
        raise Untold("torn")
    return sound[:at]


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
    blank = bytearray(sound)
    reached = empty(blank, boxes(sound, 0, len(sound)), more=(b"meta",))
    return bytes(blank[:reached])


def _ogg(sound: bytes) -> bytes:
    """The comments of Vorbis and Opus, of each stream, are overwritten where they stand, and their page is summed anew."""
    blank, at, found = bytearray(sound), 0, False
    while sound[at : at + 4] == b"OggS" and at + _OGG_HEAD <= len(sound):
        body = at + _OGG_HEAD + sound[at + 26]
        end = body + sum(sound[at + _OGG_HEAD : body])
        head = next((h for h in (b"OpusTags", b"\x03vorbis") if sound[body : body + len(h)] == h), b"")
        if head:
            _blank_comments(blank, body + len(head), end, opus=head == b"OpusTags")
            blank[at + 22 : at + 26] = bytes(4)
            blank[at + 22 : at + 26] = _ogg_sum(blank[at:end]).to_bytes(4, "little")
            found = True
        at = end
    if not found:
        raise Untold("no comments found")
    return bytes(blank[:at])


def _blank_comments(page: bytearray, at: int, end: int, opus: bool) -> None:
    """The program's name and each comment become blanks of their own length, and what hangs behind them zeros; one that goes on
    over the page cannot be summed here."""
    at = _blank(page, at, end)
    count, at = int.from_bytes(page[at : at + 4], "little"), at + 4
    for _each in range(count):
        at = _blank(page, at, end, b"=")
    if opus:  # of Vorbis the next packet may begin on the same page
        page[at:end] = bytes(max(0, end - at))


def _blank(page: bytearray, at: int, end: int, sign: bytes = b"") -> int:
    length, at = int.from_bytes(page[at : at + 4], "little"), at + 4
    if at + length > end:
        raise Untold("long comments")
    page[at : at + length] = (sign + b" " * length)[:length]
    return at + length


def _ogg_sum(page: bytes | bytearray) -> int:
    crc = 0
    for byte in page:
        crc = ((crc << 8) & 0xFFFFFFFF) ^ _CRC_TABLE[(crc >> 24) ^ byte]
    return crc
