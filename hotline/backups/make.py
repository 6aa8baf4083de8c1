"""A copy of everything that cannot be made again: the database, as it is at one moment, and the attachments; all of it sealed."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, inspect, make_url, select, table

from hotline.backups import manifest
from hotline.backups.encryption import CHUNK, Sealing
from hotline.backups.manifest import DATABASE, FILES, Manifest
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.ops.health import KEPT_FREE, free_space
from hotline.ops.local_servers import find_postgres
from hotline.settings import Settings
from models.store.hosts import as_libpq
from models.store.log_months import is_part
from models.store.migrate import current

PREFIX = "hotline-"
_Taken = tuple[str, dict[str, int]]


def back_up(settings: Settings, folder: Path, now: datetime, kept_free: int = KEPT_FREE) -> Path:
    """Write a new folder below `folder`, named by the moment; returns it. The hotline may go on working meanwhile.

    Raises Refusal when the disk is too full or the database cannot be copied; a copy that broke off is named `.part` and is no backup.
    """
    made = folder / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}"
    part = made.with_name(made.name + ".part")
    url = make_url(settings.database_url)
    sqlite = url.get_backend_name() == "sqlite"
    _need_space(settings, folder, Path(url.database or "") if sqlite else None, kept_free)
    part.mkdir(parents=True, mode=0o700)
    key = manifest.backup_key(settings)
    taken = _take_sqlite if sqlite else _take_postgres
    tables, rows = taken(settings.database_url, part, key)
    files = _take_files(settings.attachments, part / FILES, key)
    told = Manifest(
        now.isoformat(),
        "sqlite" if sqlite else "postgresql",
        tables,
        rows,
        rows.get("seal", 0),
        files,
        manifest.fingerprints(settings),
        manifest.models_in_use(settings),
        {name: manifest.digest(part / name) for name in (DATABASE, FILES)},
    )
    manifest.write(part, told, key)
    part.rename(made)
    return made


def newest(folder: Path) -> Path | None:
    found = sorted(path for path in folder.glob(f"{PREFIX}*Z") if path.is_dir())
    return found[-1] if found else None


def remove_old(folder: Path, now: datetime, days: int) -> int:
    """Backups have a known end, so that a person who was erased is gone from them too."""
    limit = f"{PREFIX}{now - timedelta(days=days):%Y%m%dT%H%M%SZ}"
    old = [path for path in folder.glob(f"{PREFIX}*Z") if path.is_dir() and path.name < limit]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def counted(connection: Connection) -> dict[str, int]:
    """The rows of every table; the months of a log are its own rows."""
    names = [name for name in inspect(connection).get_table_names() if not is_part(name)]
    return {name: int(connection.scalar(select(func.count()).select_from(table(name))) or 0) for name in sorted(names)}


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


def _take_sqlite(url: str, folder: Path, key: bytes) -> _Taken:
    """SQLite's own online backup: a whole, consistent file, although writers go on."""
    database = Path(make_url(url).database or "")
    if not database.is_file():
        raise Refusal(_("没有数据库文件：%(file)s", file=database))
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        copy = Path(beside) / "copy.db"
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise Refusal(_("备份没有通过完整性检查：%(file)s", file=copy))
        with create_engine(f"sqlite:///{copy}").connect() as connection:
            taken = current(connection) or "", counted(connection)
        with copy.open("rb") as plain, Sealing(folder / DATABASE, key) as sealed:
            shutil.copyfileobj(plain, sealed, CHUNK)
    return taken


def _take_postgres(url: str, folder: Path, key: bytes) -> _Taken:
    """pg_dump's custom format, of the very moment in which the rows are counted; it is never plain on the disk."""
    engine = create_engine(url, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        snapshot = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
        _dump(url, str(snapshot), folder / DATABASE, key)
        taken = current(connection) or "", counted(connection)
    engine.dispose()
    return taken


def _dump(url: str, snapshot: str, target: Path, key: bytes) -> None:
    command = [program("pg_dump"), "--format=custom", f"--snapshot={snapshot}", "--dbname", as_libpq(url)]
    with tempfile.TemporaryFile() as said, Sealing(target, key) as sealed:
        try:
            dump = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
        except FileNotFoundError:
            raise Refusal(_("这台机器上没有 pg_dump，请安装 postgresql-client，或在数据库服务器上备份。")) from None
        assert dump.stdout is not None
        shutil.copyfileobj(dump.stdout, sealed, CHUNK)
        if dump.wait():
            said.seek(0)
            raise Refusal(_("pg_dump 没有成功：%(why)s", why=said.read(500).decode(errors="replace").strip()))


def _take_files(attachments: Path, target: Path, key: bytes) -> int:
    """Every attachment; one that goes meanwhile was erased meanwhile."""
    many = 0
    with Sealing(target, key) as sealed, tarfile.open(fileobj=sealed, mode="w|", bufsize=CHUNK) as archive:
        for path in sorted(attachments.rglob("*")) if attachments.is_dir() else []:
            try:
                if path.is_file():
                    archive.add(path, str(path.relative_to(attachments)), recursive=False)
                    many += 1
            except FileNotFoundError:
                continue
    return many


def program(name: str) -> str:
    """The newest of PostgreSQL's programs on this machine."""
    folder = find_postgres()
    return str(folder / name) if folder and (folder / name).exists() else name


def fewer(then: Mapping[str, int], now: Mapping[str, int]) -> list[str]:
    """Tables whose rows differ from what was counted, as words."""
    return [f"{name} {then[name]} → {now.get(name, 0)}" for name in sorted(then) if then[name] != now.get(name)]
