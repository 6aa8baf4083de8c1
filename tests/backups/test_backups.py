"""A backup is sealed, comes back whole, is refused when anything is wrong with it, and is tried each night."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text

from hotline.backups import manifest
from hotline.backups.drill import drill
from hotline.backups.encryption import CHUNK, MAGIC, SALT, Sealing, opened
from hotline.backups.make import back_up, newest, remove_old
from hotline.backups.restore import beside, restore
from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.keys import hidden_files, rotation
from hotline.keys.master_key import attach
from hotline.ops import health
from hotline.settings import Settings
from hotline.tickets.erasing.erase_person import erase_person_now
from hotline.tickets.privacy import attachments
from hotline.tickets.seals import log_marks
from hotline.tickets.seals.seal_files import seal_books, seal_key
from models import Citizen, RestoreDrill, Ticket, TicketText, make_engine, make_sessions
from models.store.hidden import ring_of
from tests.support.life import Life
from tests.support.services import with_keys

KEY = b"k" * 32


@pytest.fixture
def settings(installation: Installation) -> Settings:
    url = installation.engine.url.render_as_string(hide_password=False)
    installation.settings = replace(installation.settings, database_url=url)
    installation.settings.attachments.mkdir(parents=True, exist_ok=True)
    (installation.settings.attachments / "photo").write_bytes(b"jpeg" * 1000)
    return installation.settings


@pytest.fixture
def lived(settings: Settings, installation: Installation, life: Life) -> Ticket:
    """A city in which something happened, sealed some minutes later."""
    ticket = life.ticket(phone="13800001234", words="逄啸天反映路灯不亮", name="逄啸天")
    life.db.commit()
    seal_books(installation, installation.clock.now() + timedelta(minutes=10))
    return ticket


@pytest.fixture
def made(settings: Settings, installation: Installation, lived: Ticket, tmp_path: Path) -> Path:
    return back_up(settings, tmp_path / "backups", installation.clock.now(), kept_free=0)


@pytest.fixture
def elsewhere(settings: Settings, engine: Engine, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The same installation with an empty database beside."""
    if engine.dialect.name == "sqlite":
        return beside(settings, f"sqlite:///{tmp_path / 'again.db'}", tmp_path / "again")
    server = request.getfixturevalue("postgres_server")
    admin = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS again WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE again"))
    admin.dispose()
    return beside(settings, server.url("again"), tmp_path / "again")


def test_a_backup_comes_back_as_it_was(made: Path, elsewhere: Settings, clock: StoppedClock, lived: Ticket) -> None:
    restored = restore(elsewhere, made, clock.now())
    assert restored.problems == ()
    assert restored.links > 0
    assert (elsewhere.attachments / "photo").read_bytes() == b"jpeg" * 1000
    with create_engine(elsewhere.database_url).connect() as connection:
        assert connection.scalar(text("SELECT number FROM ticket")) == lived.number


def test_nothing_in_a_backup_can_be_read_without_its_key(made: Path, lived: Ticket) -> None:
    everything = b"".join(path.read_bytes() for path in made.iterdir())
    for secret in ("13800001234", "逄啸天", lived.number, "jpegjpeg"):
        assert secret.encode() not in everything
    assert {path.stat().st_mode & 0o077 for path in (made, *made.iterdir())} <= {0o0, 0o044, 0o055}


def test_another_key_opens_nothing(made: Path, elsewhere: Settings, clock: StoppedClock) -> None:
    elsewhere.backup_key.write_text("another")
    with pytest.raises(Refusal, match="另一把密钥"):
        restore(elsewhere, made, clock.now())


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _other_count(folder: Path) -> None:
    told = json.loads((folder / manifest.NAME).read_text())
    told["manifest"] = told["manifest"].replace('"ticket": 1', '"ticket": 2')
    (folder / manifest.NAME).write_text(json.dumps(told))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "database changed": lambda made: _flip(made / manifest.DATABASE),
    "database cut off": lambda made: _cut(made / manifest.DATABASE),
    "database gone": lambda made: (made / manifest.DATABASE).unlink(),
    "database emptied": lambda made: (made / manifest.DATABASE).write_bytes(b""),
    "attachments changed": lambda made: _flip(made / manifest.FILES),
    "attachments cut off": lambda made: _cut(made / manifest.FILES),
    "attachments gone": lambda made: (made / manifest.FILES).unlink(),
    "parts exchanged": lambda made: (made / manifest.DATABASE).write_bytes((made / manifest.FILES).read_bytes()),
    "manifest changed": _other_count,
    "manifest gone": lambda made: (made / manifest.NAME).unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_planted_damage_of_ten_kinds_is_found(
    damage: str, made: Path, elsewhere: Settings, clock: StoppedClock
) -> None:
    DAMAGE[damage](made)
    with pytest.raises(Refusal):
        restore(elsewhere, made, clock.now())


def test_nothing_is_ever_written_over(made: Path, settings: Settings, clock: StoppedClock) -> None:
    with pytest.raises(Refusal, match="已有数据"):
        restore(settings, made, clock.now())


def test_who_was_erased_after_the_backup_is_erased_in_what_comes_back(
    made: Path, elsewhere: Settings, installation: Installation, life: Life, lived: Ticket, clock: StoppedClock
) -> None:
    """V6: erased ids are replayed after a restore; the list itself names nobody."""
    clock.forward(hours=1)
    lived.state, lived.closed_at = "closed", clock.now()
    life.db.commit()
    erase_person_now(installation, "13800001234", "本人要求")
    assert "1234" not in (installation.settings.var / "erased.jsonl").read_text()
    clock.forward(hours=1)
    restored = restore(elsewhere, made, clock.now())
    assert restored.erased == 1
    with with_keys(create_engine(elsewhere.database_url)).connect() as connection:
        assert connection.scalars(select(Citizen.phone)).all() == [None]
        assert connection.scalars(select(Ticket.contact_phone)).all() == [None]
        assert "逄啸天" not in connection.scalars(select(TicketText.body)).one()
    with make_sessions(with_keys(create_engine(elsewhere.database_url)))() as db:
        assert not [one for one in log_marks.problems(db, seal_key(elsewhere)) if "审计" in one], (
            "erased by the program"
        )


def read_back(elsewhere: Settings, stored_as: str) -> tuple[str, str, str, bytes]:
    """What people read of the restored: sealed words, name, number, and a file; opened as another process opens it."""
    engine = make_engine(elsewhere.database_url)
    try:
        attach(engine, elsewhere)
        with make_sessions(engine)() as db:
            ticket = db.scalars(select(Ticket).where(Ticket.privacy == "sealed")).one()
            said = (ticket.text.body, ticket.contact_name or "", ticket.contact_phone or "")
            with hidden_files.opened(elsewhere.attachments / stored_as, ring_of(engine)) as file:
                return (*said, file.read())
    finally:
        engine.dispose()


@pytest.mark.parametrize("order", ["rotated before", "rotated after", "rotated before and after"])
def test_what_was_hidden_is_read_from_a_backup_however_the_keys_were_changed(
    order: str, settings: Settings, elsewhere: Settings, installation: Installation, life: Life, tmp_path: Path
) -> None:
    """A backup made before a change of keys needs the former master key, which the change has left beside the new one."""
    now = installation.clock.now()

    def informed(words: str) -> str:
        ticket = life.ticket(phone="13800001234", words=words, name="逄啸天", privacy="sealed")
        citizen = life.who("citizen", ticket)
        pages = io.BytesIO(b"%PDF-1.7 " + words.encode())
        held = attachments.store(life.db, settings.attachments, pages, "a.pdf", citizen, now, most_mb=5, ticket=ticket)
        life.db.commit()
        return held.stored_as

    stored_as = informed("举报科长收钱")
    if "before" in order:
        rotation.rotate(installation.engine, settings, now)
    seal_books(installation, now + timedelta(minutes=10))
    made = back_up(settings, tmp_path / "backups", now, kept_free=0)
    if "after" in order:
        rotation.rotate(installation.engine, settings, now)
    restored = restore(elsewhere, made, now)
    assert restored.problems == ()
    pdf = b"%PDF-1.7 " + "举报科长收钱".encode()
    assert read_back(elsewhere, stored_as) == ("举报科长收钱", "逄啸天", "13800001234", pdf)


def test_without_the_former_master_key_a_restore_says_which_one_is_missing(
    made: Path, elsewhere: Settings, installation: Installation, settings: Settings
) -> None:
    _many, former = rotation.rotate(installation.engine, settings, installation.clock.now())
    former.unlink()
    with pytest.raises(Refusal, match=former.name.rpartition(".")[2]):
        restore(elsewhere, made, installation.clock.now())


def test_the_drill_restores_counts_and_says_how_long_it_took(
    made: Path, installation: Installation, clock: StoppedClock
) -> None:
    """Found at the desks: X15."""
    row = drill(installation, made.parent)
    assert (row.well, row.problems, row.backup) == (True, "", made.name)
    assert row.rows > 0
    assert row.seconds > 0
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_a_drill_that_fails_or_is_missed_is_red(made: Path, installation: Installation, clock: StoppedClock) -> None:
    installation.settings = replace(installation.settings, backups=made.parent)
    assert any("恢复演练" in problem for problem in health.look(installation).problems())
    drill(installation, made.parent)
    assert not any("恢复演练" in problem for problem in health.look(installation).problems())
    clock.forward(hours=31)
    assert any("昨夜没有" in problem for problem in health.look(installation).problems())
    _flip(made / manifest.DATABASE)
    assert not drill(installation, made.parent).well
    assert any("没有通过" in problem for problem in health.look(installation).problems())


def test_a_living_database_that_lost_rows_is_found_by_the_drill(
    made: Path, installation: Installation, clock: StoppedClock
) -> None:
    with installation.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("DROP TRIGGER audit_no_delete"))
            connection.execute(text("DROP TRIGGER ticket_event_no_delete"))
        connection.execute(text("DELETE FROM ticket_event"))
    row = drill(installation, made.parent)
    assert not row.well
    assert "ticket_event" in row.problems


def test_old_backups_go_and_the_newest_is_taken(
    settings: Settings, lived: Ticket, tmp_path: Path, clock: StoppedClock
) -> None:
    folder = tmp_path / "many"
    made = [back_up(settings, folder, clock.now() + timedelta(days=day), kept_free=0) for day in (0, 20, 40)]
    assert newest(folder) == made[-1]
    assert remove_old(folder, clock.now() + timedelta(days=40), 30) == 1
    assert sorted(folder.iterdir()) == made[1:]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_stream_of_any_size_comes_back(size: int, tmp_path: Path) -> None:
    words = bytes(range(256)) * (size // 256 + 1)
    with Sealing(tmp_path / "a", KEY) as sealed:
        sealed.write(words[:size])
    with opened(tmp_path / "a", KEY) as plain:
        assert plain.read() == words[:size]


def test_chunks_that_change_places_or_end_early_are_found(tmp_path: Path) -> None:
    with Sealing(tmp_path / "a", KEY) as sealed:
        sealed.write(b"x" * (3 * CHUNK))
    data, head, one = (tmp_path / "a").read_bytes(), len(MAGIC) + SALT, CHUNK + 16 + 4
    chunks = [data[head + n * one : head + (n + 1) * one] for n in range(3)]
    for order in ((1, 0, 2), (0, 1), (0,), (0, 1, 2, 2), (0, 0, 1, 2)):
        (tmp_path / "a").write_bytes(data[:head] + b"".join(chunks[n] for n in order))
        with pytest.raises(Refusal), opened(tmp_path / "a", KEY) as plain:
            plain.read()


def test_a_drill_without_a_backup_says_so(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    row = drill(installation, tmp_path / "empty")
    assert not row.well
    with installation.readings() as db:
        assert db.scalars(select(RestoreDrill.problems)).all() == [row.problems]
