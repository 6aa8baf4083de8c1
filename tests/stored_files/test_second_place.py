"""Each stored file has a copy on a second place: read when the first is gone or torn, counted, mended, erased with the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hotline.clock import StoppedClock
from hotline.errors import Misconfigured, Refusal
from hotline.installation import Installation
from hotline.keys import hidden_files, master_key, rotation
from hotline.keys import second_place as place
from hotline.ops import health
from hotline.outbox.runner import drain
from hotline.settings import read_settings
from hotline.stored_files import second_place
from hotline.stored_files.care import look_after_files
from hotline.tickets.erasing import erasure
from hotline.tickets.erasing.erase_person import erase_person_now
from hotline.tickets.roles import SYSTEM
from models import Attachment, Staff, Ticket
from models.store.hidden import NoKey, ring_of
from tests.support.life import Life
from tests.support.papers.uploads import Upload, read_again

Browse = Callable[[Staff], FlaskClient]
LONG = bytes(range(256)) * 1024
"""Of several pieces of 64 KiB."""


def paths(installation: Installation, held: Attachment) -> tuple[Path, Path]:
    first, second = installation.settings.file_places
    return first / held.stored_as, second / held.stored_as


def read(installation: Installation, held: Attachment, start: int = 0) -> bytes:
    with hidden_files.opened(paths(installation, held)[0], ring_of(installation.engine)) as file:
        file.seek(start)
        return file.read()


def test_an_uploaded_file_is_copied_as_it_lies_on_the_disk(two_places: Installation, upload: Upload) -> None:
    held = upload(LONG)
    first, second = paths(two_places, held)
    assert held.copied_at is not None and first.read_bytes() == second.read_bytes()
    assert LONG[:100] not in second.read_bytes() and second.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in second.parent.iterdir()) == sorted([place.MARK, held.stored_as]), (
        "nothing half made"
    )


def ended(life: Life) -> Ticket:
    ticket = life.ticket(phone="13900001234")
    life.do(ticket, "an", "answer_directly")
    return ticket


HARM: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "emptied": lambda path: path.write_bytes(b""),
    "cut off in a piece": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "cut off between two pieces": lambda path: path.write_bytes(
        path.read_bytes()[: hidden_files.HEAD.size + 2 * ((1 << 16) + 16)]
    ),
    "cut off behind the head": lambda path: path.write_bytes(path.read_bytes()[: hidden_files.HEAD.size]),
    "cut off in the head": lambda path: path.write_bytes(path.read_bytes()[:10]),
    "a bit turned in the middle": lambda path: turn(path, 100_000),
    "a bit turned at the end": lambda path: turn(path, -1),
    "a bit turned in the head": lambda path: turn(path, 3),
    "another file": lambda path: path.write_bytes(b"something else altogether" * 100),
}


def turn(path: Path, at: int) -> None:
    held = bytearray(path.read_bytes())
    held[at] ^= 1
    path.write_bytes(bytes(held))


@pytest.mark.parametrize("harm", HARM)
def test_a_first_copy_that_is_gone_or_torn_is_read_from_the_second(
    harm: str, two_places: Installation, upload: Upload
) -> None:
    held = upload(LONG)
    HARM[harm](paths(two_places, held)[0])
    assert read(two_places, held) == b"%PDF-1.7\n" + LONG
    assert read(two_places, held, 200_000) == (b"%PDF-1.7\n" + LONG)[200_000:], "and from any place"


def test_the_page_hands_it_out_whole(
    two_places: Installation, app: Flask, life: Life, browse: Browse, upload: Upload
) -> None:
    ticket = life.to("handling")
    held = upload(LONG, ticket)
    turn(paths(two_places, held)[0], 150_000)
    answer = browse(life.staff["du"]).get(f"/files/{held.stored_as}", headers={"Range": "bytes=140000-200000"})
    assert (answer.status_code, answer.data) == (206, (b"%PDF-1.7\n" + LONG)[140_000:200_001])


def test_without_a_second_place_a_torn_file_is_told_as_ever(installation: Installation, upload: Upload) -> None:
    held = upload(LONG)
    turn(installation.settings.attachments / held.stored_as, 100_000)
    with (
        pytest.raises(NoKey),
        hidden_files.opened(installation.settings.attachments / held.stored_as, ring_of(installation.engine)) as file,
    ):
        file.read()


@pytest.mark.parametrize(
    ("which", "harm", "said"),
    [
        (1, "gone", "第二份不见了"),
        (1, "a bit turned in the middle", "第二份坏了"),
        (1, "cut off in a piece", "第二份坏了"),
        (0, "gone", "第一份不见了"),
        (0, "a bit turned at the end", "第一份坏了"),
    ],
)
def test_the_count_names_what_is_wrong_and_the_next_mends_it(
    which: int, harm: str, said: str, two_places: Installation, clock: StoppedClock, upload: Upload
) -> None:
    held, whole = upload(LONG), upload(b"other")
    HARM[harm](paths(two_places, held)[which])
    assert second_place.count(two_places, clock.now()) == (0, 0, 2, 1)
    told = [one for one in health.look(two_places).problems() if said in one]
    assert len(told) == 1 and f"附件 {held.id}" in told[0] and f"附件 {whole.id} " not in told[0]
    clock.forward(days=1)
    assert second_place.count(two_places, clock.now()) == (0, 1, 1, 0)
    first, second = paths(two_places, held)
    assert first.read_bytes() == second.read_bytes() and health.look(two_places).files.problems() == []


def test_where_both_are_torn_only_a_backup_helps_and_it_is_said(
    two_places: Installation, clock: StoppedClock, upload: Upload
) -> None:
    held = upload(LONG)
    for path in paths(two_places, held):
        turn(path, 5000)
    for _night in range(2):
        assert second_place.count(two_places, clock.now()).wrong == 1
        clock.forward(days=1)
    assert any("请从备份恢复" in one for one in health.look(two_places).problems())


def test_a_place_that_is_not_mounted_is_told_and_nothing_is_written_there(
    two_places: Installation, clock: StoppedClock, life: Life, upload: Upload
) -> None:
    upload(b"first")
    second = two_places.settings.file_places[1]
    away = second.rename(second.with_name("elsewhere"))
    second.mkdir()  # a mount point without its disk
    held = upload(b"second")
    assert held.copied_at is None and list(second.iterdir()) == []
    assert any("没有挂载" in one for one in health.look(two_places).problems())
    with pytest.raises(Refusal):
        second_place.count(two_places, clock.now())
    second.rmdir()
    away.rename(second)
    clock.forward(minutes=20)
    assert any("还没有复制" in one for one in health.look(two_places).problems())
    look_after_files(two_places, clock.now())
    drain(two_places)
    read_again(life, held)
    assert held.copied_at is not None and health.look(two_places).files.problems() == []


def test_a_folder_of_others_is_never_taken(
    two_places: Installation, clock: StoppedClock, upload: Upload, life: Life
) -> None:
    second = two_places.settings.file_places[1]
    second.mkdir()
    precious = second / "somebody's only copy"
    precious.write_bytes(b"x")
    held = upload(b"words")
    clock.forward(days=400)
    with two_places.readings() as db:
        erasure.remove_strays(db, two_places.settings, clock.now())
    assert held.copied_at is None and precious.exists() and [path.name for path in second.iterdir()] == [precious.name]
    with pytest.raises(Refusal):
        second_place.begin_anew(two_places, SYSTEM)


def test_another_disk_takes_over_and_gets_everything(
    two_places: Installation, clock: StoppedClock, upload: Upload, life: Life
) -> None:
    held = upload(LONG)
    fresh = two_places.settings.file_places[1].with_name("third")
    two_places.settings = replace(two_places.settings, second_place=fresh)
    assert health.look(two_places).files.second is False
    second_place.begin_anew(two_places, SYSTEM)
    assert second_place.count(two_places, clock.now()) == (1, 0, 1, 0)
    assert (fresh / held.stored_as).is_file()


def test_a_person_is_erased_from_both(two_places: Installation, life: Life, upload: Upload) -> None:
    ticket = ended(life)
    held = upload(LONG, ticket)
    copies = paths(two_places, held)
    assert all(path.is_file() for path in copies)
    erase_person_now(two_places, "13900001234", "本人要求")
    assert not any(path.exists() for path in copies)


def test_a_copy_that_was_away_when_its_person_was_erased_goes_when_it_is_back(
    two_places: Installation, clock: StoppedClock, life: Life, upload: Upload
) -> None:
    held = upload(LONG, ended(life))
    second = two_places.settings.file_places[1]
    away = second.rename(second.with_name("elsewhere"))
    erase_person_now(two_places, "13900001234", "本人要求")
    away.rename(second)
    assert (second / held.stored_as).is_file()
    with two_places.readings() as db:
        erasure.remove_strays(db, two_places.settings, clock.now() + timedelta(days=4000))
    assert [path.name for path in second.iterdir()] == [place.MARK]


def test_a_file_that_is_erased_while_it_is_copied_leaves_no_copy(
    two_places: Installation, life: Life, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = upload(LONG, run=False)
    bring = second_place._brought

    def erased_meanwhile(source: Path, target: Path) -> bool:
        done = bring(source, target)
        life.db.delete(held)
        life.db.commit()
        return done

    monkeypatch.setattr(second_place, "_brought", erased_meanwhile)
    drain(two_places)
    assert not paths(two_places, held)[1].exists()


def test_a_change_of_keys_needs_nothing_of_the_copies(two_places: Installation, life: Life, upload: Upload) -> None:
    held = upload(LONG)
    rotation.rotate(two_places.engine, two_places.settings, life.now)
    paths(two_places, held)[0].unlink()
    assert read(two_places, held) == b"%PDF-1.7\n" + LONG


def test_a_second_place_inside_the_first_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HOTLINE_SECOND_PLACE"):
        read_settings({"HOTLINE_VAR": str(tmp_path), "HOTLINE_SECOND_PLACE": str(tmp_path / "attachments" / "second")})


def test_the_drill_of_a_backup_touches_no_second_place(two_places: Installation, tmp_path: Path) -> None:
    from hotline.backups.restore import beside

    assert beside(two_places.settings, "sqlite://", tmp_path).file_places == (tmp_path,)
    master_key.attach(two_places.engine, two_places.settings)
