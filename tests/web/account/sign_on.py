"""Through the provider and back, and what became of it."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from hotline.installation import Installation
from hotline.web.core import sessions
from models import Audit, Staff
from tests.support.doubles.identity import Liar, settle
from tests.support.life import Life


def deeds(life: Life) -> list[tuple[str, str | None]]:
    settle(life)
    rows = life.db.execute(select(Audit.action, Audit.subject).order_by(Audit.id)).all()
    settle(life)
    return [(row[0], row[1]) for row in rows]


def roles_of(life: Life, login: str) -> list[str] | None:
    settle(life)
    found = life.db.scalar(select(Staff.roles).where(Staff.login == login))
    settle(life)
    return found


def sessions_of(app: Flask, staff: Staff) -> FlaskClient:
    """A browser in which this person has shown both factors."""
    installation: Installation = app.extensions["installation"]
    now = installation.clock.now()
    with installation.sessions() as db:
        secret = sessions.begin(db, db.get_one(Staff, staff.id), now, "127.0.0.1", "test", now)
        db.commit()
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, secret)
    return client


def forged(client: FlaskClient, forger: Liar, **answer: str) -> TestResponse:
    return client.get(forger.back(client.get("/account/oidc/begin").location, **answer))
