"""Each stored file has a copy on a second place: made by a job, counted each night, mended from the one that is whole.

What is copied is hidden already, byte for byte, so that the second place reads nothing and a change of keys needs nothing of it.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, update

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.keys import hidden_files, second_place
from hotline.settings import ROOT
from hotline.tickets.privacy import audit
from hotline.tickets.roles import Actor
from models import Attachment
from models.store.db import changed
from models.store.hidden import NoKey, Ring, ring_of
from models.tickets.attachment import INFECTED

log = logging.getLogger(__name__)
MISSING, TORN, FIRST_GONE, FIRST_TORN, BOTH = "missing", "torn", "first gone", "first torn", "both"
"""What can be wrong with a file of two copies."""

AN_HOUR = 3600.0
"""So long one night's count reads; the next goes on with those that were read longest ago."""

NICE = 15
Progress = Callable[[int, int], None]


class Counted(NamedTuple):
    """copied: made just now. mended: put right from the other copy. looked: counted. wrong: those with a trouble now."""

    copied: int
    mended: int
    looked: int
    wrong: int


def copy(installation: Installation, attachment_id: int) -> bool:
    """Copy one file, and note it; a copy whose file was erased meanwhile goes again. Returns whether it was made."""
    settings, place = installation.settings, installation.settings.second_place
    with installation.readings() as db:
        held = db.get(Attachment, attachment_id)
        if held is None or held.copied_at is not None or place is None or not second_place.stands(settings):
            return False
        name = held.stored_as
    if not _brought(settings.attachments / name, place / name):
        return False
    still = (Attachment.id == attachment_id, Attachment.stored_as == name)
    with installation.sessions() as db:
        noted = changed(db, update(Attachment).where(*still).values(copied_at=installation.clock.now()))
        db.commit()
    if not noted:
        (place / name).unlink(missing_ok=True)
    return bool(noted)


def _brought(source: Path, target: Path) -> bool:
    """Whole or not at all, and on the disk; False when it cannot be read or written, which the next look tries again."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with (
            source.open("rb") as told,
            os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out,
        ):
            shutil.copyfileobj(told, out, 1 << 20)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        log.error("cannot copy %s to %s: %s", source.name, target.parent, error.strerror)
        return False
    return True


def count(
    installation: Installation, now: datetime, seconds: float = AN_HOUR, progress: Progress | None = None
) -> Counted:
    """Mend what was named before, copy what lacks a copy, then read both copies of as many as fit into the time."""
    if not second_place.stands(installation.settings):
        raise Refusal(_("附件的第二处存放没有设置或不在：请检查 HOTLINE_SECOND_PLACE 和它的挂载。"))
    mended = sum(_mend(installation, one, now) for one in _ids(installation, Attachment.copy_trouble.is_not(None)))
    copied = sum(copy(installation, one) for one in _ids(installation, Attachment.copied_at.is_(None)))
    ids = _ids(
        installation,
        Attachment.copied_at.is_not(None),
        or_(Attachment.copy_read_at.is_(None), Attachment.copy_read_at < now),
    )
    end, looked = time.monotonic() + seconds, 0
    for looked, one in enumerate(ids, 1):
        _look(installation, one, now)
        if progress is not None:
            progress(looked, len(ids))
        if time.monotonic() > end:
            break
    return Counted(copied, mended, looked, len(_ids(installation, Attachment.copy_trouble.is_not(None))))


def _ids(installation: Installation, *which: ColumnElement[bool]) -> list[int]:
    """What was infected is left to the nightly rule that deletes it."""
    wanted = select(Attachment.id).where(Attachment.checked != INFECTED, *which)
    with installation.readings() as db:
        return list(db.scalars(wanted.order_by(Attachment.copy_read_at.nulls_first(), Attachment.id)))


def _look(installation: Installation, attachment_id: int, now: datetime) -> None:
    """Read both copies whole, and note what is wrong with either."""
    found = _copies(installation, attachment_id)
    if found is None:
        return
    trouble = _trouble(*found, ring_of(installation.engine))
    if trouble:
        log.error("attachment %d, %s: %s", attachment_id, found[0].name, trouble)
    _note(installation, attachment_id, trouble, now)


def _mend(installation: Installation, attachment_id: int, now: datetime) -> bool:
    """The copy that is whole is brought over the other. With none that is whole only a backup helps."""
    found = _copies(installation, attachment_id)
    if found is None:
        return False
    first, second, digest = found
    ring = ring_of(installation.engine)
    whole = next((one for one in (first, second) if not _wrong(one, digest, ring)), None)
    if whole is None or not _brought(whole, second if whole is first else first):
        return False
    _note(installation, attachment_id, _trouble(first, second, digest, ring), now)
    return True


def _copies(installation: Installation, attachment_id: int) -> tuple[Path, Path, str] | None:
    settings = installation.settings
    with installation.readings() as db:
        held = db.get(Attachment, attachment_id)
        if held is None or settings.second_place is None:
            return None
        return settings.attachments / held.stored_as, settings.second_place / held.stored_as, held.sha256


def _trouble(first: Path, second: Path, digest: str, ring: Ring) -> str | None:
    here, there = _wrong(first, digest, ring), _wrong(second, digest, ring)
    if here and there:
        return BOTH
    if here:
        return FIRST_GONE if here == MISSING else FIRST_TORN
    return there or None


def _wrong(path: Path, digest: str, ring: Ring) -> str:
    try:
        return "" if hidden_files.digest(path, ring) == digest else TORN
    except FileNotFoundError:
        return MISSING
    except (OSError, NoKey):
        return TORN


def _note(installation: Installation, attachment_id: int, trouble: str | None, now: datetime) -> None:
    with installation.sessions() as db:
        told = {"copy_read_at": now, "copy_trouble": trouble}
        db.execute(update(Attachment).where(Attachment.id == attachment_id).values(**told))
        db.commit()


def begin_anew(installation: Installation, by: Actor) -> None:
    """Another folder takes over: everything is copied again. Raises Refusal when it is not empty, or somebody else's."""
    if not second_place.begin(installation.settings):
        raise Refusal(_("这个文件夹不能用作第二处存放：须是空的、能写入、不属于别的安装。"))
    with installation.sessions() as db:
        db.execute(update(Attachment).values(copied_at=None, copy_read_at=None, copy_trouble=None))
        audit.record(db, "second_place_begun", by, installation.clock.now())
        db.commit()


def start_count(installation: Installation, _now: datetime) -> None:
    """Begin the night's count in a process of its own, and do not wait for it."""
    settings = installation.settings
    if settings.second_place is None or settings.testing:
        return
    with (settings.var / "second_place.log").open("ab") as out:
        subprocess.Popen(
            [sys.executable, "-m", "hotline", "attachments", "count"],
            cwd=ROOT,
            env={**os.environ, "HOTLINE_VAR": str(settings.var)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=lambda: os.nice(NICE) and None,  # noqa: PLW1509
        )
