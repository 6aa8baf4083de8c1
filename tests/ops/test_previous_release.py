"""A database of the release before, with its demo and an import, upgraded: every page opens, and the book is whole.

`released/0.1.0.db.xz` was made by that release's own program: `hotline migrate`, `hotline city load`, `hotline demo`, and
`hotline import` of three rows, on SQLite. It is never made anew: what it holds is what that release left behind.
"""

from __future__ import annotations

import lzma
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.routing.exceptions import HTTPException

from hotline.app import create_app
from hotline.city.schema import City
from hotline.cli.setup import migrate_database
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.outbox.transports import NoTransport
from hotline.settings import Settings
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import CLOCK
from hotline.tickets.seals.chain import seal
from hotline.tickets.seals.seal_files import seal_key, verify
from hotline.web.core import sessions
from models import Seal, Staff, Ticket

RELEASED = Path(__file__).with_name("released") / "0.1.0.db.xz"
LEFT_AT = datetime(2026, 11, 29, 17, 0, tzinfo=UTC)
"""A moment after the last thing that was done under that release."""

LOGINS = {
    "administrator": "demo-admin",
    "supervisor": "demo-supervisor",
    "agent": "demo-agent",
    "unit": "demo-unit",
}
TABLES = ("ticket", "ticket_event", "audit", "citizen", "staff", "deadline", "reply", "survey", "message", "call")
NEVER_ENDING = {"live.stream"}
AT_MOST = 3
"""Addresses of one route opened as one person: of a hundred tickets the first few."""

LINK = re.compile(r"""(?:href|hx-get)="(/[^"#]*)""")


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation of that release, with its database in it."""
    folder = tmp_path_factory.mktemp("released")
    (folder / "hotline.db").write_bytes(lzma.decompress(RELEASED.read_bytes()))
    return folder


@pytest.fixture(scope="module")
def before(var: Path) -> dict[str, int]:
    """How many rows each table had under that release."""
    engine = create_engine(f"sqlite:///{var / 'hotline.db'}")
    with engine.connect() as connection:
        rows = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in TABLES}
    engine.dispose()
    return rows


@pytest.fixture(scope="module")
def installation(var: Path, before: dict[str, int], city: City) -> Installation:
    """The present release on that folder, after `hotline migrate`."""
    settings = Settings(
        database_url=f"sqlite:///{var / 'hotline.db'}",
        secret_key="k" * 40,
        twilio_auth_token="t" * 40,
        var=var,
        testing=True,
    )
    assert before["ticket"] > 80
    migrate_database(settings)
    return build_installation(settings, city=city, clock=StoppedClock(LEFT_AT), transport=NoTransport())


@pytest.fixture(scope="module")
def app(installation: Installation) -> Flask:
    return create_app(installation.settings, installation)


def browser_of(app: Flask, installation: Installation, login: str) -> FlaskClient:
    with installation.sessions() as db:
        person = db.scalars(select(Staff).where(Staff.login == login)).one()
        secret = sessions.begin(db, person, installation.clock.now(), "127.0.0.1", "test")
        db.commit()
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, secret)
    return client


def test_nothing_was_lost(installation: Installation, before: dict[str, int]) -> None:
    with installation.readings() as db:
        after = {name: db.scalar(text(f"SELECT count(*) FROM {name}")) for name in TABLES}
    assert after == before


def test_migrating_once_more_changes_nothing(installation: Installation) -> None:
    assert migrate_database(installation.settings) == "数据库已是最新。"


def test_the_book_of_that_release_is_whole_and_goes_on(installation: Installation) -> None:
    """Its link still verifies, and what is written from now on is sealed behind it."""
    with installation.sessions() as db:
        left = db.scalars(select(Seal)).all()
        assert left and sum(link.last_id - link.first_id + 1 for link in left) > 400
        record(db, "audit_verified", CLOCK, LEFT_AT, subject="chain")
        db.commit()
        assert seal(db, LEFT_AT + timedelta(hours=1), key=seal_key(installation.settings)) >= 1
        db.commit()
        verdict = verify(db, installation.settings)
    assert verdict.problems == [] and verdict.links > len(left)


@pytest.mark.parametrize("role", LOGINS)
def test_every_page_opens(app: Flask, installation: Installation, role: str) -> None:
    """From the first page along every link that this person is offered: none is an error, none leads nowhere."""
    client, opened = browser_of(app, installation, LOGINS[role]), Counter[str]()
    wrong: list[str] = []
    waiting, seen = ["/"], {"/"}
    while waiting:
        address = waiting.pop(0)
        if (endpoint := endpoint_of(app, address)) is None:
            wrong.append(f"no such page: {address}")
            continue
        if endpoint in NEVER_ENDING or opened[endpoint] >= AT_MOST:
            continue
        opened[endpoint] += 1
        answer = client.get(address)
        if answer.status_code not in (200, 204, 302, 303):
            wrong.append(f"{answer.status_code} {address}")
        for link in links_of(answer):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    assert wrong == [] and len(opened) >= 15


@pytest.mark.parametrize("role", LOGINS)
def test_no_address_is_an_error_for_anybody(app: Flask, installation: Installation, role: str) -> None:
    """Also those that no link offers: opened or refused, with rows of that release in the address."""
    client, wrong, opened = browser_of(app, installation, LOGINS[role]), [], 0
    for rule, address in addresses(app, installation):
        if rule.endpoint not in NEVER_ENDING:
            answer = client.get(address)
            opened += answer.status_code == 200
            wrong += [f"{answer.status_code} {address}"] if answer.status_code >= 500 else []
            answer.close()
    assert wrong == [] and opened >= 10


def endpoint_of(app: Flask, address: str) -> str | None:
    try:
        endpoint, _arguments = app.url_map.bind("localhost").match(address.partition("?")[0], method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def links_of(answer: Any) -> Iterator[str]:
    if answer.status_code in (302, 303):
        yield re.sub(r"^https?://[^/]+", "", answer.headers["Location"])
    elif answer.mimetype == "text/html":
        yield from (
            unescape(link) for link in LINK.findall(answer.get_data(as_text=True)) if not link.startswith("/static/")
        )


def addresses(app: Flask, installation: Installation) -> list[tuple[Rule, str]]:
    """Every GET route, with the newest row of each kind in its address."""
    with installation.readings() as db:
        number = (
            db.scalars(select(Ticket.number).where(Ticket.state == "review").order_by(Ticket.id.desc())).first() or ""
        )
    told = {"number": number, "code": "", "action": "note", "kind": "supervision", "lang": "zh", "name": "town"}
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()):
                arguments = {name: _fitting(rule, name, told) for name in rule.arguments}
                found.append((rule, adapter.build(rule.endpoint, arguments, method="GET")))
    assert len(found) > 80
    return found


def _fitting(rule: Rule, name: str, told: dict[str, str]) -> Any:
    """An argument of an address: a real one, of a choice the first, else the number of a row."""
    converter = rule._converters[name]
    choice = getattr(converter, "items", None)
    return min(choice) if choice else 1 if isinstance(converter, IntegerConverter) else told.get(name, 1)
