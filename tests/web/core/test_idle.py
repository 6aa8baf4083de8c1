"""Idle means a person's hands: nothing that a page asks by itself, by any address, keeps anybody signed in (V15, VC11)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.routing import AnyConverter, Rule

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.tickets.roles import ALONE, Role
from hotline.web.core import sessions
from hotline.web.core.permission import PUBLIC, SIGNED, allowed_by
from models import LoginSession
from tests.support.life import Life
from tests.support.make import make_staff

BY_ITSELF = ({"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"})
EVERYWHERE = tuple(role.value for role in Role if role not in ALONE)
ENDS = ("login.logout", "own_sessions.end", "own_sessions.end_others", "login.change")


def asked(app: Flask) -> list[tuple[str, str]]:
    """Every (method, address) behind a sign-in whose address takes nothing or a number, but those that end the session."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            allowed = allowed_by(app, rule.endpoint) or frozenset()
            if (
                {PUBLIC, SIGNED} & allowed
                or rule.endpoint in ENDS
                or rule.arguments - {"number", "action", "kind", "key"}
            ):
                continue
            address = url_for(rule.endpoint, **{name: told(rule, name) for name in rule.arguments})
            found += [(method, address) for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT"})]
    return found


def told(rule: Rule, name: str) -> str:
    """What stands at this place of the address: one of the words that the address allows, where it names them."""
    word = rule._converters[name]
    return (
        min(word.items)
        if isinstance(word, AnyConverter)
        else {"number": "260101000001", "kind": "extension"}.get(name, "k")
    )


def signed_in(app: Flask, installation: Installation, login: str, *roles: str) -> FlaskClient:
    with installation.sessions() as db:
        person = make_staff(db, login, login, *roles, unit="chengguan")
        secret = sessions.begin(db, person, installation.clock.now(), "127.0.0.1", "test", installation.clock.now())
        db.commit()
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, secret)
    return client


def seen(installation: Installation) -> datetime:
    with installation.readings() as db:
        return db.scalars(select(LoginSession.seen_at)).one()


@pytest.mark.parametrize(
    "roles", [EVERYWHERE, ("administrator",), ("auditor",)], ids=["desks", "administrator", "auditor"]
)
def test_after_29_idle_minutes_nothing_that_a_script_asks_counts_as_hands(
    app: Flask, installation: Installation, life: Life, clock: StoppedClock, roles: tuple[str, ...]
) -> None:
    life.db.close()
    client = signed_in(app, installation, "x", *roles)
    before = seen(installation)
    clock.at += timedelta(minutes=29)
    reached = 0
    for method, address in asked(app):
        for headers in BY_ITSELF:
            answer = client.open(address, method=method, headers=headers)
            reached += answer.status_code not in (302, 401, 403)
            answer.close()
        assert seen(installation) == before, f"{method} {address}"
    assert reached > 10
    assert client.get("/account").status_code == 200 and seen(installation) == clock.now(), "opening a page does"
    with installation.sessions() as db:
        db.execute(update(LoginSession).values(seen_at=before))
        db.commit()
    clock.at += timedelta(minutes=2)
    assert client.get("/account", headers=BY_ITSELF[0]).status_code in (302, 401), (
        "and at 31 minutes the session has ended"
    )
