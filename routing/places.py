"""From words to places: which area, street, community or landmark a text names, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

KINDS = ("area", "town", "road", "community", "landmark")
# In a conflict the finer name decides: people err more often about their district than about their housing estate.
FINEST_FIRST = ("community", "landmark", "town", "road")


class PlaceEntry(NamedTuple):
    """One name of one place. kind: one of KINDS. area: its code. town: code of the town unit it lies in, if known."""

    kind: str
    name: str
    area: str
    town: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """area, town: codes. street: the town's or street office's name, else the road's. words: the names as found.

    sure: everything found agrees on one area. candidates: the areas possible when it does not.
    """

    area: str | None = None
    street: str | None = None
    community: str | None = None
    landmark: str | None = None
    words: tuple[str, ...] = ()
    sure: bool = False
    town: str | None = None
    road: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """Thousands of names, found in a text in one pass: at each character, the longest name that starts there."""

    entries: tuple[PlaceEntry, ...] = ()
    _names: dict[str, tuple[PlaceEntry, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _lengths: dict[str, tuple[int, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _starts: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _towns: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            for name in (entry.name, *entry.aliases):
                if len(name) < 2:
                    raise ValueError(f"a place name needs two characters: {name!r}")
                self._names[name] = (*self._names.get(name, ()), entry)
            if entry.kind == "town" and entry.town:
                self._towns[entry.town] = entry.name
        for name in sorted(self._names, key=len, reverse=True):
            known = self._lengths.get(name[:2], ())
            self._lengths[name[:2]] = known if len(name) in known else (*known, len(name))
        object.__setattr__(self, "_starts", _starts(self._lengths))

    def matches(self, text: str) -> Iterator[tuple[str, tuple[PlaceEntry, ...]]]:
        """Each name in the order of the text, with all the places that bear it."""
        free = 0
        for found in self._starts.finditer(text):
            at = found.start()
            for length in self._lengths.get(text[at : at + 2], ()) if at >= free else ():
                if entries := self._names.get(text[at : at + length]):
                    yield text[at : at + length], entries
                    free = at + length
                    break

    def find(self, text: str) -> Place:
        """The place a text tells of: an area it names settles an ambiguous street; a contradiction is never sure."""
        found = list(self.matches(text))
        if not found:
            return Place()
        words = tuple(dict.fromkeys(word for word, _ in found))
        groups = [entries for _, entries in found]
        areas, sure = _areas(groups)
        area = areas[0] if len(areas) == 1 or (areas and not sure and _named(groups)) else None
        return self._place(area, sure and area is not None, words, groups, areas)

    def _place(
        self,
        area: str | None,
        sure: bool,
        words: tuple[str, ...],
        groups: list[tuple[PlaceEntry, ...]],
        areas: list[str],
    ) -> Place:
        first: dict[str, PlaceEntry] = {}
        for entry in (entry for group in groups for entry in group):
            if area is None or entry.area == area:
                first.setdefault(entry.kind, entry)
        names = {kind: entry.name for kind, entry in first.items()}
        town = _town(first) if area else None
        return Place(
            area=area,
            street=self._towns.get(town or "", names.get("town", names.get("road"))),
            community=names.get("community"),
            landmark=names.get("landmark"),
            words=words,
            sure=sure,
            town=town,
            road=names.get("road"),
            candidates=() if sure else tuple(areas),
        )


def _starts(pairs: Iterable[str]) -> re.Pattern[str]:
    """Where a name may start: its first character followed by a second one, so that most of a text is skipped."""
    first, second = ("".join(sorted({re.escape(pair[place]) for pair in pairs})) for place in (0, 1))
    return re.compile(f"[{first}](?=[{second}])" if first else r"(?!)")


def _named(groups: list[tuple[PlaceEntry, ...]]) -> list[str]:
    """The areas the text names outright, in order."""
    return list(dict.fromkeys(entry.area for group in groups for entry in group if entry.kind == "area"))


def _areas(groups: list[tuple[PlaceEntry, ...]]) -> tuple[list[str], bool]:
    """The areas left, best first, and whether everything agrees on exactly one."""
    named = _named(groups)
    hints = [(group[0].kind, {entry.area for entry in group}) for group in groups if group[0].kind != "area"]
    left = set(named) or set().union(*(areas for _, areas in hints))
    agreed = left.intersection(*(areas for kind, areas in hints if not _is_common(kind, areas)))
    for _kind, areas in (hint for hint in hints if _is_common(*hint)):
        agreed = agreed & areas or agreed
    if len(agreed) == 1:
        return list(agreed), True
    if agreed:
        return [area for area in named if area in agreed] or sorted(agreed), False
    for kind in FINEST_FIRST:
        for areas in (areas for each, areas in hints if each == kind and len(areas) == 1):
            return list(areas), False
    return named or sorted(left), False


def _is_common(kind: str, areas: set[str]) -> bool:
    """A village whose name is borne in several districts: one more may bear it, so that it narrows and never contradicts."""
    return kind == "community" and len(areas) > 1


def _town(first: dict[str, PlaceEntry]) -> str | None:
    """The town named, or the one in which the found community or landmark lies."""
    return next(
        (first[kind].town for kind in ("town", "community", "landmark", "road") if kind in first and first[kind].town),
        None,
    )
