"""The same matter told again in other words, among a hundred thousand tickets open and closed, by the path that pages take."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from classifier.evidence.exact_place import exact_place
from classifier.nearness import SAME, cosines
from classifier.suggestion import Classifier
from classifier.text.pinyin import sounded
from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.city.sync import sync
from hotline.evidence.places import place_told
from hotline.intake.duplicates import Sought, kinds_of, likely_duplicates
from hotline.settings import ROOT
from hotline.tickets.roles import SYSTEM
from hotline.tickets.search.full_text import create_search
from models import ExactSpot, Ticket, TicketText, make_engine, make_sessions
from models.store.migrate import upgrade
from tests.support.planted.matters import BY_HAND, TOLD, PlantedMatter, dressed, others, place_names, planted
from tests.support.services import make_keys, with_keys

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
AT_ONCE = 5_000


@dataclass(frozen=True)
class Found:
    """precision, recall and F0.5 of the pairs called the same; ms: processor time of each search, the median and the 95th percentile.

    recall: of matters whose planted ticket is among those that the page shows; of_any: of which any ticket is, since others
    may have told it too. missed, wrong: of the former the tellings whose ticket was not found, and pairs that were falsely called
    the same.
    """

    precision: float
    recall: float
    f_half: float
    ms: float
    ms_p95: float
    of_any: float = 0.0
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def measure(
    classifier: Classifier, count: int = 100_000, matters: int = 500, seed: int = 11
) -> tuple[Found, Found, Found]:
    """(planted, by hand, planted by the plain comparison of words): a fresh database of so many tickets.

    Half of what is asked was told before; the other half tells of another matter at a place where something was told. Called
    the same is right for a ticket of the same place and kind: others may have told it too.
    """
    city = load_city(ROOT / "hotline" / "city" / "anyang")
    chance = random.Random(seed)
    places = place_names(min(4_000, 4 * matters), chance)
    told = [*planted(places[:matters], seed)]
    hand = [PlantedMatter(*row) for row in BY_HAND]
    rest = [*others(places, count - matters - len(hand), seed + 1)]
    before = [*((one.category, one.first) for one in (*told, *hand)), *rest]
    absent = [_absent(place, one, chance) for place, one in zip(places[:matters], told, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        engine = with_keys(make_engine(f"sqlite:///{Path(folder) / 'bench.db'}"))
        upgrade(engine, (create_search, make_keys))
        with make_sessions(engine)() as db:
            sync(db, city, NOW)
            db.commit()
            _fill(db, city, before)
            ours = _score(db, city, classifier, before, told, absent)
            mine = _score(db, city, classifier, before, hand, [], first=matters)
        engine.dispose()
    return ours, mine, _plain(told, rest[:2_000])


def _absent(place: str, one: PlantedMatter, chance: random.Random) -> PlantedMatter:
    """Another matter at the same place."""
    category = chance.choice([code for code in TOLD if code != one.category])
    return PlantedMatter(category, "", dressed(chance.choice(TOLD[category][1]), place, chance))


def _fill(db: Session, city: City, before: Sequence[tuple[str, str]]) -> None:
    for at in range(0, len(before), AT_ONCE):
        rows = list(_rows(city, before[at : at + AT_ONCE], at))
        for table, part in ((Ticket, 0), (TicketText, 1), (ExactSpot, 2)):
            db.execute(insert(table), [row[part] for row in rows])
        db.commit()


def _rows(city: City, before: Sequence[tuple[str, str]], at: int) -> Iterator[tuple[dict[str, Any], ...]]:
    """Ticket, text and place of each; every third is closed, and they lie within the last 300 days."""
    for n, (category, words) in enumerate(before, at + 1):
        created = NOW - timedelta(hours=1 + (n * 7919) % 7200)
        state = "closed" if n % 3 == 0 else "handling"
        place = place_told(city, "", words)
        ticket = {"id": n, "number": f"T{n:09d}", "query_code": "000000", "state": state, "channel": "web"}
        ticket |= {"title": words[:40], "request_type": "help", "category_code": category}
        yield (
            {**ticket, "created_at": created, "moved_at": created},
            {"ticket_id": n, "body": words, "extra": {}},
            {
                "ticket_id": n,
                "key": place.key,
                "sound": sounded(place.key),
                "fine": place.fine,
                "houses": " ".join(sorted(place.houses)),
            },
        )


def _score(
    db: Session,
    city: City,
    classifier: Classifier,
    before: Sequence[tuple[str, str]],
    told: Sequence[PlantedMatter],
    absent: Sequence[PlantedMatter],
    first: int = 0,
) -> Found:
    hits = of_any = right = 0
    wrong: list[str] = []
    missed: list[str] = []
    times = []
    for n, one in enumerate([*told, *absent]):
        started = process_time()
        ranked = [(each.code, each.p) for each in classifier.suggest(one.again).ranked]
        sought = Sought(one.again, categories=tuple(code for code, _p in ranked[:2]), kinds=kinds_of(ranked))
        found = likely_duplicates(db, city, SYSTEM, sought, NOW, closed=True)
        times.append((process_time() - started) * 1000)
        same = {each.ticket.id: _is_right(before[each.ticket.id - 1], one) for each in found if each.same}
        right += sum(same.values())
        wrong += [f"{one.again} = {before[number - 1][1]}" for number, alike in same.items() if not alike]
        if n < len(told):
            hits, of_any = hits + (first + n + 1 in same), of_any + any(same.values())
            others_ = f"{sum(same.values())} others of its place and kind found"
            missed += [f"{one.again} = {one.first} ({others_})"] if first + n + 1 not in same else []
    precision, recall = right / max(right + len(wrong), 1), hits / len(told)
    f_half = 1.25 * precision * recall / max(0.25 * precision + recall, 1e-9)
    quantiles = statistics.quantiles(times, n=20)
    return Found(
        precision, recall, f_half, statistics.median(times), quantiles[18], of_any / len(told), (*missed,), (*wrong,)
    )


def _is_right(ticket: tuple[str, str], asked: PlantedMatter) -> bool:
    spots = [exact_place("", words).key for words in (ticket[1], asked.again)]
    return ticket[0] == asked.category and sounded(spots[0]) == sounded(spots[1])


def _plain(told: Sequence[PlantedMatter], rest: Sequence[tuple[str, str]]) -> Found:
    """The likeness of letters alone, above the line that is called the same message."""
    first = [one.first for one in told] + [words for _category, words in rest]
    hits = found = 0
    for n, one in enumerate(told):
        near = [at for at, score in enumerate(cosines([one.again, *first])) if score >= SAME]
        hits, found = hits + (n in near), found + len(near)
    precision, recall = hits / max(found, 1), hits / len(told)
    return Found(precision, recall, 1.25 * precision * recall / max(0.25 * precision + recall, 1e-9), 0.0, 0.0)
