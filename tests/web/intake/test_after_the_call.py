"""A call's number belongs to the caller's matter, and to nothing that is written down after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.triage.active_classifier import is_learning
from models import Call, Citizen, Ticket
from tests.support.life import Life

Browse = Callable[..., FlaskClient]
PHONE = "13800001234"


@pytest.fixture
def agent(life: Life, browse: Browse) -> FlaskClient:
    life.staff["an"].on_duty = True
    life.db.commit()
    return browse(life.staff["an"])


@pytest.fixture
def call(life: Life) -> Call:
    rung = Call(
        provider="twilio",
        provider_id="CA1",
        from_phone=PHONE,
        to_phone="12345",
        state="ringing",
        started_at=life.now,
    )
    life.db.add(rung)
    life.db.commit()
    return rung


def newest(installation: Installation) -> Ticket:
    with installation.readings() as db:
        return db.scalars(select(Ticket).order_by(Ticket.id.desc())).first()  # type: ignore[return-value]


def sent(**more: Any) -> dict[str, Any]:
    return {"body": "小区三号楼前污水外溢，请派人疏通。", "once": "k" * 32, **more}


@pytest.mark.parametrize("channel", ["letter", "visit", "email", "wechat", "web", "mailbox"])
def test_what_did_not_come_by_telephone_takes_no_callers_number(
    agent: FlaskClient, installation: Installation, call: Call, channel: str
) -> None:
    """Found at the desks: W1."""
    agent.post(f"/desk/calls/{call.id}/answer")
    agent.post("/desk", data=sent(call=call.id, phone="138****1234", channel=channel))
    found = newest(installation)
    assert (found.contact_phone, found.call_id, found.channel) == (None, None, channel)


def test_while_the_model_learns_the_dispatcher_reads_that_better_answers_are_coming(
    life: Life, installation: Installation, browse: Browse
) -> None:
    """Found at the desks: X5."""
    ticket = life.ticket()
    life.db.commit()
    drain(installation)
    assert is_learning(installation.classifier)
    assert "正在学习，几分钟后更准" in browse(life.staff["du"]).get(f"/dispatch/{ticket.number}").text


@pytest.mark.parametrize(
    ("channel", "kept"), [("letter", None), ("wechat", None), ("web", None), ("hotline", "王秀英")]
)
def test_a_channel_that_is_no_call_takes_no_callers_name(
    agent: FlaskClient, installation: Installation, call: Call, channel: str, kept: str | None
) -> None:
    """The name was put into the form because the caller is known, not because the letter bears it."""
    with installation.sessions() as db:
        caller = Citizen(phone=call.from_phone, name="王秀英", created_at=call.started_at)
        db.add(caller)
        db.flush()
        db.get_one(Call, call.id).citizen_id = caller.id
        db.commit()
    agent.post(f"/desk/calls/{call.id}/answer")
    assert 'value="王秀英"' in agent.get(f"/desk?call={call.id}").text
    agent.post("/desk", data=sent(call=call.id, phone="138****1234", name="王秀英", channel=channel))
    assert newest(installation).contact_name == kept


def test_a_letter_keeps_the_name_and_number_that_were_written_into_it(
    agent: FlaskClient, installation: Installation, call: Call
) -> None:
    agent.post(f"/desk/calls/{call.id}/answer")
    agent.post("/desk", data=sent(call=call.id, phone="13900000009", name="赵来信", channel="letter"))
    found = newest(installation)
    assert (found.contact_phone, found.contact_name) == ("13900000009", "赵来信")


def test_a_name_written_into_a_letter_stays_though_the_caller_bears_it_too(
    agent: FlaskClient, installation: Installation, call: Call
) -> None:
    with installation.sessions() as db:
        caller = Citizen(phone=call.from_phone, name="王秀英", created_at=call.started_at)
        db.add(caller)
        db.flush()
        db.get_one(Call, call.id).citizen_id = caller.id
        db.commit()
    agent.post(f"/desk/calls/{call.id}/answer")
    agent.post("/desk", data=sent(call=call.id, phone="", name="王秀英", channel="letter"))
    found = newest(installation)
    assert (found.contact_phone, found.contact_name) == (None, "王秀英")
