"""Beside the password something that only the person holds: asked of the powerful, slowed down, never taken twice (VT1, VT4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.settings import Settings, read_settings
from hotline.staff.sign_in import second_factor
from hotline.staff.sign_in.second_factor import NEEDED_BY
from hotline.web.core import sessions
from hotline.web.core.limits.rate_limits import limiter
from models import Audit, Message, RecoveryCode, SecondFactor, Staff
from tests.support.life import Life
from tests.support.make import PASSWORD, make_staff

Browse = Callable[[Any], FlaskClient]


@pytest.fixture
def strict(settings: Settings, installation: Installation, life: Life) -> Flask:
    """An installation that asks the second factor of the powerful, its limits counted."""
    make_staff(life.db, "guan", "管", "administrator")
    life.db.commit()
    installation.settings = replace(settings, second_factor=True, testing=False)
    made = create_app(installation.settings, installation)
    made.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    return made


def enter(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post("/login", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def set_up(client: FlaskClient, clock: StoppedClock) -> tuple[pyotp.TOTP, list[str]]:
    """Set the second factor up as a person does; returns what the telephone holds, and the codes on paper."""
    client.post("/account/second/begin")
    page = client.get("/account/second").text
    assert "data:image/svg+xml" in page
    found = re.search(r"<code>([A-Z2-7 ]{20,})</code>", page)
    assert found
    phone = pyotp.TOTP(found[1].replace(" ", ""))
    answer = client.post("/account/second/confirm", data={"code": phone.at(clock.now())})
    assert answer.status_code == 200
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)
    assert len(codes) == second_factor.CODES
    return phone, codes


@pytest.mark.parametrize("login", ["guan", "du", "ren", "du2", "tou", "ji", "hejt"])
def test_who_rules_sees_informants_or_exports_is_nobody_before_the_second_factor(strict: Flask, login: str) -> None:
    client = enter(strict, login)
    for path in ("/account", "/search/", "/dispatch/", "/admin/", "/notices", "/live/stream", "/desk"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer.location.startswith("/account/second"), path
    assert client.post("/account/password", data={"old": PASSWORD}).status_code == 302
    assert client.get("/").location.endswith("/c")
    assert "必须先启用" in client.get("/account/second").text


def test_an_agent_may_and_need_not(strict: Flask, clock: StoppedClock) -> None:
    client = enter(strict, "an")
    assert client.get("/desk").status_code == 200
    phone, _codes = set_up(client, clock)
    clock.forward(minutes=1)
    again = enter(strict, "an")
    assert again.get("/desk").status_code == 302
    assert again.post("/account/second/code", data={"code": phone.at(clock.now())}).status_code == 303
    assert again.get("/desk").status_code == 200
    clock.forward(minutes=1)
    assert again.post("/account/second/off", data={"code": phone.at(clock.now())}).status_code == 303
    assert enter(strict, "an").get("/desk").status_code == 200


def test_set_up_then_digits_then_the_desk(strict: Flask, clock: StoppedClock, life: Life) -> None:
    client = enter(strict, "du")
    before = client.get_cookie(sessions.COOKIE).value  # type: ignore[union-attr]
    phone, _codes = set_up(client, clock)
    assert client.get("/dispatch/").status_code == 200
    assert client.get_cookie(sessions.COOKIE).value != before, "the half session's secret is worth nothing"  # type: ignore[union-attr]
    stale = strict.test_client()
    stale.set_cookie(sessions.COOKIE, before)
    assert stale.get("/dispatch/").location.startswith("/login")
    clock.forward(minutes=1)
    other = enter(strict, "du")
    wrong = other.post("/account/second/code", data={"code": "000000"})
    assert wrong.status_code == 400 and other.get("/dispatch/").status_code == 302
    right = other.post("/account/second/code", data={"code": phone.at(clock.now()), "next": "/dispatch/"})
    assert right.location == "/dispatch/" and other.get("/dispatch/").status_code == 200
    clock.forward(minutes=1)
    assert other.post("/account/second/off", data={"code": phone.at(clock.now())}).status_code == 403
    life.db.rollback()
    written = life.db.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert {"login_password", "second_factor_on", "second_factor_failed", "login"} <= set(written)


def test_no_digits_are_taken_twice_and_old_ones_never(strict: Flask, clock: StoppedClock) -> None:
    phone, _codes = set_up(enter(strict, "du"), clock)
    used = phone.at(clock.now())
    assert enter(strict, "du").post("/account/second/code", data={"code": used}).status_code == 400
    clock.forward(minutes=2)
    assert enter(strict, "du").post("/account/second/code", data={"code": used}).status_code == 400
    now = phone.at(clock.now())
    first, second = enter(strict, "du"), enter(strict, "du")
    assert first.post("/account/second/code", data={"code": now}).status_code == 303
    assert second.post("/account/second/code", data={"code": now}).status_code == 400


def test_a_recovery_code_opens_once_and_its_owner_is_told(strict: Flask, clock: StoppedClock, life: Life) -> None:
    _phone, codes = set_up(enter(strict, "du"), clock)
    assert enter(strict, "du").post("/account/second/code", data={"code": codes[3].upper()}).status_code == 303
    assert enter(strict, "du").post("/account/second/code", data={"code": codes[3]}).status_code == 400
    life.db.rollback()
    stored = life.db.scalars(select(RecoveryCode.digest)).all()
    assert len(stored) == 10 and not set(codes) & set(stored) and all(len(one) == 64 for one in stored)
    told = life.db.scalars(select(Message.staff_id).where(Message.template_key == "recovery_used")).all()
    assert told == [life.staff["du"].id]


def test_the_secret_is_not_in_the_database(strict: Flask, clock: StoppedClock, life: Life) -> None:
    phone, codes = set_up(enter(strict, "du"), clock)
    life.db.rollback()
    held = life.db.scalars(select(SecondFactor.sealed_secret)).one()
    assert phone.secret not in held and held.startswith("gAAAA")
    assert not life.db.scalar(text("SELECT count(*) FROM recovery_code WHERE digest LIKE :c"), {"c": f"%{codes[0]}%"})


def test_new_codes_want_the_digits_and_end_the_old_ones(strict: Flask, clock: StoppedClock) -> None:
    client = enter(strict, "du")
    phone, codes = set_up(client, clock)
    assert client.post("/account/second/recovery", data={"code": codes[0]}).status_code == 400
    clock.forward(minutes=1)
    assert client.post("/account/second/recovery", data={"code": phone.at(clock.now())}).status_code == 200
    assert enter(strict, "du").post("/account/second/code", data={"code": codes[1]}).status_code == 400


def test_guessing_digits_is_slowed_down_for_this_account_only(strict: Flask, clock: StoppedClock) -> None:
    phone, _codes = set_up(enter(strict, "du"), clock)
    set_up(other := enter(strict, "ren"), clock)
    clock.forward(minutes=1)
    client = enter(strict, "du")
    codes = [client.post("/account/second/code", data={"code": f"{n:06d}"}).status_code for n in range(8)]
    assert codes == [400] * 5 + [429] * 3
    assert client.post("/account/second/code", data={"code": phone.at(clock.now())}).status_code == 429
    assert other.get("/review/").status_code == 200


def test_a_right_password_waits_ten_minutes_and_no_longer(strict: Flask, clock: StoppedClock) -> None:
    client = enter(strict, "du")
    clock.forward(minutes=11)
    assert client.get("/account/second").location.startswith("/login")
    assert client.post("/account/second/begin").status_code == 403


def test_whoever_becomes_powerful_must_set_it_up_at_once(strict: Flask, life: Life, clock: StoppedClock) -> None:
    client = enter(strict, "an")
    assert client.get("/desk").status_code == 200
    life.db.get_one(Staff, life.staff["an"].id).roles = ["agent", "dispatcher"]
    life.db.commit()
    assert client.get("/desk").location.startswith("/account/second")


def test_a_stranger_reaches_nothing_of_it(strict: Flask, life: Life) -> None:
    client = strict.test_client()
    assert client.get("/account/second").location.startswith("/login")
    for path in ("begin", "confirm", "code", "recovery", "off"):
        assert client.post(f"/account/second/{path}", data={"code": "123456"}).status_code == 403
    assert life.db.scalar(select(func.count()).select_from(SecondFactor)) == 0


def test_reset_of_the_powerful_wants_two_and_everybody_is_told(
    life: Life, browse: Browse, installation: Installation, clock: StoppedClock
) -> None:
    boss = make_staff(life.db, "guan", "管", "administrator")
    tou = life.db.get_one(Staff, life.staff["tou"].id)
    second_factor.begin(life.db, tou, installation.settings, clock.now())
    secret = second_factor.waiting(life.db, tou.id, installation.settings)
    second_factor.confirm(life.db, tou, pyotp.TOTP(str(secret)).at(clock.now()), installation.settings, clock.now())
    life.db.commit()
    client = browse(boss)
    assert client.post(f"/admin/staff/{boss.id}/second").status_code == 400
    assert client.post(f"/admin/staff/{tou.id}/second").status_code == 303
    life.db.rollback()
    assert life.db.get_one(Staff, tou.id).second_at is not None
    change = life.db.scalar(text("SELECT id FROM staff_change WHERE kind = 'second'"))
    life.db.rollback()
    assert client.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 403
    other = make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    assert browse(other).post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 303
    life.db.expire_all()
    assert life.db.get_one(Staff, tou.id).second_at is None
    told = {
        tuple(row)
        for row in life.db.execute(
            select(Message.staff_id, Message.role).where(Message.template_key.like("second_reset%"))
        )
    }
    assert told == {(tou.id, None), (None, "head"), (None, "discipline")}


def test_it_is_on_in_production_and_off_where_the_demo_is(tmp_path: Any) -> None:
    city = {
        "HOTLINE_MODE": "production",
        "DATABASE_URL": "postgresql://x/y",
        "REDIS_URL": "redis://:geheim@cache/0",
        "SECRET_KEY": "0f2c9b7d41e68a35c3d9b7d41e68a35f",
        "PUBLIC_URL": "https://12345.example",
        "HOTLINE_VAR": str(tmp_path),
    }
    assert read_settings(city).second_factor
    assert not read_settings({**city, "HOTLINE_DEMO": "open"}).second_factor
    assert not read_settings({**city, "HOTLINE_SECOND_FACTOR": "0"}).second_factor
    assert not read_settings({"HOTLINE_VAR": str(tmp_path)}).second_factor
    with pytest.raises(Misconfigured, match="HOTLINE_SECOND_FACTOR"):
        read_settings({**city, "HOTLINE_SECOND_FACTOR": "yes"})
    assert {"administrator", "dispatcher", "supervisor", "head", "reviewer", "discipline", "unit_leader"} <= set(
        NEEDED_BY
    )


def test_a_sign_in_from_a_new_device_is_told_to_the_person(app: Flask, life: Life, installation: Installation) -> None:
    def told() -> int:
        with installation.readings() as db:
            return db.scalar(select(func.count()).where(Message.template_key == "sign_in_new_device")) or 0

    own = enter(app, "du")
    assert told() == 0, "the first sign-in of all is from no new device"
    own.post("/login", data={"login": "du", "password": PASSWORD})
    assert told() == 0, "this browser is known"
    enter(app, "du")
    assert told() == 1


def test_one_sees_and_ends_ones_own_sessions_and_nobody_elses(app: Flask, life: Life, browse: Browse) -> None:
    own, other, strange = browse(life.staff["du"]), browse(life.staff["du"]), browse(life.staff["an"])
    page = own.get("/account").text
    ids = re.findall(r"/account/sessions/([0-9a-f]{64})/end", page)
    assert len(ids) == 1
    assert strange.post(f"/account/sessions/{ids[0]}/end").status_code == 404
    assert other.get("/dispatch/").status_code == 200
    assert own.post(f"/account/sessions/{ids[0]}/end").status_code == 303
    assert other.get("/dispatch/").status_code == 302 and own.get("/dispatch/").status_code == 200
    third = browse(life.staff["du"])
    assert own.post("/account/sessions/end").status_code == 303
    assert third.get("/dispatch/").status_code == 302 and strange.get("/desk").status_code == 200
