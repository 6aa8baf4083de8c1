"""Where the words looked for stand: marked in the masked title, and in a masked piece of the citizen's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from classifier.text.masking.mask import mask
from classifier.text.normalise import Placed, placed
from hotline.tickets.search import full_text

Hide = Callable[[str], str]
BEFORE, AFTER, MARGIN = 14, 44, 24
"""Characters shown before and after the first word, and read beyond them so that masking sees whole numbers and names."""


def parts_of(words: str) -> list[str]:
    """The parts of the question as they stand in folded texts, longest first, each once."""
    return sorted(dict.fromkeys(full_text.fold(words).split()[: full_text.MOST_PARTS]), key=len, reverse=True)


def folded(text: str) -> str:
    """One writing for question and text, sign for sign where that can be: 梅園莊 and 梅园庄 are one word."""
    return _placed(text).text


def marked(text: str, parts: Sequence[str]) -> Markup:
    """A text with every part of the question marked; text must be masked already, and is escaped here."""
    if not parts:
        return escape(text)
    read, told, at = _placed(text), Markup(""), 0
    for found in re.finditer("|".join(re.escape(part) for part in parts), read.text):
        start, end = read.span(*found.span())
        if start >= at:
            told += escape(text[at:start]) + Markup("<mark>{}</mark>").format(text[start:end])
            at = end
    return told + escape(text[at:])


def snippet(title: str, written: str, parts: Sequence[str], hide: Hide = mask) -> Markup | None:
    """The piece of the words around what the title does not show. None when the title says it all, or masking hides it."""
    low, missing = folded(title), ""
    for part in parts:
        if part not in low:
            missing = part
            break
    read = _placed(written)
    at = read.text.find(missing) if missing else -1
    return _around(written, read.span(at, at + len(missing))[0], missing, parts, hide) if at >= 0 else None


def _placed(text: str) -> Placed:
    """The folded text that knows its places; small letters only where they are as long as the large ones."""
    read = placed(text)
    small = read.text.casefold()
    return replace(read, text=small if len(small) == len(read.text) else read.text.lower())


def _around(written: str, at: int, part: str, parts: Sequence[str], hide: Hide) -> Markup | None:
    """Masked before it is cut, so that no half of a telephone number is left standing at an edge."""
    start = max(at - BEFORE - MARGIN, 0)
    read = hide(" ".join(written[start : at + len(part) + AFTER + MARGIN].split()))
    found = folded(read).find(part)
    if found < 0:
        return None
    first = 0 if start == 0 and found <= BEFORE + MARGIN else max(found - BEFORE, 0)
    piece = read[first : found + len(part) + AFTER]
    return Markup("{}{}{}").format(
        "…" if start or first else "", marked(piece, parts), "…" if first + len(piece) < len(read) else ""
    )


def snippets(
    titles: Mapping[int, str], written: Mapping[int, str], parts: Sequence[str], hide: Hide = mask
) -> dict[int, Markup]:
    """Ticket id → its piece, for the tickets of one page."""
    found = {one: snippet(title, written.get(one, ""), parts, hide) for one, title in titles.items()} if parts else {}
    return {one: piece for one, piece in found.items() if piece is not None}
