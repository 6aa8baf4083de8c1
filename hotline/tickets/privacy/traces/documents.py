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

_ATTRIBUTES = (
    "author|initials|lastModifiedBy|userName|userId|displayName|providerId|lastEditedBy|modifiedBy"
    "|creator-initials|sender-initials|editedBy|userInitials|lastAuthor"
)
_TOLD = re.compile(rf"""([\s:](?:{_ATTRIBUTES})\s*=\s*)("[^"]*"|'[^']*')""")
_FOLDER = re.compile(r"""(absPath\b[^>]*?\surl\s*=\s*)("[^"]*"|'[^']*')""")
_NAMED = re.compile(r"""([\s:](?:name|initials)\s*=\s*)("[^"]*"|'[^']*')""")
_ELEMENTS = re.compile(
    r"(<((?:[\w.-]+:)?(?:author|creator|creator-initials|sender-initials|lastModifiedBy))(?:\s[^<>]*)?>)[^<]*(</\2\s*>)"
)
_LISTS_OF_PEOPLE = re.compile(r"ppt/(?:commentauthors|authors)[^/]*\.xml", re.I)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".jfif")
_XML = (".xml", ".rels", ".vml")


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
    words = _FOLDER.sub(r'\1""', _TOLD.sub(r'\1""', _ELEMENTS.sub(r"\1\3", words)))
    return _NAMED.sub(r'\1""', words) if _LISTS_OF_PEOPLE.fullmatch(name) else words


def _rtf_without(file: bytes, opening: bytes) -> bytes:
    at = file.find(opening)
    while at >= 0:
        file = file[:at] + file[_closes(file, at) :]
        at = file.find(opening, at)
    return file


def _closes(file: bytes, at: int) -> int:
    """Behind the brace that closes the group. Raises Untold when there is none."""
    depth = 0
    for found in re.finditer(rb"\\[\\{}]|[{}]", file[at:]):
        depth += {b"{": 1, b"}": -1}.get(found[0], 0)
        if depth == 0:
            return at + found.end()
    raise Untold("torn")
