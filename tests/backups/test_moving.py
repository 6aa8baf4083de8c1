"""A city moves to another folder: everything is there, what was sealed is sealed, and the old place never speaks again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.backups.move import move
from hotline.clock import StoppedClock
from hotline.errors import Misconfigured, Refusal
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.keys.master_key import write
from hotline.settings import Settings, read_settings
from hotline.tickets.seals.seal_files import seal_books
from models import Process, Ticket
from tests.support.life import Life
from tests.support.pages import chinese_again
from tests.support.services import MASTER, SqliteTests

__all__ = ["chinese_again"]


@pytest.fixture
def lived(city: object, clock: StoppedClock, tmp_path: Path, sqlite_tests: SqliteTests) -> Installation:
    """A city with a ticket's life behind it, sealed, in a folder of its own."""
    var = tmp_path / "old"
    var.mkdir()
    write(var / "master_key", [MASTER])
    engine = sqlite_tests.apart(var / "hotline.db")
    settings = Settings(
        secret_key="k" * 40, twilio_auth_token="t" * 40, var=var, testing=True, database_url=str(engine.url)
    )
    made = build_installation(settings, city=city, clock=clock, engine=engine)  # type: ignore[arg-type]
    with made.sessions() as db:
        Life(db, made.city, clock).to("to_follow_up")
        db.commit()
    clock.forward(minutes=10)
    seal_books(made, clock.now())
    (var / "attachments").mkdir()
    (var / "attachments" / "one").write_bytes(b"sealed bytes")
    (var / "models").mkdir()
    (var / "models" / "category.bin").write_bytes(b"model")
    engine.dispose()
    return made


def test_everything_is_there_and_sealed_as_it_was(lived: Installation, clock: StoppedClock, tmp_path: Path) -> None:
    old, new = lived.settings.var, tmp_path / "new"
    restored = move(lived.settings, new, "", clock.now())
    assert restored.problems == () and restored.links > 0 and restored.files == 1
    for name in ("master_key", "seal_key", "seal_head.json", "models/category.bin", "attachments/one"):
        assert (new / name).read_bytes() == (old / name).read_bytes(), name
    assert not (new / "moving").exists()
    there = replace(lived.settings, var=new, database_url=f"sqlite:///{new / 'hotline.db'}")
    with build_installation(there, city=lived.city, clock=clock).readings() as db:
        assert [one.state for one in db.scalars(select(Ticket))] == ["to_follow_up"]
        assert db.scalars(select(Ticket)).one().contact_phone == "13800001234"


def test_the_old_place_never_starts_again(lived: Installation, clock: StoppedClock, tmp_path: Path) -> None:
    old, new = lived.settings.var, tmp_path / "new"
    move(lived.settings, new, "", clock.now())
    with pytest.raises(Misconfigured) as refused:
        read_settings({"HOTLINE_VAR": str(old)})
    assert str(new) in str(refused.value)
    read_settings({"HOTLINE_VAR": str(new)})


def test_nothing_is_carried_away_under_a_running_process(
    lived: Installation, clock: StoppedClock, tmp_path: Path
) -> None:
    now = clock.now()
    with lived.sessions() as db:
        db.add(Process(name="clock here:1", kind="clock", started_at=now, seen_at=now))
        db.commit()
    with pytest.raises(Refusal):
        move(lived.settings, tmp_path / "new", "", now)
    assert not (tmp_path / "new").exists()
    move(lived.settings, tmp_path / "new", "", now + timedelta(minutes=2))


def test_it_does_not_move_into_a_folder_that_holds_something(
    lived: Installation, clock: StoppedClock, tmp_path: Path
) -> None:
    there = tmp_path / "new"
    there.mkdir()
    (there / "something").write_text("x")
    with pytest.raises(Refusal):
        move(lived.settings, there, "", clock.now())
    assert not (lived.settings.var / "moved_to").exists()
