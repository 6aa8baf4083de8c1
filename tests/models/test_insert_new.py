"""Many new rows in one statement: what the unit of work would have written, and then as if loaded."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError

from models import Ticket, TicketEvent, TicketText, make_sessions
from models.rows import as_loaded, insert_new

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def tickets(*numbers: int) -> list[Ticket]:
    return [Ticket(id=n, number=f"t{n}", query_code="x", state="draft", version=1, channel="web", title=f"第 {n} 件", request_type="help",
                   created_at=NOW, moved_at=NOW) for n in numbers]


def story(ticket_id: int, action: str) -> TicketEvent:
    return TicketEvent(ticket_id=ticket_id, at=NOW, action=action, to_state="draft", round=1, actor_kind="system", actor_name="系统", data={"n": ticket_id})


def test_rows_are_written_with_the_columns_defaults_and_read_back(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        insert_new(db, tickets(1, 2))
        db.commit()
    with make_sessions(engine)() as db:
        first, second = db.scalars(select(Ticket).order_by(Ticket.id))
        assert (first.title, second.title) == ("第 1 件", "第 2 件")
        assert (first.urgency, first.must_sign, first.urges, first.closed_at, first.created_at) == ("normal", False, 0, None, NOW)


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
