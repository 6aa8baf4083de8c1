"""The citizen's own form says when somebody has told of the matter already, shows nothing of anybody, and lets the citizen join."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Ticket
from tests.support.life import Life

FIRST = "锦绣花园小区的电梯坏了三天，物业不修。我是王建国。"
AGAIN = "锦秀花园天天爬楼，物业公司收了物业费却不管电梯。"
FORM = {"body": AGAIN, "phone": "13900009999", "consent": "1", "sheet": "k1", "asks": "1"}


@pytest.fixture
def first(life: Life, installation: Installation) -> Ticket:
    """Told by somebody else, and read by the machine."""
    ticket = life.ticket(phone="13812345678", words=FIRST, name="王建国")
    life.db.commit()
    drain(installation)
    return ticket


@pytest.fixture
def anybody(app: Flask, life: Life, first: Ticket) -> FlaskClient:
    return app.test_client()


def handed_in(life: Life, answer: Any) -> Ticket:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    life.db.expire_all()
    return life.db.scalars(select(Ticket).where(Ticket.number == answer.location.rsplit("/", 1)[1])).one()


def is_asked(answer: Any) -> bool:
    return answer.status_code == 200 and "附近已有人反映" in answer.text


def test_who_joins_is_another_voice_of_the_same_ticket_and_saw_nothing_of_the_first(
    anybody: FlaskClient, life: Life, first: Ticket
) -> None:
    """Found at the desks: U10."""
    asked = anybody.post("/c/new", data=FORM)
    assert is_asked(asked) and AGAIN in asked.text and "物业服务与收费" in asked.text
    for theirs in (first.number, "王建国", "1380", "三天"):
        assert theirs not in asked.text
    life.db.commit()
    joined = handed_in(life, anybody.post("/c/new", data={**FORM, "asks": "", "join": "yes"}))
    assert joined.state == "merged" and joined.merged_into_id == first.id and joined.contact_phone == "13900009999"
    assert anybody.get(f"/c/received/{joined.number}").status_code == 200


def test_a_kind_that_only_the_machine_thinks_of_is_told_as_a_guess(
    anybody: FlaskClient, life: Life, first: Ticket
) -> None:
    assert "可能是“物业服务与收费”类" in anybody.post("/c/new", data=FORM).text
    first.category_code = "0401"
    life.db.commit()
    asked = anybody.post("/c/new", data=FORM).text
    assert "物业服务与收费" in asked and "可能是" not in asked


def test_who_says_no_has_a_ticket_alone_and_a_form_sent_twice_is_one(anybody: FlaskClient, life: Life) -> None:
    alone = handed_in(life, anybody.post("/c/new", data={**FORM, "asks": "", "join": "no"}))
    assert alone.state == "to_dispatch" and alone.merged_into_id is None
    life.db.commit()
    assert handed_in(life, anybody.post("/c/new", data=FORM)).id == alone.id


@pytest.mark.parametrize("case", ["danger", "informant", "elsewhere", "not our form", "sealed", "ended"])
def test_danger_an_informant_another_place_and_a_sealed_or_ended_matter_are_not_asked(
    anybody: FlaskClient, life: Life, first: Ticket, case: str
) -> None:
    changed = {
        "danger": {"body": AGAIN + "有人困在电梯里，喘不上气，要出人命了！"},
        "informant": {"sealed": "1"},
        "elsewhere": {"body": AGAIN.replace("锦秀花园", "桃源花园")},
        "not our form": {"asks": ""},
    }.get(case, {})
    first.privacy = "sealed" if case == "sealed" else first.privacy
    first.state = "closed" if case == "ended" else first.state
    life.db.commit()
    assert handed_in(life, anybody.post("/c/new", data={**FORM, **changed})).merged_into_id is None
