"""The book of a city: so many matters, each with its way, its hour of the week and how often it comes; drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from hotline.city.policy import Policy
from hotline.city.schema import Category, City
from hotline.demo.matter import Matter
from hotline.simulate import rates, words
from hotline.simulate.courses import WAYS, Way

DAY, WEEK = 24 * 60, 7 * 24 * 60
OF_UNITS = ((8 * 60 + 40, 10 * 60 + 35), (14 * 60 + 40, 16 * 60 + 35))
"""Minutes of the day at which a matter can be told so that the unit's first steps fall into the same half day."""

AFTER_WEEKS = {"again": 3}
"""A matter that comes back begins so many weeks after the first."""

LOOSE = 25
"""By so many minutes a matter that no unit works on may begin earlier or later."""

SIZE = 1000


@dataclass(frozen=True)
class Family:
    """What is told together: mostly one matter, sometimes two that belong to each other.

    minute: of the week, local time, Monday is 0. loose: by how many minutes it can begin earlier or later.
    weight: how often it comes, beside the others. storm: it comes only in bursts.
    """

    number: int
    way: Way
    matters: tuple[Matter, ...]
    minute: int
    loose: int
    weight: float
    road: str
    storm: bool = False


def book_of(city: City, seed: int, size: int = SIZE) -> tuple[Family, ...]:
    """The same seed, the same book."""
    roads = words.roads_of(city)
    categories = [one for one in city.categories.values() if one.words and not one.safety and city.sends_to(one.lead)]
    weights = list(accumulate(rates.BY_CATEGORY.get(one.code[:2], 1.0) for one in categories))
    made = [_family(seed, number, categories, weights, roads, city.policy) for number in range(size)]
    storms = [_storm(seed, size + number, categories, roads) for number in range(rates.STORMS_A_YEAR)]
    return (*made, *storms)


def _family(
    seed: int,
    number: int,
    categories: list[Category],
    weights: list[float],
    roads: Sequence[str],
    policy: Policy,
) -> Family:
    chance = random.Random(f"{seed}/{number}")
    (way,) = chance.choices(WAYS, [way.share**0.8 for way in WAYS])
    (category,) = chance.choices(categories, cum_weights=weights)
    road = chance.choice(roads) if roads else ""
    says = words.question_of(category, chance) if way.asks else words.matter_of(category, chance)
    matters = way.course(_told(says, category, road, chance), chance)
    minute, loose = _minute(way, policy, chance)
    return Family(number, way, matters, minute, loose, way.share**0.2, road)


def _storm(seed: int, number: int, categories: list[Category], roads: Sequence[str]) -> Family:
    """One matter that half a quarter telephones about on one day; all are told that it is being worked on."""
    chance = random.Random(f"{seed}/storm/{number}")
    burst = [one for one in categories if any(word in "".join(one.words) for word in ("停水", "暖", "停电", "积水"))]
    category, road = chance.choice(burst or categories), chance.choice(roads) if roads else ""
    way = WAYS[0]
    matters = way.course(_told(words.matter_of(category, chance), category, road, chance), chance)
    return Family(number, way, matters, chance.randrange(5) * DAY + 13 * 60, 240, 0.0, road, storm=True)


def _told(says: str, category: Category, road: str, chance: random.Random) -> Matter:
    (channel,) = chance.choices([*rates.BY_CHANNEL], [*rates.BY_CHANNEL.values()])
    return Matter(
        says,
        "0d",
        (),
        found=chance.choice(words.FOUND).replace("{count}", words.COUNT) + words.ACCOUNT,
        done=chance.choice(words.DONE).replace("{count}", words.COUNT),
        kind=category.request_type if category.request_type else "help",
        channel=channel,
        rating=chance.choice((5, 5, 5, 4, 4, 3, None, None, None)) if channel == "hotline" else None,
        place=f"{road}{words.DOOR}" if road else "",
    )


def _minute(way: Way, policy: Policy, chance: random.Random) -> tuple[int, int]:
    """When in the week, and by how much it may be moved."""
    (day,) = chance.choices(range(7), rates.BY_WEEKDAY)
    (hour,) = chance.choices(range(24), rates.BY_HOUR)
    if not way.by_unit:
        minute = hour * 60 + chance.randrange(60)
        return day * DAY + minute, 0 if way.fixed or _waits_for_morning(minute, policy) else LOOSE
    if day < 5 and 8 <= hour < 18:
        begin, end = OF_UNITS[hour >= 13]
        return day * DAY + (begin + end) // 2, 0 if way.fixed else (end - begin) // 2
    return day * DAY + hour * 60 + chance.randrange(60), 0


def _waits_for_morning(minute: int, policy: Policy) -> bool:
    """A text that is told at such a minute, or the question some hours after it, goes out when the city may text again: how much
    later hangs on the minute."""
    begins, ends = (60 * at.hour + at.minute for at in policy.civil_hours)
    return not begins + LOOSE <= minute < ends - 60 * policy.direct_after_hours - 2 * LOOSE
