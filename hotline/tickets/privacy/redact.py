"""A ticket's words without the person behind them: starred by what the ticket itself knows, and written anew for a unit when it is sealed.

Whatever shows or keeps words of a ticket goes through here, so that the citizen's name, number and home are hidden in any
writing, not only where they look like one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import inspect

from classifier.text.masking.known import NOTHING, Known, all_known, known_spans
from classifier.text.masking.mask import ANSWER, mask, mask_known, personal_spans
from classifier.text.masking.names.people import own_names
from classifier.text.masking.oneself import clauses_of_oneself, without_oneself
from classifier.text.normalise import digits, plain
from hotline.i18n import _
from hotline.keys.codes import codes_in
from hotline.tickets.privacy.query_codes import hide_codes
from hotline.tickets.roles import SEALED_ROLES, UNIT_ROLES, Actor
from models import Ticket

__all__ = [
    "ANSWER",
    "known_of",
    "known_of_rows",
    "may_read",
    "person_of",
    "starred",
    "starred_throughout",
    "title_for",
    "unit_words",
    "with_its_words",
    "without_homes",
    "words_for",
    "writer_of",
]

Found = TypeVar("Found")
_NAMES, _NUMBERS = (
    re.compile("姓名|名字|联系人|人员|name|称呼", re.IGNORECASE),
    re.compile("电话|手机|号码|phone|mobile|tel|证件|身份证", re.IGNORECASE),
)
_PLACES = re.compile("地址|住址|address", re.IGNORECASE)
_TELLS = {
    "name": "names",
    "phone": "numbers",
    "id_number": "numbers",
    "paper": "numbers",
    "bank_card": "numbers",
    "account": "numbers",
}
MOST_TOLD = 20_000


def person_of(ticket: Ticket) -> Known:
    """What the ticket's own fields say of its citizen: contact, place, and the citizen's row when it is at hand."""
    absent = inspect(ticket).unloaded
    places = [] if "text" in absent or ticket.text is None else [ticket.text.place]
    names, numbers = [ticket.contact_name], [ticket.contact_phone]
    if "text" not in absent and ticket.text is not None:
        numbers += [ticket.text.phone_told, *(ticket.text.other_phones or "").split()]
    if "citizen" not in absent and (citizen := ticket.citizen) is not None:
        names, numbers, places = [*names, citizen.name], [*numbers, citizen.phone], [*places, citizen.address]
    return Known(_told(names), _told(numbers), _told(places))


def known_of(ticket: Ticket) -> Known:
    """Everything the ticket says of its people: its fields, and the names and numbers its own words tell.

    Words that are not loaded are not fetched for it: lists stay lists.
    """
    known = person_of(ticket)
    if "text" in inspect(ticket).unloaded or ticket.text is None:
        return known
    return known | _told_in(ticket.text.body[:MOST_TOLD]) | known_in_extra(ticket.text.extra or {})


def with_its_words(ticket: Ticket) -> tuple[object, object]:
    """Read now, where they were not: what is kept for ever is starred by the place and the words as well."""
    return ticket.text, ticket.citizen


def without_homes(text: str, known: Known) -> str:
    """A home that is written whole goes whole, street and house with the room."""
    for home in known.places:
        text = text.replace(home, "***") if len(home) > 7 else text
    return text


def known_of_rows(name: str | None, phone: str | None) -> Known:
    """For rows read by their columns."""
    return Known(_told([name]), _told([phone]))


def known_in_extra(extra: Mapping[str, Any]) -> Known:
    """What columns without a place of their own brought: told apart by their headings, else by their shape."""
    names: list[str] = []
    numbers: list[str] = []
    places: list[str] = []
    words = [(key, one) for key, value in extra.items() for one in _words_in(value)]
    for key, value in words:
        if _NUMBERS.search(key):
            numbers.append(value)
        elif _NAMES.search(key):
            names.append(value)
        elif _PLACES.search(key):
            places.append(value)
    shapes = all_known(_told_in(value[:MOST_TOLD]) for _key, value in words)
    return Known(_told(names), _told(numbers), _told(places)) | shapes


def writer_of(ticket: Ticket) -> Known:
    """The citizen alone: the ticket's fields, the name they give themself in their words, and the numbers they leave there."""
    body = ticket.text.body[:MOST_TOLD]
    return (
        person_of(ticket)
        | Known(tuple(own_names(digits(plain(body)))), _told_in(body).numbers)
        | known_in_extra(ticket.text.extra or {})
    )


def starred(ticket: Ticket, text: str | None, where: str = "") -> str:
    """The text as everybody may read it; of an informant nothing stays, not even a family name.

    where=ANSWER: what an office tells the citizen keeps the office's own numbers.
    """
    known = person_of(ticket) if where == ANSWER else known_of(ticket)
    text = hide_codes(text or "", codes_in(ticket, text or ""))
    if ticket.privacy == "sealed":
        return mask(mask_known(text, known), where=where)
    return mask(text, known, where)


def starred_throughout(ticket: Ticket, found: Found) -> Found:
    """Everything that was found in this ticket's words, with each of its texts as everybody may read it."""
    held: Any = found
    if isinstance(held, str):
        return cast(Found, starred(ticket, held))
    if isinstance(held, tuple):
        return cast(Found, tuple(starred_throughout(ticket, one) for one in held))
    if not is_dataclass(held) or isinstance(held, type):
        return found
    told = {field.name: starred_throughout(ticket, getattr(held, field.name)) for field in fields(held)}
    return cast(Found, replace(held, **told))


def may_read(actor: Actor, ticket: Any) -> bool:
    """Whether the citizen's own words are for this person: of a sealed ticket only for those who guard it, or who took it."""
    if ticket.privacy != "sealed" or actor.kind in ("clock", "system", "citizen"):
        return True
    return actor.is_(*SEALED_ROLES) or (
        actor.kind == "staff" and actor.id == ticket.agent_id and not actor.is_(*UNIT_ROLES)
    )


def words_for(actor: Actor, ticket: Ticket) -> str:
    """The matter as this person reads it: the citizen's words starred, or of a sealed ticket the version written for the unit."""
    if may_read(actor, ticket):
        return starred(ticket, ticket.text.body)
    return ticket.text.unit_words or _("（保密工单：原文由热线中心保管）")


def title_for(actor: Actor, ticket: Ticket) -> str:
    if may_read(actor, ticket):
        return starred(ticket, ticket.title)
    return ticket.text.unit_title or _("保密工单")


def unit_words(ticket: Ticket) -> str:
    """What the form for the unit is filled with: the version that stands, else the words starred, without what is said of oneself."""
    return ticket.text.unit_words or without_oneself(starred(ticket, ticket.text.body))


def informant_in(ticket: Ticket, words: str) -> list[str]:
    """What words for the unit still tell of who wrote: names and numbers, and what was copied that they say of themself."""
    known = [one.value for one in known_spans(digits(plain(words)), writer_of(ticket))]
    theirs = _signs(starred(ticket, ticket.text.body))
    clauses = (words[start:end].strip(" ,，。;；!！?？\n") for start, end in clauses_of_oneself(words))
    return known + [one for one in clauses if _signs(one) in theirs]


def _signs(text: str) -> str:
    return "".join(sign for sign in plain(text) if sign.isalnum() or sign == "*")


def _words_in(value: Any) -> list[str]:
    """Every text in a value of JSON, numbers as they are written."""
    if isinstance(value, Mapping):
        return [one for inner in value.values() for one in _words_in(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _words_in(inner)]
    return [str(value)] if isinstance(value, str | int) and not isinstance(value, bool) else []


@lru_cache(maxsize=64)
def _told_in(text: str) -> Known:
    found: dict[str, list[str]] = {"names": [], "numbers": []}
    for one in personal_spans(text):
        if (kind := _TELLS.get(one.kind)) and len(one.value) > 1:
            found[kind].append(one.value)
    return (
        Known(tuple(dict.fromkeys(found["names"])), tuple(dict.fromkeys(found["numbers"])))
        if any(found.values())
        else NOTHING
    )


def _told(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value and value.strip()))
