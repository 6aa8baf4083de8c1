"""While the database is away every caller is asked to come again, and the log says so once."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import wraps
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from hotline.app import create_app
from hotline.city.schema import City
from hotline.jobs.build import build_installation
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.web.core import database_away
from models.store.away import is_away
from tests.support.doubles.fakes import MemorySender

FORM = {"body": "小区路灯不亮三天了", "place": "东工路", "phone": "13800001234", "consent": "1", "sheet": "a" * 32}


@pytest.fixture
def away(city: City, tmp_path: Any) -> Flask:
    """An application whose PostgreSQL was there a moment ago."""
    settings = Settings(
        database_url="postgresql://postgres@/hotline?host=/nowhere",
        secret_key="s" * 40,
        twilio_auth_token="t" * 40,
        var=tmp_path,
        testing=True,
    )
    database_away._Outage.told_at = -database_away.QUIET
    installation = build_installation(settings, city=city, sender=MemorySender(), transport=NoTransport())
    app = create_app(replace(settings), installation)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def caller(app: Flask) -> FlaskClient:
    """Somebody who was signed in."""
    client = app.test_client()
    client.set_cookie("hotline_session", "x" * 43)
    return client


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/desk", {}),
        ("GET", "/p/AY202603040001", {}),
        ("POST", "/c/new", {"data": FORM}),
        ("POST", "/c/track", {"data": {"number": "AY202603040001", "code": "123456"}}),
        ("GET", "/api/v1/tickets", {"headers": {"Authorization": "Bearer " + "x" * 43}}),
        ("POST", "/login", {"data": {"login": "an", "password": "whatever-it-is"}}),
    ],
)
def test_everybody_is_asked_to_come_again(
    away: Flask, caplog: pytest.LogCaptureFixture, method: str, path: str, told: dict[str, Any]
) -> None:
    with caplog.at_level(logging.WARNING):
        answers = [caller(away).open(path, method=method, **told) for _time in range(4)]
    assert [answer.status_code for answer in answers] == [503] * 4, path
    assert {answer.headers["Retry-After"] for answer in answers} == {"5"}
    ours = [record for record in caplog.records if record.name.startswith(("hotline", "flask"))]
    assert len(ours) == 1, [record.getMessage() for record in ours]
    assert ours[0].exc_info is None
    if path.startswith("/api"):
        assert answers[0].json["code"] == "database_away"


def test_what_was_typed_is_shown_again(away: Flask) -> None:
    page = away.test_client().post("/c/new", data=FORM)
    assert "路灯不亮" in page.text


@pytest.mark.postgres
def test_a_commit_that_never_reached_the_database_is_no_success(
    postgres_engine: Engine, city: City, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection dies between the work and its commit, and again while a page is drawn: 503, without a traceback."""
    settings = Settings(secret_key="s" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True)
    installation = build_installation(
        settings, city=city, engine=postgres_engine, sender=MemorySender(), transport=NoTransport()
    )
    app = create_app(settings, installation)
    database_away._Outage.told_at = -database_away.QUIET

    @app.after_request
    def cut(response: Any) -> Any:
        with postgres_engine.connect() as other:
            other.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        return response

    app.config["WTF_CSRF_ENABLED"] = False
    with caplog.at_level(logging.WARNING):
        answer = app.test_client().post("/c/new", data=FORM)
    assert answer.status_code == 503
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_question_that_is_wrong_is_our_own_defect(sqlite_engine: Engine, engine_name: str) -> None:
    with sqlite_engine.connect() as connection, pytest.raises(OperationalError) as raised:
        connection.execute(text("SELECT * FROM no_such_table"))
    assert not is_away(raised.value)


@pytest.mark.postgres
def test_a_question_that_takes_too_long_says_so_and_loses_nothing(
    postgres_engine: Engine, city: City, tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(secret_key="s" * 40, twilio_auth_token="t" * 40, var=tmp_path, testing=True)
    installation = build_installation(
        settings, city=city, engine=postgres_engine, sender=MemorySender(), transport=NoTransport()
    )
    app = create_app(settings, installation)

    def slow() -> str:
        with installation.sessions() as db:
            db.execute(text("SET LOCAL statement_timeout = 30"))
            db.execute(text("SELECT pg_sleep(5)"))
        return "never"

    endpoint, _told = app.url_map.bind("here").match("/c")
    app.view_functions[endpoint] = wraps(app.view_functions[endpoint])(slow)
    with caplog.at_level(logging.WARNING):
        answer = app.test_client().get("/c")
    assert answer.status_code == 503 and "缩小范围" in answer.text
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.postgres
def test_two_who_wait_for_each_other_are_asked_to_try_again(postgres_engine: Engine) -> None:
    with postgres_engine.connect() as one, postgres_engine.connect() as other:
        one.execute(text("LOCK TABLE category IN EXCLUSIVE MODE"))
        with pytest.raises(OperationalError) as raised:
            other.execute(text("LOCK TABLE category IN EXCLUSIVE MODE NOWAIT"))
        assert is_away(raised.value)
