"""Tickets that wait for dispatch, with their proposals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.tickets.lists import dispatch_queue
from models import Proposal, Ticket
from tests.support.life import Life

Browse = Callable[..., FlaskClient]
SAFE = "小区门口的路灯不亮，请修理。"
DANGER = "文明大道路面塌陷出一个大坑，有人掉进去受伤，很危险。"


def waiting(life: Life, installation: Installation, *words: str, **more: Any) -> list[Ticket]:
    """Tickets of these words with their proposals made, an hour apart, oldest first."""
    made = []
    for one in words:
        made.append(life.ticket(phone=f"138{int(life.now.timestamp()) % 10**8:08d}", words=one, **more))
        life.clock.forward(seconds=20)
    life.db.commit()
    drain(installation)
    for one in made:
        life.db.refresh(one)
    life.db.commit()
    return made


def proposal_of(life: Life, ticket: Ticket) -> Proposal:
    """The newest proposal, with no transaction left open."""
    found = dispatch_queue.newest_proposals(life.db, [ticket.id])[ticket.id]
    life.db.commit()
    return found


def send(client: FlaskClient, ticket: Ticket, what: str = "dispatch", **form: Any) -> Any:
    return client.post(f"/dispatch/{ticket.number}/{what}", data={"seen": ticket.move_count, "tab": "todo", **form})


def state_of(life: Life, ticket: Ticket) -> str:
    life.db.expire_all()
    state = life.db.get_one(Ticket, ticket.id).state
    life.db.commit()
    return state
