"""An unhappy citizen has a clock: it runs from the answer, shows on the ticket, warns the desk, and when it is late the supervisor too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.installation import Installation
from hotline.jobs.schedule import ring
from hotline.outbox.runner import drain
from hotline.tickets.deadlines import running
from models import Message, Ticket
from tests.support.life import Life


def told(life: Life, ticket: Ticket) -> list[tuple[str, str | None]]:
    life.db.rollback()
    found = select(Message.template_key, Message.role).where(
        Message.ticket_id == ticket.id, Message.template_key.like("bell_%")
    )
    return [(key, role) for key, role in life.db.execute(found.order_by(Message.id))]


@pytest.mark.parametrize("said", ["note_dissatisfied", "note_partly"])
def test_the_judgement_has_a_clock_that_warns_the_desk_and_then_the_supervisor(
    installation: Installation, life: Life, said: str
) -> None:
    """Found at the desks: C8."""
    ticket = life.to("to_follow_up")
    life.do(ticket, "hui", said)
    (clock,) = running(life.db, ticket.id)
    assert (clock.clock, ticket.due_at) == ("judge", clock.due_at)
    life.db.commit()
    drain(installation)
    end = clock.due_at
    while life.now < end + timedelta(minutes=10):
        life.clock.forward(seconds=600)
        ring(installation, life.now)
        drain(installation)
    heard = told(life, ticket)
    assert heard and heard[0][1] == "follow_up"
    assert ("supervisor" in {role for _key, role in heard}) and "supervisor" not in {
        role for key, role in heard if key in ("bell_half", "bell_most")
    }


def test_once_judged_nothing_rings_and_no_ended_clock_runs_on(installation: Installation, life: Life) -> None:
    """Found at the desks: C8."""
    ticket = life.to("to_follow_up")
    life.do(ticket, "hui", "note_dissatisfied")
    life.do(ticket, "hui", "close_judged")
    life.db.commit()
    assert "judge" not in [one.clock for one in running(life.db, ticket.id)] and ticket.closed_at is not None
    life.db.rollback()
    for _hour in range(60):
        life.clock.forward(seconds=3600)
        ring(installation, life.now)
    drain(installation)
    assert told(life, ticket) == []
