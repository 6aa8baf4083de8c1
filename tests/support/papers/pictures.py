"""Small pictures with everything in them that a camera tells."""

import struct
import zlib

PLACE = b"N36.1000 E114.3500 owner"
TABLE = b"\xff\xdb" + (67).to_bytes(2, "big") + bytes(65)
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\xd2\xff\x00\xcf\xff\xd0\x20"


def exif(turn: int, order: str = "<") -> bytes:
    mark = b"II" if order == "<" else b"MM"
    return mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, turn, 0, 0) + PLACE


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


def jpeg(turn: int = 6, behind: bytes = b"", order: str = ">") -> bytes:
    told = segment(0xE1, b"Exif\0\0" + exif(turn, order)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    told += segment(0xE2, b"MPF\0" + PLACE) + segment(0xED, b"Photoshop 3.0\0" + PLACE) + segment(0xFE, PLACE)
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0" + bytes(9)) + told + TABLE + SCAN + b"\xff\xd9" + behind


def png(turn: int = 8) -> bytes:
    def piece(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    pieces = [
        (b"IHDR", bytes(13)),
        (b"eXIf", exif(turn)),
        (b"tEXt", PLACE),
        (b"iTXt", PLACE),
        (b"IDAT", b"pixels"),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(piece(*one) for one in pieces) + PLACE


def webp(turn: int = 3) -> bytes:
    def piece(kind: bytes, body: bytes) -> bytes:
        return kind + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)

    whole = (
        b"WEBP"
        + piece(b"VP8X", bytes([0b1100]) + bytes(9))
        + piece(b"VP8 ", b"pixels")
        + piece(b"EXIF", exif(turn))
        + piece(b"XMP ", PLACE)
    )
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole
