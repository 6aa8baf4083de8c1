"""The seals' key and the heads of their chain, both in files outside the database: whoever holds only the database can neither
make the chain anew nor cut it off without its being seen."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from hotline.installation import Installation
from hotline.settings import Settings, kept_secret
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.audit import Head, Verdict

KEY, NEWEST, NIGHTLY = "seal_key", "seal_head.json", "seal_heads.jsonl"
"""NIGHTLY grows by a line each night and is the one to copy to another machine or to print."""


def seal_key(settings: Settings) -> bytes:
    """Made on the first seal. It belongs into the safe, not into the backup of the database."""
    return kept_secret(settings.var, KEY).encode()


def seal_books(installation: Installation, now: datetime) -> None:
    """Seal what has settled, then tell the new head outside."""
    with installation.sessions() as db:
        sealed = audit.seal(db, now, key=seal_key(installation.settings))
        db.commit()
        if sealed:
            _write(installation.settings.var / NEWEST, _line(audit.head_of(db), now))


def publish_head(installation: Installation, now: datetime) -> None:
    """Once a night the head goes into the file that only grows."""
    with installation.readings() as db:
        head = audit.head_of(db)
    if head is not None:
        path = installation.settings.var / NIGHTLY
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "a") as file:
            file.write(_line(head, now))


def verify(db: Session, settings: Settings, more: Path | None = None, until: int | None = None) -> Verdict:
    """The chain against the key and every head that was told. more: a copy of the heads kept elsewhere.

    until: of a restored backup, how many links there were; what was told later is not in it.
    """
    key = settings.var / KEY
    heads = [
        head for path in (settings.var / NIGHTLY, settings.var / NEWEST, more) if path for head in read_heads(path)
    ]
    heads = [head for head in heads if until is None or head.links <= until]
    return audit.verify(db, key.read_text().strip().encode() if key.exists() else b"", heads)


def read_heads(path: Path) -> list[Head]:
    """The heads of a file, none when there is no such file."""
    if not path.exists():
        return []
    lines = (json.loads(line) for line in path.read_text().splitlines() if line.strip())
    return [Head(line["links"], line["seal_id"], line["hash"]) for line in lines]


def _line(head: Head | None, now: datetime) -> str:
    told = {"at": now.isoformat(), **(head.__dict__ if head else {})}
    return json.dumps(told, sort_keys=True) + "\n"


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    beside.replace(path)
