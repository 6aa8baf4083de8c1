"""Word, Excel, PowerPoint and OpenDocument files without their authors: properties, comments, tracked changes, people and pictures.

The words of the document stay; who wrote, changed, commented and printed it goes, and so does the folder in which it lay.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hotline.tickets.privacy.picture_metadata import without_metadata
from hotline.tickets.privacy.traces.packed import Untold, rewritten

SIGNED = ("_xmlsignatures/", "META-INF/documentsignatures.xml")
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
EMPTY = {
    "docprops/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_CORE}"/>',
    "docprops/app.xml": f'{_HEAD}<Properties xmlns="{_PROPERTIES}/extended-properties"/>',
    "docprops/custom.xml": f'{_HEAD}<Properties xmlns="{_PROPERTIES}/custom-properties"/>',
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
_LISTS_OF_PEOPLE = re.compile(r"(?:ppt/(?:commentauthors|authors)|word/people|xl/persons/)[^/]*\.xml")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".jfif")
_XML = (".xml", ".rels", ".vml")
_BRACES = re.compile(rb"\\[\\{}]|[{}]")


def without_author(file: bytes) -> bytes:
    """The document without who made it. Raises Untold for one that is signed: a changed one would be no document any more."""
    return rewritten(file, _part)


def rtf_without_author(file: bytes) -> bytes:
    """RTF tells all of it in one group, and authors of tracked changes in a table."""
    held = _rtf_without(file, b"{\\info")
    return _rtf_without(_rtf_without(held, b"{\\*\\revtbl"), b"{\\*\\userprops")


def _part(name: str, body: bytes) -> bytes:
    low = name.lower()
    if low.startswith(SIGNED[0]) or low == SIGNED[1].lower():
        raise Untold("signed")
    if low in EMPTY:
        return EMPTY[low].encode()
    if low.endswith(_PICTURES):
        return without_metadata(body)
    if low.endswith(_XML):
        return _in_words(body, lambda words: _unnamed(low, words))
    return body


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
    told = _PERSON if _LISTS_OF_PEOPLE.fullmatch(name) else None
    if not (told or "absPath" in words or _TOLD.search(words)):
        return words  # a sheet of a hundred thousand rows has millions of tags

    def blank(tag: re.Match[str]) -> str:
        held = _TOLD.sub(r'\1""', tag[0])
        if "absPath" in held:
            held = _FOLDER.sub(r'\1""', held)
        return told.sub(r'\1""', held) if told else held

    return _TAG.sub(blank, words)


def _rtf_without(file: bytes, opening: bytes) -> bytes:
    kept, done = [], 0
    while (at := file.find(opening, done)) >= 0:
        kept.append(file[done:at])
        done = _closes(file, at)
    return b"".join([*kept, file[done:]])


def _closes(file: bytes, at: int) -> int:
    """Behind the brace that closes the group. Raises Untold when there is none."""
    depth = 0
    for found in _BRACES.finditer(file, at):
        depth += {b"{": 1, b"}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise Untold("torn")
