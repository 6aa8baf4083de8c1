"""Ten kinds of damage, planted in every table that figures and history rest on, past triggers and program: each is found and its row named (V7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from sqlalchemy import func, select, text

from hotline.settings import Settings
from hotline.tickets.privacy import audit
from hotline.tickets.seals import chain, log_marks, row_seals, seal_files
from models import RowSeal
from models.store.db import Base
from tests.support.doubles.tampering import past_the_triggers, problems
from tests.support.life import Life

ROWS = {table.__tablename__: table for table in row_seals.NAMES}
LOGS = {name: table for name, table in chain.LOGS.items() if table is not RowSeal}
SAID = {
    "reply": "facts",
    "review": "note",
    "survey": "comment",
    "petition": "reason",
    "deadline": "end_reason",
    "ticket": "close_kind",
    "ticket_event": "actor_name",
    "audit": "actor_name",
}
"""A column of each that somebody would like to say something else."""


def ids(life: Life, name: str) -> list[int]:
    found = sorted(life.db.scalars(select(Base.metadata.tables[name].c.id)))
    life.db.rollback()
    assert len(found) >= 3, name
    return found


def columns(name: str, *without: str) -> str:
    return ", ".join(f'"{one}"' for one in Base.metadata.tables[name].columns.keys() if one not in without)  # noqa: SIM118


def edited(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    return [f"UPDATE {name} SET {SAID[name]} = 'x' WHERE id = {rows[1]}"], [rows[1]]


def moved_in_time(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    moment = next(
        one
        for one in ("closed_at", "asked_at", "started_at", "at", "created_at")
        if one in Base.metadata.tables[name].c
    )
    return [f"UPDATE {name} SET {moment} = '2026-03-03 01:02:03' WHERE id = {rows[1]}"], [rows[1]]


def deleted(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    return [f"DELETE FROM {name} WHERE id = {rows[1]}"], [rows[1]]


def cut_off(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    return [f"DELETE FROM {name} WHERE id >= {rows[-2]}"], rows[-2:]


def emptied(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    return [f"DELETE FROM {name}"], rows


def exchanged(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    a, b = rows[0], rows[2]
    return [
        f"UPDATE {name} SET id = -1 WHERE id = {a}",
        f"UPDATE {name} SET id = {a} WHERE id = {b}",
        f"UPDATE {name} SET id = {b} WHERE id = -1",
    ], [a, b]


def moved(name: str, rows: list[int]) -> tuple[list[str], list[int]]:
    return [f"UPDATE {name} SET id = {rows[-1] + 1000} WHERE id = {rows[1]}"], [rows[1]]


KINDS: tuple[Callable[[str, list[int]], tuple[list[str], list[int]]], ...] = (
    edited,
    moved_in_time,
    deleted,
    cut_off,
    emptied,
    exchanged,
    moved,
)


def named(said: str, rows: Iterable[int]) -> bool:
    """Each row by its number; of more than twenty under one seal the first twenty."""
    return all(f"第 {row} 行" in said or f"{row}、" in said or f"、{row} 行" in said for row in [*rows][:20])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_v7_damage_of_this_kind_is_found_in_every_table_and_its_row_is_named(
    lived: Life, settings: Settings, kind: Callable[[str, list[int]], tuple[list[str], list[int]]]
) -> None:
    assert problems(lived, settings) == ""
    for name in (*ROWS, *LOGS):
        statements, rows = kind(name, ids(lived, name))
        said = problems(lived, settings, *statements)
        assert named(said, rows), (name, rows, said)


def test_v7_a_row_slipped_in_is_named_in_every_table(lived: Life, settings: Settings) -> None:
    """A copy of a true row under a number of its own, at the end and, where numbers are free, in the middle."""
    for name in ROWS:
        new, unique = ids(lived, name)[-1] + 1, {"survey": ("token",), "ticket": ("number",)}.get(name, ())
        told = "".join(f", '{one}-x'" for one in unique)
        kept = columns(name, "id", *unique, *(("round",) if name in ("survey", "reply") else ()))
        more = ', "round"' if name in ("survey", "reply") else ""
        said = problems(
            lived,
            settings,
            f"INSERT INTO {name} (id{''.join(f', {one}' for one in unique)}, {kept}{more}) "
            f"SELECT {new}{told}, {kept}{', 7' if more else ''} FROM {name} WHERE id = {ids(lived, name)[0]}",
        )
        assert named(said, [new]) and "不是程序写的" in said, (name, said)


@pytest.mark.parametrize("mark", ["copied", "none", "forged"])
def test_v7_a_row_put_at_the_end_of_a_log_is_named_before_and_after_it_is_sealed(
    lived: Life, settings: Settings, mark: str
) -> None:
    """The chain would seal it with the others: its own mark says that the program did not write it."""
    for name, table in LOGS.items():
        first, new = ids(lived, name)[0], ids(lived, name)[-1] + 1
        kept = columns(name, "id", "mark")
        said = {one: getattr(lived.db.get(table, first), one) for one in log_marks.COLUMNS[table]}
        forged = log_marks.mark_of(table, said, b"another key")
        lived.db.rollback()
        told = {"copied": "mark", "none": "NULL", "forged": f"'{forged}'"}[mark]
        statement = f"INSERT INTO {name} (id, {kept}, mark) SELECT {new}, {kept}, {told} FROM {name} WHERE id = {first}"
        assert named(problems(lived, settings, statement), [new]), name
        lived.db.execute(text(statement))
        lived.db.commit()
        lived.clock.forward(minutes=10)
        chain.seal(lived.db, lived.clock.now(), key=seal_files.seal_key(settings))
        lived.db.commit()
        assert named(problems(lived, settings), [new]), name


def test_v7_what_an_earlier_release_wrote_without_marks_is_no_damage(lived: Life, settings: Settings) -> None:
    past_the_triggers(lived.db)
    for name in LOGS:
        lived.db.execute(text(f"UPDATE {name} SET mark = NULL WHERE id <= {ids_of_half(lived, name)}"))
    lived.db.execute(text("DELETE FROM seal"))
    lived.db.expire_all()
    chain.seal(lived.db, lived.clock.now(), key=seal_files.seal_key(settings))
    assert seal_files.verify(lived.db, settings).problems == []


def ids_of_half(life: Life, name: str) -> int:
    found = sorted(life.db.scalars(select(Base.metadata.tables[name].c.id)))
    return int(found[len(found) // 2])


def test_v7_marks_made_anew_without_the_key_are_found(lived: Life, settings: Settings) -> None:
    """Recomputed: the row is changed, and its newest mark is one that the program itself would make, under another key."""
    for name, table in ROWS.items():
        row = ids(lived, name)[1]
        past_the_triggers(lived.db)
        lived.db.execute(text(f"UPDATE {name} SET {SAID[name]} = 'x' WHERE id = {row}"))
        values = next(values for _one, values in row_seals._living(lived.db, row_seals.Window(table, row, row)))
        forged = row_seals.digest(table, row, values, b"another key")
        lived.db.execute(text(f"UPDATE row_seal SET digest = '{forged}' WHERE log_of = '{name}' AND row_id = {row}"))
        said = "\n".join(seal_files.verify(lived.db, settings).problems)
        lived.db.rollback()
        assert named(said, [row]) and "row_seal" in said, (name, said)


def test_v7_a_mark_that_was_true_once_and_the_row_with_it_are_no_way_back(lived: Life, settings: Settings) -> None:
    """Put back: the newest mark is taken away, and the row says again what its former mark says."""
    survey = lived.db.scalars(select(ROWS["survey"])).first()
    assert survey is not None
    row, before = survey.id, survey.comment
    survey.comment = "后来改的话"
    lived.db.commit()
    lived.clock.forward(minutes=10)
    chain.seal(lived.db, lived.clock.now(), key=seal_files.seal_key(settings))
    lived.db.commit()
    newest = lived.db.scalar(select(func.max(RowSeal.id)).where(RowSeal.log_of == "survey", RowSeal.row_id == row))
    lived.db.rollback()
    said = problems(
        lived,
        settings,
        f"UPDATE survey SET comment = {'NULL' if before is None else repr(before)} WHERE id = {row}",
        f"DELETE FROM row_seal WHERE id = {newest}",
    )
    assert f"第 {newest} 行" in said


def test_v7_everything_emptied_together_is_found_by_the_heads_that_were_told(lived: Life, settings: Settings) -> None:
    seal_files._write(settings.var / seal_files.NEWEST, seal_files._line(chain.head_of(lived.db), lived.clock.now()))
    lived.db.rollback()
    tables = ("seal", "row_seal", "audit", "ticket_event", "survey", "review")
    said = problems(lived, settings, *(f"DELETE FROM {name}" for name in tables))
    assert "已对外公布的封条" in said and "没有任何办理记录" in said


def test_v7_a_table_that_is_gone_is_named_and_no_error(lived: Life, settings: Settings) -> None:
    for name in ("seal", *LOGS, "row_seal", "survey"):
        said = problems(lived, settings, f"ALTER TABLE {name} RENAME TO gone")
        assert f"数据表 {name} 不在了" in said


def test_v7_seals_themselves_are_named(lived: Life, settings: Settings) -> None:
    newest = ids(lived, "seal")[-1]
    for statement in (
        f"UPDATE seal SET digest = 'x' WHERE id = {newest}",
        f"UPDATE seal SET marks = '' WHERE id = {newest}",
        f"UPDATE seal SET version = 1 WHERE id = {newest}",
        f"UPDATE seal SET sealed_at = '2026-03-03 01:02:03' WHERE id = {newest}",
    ):
        assert f"封条 {newest} " in problems(lived, settings, statement), statement


@pytest.mark.parametrize("name", ["audit", "ticket_event"])
@pytest.mark.parametrize("whose", ["1 = 1", "id <= (SELECT max(id) FROM {name})"], ids=["all", "up to it"])
def test_v7_marks_taken_out_of_every_row_do_not_make_them_an_earlier_releases(
    lived: Life, settings: Settings, name: str, whose: str
) -> None:
    """A row of the last minutes is under no link yet: without any mark it was taken for one of a release that made none."""
    ticket = lived.to("handling")
    audit.record(lived.db, "reveal", lived.people["an"], lived.now, subject="phone", reason="核实")
    lived.db.commit()
    newest = ids(lived, name)[-1]
    said = problems(
        lived,
        settings,
        f"UPDATE {name} SET mark = NULL WHERE {whose.format(name=name)}",
        f"UPDATE {name} SET actor_name = 'x' WHERE id = {newest}",
    )
    assert ticket and named(said, [newest])
