"""Whether a page's own sentences are all shown in the language asked for."""

from __future__ import annotations

from babel.messages.pofile import read_po

from tests.support.repository import ROOT

SHORTEST = 5
"""Shorter sentences are words that a citizen may have written, too."""


def still_chinese(page: str, *catalogues: str) -> list[str]:
    """The sentences of these catalogues that stand in the page untranslated."""
    found: list[str] = []
    for name in catalogues:
        with (ROOT / "hotline" / "locale" / "en" / "LC_MESSAGES" / f"{name}.po").open("rb") as file:
            ids = [str(one.id) for one in read_po(file, locale="en") if one.id]
        found += [one for one in ids if len(one) >= SHORTEST and "%(" not in one and one in page]
    return found
