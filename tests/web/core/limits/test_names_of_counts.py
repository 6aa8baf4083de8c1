"""What is counted, and how often, lies in Redis and in its files: nobody reads there who wrote, or which survey is whose."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.app import create_app
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.web.core.limits.rate_limits import limiter
from models import Audit

PHONE, TOKEN = "15537261198", "kQ3vZr8wN1tYb6Lx"


@pytest.fixture
def counting(settings: Settings, installation: Installation) -> Flask:
    installation.settings = replace(settings, testing=False)
    made = create_app(installation.settings, installation)
    made.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    return made


@pytest.mark.parametrize(("method", "path", "told"), [("POST", "/c/new", PHONE), ("GET", f"/s/{TOKEN}", TOKEN)])
def test_the_name_of_a_count_tells_neither_phone_nor_survey(counting: Flask, method: str, path: str, told: str) -> None:
    """V6, V19: the number of an informant stood in Redis, and in its log on the disk for days."""
    form = {"phone": "155 3726 1198", "body": "路灯不亮", "name": "樊翠娥", "consent": "1"}
    counting.test_client().open(path, method=method, data=form if method == "POST" else None)
    names = list(limiter.storage.storage)
    assert names and not [name for name in names if told in name]
    assert [name for name in names if name.split("/")[1].startswith(("phone:", "survey:"))]


@pytest.mark.parametrize("typed", ["13837261198", "demo-agent", "8f.Waldweg.20"])
def test_who_is_tried_and_from_where_is_told_by_no_count_no_cookie_and_no_row_of_the_book(
    counting: Flask, installation: Installation, typed: str
) -> None:
    """V6, V14: a telephone that was typed as a login was found by trying all telephones with SHA-256, in the book for ever."""
    there = "203.0.113.77"
    client = counting.test_client()
    with client:
        client.post("/login", data={"login": typed, "password": "x"}, environ_overrides={"REMOTE_ADDR": there})
        client.get("/c/heads", environ_overrides={"REMOTE_ADDR": there})
    plain = [hashlib.sha256(one.encode()).hexdigest()[:12] for one in (typed, there, "203.0.113.0/24")]
    names = list(limiter.storage.storage)  # type: ignore[attr-defined]
    told = [name for name in names if any(one in name for one in (*plain, typed, "203.0.113."))]
    assert len(names) >= 6 and not told
    with installation.readings() as db:
        (subject,) = db.scalars(select(Audit.subject).where(Audit.action == "login_failed"))
    assert subject.startswith("#") and len(subject) == 13 and subject[1:] not in plain


def test_no_measure_counts_an_address_in_clear(counting: Flask) -> None:
    """Whoever adds a measure names whom it counts by `counted_under`: also those that a page seldom asks for."""
    client, there = counting.test_client(), {"REMOTE_ADDR": "2001:db8:77::5"}
    for rule in counting.url_map.iter_rules():
        if not rule.arguments and rule.methods and "GET" in rule.methods:
            client.get(rule.rule, environ_overrides=there)
    for path in ("/c/new", "/c/track", "/c/mine", "/login", "/open311/v2/requests.json"):
        client.post(path, data={"number": "26001", "code": "ABC234", "phone": "1"}, environ_overrides=there)
    names = list(limiter.storage.storage)  # type: ignore[attr-defined]
    assert len(names) > 20 and not [name for name in names if "2001:db8" in name]
