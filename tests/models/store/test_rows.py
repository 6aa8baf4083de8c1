"""Many new rows in one statement; of rows that may be there already only the new ones are written, and named."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from models import Citizen, Receipt, Ticket, TicketEvent, make_sessions
from models.store.rows import insert_all_once, insert_new, insert_once

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


def tickets(*numbers: int) -> list[Ticket]:
    said = {
        "state": "draft",
        "channel": "web",
        "request_type": "help",
        "created_at": NOW,
        "moved_at": NOW,
    }
    return [Ticket(id=n, number=f"t{n}", title=f"第 {n} 件", **said) for n in numbers]


def event(ticket_id: int, action: str) -> TicketEvent:
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


def test_new_rows_have_the_columns_defaults_and_what_was_said_of_each(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        first, second = tickets(1, 2)
        second.closed_at, second.urgency = NOW, "urgent"
        first.urgency = "normal"
        insert_new(db, [first, second])
        first, second = db.scalars(select(Ticket).order_by(Ticket.id))
        assert (first.title, first.must_sign, first.urges, first.closed_at, first.version) == (
            "第 1 件",
            False,
            0,
            None,
            1,
        )
        assert (second.closed_at, second.urgency, second.created_at) == (NOW, "urgent", NOW)


def test_new_rows_receive_the_ids_the_database_gives_each_its_own(engine: Engine) -> None:
    with make_sessions(engine)() as db:
        insert_new(db, tickets(*range(1, 1_201)))
        events = [event(n, f"a{n}") for n in range(1_200, 0, -1)]
        insert_new(db, events)
        found = dict(db.execute(select(TicketEvent.id, TicketEvent.action)).all())
        assert {one.id: one.action for one in events} == found
        assert len(found) == 1_200
        assert db.get_one(TicketEvent, events[0].id).data == {"n": 1_200}
