"""A machine's token: shown once, narrowed, ended."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models import ApiToken
from tests.support.life import Life
from tests.web.admin.deeds import deeds


def test_a_token_is_shown_once_works_and_stops_when_revoked(admin: FlaskClient, life: Life, app: Flask) -> None:
    issued = admin.post("/admin/tokens", data={"name": "省平台", "source": "province", "scopes": ["tickets.create"]})
    secret = re.search(r"hl_[\w-]{30,}", issued.text)
    assert secret
    assert secret[0] not in admin.get("/admin/tokens").text
    machine = app.test_client()
    call = {"headers": {"Authorization": f"Bearer {secret[0]}"}, "json": {"body": ""}}
    assert machine.post("/api/v1/tickets", **call).status_code != 401
    token = life.db.scalars(select(ApiToken.id)).one()
    life.db.rollback()
    assert admin.post(f"/admin/tokens/{token}/revoke").status_code == 303
    assert machine.post("/api/v1/tickets", **call).status_code == 401
    assert admin.post("/admin/tokens", data={"name": "", "scopes": ["everything"]}).status_code == 400
    assert {"token_issued", "token_revoked"} <= set(deeds(life))


def test_a_token_is_narrowed_ended_and_changed_on_the_page(admin: FlaskClient, life: Life) -> None:
    given = {
        "name": "城管系统",
        "source": "oa",
        "scopes": ["tickets.read", "tickets.act.sign"],
        "units": "chengguan",
        "addresses": "10.1.0.0/16， 192.0.2.7",
        "expires": "2026-12-31",
    }
    assert re.search(r"hl_[\w-]{30,}", admin.post("/admin/tokens", data=given).text)
    token = life.db.scalars(select(ApiToken)).one()
    assert (token.units, token.addresses, token.towns) == (
        ["chengguan"],
        ["10.1.0.0/16", "192.0.2.7"],
        [],
    ) and token.expires_at
    number = token.id
    life.db.rollback()
    page = admin.get("/admin/tokens").text
    assert "市城市管理局" in page and "10.1.0.0/16" in page
    assert re.search(r"hl_[\w-]{30,}", admin.post(f"/admin/tokens/{number}/rotate").text)
    for field, value in (
        ("units", "no-such"),
        ("towns", "no-such"),
        ("addresses", "here"),
        ("expires", "2020-01-01"),
        ("expires", "someday"),
    ):
        assert admin.post("/admin/tokens", data={**given, field: value}).status_code == 400, field
    assert {"token_issued", "token_rotated"} <= set(deeds(life))


def test_a_machine_is_not_called_as_the_story_calls_nobody(admin: FlaskClient, life: Life) -> None:
    for name in ("市民", "ｓｙｓｔｅｍ", "省\u202e台平", "省\u200b平台"):
        answer = admin.post("/admin/tokens", data={"name": name, "source": "x", "scopes": ["tickets.create"]})
        assert answer.status_code == 400, name
    assert life.db.scalars(select(ApiToken.id)).all() == []
