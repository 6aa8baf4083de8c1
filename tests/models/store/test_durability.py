"""What was committed is on the disk before anybody is told."""

from __future__ import annotations

from pathlib import Path

from models import make_engine


def test_sqlite_waits_for_the_disk_before_it_says_committed(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'hotline.db'}")
    with engine.connect() as connection:
        full = 2
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == full
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()
