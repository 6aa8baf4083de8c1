"""A copy of everything that cannot be made again: the database, as it is at one moment, and the attachments."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ops.health import KEPT_FREE, free_space
from hotline.settings import Settings


def back_up(settings: Settings, folder: Path, now: datetime, kept_free: int = KEPT_FREE) -> Path:
    """Write a new folder below `folder`, named by the moment; returns it. The hotline may go on working meanwhile.

    Raises Refusal when the disk is too full or the database cannot be copied; a copy that broke off is named `.part` and is no backup.
    """
    made = folder / f"hotline-{now:%Y%m%dT%H%M%SZ}"
    part = made.with_name(made.name + ".part")
    url = make_url(settings.database_url)
    _need_space(settings, folder, Path(url.database or "") if url.get_backend_name() == "sqlite" else None, kept_free)
    part.mkdir(parents=True)
    if url.get_backend_name() == "sqlite":
        _copy_sqlite(Path(url.database or ""), part / "hotline.db")
    else:
        _dump_postgres(settings.database_url, part / "hotline.dump")
    if settings.attachments.is_dir():
        shutil.copytree(settings.attachments, part / "attachments", copy_function=shutil.copy2)
    part.rename(made)
    return made


def _need_space(settings: Settings, folder: Path, database: Path | None, kept_free: int) -> None:
    """A backup that fills the disk would stop the hotline itself. A dump is smaller than its tables, so it is not counted."""
    files = [*settings.attachments.rglob("*"), *([database] if database else [])]
    needed = sum(file.stat().st_size for file in files if file.is_file()) + kept_free
    if (free := free_space(folder)) < needed:
        raise Refusal(
            _(
                "磁盘空间不够备份：%(folder)s 可用 %(free)d MB，至少需要 %(needed)d MB。",
                folder=folder,
                free=free >> 20,
                needed=needed >> 20,
            )
        )


def _copy_sqlite(database: Path, copy: Path) -> None:
    """SQLite's own online backup: a whole, consistent file, although writers go on."""
    if not database.is_file():
        raise Refusal(_("没有数据库文件：%(file)s", file=database))
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    try:
        source.backup(target)
        if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise Refusal(_("备份没有通过完整性检查：%(file)s", file=copy))
    finally:
        source.close()
        target.close()


def _dump_postgres(url: str, dump: Path) -> None:
    """pg_dump's custom format: `pg_restore` brings it back, also into a newer PostgreSQL."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        done = subprocess.run(
            ["pg_dump", "--format=custom", "--file", str(dump), "--dbname", plain],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise Refusal(_("这台机器上没有 pg_dump，请安装 postgresql-client，或在数据库服务器上备份。")) from None
    if done.returncode:
        raise Refusal(_("pg_dump 没有成功：%(why)s", why=done.stderr.strip()[:500]))
