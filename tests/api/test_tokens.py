"""What a token opens and what it never does: its own matters, by name, from where and as long as it was granted (V2, VT3)."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.errors import Refusal
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.tickets.act import act, lock
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.privacy import attachments
from hotline.tickets.roles import SYSTEM, Actor, Role, a_citizen
from hotline.web.admin import tokens as machine_tokens
from models import ApiToken, Audit, Ticket
from tests.support.doubles.machine import Call, Machine, caller
from tests.support.life import Life
from tests.support.make import CHENGGUAN, ELSEWHERE

SECRET_WORDS = "科长受贿，我是举报人赵六九，电话13812340001"
DU = Actor("staff", None, "杜", frozenset({Role.DISPATCHER}))
READS = ("", "/words", "/story", "/replies", "/rating", "/contact?reason=contact", "/files")


def ticket(installation: Installation, source: str, words: str = "文峰大道的路灯不亮。", **more: Any) -> Ticket:
    with installation.sessions() as db:
        made = open_ticket(
            db, installation.city, Contact(body=words, outer_source=source, **more), SYSTEM, installation.clock.now()
        )
        db.commit()
        return made


def do(installation: Installation, made: Ticket, action: str, **answers: Any) -> None:
    with installation.sessions() as db:
        act(db, installation.city, lock(db, made.id), action, DU, installation.clock.now(), answers)
        db.commit()


def book(installation: Installation, *deeds: str) -> list[Audit]:
    with installation.readings() as db:
        return list(db.scalars(select(Audit).where(Audit.action.in_(deeds)).order_by(Audit.id)))


EVERY = tuple(scope for scope in machine_tokens.SCOPES if scope != "tickets.read.all")


def test_each_source_sees_only_what_it_handed_in(installation: Installation, machine: Machine) -> None:
    """V2, VC6."""
    mine, theirs = ticket(installation, "one"), ticket(installation, "two")
    one = machine("one", *EVERY)
    assert [row["number"] for row in one("GET", "/tickets").get_json()["tickets"]] == [mine.number]
    for path in READS:
        assert one("GET", f"/tickets/{mine.number}{path}").status_code == 200, path
        assert one("GET", f"/tickets/{theirs.number}{path}").status_code == 404, path


def test_no_action_touches_what_another_source_handed_in(installation: Installation, machine: Machine) -> None:
    """V2."""
    theirs = ticket(installation, "two")
    one = machine("one", *EVERY)
    for action in ACTIONS:
        status = one(
            "POST", f"/tickets/{theirs.number}/actions/{action}", json={"reason": "x", "unit": CHENGGUAN}
        ).status_code
        assert status in (403, 404), (action, status)
    with installation.readings() as db:
        assert db.get_one(Ticket, theirs.id).version == theirs.version


def test_sealed_matters_and_drafts_are_closed_to_every_machine(installation: Installation, machine: Machine) -> None:
    """V2."""
    sealed = ticket(installation, "one", SECRET_WORDS, privacy="sealed", phone="13812340001", name="赵六九")
    with installation.sessions() as db:
        draft = open_ticket(
            db,
            installation.city,
            Contact(body="没写完的路灯", outer_source="one"),
            SYSTEM,
            installation.clock.now(),
            submit=False,
        )
        db.commit()
    do(installation, sealed, "dispatch", unit=CHENGGUAN, unit_words="一处违纪问题，请核查。")
    for one in (machine("one", *machine_tokens.SCOPES), machine("unit", *machine_tokens.SCOPES, units=[CHENGGUAN])):
        assert one("GET", "/tickets").get_json()["tickets"] == []
        for number in (sealed.number, draft.number):
            for path in READS:
                assert one("GET", f"/tickets/{number}{path}").status_code == 404, path
            for action in machine_tokens.GRANTED:
                assert one("POST", f"/tickets/{number}/actions/{action}", json={}).status_code in (403, 404), action


@pytest.mark.parametrize("asked", ["13812340003", "孙八九", "13812340001", "赵六九", "受贿", "501室"])
def test_q_answers_the_same_whether_it_is_right_or_wrong(
    installation: Installation, machine: Machine, asked: str
) -> None:
    """V2, V4, VC6."""
    ticket(
        installation,
        "one",
        "小区垃圾成堆，联系人孙八九，电话13812340003，3号楼2单元501室",
        phone="13812340003",
        name="孙八九",
    )
    ticket(installation, "one", SECRET_WORDS, privacy="sealed", phone="13812340001", name="赵六九")
    one = machine("one", *machine_tokens.SCOPES)
    assert one("GET", "/tickets", query_string={"q": asked}).get_json()["tickets"] == []
    assert len(one("GET", "/tickets", query_string={"q": "垃圾"}).get_json()["tickets"]) == 1


def test_asking_for_words_needs_the_scope_for_words(installation: Installation, machine: Machine) -> None:
    ticket(installation, "one")
    assert machine("one", "tickets.read")("GET", "/tickets?q=路灯").status_code == 403
    assert machine("one", "tickets.read", "tickets.words")("GET", "/tickets?q=路灯").status_code == 200


def test_each_scope_opens_its_own_door_and_no_other(installation: Installation, machine: Machine) -> None:
    made = ticket(installation, "one")
    doors = {
        "tickets.read": "",
        "tickets.words": "/words",
        "tickets.story": "/story",
        "tickets.replies": "/replies",
        "tickets.rating": "/rating",
        "tickets.contact": "/contact?reason=contact",
        "tickets.files": "/files",
    }
    for scope in doors:
        one = machine("one", scope)
        opened = {
            other for other, path in doors.items() if one("GET", f"/tickets/{made.number}{path}").status_code == 200
        }
        assert opened == {scope}
        assert one("POST", "/tickets", json={"body": "x"}).status_code == 403
        assert one("GET", "/figures").status_code == 403


def test_an_action_is_granted_by_its_own_name_only(installation: Installation, machine: Machine) -> None:
    made = ticket(installation, "one")
    adder = machine("one", "tickets.act.add")
    for action in ("recall", "void", "dispatch", "correct", "merge"):
        assert adder("POST", f"/tickets/{made.number}/actions/{action}", json={"reason": "x"}).status_code == 403
    assert adder("POST", f"/tickets/{made.number}/actions/add", json={"text": "在邮局门口"}).status_code == 200
    with pytest.raises(Refusal), installation.sessions() as db:
        machine_tokens.issue(db, "x", "x", ["tickets.act"], installation.clock.now())


def test_nobody_judges_or_answers_for_people_by_machine(installation: Installation) -> None:
    never = {
        "pass",
        "redo",
        "mend",
        "record",
        "close_judged",
        "final_close",
        "instruct",
        "archive",
        "rule",
        "uphold",
        "overrule",
        "auto_sign",
    }
    assert not never & set(machine_tokens.GRANTED)


def test_no_machine_makes_a_matter_more_public(installation: Installation, machine: Machine) -> None:
    """V2."""
    made = ticket(installation, "one")
    one = machine("one", "tickets.act.correct", "tickets.read")
    refused = one("POST", f"/tickets/{made.number}/actions/correct", json={"privacy": "open"})
    assert refused.status_code == 400 and "保密" in refused.get_json()["detail"]
    assert one("POST", f"/tickets/{made.number}/actions/correct", json={"privacy": "sealed"}).status_code == 200
    assert one("GET", f"/tickets/{made.number}").status_code == 404


def test_a_units_own_system_works_on_its_matters(installation: Installation, machine: Machine) -> None:
    """Found at the desks: U24."""
    mine, theirs = (
        ticket(installation, "web", "路灯不亮，联系人孙八九，电话13812340003", phone="13812340003", name="孙八九"),
        ticket(installation, "web"),
    )
    do(installation, mine, "dispatch", unit=CHENGGUAN)
    do(installation, theirs, "dispatch", unit=ELSEWHERE)
    unit = machine("chengguan-oa", *EVERY, units=[CHENGGUAN])
    assert [row["number"] for row in unit("GET", "/tickets").get_json()["tickets"]] == [mine.number]
    assert "13812340003" not in str(unit("GET", f"/tickets/{mine.number}/words").get_json())
    assert unit("GET", f"/tickets/{mine.number}/contact").status_code == 400
    told = unit("GET", f"/tickets/{mine.number}/contact?reason=上门前联系").get_json()
    assert (told["phone"], told["name"]) == ("13812340003", "孙八九")
    assert {"sign", "object"} <= set(unit("GET", f"/tickets/{mine.number}").get_json()["actions"])
    assert unit("POST", f"/tickets/{mine.number}/actions/sign", json={}).get_json()["state"] == "handling"
    assert (
        unit(
            "POST", f"/tickets/{mine.number}/actions/contact", json={"reached": "yes", "how": "phone", "note": "已联系"}
        ).status_code
        == 200
    )
    photo = unit(
        "POST",
        f"/tickets/{mine.number}/files",
        data={"file": (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 60), "现场.png")},
    ).get_json()
    reply = {
        "truth": "true",
        "contacted": "yes",
        "contact_how": "phone",
        "contacted_at": installation.clock.now().isoformat(),
        "facts": "现场查看",
        "measures": "更换线路",
        "outcome": "solved",
        "handler": "何",
        "public_answer": "路灯已修好。",
        "files": [photo["id"]],
    }
    assert unit("POST", f"/tickets/{mine.number}/actions/reply", json=reply).get_json()["state"] == "to_review"
    (given,) = unit("GET", f"/tickets/{mine.number}/replies").get_json()["replies"]
    assert (given["facts"], given["public_answer"]) == ("现场查看", "路灯已修好。")
    assert unit("GET", f"/tickets/{mine.number}/files/{photo['id']}").data.startswith(b"\x89PNG")
    for path in READS:
        assert unit("GET", f"/tickets/{theirs.number}{path}").status_code == 404
    assert unit("POST", f"/tickets/{theirs.number}/actions/sign", json={}).status_code == 404


def test_a_towns_token_reads_its_towns_matters_and_changes_none(installation: Installation, machine: Machine) -> None:
    mine = ticket(installation, "azt", town_code="wenfeng-dongguan")
    ticket(installation, "azt", town_code="wenfeng-nanguan")
    town = machine("town-page", *EVERY, towns=["wenfeng-dongguan"])
    assert [row["number"] for row in town("GET", "/tickets").get_json()["tickets"]] == [mine.number]
    assert town("POST", f"/tickets/{mine.number}/actions/void", json={"reason": "x"}).status_code == 403


def test_a_citizens_file_goes_where_their_telephone_goes(
    installation: Installation, machine: Machine, life: Life
) -> None:
    """V11: photographs were handed to every machine that saw the ticket, the telephone only to those at work on it."""
    made = ticket(installation, "azt", town_code="wenfeng-dongguan")
    do(installation, made, "dispatch", unit=CHENGGUAN)
    folder, told = installation.settings.attachments, []
    for actor in (a_citizen(made), DU):
        picture = io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 60)
        held = attachments.store(life.db, folder, picture, "图.png", actor, life.now, most_mb=1, ticket=made)
        told.append(f"/tickets/{made.number}/files/{held.id}")
    life.db.commit()
    callers = {
        "town": machine("town-page", *EVERY, towns=["wenfeng-dongguan"]),
        "all": machine("archive", *machine_tokens.SCOPES),
        "unit": machine("oa", *EVERY, units=[CHENGGUAN]),
        "source": machine("azt", *EVERY),
    }
    assert {name: [one("GET", path).status_code for path in told] for name, one in callers.items()} == {
        "town": [403, 200],
        "all": [403, 200],
        "unit": [200, 200],
        "source": [200, 200],
    }


def test_a_token_ends_when_it_was_meant_to(installation: Installation, machine: Machine, clock: StoppedClock) -> None:
    """V2."""
    one = machine("one", "tickets.read", expires_at=clock.now() + timedelta(hours=1))
    assert one("GET", "/tickets").status_code == 200
    clock.forward(hours=1)
    assert one("GET", "/tickets").status_code == 401


@pytest.mark.parametrize(
    ("networks", "address", "opens"),
    [
        (["10.1.0.0/16"], "10.1.2.3", True),
        (["10.1.0.0/16"], "10.2.2.3", False),
        (["10.1.0.0/16"], "::ffff:10.1.2.3", True),
        (["fd00::/8"], "10.1.2.3", False),
        (["192.0.2.7"], "192.0.2.7", True),
        ([], "203.0.113.9", True),
    ],
)
def test_a_token_opens_only_from_its_networks(machine: Machine, networks: list[str], address: str, opens: bool) -> None:
    one = machine("one", "tickets.read", addresses=networks)
    assert (one("GET", "/tickets", environ_base={"REMOTE_ADDR": address}).status_code == 200) is opens


def test_a_rotated_token_and_its_successor_overlap(
    installation: Installation, app: Flask, machine: Machine, clock: StoppedClock
) -> None:
    old = machine("one", "tickets.read", units=[CHENGGUAN])
    with installation.sessions() as db:
        first = db.scalars(select(ApiToken.id)).one()
        new = caller(app, machine_tokens.rotate(db, first, clock.now(), overlap_hours=2))
        db.commit()
    assert old("GET", "/tickets").status_code == new("GET", "/tickets").status_code == 200
    clock.forward(hours=2)
    assert (old("GET", "/tickets").status_code, new("GET", "/tickets").status_code) == (401, 200)
    with installation.readings() as db:
        held = db.scalars(select(ApiToken).where(ApiToken.replaces_id == first)).one()
        assert (held.scopes, held.units, held.source) == (["tickets.read"], [CHENGGUAN], "one")


def test_last_use_is_remembered(installation: Installation, machine: Machine) -> None:
    machine("one", "tickets.read")("GET", "/tickets")
    with installation.readings() as db:
        assert db.scalars(select(ApiToken.last_used_at)).one() == installation.clock.now()


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("scopes", {"scopes": ["everything"]}),
        ("units", {"units": ["no-such"]}),
        ("towns", {"towns": ["chengguan"]}),
        ("addresses", {"addresses": ["here"]}),
    ],
)
def test_what_nobody_knows_cannot_be_granted(installation: Installation, field: str, more: dict[str, Any]) -> None:
    given = {"scopes": ["tickets.read"], **more}
    with pytest.raises(Refusal) as refused, installation.sessions() as db:
        machine_tokens.issue(
            db, "x", "x", given.pop("scopes"), installation.clock.now(), city=installation.city, **given
        )
    assert field in refused.value.problems


def test_every_look_at_a_person_stands_in_the_book(installation: Installation, machine: Machine) -> None:
    """V21, VC2."""
    made = ticket(installation, "one", phone="13812340003", name="孙八九")
    one = machine("one", *EVERY)
    for path in ("/words", "/story", "/replies", "/rating", "/contact?reason=核对门牌"):
        one("GET", f"/tickets/{made.number}{path}")
    one("GET", "/tickets?q=13812340003 路灯")
    rows = book(installation, "api_read", "api_search", "reveal")
    assert [(row.action, row.subject) for row in rows[:5]] == [
        ("api_read", "words"),
        ("api_read", "story"),
        ("api_read", "replies"),
        ("api_read", "rating"),
        ("reveal", "contact"),
    ]
    assert {row.actor_kind for row in rows} == {"machine"} and {row.actor_name for row in rows} == {"one的系统"}
    assert rows[5].action == "api_search" and "13812340003" not in (rows[5].subject or "")


def test_who_reads_everything_is_in_the_book_for_every_look(installation: Installation, machine: Machine) -> None:
    theirs = ticket(installation, "two")
    every = machine("one", "tickets.read.all")
    assert every("GET", f"/tickets/{theirs.number}").status_code == every("GET", "/tickets").status_code == 200
    assert [row.action for row in book(installation, "api_read", "api_list")] == ["api_read", "api_list"]


def test_reading_everything_still_means_reading_one_s_own(machine: Machine, call: Call) -> None:
    made = call("POST", "/tickets", json={"body": "路灯不亮"}).get_json()["number"]
    assert machine("other", "tickets.read.all")("GET", f"/tickets/{made}").status_code == 200


def test_every_address_of_the_api_is_closed_to_what_another_source_brought_in(
    app: Flask, installation: Installation, machine: Machine
) -> None:
    """V2: found in the application's own addresses, so that a new one is asked as well."""
    theirs, sealed = ticket(installation, "two"), ticket(installation, "one", SECRET_WORDS, privacy="sealed")
    one = machine("one", *EVERY)
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/tickets/<number>")]
    assert len(rules) > 8

    def asked(method: str, rule: str, number: str) -> tuple[int, str]:
        path = re.sub(r"<[^>]+>", "1", rule.replace("<number>", number).replace("<action>", "note"))
        more = {} if method == "GET" else {"json": {"text": "x", "reason": "x"}}
        answer = one(method, path.removeprefix("/api/v1"), **more)
        return answer.status_code, answer.text.replace(number, "")

    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            nowhere = asked(method, rule.rule, "260101000999")
            assert nowhere[0] in (400, 403, 404)
            assert asked(method, rule.rule, theirs.number) == asked(method, rule.rule, sealed.number) == nowhere


@pytest.mark.parametrize("asked", ["unit", "category", "state", "updated_from", "created_to", "sort", "cursor"])
def test_no_question_lists_more_than_the_own(installation: Installation, machine: Machine, asked: str) -> None:
    """V2: whatever else is asked."""
    mine = ticket(installation, "one")
    ticket(installation, "two"), ticket(installation, "one", SECRET_WORDS, privacy="sealed")
    one = machine("one", *EVERY)
    for value in (CHENGGUAN, "0101", "to_dispatch", "2000-01-01T00:00:00Z", "-created", "%", "*", "' OR 1=1 --"):
        answer = one("GET", "/tickets", query_string={asked: value})
        rows = answer.get_json().get("tickets", []) if answer.status_code == 200 else []
        assert answer.status_code < 500 and {row["number"] for row in rows} <= {mine.number}, value
