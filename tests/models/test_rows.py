"""Rows that may be there already: only the new ones are written, and named."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from models import Citizen, Receipt, make_sessions
from models.rows import insert_all_once, insert_once

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def test_rows_that_exist_are_left_out_and_only_the_new_ones_are_named(engine: Engine) -> None:
    def caller(phone: str) -> dict[str, object]:
        return {"phone": phone, "name": None, "language": "zh", "no_texts": False, "created_at": NOW}

    with make_sessions(engine)() as db:
        before = insert_all_once(db, Citizen, ["phone"], [caller("1"), caller("3")])
        after = insert_all_once(db, Citizen, ["phone"], [caller("1"), caller("2"), caller("3"), caller("4")])
        kept = dict(db.execute(select(Citizen.id, Citizen.phone)).all())
        assert {kept[number] for number in before} == {"1", "3"}
        assert {kept[number] for number in after} == {"2", "4"}
        assert insert_all_once(db, Citizen, ["phone"], [caller("4")]) == []


def test_more_rows_than_one_statement_holds_are_all_named(engine: Engine) -> None:
    rows = [
        {"phone": str(n), "name": None, "language": "zh", "no_texts": False, "created_at": NOW} for n in range(8_000)
    ]
    with make_sessions(engine)() as db:
        made = insert_all_once(db, Citizen, ["phone"], rows)
        assert sorted(made) == sorted(db.scalars(select(Citizen.id)))
        assert len(made) == 8_000


def test_nothing_new_is_nothing_written(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        assert insert_all_once(db, Citizen, ["phone"], []) == []


def test_what_is_told_twice_is_told_once_with_its_structure_kept(engine: Engine) -> None:
    told = {"provider": "p", "kind": "contact", "event_id": "1", "received_at": NOW, "result": {"号": [1, None]}}
    with make_sessions(engine)() as db:
        made = insert_once(db, Receipt, ["provider", "kind", "event_id"], **told)
        assert insert_once(db, Receipt, ["provider", "kind", "event_id"], **told) is None
        assert db.get_one(Receipt, made).result == {"号": [1, None]}
