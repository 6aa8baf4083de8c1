"""What is folded: every definition by its source, and how the class of a row under each of them is written in one word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hotline.metrics.definitions import CALLS, CONTACTS, Definition, Source
from hotline.metrics.evidence import EVIDENCE
from hotline.metrics.quality import QUALITY
from hotline.metrics.timeliness import TIMELINESS

SIGNS = {"hit": "h", "partly": "p", "miss": "m", **{f"x{n}": str(n) for n in range(10)}}
NAMES = {sign: name for name, sign in SIGNS.items()}
NOTHING = "-"
"""The row does not concern this definition."""


def by_source(definitions: Iterable[Definition]) -> Mapping[Source, list[Definition]]:
    found: dict[Source, list[Definition]] = {}
    for one in definitions:
        found.setdefault(one.source, []).append(one)
    return found


DEFINITIONS: dict[str, Definition] = {one.key: one for one in (*TIMELINESS, *QUALITY, *EVIDENCE)}
SOURCES = by_source((*DEFINITIONS.values(), CONTACTS))
OF_TICKETS = {source: held for source, held in SOURCES.items() if source is not CALLS}
BY_NAME = {source.name: source for source in SOURCES}


def written(classes: Sequence[str | None]) -> str:
    """The classes of one row, a sign for each definition of its source."""
    return "".join(SIGNS[name] if name is not None else NOTHING for name in classes)


def read(source: Source, classes: str) -> Iterator[tuple[str, str]]:
    """(definition, class) for each definition that the row concerns."""
    for one, sign in zip(SOURCES[source], classes, strict=True):
        if sign != NOTHING:
            yield one.key, NAMES[sign]
