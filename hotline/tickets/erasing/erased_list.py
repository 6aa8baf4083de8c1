"""Who was erased is remembered outside the database, by a keyed mark that names nobody: after a restore they are erased again."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session, sessionmaker

from hotline.settings import Settings, kept_secret
from hotline.tickets.erasing import erasure
from hotline.tickets.roles import SYSTEM
from models import Call, Citizen, Message, Ticket

NAME, KEY = "erased.jsonl", "erased_key"


def note_person(settings: Settings, phone: str, now: datetime) -> None:
    _append(settings, {"at": now.isoformat(), "person": mark(settings, phone)})


def note_tickets(settings: Settings, ids: Sequence[int], now: datetime) -> None:
    if ids:
        _append(settings, {"at": now.isoformat(), "tickets": list(ids)})


def mark(settings: Settings, phone: str) -> str:
    """The same for the same number, and of no use to whoever has no key."""
    return hmac.new(kept_secret(settings.var, KEY).encode(), phone.encode(), hashlib.sha256).hexdigest()


def replay(sessions: sessionmaker[Session], settings: Settings, since: datetime, now: datetime) -> int:
    """Erase again whoever was erased after this moment. Returns how many persons and tickets."""
    told = [line for line in _lines(settings.var / NAME) if datetime.fromisoformat(line["at"]) >= since]
    tickets = sorted({number for line in told for number in line.get("tickets", ())})
    persons = {line["person"] for line in told if "person" in line}
    done = 0
    for at in range(0, len(tickets), erasure.AT_ONCE):
        with sessions() as db:
            erased = erasure.erase_tickets(db, tickets[at : at + erasure.AT_ONCE], now)
            db.commit()
        erasure.remove_files(settings, erased)
        done += erased.tickets
    for phone in _phones_of(sessions, settings, persons) if persons else ():
        with sessions() as db:
            erased = erasure.erase_person(db, phone, "restore", SYSTEM, now, even_open=True)
            db.commit()
        erasure.remove_files(settings, erased)
        done += 1
    return done


def _phones_of(sessions: sessionmaker[Session], settings: Settings, persons: set[str]) -> list[str]:
    with sessions() as db:
        columns = (Citizen.phone, Ticket.contact_phone, Call.from_phone, Message.phone)
        phones = db.scalars(union(*(select(column).where(column.is_not(None), column != "") for column in columns)))
        return [phone for phone in phones if phone and mark(settings, phone) in persons]


def _append(settings: Settings, line: dict[str, Any]) -> None:
    path = settings.var / NAME
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "a") as file:
        file.write(json.dumps(line) + "\n")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        for line in path.read_text().splitlines():
            yield json.loads(line)
