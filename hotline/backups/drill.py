"""The nightly drill: the newest backup is restored beside, counted against the living database, its seals checked, its time taken."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from hotline.backups import make
from hotline.backups.restore import Restored, beside, restore
from hotline.errors import Misconfigured, Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.ops.local_servers import PrivatePostgres
from hotline.settings import ROOT, Settings
from models import RestoreDrill

log = logging.getLogger(__name__)
GROWING = ("ticket", "ticket_event", "audit", "seal")
"""What can only become more: the living database must have at least what the backup has."""

STALE = timedelta(hours=36)
NICE = 15


def drill(installation: Installation, folder: Path) -> RestoreDrill:
    """Restore the newest backup beside, write down what came of it, and return that; it is not well when anything differs."""
    now, began = installation.clock.now(), time.monotonic()
    found = make.newest(folder)
    try:
        if found is None:
            raise Refusal(_("%(folder)s 里没有备份。", folder=folder))
        restored = _tried(installation, found)
        problems = [*restored.problems, *_against_the_living(installation, restored.manifest.rows)]
        if now - restored.manifest.made_at > STALE:
            problems.append(_("最新的备份是 %(at)s 的，太旧了。", at=restored.manifest.at[:16]))
        rows = sum(restored.manifest.rows.values())
    except (Refusal, Misconfigured) as refusal:
        problems, rows = [str(refusal)], 0
    row = RestoreDrill(
        at=now,
        backup=found.name if found else "",
        rows=rows,
        seconds=round(time.monotonic() - began, 3),
        well=not problems,
        problems="\n".join(problems)[:4000],
    )
    with installation.sessions() as db:
        db.add(row)
        db.commit()
    return row


def start_nightly(installation: Installation, _now: datetime) -> None:
    """Begin the night's backup and its drill in a process of its own, and do not wait for it."""
    settings = installation.settings
    if settings.backups is None or settings.testing:
        return
    with (settings.var / "backup.log").open("ab") as out:
        subprocess.Popen(
            [sys.executable, "-m", "hotline", "backup", str(settings.backups), "--drill"],
            cwd=ROOT,
            env={**os.environ, "HOTLINE_VAR": str(settings.var)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=lambda: os.nice(NICE) and None,  # noqa: PLW1509
        )


def _tried(installation: Installation, found: Path) -> Restored:
    with _another_database(installation.settings, found.parent) as settings:
        return restore(settings, found, installation.clock.now())


@contextmanager
def _another_database(settings: Settings, folder: Path) -> Iterator[Settings]:
    """An empty database of the same engine on this machine, gone afterwards with all that was opened into it."""
    with tempfile.TemporaryDirectory(prefix="drill-", dir=folder) as made:
        place = Path(made)
        if make_url(settings.database_url).get_backend_name() == "sqlite":
            yield beside(settings, f"sqlite:///{place / 'drill.db'}", place / "attachments")
            return
        with tempfile.TemporaryDirectory(prefix="hotline-drill-", dir="/var/tmp") as data:
            Path(data).chmod(0o755)
            with PrivatePostgres(Path(data) / "postgres", safe=False, settings=_LARGE) as server:
                yield beside(settings, server.url(), place / "attachments")


_LARGE = ("maintenance_work_mem=256MB", "max_wal_size=4GB", "wal_level=minimal", "max_wal_senders=0")


def _against_the_living(installation: Installation, rows: Mapping[str, int]) -> list[str]:
    with installation.engine.connect().execution_options(reading=True) as connection:
        living = make.counted(connection)
    return [
        _("线上的 %(name)s 只有 %(now)d 行，备份里有 %(then)d 行。", name=name, now=living[name], then=rows[name])
        for name in GROWING
        if living.get(name, 0) < rows.get(name, 0)
    ]
