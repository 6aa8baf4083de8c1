"""A minute in which no ticket turned is told without holding the database, and nothing is lost by looking first."""

from __future__ import annotations

from sqlalchemy import event

from hotline.figures.by_the_clock import fold_days
from hotline.figures.folding import stands_still
from hotline.installation import Installation
from models import FigureMark
from tests.support.life import Life


def folded(installation: Installation, life: Life) -> None:
    """A second after the last act: what happens in the very moment of a fold is left for the next."""
    life.db.commit()
    life.clock.forward(seconds=1)
    fold_days(installation, life.now)


def test_after_a_fold_nothing_waits_until_a_ticket_turns(installation: Installation, life: Life) -> None:
    life.to("to_dispatch")
    folded(installation, life)
    life.clock.forward(minutes=1)
    assert stands_still(life.db, life.city, life.now)
    life.to("to_sign")
    life.db.commit()
    assert not stands_still(life.db, life.city, life.now)
    folded(installation, life)
    assert stands_still(life.db, life.city, life.now)


def test_a_quiet_minute_asks_about_no_ticket_while_it_writes(installation: Installation, life: Life) -> None:
    life.to("to_sign")
    folded(installation, life)
    life.clock.forward(minutes=1)
    asked: list[str] = []

    def heard(connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not connection.get_execution_options().get("reading"):  # type: ignore[attr-defined]
            asked.append(statement)

    event.listen(installation.engine, "before_cursor_execute", heard)
    folded(installation, life)
    event.remove(installation.engine, "before_cursor_execute", heard)
    assert not [one for one in asked if "FROM ticket_event" in one or "FROM deadline" in one]
    life.db.expire_all()
    mark = life.db.query(FigureMark).one()
    assert mark.until == life.now
