"""Whether we were told of a matter before: the number another system gave it, in whatever letters and width, and the print of its words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.normalise import plain
from models import Receipt, TicketText
from models.store.rows import insert_once
from webhooks.numbers import outer_key

FOLDED = "folded"
"""The receipt under which a number lies that is written neither in small letters nor in capitals alone: by its key, with itself."""


def print_of_words(body: str) -> str:
    """The same for the same words, whatever the width of their signs and the blanks between them; it tells nothing of them."""
    return hashlib.sha256("".join(plain(body).split()).encode("utf-8", "replace")).hexdigest()[:32]


def told_before(db: Session, source: str, outer_numbers: Sequence[str]) -> Mapping[str, str]:
    """Of these numbers of another system, those we were told of, each with the print of the words it came with.

    Empty where the words are not known any more: the ticket was erased.
    """
    rows = db.execute(
        select(Receipt.event_id, Receipt.result, Receipt.ticket_id).where(
            Receipt.provider == source, Receipt.kind == "contact", Receipt.event_id.in_(outer_numbers)
        )
    ).all()
    without = {ticket_id: event_id for event_id, result, ticket_id in rows if "words" not in result and ticket_id}
    found = {event_id: str(result.get("words", "")) for event_id, result, _id in rows}
    for text in db.scalars(select(TicketText).where(TicketText.ticket_id.in_(without))) if without else ():
        if "erased_at" not in text.extra:
            found[without[text.ticket_id]] = print_of_words(text.body)
    return found


def as_first_told(db: Session, source: str, number: str, body: str | None = None) -> str:
    """The number as it was told first, when it differs in letters or width alone. body: of a new matter; with other words it is one
    of its own, for some systems count by capital and small letters."""
    return as_each_first_told(db, source, [(number, body)])[0]


def as_each_first_told(db: Session, source: str, told: Sequence[tuple[str, str | None]]) -> list[str]:
    """As `as_first_told` for many, with two statements."""
    writings = writings_of(db, [source], [number for number, _body in told])
    known = told_before(db, source, sorted({one for each in writings.values() for one in each}))
    return [_first(number, body, writings.get(number, ()), known) for number, body in told]


def writings_of(db: Session, sources: Iterable[str], numbers: Iterable[str]) -> dict[str, set[str]]:
    """Each number with the ways in which it may have been told by these systems."""
    keys = {number: outer_key(number) for number in numbers if number}
    mixed = select(Receipt.event_id, Receipt.result).where(
        Receipt.provider.in_(sorted(sources)), Receipt.kind == FOLDED, Receipt.event_id.in_(set(keys.values()))
    )
    found = {number: {number, number.upper(), number.lower()} for number in keys}
    for key, result in db.execute(mixed):
        for number in (one for one in keys if keys[one] == key):
            found[number].add(str(result["number"]))
    return found


def _first(number: str, body: str | None, writings: Iterable[str], known: Mapping[str, str]) -> str:
    same = [one for one in writings if one in known and (body is None or known[one] == print_of_words(body))]
    return number if number in known or len(same) != 1 else same[0]


def keep_writing(db: Session, source: str, number: str, ticket_id: int, now: datetime) -> None:
    """So that a number in letters of both kinds is found in whatever letters it is told later."""
    key = outer_key(number)
    if number in (key, key.upper()):
        return
    kept = {"received_at": now, "ticket_id": ticket_id, "result": {"number": number}}
    name = {"provider": source, "kind": FOLDED, "event_id": key[:120]}
    insert_once(db, Receipt, list(name), **name, **kept)
