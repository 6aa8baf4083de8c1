"""GeoReport v2 as published: a client that nobody here wrote reads it in both formats, and whatever the specification asks of writing holds."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from georeport import GeoReport
from sqlalchemy import select

from hotline.public_board import consent, publishing
from hotline.public_board.wording import Wording
from hotline.tickets.points import kept
from hotline.tickets.points.told import ToldPoint
from hotline.web.admin.tokens import issue
from models import Attachment, Publication, Ticket
from routing.outlines import Point
from tests.support.life import ROADS, Life

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
NEW = {"service_code": "0204", "description": "文峰大道的路灯坏了三天。", "address_string": "文峰大道与东工路交叉口"}


@pytest.fixture
def key(life: Life) -> str:
    """The api_key of an app."""
    secret = issue(life.db, "随手拍", "snap", ["tickets.create", "tickets.read"], life.now, city=life.city)
    life.db.commit()
    return secret


@pytest.fixture
def published(life: Life) -> Publication:
    ticket = life.ticket(phone="13812345678")
    life.do(ticket, "du", "correct", category="0204", area="wenfeng")
    for login, action in ROADS["closed"]:
        life.do(ticket, login, action)
    consent.give(life.db, ticket, life.who("citizen", ticket), life.now)
    held = consent.publication_of(life.db, ticket)
    assert held is not None
    words = Wording("路灯不亮", "路灯坏了三天。", "线路已更换。")
    publishing.publish(life.db, life.people["ren"], held.id, words, life.now)
    life.db.commit()
    return held


@pytest.fixture
def client(app: Flask, life: Life) -> FlaskClient:
    life.db.commit()
    return app.test_client()


def made(life: Life, answer: Any) -> Ticket:
    assert answer.status_code == 201, answer.text
    number = answer.json[0]["service_request_id"]
    ticket = life.db.scalars(select(Ticket).where(Ticket.number == number)).one()
    life.db.commit()
    return ticket


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_that_nobody_here_wrote_reads_services_definitions_and_requests(
    app: Flask, life: Life, published: Publication, serve: Callable[[Any], str], form: str
) -> None:
    """georeport 0.3.1 from PyPI, over a socket."""
    reader = GeoReport(f"{serve(app)}/open311/v2", jurisdiction=life.city.code, output_format=form)
    offered = {one["service_code"]: one for one in reader.get_service_list()}
    assert offered["0204"]["service_name"] == life.city.category_name("0204") and offered["0204"]["type"] == "realtime"
    asking = next(code for code, one in offered.items() if str(one["metadata"]).lower() == "true")
    definition = reader.get_service_definition(asking)
    assert definition["service_code"] == asking and definition["attributes"]
    found = reader.get_service_requests(status="closed", service_code="0204")
    found = found if isinstance(found, list) else [found]
    assert [one["description"] for one in found] == ["路灯不亮\n路灯坏了三天。"]
    single = reader.get_service_request(f"P{published.id}")
    assert single["status"] == "closed" and single["status_notes"] == "线路已更换。"
    assert single["address"] == life.city.area_name("wenfeng") and not single["lat"]


def test_discovery_names_the_endpoint_in_both_formats(client: FlaskClient) -> None:
    told = client.get("/open311/discovery.json").json
    assert told["endpoints"][0]["url"].endswith("/open311/v2") and "text/xml" in told["endpoints"][0]["formats"]
    root = ElementTree.fromstring(client.get("/open311/discovery.xml").data)
    assert root.tag == "discovery" and root.findtext("endpoints/endpoint/specification")


def test_a_posted_request_is_a_ticket_with_its_place_point_answers_and_picture(
    client: FlaskClient, life: Life, key: str
) -> None:
    asking = next(code for code, one in life.city.categories.items() if one.questions and one.parent)
    answer = client.post(
        "/open311/v2/requests.json",
        data=NEW
        | {"api_key": key, "service_code": asking, "attribute[q1]": "三号店", "lat": "36.1", "long": "114.39"}
        | {"first_name": "建国", "last_name": "王", "phone": "13800001234"}
        | {"media": (io.BytesIO(PNG), "灯.png")},
    )
    ticket = made(life, answer)
    assert ticket.state == "to_dispatch" and ticket.channel == "app" and ticket.outer_source == "snap"
    assert "三号店" in ticket.text.body and ticket.text.place == "文峰大道与东工路交叉口"
    assert ticket.contact_phone == "13800001234"
    assert life.db.scalars(select(Attachment).where(Attachment.ticket_id == ticket.id)).one().side == "citizen"
    own = client.get(f"/open311/v2/requests/{ticket.number}.json?api_key={key}").json[0]
    assert (own["status"], own["lat"], own["long"]) == ("open", 36.1, 114.39)


def test_what_is_around_a_point_is_listed_and_the_public_sees_a_square_of_a_kilometre(
    client: FlaskClient, life: Life, key: str, published: Publication
) -> None:
    near = client.post("/open311/v2/requests.json", data=NEW | {"api_key": key, "lat": "36.1", "long": "114.39"})
    far = client.post("/open311/v2/requests.json", data=NEW | {"api_key": key, "lat": "36.05", "long": "114.39"})
    kept.keep(life.db, published.ticket_id, ToldPoint(Point(36.1012, 114.3923), "phone"), life.now)
    numbers = [made(life, answer).number for answer in (near, far)]
    life.db.commit()
    around = "lat=36.1005&long=114.391&radius=500"
    listed = client.get(f"/open311/v2/requests.json?api_key={key}&{around}").json
    assert [one["service_request_id"] for one in listed] == numbers[:1]
    (public,) = client.get(f"/open311/v2/requests.json?status=closed&{around}").json
    assert (public["lat"], public["long"]) == (36.105, 114.395)
    assert client.get("/open311/v2/requests.json?status=closed&lat=36.3&long=114.1").json == []


@pytest.mark.parametrize("asked", ["lat=36.1", "lat=36.1&long=x", "lat=36.1&long=114.4&radius=9000", "lat=99&long=1"])
def test_what_is_no_place_or_too_wide_is_refused(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/open311/v2/requests.json?{asked}")
    assert answer.status_code == 400 and answer.json[0]["description"]


def test_the_same_idempotency_key_is_the_same_request(client: FlaskClient, key: str) -> None:
    posts = [
        client.post("/open311/v2/requests.json", data=NEW | {"api_key": key}, headers={"Idempotency-Key": "a1"})
        for _ in range(2)
    ]
    assert posts[0].json == posts[1].json


def test_a_request_is_shown_to_its_own_source_only_and_to_others_when_it_is_public(
    client: FlaskClient, life: Life, key: str
) -> None:
    ticket = made(life, client.post("/open311/v2/requests.json", data=NEW | {"api_key": key}))
    other = issue(life.db, "别的", "other", ["tickets.create", "tickets.read"], life.now, city=life.city)
    life.db.commit()
    for asked in ("", f"?api_key={other}"):
        assert client.get(f"/open311/v2/requests/{ticket.number}.json{asked}").status_code == 404
        assert client.get(f"/open311/v2/requests.json{asked}").json == []
    assert (
        client.get(f"/open311/v2/requests.json?api_key={key}&status=open").json[0]["service_request_id"]
        == ticket.number
    )
    assert client.get(f"/open311/v2/requests.json?api_key={key}&status=closed").json == []
    token = client.get(f"/open311/v2/tokens/{ticket.number}.json?api_key={key}").json
    assert token == [{"service_request_id": ticket.number, "token": ticket.number}]


def test_days_ids_and_pages_narrow_the_list(client: FlaskClient, life: Life, key: str) -> None:
    numbers = [
        made(
            life, client.post("/open311/v2/requests.json", data=NEW | {"api_key": key, "description": f"第{n}件"})
        ).number
        for n in range(3)
    ]

    def ids(**asked: str) -> list[str]:
        found = client.get("/open311/v2/requests.json", query_string={"api_key": key, **asked})
        return [one["service_request_id"] for one in found.json]

    assert ids() == numbers[::-1]
    assert ids(page_size="2") == [numbers[2], numbers[1]] and ids(page_size="2", page="2") == [numbers[0]]
    assert ids(service_request_id=f"{numbers[0]},{numbers[2]}") == [numbers[2], numbers[0]]
    before = (life.now - timedelta(days=1)).isoformat()
    assert ids(end_date=before) == [] and ids(start_date=before) == numbers[::-1]


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"api_key": "wrong"}, 403, "令牌"),
        ({"api_key": ""}, 403, "令牌"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "9999"}, 404, "service_code"),
        ({"description": " "}, 400, "description"),
        ({"address_string": ""}, 400, "address_string"),
        ({"lat": "91", "long": "114"}, 400, "lat"),
        ({"lat": "114.35", "long": "36.09"}, 400, "写反了"),
        ({"lat": "nan", "long": "114"}, 400, "lat"),
        ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction_id"),
    ],
)
def test_what_is_missing_or_wrong_is_told_as_the_specification_says(
    client: FlaskClient, life: Life, key: str, changed: dict[str, str], status: int, says: str
) -> None:
    refused = client.post("/open311/v2/requests.json", data=NEW | {"api_key": key} | changed)
    assert (
        refused.status_code == status and refused.json[0]["code"] == status and says in refused.json[0]["description"]
    )
    error = ElementTree.fromstring(client.post("/open311/v2/requests.xml", data=NEW | {"api_key": key} | changed).data)
    assert error.tag == "errors" and error.findtext("error/code") == str(status)
    assert life.db.scalars(select(Ticket)).all() == []


@pytest.mark.parametrize(
    "asked",
    ["start_date=2026-01-01", "status=lost", "page=0", "start_date=2025-01-01T00:00:00Z&end_date=2026-01-01T00:00:00Z"],
)
def test_an_odd_question_is_answered_with_its_fault(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/open311/v2/requests.json?{asked}").status_code == 400


def test_a_key_without_the_scope_and_an_address_that_is_none_are_refused_in_the_same_form(
    client: FlaskClient, life: Life
) -> None:
    reading = issue(life.db, "只读", "read", ["tickets.read"], life.now, city=life.city)
    life.db.commit()
    assert client.post("/open311/v2/requests.json", data=NEW | {"api_key": reading}).status_code == 403
    lost = client.get("/open311/v2/nothing.xml")
    assert lost.status_code == 404 and ElementTree.fromstring(lost.data).tag == "errors"


def test_what_a_client_tells_beside_our_questions_is_kept_with_the_request(
    client: FlaskClient, life: Life, key: str
) -> None:
    told = {"attribute[WHAT]": "杆号 17", "attribute[SIDE][]": ["北", "东"], "attribute[EMPTY]": " "}
    assert client.post("/open311/v2/requests.json", data=NEW | {"api_key": key} | told).status_code == 201
    extra = life.db.scalars(select(Ticket)).one().text.extra
    assert {"WHAT": "杆号 17", "SIDE": "北、东"}.items() <= extra.items() and "EMPTY" not in extra


def test_json_in_place_of_a_form_is_told_so(client: FlaskClient, key: str) -> None:
    answer = client.post("/open311/v2/requests.xml", json=NEW | {"api_key": key})
    assert answer.status_code == 400 and "表单" in ElementTree.fromstring(answer.data).findtext("error/description", "")
