"""Pictures of earlier releases lose what the camera wrote, once, whatever stops the work in the middle (M3)."""

from __future__ import annotations

import hashlib

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from hotline.installation import Installation
from hotline.keys import hidden_files
from hotline.tickets.privacy import stored_pictures
from hotline.tickets.privacy.stored_pictures import Cleaned, clean_stored
from models import Attachment, Audit, Ticket
from models.store.hidden import ring_of
from tests.support.life import Life
from tests.support.papers.pictures import PLACE, jpeg, png, webp

FILM = b"\x00\x00\x00\x18ftypmp42" + b"\xa9xyz\x00\x12\x15\xc7+36.1000+114.3500/" + b"moov"
CLEAN = b"\xff\xd8\xff\xd9"


def stored(life: Life, installation: Installation, ticket: Ticket, *files: tuple[bytes, str]) -> list[int]:
    """Rows and bytes as a release kept them that left nothing out."""
    folder, ids = installation.settings.attachments, []
    folder.mkdir(parents=True, exist_ok=True)
    for n, (content, kind) in enumerate(files):
        name = f"{n:040x}"
        (folder / name).write_bytes(content)
        row = Attachment(ticket_id=ticket.id, side="citizen", name=f"{n}", stored_as=name, media_type=kind, size=len(content),
                         sha256=hashlib.sha256(content).hexdigest(), added_by_name="市民", added_at=life.now)  # fmt: skip
        life.db.add(row)
        life.db.flush()
        ids.append(row.id)
    life.db.commit()
    return ids


@pytest.fixture
def old(life: Life, installation: Installation) -> list[int]:
    return stored(life, installation, life.ticket(), (jpeg(), "image/jpeg"), (b"%PDF-1.7 " + PLACE, "application/pdf"), (png(), "image/png"),
                  (webp(), "image/webp"), (FILM, "video/mp4"), (CLEAN, "image/jpeg"))  # fmt: skip


def rows(installation: Installation) -> list[Attachment]:
    with installation.readings() as db:
        return list(db.scalars(select(Attachment).order_by(Attachment.id)))


def content(installation: Installation, row: Attachment) -> bytes:
    path = installation.settings.attachments / row.stored_as
    with hidden_files.opened(path, ring_of(installation.engine)) as file:
        return file.read()


def test_stored_pictures_and_films_forget_where_they_were_taken(old: list[int], installation: Installation) -> None:
    assert clean_stored(installation) == Cleaned(looked=6, cleaned=6)
    folder = installation.settings.attachments
    assert not [path for path in folder.iterdir() if b"%PDF" in path.read_bytes() or PLACE in path.read_bytes()]
    kept = {row.media_type: content(installation, row) for row in rows(installation)}
    assert not [kind for kind, content in kept.items() if PLACE in content and kind.startswith("image/")]
    assert b"+36.1000" not in kept["video/mp4"] and len(kept["video/mp4"]) == len(FILM)
    assert PLACE in kept["application/pdf"]
    assert {path.name for path in folder.iterdir()} == {row.stored_as for row in rows(installation)}
    for row in rows(installation):
        plain = content(installation, row)
        assert (row.size, row.sha256) == (len(plain), hashlib.sha256(plain).hexdigest())
    with installation.readings() as db:
        assert "clean_attachments" in db.scalars(select(Audit.action)).all()


def test_a_second_run_has_nothing_to_do(old: list[int], installation: Installation) -> None:
    clean_stored(installation)
    assert clean_stored(installation) == Cleaned()
    assert clean_stored(installation, afresh=True) == Cleaned(looked=6)


@pytest.mark.parametrize("where", ["before the row", "after the row"])
def test_what_was_killed_in_the_middle_goes_on_and_loses_nothing(
    old: list[int], installation: Installation, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    honest = stored_pictures._written_clean if where == "before the row" else stored_pictures._note
    calls = []

    def killed(*args: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return honest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(stored_pictures, honest.__name__, killed)
    with pytest.raises(KeyboardInterrupt):
        clean_stored(installation)
    folder = installation.settings.attachments
    assert all((folder / row.stored_as).is_file() for row in rows(installation))
    clean_stored(installation)
    assert all((folder / row.stored_as).is_file() for row in rows(installation))
    assert not [
        row.id
        for row in rows(installation)
        if row.media_type.startswith("image/") and PLACE in content(installation, row)
    ]


def test_a_row_whose_bytes_are_gone_stops_nothing(old: list[int], installation: Installation) -> None:
    (installation.settings.attachments / rows(installation)[0].stored_as).unlink()
    assert clean_stored(installation) == Cleaned(looked=6, cleaned=5, lost=1)


def test_the_command_says_what_it_did(
    old: list[int], installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.cli.main import cli
    from hotline.cli.recovery import keeping

    monkeypatch.setattr(keeping, "the_installation", lambda quiet: installation)
    said = CliRunner().invoke(cli, ["attachments", "clean"])
    assert said.exit_code == 0 and "看了 6 个" in said.output and "共 6 个" in said.output
