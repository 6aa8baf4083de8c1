"""Where the words looked for stand: marked in the masked title, and in a masked piece of the citizen's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup, escape

from classifier.text.mask import mask

Hide = Callable[[str], str]
BEFORE, AFTER, MARGIN = 14, 44, 24
"""Characters shown before and after the first word, and read beyond them so that masking sees whole numbers and names."""


def parts_of(words: str) -> list[str]:
    """The blank-separated parts, longest first, each once."""
    return sorted(dict.fromkeys(words.lower().split()[:8]), key=len, reverse=True)


def marked(text: str, parts: Sequence[str]) -> Markup:
    """A text with every part of the question marked; text must be masked already, and is escaped here."""
    if not parts:
        return escape(text)
    pieces = re.split(f"({'|'.join(re.escape(part) for part in parts)})", text, flags=re.I)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if n % 2 else escape(piece) for n, piece in enumerate(pieces)
    )


def snippet(title: str, written: str, parts: Sequence[str], hide: Hide = mask) -> Markup | None:
    """The piece of the words around what the title does not show. None when the title says it all, or masking hides it."""
    low, missing = title.lower(), ""
    for part in parts:
        if part not in low:
            missing = part
            break
    at = written.lower().find(missing) if missing else -1
    return _around(written, at, missing, parts, hide) if at >= 0 else None


def _around(written: str, at: int, part: str, parts: Sequence[str], hide: Hide) -> Markup | None:
    """Masked before it is cut, so that no half of a telephone number is left standing at an edge."""
    start = max(at - BEFORE - MARGIN, 0)
    read = hide(" ".join(written[start : at + len(part) + AFTER + MARGIN].split()))
    found = read.lower().find(part)
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
