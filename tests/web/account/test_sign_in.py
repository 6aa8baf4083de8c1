"""Signing in: the demo only while it is on, guessing slowed down without locking anybody out, and secrets that end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from argon2 import Type
from argon2.profiles import RFC_9106_LOW_MEMORY
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.ops import health
from hotline.settings import Settings
from hotline.staff.accounts import words_about
from hotline.staff.sign_in.passwords import DEMO_PASSWORD, check_strength, hasher, is_weak
from hotline.web.core import sessions
from models import Audit, Draft, LoginSession, Message, Staff
from tests.support.life import Life
from tests.support.make import PASSWORD, cheap_hash, make_staff

Browse = Callable[[Any], FlaskClient]
Answer = tuple[int, str]


def application(settings: Settings, installation: Installation, **more: Any) -> Flask:
    """The application with these settings in force, its limits counted."""
    installation.settings = replace(settings, **more)
    made = create_app(installation.settings, installation)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def knock(client: FlaskClient, login: str, password: str, address: str = "198.51.100.7") -> int:
    form = {"login": login, "password": password}
    return client.post("/login", data=form, environ_base={"REMOTE_ADDR": address}).status_code


@pytest.fixture
def strict(settings: Settings, installation: Installation, life: Life) -> Flask:
    """Limits as in the city, a clean count."""
    made = application(settings, installation, testing=False)
    from hotline.web.core.limits.rate_limits import limiter

    limiter.reset()
    return made


def test_with_the_demo_off_nobody_of_it_signs_in_and_nobody_with_its_password(
    settings: Settings, installation: Installation, life: Life
) -> None:
    for login, demo in (("demo-admin", True), ("unit-water", True), ("li", False)):
        person = make_staff(life.db, login, login, "administrator")
        person.demo, person.password_hash = demo, cheap_hash(DEMO_PASSWORD)
    life.db.commit()
    on = application(settings, installation).test_client()
    assert knock(on, "demo-admin", DEMO_PASSWORD) == 302
    off = application(settings, installation, demo=False)
    assert [knock(off.test_client(), login, DEMO_PASSWORD) for login in ("demo-admin", "unit-water", "li")] == [401] * 3
    kept = off.test_client()
    kept.set_cookie(sessions.COOKIE, on.get_cookie(sessions.COOKIE).value)  # type: ignore[union-attr]
    assert kept.get("/admin/").status_code == 302, "a session from before the switch ends with it"
    assert off.test_client().get("/healthz").get_json()["demo_people"] == 2
    assert any("演示" in one for one in health.look(installation).problems())


def test_ten_tries_at_an_account_are_checked_and_the_next_must_wait(strict: Flask) -> None:
    """V14."""
    client = strict.test_client()
    codes = [knock(client, "du", "x", f"203.0.113.{n}") for n in range(15)]
    assert codes == [401] * 10 + [429] * 5


def test_a_colleague_behind_the_same_address_is_not_slowed(strict: Flask) -> None:
    """V14, VC5."""
    assert [knock(strict.test_client(), "du", "x") for _ in range(12)][-1] == 429
    assert knock(strict.test_client(), "an", PASSWORD) == 302


def test_whoever_has_signed_in_on_this_device_gets_in_while_strangers_try(strict: Flask) -> None:
    own = strict.test_client()
    assert knock(own, "du", PASSWORD) == 302
    assert knock(own, "du", PASSWORD, "203.0.113.200") == 302
    assert [knock(strict.test_client(), "du", "x", f"203.0.113.{n}") for n in range(12)][-1] == 429
    assert knock(own, "du", PASSWORD) == 302


def test_many_accounts_from_one_network_are_one_guesser_and_ipv6_counts_by_its_64(
    strict: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V14."""
    from hotline.web.account import views

    monkeypatch.setattr(views, "is_right", lambda hashed, password: password == PASSWORD)  # hashing takes a minute here
    codes = [knock(strict.test_client(), f"nobody{n}", "x", f"2001:db8:1:2::{n:x}") for n in range(105)]
    assert codes[:100] == [401] * 100 and codes[-1] == 429
    assert knock(strict.test_client(), "an", PASSWORD, "2001:db8:1:3::1") == 302


def test_the_person_is_told_when_somebody_goes_on_trying(strict: Flask, life: Life) -> None:
    from hotline.web.core.limits.rate_limits import limiter

    for n in range(22):
        knock(strict.test_client(), "du", "x", f"203.0.113.{n}")
        limiter.storage.clear(next(key for key in list(limiter.storage.storage) if key.endswith(":60")))  # type: ignore[attr-defined]
    life.db.rollback()
    told = life.db.scalars(select(Message).where(Message.template_key == "sign_in_tried")).all()
    assert [one.staff_id for one in told] == [life.staff["du"].id]


def test_a_real_password_costs_whoever_guesses_it_what_the_standard_asks() -> None:
    """RFC 9106, section 4: the second recommended choice. The tests' own people have hashes of less work."""
    asked = RFC_9106_LOW_MEMORY
    assert hasher.type is Type.ID and hasher.memory_cost >= asked.memory_cost
    assert hasher.time_cost >= asked.time_cost and hasher.hash_len >= asked.hash_len


def test_no_transaction_is_open_while_a_password_is_checked(
    app: Flask, installation: Installation, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """V14."""
    held: list[int] = []
    from hotline.web.account import views

    def slow(hashed: str, password: str) -> bool:
        held.append(installation.engine.pool.checkedout())  # type: ignore[attr-defined]
        return False

    monkeypatch.setattr(views, "is_right", slow)
    life.db.close()
    knock(app.test_client(), "du", "x")
    assert held == [0]


def test_what_was_typed_into_the_login_field_by_mistake_is_not_kept(app: Flask, life: Life) -> None:
    """V6."""
    knock(app.test_client(), "13899991111", "x")
    life.db.rollback()
    written = life.db.scalars(select(Audit).where(Audit.action == "login_failed")).one()
    assert written.subject and "13899991111" not in written.subject


@pytest.mark.parametrize(
    "weak",
    [
        *("1111111111", "1234567890", "12345678901", "0987654321", "abcdefghij", "qweasdzxc123", "1qaz2wsx3edc"),
        *("password123", "iloveyou123", "P@ssw0rd2024", "Qwerty@12345", "abc123abc123", "woaini1314", "woaini1314520"),
        *("drowssap321", "nimda12345678", "gnayna12345", "December2026!", "1391234567a", "a-912345678", "a1b2c3d4e5"),
        *("112233445566", "1122334455aa", "13579246810", "2468101214", "Monday12345", "20261201aabb"),
        *("anyang123456", "Anyang12345", "12345hotline", "demo-quality", "顾晓阳顾晓阳20261", "chengguan2026", "short"),
        *(
            "guxiaoyang1980",
            "xiaoyang888888",
            "GuXY@2024!",
            "chengguanju888",
            "shizhengju2024",
            "qpwoeiruty",
            "10203040506070",
            "q1w2e3r4t5y6",
            "1q2w3e4r5t6y",
            "a1s2d3f4g5h6",
            "aqswdefrgt",
            "0q9w8e7r6t5y",
            "wenfeng12345",
            "Yindu@2026!",
            "zhonghua12345",
            "woaiwojia123",
            "Tianqi2026..",
            "laogong5201314",
            *("wo4ani5201314", "wo1ai2ni3", "wo_ai_ni_1314", "wo520ai1314ni", "p4ssword#2026", "a1n2y3a4n5g6"),
            *("iloveyuo2026", "woxihuanni520", "yiqierushi520"),
            *("xiaomi13800138", "dajiahao666888", "zhufuni8888", "beijing13912345678", "xiaomao7391", "meimei.82647"),
            *("8274619350", "Haoyunlai_520", "mimi-mimi-7301"),
            *("butterfly5521", "elephant9037", "purpleRain88", "correcthorse1", "Butt3rfly!7", "mountain4821"),
            *("basketball23x", "sunflower8274", "Liverpool#1892"),
            *(
                "床前明月光疑是地上霜",
                "海内存知己，天涯若比邻",
                "天地玄黄宇宙洪荒",
                "路遥知马力日久见人心",
                "不入虎穴焉得虎子!",
            ),
            *(
                "luyaozhimalirijiujianrenxin",
                "qianlizhixingshiyuzuxia",
                "meifeng-jiajie-beisiqin",
                "xue1hai2wu3ya4kuzuozhou",
            ),
            *("cmbjxccwtn", "ypzyfl_byllh", "hncZJ-tyrbl-99", "liangyaokukouliyubing", "renzhichuxingbenshan"),
        ),
    ],
)
def test_what_everybody_would_try_first_is_refused(weak: str, city: Any) -> None:
    """V20."""
    from hotline.errors import Refusal

    about = words_about(city, "demo-quality", "顾晓阳", "chengguan", "13912345678")
    with pytest.raises(Refusal):
        check_strength(weak, about)


@pytest.mark.parametrize(
    "good",
    [
        *("kettle-on-a-roof-97", "雨后春笋茶壶蓝鲸飞", "kx7m-2fqp-9wzt-hh3d", "Zt9#kLw2vQ8x", "chashufeidaoyushanle"),
        *(
            "紫茄子偷骑我的拖拉机",
            "lanjingzaiyangtaishaikuzi",
            "dfgkq7-wpl-zzmx",
            "蜗牛煮咖啡不加锅盖",
            "hongzaotangliyoukouqin",
        ),
    ],
)
def test_what_nobody_guesses_is_taken(good: str) -> None:
    assert not is_weak(good, ("du", "杜", "Anyang"))


def test_a_new_password_and_a_sign_in_end_every_secret_from_before(
    settings: Settings, installation: Installation, life: Life
) -> None:
    """V20, VH3."""
    app = application(settings, installation)
    client, other = app.test_client(), app.test_client()
    knock(client, "du", PASSWORD)
    knock(other, "du", PASSWORD)
    before = client.get_cookie(sessions.COOKIE).value  # type: ignore[union-attr]
    new = "kettle-on-a-roof-97"
    assert client.post("/account/password", data={"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get_cookie(sessions.COOKIE).value != before  # type: ignore[union-attr]
    assert client.get("/dispatch/").status_code == 200 and other.get("/dispatch/").status_code == 302
    stale = app.test_client()
    stale.set_cookie(sessions.COOKIE, before)
    assert stale.get("/dispatch/").status_code == 302


def test_a_form_token_from_before_signing_in_fits_no_more(
    settings: Settings, installation: Installation, life: Life
) -> None:
    """V20, VH3."""
    import re

    app = application(settings, installation)
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()

    def token() -> str:
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/account").text or "")
        found = found or re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
        assert found
        return found[1]

    first = token()
    client.post("/login", data={"login": "du", "password": PASSWORD, "csrf_token": first})
    assert client.post("/logout", data={"csrf_token": first}).status_code == 400
    assert client.post("/logout", data={"csrf_token": token()}).status_code == 302


@pytest.mark.parametrize("ended", ["logout", "password", "dismissed", "long ago"])
def test_a_session_that_was_ended_writes_nothing_over_newer_words(
    life: Life, browse: Browse, installation: Installation, clock: StoppedClock, ended: str
) -> None:
    """V16."""
    du = life.staff["du"]
    client = browse(du)
    with installation.sessions() as db:
        held = db.scalars(select(LoginSession)).one()
        if ended in ("logout", "password"):
            held.ended_at = clock.now()
        elif ended == "dismissed":
            db.get_one(Staff, du.id).active = False
        db.add(Draft(staff_id=du.id, key="desk", version=1, data={"body": "市民原话"}, saved_at=clock.now()))
        db.commit()
    if ended == "long ago":
        clock.at += timedelta(hours=5)
    client.post("/desk", data={"draft_key": "desk", "body": "被旧会话改写的内容"})
    life.db.rollback()
    assert [one.data for one in life.db.scalars(select(Draft))] == [{"body": "市民原话"}]


def test_a_form_sent_after_falling_asleep_is_kept_beside_the_saved_words(
    life: Life, browse: Browse, installation: Installation, clock: StoppedClock
) -> None:
    """V16."""
    du = life.staff["du"]
    client = browse(du)
    with installation.sessions() as db:
        db.add(Draft(staff_id=du.id, key="desk", version=1, data={"body": "市民原话"}, saved_at=clock.now()))
        db.commit()
    clock.at += timedelta(minutes=40)
    client.post("/desk", data={"draft_key": "desk", "body": "睡着以后提交的话"})
    life.db.rollback()
    assert {one.data["body"] for one in life.db.scalars(select(Draft))} == {"市民原话", "睡着以后提交的话"}


@pytest.mark.parametrize("path", ["/desk/calls", "/dispatch/", "/notices", "/supervision/", "/review/"])
def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(
    life: Life, browse: Browse, installation: Installation, clock: StoppedClock, path: str
) -> None:
    """V15, VC11."""
    client = browse(life.staff["du"])
    clock.at += timedelta(minutes=29)
    client.get(path, headers={"HX-Request": "true"})
    life.db.rollback()
    assert life.db.scalars(select(LoginSession.seen_at)).one() < clock.now() - timedelta(minutes=28)
    clock.at += timedelta(minutes=2)
    assert client.get("/dispatch/").status_code == 302


def test_a_hand_on_the_keys_keeps_the_person_signed_in(life: Life, browse: Browse, clock: StoppedClock) -> None:
    client = browse(life.staff["du"])
    clock.at += timedelta(minutes=29)
    client.get("/dispatch/", headers={"HX-Request": "true", "X-Hands": "1"})
    clock.at += timedelta(minutes=20)
    assert client.get("/dispatch/").status_code == 200
