"""Safety from the start: permissions on every route, isolation, sessions, tokens, headers, limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.errors import Misconfigured
from hotline.installation import Installation
from hotline.settings import Settings, read_settings
from hotline.tickets.roles import Role
from hotline.web.core import permission, sessions
from hotline.web.core.permission import PUBLIC, SIGNED, allowed_by
from models import Audit, Draft, LoginSession, Staff
from tests.support.life import Life
from tests.support.make import PASSWORD, make_staff

Browse = Callable[[Staff], FlaskClient]
DUMMY: dict[str, Any] = {
    "number": "260101000001",
    "action": "sign",
    "kind": "extension",
    "key": "k",
    "path": "x",
    "token": "t",
    "name": "town",
    "filename": "css/core.css",
    "stored_as": "none",
    "anything": "x",
    "deed": "urge",
    "lang": "zh",
}


def one_that_fits(rule: Rule, name: str) -> Any:
    """A made-up argument; of a choice written into the address the first one."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else DUMMY.get(name, 1)


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Every (endpoint, method, address) of the application, with made-up arguments."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            arguments = {name: one_that_fits(rule, name) for name in rule.arguments}
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}):
                found.append((rule.endpoint, method, url_for(rule.endpoint, **arguments)))
    return found


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert allowed_by(app, rule.endpoint) is not None, f"{rule.rule} says nothing"


def test_a_route_that_says_nothing_keeps_the_application_from_starting(
    settings: Settings, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(settings, installation)
    app.add_url_rule("/silent", "silent", lambda: "hello")
    with pytest.raises(Misconfigured, match="/silent"):
        permission.require_declarations(app)


def test_without_signing_in_only_public_pages_open(app: Flask) -> None:
    client = app.test_client()
    for endpoint, method, address in addresses(app):
        if {PUBLIC, SIGNED} & (allowed_by(app, endpoint) or frozenset()):
            continue
        answer = client.open(address, method=method)
        assert answer.status_code in (302, 401), f"{method} {address}: {answer.status_code}"
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/login")


def test_machines_without_a_proof_are_refused(app: Flask) -> None:
    client = app.test_client()
    for endpoint, method, address in addresses(app):
        if SIGNED in (allowed_by(app, endpoint) or frozenset()):
            answer = client.open(address, method=method, environ_base={"REMOTE_ADDR": "203.0.113.9"})
            assert answer.status_code in (401, 403, 404), address


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_kept_out_of_what_is_not_its_own(
    app: Flask, installation: Installation, browse: Browse, role: Role
) -> None:
    """VH1."""
    with installation.sessions() as db:
        person = make_staff(db, f"r-{role.value}", role.value, role.value, unit="chengguan")
        db.commit()
    client = browse(person)
    for endpoint, method, address in addresses(app):
        allowed = allowed_by(app, endpoint) or frozenset()
        if not {PUBLIC, SIGNED} & allowed and role not in allowed:
            assert client.open(address, method=method).status_code == 403, f"{role} {method} {address}"


def test_a_unit_cannot_open_or_touch_another_units_ticket_by_any_address(
    app: Flask, life: Life, browse: Browse
) -> None:
    """VH1."""
    ticket = life.to("handling")
    life.db.commit()
    client = browse(life.staff["chang"])
    for endpoint, method, address in addresses(app):
        if "<number>" not in str(app.url_map._rules_by_endpoint[endpoint][0].rule) or endpoint.startswith(
            ("citizen.", "api")
        ):
            continue
        answer = client.open(
            address.replace(DUMMY["number"], ticket.number), method=method, data={"reason": "contact", "field": "phone"}
        )
        assert answer.status_code in (403, 404), f"{method} {address}: {answer.status_code}"
        assert "13800001234" not in answer.text and "路灯坏了三天" not in answer.text
    for address in ("/unit/", "/search/?q=路灯", "/search/?open=1", f"/search/?q={ticket.number}"):
        assert ticket.number not in re.sub(r'value="[^"]*"', "", client.get(address).text), address


def test_every_form_wants_its_token(settings: Settings, installation: Installation, life: Life) -> None:
    """VH3."""
    strict = create_app(settings, installation)
    with installation.sessions() as db:
        secret = sessions.begin(
            db, db.get_one(Staff, life.staff["du"].id), installation.clock.now(), "127.0.0.1", "test"
        )
        db.commit()
    client = strict.test_client()
    client.set_cookie(sessions.COOKIE, secret)
    for endpoint, method, address in addresses(strict):
        if method == "GET" or SIGNED in (allowed_by(strict, endpoint) or frozenset()):
            continue
        assert client.open(address, method=method).status_code == 400, (
            f"{method} {address} took a post without its token"
        )


def test_every_answer_carries_the_headers_and_a_strict_policy(app: Flask, browse: Browse, life: Life) -> None:
    """VH5."""
    for client, address in (
        (app.test_client(), "/login"),
        (app.test_client(), "/nope"),
        (browse(life.staff["du"]), "/dispatch/"),
    ):
        headers = client.get(address).headers
        assert (
            "unsafe" not in headers["Content-Security-Policy"]
            and "default-src 'self'" in headers["Content-Security-Policy"]
        )
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


def test_an_idle_session_ends_and_what_was_typed_comes_back(
    app: Flask, life: Life, browse: Browse, clock: StoppedClock, installation: Installation
) -> None:
    ticket = life.to("handling")
    life.db.commit()
    client = browse(life.staff["he"])
    clock.forward(minutes=installation.city.policy.idle_minutes + 1)
    typed = "查了很久才写完的一段答复。" * 50
    answer = client.post(
        f"/tickets/{ticket.number}/do/reply",
        data={"draft_key": f"reply:{ticket.number}", "facts": typed, "seen": ticket.move_count},
    )
    assert answer.status_code == 302 and "/login" in answer.headers["Location"]
    again = browse(life.staff["he"])
    assert again.get(f"/drafts/reply:{ticket.number}").get_json()["data"]["facts"] == typed
    life.db.refresh(ticket)
    assert ticket.state == "handling"


def test_a_draft_saved_in_another_window_is_not_overwritten(life: Life, browse: Browse) -> None:
    client = browse(life.staff["he"])
    assert client.put("/drafts/reply:1", json={"version": 0, "data": {"facts": "一"}}).get_json()["version"] == 1
    assert client.put("/drafts/reply:1", json={"version": 1, "data": {"facts": "二"}}).get_json()["version"] == 2
    late = client.put("/drafts/reply:1", json={"version": 1, "data": {"facts": "旧窗口"}})
    assert late.status_code == 409 and late.get_json()["data"]["facts"] == "二"
    assert browse(life.staff["ren"]).get("/drafts/reply:1").get_json()["version"] == 0


def test_nobody_reads_somebody_elses_draft(life: Life, browse: Browse, installation: Installation) -> None:
    """VH1."""
    browse(life.staff["he"]).put("/drafts/x", json={"version": 0, "data": {"facts": "我的"}})
    assert "我的" not in browse(life.staff["chang"]).get("/drafts/x").text
    with installation.readings() as db:
        assert len(db.query(Draft).all()) == 1


def test_signing_in_and_out(app: Flask, life: Life, installation: Installation) -> None:
    client = app.test_client()
    wrong = client.post("/login", data={"login": "du", "password": "x"})
    assert wrong.status_code == 401 and "用户名或密码不对" in wrong.text
    right = client.post("/login", data={"login": "du", "password": PASSWORD, "next": "/dispatch/"})
    assert right.headers["Location"] == "/dispatch/"
    cookie = right.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert client.get("/dispatch/").status_code == 200
    client.post("/logout")
    assert client.get("/dispatch/").status_code == 302
    with installation.readings() as db:
        deeds = [row.action for row in db.query(Audit).order_by(Audit.id)]
        secrets = [row.id for row in db.query(LoginSession)]
    assert deeds == ["login_failed", "login", "logout"]
    assert all(len(one) == 64 for one in secrets)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "evil.example"])
def test_signing_in_never_leads_to_another_site(app: Flask, life: Life, target: str) -> None:
    answer = app.test_client().post("/login", data={"login": "du", "password": PASSWORD, "next": target})
    assert answer.headers["Location"].startswith("/") and "evil" not in answer.headers["Location"].split("?")[0]


def test_a_demo_password_must_be_changed_before_anything_else(
    app: Flask, life: Life, installation: Installation
) -> None:
    with installation.sessions() as db:
        make_staff(db, "new", "新", "dispatcher", must_change=True)
        db.commit()
    client = app.test_client()
    client.post("/login", data={"login": "new", "password": PASSWORD})
    assert client.get("/dispatch/").headers["Location"] == "/account"
    short = client.post("/account/password", data={"old": PASSWORD, "new": "short", "again": "short"})
    assert short.status_code == 400 and "至少" in short.text
    client.post(
        "/account/password", data={"old": PASSWORD, "new": "kettle-on-a-roof-97", "again": "kettle-on-a-roof-97"}
    )
    assert client.get("/dispatch/").status_code == 200


def test_a_person_who_left_is_out_at_once(life: Life, browse: Browse, installation: Installation) -> None:
    client = browse(life.staff["du"])
    assert client.get("/dispatch/").status_code == 200
    with installation.sessions() as db:
        db.get_one(Staff, life.staff["du"].id).active = False
        db.commit()
    assert client.get("/dispatch/").status_code == 302


def test_a_busy_session_ends_after_a_long_shift(life: Life, browse: Browse, clock: StoppedClock) -> None:
    client = browse(life.staff["du"])
    for _quarter in range(4 * 15):
        clock.at += timedelta(minutes=15)
        last = client.get("/account").status_code
    assert last == 302


def test_knocking_too_often_is_answered_with_429(settings: Settings, installation: Installation, life: Life) -> None:
    strict = create_app(Settings(**{**settings.__dict__, "testing": False}), installation)
    strict.config["WTF_CSRF_ENABLED"] = False
    client = strict.test_client()
    right = [client.post("/login", data={"login": "du", "password": PASSWORD}).status_code for _ in range(12)]
    codes = [client.post("/login", data={"login": "du", "password": "x"}).status_code for _ in range(12)]
    assert right == [302] * 12, "a right password is never too many"
    assert codes[:10] == [401] * 10 and codes[-1] == 429


@pytest.mark.parametrize(
    ("missing", "word"),
    [
        ("DATABASE_URL", "PostgreSQL"),
        ("REDIS_URL", "Redis"),
        ("SECRET_KEY", "SECRET_KEY"),
        ("PUBLIC_URL", "PUBLIC_URL"),
    ],
)
def test_a_city_without_its_settings_refuses_to_start(missing: str, word: str, tmp_path: Any) -> None:
    env = {
        "HOTLINE_MODE": "production",
        "DATABASE_URL": "postgresql://x/y",
        "REDIS_URL": "redis://:geheim@x",
        "SECRET_KEY": "0f2c9b7d41e68a35" * 2 + "c3d9",
        "PUBLIC_URL": "https://12345.example",
        "HOTLINE_VAR": str(tmp_path),
    }
    read_settings(env)
    with pytest.raises(Misconfigured, match=word):
        read_settings({name: value for name, value in env.items() if name != missing})


def test_a_mode_by_its_former_name_still_works_and_says_the_present_one_once(
    tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    told = {"HOTLINE_MODE": "laptop", "HOTLINE_VAR": str(tmp_path)}
    assert read_settings(told).development and read_settings(told).mode == "development"
    assert [one.message for one in caplog.records].count("HOTLINE_MODE=laptop is called development now") <= 1
    with pytest.raises(Misconfigured, match="DATABASE_URL"):
        read_settings({"HOTLINE_MODE": "city", "HOTLINE_VAR": str(tmp_path), "SECRET_KEY": "s" * 40})
    for wrong in ("", "dev", "City"):
        with pytest.raises(Misconfigured, match="development"):
            read_settings({"HOTLINE_MODE": wrong, "HOTLINE_VAR": str(tmp_path)})
