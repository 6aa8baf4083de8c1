"""A PDF without its author: written anew by qpdf, with neither properties nor earlier states, and with nobody's name beside a note."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator

from pikepdf import Array, DataDecodingError, Dictionary, ForeignObjectError, Name, Object, Pdf, PdfError, Stream

from hotline.tickets.privacy.traces.packed import LONGEST_PART, Room, Untold
from hotline.tickets.privacy.traces.pictures import without_metadata

Inside = Callable[[bytes, Room], bytes]
TOLD = (Name.Metadata, Name.PieceInfo, Name.LastModified)
"""Keys of any part under which programs write who made it, and when."""

NOTES = frozenset({
    "/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Ink", "/Stamp", "/Popup", "/Caret", "/Line",
    "/Square", "/Circle", "/Polygon", "/PolyLine", "/FileAttachment", "/Sound", "/Redact",
})  # fmt: skip
"""Kinds of remarks whose /T is who wrote them; of a field in a form it is the field's name, which stays."""


def rewritten_pdf(file: bytes, room: Room, inside: Inside) -> bytes:
    """The same pages; inside: what is done to the files it carries. Raises Untold for what is signed, locked, or has no page."""
    made = io.BytesIO()
    try:
        with Pdf.open(io.BytesIO(file)) as pdf:
            if pdf.is_encrypted or not pdf.pages:
                raise Untold("locked or empty")
            _forget_maker(pdf, room, inside)
            pdf.save(made, deterministic_id=True)
    except (PdfError, zlib.error, DataDecodingError, ForeignObjectError, RuntimeError, TypeError, ValueError) as error:
        raise Untold(type(error).__name__) from error
    return made.getvalue()


def _forget_maker(pdf: Pdf, room: Room, inside: Inside) -> None:
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    for part in pdf.objects:
        for told in _dictionaries(part):
            _forget(told)
            for attached in _attached(told):
                _clean_attached(attached, room, inside)
        if isinstance(part, Stream):
            _clean_picture(part, room)


def _dictionaries(part: Object) -> Iterator[Object]:
    """The part itself and what lies in it unnumbered: remarks stand in lists of a page, too."""
    waiting = [part]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Dictionary | Stream):
            yield one
            waiting += [held for _key, held in one.items() if _is_inside(held)]
        elif isinstance(one, Array):
            waiting += [held for held in one if isinstance(held, Object) and _is_inside(held)]


def _is_inside(held: Object) -> bool:
    return isinstance(held, Dictionary | Array) and not held.is_indirect


def _forget(told: Object) -> None:
    if Name.ByteRange in told:
        raise Untold("signed")
    for key in TOLD:
        if key in told:
            del told[key]
    if str(told.get(Name.Subtype)) in NOTES and Name.T in told:
        del told[Name.T]


def _attached(told: Object) -> Iterator[Object]:
    """Files that a document carries, in each of the names that may lead to one."""
    held = told.get(Name.EF)
    if isinstance(held, Dictionary):
        yield from (one for _key, one in held.items() if isinstance(one, Stream))


def _clean_attached(attached: Object, room: Room, inside: Inside) -> None:
    before = _unpacked(attached, _filters(attached), room)
    if Name.Params in attached:
        del attached[Name.Params]
    after = inside(before, room)
    if after != before:
        attached.write(after)


def _clean_picture(picture: Object, room: Room) -> None:
    """A photograph in a page is a JPEG, or one packed once more, with all that the camera wrote; or JPEG 2000 likewise."""
    filters = _filters(picture)
    if not filters or filters[-1] not in (Name.DCTDecode, Name.JPXDecode):
        return
    before = _unpacked(picture, filters[:-1], room)
    after = without_metadata(before)
    if after != before or filters[:-1]:
        picture.write(after, filter=Name(str(filters[-1])))


def _filters(stream: Object) -> list[Object]:
    found = stream.get(Name.Filter)
    return list(found) if isinstance(found, Array) else [found] if found is not None else []


def _unpacked(stream: Object, filters: list[Object], room: Room) -> bytes:
    """No more than there is room for: a small stream may unpack to a disk. Raises Untold for what is packed in another way."""
    held = stream.read_raw_bytes()
    if filters == [Name.FlateDecode] and Name.DecodeParms not in stream:
        unpack = zlib.decompressobj()
        held = unpack.decompress(held, LONGEST_PART)
        room.take(len(held) + bool(unpack.unconsumed_tail) * LONGEST_PART)
    elif filters:
        raise Untold("packed otherwise")
    return held
