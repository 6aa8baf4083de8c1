"""One ticket's record as plain values: what was written down, what was promised, and what followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Spoken:
    """Words of ours about a talk with the citizen, e.g. a note."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Record:
    """caller: the number that called, None where nobody called. others: further numbers that were written down.

    spoken: notes of ours. reached: when somebody of ours spoke with the citizen afterwards. answer: of a direct answer.
    """

    title: str
    body: str
    at: datetime
    place: str = ""
    area: str | None = None
    category: str | None = None
    request_type: str = "help"
    urgency: str = "normal"
    sealed: bool = False
    phone: str | None = None
    others: frozenset[str] = frozenset()
    caller: str | None = None
    spoken: tuple[Spoken, ...] = ()
    reached: tuple[datetime, ...] = ()
    answer: str | None = None
    by_agent: bool = True


@dataclass(frozen=True)
class Fault:
    """words: what it rests on, as it stands in the record; "" where something is missing. where: title, body, note or answer."""

    where: str
    words: str = ""
