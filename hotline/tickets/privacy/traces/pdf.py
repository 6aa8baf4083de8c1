"""A PDF without its author: written anew by qpdf, with neither properties nor earlier states, and with nobody's name beside a note."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pikepdf import Array, DataDecodingError, Dictionary, ForeignObjectError, Name, Object, Pdf, PdfError, Stream

from hotline.tickets.privacy.picture_metadata import without_metadata
from hotline.tickets.privacy.traces.packed import Untold

TOLD = (Name.Metadata, Name.PieceInfo, Name.LastModified)
"""Keys of any part under which programs write who made it, and when."""

NOTES = frozenset({
    "/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Ink", "/Stamp", "/Popup", "/Caret", "/Line",
    "/Square", "/Circle", "/Polygon", "/PolyLine", "/FileAttachment", "/Sound", "/Redact",
})  # fmt: skip
"""Kinds of remarks whose /T is who wrote them; of a field in a form it is the field's name, which stays."""


def pdf_without_author(file: bytes) -> bytes:
    """The same pages. Raises Untold for one that is signed or locked, and one of which no page can be read."""
    made = io.BytesIO()
    try:
        with Pdf.open(io.BytesIO(file)) as pdf:
            if pdf.is_encrypted or not pdf.pages:
                raise Untold("locked or empty")
            _forget_maker(pdf)
            pdf.save(made, deterministic_id=True)
    except (PdfError, DataDecodingError, ForeignObjectError, RuntimeError, TypeError, ValueError) as error:
        raise Untold(type(error).__name__) from error
    return made.getvalue()


def _forget_maker(pdf: Pdf) -> None:
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    for part in pdf.objects:
        for told in _dictionaries(part):
            _forget(told)
        if isinstance(part, Stream) and part.get(Name.Filter) == Name.DCTDecode:
            _clean_picture(part)


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


def _clean_picture(picture: Stream) -> None:
    """A photograph in a page is a JPEG with all that the camera wrote."""
    before = picture.read_raw_bytes()
    after = without_metadata(before)
    if after != before:
        picture.write(after, filter=Name.DCTDecode)
