"""A backup becomes a database again; whoever was erased since is erased in it before anybody sees it."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, inspect, make_url
from sqlalchemy.orm import Session, sessionmaker

from hotline.backups import manifest
from hotline.backups.encryption import CHUNK, opened
from hotline.backups.make import counted, fewer, program
from hotline.backups.manifest import DATABASE, FILES, Manifest
from hotline.clock import Clock
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.keys import master_key, rotation
from hotline.settings import Settings
from hotline.tickets.erasing import erased_list
from hotline.tickets.seals import log_marks, row_seals, seal_files
from models import make_engine, make_sessions
from models.store.hosts import as_libpq

PROCESSES = 2


@dataclass(frozen=True)
class Restored:
    """What came back. problems: as sentences, none when all is as it was. erased: persons and tickets erased anew."""

    manifest: Manifest
    files: int
    links: int
    erased: int
    problems: tuple[str, ...]


def restore(settings: Settings, folder: Path, now: datetime) -> Restored:
    """Bring a backup into the empty database and the attachments' folder of these settings.

    Raises Refusal when the key is another, a part was changed, or there is something in the database already.
    """
    key = manifest.backup_key(settings)
    told = manifest.read(folder, key)
    _need_whole(folder, told)
    _need_empty(settings)
    load = _load_sqlite if make_url(settings.database_url).get_backend_name() == "sqlite" else _load_postgres
    if told.engine != make_url(settings.database_url).get_backend_name():
        raise Refusal(_("备份来自 %(engine)s，不能恢复到另一种数据库。", engine=told.engine))
    load(settings.database_url, folder / DATABASE, key)
    files = _load_files(settings.attachments, folder / FILES, key)
    return _checked(settings, told, files, now)


def _checked(settings: Settings, told: Manifest, files: int, now: datetime) -> Restored:
    """Counted and its seals checked as it came, then everybody erased since is erased again."""
    engine = make_engine(settings.database_url, statement_timeout_s=3600)
    try:
        rotation.bring_under_the_present(engine, settings)
        master_key.attach(engine, settings)
        with engine.connect() as connection:
            found = counted(connection)
        with make_sessions(engine.execution_options(reading=True))() as db:
            verdict = seal_files.verify(db, settings, until=told.links, processes=PROCESSES)
        erased = erased_list.replay(_marking(engine, settings), settings, told.made_at, now)
    finally:
        engine.dispose()
    problems = [_("行数与备份时不同：%(what)s", what=what) for what in fewer(told.rows, found)]
    if files != told.files:
        problems.append(_("附件应有 %(n)d 个，恢复了 %(m)d 个。", n=told.files, m=files))
    if told.keys.get("seal_key") not in (None, manifest.fingerprints(settings).get("seal_key")):
        problems.append(_("封条的密钥（seal_key）不是备份时的那一把。"))
    return Restored(told, files, verdict.links, erased, (*problems, *verdict.problems))


def _marking(engine: Engine, settings: Settings) -> sessionmaker[Session]:
    """Sessions whose rows are known as the program's own: what is erased again was changed by nobody else."""
    sessions, key = make_sessions(engine), seal_files.seal_key(settings)
    row_seals.watch(sessions, key, Clock())
    log_marks.watch(sessions, key)
    return sessions


def _need_whole(folder: Path, told: Manifest) -> None:
    for name, digest in told.parts.items():
        if not (folder / name).is_file() or manifest.digest(folder / name) != digest:
            raise Refusal(_("备份的 %(file)s 不完整或被改动过。", file=name))


def _need_empty(settings: Settings) -> None:
    """Nothing is ever written over."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return
    engine = create_engine(settings.database_url)
    try:
        if inspect(engine).has_table("ticket"):
            raise Refusal(_("目标数据库里已有数据。请恢复到一个新建的空数据库。"))
    finally:
        engine.dispose()


def _load_sqlite(url: str, sealed: Path, key: bytes) -> None:
    target = Path(make_url(url).database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened(sealed, key) as plain, target.open("wb") as file:
        shutil.copyfileobj(plain, file, CHUNK)
    target.chmod(0o600)


def _load_postgres(url: str, sealed: Path, key: bytes) -> None:
    """Opened into a file that only we read, because pg_restore's several processes each read from it; then it goes."""
    with tempfile.TemporaryDirectory(dir=sealed.parent) as beside:
        dump = Path(beside) / "dump"
        with opened(sealed, key) as plain, dump.open("wb") as file:
            shutil.copyfileobj(plain, file, CHUNK)
        command = [program("pg_restore"), "--no-owner", "--no-privileges", f"--jobs={PROCESSES}", "--exit-on-error"]
        done = subprocess.run(
            [*command, "--dbname", as_libpq(url), str(dump)], capture_output=True, text=True, check=False
        )
    if done.returncode:
        raise Refusal(_("pg_restore 没有成功：%(why)s", why=done.stderr.strip()[:500]))


def _load_files(attachments: Path, sealed: Path, key: bytes) -> int:
    attachments.mkdir(parents=True, exist_ok=True, mode=0o700)
    many = 0
    with opened(sealed, key) as plain, tarfile.open(fileobj=plain, mode="r|", bufsize=CHUNK) as archive:
        for member in archive:
            target, plain_file = attachments / member.name, archive.extractfile(member)
            if plain_file is None or not target.resolve().is_relative_to(attachments.resolve()):
                raise Refusal(_("备份的 %(file)s 不完整或被改动过。", file=FILES))
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("wb") as file:
                shutil.copyfileobj(plain_file, file, CHUNK)
            many += 1
    return many


def beside(settings: Settings, url: str, folder: Path) -> Settings:
    """The same installation on another database and another folder; its keys and heads stay where they are."""
    return replace(settings, database_url=url, attachments_at=folder, second_place=None)
