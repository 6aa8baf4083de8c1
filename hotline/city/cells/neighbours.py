"""The other cities of the province, as partners of a fixed kind: they read one another's posts as written here, whatever release
each runs, and they are bodies outside to which a matter can be handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hotline.city.partners.subscription import Subscription, Telling
from hotline.city.schema import City, Unit

PREFIX = "cell-"
"""Before a city's name wherever it is a partner or a body outside, so that it can be no unit and no platform of ours."""

HAND_OVER, RESULT, ENCLOSURE = "handover", "result", "file"
TELLINGS = {
    HAND_OVER: Telling(
        HAND_OVER,
        frozenset({"transfer_out"}),
        {
            "outer_number": "handed_number",
            "title": "title",
            "text": "text",
            "name": "name",
            "phone": "phone",
            "address": "place",
            "request_type": "request_type",
            "confidential": "confidential",
            "posted_at": "at",
            "urgency": "urgency",
            "note": "note",
            "supplements": "supplements",
            "files": "files",
        },
        door="posts",
    ),
    RESULT: Telling(
        RESULT,
        frozenset({"pass", "answer_directly", "decline", "final_close", "withdraw", "passed_on", "transfer_result"}),
        {"event_id": "id", "ticket_number": "outer_number", "reference": "number", "text": "outcome"},
        door="results",
    ),
    ENCLOSURE: Telling(ENCLOSURE, frozenset(), {"event_id": "id", "outer_number": "handed_number"}, door="files"),
}


def partner_name(cell: str) -> str:
    """What a city is called among partners and bodies outside."""
    return f"{PREFIX}{cell}"


def cell_of(partner: str) -> str:
    """The city that this partner is, "" when it is none."""
    return partner.removeprefix(PREFIX) if partner.startswith(PREFIX) else ""


def with_cells(city: City, cells: Iterable[tuple[str, str, str]]) -> City:
    """The city with these neighbours (name, title, title_en); those that it had are forgotten."""
    units = {code: one for code, one in city.units.items() if not cell_of(code)}
    partners = [one for one in city.subscriptions if not cell_of(one.name)]
    for name, title, title_en in cells:
        code = partner_name(name)
        units[code] = Unit(code, title, title_en, "outside")
        partners.append(_subscription(name, code, title, title_en))
    return replace(city, units=units, subscriptions=tuple(partners))


def _subscription(name: str, code: str, title: str, title_en: str) -> Subscription:
    """It is told of what is handed to it, and of what came of the matters that it handed to us."""
    return Subscription(
        code,
        title,
        title_en,
        own=True,
        bodies=frozenset({code}),
        personal="full",
        sealed="unit_words",
        tellings=TELLINGS,
        accepts={"cell": (name,)},
        receipt="answer.ticket_number",
    )
