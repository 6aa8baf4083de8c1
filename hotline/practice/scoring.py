"""A run against its key: one row an item, with what was wanted, what was done and its points; words are compared, nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

from hotline.city.practice.schema import SAID, TITLE, Key, Matter, Script, Words
from hotline.practice.talking import asked_of, words_of_agent

WRITTEN_IN = ("phone", "name", "body", "place", "title", "answer")


@dataclass(frozen=True)
class Filed:
    """A form as it was filled in. typed: field → what stands in it; unit, urgency, category, area, request_type: what the program
    makes of it, as it does with a ticket."""

    typed: Mapping[str, str]
    category: str = ""
    unit: str = ""
    urgency: str = "normal"
    area: str = ""
    request_type: str = ""
    asked: Mapping[str, str] | None = None

    @property
    def words(self) -> str:
        """Everything that was written down."""
        return "\n".join([*(self.typed.get(name, "") for name in WRITTEN_IN), *(self.asked or {}).values()])

    def written(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Score:
    """One item. what: the fact, question or deed it is about; wanted, got: codes or words; of: what it is worth; matter: 1 or 2."""

    item: str
    ok: bool
    of: int
    what: str = ""
    wanted: tuple[str, ...] = ()
    got: str = ""
    fatal: bool = False
    matter: int = 0

    def written(self) -> dict[str, Any]:
        return {**asdict(self), "wanted": list(self.wanted)}


@dataclass(frozen=True)
class Result:
    """points: 0–100. passed: enough of them, and nothing fatal."""

    points: float
    passed: bool
    scores: tuple[Score, ...]


def score(
    script: Script,
    done: str,
    to: str,
    said: Sequence[Mapping[str, Any]],
    filed: Sequence[Filed],
    rules: Mapping[str, int],
    mark: int,
) -> Result:
    """done: how the call ended; to: where it was put through. rules: item → points."""
    key = script.key
    rows = [*_way(key, done, to), *_talk(key, said), *_best(key, done, filed), *_never(key, said, filed)]
    weighed = tuple(_weighed(one, rules, key) for one in rows)
    possible = sum(one.of for one in weighed)
    points = round(100 * sum(one.of for one in weighed if one.ok) / possible, 1) if possible else 100.0
    return Result(points, points >= mark and not any(one.fatal and not one.ok for one in weighed), weighed)


def _weighed(one: Score, rules: Mapping[str, int], key: Key) -> Score:
    fatal = one.item in key.fatal or one.item == "never"
    return Score(one.item, one.ok, rules.get(one.item, 0), one.what, one.wanted, one.got, fatal, one.matter)


def _way(key: Key, done: str, to: str) -> Iterator[Score]:
    """How the call had to end, and where it had to be put through."""
    yield Score("end", done in key.ends, 0, wanted=key.ends, got=done)
    if key.ends == ("transfer",):
        yield Score("transfer", done == "transfer" and to == key.to, 0, wanted=(key.to,), got=to)
    elif done == "transfer":
        yield Score("transfer", "transfer" in key.ends and to == key.to, 0, wanted=(key.to,) if key.to else (), got=to)


def _talk(key: Key, said: Sequence[Mapping[str, Any]]) -> Iterator[Score]:
    put = asked_of(said)
    for code in key.asks:
        yield Score("asked", code in put, 0, what=code)


def _never(key: Key, said: Sequence[Mapping[str, Any]], filed: Sequence[Filed]) -> Iterator[Score]:
    spoken = words_of_agent(said)
    for rule in key.never:
        where = spoken if rule.spot == SAID else "\n".join(_spot(one, rule.spot) for one in filed)
        found = next((word for word in rule.any if word in where), "")
        yield Score("never", not found, 0, what=rule.what, got=found)


def _spot(one: Filed, spot: str) -> str:
    """A title that was left open is made of the first sentence."""
    if spot == TITLE:
        return one.typed.get("title", "") or one.typed.get("body", "")[:20]
    return "\n".join(one.typed.get(name, "") for name in WRITTEN_IN)


def _best(key: Key, done: str, filed: Sequence[Filed]) -> list[Score]:
    """Every form beside the matter it fits best; one that was not written loses its items, one too many is told."""
    if not key.matters or (done == "none" and "none" in key.ends):
        return []
    wanted, given = list(key.matters), list(filed)
    rows = (
        [Score("split", len(given) == len(wanted), 0, wanted=(str(len(wanted)),), got=str(len(given)))]
        if _counts(key, given)
        else []
    )
    given = [*given, *([None] * max(0, len(wanted) - len(given)))]  # type: ignore[list-item]
    orders = [
        [row for n, (matter, one) in enumerate(zip(wanted, order, strict=True), 1) for row in _matter(matter, one, n)]
        for order in permutations(given[: max(2, len(wanted))], len(wanted))
    ]
    return [*rows, *max(orders, key=lambda found: sum(one.ok for one in found))]


def _counts(key: Key, given: Sequence[Filed]) -> bool:
    """Splitting is an item where there are two matters, or where one was made two."""
    return len(key.matters) > 1 or len(given) > 1


def _matter(matter: Matter, one: Filed | None, n: int) -> Iterator[Score]:
    form = one or Filed({})
    yield from (
        Score(item, bool(got) and got in wanted, 0, wanted=wanted, got=got, matter=n)
        for item, wanted, got in (
            ("category", matter.categories, form.category),
            ("unit", matter.units, form.unit),
            ("urgency", matter.urgency, form.urgency if one else ""),
            ("area", (matter.area,) if matter.area else (), form.area),
            ("privacy", matter.privacy, form.typed.get("privacy", "")),
            ("type", matter.types, form.request_type),
        )
        if wanted
    )
    if matter.place:
        place = "\n".join(form.typed.get(name, "") for name in ("place", "body", "title"))
        yield Score("place", _has(matter.place, place), 0, wanted=matter.place, matter=n)
    yield from (_fact(fact, form, n) for fact in matter.facts)


def _fact(fact: Words, form: Filed, n: int) -> Score:
    return Score("facts", _has(fact.any, form.words), 0, what=fact.what, wanted=fact.any[:1], matter=n)


def _has(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)
