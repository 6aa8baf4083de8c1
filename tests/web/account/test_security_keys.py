"""Security keys beside the digits: bound to this site, this session and this question; recovery codes go on working."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.staff.sign_in import security_keys
from models import Audit, Message, SecurityKey
from tests.support.doubles.soft_key import SoftKey
from tests.support.life import Life
from tests.support.make import PASSWORD

SITE = "http://localhost:8000"
QUESTION, NEW, CODE = "/account/second/keys/question", "/account/second/keys/question/new", "/account/second/code"


@pytest.fixture
def app(settings: Settings, installation: Installation, life: Life) -> Flask:
    """An installation that asks a second factor of the powerful, at an address where browsers know keys."""
    installation.settings = replace(settings, second_factor=True, public_url=SITE)
    made = create_app(installation.settings, installation)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def enter(app: Flask, login: str = "du") -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 302
    return client


def asked(client: FlaskClient, where: str = QUESTION) -> dict[str, Any]:
    answer = client.post(where)
    assert answer.status_code == 200, answer.text
    return dict(answer.get_json())


def with_key(app: Flask, login: str = "du") -> tuple[FlaskClient, SoftKey, list[str]]:
    """Somebody who has registered a key and is signed in: the browser, the key, the recovery codes."""
    client, key = enter(app, login), SoftKey(SITE)
    made = key.made(asked(client, NEW))
    answer = client.post("/account/second/keys/", data={"name": "蓝色", "answer": made})
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)
    assert answer.status_code == 200 and len(codes) == 10
    return client, key, codes


def show(client: FlaskClient, answer: str) -> int:
    return client.post(CODE, data={"answer": answer}).status_code


def test_a_touched_key_opens_the_desk_and_nothing_less(app: Flask, life: Life) -> None:
    client, key, _codes = with_key(app)
    assert client.get("/dispatch/").status_code == 200
    again = enter(app)
    assert again.get("/dispatch/").status_code == 302 and "安全密钥" in again.get("/account/second").text
    assert show(again, key.shown(asked(again))) == 303
    assert again.get("/dispatch/").status_code == 200
    life.db.rollback()
    told = life.db.scalars(select(Message.text).where(Message.template_key == "security_key_added")).all()
    assert len(told) == 1 and "蓝色" in told[0]
    assert {"security_key_added", "login"} <= set(life.db.scalars(select(Audit.action)).all())
    held = life.db.scalars(select(SecurityKey)).one()
    assert held.sign_count == 1 and held.used_at is not None


def test_what_a_key_said_elsewhere_or_before_opens_nothing(app: Flask, clock: StoppedClock) -> None:
    """A false site, another site's name, an untouched key, a replay, another session's question, an old one, and none."""
    _client, key, _codes = with_key(app)
    wrong = {
        "a false site": {"origin": "https://hotline.example.evil"},
        "another site's name": {"rp_id": "evil.example"},
        "nobody touched it": {"flags": 0},
        "another key": {"secret": SoftKey(SITE).secret},
        "another key's number": {"number": b"x" * 32},
    }
    for name, how in wrong.items():
        client = enter(app)
        assert show(client, replace(key, **how).shown(asked(client))) == 400, name
        assert client.get("/dispatch/").status_code == 302, name
    first, second = enter(app), enter(app)
    answer = key.shown(asked(first))
    assert show(second, answer) == 400, "no question was asked in that session"
    asked(second)
    assert show(second, answer) == 400, "the question of another session"
    assert show(first, answer) == 303
    assert show(enter(app), answer) == 400, "a replay"
    client = enter(app)
    late = key.shown(asked(client))
    clock.forward(minutes=6)
    assert show(client, late) == 400, "an old question"
    for nonsense in ("", "null", "[]", "{}", '{"id":5}', "[" * 5000, key.shown({"challenge": "x"})[:-5]):
        assert client.post(CODE, data={"answer": nonsense or " "}).status_code == 400, nonsense[:20]


def test_a_key_that_counts_backwards_is_a_copy(app: Flask) -> None:
    _client, key, _codes = with_key(app)
    for count, status in ((5, 303), (2, 400), (5, 400), (6, 303)):
        client = enter(app)
        key.count = count
        assert show(client, key.shown(asked(client))) == status, count


def test_somebody_elses_key_is_not_mine(app: Flask) -> None:
    with_key(app)
    _other, strange, _codes = with_key(app, "ren")
    client = enter(app)
    assert show(client, strange.shown(asked(client))) == 400
    mine = enter(app, "hui")
    again = mine.post("/account/second/keys/", data={"name": "x", "answer": strange.made(asked(mine, NEW))})
    assert again.status_code == 400, "a key is registered once"


def test_the_password_alone_adds_no_key_and_no_digits_where_a_key_is_asked_for(app: Flask, clock: StoppedClock) -> None:
    with_key(app)
    thief = enter(app)
    assert thief.post(NEW).status_code == 403
    own = SoftKey(SITE)
    assert (
        thief.post("/account/second/keys/", data={"name": "x", "answer": own.made({"challenge": "x"})}).status_code
        == 403
    )
    assert thief.post("/account/second/begin").status_code == 403
    assert thief.post("/account/second/confirm", data={"code": "123456"}).status_code == 403
    assert thief.post("/account/second/keys/1/remove").status_code == 403


def test_a_session_left_open_changes_nothing_until_the_second_factor_is_shown_again(
    app: Flask, clock: StoppedClock
) -> None:
    client, key, _codes = with_key(app)
    clock.forward(minutes=11)
    assert client.get("/dispatch/").status_code == 200
    assert client.post(NEW).status_code == 403 and client.post("/account/second/keys/1/remove").status_code == 403
    assert "再证明一次" in client.get("/account/second").text
    assert show(client, key.shown(asked(client))) == 303
    assert client.post("/account/second/keys/1/rename", data={"name-1": " 红色  的 "}).status_code == 303
    assert 'value="红色 的"' in client.get("/account/second").text


def test_recovery_codes_open_without_the_key_and_renewing_them_wants_it(app: Flask) -> None:
    client, key, codes = with_key(app)
    assert enter(app).post(CODE, data={"code": codes[0]}).status_code == 303
    assert enter(app).post(CODE, data={"code": codes[0]}).status_code == 400
    assert client.post("/account/second/recovery", data={"code": codes[1]}).status_code == 400
    answer = client.post("/account/second/recovery", data={"answer": key.shown(asked(client))})
    assert len(re.findall(r"<code>([a-z0-9-]{19})</code>", answer.text)) == 10
    assert enter(app).post(CODE, data={"code": codes[1]}).status_code == 400


def test_the_last_second_factor_stays_where_one_is_required(app: Flask, life: Life, clock: StoppedClock) -> None:
    client, _key, _codes = with_key(app)
    assert client.post("/account/second/keys/1/remove").status_code == 400
    client.post("/account/second/begin")
    found = re.search(r"<code>([A-Z2-7 ]{20,})</code>", client.get("/account/second").text)
    assert found
    phone = pyotp.TOTP(found[1].replace(" ", ""))
    assert client.post("/account/second/confirm", data={"code": phone.at(clock.now())}).status_code == 303
    assert client.post("/account/second/keys/1/remove").status_code == 303
    clock.forward(minutes=1)
    again = enter(app)
    assert again.post(QUESTION).status_code == 404
    assert again.post(CODE, data={"code": phone.at(clock.now())}).status_code == 303
    agent, _key, _more = with_key(app, "an")
    own = re.findall(r"/account/second/keys/\d+/remove", agent.get("/account/second").text)
    assert len(own) == 1 and agent.post(own[0]).status_code == 303
    assert enter(app, "an").get("/desk").status_code == 200, "who need not have one is asked no more"


def test_nobody_touches_anothers_key_and_a_stranger_reaches_nothing(app: Flask) -> None:
    with_key(app)
    other, _key, _codes = with_key(app, "ren")
    assert other.post("/account/second/keys/1/remove").status_code == 404
    assert other.post("/account/second/keys/1/rename", data={"name-1": "x"}).status_code == 404
    stranger = app.test_client()
    for path in (
        QUESTION,
        NEW,
        "/account/second/keys/",
        "/account/second/keys/1/remove",
        "/account/second/keys/1/rename",
    ):
        assert stranger.post(path).status_code == 403, path


def test_a_key_needs_a_name_and_a_site_with_https(app: Flask, installation: Installation) -> None:
    client, key = enter(app), SoftKey(SITE)
    made = key.made(asked(client, NEW))
    assert client.post("/account/second/keys/", data={"name": "  ", "answer": made}).status_code == 400
    assert client.post("/account/second/keys/", data={"name": "蓝", "answer": made}).status_code == 200
    sites = {
        "https://12345.example.gov.cn": "12345.example.gov.cn",
        "http://localhost:8000": "localhost",
        "http://127.0.0.1:8000": "",
        "https://10.1.2.3": "",
        "http://12345.example.gov.cn": "",
    }
    for url, name in sites.items():
        assert security_keys.site(replace(installation.settings, public_url=url)) == name, url


def test_the_question_names_only_this_persons_keys_and_asks_for_no_identity(app: Flask) -> None:
    client, _key, _codes = with_key(app)
    with_key(app, "ren")
    question = asked(client)
    assert len(question["allowCredentials"]) == 1 and question["rpId"] == "localhost"
    new = asked(client, NEW)
    assert (
        new["attestation"] == "none"
        and len(new["excludeCredentials"]) == 1
        and "du" not in json.dumps(new["user"]["id"])
    )
