"""The question to the citizen: one tap is an answer, and looking is none."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.followup.ask import ask_citizens
from models import Survey, Ticket
from tests.support.desks.citizen_pages import text
from tests.support.desks.citizens_codes import token_of
from tests.support.life import Life


def asked(life: Life) -> tuple[Ticket, str]:
    ticket = life.to("to_follow_up")
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    token = token_of(life.db.scalars(select(Survey).where(Survey.ticket_id == ticket.id)).one())
    life.db.commit()
    return ticket, token


def test_looking_at_the_question_changes_nothing(anybody: FlaskClient, life: Life) -> None:
    _ticket, token = asked(life)
    for _ in range(3):
        assert "您的诉求办得怎么样" in text(anybody, f"/s/{token}")
    assert life.db.scalars(select(Survey)).one().answered_at is None


@pytest.mark.parametrize(
    ("tap", "state", "outcome"),
    [("1", "closed", "satisfied"), ("2", "to_follow_up", "partly"), ("3", "to_follow_up", "dissatisfied")],
)
def test_one_tap_is_an_answer(anybody: FlaskClient, life: Life, tap: str, state: str, outcome: str) -> None:
    ticket, token = asked(life)
    assert anybody.post(f"/s/{token}", data={"tap": tap}).status_code == 303
    life.db.expire_all()
    held = life.db.scalars(select(Survey)).one()
    assert (ticket.state, held.outcome, held.keyed_by_id) == (state, outcome, None)
    assert held.scale["5"] == "非常满意"


def test_words_may_follow_the_tap_and_change_nothing_that_was_said(anybody: FlaskClient, life: Life) -> None:
    _ticket, token = asked(life)
    anybody.post(f"/s/{token}", data={"tap": "3"})
    assert "还想说几句" in text(anybody, f"/s/{token}")
    anybody.post(
        f"/s/{token}/more",
        data={"comment": "没人来过", "contacted": "no", "solved": "yes", "result": "5", "attitude": "1"},
    )
    held = life.db.scalars(select(Survey)).one()
    assert (held.comment, held.contacted, held.solved, held.result) == ("没人来过", False, "no", None)
    life.db.commit()
    assert anybody.post(f"/s/{token}/more", data={"comment": "改口"}).status_code == 409


def test_a_second_answer_is_refused_and_the_first_shown(anybody: FlaskClient, life: Life) -> None:
    _ticket, token = asked(life)
    anybody.post(f"/s/{token}", data={"tap": "1"})
    again = anybody.post(f"/s/{token}", data={"tap": "3"})
    assert again.status_code == 409 and "您已经评价过了" in again.get_data(as_text=True)
    assert "解决了" in text(anybody, f"/s/{token}")


def test_a_question_that_is_over_says_so(anybody: FlaskClient, life: Life) -> None:
    ticket, token = asked(life)
    life.do(ticket, "clock", "no_answer")
    life.db.commit()
    assert "已经结束" in text(anybody, f"/s/{token}")
    assert anybody.post(f"/s/{token}", data={"tap": "1"}).status_code == 409


@pytest.mark.parametrize(
    "given", [{}, {"tap": "9"}, {"comment": "还行"}, {"solved": "yes", "result": "abc"}, {"solved": "x", "result": "5"}]
)
def test_half_an_answer_is_refused_with_a_sentence(anybody: FlaskClient, life: Life, given: dict[str, str]) -> None:
    _ticket, token = asked(life)
    assert anybody.post(f"/s/{token}", data=given).status_code == 400
    assert life.db.scalars(select(Survey)).one().answered_at is None


def test_a_wrong_link_is_no_page(anybody: FlaskClient) -> None:
    assert anybody.get("/s/nothing").status_code == 404
