"""The people behind the numbers: a number alone is identity enough, and two calls at once make one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Citizen
from models.store.rows import insert_all_once
from webhooks.numbers import is_one_person


def find_or_make_citizen(db: Session, phone: str, now: datetime) -> Citizen | None:
    """The person behind a number of whom nothing else is known yet; None without one, or behind 110: that is many people."""
    made = citizens_by_phone(db, [(phone, "", "zh")], now)
    return db.get(Citizen, made[phone]) if phone in made else None


def citizens_by_phone(db: Session, callers: Sequence[tuple[str, str, str]], now: datetime) -> dict[str, int]:
    """The ids of the people behind (phone, name, language), by phone; whom we do not know yet is made, who gives a name is named."""
    wanted: dict[str, tuple[str, str]] = {}
    for phone, name, language in callers:
        if is_one_person(phone) and (name or phone not in wanted):
            wanted[phone] = name, language
    known = _known(db, wanted)
    unknown = [phone for phone in wanted if phone not in known]
    if unknown:
        insert_all_once(
            db,
            Citizen,
            ["phone"],
            [
                {
                    "phone": phone,
                    "name": wanted[phone][0] or None,
                    "language": wanted[phone][1],
                    "no_texts": False,
                    "created_at": now,
                }
                for phone in unknown
            ],
        )
        known |= _known(db, unknown)
    for phone, (number, known_as) in known.items():
        if wanted[phone][0] and not known_as:
            db.execute(update(Citizen).where(Citizen.id == number).values(name=wanted[phone][0]))
    return {phone: number for phone, (number, _known_as) in known.items()}


def _known(db: Session, phones: Iterable[str]) -> dict[str, tuple[int, str | None]]:
    wanted = sorted(phones)
    if not wanted:
        return {}
    found = db.execute(select(Citizen.phone, Citizen.id, Citizen.name).where(Citizen.phone.in_(wanted)))
    return {str(phone): (number, name) for phone, number, name in found}
