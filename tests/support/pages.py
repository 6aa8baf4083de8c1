"""Pages under test: an application over a clean SQLite, and browsers without a screen for the same few people."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from hotline.app import create_app
from hotline.clock import StoppedClock
from hotline.i18n import speak
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from hotline.web.core import sessions
from models import Staff
from tests.support.life import Life


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=tmp_path / "var", testing=True)


@pytest.fixture
def installation(settings: Settings, sqlite_engine: Engine, city: Any, clock: StoppedClock) -> Installation:
    return build_installation(settings, city=city, clock=clock, engine=sqlite_engine)


class Browser(FlaskClient):
    """Each form that it posts bears a key of its own, as the page would have drawn it."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        data = kwargs.get("data")
        if kwargs.get("method") == "POST" and isinstance(data, dict) and "once" not in data:
            kwargs["data"] = {**data, "once": secrets.token_urlsafe(8)}
        return super().open(*args, **kwargs)


@pytest.fixture
def app(settings: Settings, installation: Installation) -> Flask:
    """The application, without CSRF tokens so that tests may post plainly."""
    made = create_app(settings, installation)
    made.config["WTF_CSRF_ENABLED"] = False
    made.test_client_class = Browser
    return made


@pytest.fixture
def life(installation: Installation, city: Any, clock: StoppedClock) -> Iterator[Life]:
    """The heart's people and roads (tests/support/life.py) on the application's database; commit before asking a page."""
    with installation.sessions() as db:
        yield Life(db, city, clock)


@pytest.fixture
def browse(app: Flask, installation: Installation) -> Callable[[Staff], FlaskClient]:
    """`browse(person)` is a browser in which this person is signed in."""

    def sign_in(person: Staff) -> FlaskClient:
        with installation.sessions() as db:
            secret = sessions.begin(db, db.get_one(Staff, person.id), installation.clock.now(), "127.0.0.1", "test")
            db.commit()
        client = app.test_client()
        client.set_cookie(sessions.COOKIE, secret)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def chinese_again() -> Iterator[None]:
    """A page asked for in English must not leave the next test speaking English."""
    yield
    speak("zh")


def seen_in(page: str) -> dict[str, str]:
    """What a page of many tickets tells the server that it showed: `seen-number` → how often the ticket had moved, as the page says it."""
    told = dict(re.findall(r'name="(seen-\d+)"\s+value="(\d*)"', page))
    assert told and all(told.values()), (
        "a page that says nothing of what it showed overwrites what others did meanwhile"
    )
    return told
