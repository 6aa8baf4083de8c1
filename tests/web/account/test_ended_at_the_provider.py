"""Whoever signs out at the identity provider, or is put out there, is out here: on its signed word, and on nobody else's."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.staff.sign_in.identity_provider import LEFT
from hotline.staff.single_sign_on import digest
from models import Audit, LoginSession
from tests.support.doubles.identity import HOTLINE, Liar, certified, settle
from tests.support.life import Life
from tests.support.make import PASSWORD
from tests.support.services import LiveServer

_numbers = itertools.count(1)


@pytest.fixture
def app(application: Callable[..., Flask], forger: Liar) -> Flask:
    return application(forger.issuer)


def enter(app: Flask, forger: Liar, sid: str | None = "s-1") -> FlaskClient:
    """A browser in which An is signed in by the provider's session of this name."""
    client = app.test_client()
    forger.claims = {"sid": sid}
    assert client.get(forger.back(client.get("/account/oidc/begin").location)).status_code == 302
    forger.claims = {}
    assert is_in(client)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/desk").status_code == 200


def word(forger: Liar, **claims: Any) -> dict[str, Any]:
    """An honest word that the session ended, but for these claims; None leaves one out."""
    seconds = int(forger.now.timestamp())
    told = {
        "iss": forger.issuer,
        "aud": "hotline",
        "iat": seconds,
        "exp": seconds + 120,
        "jti": f"word-{next(_numbers)}",
        "sub": "1001",
        "sid": "s-1",
        "events": {LEFT: {}},
        **claims,
    }
    return {name: one for name, one in told.items() if one is not None}


def tell(app: Flask, token: str) -> TestResponse:
    return app.test_client().post("/account/oidc/ended", data={"logout_token": token})


def test_a_session_that_ended_at_a_certified_provider_has_ended_here(
    application: Callable[..., Flask], life: Life, clock: StoppedClock
) -> None:
    """Through the very pages of the provider: its server tells ours, no browser comes by; another person's session goes on."""
    clock.at = datetime.now(UTC)
    doors: dict[str, Any] = {}

    def hotline(environ: Any, answer: Any) -> Any:
        return doors["hotline"](environ, answer)

    server = LiveServer(hotline).start()
    try:
        with certified(HOTLINE, f"{server.url}/account/oidc/ended") as provider:
            app = doors["hotline"] = application(provider.issuer)
            held: dict[str, tuple[FlaskClient, requests.Session]] = {}
            for login, groups in (("an", ["agents"]), ("he", ["rubbish"])):
                provider.say(f"p-{login}", preferred_username=login, groups=groups)
                client, browser = app.test_client(), requests.Session()
                there = client.get("/account/oidc/begin").location
                assert client.get(provider.visit(there, browser)).status_code == 302
                held[login] = client, browser
            by_password = app.test_client()
            by_password.post("/login", data={"login": "an", "password": PASSWORD})
            provider.leave(held["an"][1])
    finally:
        server.stop()
    assert held["an"][0].get("/desk").status_code == 302
    assert held["he"][0].get("/unit/").status_code == 200 and is_in(by_password)
    settle(life)
    told = life.db.execute(select(Audit.subject, Audit.actor_name).where(Audit.action == "session_ended")).all()
    assert [tuple(row) for row in told] == [("an", "统一身份认证")]


def test_one_session_ends_by_its_name_and_all_of_a_subject_without_one(app: Flask, forger: Liar) -> None:
    first, second = enter(app, forger, "s-1"), enter(app, forger, "s-2")
    assert tell(app, forger.signed(word(forger, sub=None))).status_code == 200
    assert not is_in(first) and is_in(second)
    third = enter(app, forger, "s-3")
    assert tell(app, forger.signed(word(forger, sid=None))).status_code == 200
    assert not is_in(second) and not is_in(third)


def test_the_name_of_a_session_is_worth_nothing_with_another_subject(app: Flask, forger: Liar) -> None:
    client = enter(app, forger)
    assert tell(app, forger.signed(word(forger, sub="2002"))).status_code == 200
    assert is_in(client)


def test_the_provider_knows_the_session_also_after_a_new_password(app: Flask, forger: Liar, life: Life) -> None:
    """And what it calls the session does not lie in the table."""
    client = enter(app, forger)
    told = {"old": PASSWORD, "new": "旧河道边的三棵白杨树", "again": "旧河道边的三棵白杨树"}
    assert client.post("/account/password", data=told).status_code == 302
    assert is_in(client)
    settle(life)
    held = life.db.scalars(select(LoginSession.provider_session)).all()
    settle(life)
    assert set(held) == {digest("s-1")}
    assert tell(app, forger.signed(word(forger))).status_code == 200
    assert not is_in(client)


def test_the_same_word_told_again_ends_nothing_more(app: Flask, forger: Liar) -> None:
    token = forger.signed(word(forger, sid=None))
    assert tell(app, token).status_code == 200
    client = enter(app, forger)
    assert tell(app, token).status_code == 200 and is_in(client)


def test_no_other_word_ends_a_session(app: Flask, forger: Liar, now: datetime, life: Life) -> None:
    """Another issuer, audience, time, event or signer; an identity token; a word without a name; none at all."""
    client = enter(app, forger)
    seconds, stranger = int(now.timestamp()), RSAKey.generate_key(2048, {"kid": "one"})
    wrong: list[dict[str, Any]] = [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None}, {"aud": ["other"]},
        {"iat": None}, {"iat": seconds - 3600}, {"iat": seconds + 3600}, {"iat": "now"}, {"iat": True}, {"exp": seconds - 300},
        {"exp": "never"}, {"jti": None}, {"jti": ""}, {"jti": 7}, {"nonce": "x"}, {"nonce": ""},
        {"events": None}, {"events": {}}, {"events": LEFT}, {"events": [LEFT]}, {"events": {LEFT: "x"}}, {"events": {"other": {}}},
        {"sub": None, "sid": None}, {"sub": "", "sid": ""}, {"sub": ["1001"]}, {"sub": "1001", "sid": {"a": 1}}, {"sub": 1001},
    ]  # fmt: skip
    tokens = [forger.signed(word(forger, **one)) for one in wrong]
    tokens += [forger.signed(word(forger), stranger), forger.signed(word(forger), stranger, kid="two")]
    tokens += [forger.signed(word(forger), alg="none"), "", "a.b.c", "é", forger.token(), "x" * 20_000]
    for n, token in enumerate(tokens):
        answer = tell(app, token)
        assert answer.status_code == 400, (n, answer.status_code)
        assert answer.json is not None and answer.json["error"] == "invalid_request"
        assert is_in(client), n
    for answer in (
        app.test_client().get("/account/oidc/ended"),
        app.test_client().post("/account/oidc/ended", json={}),
    ):
        assert answer.status_code in (400, 404, 405)


def test_an_open_stream_ends_with_its_session(
    app: Flask, forger: Liar, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hotline.web.live import views

    client = enter(app, forger)
    installation = app.extensions["installation"]
    installation.settings = app.extensions["installation"].settings
    monkeypatch.setattr(views, "HEARTBEAT", 0.05)
    pieces = iter(client.get("/live/stream").response)
    assert b"changed" in next(pieces)  # type: ignore[operator]
    assert tell(app, forger.signed(word(forger))).status_code == 200
    assert list(pieces) == []


def test_without_a_provider_there_is_no_such_door(settings: Settings, installation: Installation, life: Life) -> None:
    assert tell(create_app(settings, installation), "x").status_code == 404
