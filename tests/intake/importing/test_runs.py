"""An import by jobs: looked at, mapped, taken in piece by piece; cut off anywhere, nothing is lost and nothing counted twice."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.importing import runs
from hotline.outbox.runner import drain
from hotline.tickets.roles import SYSTEM
from models import ImportRun, Job, Ticket

HEADS = "编号,诉求内容,联系电话"


def table(n: int, heads: str = HEADS) -> bytes:
    return "\n".join(
        [
            heads,
            *(f"N{i},第 {i} 盏路灯不亮,138{i:08d}" for i in range(1, n + 1)),
            "N1,另一件事,",
            "N2,第 2 盏路灯不亮,",
            "N9999,,",
        ]
    ).encode()


def begun(installation: Installation, content: bytes, name: str = "旧系统.csv", **options: object) -> int:
    with installation.sessions() as db:
        run = runs.start(
            db,
            installation.settings.var,
            name,
            io.BytesIO(content),
            {"columns": {}, **options},
            SYSTEM,
            installation.clock.now(),
        )
        db.commit()
        return run.id


def of(installation: Installation, run_id: int) -> ImportRun:
    with installation.readings() as db:
        return db.get_one(ImportRun, run_id)


def start(installation: Installation, run_id: int) -> None:
    with installation.sessions() as db:
        runs.begin(db, db.get_one(ImportRun, run_id), installation.clock.now())
        db.commit()


def tickets(installation: Installation) -> int:
    with installation.readings() as db:
        return db.scalar(select(func.count()).select_from(Ticket)) or 0


def rejects(installation: Installation, run: ImportRun) -> list[dict[str, Any]]:
    """As their reader gets them; the file itself tells nobody."""
    var = installation.settings.var
    assert all(b"13800000" not in path.read_bytes() for path in runs.folder_of(var, run).glob("rejects-*"))
    with installation.readings() as db:
        return list(runs.rejects_of(db, var, run))


def piece(installation: Installation, run_id: int) -> None:
    """Only the enqueued piece of this import, none of the other jobs."""
    with installation.sessions() as db:
        run = db.get_one(ImportRun, run_id)
        runs.take_piece(db, installation, run_id, run.position)
        db.commit()


def test_a_file_is_looked_at_then_taken_in_and_everything_adds_up(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PIECE", 20)
    run_id = begun(installation, table(50))
    drain(installation)
    looked = of(installation, run_id)
    assert (looked.state, looked.rows, tickets(installation)) == ("looked", 53, 0)
    assert looked.understood["twice_other"] == 1
    assert len(looked.understood["preview"]) == 10
    assert "13800000001" not in str(looked.understood), "the preview is starred"
    start(installation, run_id)
    drain(installation)
    done = of(installation, run_id)
    assert (done.state, done.read, done.new, done.known, done.conflict, done.rejected) == ("done", 53, 50, 1, 1, 1)
    assert tickets(installation) == 50
    folder = runs.folder_of(installation.settings.var, done)
    assert {path.name[:7] for path in folder.iterdir()} == {"rejects"}, (
        "the citizens' words are not kept beside the tickets"
    )
    assert [(row["line"], row["row"]["编号"]) for row in rejects(installation, done)] == [
        (52, "N1"),
        (54, "N9999"),
    ]


def test_a_piece_that_was_cut_off_is_done_again_and_counted_once(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PIECE", 20)
    run_id = begun(installation, table(50))
    drain(installation)
    start(installation, run_id)
    piece(installation, run_id)
    with installation.sessions() as db:
        runs.take_piece(db, installation, run_id, db.get_one(ImportRun, run_id).position)
        db.rollback()  # killed before the commit
    assert (of(installation, run_id).read, tickets(installation)) == (20, 20)
    with installation.sessions() as db:
        runs.take_piece(db, installation, run_id, 0)  # told twice
        db.commit()
    assert of(installation, run_id).read == 20
    drain(installation)
    done = of(installation, run_id)
    assert (done.state, done.read, done.new, tickets(installation)) == ("done", 53, 50, 50)


def test_equal_rows_without_a_number_stay_apart_over_the_edges_of_pieces(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PIECE", 2)
    content = "\n".join(["诉求内容,联系电话", *["路灯不亮,13800010001"] * 7]).encode()
    for new, known in ((7, 0), (0, 7)):
        run_id = begun(installation, content)
        drain(installation)
        start(installation, run_id)
        drain(installation)
        assert (of(installation, run_id).new, of(installation, run_id).known) == (new, known)


def test_a_file_in_doubt_waits_for_a_person_who_says_which_column_it_is(installation: Installation) -> None:
    run_id = begun(
        installation, "编号,标题,群众说的话\n1,路灯,平原路与永明路口东北角路灯连续五晚不亮孩子放学看不见路\n".encode()
    )
    drain(installation)
    refused = of(installation, run_id)
    assert (refused.state, refused.options["every_column"]) == ("refused", ["编号", "标题", "群众说的话"])
    assert "群众说的话" in (refused.trouble or "")
    with pytest.raises(Refusal):
        start(installation, run_id)
    with installation.sessions() as db:
        runs.remap(db, db.get_one(ImportRun, run_id), {"body": "群众说的话", "title": "标题"}, installation.clock.now())
        db.commit()
    drain(installation)
    assert of(installation, run_id).state == "looked"
    start(installation, run_id)
    drain(installation)
    with installation.readings() as db:
        assert db.scalars(select(Ticket.title)).all() == ["路灯"]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(installation: Installation) -> None:
    with pytest.raises(Refusal, match=r"坏的\.xlsx"):
        begun(installation, b"PK\x03\x04 no workbook", "坏的.xlsx")
    assert not list((installation.settings.var / "imports").iterdir())
    with installation.readings() as db:
        assert db.scalar(select(func.count()).select_from(Job)) == 0


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "a/b\\c.csv", "x" * 400 + ".csv", "名字.CSV.gz", "..\\x:y.csv"]
)
def test_the_name_of_a_file_leads_nowhere_else(installation: Installation, name: str) -> None:
    run = of(installation, begun(installation, table(3) if not name.endswith("gz") else gzip.compress(table(3)), name))
    folder = runs.folder_of(installation.settings.var, run)
    assert folder.parent == installation.settings.var / "imports"
    assert {path.name for path in folder.iterdir()} == {"file"}
    (stored,) = (folder / "file").iterdir()
    assert stored.suffix in (".csv", ".gz")


def test_what_is_dropped_is_gone_and_what_is_old_goes(installation: Installation, tmp_path: Path) -> None:
    dropped, old = begun(installation, table(3)), begun(installation, table(3))
    with installation.sessions() as db:
        runs.drop(installation.settings.var, db.get_one(ImportRun, dropped), installation.clock.now())
        runs.forget_old(db, installation.settings.var, installation.clock.now() + runs.KEPT * 2)
        db.commit()
    assert not runs.folder_of(installation.settings.var, of(installation, dropped)).exists()
    assert not runs.folder_of(installation.settings.var, of(installation, old)).exists()
    drain(installation)


def test_a_piece_that_takes_long_ends_early_and_the_rest_follows(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A piece holds the database for about a second, however slow the machine is."""
    monkeypatch.setattr(runs, "LONGEST", 0.0)
    run_id = begun(installation, table(50))
    drain(installation)
    start(installation, run_id)
    piece(installation, run_id)
    assert of(installation, run_id).read == runs.FEW
    drain(installation)
    done = of(installation, run_id)
    assert (done.state, done.read, done.new, done.known, done.conflict, done.rejected) == ("done", 53, 50, 1, 1, 1)


def test_a_piece_takes_as_many_rows_as_fit_and_never_more(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "LONGEST", 3600.0)
    monkeypatch.setattr(runs, "PIECE", 40)
    run_id = begun(installation, table(50))
    drain(installation)
    start(installation, run_id)
    piece(installation, run_id)
    assert of(installation, run_id).read == 40
