"""What an attack found shut must stay shut (VH3, VH4, VH8, VH17)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import hotline.web
from hotline.web.account import views as account
from hotline.web.core import sessions
from tests.support.life import Life
from tests.support.make import PASSWORD

WEB = Path(hotline.web.__file__).parent
Browse = Callable[[Any], FlaskClient]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../etc/passwd",
        "/static/x/..%2f..%2f..%2fetc/passwd",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/files/..%2f..%2fhotline.db",
        "/files/%2e%2e%2fsecret_key",
        "/static/css\\..\\..\\settings.py",
    ],
)
def test_no_address_leads_out_of_its_folder(life: Life, browse: Browse, path: str) -> None:
    """VH8."""
    answer = browse(life.staff["an"]).get(path)
    assert answer.status_code in (400, 403, 404) and "root:" not in answer.text and "SECRET_KEY" not in answer.text


@pytest.mark.parametrize(
    "header", ["Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "Forwarded"]
)
def test_a_forged_host_stands_on_no_page(app: Flask, life: Life, header: str) -> None:
    """VH8."""
    client = app.test_client()
    for path in ("/", "/login", "/c", "/c/new", "/c/track", "/nowhere", "/desk"):
        answer = client.get(path, headers={header: "evil.example"})
        assert "evil.example" not in answer.text and not answer.headers.get("Location", "").startswith(
            ("http://evil", "//")
        ), path


@pytest.mark.parametrize(
    "headers", [{}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "::1"}, {"Authorization": "Bearer "}]
)
def test_figures_for_machines_are_for_this_machine(app: Flask, headers: dict[str, str]) -> None:
    """VH8."""
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert answer.status_code == 403


def test_a_session_that_somebody_set_before_is_never_taken_over(app: Flask, life: Life) -> None:
    """VH3."""
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, preset := "x" * 43)
    client.post("/login", data={"login": "du", "password": PASSWORD})
    kept = client.get_cookie(sessions.COOKIE)
    assert kept and kept.value != preset and client.get("/dispatch/").status_code == 200
    other = app.test_client()
    other.set_cookie(sessions.COOKIE, preset)
    assert other.get("/dispatch/").status_code == 302


def test_a_login_that_nobody_has_costs_one_hash_like_any_other(
    app: Flask, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """VH17: one hash each, so that the time tells nothing."""
    checked: list[str] = []
    monkeypatch.setattr(account, "is_right", lambda hashed, password: bool(checked.append(hashed)))
    life.staff["an"].active = False
    life.db.commit()
    for login in ("du", "an", "nobody", "", "x" * 500):
        before = len(checked)
        assert app.test_client().post("/login", data={"login": login, "password": "x"}).status_code == 401
        assert len(checked) == before + 1, login


def test_our_scripts_write_no_html_and_our_pages_hold_no_scripts_of_their_own() -> None:
    """VH4: what the policy forbids is not even tried."""
    scripts = [path for path in (WEB / "static" / "js").rglob("*.js") if "vendor" not in path.parts]
    writing = re.compile(
        r"\.(?:innerHTML|outerHTML)\s*[+]?=|insertAdjacentHTML|document\.write|\beval\(|new Function\("
    )
    assert len(scripts) > 10
    assert [str(path) for path in scripts if writing.search(path.read_text(encoding="utf-8"))] == []
    inline = re.compile(r"<[a-z][^>]*\s(?:on[a-z]+|style)=|<script(?![^>]*(?:src=|application/json))", re.I)
    pages = list((WEB / "templates").rglob("*.html"))
    assert len(pages) > 50
    assert [str(path) for path in pages if inline.search(path.read_text(encoding="utf-8"))] == []
