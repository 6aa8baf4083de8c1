"""The phone on the screen plays a citizen through the signed webhooks, and exists in demo mode alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.runner import drain
from hotline.settings import Settings
from hotline.web.core import sessions
from hotline.web.phone_simulator import views as phone_simulator
from models import Call, Inbound, Message, Staff, Ticket
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]
NUMBER = "13800000001"


@pytest.fixture
def handset(life: Life, browse: Browse) -> FlaskClient:
    return browse(life.staff["ren"])


def call_of(installation: Installation) -> Call:
    with installation.readings() as db:
        return db.scalars(select(Call)).one()


def press(client: FlaskClient, act: str, **more: Any) -> Any:
    answer = client.post(f"/phone/{act}", data={"number": NUMBER, **more})
    assert answer.status_code == 303
    return client.get(answer.headers["Location"])


def test_dialling_rings_at_the_desks_and_speaks_the_greeting(handset: FlaskClient, installation: Installation) -> None:
    page = press(handset, "call").text
    assert "正在呼叫" in page and "热线" in page
    assert (call_of(installation).state, call_of(installation).from_phone) == ("ringing", NUMBER)


def test_dialling_twice_is_one_call(handset: FlaskClient, installation: Installation) -> None:
    press(handset, "call")
    press(handset, "call")
    assert call_of(installation).state == "ringing"


def test_everything_it_says_is_heard_raw_and_signed_by_the_webhooks(
    handset: FlaskClient, installation: Installation
) -> None:
    press(handset, "call")
    with installation.readings() as db:
        assert db.scalars(select(Inbound.state)).all() == ["handled"]


def test_a_wrong_token_is_refused_at_the_same_door(
    handset: FlaskClient, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "settings", replace(installation.settings, twilio_auth_token="f" * 40))
    page = press(handset, "call").text
    assert "线路不通（403）" in page
    with installation.readings() as db:
        assert db.scalars(select(Call)).all() == []


def test_hanging_up_before_an_answer_is_a_missed_call(handset: FlaskClient, installation: Installation) -> None:
    press(handset, "call")
    press(handset, "hangup")
    assert call_of(installation).state == "missed"


def test_after_the_agent_hangs_up_one_key_rates_the_service(
    handset: FlaskClient, life: Life, browse: Browse, installation: Installation
) -> None:
    life.staff["an"].on_duty = True
    life.db.commit()
    agent = browse(life.staff["an"])
    press(handset, "call")
    call = call_of(installation)
    agent.post(f"/desk/calls/{call.id}/answer")
    assert "通话中" in handset.get(f"/phone?number={NUMBER}").text
    agent.post(f"/desk/calls/{call.id}/end")
    assert "请评价" in handset.get(f"/phone?number={NUMBER}").text
    press(handset, "press", key="2")
    assert (call_of(installation).rating, call_of(installation).state) == (4, "ended")


@pytest.mark.parametrize("key", ["9", "", "11"])
def test_no_other_key_rates(key: str, handset: FlaskClient, installation: Installation) -> None:
    press(handset, "call")
    press(handset, "press", key=key)
    assert call_of(installation).rating is None


def test_a_text_becomes_a_ticket_and_its_number_comes_back_delivered(
    handset: FlaskClient, installation: Installation
) -> None:
    press(handset, "text", words="文峰区东风路路灯不亮已经三天了")
    drain(installation)
    screen = handset.post("/phone/screen", data={"number": NUMBER}).text
    with installation.readings() as db:
        ticket = db.scalars(select(Ticket)).one()
        out = db.scalars(select(Message).where(Message.direction == "out", Message.channel == "sms")).all()
    assert ticket.number in screen and "路灯不亮" in screen
    assert [message.state for message in out] == ["delivered"]


def test_an_empty_text_is_not_sent(handset: FlaskClient, installation: Installation) -> None:
    press(handset, "text", words="  ")
    with installation.readings() as db:
        assert db.scalars(select(Message)).all() == []


def test_a_phone_shows_its_own_texts_only(handset: FlaskClient) -> None:
    press(handset, "text", words="文峰区东风路路灯不亮已经三天了")
    assert "路灯不亮" not in handset.get("/phone?number=13800000002").text


@pytest.mark.parametrize("number", ["12", "abc", "1380000000x"])
def test_a_number_that_is_none_is_refused(number: str, handset: FlaskClient) -> None:
    assert handset.get(f"/phone?number={number}").status_code == 400
    assert handset.post("/phone/call", data={"number": number}).status_code == 400


def test_the_inner_request_does_not_change_the_language_of_the_page(handset: FlaskClient) -> None:
    handset.set_cookie("hotline_language", "en")
    assert "Phone on the screen" in press(handset, "call").text


def test_without_demo_there_is_no_phone(
    settings: Settings, sqlite_engine: Engine, city: Any, clock: StoppedClock, life: Life
) -> None:
    real = build_installation(replace(settings, demo=False), city=city, clock=clock, engine=sqlite_engine)
    client = create_app(real.settings, real).test_client()
    with real.sessions() as db:
        secret = sessions.begin(db, db.get_one(Staff, life.staff["ren"].id), clock.now(), "127.0.0.1", "test")
        db.commit()
    client.set_cookie(sessions.COOKIE, secret)
    assert client.get("/phone").status_code == 404


def test_only_our_own_addresses_can_be_tapped(app: Any) -> None:
    with app.app_context():
        ours = app.extensions["installation"].settings.public_url
        pieces = phone_simulator._linked(f"查进度请点 {ours}/p/1?c=A或拨打12345，勿点 http://elsewhere.example/x")
    assert [path for _words, path in pieces if path] == ["/p/1?c=A"]


def talking(handset: FlaskClient, life: Life, browse: Browse, installation: Installation) -> FlaskClient:
    """The agent who has answered this phone's call."""
    life.staff["an"].on_duty = True
    life.db.commit()
    agent = browse(life.staff["an"])
    press(handset, "call")
    agent.post(f"/desk/calls/{call_of(installation).id}/answer")
    drain(installation)
    return agent


@pytest.mark.parametrize(
    ("deeds", "words"),
    [
        (["answer"], "已接通"),
        (["busy"], "占线"),
        (["refuse"], "拒接"),
        (["ignore"], "无人接听"),
        (["answer", "hangup"], "已离开"),
    ],
)
def test_the_screen_plays_the_telephone_of_110(
    deeds: list[str], words: str, handset: FlaskClient, life: Life, browse: Browse, installation: Installation
) -> None:
    agent = talking(handset, life, browse, installation)
    agent.post("/desk/calls/bring", data={"to": "110"})
    drain(installation)
    assert "110报警服务台" in handset.post("/phone/others").text
    for deed in deeds:
        handset.post(f"/phone/others/leg/1/{deed}")
    assert words in agent.get("/desk/calls").text


def test_the_screen_plays_the_citizen_who_is_called_back(
    handset: FlaskClient, life: Life, browse: Browse, installation: Installation
) -> None:
    press(handset, "call")
    press(handset, "hangup")
    missed = call_of(installation).id
    agent = browse(life.staff["an"])
    agent.post(f"/desk/calls/{missed}/back")
    drain(installation)
    shown = handset.post("/phone/others").text
    assert "王女士" in shown and NUMBER not in shown
    assert "正在呼叫市民" in agent.get("/desk/calls").text
    handset.post(f"/phone/others/back/{missed + 1}/answer")
    assert "通话中" in agent.get("/desk/calls").text
    life.clock.forward(seconds=30)
    handset.post(f"/phone/others/back/{missed + 1}/hangup")
    with installation.readings() as db:
        back = db.get_one(Call, missed + 1)
        assert (back.outcome, db.get_one(Call, missed).called_back_at is not None) == ("reached", True)
        assert db.scalar(select(Inbound.id).where(Inbound.kind == "leg").limit(1)), (
            "by the signed webhooks, like the network's news"
        )


def test_what_is_over_cannot_be_picked_up(
    handset: FlaskClient, life: Life, browse: Browse, installation: Installation
) -> None:
    agent = talking(handset, life, browse, installation)
    agent.post("/desk/calls/bring", data={"to": "110"})
    drain(installation)
    for deed in ("ignore", "answer"):
        handset.post(f"/phone/others/leg/1/{deed}")
    assert "无人接听" in agent.get("/desk/calls").text
    assert handset.post("/phone/others/leg/1/explode").status_code == 404
