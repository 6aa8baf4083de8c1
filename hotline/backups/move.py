"""A city moves to another place: what it owns is carried there, counted, its seals checked, and the old place never starts again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, select
from sqlalchemy.orm import Session

from hotline.backups import manifest
from hotline.backups.make import back_up
from hotline.backups.restore import Restored, restore
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.settings import MOVED, Settings
from models import Process
from models.process import SILENT

CARRIED = "moving"


def move(settings: Settings, var: Path, url: str, now: datetime) -> Restored:
    """Carry the city into the empty folder `var` and the empty database `url` ("": SQLite in that folder).

    1. Nobody works here: a process that shows signs of life would write what is left behind.
    2. Keys, heads, models and receipts are copied; database and attachments go by a sealed backup that is restored there, counted
       row by row, its seals checked.
    3. Only then the old place is marked, so that it never starts again and speaks for the city twice.
    Raises Refusal; then nothing has changed here.
    """
    _need_quiet(settings, now)
    if var.exists() and any(var.iterdir()):
        raise Refusal(_("%(folder)s 不是空的。请搬到一个新文件夹。", folder=var))
    target = replace(
        settings,
        var=var,
        database_url=url or f"sqlite:///{var / 'hotline.db'}",
        attachments_at=_there(settings, settings.attachments_at, var),
        master_key_at=_there(settings, settings.master_key_at, var),
        backup_key_at=_there(settings, settings.backup_key_at, var),
    )
    manifest.backup_key(settings)
    shutil.copytree(settings.var, var, ignore=_all_but_the_small(settings), dirs_exist_ok=True)
    carried = back_up(settings, var / CARRIED, now)
    restored = restore(target, carried, now)
    shutil.rmtree(var / CARRIED)
    if restored.problems:
        raise Refusal("\n".join(restored.problems))
    (settings.var / MOVED).write_text(f"{var.resolve()}\n")
    return restored


def _need_quiet(settings: Settings, now: datetime) -> None:
    engine = create_engine(settings.database_url)
    try:
        if not inspect(engine).has_table(Process.__tablename__):
            raise Refusal(_("这里没有可搬的数据库：%(url)s", url=make_url(settings.database_url).render_as_string()))
        with Session(engine) as db:
            alive = db.scalars(select(Process.name).where(Process.seen_at > now - SILENT)).all()
    finally:
        engine.dispose()
    if alive:
        raise Refusal(_("还有进程在运行：%(names)s。请先停下它们，一分钟后再试。", names="、".join(alive)))


def _there(settings: Settings, path: Path | None, var: Path) -> Path | None:
    """What lies in the old folder lies in the new one; what an operator keeps elsewhere stays there."""
    return var / path.relative_to(settings.var) if path is not None and path.is_relative_to(settings.var) else path


def _all_but_the_small(settings: Settings) -> Callable[[str, list[str]], set[str]]:
    """The database and the attachments go their own way; backups stay where they are."""
    url = make_url(settings.database_url)
    database = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    left = {path.resolve() for path in (settings.attachments, settings.backups) if path is not None}

    def ignored(folder: str, names: list[str]) -> set[str]:
        here = Path(folder).resolve()
        mine = {name for name in names if (here / name) in left}
        if database is not None and database.resolve().parent == here:
            mine |= {name for name in names if name in (database.name, f"{database.name}-wal", f"{database.name}-shm")}
        return mine

    return ignored
