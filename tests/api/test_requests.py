"""What other systems send: taken whole, or refused with the name of what is wrong; never 500, never silently something else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.outbox.runner import drain
from models import Proposal, Ticket, TicketText
from tests.support.doubles.machine import Call

BODY = {"body": "路灯不亮，请修。", "phone": "138 0000 1234"}


@pytest.mark.parametrize(
    "query",
    [
        "limit=-2",
        "limit=-1",
        "limit=0",
        "limit=201",
        "limit=99999999999999999999",
        "limit=x",
        "limit=²",
        "limit=४",
        "limit=１",
        "created_from=0001-01-01T00:00:00%2B14:00",
        "created_to=9999-12-31T23:59:59-14:00",
        "updated_since=yesterday",
        "updated_since=2026-03-04T10:00:00",
        "state=flying",
        "unit=no-such",
        "category=9999",
        "area=mars",
        "unit=%00",
        "q=%00",
        "colour=red",
        "town_code=no-such",
    ],
)
def test_an_argument_that_means_nothing_is_named(call: Call, query: str) -> None:
    answer = call("GET", f"/tickets?{query}")
    assert answer.status_code == 400 and answer.content_type == "application/problem+json", answer.data
    assert answer.get_json()["detail"]


@pytest.mark.parametrize(
    "moment", ["9999-12-31T00:00:00Z", "0001-01-01T00:00:00+14:00", "2201-01-01T00:00:00Z", "1000-01-01T00:00:00Z"]
)
def test_a_year_that_is_a_placeholder_is_refused_with_its_field(
    installation: Installation, call: Call, moment: str
) -> None:
    """Found outside: P3."""
    for field in ("outer_due_at", "happened_at"):
        answer = call("POST", "/tickets", json={**BODY, field: moment})
        assert answer.status_code == 400 and field in answer.get_json()["problems"]


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'{"body": "' + b"x" * 3_000_000 + b'"}',
        b'{"body": "\\u0000"}',
        b'{"body": "a\\ud800b"}',
        b'{"body": "x", "extra": {"a\\u0000": 1}}',
        b'{"body": ' + b"9" * 10_000 + b"}",
        b'{"body": "x", "extra": {"n": NaN}}',
        b'{"body": "x", "extra": {"n": 1e999}}',
        b"\xff\xfe",
        b'"x"',
        b"5",
        b"true",
        b'{"body": {"a": 1}}',
        b'{"body": "x", "media": "http://x"}',
        b'{"body": "x", "extra": [1]}',
        b'{"body": "x", "extra": {"big": "' + b"y" * 30_000 + b'"}}',
    ],
)
def test_bottomless_huge_and_broken_json_is_refused(installation: Installation, call: Call, body: bytes) -> None:
    answer = call("POST", "/tickets", data=body, content_type="application/json")
    assert answer.status_code == 400, answer.data[:200]
    with installation.readings() as db:
        assert db.scalar(select(Ticket.id)) is None


def test_another_matter_under_a_number_that_was_told_is_a_conflict(
    installation: Installation, call: Call, clock: StoppedClock
) -> None:
    first = call("POST", "/tickets", json={**BODY, "outer_number": "A1"})
    same = call("POST", "/tickets", json={**BODY, "body": " 路灯不亮，\u200b請修。\n", "outer_number": "A1"})
    other = call("POST", "/tickets", json={**BODY, "body": "井盖丢了。", "outer_number": "A1"})
    clock.forward(minutes=1)
    by_key = call("POST", "/tickets", json={**BODY, "body": "水管爆了。"}, headers={"Idempotency-Key": "A1"})
    assert [a.status_code for a in (first, same, other, by_key)] == [201, 200, 409, 409]
    assert "outer_number" in other.get_json()["problems"] and first.get_json()["number"] in other.get_json()["detail"]


def test_a_town_is_the_place_of_the_matter(installation: Installation, call: Call) -> None:
    """Found outside: P1."""
    made = call("POST", "/tickets", json={"body": "门口垃圾没人清运", "town_code": "wenfeng-dongguan"}).get_json()
    assert (made["town_code"], made["area"]) == ("wenfeng-dongguan", "wenfeng")
    drain(installation)
    with installation.readings() as db:
        ticket, proposal = db.scalars(select(Ticket)).one(), db.scalars(select(Proposal)).one()
    assert ticket.street == "东关街道" and proposal.place["sure"] and proposal.place["area"] == "wenfeng"
    assert not any("按市级部门" in str(reason) for reason in proposal.reasons)
    refused = call("POST", "/tickets", json={"body": "门口垃圾没人清运", "town_code": "no-such-town-xyz"})
    assert refused.status_code == 400 and "town_code" in refused.get_json()["problems"]


def test_words_that_name_another_district_than_the_town_want_a_person(installation: Installation, call: Call) -> None:
    call("POST", "/tickets", json={"body": "林州市红旗渠大道的路灯不亮", "town_code": "wenfeng-dongguan"})
    drain(installation)
    with installation.readings() as db:
        proposal = db.scalars(select(Proposal)).one()
    assert not proposal.sure and any("别的区县" in str(reason) for reason in proposal.reasons)


def test_a_stated_category_is_a_hint_and_never_sure(installation: Installation, call: Call) -> None:
    known = next(code for code, one in installation.city.categories.items() if one.level == 2 and "路灯" in one.name)
    call("POST", "/tickets", json={"body": "呃，就是那个事情，你们懂的", "category": known})
    call(
        "POST",
        "/tickets",
        json={
            "body": "路灯不亮，请修",
            "category": next(code for code in installation.city.categories if code[:2] == "12" and len(code) > 2),
        },
    )
    drain(installation)
    with installation.readings() as db:
        vague, wrong = db.scalars(select(Proposal).order_by(Proposal.id)).all()
        tickets = db.scalars(select(Ticket)).all()
    assert vague.category_code == known and not vague.sure and vague.confidence < 1
    assert wrong.category_code == known and not wrong.sure
    assert any("仅供参考" in str(reason) for reason in wrong.reasons) and all(
        one.category_code is None for one in tickets
    )


def test_facts_without_a_field_are_kept_and_found(installation: Installation, call: Call) -> None:
    call("POST", "/tickets", json={**BODY, "extra": {"likes": 731, "栏目": "百姓呼声", "nested": {"a": ["琥珀"]}}})
    with installation.readings() as db:
        assert db.scalars(select(TicketText.extra)).one() == {
            "likes": 731,
            "栏目": "百姓呼声",
            "nested": {"a": ["琥珀"]},
        }
    for words in ("百姓呼声", "琥珀", "731"):
        assert len(call("GET", f"/tickets?q={words}").get_json()["tickets"]) == 1


def test_what_changed_since_is_read_in_order(call: Call, clock: StoppedClock) -> None:
    numbers = []
    for n in range(4):
        numbers.append(call("POST", "/tickets", json={**BODY, "outer_number": f"P{n}"}).get_json()["number"])
        clock.forward(minutes=1)
    since = clock.now().isoformat()
    assert call("GET", "/tickets", query_string={"updated_since": since}).get_json()["tickets"] == []
    for number in (numbers[2], numbers[0]):
        call("POST", f"/tickets/{number}/actions/add", json={"text": "又坏了"})
        clock.forward(minutes=1)
    first = call("GET", "/tickets", query_string={"updated_since": since, "limit": "1"}).get_json()
    second = call(
        "GET", "/tickets", query_string={"updated_since": since, "limit": "1", "after": first["next"]}
    ).get_json()
    assert [row["number"] for row in first["tickets"] + second["tickets"]] == [numbers[2], numbers[0]]
    assert second["next"] is None


def test_a_ticket_is_found_by_the_other_systems_number(call: Call) -> None:
    made = call("POST", "/tickets", json={**BODY, "outer_number": "XK-77"}).get_json()["number"]
    assert [row["number"] for row in call("GET", "/tickets?outer_number=XK-77").get_json()["tickets"]] == [made]


def test_figures_are_read_for_a_period_and_a_part(call: Call, clock: StoppedClock) -> None:
    call("POST", "/tickets", json=BODY)
    clock.forward(minutes=1)
    figures = {one["key"]: one for one in call("GET", "/figures").get_json()["figures"]}
    assert figures["direct_close"]["of"] == 1
    assert call("GET", "/figures?unit=chengguan").status_code == 200
    for query in (
        "from=2026-03-05T00:00:00Z&to=2026-03-04T00:00:00Z",
        "from=2020-01-01T00:00:00Z",
        "unit=x",
        "from=x",
        "days=3",
    ):
        assert call("GET", f"/figures?{query}").status_code == 400, query


def test_the_words_of_a_ticket_are_starred(call: Call) -> None:
    made = call(
        "POST",
        "/tickets",
        json={
            "body": "我叫孙八九，电话13812340003，路灯不亮。孙八九再次来电",
            "name": "孙八九",
            "phone": "13812340003",
        },
    ).get_json()["number"]
    said = str(call("GET", f"/tickets/{made}/words").get_json())
    assert "路灯" in said and "13812340003" not in said and "孙八九" not in said


def test_the_document_names_every_route_and_nothing_else(call: Call, app: Any) -> None:
    document = call("GET", "/openapi.json").get_json()
    told = {
        (path, method) for path, methods in document["paths"].items() for method in methods if "/actions/" not in path
    }
    real = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api/v1/tickets", "/api/v1/figures", "/api/v1/monitoring")):
            path = rule.rule.replace("<int:", "<").replace("<", "{").replace(">", "}")
            real |= {(path, method.lower()) for method in rule.methods - {"HEAD", "OPTIONS"} if "/actions/" not in path}
    assert told == real
    assert document["paths"]["/api/v1/tickets"]["post"]["responses"].keys() >= {"200", "201", "409"}
    created = next(
        one for one in document["paths"]["/api/v1/tickets"]["get"]["parameters"] if one["name"] == "created_from"
    )
    assert created["schema"]["format"] == "date-time"


def test_every_answer_has_the_shape_that_the_document_promises(call: Call) -> None:
    """VH14."""
    document = call("GET", "/openapi.json").get_json()["components"]["schemas"]["Ticket"]
    made = call("POST", "/tickets", json=BODY)
    one = call("GET", f"/tickets/{made.get_json()['number']}").get_json()
    listed = call("GET", "/tickets").get_json()["tickets"][0]
    for shown in (made.get_json(), one, listed):
        assert set(document["required"]) <= set(shown) <= set(document["properties"])
        for name, value in shown.items():
            kinds = document["properties"][name]["type"]
            kind = {str: "string", int: "integer", list: "array", type(None): "null"}[type(value)]
            assert kind in ([kinds] if isinstance(kinds, str) else kinds), (name, value)
