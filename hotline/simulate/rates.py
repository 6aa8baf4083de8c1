"""How a city telephones: what comes at which hour, by which way, about what, in which month, and how it ends.

Of the model city these are published: 330,000 contacts a year, about 900 a day and 1,700 on a bad one, 100,000–155,000 of
them sent to units. Hours, days of the week, months and the shares of the ways a matter goes are assumed: no city publishes
them for a year, and a training installation needs them to look like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

CONTACTS_A_YEAR = 330_000
WEEKS_A_YEAR = 52.18

BY_HOUR = (
    *(4, 2, 2, 2, 2, 5),  # 0–5
    *(12, 28, 62, 92, 96, 78),  # 6–11
    *(46, 44, 66, 82, 84, 74),  # 12–17
    *(58, 50, 40, 28, 16, 8),  # 18–23
)
"""How many of a thousand-odd contacts fall into each hour of the day."""

BY_WEEKDAY = (112, 106, 102, 100, 98, 76, 70)
"""Monday to Sunday; people who waited over the weekend telephone on Monday."""

BY_CHANNEL: Mapping[str, float] = {
    "hotline": 84,
    "app": 5,
    "web": 4,
    "mailbox": 2.5,
    "people_board": 1.5,
    "sms": 1.5,
    "visit": 1,
    "letter": 0.5,
}

BY_CATEGORY: Mapping[str, float] = {
    "01": 11,
    "02": 7,
    "03": 13,
    "04": 12,
    "05": 3,
    "06": 3,
    "07": 6,
    "08": 7,
    "09": 5,
    "10": 7,
    "11": 4,
    "12": 4,
    "13": 2,
    "14": 7,
    "15": 4,
}
"""By first level; what is not named has one share."""

SEASONS: Mapping[str, tuple[float, ...]] = {
    "暖": (2.6, 1.8, 1.0, 0.3, 0.1, 0.1, 0.1, 0.1, 0.2, 0.8, 2.8, 2.9),
    "停水": (0.7, 0.7, 0.8, 0.9, 1.2, 1.8, 2.2, 1.9, 1.1, 0.7, 0.6, 0.7),
    "用水": (0.7, 0.7, 0.8, 0.9, 1.2, 1.8, 2.2, 1.9, 1.1, 0.7, 0.6, 0.7),
    "积水": (0.1, 0.1, 0.3, 0.6, 0.9, 1.6, 2.8, 2.6, 1.2, 0.4, 0.2, 0.1),
    "噪声": (0.6, 0.6, 0.8, 1.0, 1.3, 1.6, 1.5, 1.5, 1.1, 0.9, 0.7, 0.6),
    "入学": (0.5, 0.6, 0.8, 1.0, 1.3, 1.8, 2.2, 2.2, 1.0, 0.5, 0.4, 0.4),
}
"""A word in a matter, and how much more often than on average it comes from January to December."""

STORMS_A_YEAR = 6
STORM = 240
"""Contacts about one matter within one day, on top of the day's own: a burst main, a heating station that is down."""

REPEAT_CALLERS = 0.3
"""Of all contacts, those of somebody who has telephoned before."""

CALLERS_A_CONTACT = 0.45
"""How many different telephones there are for each contact of a year."""

HOLIDAY = 0.6
"""On a day off that is no weekend a city has so much of a day's contacts."""


def season(words: str, day: date) -> float:
    """How much more often than on average this matter comes in this month."""
    return next((months[day.month - 1] for word, months in SEASONS.items() if word in words), 1.0)
