"""Many new rows in one statement: what the unit of work would have written, and then as if loaded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError

from models import Citizen, Ticket, TicketEvent, TicketText, make_sessions, rows
from models.rows import as_loaded, insert_all_once, insert_new

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def tickets(*numbers: int) -> list[Ticket]:
    return [
        Ticket(
            id=n,
            number=f"t{n}",
            query_code="x",
            state="draft",
            version=1,
            channel="web",
            title=f"第 {n} 件",
            request_type="help",
            created_at=NOW,
            moved_at=NOW,
        )
        for n in numbers
    ]


def story(ticket_id: int, action: str) -> TicketEvent:
    return TicketEvent(
        ticket_id=ticket_id,
        at=NOW,
        action=action,
        to_state="draft",
        round=1,
        actor_kind="system",
        actor_name="系统",
        data={"n": ticket_id},
    )


def test_rows_are_written_with_the_columns_defaults_and_read_back(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        insert_new(db, tickets(1, 2))
        db.commit()
    with make_sessions(engine)() as db:
        first, second = db.scalars(select(Ticket).order_by(Ticket.id))
        assert (first.title, second.title) == ("第 1 件", "第 2 件")
        assert (first.urgency, first.must_sign, first.urges, first.closed_at, first.created_at) == (
            "normal",
            False,
            0,
            None,
            NOW,
        )


def test_rows_receive_the_ids_the_database_gives_each_its_own(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        insert_new(db, tickets(1, 2, 3))
        events = [story(n, f"a{n}") for n in (3, 1, 2)]
        insert_new(db, events)
        assert [db.get_one(TicketEvent, one.id).action for one in events] == ["a3", "a1", "a2"]
        assert db.get_one(TicketEvent, events[0].id).data == {"n": 3}


def test_as_loaded_they_are_changed_like_any_other_without_being_read_again(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        (ticket,) = made = tickets(7)
        insert_new(db, made)
        as_loaded(db, made)
        asked: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda _c, _cur, statement, *_rest: asked.append(statement))
        assert ticket.closed_at is None and ticket.safety is False and db.get(Ticket, 7) is ticket
        assert asked == []
        ticket.title = "改过的"
        db.flush()
        assert ticket.version == 2
        assert db.scalar(select(Ticket.title)) == "改过的"


def test_a_row_that_points_to_nothing_is_refused(engine: Engine) -> None:
    with make_sessions(engine)() as db, pytest.raises(IntegrityError):
        insert_new(db, [TicketText(ticket_id=99, body="谁的？", extra={})])


def test_nothing_new_is_nothing_written(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        insert_new(db, [])
        as_loaded(db, [])
        assert db.scalar(select(Ticket.id)) is None


def test_more_rows_than_one_statement_holds_each_keep_their_own_id(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_VALUES", 100)
    with make_sessions(engine)() as db:
        insert_new(db, tickets(*range(1, 41)))
        events = [story(n, f"a{n}") for n in range(1, 41)]
        insert_new(db, events)
        found = db.execute(select(TicketEvent.id, TicketEvent.action)).all()
        assert {one.id: one.action for one in events} == dict(found)
        assert len(found) == 40


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
