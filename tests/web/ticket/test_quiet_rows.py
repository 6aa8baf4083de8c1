"""A door without a handle is still a door: rows of the table without a button are the program's, by no address anybody's (V13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from hotline.errors import NotAllowed
from hotline.installation import Installation
from hotline.tickets import petitions
from hotline.tickets.lifecycle import ACTIONS, find_move
from hotline.web.admin.tokens import GRANTED
from models import Petition, TicketEvent
from tests.support.life import HATS, Life

QUIET = sorted(name for name, action in ACTIONS.items() if action.mood == "quiet")
STATES = ("to_dispatch", "handling", "to_follow_up", "closed")
Browse = Callable[[Any], FlaskClient]


def rows(installation: Installation) -> int:
    with installation.readings() as db:
        return db.scalar(select(func.count()).select_from(TicketEvent)) or 0


def test_no_address_reaches_a_row_without_a_button(installation: Installation, life: Life, browse: Browse) -> None:
    numbers = {state: life.to(state).number for state in STATES}
    life.db.commit()
    before = rows(installation)
    form = {"reason": "依法办理", "solved": "yes", "result": "5", "text": "x"}
    for login in HATS:
        client = browse(life.staff[login])
        for action in QUIET:
            at = next((state for state in STATES if find_move(state, action)), "handling")
            answer = client.post(f"/tickets/{numbers[at]}/do/{action}", data=form)
            assert answer.status_code in (403, 404), (login, action)
    assert rows(installation) == before


def test_no_machine_can_be_granted_a_row_without_a_button() -> None:
    assert not set(GRANTED) & set(QUIET)


@pytest.mark.parametrize("login", sorted(HATS))
def test_nobody_closes_for_good_or_archives_by_hand(life: Life, login: str) -> None:
    for action, state in (("final_close", "handling"), ("archive", "closed")):
        with pytest.raises(NotAllowed):
            life.do(life.to(state), login, action)


def test_the_head_closes_for_good_by_the_petition_of_another(life: Life) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(
        life.db, life.city, ticket, "final_close", life.people["he"], life.now, {"reason": "三次复核，无新事实"}
    )
    petitions.decide(life.db, life.city, asked.id, True, life.people["tou"], life.now, None)
    story = {one.action: one for one in life.db.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id))}
    assert ticket.state == "closed" and ticket.close_kind == "final"
    assert story["petition_decided"].actor_name == "tou" and story["final_close"].actor_kind == "system"
    assert life.db.scalars(select(Petition.reason)).one() == "三次复核，无新事实"
