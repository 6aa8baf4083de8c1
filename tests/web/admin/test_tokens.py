"""A machine's token: shown once, narrowed, ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.errors import OutOfTurn
from hotline.web.admin.tokens import READS_PEOPLE, issue, revoke, rotate
from models import ApiToken, Message, StaffChange
from tests.support.life import Life
from tests.support.make import make_staff
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


def secret_of(answer: TestResponse) -> str:
    found = re.search(r"hl_[\w-]{30,}", answer.text)
    assert found
    return found[0]


def opens(app: Flask, secret: str) -> bool:
    call = app.test_client().get("/api/v1/tickets", headers={"Authorization": f"Bearer {secret}"})
    return call.status_code == 200


@pytest.mark.parametrize("scope", sorted(READS_PEOPLE))
def test_one_alone_gives_no_machine_what_they_may_not_read_themselves(
    admin: FlaskClient, life: Life, app: Flask, browse: Callable[[Any], FlaskClient], scope: str
) -> None:
    """V8, V2: an administrator, who works on no matters, made a token for all of them and read it on the own screen."""
    life.db.add(ApiToken(name="旧", source="oa", digest="x" * 64, scopes=["tickets.read", scope], created_at=life.now))
    life.db.commit()
    form = {"name": "大屏", "source": "oa", "scopes": ["tickets.read", scope]}
    made = secret_of(admin.post("/admin/tokens", data=form))
    renewed = secret_of(admin.post("/admin/tokens/1/rotate"))
    assert not opens(app, made) and not opens(app, renewed)
    assert "等批准" in admin.get("/admin/tokens").text
    assert admin.post("/admin/tokens/1/rotate").status_code == 409, "one successor waits already"
    wishes = life.db.scalars(select(StaffChange.id).where(StaffChange.kind == "token").order_by(StaffChange.id)).all()
    other = make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    head = browse(life.staff["tou"])
    assert "大屏" in head.get("/admin/staff").text and len(wishes) == 2
    for wish in wishes:
        assert admin.post(f"/admin/staff/changes/{wish}", data={"answer": "agree"}).status_code == 403
        assert browse(other).post(f"/admin/staff/changes/{wish}", data={"answer": "agree"}).status_code == 403
    assert life.db.scalars(select(ApiToken.expires_at).where(ApiToken.id == 1)).one() is None, "nobody agreed yet"
    life.db.rollback()
    assert head.post(f"/admin/staff/changes/{wishes[0]}", data={"answer": "refuse"}).status_code == 303
    assert head.post(f"/admin/staff/changes/{wishes[1]}", data={"answer": "agree"}).status_code == 303
    assert not opens(app, made) and opens(app, renewed)
    assert life.db.scalars(select(ApiToken.expires_at).where(ApiToken.id == 1)).one() is not None


def test_at_the_server_it_is_told_and_a_token_has_one_successor(life: Life) -> None:
    """V8, V21: by the command line the head and discipline learn of it; of two that change a token the second is refused."""
    scopes = ["tickets.read.all"]
    issue(life.db, "大屏", "oa", scopes, life.now)
    number = life.db.scalars(select(ApiToken.id)).one()
    rotate(life.db, number, life.now)
    with pytest.raises(OutOfTurn):
        rotate(life.db, number, life.now)
    told = life.db.scalars(select(Message.role).where(Message.template_key == "token_made")).all()
    assert sorted(map(str, told)) == ["discipline", "discipline", "head", "head"]
    successor = life.db.scalars(select(ApiToken.id).where(ApiToken.replaces_id == number)).one()
    assert revoke(life.db, successor, life.now)
    assert rotate(life.db, number, life.now), "its secret was lost"
