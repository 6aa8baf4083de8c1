"""Somebody is told when a city falls silent, or its seals do not fit any more: nobody looks at a page all night."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import language
from hotline.installation import Installation
from hotline.messages.compose import tell_staff
from hotline.messages.values import local_minute
from hotline.province import registry
from hotline.tickets.roles import Role
from models import Cell, Message

TOLD_AFTER = timedelta(minutes=2)
"""A city that is started anew is silent for a minute, and nobody is called for that."""

SILENCE, SEALS = (Role.ADMINISTRATOR, Role.HEAD), (Role.ADMINISTRATOR, Role.HEAD, Role.DISCIPLINE)


def watch_cells(installation: Installation, now: datetime) -> None:
    """Once for each silence and for each chain that does not fit; a notice ends when the city is heard or a person has looked."""
    with installation.readings() as db:
        if not registry.has_cells(db):
            return
    with installation.sessions() as db:
        for cell in db.scalars(select(Cell).order_by(Cell.name).with_for_update()):
            _watch_silence(db, installation.city, cell, now)
            _watch_seals(db, installation.city, cell, now)
        db.commit()


def _watch_silence(db: Session, city: City, cell: Cell, now: datetime) -> None:
    since = cell.heard_at or cell.registered_at
    silent = cell.stopped_at is None and now - since > TOLD_AFTER
    if silent and cell.silence_told_at is None:
        cell.silence_told_at = now
        _tell(db, city, cell, "city_silent", SILENCE, since, now)
    elif not silent and cell.silence_told_at is not None:
        cell.silence_told_at = None
        _end(db, cell, "city_silent", now)


def _watch_seals(db: Session, city: City, cell: Cell, now: datetime) -> None:
    wrong_at = cell.head_wrong_at
    if wrong_at is not None and cell.seals_told_at != wrong_at:
        _tell(db, city, cell, "city_seals", SEALS, wrong_at, now)
    elif wrong_at is None and cell.seals_told_at is not None:
        _end(db, cell, "city_seals", now)
    cell.seals_told_at = wrong_at


def _tell(
    db: Session, city: City, cell: Cell, key: str, roles: tuple[Role, ...], since: datetime, now: datetime
) -> None:
    def params() -> dict[str, str]:
        title = cell.title_en if language() == "en" else cell.title
        return {"city": title, "since": local_minute(city, since)}

    for role in roles:
        tell_staff(db, city, key, now, params, role=role.value, ends_with=_matter(cell, key))


def _end(db: Session, cell: Cell, key: str, now: datetime) -> None:
    told = (Message.channel == "desk", Message.template_key == key, Message.ends_with == _matter(cell, key))
    db.execute(update(Message).where(*told, Message.ended_at.is_(None)).values(ended_at=now))


def _matter(cell: Cell, key: str) -> str:
    return f"{key}:{cell.id}"
