"""Word, Excel, PowerPoint and OpenDocument files without their authors: properties, comments, tracked changes, people and pictures.

The words of the document stay; who wrote, changed, commented and printed it goes, and so does the folder in which it lay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hotline.tickets.privacy.traces.boxes import as_far_as_whole, empty
from hotline.tickets.privacy.traces.packed import Room, Untold, rewritten
from hotline.tickets.privacy.traces.pictures import without_metadata
from hotline.tickets.privacy.traces.rtf import rtf_without_author
from hotline.tickets.privacy.traces.sounds import without_tags

SIGNED = ("_xmlsignatures/", "META-INF/documentsignatures.xml")
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EMPTY = {
    "docprops/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_CORE}"/>',
    "docprops/app.xml": f'{_HEAD}<Properties xmlns="{_PROPERTIES}/extended-properties"/>',
    "docprops/custom.xml": f'{_HEAD}<Properties xmlns="{_PROPERTIES}/custom-properties"/>',
    "docmetadata/labelinfo.xml": f'{_HEAD}<clbl:labelList xmlns:clbl="http://schemas.microsoft.com/office/2020/mipLabelMetadata"/>',
    "meta.xml": f'{_HEAD}<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"/>',
}
"""Parts that say nothing but who made it, when, and with what: the same parts, saying nothing."""

_TAG = re.compile(r"""<[^\W\d](?:[^<>"']|"[^"<]*"|'[^'<]*')*>""")
_TOLD = re.compile(
    r"""([\s:](?:author|initials|lastModifiedBy|userName|lastEditedBy|modifiedBy|editedBy|userInitials|lastAuthor)\s*=\s*)"""
    r"""("[^"]*"|'[^']*')"""
)
_FOLDER = re.compile(r"""(\surl\s*=\s*)("[^"]*"|'[^']*')""")
_PERSON = re.compile(r"""([\s:](?:name|displayName|initials|userId|providerId)\s*=\s*)("[^"]*"|'[^']*')""")
"""Attributes that name a person in lists of people alone: elsewhere a table has a displayName, and cannot be opened without it."""

_ELEMENTS = re.compile(
    r"(<((?:[\w.-]+:)?(?:author|creator|creator-initials|sender-initials|lastModifiedBy))(?:\s[^<>]*)?>)[^<]*(</\2\s*>)"
)
_LISTS_OF_PEOPLE = re.compile(
    r"ppt/(?:commentauthors|authors)[^/]*\.xml|word/people[^/]*\.xml|xl/(?:.*/)?(?:persons/[^/]*|usernames[^/]*)\.xml"
)
_OUTSIDE = re.compile(
    r"""(\bTarget\s*=\s*["'])(?:file:|[A-Za-z]:[/\\]|[/\\]{2}|/(?:Users|home|Volumes|mnt|media)/)[^"']*[/\\%]"""
)
"""The folder of what a document points to outside itself: C:\\Users\\somebody\\."""
_PRINTER = re.compile(r"""(<config:config-item [^<>]*config:name\s*=\s*["']Printer(?:Name|Setup)["'][^<>]*>)[^<]*""")
_PRINTERS, _PRINTERS_NAME = "printersettings/", 64
UNTOLD = (b"\x1f\x8b", b"II*\0", b"MM\0*")
"""Packed drawings (.emz, .wmz, .svgz) and scans (TIFF): who made them stands in them, and is not taken out."""
_XML = (".xml", ".rels", ".vml")
_FILMS = (b"moov", b"mdat", b"wide", b"free", b"skip")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def without_author(file: bytes, room: Room | None = None) -> bytes:
    """The document without who made it. Raises Untold for one that is signed: a changed one would be no document any more."""
    room = room or Room()
    return rewritten(file, lambda name, body: _part(name, body, room), room)


def pdf_without_author(file: bytes, room: Room | None = None) -> bytes:
    """Raises Untold for one that is signed or locked, and one of which no page can be read."""
    # Here, for it brings 15 MiB into the memory of a process, which one that stores no PDF does without.
    from hotline.tickets.privacy.traces.pdf import rewritten_pdf

    return rewritten_pdf(file, room or Room(), inside_untold)


def _part(name: str, body: bytes, room: Room) -> bytes:
    low = name.lower()
    if low.startswith(SIGNED[0]) or low == SIGNED[1].lower():
        raise Untold("signed")
    empty_one = EMPTY.get(low) or (EMPTY["meta.xml"] if low.endswith("/meta.xml") else None)
    if empty_one:
        return empty_one.encode()
    if low.endswith(_XML):
        return _in_words(body, lambda words: _unnamed(low, words))
    if _PRINTERS in low and low.endswith(".bin"):
        return bytes(len(body[:_PRINTERS_NAME])) + body[_PRINTERS_NAME:]
    return inside_untold(body, room)


def inside_untold(part: bytes, room: Room) -> bytes:
    """What lies within a document: a picture, a recording, a film, or another document. Raises Untold for one of an old kind."""
    if part.startswith((OLD_OFFICE, *UNTOLD)):
        raise Untold("old kind")
    room.enter()
    try:
        return _by_its_bytes(part, room)
    finally:
        room.leave()


def _by_its_bytes(part: bytes, room: Room) -> bytes:
    if part.startswith(b"PK\x03\x04"):
        return without_author(part, room)
    if part.startswith(b"%PDF-"):
        return pdf_without_author(part, room)
    if part.startswith(b"{\\rtf"):
        return rtf_without_author(part)
    if part.startswith((b"ID3", b"OggS", b"#!AMR")) or part[8:12] == b"WAVE":
        return without_tags(part)
    cleaned = without_metadata(part)
    return _film(cleaned) if part[4:8] == b"ftyp" or part[4:8] in _FILMS else cleaned


def _film(part: bytes) -> bytes:
    """Of a film or a recording `meta` tells too; of a picture it is the picture."""
    blank, walk = bytearray(part), list(as_far_as_whole(part, 0, len(part)))
    empty(blank, iter(walk), more=(b"meta",) if any(box.kind == b"moov" for box in walk) else ())
    return bytes(blank)


def _in_words(body: bytes, change: Callable[[str], str]) -> bytes:
    """The part as it is written, in whichever encoding its first bytes say. Raises Untold where they do not hold."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        words = body.decode(encoding)
        return change(words).encode(encoding)
    except UnicodeError as error:
        raise Untold("encoding") from error


def _unnamed(name: str, words: str) -> str:
    """Attributes are looked for within tags: what people wrote between them stays to the letter."""
    words = _ELEMENTS.sub(r"\1\3", words)
    if name.endswith(".rels"):
        return _OUTSIDE.sub(r"\1", words)
    if name.endswith("settings.xml"):
        words = _PRINTER.sub(r"\1", words)
    told = _PERSON if _LISTS_OF_PEOPLE.fullmatch(name) else None
    if not (told or "absPath" in words or _TOLD.search(words)):
        return words  # a sheet of a hundred thousand rows has millions of tags

    def blank(tag: re.Match[str]) -> str:
        held = _TOLD.sub(r'\1""', tag[0])
        if "absPath" in held:
            held = _FOLDER.sub(r'\1""', held)
        return told.sub(r'\1""', held) if told else held

    return _TAG.sub(blank, words)
