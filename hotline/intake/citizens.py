"""The people behind the numbers and accounts: one alone is identity enough, and two calls at once make one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Citizen
from models.store.rows import insert_signs_once
from webhooks.numbers import is_one_person


def find_or_make_citizen(db: Session, phone: str, now: datetime) -> Citizen | None:
    """The person behind a number of whom nothing else is known yet; None without one, or behind 110: that is many people."""
    made = citizens_by_phone(db, [(phone, "", "zh")], now)
    return db.get(Citizen, made[phone]) if phone in made else None


def find_or_make_by_handle(db: Session, handle: str, name: str, now: datetime) -> Citizen:
    """The person behind an account at a channel."""
    return db.get_one(Citizen, citizens_by_handle(db, [(handle, name, "zh")], now)[handle])


def citizens_by_phone(db: Session, callers: Sequence[tuple[str, str, str]], now: datetime) -> dict[str, int]:
    """The ids of the people behind (phone, name, language), by phone; whom we do not know yet is made, who gives a name is named."""
    return _people(db, "phone", [one for one in callers if is_one_person(one[0])], now)


def citizens_by_handle(db: Session, writers: Sequence[tuple[str, str, str]], now: datetime) -> dict[str, int]:
    """The same for (handle, name, language), by handle: an account at a channel is as good as a number."""
    return _people(db, "handle", [one for one in writers if one[0]], now)


def _people(db: Session, by: str, told: Sequence[tuple[str, str, str]], now: datetime) -> dict[str, int]:
    """by: phone or handle, the column that says who somebody is."""
    wanted: dict[str, tuple[str, str]] = {}
    for sign, name, language in told:
        if name or sign not in wanted:
            wanted[sign] = name, language
    known = _known(db, by, wanted)
    known |= _made(db, by, {sign: said for sign, said in wanted.items() if sign not in known}, now)
    known |= _known(db, by, [sign for sign in wanted if sign not in known])  # whom another call made at this moment
    for phone, (number, known_as) in known.items():
        if wanted[phone][0] and not known_as:
            db.execute(update(Citizen).where(Citizen.id == number).values(name=wanted[phone][0]))
    return {phone: number for phone, (number, _known_as) in known.items()}


def _made(
    db: Session, by: str, unknown: Mapping[str, tuple[str, str]], now: datetime
) -> dict[str, tuple[int, str | None]]:
    rows = [
        {by: sign, "name": name or None, "language": language, "no_texts": False, "created_at": now}
        for sign, (name, language) in unknown.items()
    ]
    made = insert_signs_once(db, Citizen, by, rows)
    return {sign: (number, unknown[sign][0] or None) for sign, number in made.items()}


def _known(db: Session, by: str, signs: Iterable[str]) -> dict[str, tuple[int, str | None]]:
    """Signs are asked for in groups of a few sizes, so that the statement is one of a few that are prepared once."""
    wanted, column = sorted(signs), Citizen.phone if by == "phone" else Citizen.handle
    if not wanted:
        return {}
    size = 1 << (len(wanted) - 1).bit_length()
    asked = wanted + wanted[-1:] * (size - len(wanted))
    found = db.execute(select(column, Citizen.id, Citizen.name).where(column.in_(asked)))
    return {str(sign): (number, name) for sign, number, name in found}
