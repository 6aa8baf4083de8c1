"""The books are append-only, and tampering shows."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from hotline.clock import StoppedClock
from hotline.tickets.privacy import audit
from models import Audit, Seal, TicketEvent
from tests.support.life import Life


def sealed(life: Life, clock: StoppedClock) -> None:
    life.to("closed")
    for n in range(5):
        audit.record(life.db, "reveal", life.people["an"], life.now, subject=f"phone {n}", reason="核实")
    life.db.commit()
    clock.forward(minutes=5)
    audit.seal(life.db, clock.now())
    life.db.commit()


def tamper(life: Life, statement: str) -> None:
    """As somebody with the database's own password would: past the triggers."""
    if life.db.get_bind().dialect.name == "sqlite":
        for name in life.db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            life.db.execute(text(f"DROP TRIGGER {name}"))
    else:
        life.db.execute(text("SET LOCAL session_replication_role = replica"))
    life.db.execute(text(statement))
    life.db.commit()


def test_a_whole_book_verifies(life: Life, clock: StoppedClock) -> None:
    sealed(life, clock)
    verdict = audit.verify(life.db)
    assert verdict.problems == [] and verdict.links == 2
    assert verdict.rows == len(life.db.scalars(select(Audit.id)).all()) + len(
        life.db.scalars(select(TicketEvent.id)).all()
    )


def test_sealing_again_adds_nothing_and_young_rows_wait(life: Life, clock: StoppedClock) -> None:
    sealed(life, clock)
    audit.record(life.db, "login", life.people["an"], clock.now())
    assert audit.seal(life.db, clock.now()) == 0
    clock.forward(minutes=3)
    assert audit.seal(life.db, clock.now()) == 1


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE ticket_event SET actor_name = '别人' WHERE id = 3", "改动"),
        ("DELETE FROM audit WHERE id = 2", "应有"),
        ("UPDATE seal SET digest = 'x' WHERE id = 1", "接不上"),
        ("DELETE FROM seal WHERE id = 1", "接不上"),
    ],
)
def test_tampering_is_found(life: Life, clock: StoppedClock, statement: str, word: str) -> None:
    sealed(life, clock)
    tamper(life, statement)
    assert any(word in problem for problem in audit.verify(life.db).problems)


@pytest.mark.parametrize(
    "statement", ["UPDATE ticket_event SET actor_name = 'x'", "DELETE FROM audit", "DELETE FROM seal"]
)
def test_the_books_refuse_changes(life: Life, clock: StoppedClock, statement: str) -> None:
    sealed(life, clock)
    with pytest.raises(DatabaseError):
        life.db.execute(text(statement))
    life.db.rollback()
    assert life.db.scalars(select(Seal.id)).all()
