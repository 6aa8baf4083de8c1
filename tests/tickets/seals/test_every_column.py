"""Every column of every table under seals is under them: whatever it is made to say, `verify` names the row (V7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, select
from sqlalchemy.types import JSON

from hotline.settings import Settings
from hotline.tickets.seals import archives, chain, row_seals, seal_files
from models import LogArchive, RowSeal, Survey, Ticket
from models.store.db import Base
from tests.support.doubles.tampering import problems
from tests.support.life import Life

TABLES = (*(table.__tablename__ for table in row_seals.NAMES), *chain.LOGS, "seal")
AS_A_KEY = {"id", "number", "token", "hash"}
"""No two rows may say the same there: one row is tampered with at a time."""


@pytest.fixture
def told(lived: Life, settings: Settings) -> Life:
    """The head of the chain was told outside, and bells have rung."""
    seal_files._write(settings.var / seal_files.NEWEST, seal_files._line(chain.head_of(lived.db), lived.clock.now()))
    lived.db.rollback()
    return lived


def otherwise(column: Column[Any]) -> str:
    """An expression of SQL that says something else than the column does."""
    kind = getattr(column.type, "impl_instance", column.type)
    if isinstance(kind, Boolean):
        return f'NOT coalesce("{column.name}", false)'
    if isinstance(kind, Integer):
        return f'coalesce("{column.name}", 0) + 100000'
    if isinstance(kind, JSON):
        return """'{"x": 1}'"""
    try:
        moment = kind.python_type is datetime
    except NotImplementedError:
        moment = False
    return "'2031-03-03 01:02:03'" if moment else "'x'"


def test_v7_whatever_a_column_is_made_to_say_the_row_is_named(told: Life, settings: Settings) -> None:
    assert problems(told, settings) == ""
    for name in TABLES:
        table = Base.metadata.tables[name]
        row = max(told.db.scalars(select(table.c.id)), default=0)
        assert row, name
        told.db.rollback()
        for column in table.columns:
            said = problems(told, settings, f'UPDATE {name} SET "{column.name}" = {otherwise(column)} WHERE id = {row}')
            assert f"{row} 行" in said or f"封条 {row}" in said, (name, column.name, said)


def test_v7_what_is_no_value_of_its_column_is_named_and_stops_nothing(told: Life, settings: Settings) -> None:
    """SQLite takes any words for a moment, a number or JSON."""
    if told.db.get_bind().dialect.name != "sqlite":
        return
    for name, column in (
        ("ticket_event", "at"),
        ("ticket_event", "data"),
        ("audit", "detail"),
        ("deadline", "due_at"),
        ("review", "reasons"),
    ):
        rows = sorted(told.db.scalars(select(Base.metadata.tables[name].c.id)))
        told.db.rollback()
        wrong = f"UPDATE {name} SET {column} = 'gestern' WHERE id IN ({rows[0]}, {rows[-1]})"
        said = problems(told, settings, wrong, "UPDATE survey SET valid = NOT valid")
        assert "评价第" in said and all(
            f"第 {row} 行" in said or f"{row}、" in said or f"、{row} 行" in said for row in (rows[0], rows[-1])
        ), (name, said)


def test_v7_a_mark_of_any_words_is_wrong_and_stops_nothing(told: Life, settings: Settings) -> None:
    for name, column in (("ticket_event", "mark"), ("audit", "mark"), ("row_seal", "digest")):
        row = max(told.db.scalars(select(Base.metadata.tables[name].c.id)))
        told.db.rollback()
        for mark in ("别人写的", "2.", "2.别人", ""):
            said = problems(told, settings, f"UPDATE {name} SET {column} = '{mark}' WHERE id = {row}")
            assert f"第 {row} 行" in said, (name, mark, said)


def test_v7_what_was_archived_is_told_by_every_column(lived: Life) -> None:
    assert set(LogArchive.__table__.columns.keys()) == {*archives._SAID, "id", "mark"}


def test_v7_a_row_that_is_put_back_with_a_copy_of_its_former_mark_is_named(lived: Life, settings: Settings) -> None:
    """The seals say what a row may say; only the newest of them holds, and none is worth anything twice."""
    survey = lived.db.scalars(select(Survey).order_by(Survey.id)).first()
    assert survey is not None
    row, before = survey.id, survey.comment
    mark = lived.db.scalars(select(RowSeal.digest).where(_marks_of("survey", row)).order_by(RowSeal.id)).all()[-1]
    survey.comment = "后来改的话"
    lived.db.commit()
    copy = f"INSERT INTO row_seal (id, at, log_of, row_id, digest) SELECT max(id) + 1, max(at), 'survey', {row}, '{mark}' FROM row_seal"
    back = f"UPDATE survey SET comment = {'NULL' if before is None else repr(before)} WHERE id = {row}"
    assert f"第 {row} 行" in problems(lived, settings, back, copy)


@pytest.mark.parametrize("mark", ["-", "copied", "forged"])
def test_v7_a_row_that_is_removed_with_a_mark_that_says_so_is_named(lived: Life, settings: Settings, mark: str) -> None:
    """Only the program may say that it removed a row: by a word under the key, and once for each row."""
    first, second, *_rest = sorted(lived.db.scalars(select(Survey.id)))
    lived.db.delete(lived.db.get(Survey, first))
    lived.db.commit()
    of_another = lived.db.scalars(select(RowSeal.digest).where(_marks_of("survey", first)).order_by(RowSeal.id)).all()[
        -1
    ]
    lived.db.rollback()
    assert problems(lived, settings) == ""
    said = {"-": "-", "copied": of_another, "forged": row_seals.digest(Survey, second, None, b"another key")}[mark]
    gone = f"INSERT INTO row_seal (id, at, log_of, row_id, digest) SELECT max(id) + 1, max(at), 'survey', {second}, '{said}' FROM row_seal"
    assert f"第 {second} 行" in problems(lived, settings, f"DELETE FROM survey WHERE id = {second}", gone)


def test_marks_of_the_release_before_hold_until_the_first_new_one(lived: Life, settings: Settings) -> None:
    """They are over fewer columns; a mark of that form that comes after the present ones is none of ours."""
    key = seal_files.seal_key(settings)
    former = {
        (table.__tablename__, row_id): row_seals._former_digest(table, row_id, values, key)
        for window in row_seals.windows(lived.db)
        for table in (window.table,)
        for row_id, values in row_seals._living(lived.db, window)
    }
    lived.db.rollback()
    rewrite = [
        f"UPDATE row_seal SET digest = '{mark}' WHERE log_of = '{name}' AND row_id = {row}"
        for (name, row), mark in former.items()
    ]
    said = problems(lived, settings, *rewrite, "DELETE FROM seal WHERE log = 'row_seal'")
    assert "不是程序写的" not in said and "改动过" not in said and "改回过" not in said, said
    newest = max(row for name, row in former if name == "reply")
    later = f"INSERT INTO row_seal (id, at, log_of, row_id, digest) SELECT max(id) + 1, max(at), 'reply', {newest}, '{former['reply', newest]}' FROM row_seal"
    assert f"第 {newest} 行" in problems(lived, settings, later)


def test_what_is_done_to_a_closed_ticket_by_the_program_is_no_damage(lived: Life, settings: Settings) -> None:
    """Opened again, worked at, closed again: while it is open its desks may change it, and its closing stays marked."""
    ticket = lived.db.scalars(select(Ticket).order_by(Ticket.id)).first()
    assert ticket is not None and ticket.closed_at is not None
    closed_at, kind = ticket.closed_at, ticket.close_kind
    for values in (
        {"category_code": "0101", "dissatisfied": True},
        {"closed_at": None, "close_kind": None},
        {"title": "改过的标题", "urges": 3},
        {"closed_at": closed_at, "close_kind": kind},
        {"urges": 4},
    ):
        for name, value in values.items():
            setattr(ticket, name, value)
        lived.db.commit()
        assert problems(lived, settings) == "", values
    number = ticket.id
    lived.db.rollback()
    assert f"第 {number} 行" in problems(lived, settings, f"UPDATE ticket SET urges = 0 WHERE id = {number}")


def _marks_of(name: str, row: int) -> Any:
    return (RowSeal.log_of == name) & (RowSeal.row_id == row)
