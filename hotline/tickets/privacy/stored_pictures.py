"""Files that earlier releases stored in clear, and pictures and films with what cameras wrote into them: cleaned and hidden once,
each by itself, and resumed where it stopped.

The cleaned bytes are a new file under a new name; the row turns to it in one transaction, and only then the old bytes go. Cut
off anywhere, no picture is lost and none is half clean; what a crash leaves behind is found as a stray by the nightly task.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from hotline.installation import Installation
from hotline.keys import hidden_files
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.attachments import CHUNK, cleaned, new_name
from hotline.tickets.privacy.file_kinds import kind_by_type
from hotline.tickets.roles import SYSTEM
from models import Attachment
from models.store.hidden import Ring, ring_of

REACHED = "attachments-untold"
"""Beside the folder of files: the id of the last attachment that was looked at."""


@dataclass
class Cleaned:
    """looked: files gone through; cleaned: those that told something or stood in clear; lost: rows whose bytes are not there."""

    looked: int = 0
    cleaned: int = 0
    lost: int = 0


def clean_stored(
    installation: Installation, afresh: bool = False, progress: Callable[[int, int], None] = lambda _n, _of: None
) -> Cleaned:
    """Go through every stored file from where the last run stopped; afresh: from the first."""
    mark = installation.settings.var / REACHED
    reached = 0 if afresh or not mark.exists() else int(mark.read_text().strip() or 0)
    done = Cleaned()
    with installation.readings() as db:
        wanted = (Attachment.id > reached,)
        of = db.scalar(select(func.count()).select_from(Attachment).where(*wanted)) or 0
        ids = list(db.scalars(select(Attachment.id).where(*wanted).order_by(Attachment.id)))
    for attachment_id in ids:
        _clean_one(installation, attachment_id, done)
        _note(mark, attachment_id)
        progress(done.looked, of)
    if done.cleaned:
        with installation.sessions() as db:
            audit.record(db, "clean_attachments", SYSTEM, installation.clock.now(), files=done.cleaned)
            db.commit()
    return done


def _clean_one(installation: Installation, attachment_id: int, done: Cleaned) -> None:
    folder, ring = installation.settings.attachments, ring_of(installation.engine)
    with installation.sessions() as db:
        row = db.get(Attachment, attachment_id, with_for_update=True)
        if row is None:
            return
        done.looked += 1
        old = folder / row.stored_as
        if not old.is_file():
            done.lost += 1
            return
        fresh, size, digest, told = _written_clean(old, folder, row.media_type, ring)
        if digest == hidden_files.digest(old, ring) and hidden_files.is_hidden(old):
            fresh.unlink()
            row.tells_author = told
            db.commit()
            return
        row.tells_author = told
        row.stored_as, row.size, row.sha256 = fresh.name, size, digest
        row.copied_at = row.copy_read_at = row.copy_trouble = None
        db.commit()
        done.cleaned += 1
    old.unlink(missing_ok=True)


def _written_clean(old: Path, folder: Path, media_type: str, ring: Ring) -> tuple[Path, int, str, bool]:
    """A hidden file of its own with the clean bytes, its size and SHA-256, and whether it may still tell its author."""
    fresh, digest = folder / new_name(), hashlib.sha256()
    with hidden_files.opened(old, ring) as file:
        pieces, told = cleaned(kind_by_type(media_type), iter(lambda: file.read(CHUNK), b""))
        size = hidden_files.write(fresh, _counted(pieces, digest), ring)
    return fresh, size, digest.hexdigest(), told


def _counted(pieces: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def _note(mark: Path, attachment_id: int) -> None:
    beside = mark.with_suffix(".new")
    beside.write_text(str(attachment_id))
    beside.replace(mark)
