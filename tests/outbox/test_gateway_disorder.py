"""What a gateway tells us comes late, twice, in the wrong order and in strange shapes: nothing goes back, nothing is said twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from hotline.app import create_app
from hotline.city.schema import City
from hotline.clock import Clock
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.jobs.build import build_installation
from hotline.outbox.runner import drain
from hotline.outbox.transports import NoTransport
from hotline.settings import read_settings
from hotline.tickets.roles import SYSTEM
from models import Message, SenderDay, Ticket
from tests.support.doubles.gateway_double import GatewayDouble, Kept

KEY = "a-key-of-twenty-signs"
PHONE = "13800001234"


@pytest.fixture
def double() -> GatewayDouble:
    return GatewayDouble("anyang", KEY, approved={"SMS_1"})


@pytest.fixture
def town(serve, double: GatewayDouble, engine: Engine, city: City, tmp_path: Path) -> Installation:
    told = {
        "HOTLINE_VAR": str(tmp_path),
        "SMS_GATEWAY_URL": serve(double),
        "SMS_GATEWAY_ACCOUNT": "anyang",
        "SMS_GATEWAY_KEY": KEY,
        "SMS_GATEWAY_TEMPLATES": "accepted=SMS_1",
    }
    return build_installation(read_settings(told), city=city, clock=Clock(), engine=engine, transport=NoTransport())


@pytest.fixture
def ours(town: Installation, serve) -> str:
    return str(serve(create_app(town.settings, town)))


def kept(town: Installation, double: GatewayDouble) -> Kept:
    with town.sessions() as db:
        open_ticket(db, town.city, Contact(body="文峰大道的路灯不亮，请修。", phone=PHONE), SYSTEM, town.clock.now())
        db.commit()
    drain(town)
    (one,) = double.kept
    return one


def state(town: Installation) -> str:
    with town.readings() as db:
        return str(db.scalars(select(Message.state).where(Message.channel == "sms")).one())


@pytest.mark.parametrize("late", ["sent", "undelivered", "failed"])
def test_a_late_receipt_never_takes_a_delivery_back(
    town: Installation, ours: str, double: GatewayDouble, late: str
) -> None:
    one = kept(town, double)
    assert double.deliver(ours, one).status_code == 204
    assert double.deliver(ours, one, late, "LATE").status_code == 204
    assert state(town) == "delivered"


def test_a_receipt_told_five_times_is_counted_once(town: Installation, ours: str, double: GatewayDouble) -> None:
    one = kept(town, double)
    assert {double.deliver(ours, one).status_code for _again in range(5)} == {204}
    with town.readings() as db:
        day = db.scalars(select(SenderDay)).one()
    assert (state(town), day.sent, day.delivered, day.undelivered) == ("delivered", 1, 1, 0)


def test_a_receipt_of_a_text_that_is_not_ours_changes_nothing(
    town: Installation, ours: str, double: GatewayDouble
) -> None:
    one = kept(town, double)
    told = [
        {"id": "G-nobody", "out_id": "999999", "state": "delivered"},
        {"id": "G-nobody", "out_id": "-1; drop", "state": "delivered"},
        {"id": "G-odd", "state": "EXPIRED"},
        {"id": one.id, "out_id": one.out_id, "state": "delivered"},
    ]
    assert double.push(ours, "receipts", told).status_code == 204
    assert state(town) == "delivered"


def test_the_same_text_of_a_citizen_told_three_times_is_one_ticket(
    town: Installation, ours: str, double: GatewayDouble
) -> None:
    told = {"id": "G7", "phone": PHONE, "to": "10690000", "text": "梅园庄小区停水两天了，没有人管。"}
    assert {double.push(ours, "inbound", told).status_code for _again in range(3)} == {204}
    with town.readings() as db:
        assert len(db.scalars(select(Ticket)).all()) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"id": "G1", "phone": PHONE, "text": "\ud83d 路灯不亮，梅园庄小区门口"},
        {"id": "G1", "phone": "<script>alert(1)</script>", "text": "路灯不亮，梅园庄小区门口"},
        {"id": "G1" * 400, "phone": PHONE, "text": "路灯不亮，梅园庄小区门口"},
        {"id": "G1", "phone": PHONE, "text": "路灯不亮，梅园庄小区门口。" * 5000},
        {"id": "G1", "phone": "１３８００００１２３４", "text": "\u202e路灯不亮\u0000，梅园庄小区门口"},
        {"id": "G1", "phone": PHONE, "to": ["x"] * 50, "text": "路灯不亮，梅园庄小区门口", "more": {"a": 1}},
    ],
    ids=["half emoji", "script", "long id", "long text", "wide and bidi", "odd fields"],
)
def test_a_hostile_text_is_heard_or_refused_and_never_an_error(
    town: Installation, ours: str, double: GatewayDouble, told: dict[str, object]
) -> None:
    answer = double.push(ours, "inbound", told)
    assert answer.status_code in (204, 400, 413)
    with town.readings() as db:
        assert len(db.scalars(select(Ticket)).all()) == (answer.status_code == 204)
