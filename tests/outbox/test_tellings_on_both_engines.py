"""The same tellings on SQLite and PostgreSQL: a matter comes in, its line is away and back, and an account is one citizen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from models import Citizen, Delivery
from tests.support.cities.partners import Street
from tests.support.life import Life


def test_tellings_go_out_in_order_on_both_engines(
    installation: Installation, life: Life, clock: StoppedClock, serve: Callable[[Any], str]
) -> None:
    street = Street(installation, life, clock, serve)
    street.connect("province", "wechat")
    street.doubles["province"].down_until = street.now() + timedelta(minutes=6)
    number = street.tell("province", {"workOrderNo": "SJ-1", "content": "文峰大道路灯坏了三天。"}).get_json()[
        "ticket_number"
    ]
    street.lives(street.ticket(number), ("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))
    street.pass_time(12)
    assert [(row.kind, row.state) for row in street.deliveries("province")] == [
        (kind, "accepted") for kind in ("ACCEPT", "TRANSFER", "RESULT")
    ]
    assert len(street.doubles["province"].ledger) == 3
    for n in (1, 2):
        said = {"MsgId": f"W{n}", "FromUserName": "oLi", "Content": f"人民大道 {n} 号楼下水道堵了，污水溢出。"}
        assert street.tell("wechat", said, "words").status_code == 201
    street.work()
    with installation.readings() as db:
        assert [one.handle for one in db.scalars(select(Citizen).where(Citizen.handle.is_not(None)))] == ["wechat:oLi"]
        assert {one.state for one in db.scalars(select(Delivery))} == {"accepted"}
