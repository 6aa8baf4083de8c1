"""The follow-up desk finds the words that wait for a reader by an index of those alone, however many answers there have been."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select, text

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.followup import desk
from hotline.tickets.lists.ticket_list import conditions
from models import Ticket, make_sessions
from tests.support.life import Life


@pytest.mark.postgres
def test_words_to_be_read_are_found_by_their_own_index(
    postgres_engine: Engine, city: City, clock: StoppedClock
) -> None:
    with make_sessions(postgres_engine)() as db:
        du = Life(db, city, clock).people["hui"]
        query = select(Ticket.id).where(*conditions(db, du, desk.wanted("read", city.policy)))
        told = query.compile(postgres_engine, compile_kwargs={"literal_binds": True, "render_postcompile": True})
        db.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(row[0] for row in db.connection().exec_driver_sql(f"EXPLAIN {told}"))
    assert "ix_survey_in_doubt" in plan and "Seq Scan on survey" not in plan
