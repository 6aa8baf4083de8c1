"""What is known about a matter when it is routed: plain values, nothing looked up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """category: a code, None while undecided. area, town: codes of the city's files; street, road, community: names.

    words: the keywords the classifier saw, for the record; rules look into `text`.
    """

    text: str = ""
    category: str | None = None
    request_type: str = "help"
    urgency: str = "normal"
    area: str | None = None
    street: str | None = None
    community: str | None = None
    channel: str = "call"
    words: tuple[str, ...] = ()
    town: str | None = None
    road: str | None = None
