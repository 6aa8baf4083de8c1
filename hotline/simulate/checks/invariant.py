"""The list of invariants, and how they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.settings import Settings

SHOWN = 5


@dataclass(frozen=True)
class Seen:
    """What an invariant is looked at in."""

    db: Session
    city: City
    settings: Settings
    now: datetime

    def rows(self, statement: Any) -> Iterable[str]:
        """The rows that a statement finds, each as the words that name it."""
        for row in self.db.execute(statement):
            yield " ".join(str(value) for value in row)


@dataclass(frozen=True)
class Invariant:
    name: str
    sentence: str
    breaks: Callable[[Seen], Iterable[str]]


@dataclass(frozen=True)
class Broken:
    """invariant: which one does not hold. rows: the first of those that break it."""

    invariant: Invariant
    rows: tuple[str, ...]


INVARIANTS: list[Invariant] = []


def holds(sentence: str) -> Callable[[Callable[[Seen], Iterable[str]]], Callable[[Seen], Iterable[str]]]:
    """Put a function on the list; it gives the rows that break what the sentence says."""

    def note(breaks: Callable[[Seen], Iterable[str]]) -> Callable[[Seen], Iterable[str]]:
        INVARIANTS.append(Invariant(breaks.__name__, sentence, breaks))
        return breaks

    return note


def look(seen: Seen) -> list[Broken]:
    """Every invariant that does not hold."""
    found = [Broken(one, tuple(islice(one.breaks(seen), SHOWN))) for one in INVARIANTS]
    return [one for one in found if one.rows]
