"""What a thief holds: every byte of the database."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from hotline.backups.make import program
from models.store.hosts import as_libpq


def stolen(engine: Engine) -> bytes:
    """Every byte of the database: SQLite's own files, or all that a dump of PostgreSQL holds."""
    if engine.dialect.name == "postgresql":
        url = as_libpq(engine.url.render_as_string(hide_password=False))
        return subprocess.run([program("pg_dump"), "--dbname", url], capture_output=True, check=True).stdout
    engine.dispose()
    file = Path(str(engine.url.database))
    with closing(sqlite3.connect(file)) as alone:
        alone.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
