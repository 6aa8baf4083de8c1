"""Texts leave through the city's gateway, and through the next sender when it will not carry them; each is counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import Clock
from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.messages import deliver
from hotline.messages.sender_book import pieces_of
from hotline.messages.senders import not_approved, sender_for
from hotline.metrics.senders import states
from hotline.ops import health
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings, read_settings
from models import Message, SenderDay, Ticket
from tests.support.doubles.fakes import MemorySender
from tests.support.doubles.gateway_double import GatewayDouble
from webhooks.ranked_senders import VAIN, NotCarried, RankedSenders
from webhooks.send_errors import BLACKLISTED, UNSUBSCRIBED
from webhooks.sender import ConsoleSender, SendFailed

KEY = "the-gateways-own-key"
PHONE = "13800001234"
Serve = Callable[[Any], str]


@pytest.fixture
def double() -> GatewayDouble:
    return GatewayDouble("anyang", KEY, approved={"SMS_1", "SMS_2"}, signature="安阳12345")


@pytest.fixture
def environ(serve: Serve, double: GatewayDouble, tmp_path: Path) -> dict[str, str]:
    return {
        "HOTLINE_VAR": str(tmp_path),
        "SMS_GATEWAY_URL": serve(double) + "/",
        "SMS_GATEWAY_ACCOUNT": "anyang",
        "SMS_GATEWAY_KEY": f"{KEY},the-key-before-this-one",
        "SMS_GATEWAY_SIGNATURE": "【安阳12345】",
        "SMS_GATEWAY_TEMPLATES": "accepted=SMS_1; survey=SMS_2",
        "SMS_PRICES": "gateway=0.045;twilio=0.4",
    }


@pytest.fixture
def town(environ: dict[str, str], engine: Engine, city: City) -> Installation:
    return build_installation(read_settings(environ), city=city, clock=Clock(), engine=engine, transport=NoTransport())


@pytest.fixture
def app(town: Installation) -> Flask:
    return create_app(town.settings, town)


def handed_in(installation: Installation, city: City, phone: str = PHONE) -> Ticket:
    from hotline.intake.open_ticket import Contact, open_ticket
    from hotline.tickets.roles import SYSTEM

    with installation.sessions() as db:
        ticket = open_ticket(
            db, city, Contact(body="文峰大道的路灯不亮，请修。", phone=phone), SYSTEM, installation.clock.now()
        )
        db.commit()
    drain(installation)
    return ticket


def texts(installation: Installation) -> list[Message]:
    with installation.readings() as db:
        return list(db.scalars(select(Message).where(Message.channel == "sms").order_by(Message.id)))


def days(installation: Installation) -> dict[str, SenderDay]:
    with installation.readings() as db:
        return {row.provider: row for row in db.scalars(select(SenderDay))}


def test_a_text_goes_to_the_gateway_as_an_approved_template_and_its_receipt_comes_back(
    town: Installation, city: City, app: Flask, serve: Serve, double: GatewayDouble
) -> None:
    """Found outside: T10."""
    ours = serve(app)
    ticket = handed_in(town, city)
    (kept,) = double.kept
    assert (kept.phone, kept.template, kept.signature) == (PHONE, "SMS_1", "安阳12345")
    assert kept.params["number"] == ticket.number
    (message,) = texts(town)
    assert (message.state, message.provider, message.provider_id) == ("sent", "gateway", kept.id)
    assert double.deliver(ours, kept).status_code == 204
    assert texts(town)[0].state == "delivered"
    day = days(town)["gateway"]
    assert (day.sent, day.failed, day.delivered, day.undelivered) == (1, 0, 1, 0)
    assert day.pieces == pieces_of(message.text) and day.cost == pytest.approx(day.pieces * 0.045)


def test_a_citizens_text_comes_in_through_the_gateway(
    town: Installation, app: Flask, serve: Serve, double: GatewayDouble
) -> None:
    """Found outside: T10."""
    ours = serve(app)
    for phone in (PHONE, "10086", "+85291234567", ""):
        assert double.hand_in(ours, phone, "梅园庄小区停水两天了，没有人管。").status_code == 204
    with town.readings() as db:
        assert [(t.channel, t.contact_phone) for t in db.scalars(select(Ticket).order_by(Ticket.id))] == [
            ("sms", PHONE),
            ("sms", "10086"),
            ("sms", "+85291234567"),
            ("sms", None),
        ]


def test_the_gateways_doors_are_shut_to_strangers_and_where_there_is_no_gateway(
    town: Installation, app: Flask, serve: Serve, double: GatewayDouble, city: City, engine: Engine, tmp_path: Path
) -> None:
    ours = serve(app)
    double.key = "somebody-elses-long-key"
    assert double.hand_in(ours, PHONE, "路灯不亮").status_code == 403
    double.key = "the-key-before-this-one"
    assert double.hand_in(ours, PHONE, "路灯不亮").status_code == 204
    bare = build_installation(
        read_settings({"HOTLINE_VAR": str(tmp_path)}), city=city, engine=engine, transport=NoTransport()
    )
    assert isinstance(bare.sender, ConsoleSender)
    answer = create_app(bare.settings, bare).test_client().post("/webhooks/gateway/inbound", data=b"{}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_text_without_an_approved_template_is_told_and_never_sent_as_another(
    town: Installation, city: City, double: GatewayDouble
) -> None:
    double.approved = {"SMS_2"}
    handed_in(town, city)
    (message,) = texts(town)
    assert (message.state, message.error) == ("failed", "短信模板不存在")
    assert "dispatched" in not_approved(town.settings, city) and "accepted" not in not_approved(town.settings, city)
    assert days(town)["gateway"].error == "短信模板不存在 NO_TEMPLATE"


# --- one after the other --------------------------------------------------------------------------------------------------


@pytest.fixture
def second(now: datetime) -> MemorySender:
    return MemorySender(name="twilio", at=datetime.now(UTC))


@pytest.fixture
def both(town: Installation, second: MemorySender) -> Installation:
    town.sender = RankedSenders((town.sender, second))
    return town


@pytest.mark.parametrize("code", ["BUSY", "NO_TEMPLATE", "BAD_PARAMS", "NO_MONEY", "BAD_SIGN_NAME"])
def test_what_the_first_sender_will_not_carry_goes_through_the_second(
    both: Installation, city: City, double: GatewayDouble, second: MemorySender, code: str
) -> None:
    double.trouble = [code]
    handed_in(both, city)
    assert double.kept == [] and len(second.texts_to(PHONE)) == 1
    (message,) = texts(both)
    assert (message.state, message.provider, message.error) == ("sent", "twilio", None)
    found = days(both)
    assert (found["gateway"].failed, found["gateway"].sent, found["twilio"].sent, found["twilio"].failed) == (
        1,
        0,
        1,
        0,
    )


def test_a_gateway_that_is_away_is_passed_by(both: Installation, city: City, second: MemorySender) -> None:
    both.sender.senders[0].base_url = "http://127.0.0.1:9"
    handed_in(both, city)
    assert len(second.texts_to(PHONE)) == 1


@pytest.mark.parametrize("code", ["UNSUBSCRIBED", "BLACKLISTED"])
def test_who_does_not_want_texts_gets_none_from_the_second_either(
    both: Installation, city: City, double: GatewayDouble, second: MemorySender, code: str
) -> None:
    double.trouble = [code]
    handed_in(both, city)
    assert second.sent == [] and texts(both)[0].state == "failed"
    assert texts(both)[0].error in (UNSUBSCRIBED, BLACKLISTED)


def test_while_nobody_knows_whether_the_first_has_sent_it_the_second_is_not_asked(
    both: Installation, city: City, double: GatewayDouble, second: MemorySender
) -> None:
    double.mute = True
    handed_in(both, city)
    assert len(double.kept) == 1 and second.sent == [] and texts(both)[0].state == "sending"
    with both.sessions() as db:
        db.scalars(select(Message)).one().claimed_at = datetime(2026, 1, 1, tzinfo=UTC)
        db.commit()
    deliver.reconcile(both.sessions, both.sender, both.clock.now())
    drain(both)
    (message,) = texts(both)
    assert (message.state, message.provider, message.provider_id) == ("sent", "gateway", double.kept[0].id)
    assert len(double.kept) == 1 and second.sent == []


def test_when_nobody_can_carry_it_now_it_waits_and_when_nobody_ever_can_it_has_failed(
    both: Installation, city: City, double: GatewayDouble, second: MemorySender
) -> None:
    double.trouble, second.trouble = ["BUSY"], [SendFailed("busy", permanent=False)]
    handed_in(both, city)
    assert texts(both)[0].state == "queued"
    double.trouble, second.trouble = ["NO_TEMPLATE"], [SendFailed("no such number", permanent=True)]
    handed_in(both, city, "13800005678")
    assert next(one.state for one in texts(both) if one.phone == "13800005678") == "failed"


class Tired:
    name = "first"

    def __init__(self) -> None:
        self.asked = 0

    def send(self, *_told: Any, **_more: Any) -> str:
        self.asked += 1
        raise SendFailed("down", permanent=False)

    def find(self, to: str, since: datetime) -> list[Any]:
        return []


def test_a_sender_that_keeps_failing_rests_for_a_minute() -> None:
    moment = [0.0]
    first, second = Tired(), MemorySender(name="second")
    ranked = RankedSenders((first, second), monotonic=lambda: moment[0])
    for n in range(VAIN + 5):
        assert ranked.carry(PHONE, "survey", {}, "…", f"m{n}").provider == "second"
    assert first.asked == VAIN and ranked.resting() == ("first",)
    second.trouble = [SendFailed("down too", permanent=False)]
    with pytest.raises(NotCarried) as trouble:
        ranked.carry(PHONE, "survey", {}, "…", "m99")
    assert [name for name, _why in trouble.value.refused] == ["second", "first"]
    moment[0] = 120.0
    ranked.carry(PHONE, "survey", {}, "…", "m100")
    assert first.asked == VAIN + 2


# --- what people see ------------------------------------------------------------------------------------------------------


def test_the_health_shows_the_senders_and_says_which_is_not_well(
    both: Installation, city: City, app: Flask, double: GatewayDouble
) -> None:
    handed_in(both, city)
    assert app.test_client().get("/healthz").get_json()["senders"] == [
        {"name": "gateway", "ok": True},
        {"name": "twilio", "ok": True},
    ]
    double.trouble = ["NO_MONEY"]
    handed_in(both, city, "13800005678")
    assert app.test_client().get("/healthz").get_json()["senders"][0] == {"name": "gateway", "ok": False}
    assert any("gateway" in problem and "NO_MONEY" in problem for problem in health.look(both).problems())
    handed_in(both, city, "13800009999")
    assert health.look(both).senders[0].well


def test_thirty_days_are_added_up(both: Installation, city: City) -> None:
    for n in range(3):
        handed_in(both, city, f"1380000000{n}")
    with both.readings() as db:
        gateway, _twilio = states(db, ["gateway", "twilio"], both.clock.now())
    assert gateway.month_sent == 3 and gateway.month_cost == pytest.approx(gateway.month_pieces * 0.045)


# --- settings -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"SMS_GATEWAY_ACCOUNT": ""}, "SMS_GATEWAY_ACCOUNT"),
        ({"SMS_GATEWAY_KEY": "short"}, "至少要 16 个字符"),
        ({"SMS_RANK": "pigeon"}, "pigeon"),
        ({"SMS_GATEWAY_TEMPLATES": "survey"}, "SMS_GATEWAY_TEMPLATES"),
        ({"SMS_PRICES": "gateway=dear"}, "dear"),
        ({"SMS_GATEWAY_URL": "gateway.example"}, "http"),
    ],
)
def test_a_gateway_that_is_half_told_is_said_at_the_start(
    environ: dict[str, str], more: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Misconfigured, match=sentence):
        read_settings({**environ, **more})


def test_the_rank_decides_who_is_asked_first(environ: dict[str, str], city: City) -> None:
    twilio = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "b7d41e68a35c3d9b7f2c90d1",
        "TWILIO_FROM": "+861234",
    }
    for rank, names in (("", ["gateway", "twilio"]), ("twilio,gateway", ["twilio", "gateway"]), ("twilio", ["twilio"])):
        settings = read_settings({**environ, **twilio, **({"SMS_RANK": rank} if rank else {})})
        made = sender_for(settings, city, Clock())
        assert [one.name for one in getattr(made, "senders", (made,))] == names


CITY = {
    "HOTLINE_MODE": "production",
    "DATABASE_URL": "postgresql://hotline@/hotline",
    "REDIS_URL": "redis://:b7d41e68a35c3d9b@127.0.0.1",
    "SECRET_KEY": "0f2c9b7d41e68a35c3d9b7d41e68a35f",
    "PUBLIC_URL": "https://12345.example.gov.cn",
}


def test_a_city_without_twilio_starts_and_has_no_door_for_it(city: City, engine: Engine, tmp_path: Path) -> None:
    """VC3."""
    settings = read_settings({**CITY, "HOTLINE_VAR": str(tmp_path)})
    assert settings.twilio_auth_token == ""
    installation = build_installation(
        Settings(**{**settings.__dict__, "redis_url": "", "testing": True}),
        city=city,
        engine=engine,
        transport=NoTransport(),
    )
    app = create_app(installation.settings, installation)
    for path in ("/webhooks/twilio/sms", "/webhooks/twilio/voice"):
        answer = app.test_client().post(path, data={"From": "+8613800001234"})
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert app.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOTLINE_PORT": "8080"}, "http://127.0.0.1:8080"),
        ({"HOTLINE_HOST": "0.0.0.0", "HOTLINE_PORT": "81", "HOTLINE_DEMO": "0"}, "http://127.0.0.1:81"),
        ({"HOTLINE_HOST": "192.168.1.5", "HOTLINE_DEMO": "0"}, "http://192.168.1.5:8000"),
        ({"HOTLINE_HOST": "::1", "HOTLINE_PORT": "8080"}, "http://[::1]:8080"),
        ({"HOTLINE_HOST": "::", "HOTLINE_DEMO": "0"}, "http://127.0.0.1:8000"),
        ({"PUBLIC_URL": "https://x.cn/", "HOTLINE_PORT": "8080", "HOTLINE_DEMO": "open"}, "https://x.cn"),
        ({"PUBLIC_URL": "", "HOTLINE_PORT": "8080"}, "http://127.0.0.1:8080"),
    ],
)
def test_the_links_in_texts_follow_host_and_port(told: dict[str, str], address: str, tmp_path: Path) -> None:
    """Found outside: T11."""
    assert read_settings({**told, "HOTLINE_VAR": str(tmp_path)}).public_url == address
