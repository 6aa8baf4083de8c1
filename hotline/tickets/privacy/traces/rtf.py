"""RTF without its author: information, lists of users, writers of remarks, the folder of its template, and what cameras wrote."""

from __future__ import annotations

import binascii
import re

from hotline.tickets.privacy.traces.packed import Untold
from hotline.tickets.privacy.traces.pictures import without_metadata

_GROUPS = re.compile(
    rb"\{\s*(?:\\\*\s*)?\\(?:info|revtbl|userprops|atnauthor|atnid|template|protusertbl|xmlnstbl|mailmerge|factoidname)(?![a-z])"
)
_BRACES = re.compile(rb"\\[\\{}]|[{}]")
_BINARY = re.compile(rb"\\(?:objdata|bin\d)")
"""An object of another program, and raw bytes, among which a brace is none."""
_PICTURE = re.compile(rb"(\\(?:jpegblip|pngblip)(?![a-z])[^{}]{0,2000}?[\s}])((?:[0-9A-Fa-f]{2}\s*){64,})")


def rtf_without_author(file: bytes) -> bytes:
    """The same words. Raises Untold for one that holds an object of another program, or does not close what it opens."""
    if _BINARY.search(file):
        raise Untold("objects")
    kept, done = [], 0
    for found in _GROUPS.finditer(file):
        if found.start() >= done:
            kept.append(file[done : found.start()])
            done = _closes(file, found.start())
    return _PICTURE.sub(_clean_picture, b"".join([*kept, file[done:]]))


def _closes(file: bytes, at: int) -> int:
    """Behind the brace that closes the group. Raises Untold when there is none."""
    depth = 0
    for found in _BRACES.finditer(file, at):
        depth += {b"{": 1, b"}": -1}.get(found[0], 0)
        if depth == 0:
            return found.end()
    raise Untold("torn")


def _clean_picture(found: re.Match[bytes]) -> bytes:
    picture = binascii.unhexlify(b"".join(found[2].split()))
    return found[1] + binascii.hexlify(without_metadata(picture))
