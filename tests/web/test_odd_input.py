"""Whatever stands in an address, a form, a body or a header: a sentence and 4xx, never a 500, on every route, for everybody."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine

import hotline
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from hotline.web.admin import tokens as machine_tokens
from hotline.web.core.limits.edge import NUMBERS, whole_number
from tests.support.life import Life
from tests.support.make import CHENGGUAN

EXAMPLES = int(os.environ.get("HOTLINE_FUZZ", "150"))
"""How many each test tries; with HOTLINE_FUZZ=5000 it takes minutes and finds what is rare, by a seed of its own (--hypothesis-seed=N)."""

BOUNDED = hypothesis_settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="HOTLINE_FUZZ" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ODD = (
    "\x00",
    "a\x00b",
    "²",
    "Ⅳ",
    "४",
    "１２",
    "½",
    "-1",
    "-2",
    "0",
    "9" * 25,
    str(2**63),
    str(2**63 - 1),
    "1e9",
    "0x10",
    "NaN",
    "",
    " ",
    "%",
    "%00",
    "'",
    '"',
    "../..",
    "\\",
    "<b>",
    "0001-01-01",
    "9999-12-31",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30",
    "2026-03-04T10:00:00",
    "null",
    "[]",
    "{}",
    "[" * 500,
    "a" * 5000,
    "路" * 3000,
    "\u202e",
    "\ufeff",
    "🙂",
    "\n\r",
    "a~b",
    "~",
    "--",
    "%s%d",
    "{0}",
    "true",
)
NAMED = re.compile(r"(?:args|form|typed|given|request\.form|request\.args)(?:\.get|\.getlist)?[\[(]\"([a-z_-]+)\"")
SOURCES = sorted(Path(hotline.__file__).parent.rglob("*.py"))
PARAMETERS = sorted({name for path in SOURCES for name in NAMED.findall(path.read_text(encoding="utf-8"))} | NUMBERS)
BODIES: tuple[Any, ...] = (
    "x",
    5,
    True,
    None,
    [1],
    [[]],
    {},
    {"data": "x"},
    {"data": {}, "version": "x"},
    {"data": {"a": [1]}, "version": 10**30},
    {"version": -5, "data": {}},
    {"seen": "x"},
    {"seen": 10**40},
    {"reason": {"a": 1}},
    {"unit": ["x"]},
    {"files": ["x", 10**30, -1]},
    {"text": ["a"]},
    {"checklist": 7},
)
HEADERS = (
    *(
        "Referer",
        "Accept",
        "Accept-Language",
        "User-Agent",
        "HX-Request",
        "HX-Target",
        "HX-Trigger",
        "HX-Current-URL",
        "X-Hands",
    ),
    *(
        "Content-Type",
        "Authorization",
        "Idempotency-Key",
        "Range",
        "If-None-Match",
        "If-Modified-Since",
        "Last-Event-ID",
        "Origin",
    ),
    *(
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Twilio-Signature",
        "X-Hotline-Timestamp",
        "X-Hotline-Nonce",
        "X-Hotline-Signature",
    ),
)
COOKIES = ("hotline_session", "hotline_language", "hotline_device", "session")
WHO = ("", "an", "du", "he", "hejt", "ren", "hui", "du2", "tou", "shi", "admin")


def test_the_parameters_are_really_found() -> None:
    assert {"seen", "files", "unit", "from", "q", "notice", "call"} <= set(PARAMETERS) and len(PARAMETERS) > 60


@pytest.fixture
def installation(settings: Settings, engine: Engine, city: City, clock: StoppedClock) -> Installation:
    """On both engines: what SQLite takes without a word PostgreSQL may refuse."""
    return build_installation(settings, city=city, clock=clock, engine=engine)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_key="k" * 40, twilio_auth_token="t" * 40, var=tmp_path / "var", testing=True)


@pytest.fixture
def doors(app: Flask, life: Life, browse: Callable[..., FlaskClient]) -> dict[str, FlaskClient]:
    from tests.support.make import make_staff

    life.staff["admin"] = make_staff(life.db, "admin", "管", "administrator")
    for state in ("to_dispatch", "handling", "to_review", "to_follow_up", "closed"):
        life.to(state)
    life.db.commit()
    return {login: browse(life.staff[login]) if login else app.test_client() for login in WHO}


def routes(app: Flask) -> list[tuple[str, str]]:
    """(method, rule) of everything that is no file and no endless stream."""
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if "static" not in rule.rule and rule.rule not in ("/live", "/live/", "/live/stream", "/logout")
    )


def filled(rule: str, value: str, numbers: tuple[str, ...], turn: int) -> str:
    """The rule with a real ticket's number, or the odd value, in its places."""
    from urllib.parse import quote

    def fill(found: re.Match[str]) -> str:
        kind = found[1]
        if kind.startswith("int:"):
            return "1" if turn % 2 else quote(value, safe="") or "0"
        return numbers[turn % len(numbers)] if turn % 3 and "number" in kind else quote(value, safe="") or "x"

    return re.sub(r"<([^>]+)>", fill, rule)


def test_no_route_breaks_whatever_its_parameters_are(
    app: Flask, installation: Installation, life: Life, doors: dict[str, FlaskClient]
) -> None:
    """V18."""
    known = routes(app)
    numbers = tuple(f"260304{n:06d}" for n in range(1, 6))
    broken: list[str] = []

    @BOUNDED
    @given(
        st.sampled_from(known),
        st.sampled_from(ODD),
        st.lists(st.sampled_from(PARAMETERS), max_size=4),
        st.sampled_from(WHO),
        st.integers(0, 11),
        st.booleans(),
    )
    def ask(route: tuple[str, str], value: str, names: list[str], login: str, turn: int, in_body: bool) -> None:
        method, rule = route
        path, given_values = filled(rule, value, numbers, turn), dict.fromkeys(names, value)
        sent: dict[str, Any] = {"query_string": given_values}
        if method in ("POST", "PUT") and in_body:
            sent = {"data": given_values}
        answer = doors[login].open(path, method=method, **sent)
        if answer.status_code >= 500:
            broken.append(f"{login} {method} {path} {sent}: {answer.status_code}")

    ask()
    assert not broken, "\n".join(broken[:20])


def test_no_route_breaks_whatever_its_headers_and_cookies_are(
    app: Flask, life: Life, doors: dict[str, FlaskClient]
) -> None:
    """V18."""
    known = [(method, rule) for method, rule in routes(app) if "webhooks" in rule or "api" in rule or method == "GET"]
    odd = [one for one in ODD if "\n" not in one and "\r" not in one]

    @BOUNDED
    @given(
        st.sampled_from(known),
        st.dictionaries(st.sampled_from(HEADERS), st.sampled_from(odd), min_size=1, max_size=5),
        st.dictionaries(st.sampled_from(COOKIES), st.sampled_from(odd), max_size=2),
        st.sampled_from(WHO),
        st.integers(0, 11),
    )
    def ask(route: tuple[str, str], headers: dict[str, str], cookies: dict[str, str], login: str, turn: int) -> None:
        method, rule = route
        sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value.encode().decode('latin-1')}" for name, value in cookies.items())
        client = app.test_client(use_cookies=False) if cookies else doors[login]
        answer = client.open(filled(rule, "1", ("260304000001", "260304000002"), turn), method=method, headers=sent)
        assert answer.status_code < 500, (login, method, rule, headers, cookies)

    ask()


def test_no_route_breaks_whatever_shape_its_json_has(app: Flask, life: Life, doors: dict[str, FlaskClient]) -> None:
    """V18."""
    known = [(method, rule) for method, rule in routes(app) if method in ("POST", "PUT", "DELETE")]
    numbers = tuple(f"260304{n:06d}" for n in range(1, 6))

    @BOUNDED
    @given(st.sampled_from(known), st.sampled_from(BODIES), st.sampled_from(WHO), st.integers(0, 11))
    def ask(route: tuple[str, str], body: Any, login: str, turn: int) -> None:
        method, rule = route
        answer = doors[login].open(filled(rule, "x", numbers, turn), method=method, json=body)
        assert answer.status_code < 500, (login, method, rule, body)

    ask()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODD),
    lambda one: (
        st.lists(one, max_size=3)
        | st.dictionaries(
            st.sampled_from(("body", "unit", "text", "reason", "seen", "files", "extra", "media", "until", "x")),
            one,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def test_no_machine_breaks_the_api(app: Flask, installation: Installation, life: Life) -> None:
    """V18, VH14: Every operation of the document × odd parameters, bodies and headers."""
    for state in ("to_dispatch", "handling"):
        life.to(state)
    life.db.commit()
    machine_tokens.forget_known()
    with installation.sessions() as db:
        secrets = [
            machine_tokens.issue(db, name, "form", [*machine_tokens.SCOPES], installation.clock.now(), units=units)
            for name, units in (("centre", ()), ("unit", (CHENGGUAN,)))
        ]
        db.commit()
    client = app.test_client()
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    operations = [
        (method, path, told.get("parameters", []))
        for path, methods in paths.items()
        for method, told in methods.items()
    ]

    @BOUNDED
    @given(
        st.sampled_from(operations),
        st.sampled_from(("260304000001", "260304000002", *ODD)),
        st.sampled_from(ODD),
        JSON,
        st.sampled_from(secrets),
        st.data(),
    )
    def ask(operation: Any, number: str, value: str, body: Any, secret: str, data: st.DataObject) -> None:
        from urllib.parse import quote

        method, path, parameters = operation
        names = [one["name"] for one in parameters if one["in"] == "query"]
        query = {name: value for name in names if data.draw(st.booleans())}
        where = path.replace("{number}", quote(number, safe="") or "x").replace("{file_id}", "1")
        sent: dict[str, Any] = (
            {"data": json.dumps(body), "content_type": "application/json"} if method == "post" else {}
        )
        if path.endswith("/files") and method == "post":
            sent = {"data": {"file": (io.BytesIO(b"x"), value or "a")}}
        answer = client.open(
            where,
            method=method.upper(),
            query_string=query,
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "a"},
            **sent,
        )
        assert answer.status_code < 500, (method, where, query, body)

    ask()


@pytest.mark.parametrize(
    "path",
    [
        "/p/%00",
        "/s/%00",
        "/tickets/%00",
        "/files/%00",
        "/?x=%00",
        "/search/?q=a%00",
        "/api/v1/tickets/%00",
        "/c/track?number=%00",
        "/nowhere/%00",
    ],
)
def test_nul_in_an_address_is_refused_before_anybody_looks(app: Flask, path: str) -> None:
    """V18."""
    assert app.test_client().get(path).status_code in (400, 404)
    assert app.test_client().get(path).status_code == 400 or path.startswith("/nowhere")


@pytest.mark.parametrize("path", ["/tickets/%00", "/dispatch/%00", "/followup/%00"])
def test_nul_in_a_ticket_s_number_is_refused_to_whoever_is_signed_in(doors: dict[str, FlaskClient], path: str) -> None:
    """The look of a signed-in person is noted after the answer, and must not read what the edge refused."""
    assert doors["an"].get(path).status_code == 400


def test_nul_in_a_form_or_a_file_name_is_refused(doors: dict[str, FlaskClient]) -> None:
    assert doors[""].post("/login", data={"login": "a\x00b", "password": "x"}).status_code == 400
    assert (
        doors["an"].post("/files", data={"draft_key": "a\x00", "file": (io.BytesIO(b"x"), "a.png")}).status_code == 400
    )


@pytest.mark.parametrize("odd", ["²", "४", "１", "Ⅳ", "9" * 25, "½"])
def test_numbers_are_plain_digits_that_a_row_can_have(doors: dict[str, FlaskClient], odd: str) -> None:
    """V18."""
    assert whole_number(odd) is None
    assert doors["an"].get("/desk", query_string={"call": odd}).status_code == 400
    assert doors["an"].post("/notices/read", data={"notice": odd}).status_code == 400
    assert doors["he"].post("/tickets/260304000002/do/note", data={"text": "x", "seen": odd}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"{" + b'"a":{' * 60 + b"}" * 61,
        b'{"data": "' + b"x" * 2_200_000 + b'"}',
        b'{"data": {"a": "\\ud83d"}}',
        b'{"data": {"a": "\\u0000"}}',
    ],
)
def test_bottomless_and_huge_json_is_refused_on_every_page(doors: dict[str, FlaskClient], body: bytes) -> None:
    """V18."""
    assert doors["an"].put("/drafts/x", data=body, content_type="application/json").status_code == 400
    assert doors["an"].put("/drafts/x", json={"data": {"a": "[[[[ 四十个括号 " + "[" * 99}}).status_code == 200


@pytest.mark.parametrize("query", ["from=0001-01-01", "to=9999-12-31", "from=0001-01-01&to=9999-12-31"])
def test_the_ends_of_the_calendar_are_no_error(doors: dict[str, FlaskClient], query: str) -> None:
    """V18."""
    for path, login in (("/admin/audit", "tou"), ("/search/", "du"), ("/overview/", "tou")):
        assert doors[login].get(f"{path}?{query}&period=custom").status_code == 200
