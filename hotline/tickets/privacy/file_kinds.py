"""Which files are taken, told by their own bytes: pictures, sound, films, and the documents that offices write."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from hotline.errors import Refusal
from hotline.i18n import _

HEAD = 64
MOST_PARTS = 5000
LONGEST_LIST = 1 << 20
MOST_UNPACKED = 500 * 1024 * 1024
"""Of a document that is a zip: nobody's computer shall choke on what we hand on. We ourselves never unpack it."""


@dataclass(frozen=True)
class Kind:
    """A type of file that is taken. inline: a browser may show it in its own window."""

    media_type: str
    endings: tuple[str, ...]
    family: str
    inline: bool = True


JPEG = Kind("image/jpeg", ("jpg", "jpeg"), "image")
PNG = Kind("image/png", ("png",), "image")
GIF = Kind("image/gif", ("gif",), "image")
WEBP = Kind("image/webp", ("webp",), "image")
HEIC = Kind("image/heic", ("heic", "heif"), "image", inline=False)
PDF = Kind("application/pdf", ("pdf",), "pdf", inline=False)
MP3 = Kind("audio/mpeg", ("mp3",), "audio")
WAV = Kind("audio/wav", ("wav",), "audio")
M4A = Kind("audio/mp4", ("m4a", "mp4a", "aac"), "audio")
OGG = Kind("audio/ogg", ("ogg", "oga", "opus"), "audio")
AMR = Kind("audio/amr", ("amr",), "audio")

MP4 = Kind("video/mp4", ("mp4", "m4v"), "film", inline=False)
MOV = Kind("video/quicktime", ("mov", "qt"), "film", inline=False)
GPP = Kind("video/3gpp", ("3gp", "3g2"), "film", inline=False)
AVI = Kind("video/x-msvideo", ("avi",), "film", inline=False)
WEBM = Kind("video/webm", ("webm", "mkv"), "film", inline=False)
WMV = Kind("video/x-ms-wmv", ("wmv",), "film", inline=False)

_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = Kind(f"{_OFFICE}.wordprocessingml.document", ("docx",), "text", inline=False)
XLSX = Kind(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",), "sheet", inline=False)
PPTX = Kind(f"{_OFFICE}.presentationml.presentation", ("pptx",), "slides", inline=False)
DOC = Kind("application/msword", ("doc", "wps", "wpt"), "text", inline=False)
XLS = Kind("application/vnd.ms-excel", ("xls", "et", "ett"), "sheet", inline=False)
PPT = Kind("application/vnd.ms-powerpoint", ("ppt", "dps", "dpt"), "slides", inline=False)
RTF = Kind("application/rtf", ("rtf",), "text", inline=False)
ODT = Kind("application/vnd.oasis.opendocument.text", ("odt",), "text", inline=False)
ODS = Kind("application/vnd.oasis.opendocument.spreadsheet", ("ods",), "sheet", inline=False)
OFD = Kind("application/ofd", ("ofd",), "ofd", inline=False)

KINDS = (
    JPEG,
    PNG,
    GIF,
    WEBP,
    HEIC,
    PDF,
    MP3,
    WAV,
    M4A,
    OGG,
    AMR,
    MP4,
    MOV,
    GPP,
    AVI,
    WEBM,
    WMV,
    DOCX,
    XLSX,
    PPTX,
    DOC,
    XLS,
    PPT,
    RTF,
    ODT,
    ODS,
    OFD,
)
ACCEPT = ",".join(f".{ending}" for kind in KINDS for ending in kind.endings)
"""For the browser's file window."""

_OPENINGS: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"ID3", MP3),
    (b"\xff\xfb", MP3),
    (b"\xff\xf3", MP3),
    (b"\xff\xf2", MP3),
    (b"OggS", OGG),
    (b"#!AMR", AMR),
    (b"{\\rtf", RTF),
    (b"\x1aE\xdf\xa3", WEBM),
    (b"0&\xb2u\x8ef\xcf\x11", WMV),
)
_BRANDS = {
    b"heic": HEIC,
    b"heix": HEIC,
    b"heim": HEIC,
    b"hevc": HEIC,
    b"mif1": HEIC,
    b"msf1": HEIC,
    b"M4A ": M4A,
    b"M4B ": M4A,
    b"qt  ": MOV,
    b"isom": MP4,
    b"iso2": MP4,
    b"iso4": MP4,
    b"iso5": MP4,
    b"iso6": MP4,
    b"mp41": MP4,
    b"mp42": MP4,
    b"avc1": MP4,
    b"M4V ": MP4,
    b"M4VP": MP4,
    b"MSNV": MP4,
    b"dash": MP4,
    b"mmp4": MP4,
    b"XAVC": MP4,
}
_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip")
"""What an old QuickTime film, which has no brand, begins with."""

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARTS: tuple[tuple[str, Kind], ...] = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX), ("OFD.xml", OFD))
_OPEN_DOCUMENTS = {ODT.media_type.encode(): ODT, ODS.media_type.encode(): ODS}
TORN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(ValueError, RuntimeError, NotImplementedError),
)
"""What the library raises for a zip that is torn, locked, or packed in a way that nobody uses."""
MACROS = ("vbaproject.bin", "vbadata.xml")


def kind_of(head: bytes, name: str, file: IO[bytes] | None = None) -> Kind | None:
    """The kind by the file's own bytes; the name only decides where several kinds share one container.

    file: the whole, to look into the list of contents of a document that is a zip; it is put back to where it stood.
    Raises Refusal for a document with macros, and for one that would unpack to far more than it seems.
    """
    for opening, kind in _OPENINGS:
        if head.startswith(opening):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12], name)
    if head[4:8] in _ATOMS:
        return MOV if ending_of(name) in (*MOV.endings, *MP4.endings) else None
    if head.startswith(OLD_OFFICE):
        return next((kind for kind in (DOC, XLS, PPT) if ending_of(name) in kind.endings), None)
    return _of_zip(file, name) if head.startswith(ZIP) and file is not None else None


def kind_by_type(media_type: str) -> Kind | None:
    return next((kind for kind in KINDS if kind.media_type == media_type), None)


def family_endings(kind: Kind) -> set[str]:
    """A PNG that calls itself .jpg is everyday, and so is a new Word file that WPS calls .wps; a PDF that calls itself .jpg is not."""
    return {ending for each in KINDS if each.family == kind.family for ending in each.endings}


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _of_brand(brand: bytes, name: str) -> Kind | None:
    """Sound and film share one container: only a name that says sound makes it sound."""
    found = _BRANDS.get(brand) or (GPP if brand.startswith((b"3gp", b"3g2")) else None)
    return M4A if found in (MP4, GPP, None) and ending_of(name) in M4A.endings else found


def _of_zip(file: IO[bytes], name: str) -> Kind | None:
    """Reads the list of contents only."""
    stood = file.tell()
    try:
        if _length_of_list(file) > LONGEST_LIST:
            return None
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            kind = _of_parts(packed, parts)
    except TORN_ZIP:
        return None
    finally:
        file.seek(stood)
    if kind is not None:
        _check_parts(parts, name)
    return kind


def _length_of_list(file: IO[bytes]) -> int:
    """Bytes of a zip's list of contents, as its last record tells: a list of a million parts is not read at all."""
    size = file.seek(0, 2)
    file.seek(max(size - 65_557, 0))
    tail = file.read(65_557)
    at = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else LONGEST_LIST + 1


def _of_parts(packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Kind | None:
    names = [part.filename for part in parts[:MOST_PARTS]]
    if (
        parts
        and parts[0].filename == "mimetype"
        and parts[0].file_size < 100
        and parts[0].compress_type == zipfile.ZIP_STORED
    ):
        return _OPEN_DOCUMENTS.get(packed.read(parts[0]))
    if "[Content_Types].xml" not in names and "OFD.xml" not in names:
        return None
    return next((kind for part, kind in _PARTS if any(name.startswith(part) for name in names)), None)


def _check_parts(parts: list[zipfile.ZipInfo], name: str) -> None:
    if any(part.filename.lower().endswith(MACROS) for part in parts):
        raise Refusal(_("“%(name)s”里有宏，不能上传。请另存为不带宏的文件，或转成 PDF 再传。", name=name))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refusal(_("“%(name)s”解开后太大，不能上传。请分成几个文件，或转成 PDF 再传。", name=name))
