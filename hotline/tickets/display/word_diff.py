"""What a new text says otherwise than the old one, word by word, so that nobody compares two rounds by eye."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from classifier.text.words import cut

LONGEST = 6000
"""Characters of each text that are compared: longer ones cost seconds."""


@dataclass(frozen=True)
class Piece:
    """kind: same, new or gone."""

    kind: str
    text: str


@dataclass(frozen=True)
class PartDiff:
    """One part of the form in both rounds. label: a word for people, in no language yet."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        return all(piece.kind == "same" for piece in self.pieces)


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The new text with what is new and what is gone, in the order of reading; joined, `same` and `new` are the new text."""
    before, now = _words(old[:LONGEST]), _words(new[:LONGEST])
    return tuple(_joined(_pieces(before, now))) + ((Piece("same", new[LONGEST:]),) if new[LONGEST:] else ())


def _words(text: str) -> list[str]:
    """The words of a text and whatever stands between them; joined they are the text itself."""
    found: list[str] = []
    at = 0
    for word in cut(text):
        start = text.find(word, at)
        if start < 0:
            continue
        found += [*text[at:start], word]
        at = start + len(word)
    return [*found, *text[at:]]


def _pieces(before: list[str], now: list[str]) -> Iterator[Piece]:
    for deed, a, b, c, d in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if deed == "equal":
            yield Piece("same", "".join(now[c:d]))
            continue
        yield Piece("gone", "".join(before[a:b]))
        yield Piece("new", "".join(now[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.text)
