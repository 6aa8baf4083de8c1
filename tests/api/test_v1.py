"""The JSON API: what other systems hand in, read and do."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from hotline.api.together import Intake
from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.intake.open_ticket import Contact
from hotline.outbox.runner import drain
from hotline.web.admin import tokens as machine_tokens
from models import Citizen, Job, Ticket, TicketEvent
from tests.support.doubles.machine import Call
from tests.support.together import at_once

BODY = {"body": "文峰大道的路灯不亮，请修。", "phone": "138 0000 1234", "place": "文峰大道"}


def count(installation: Installation, table: Any) -> int:
    with installation.readings() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_ticket_is_handed_in_and_read_back(installation: Installation, call: Call) -> None:
    answer = call("POST", "/tickets", json=BODY)
    made = answer.get_json()
    assert (answer.status_code, made["state"], len(made["query_code"])) == (201, "to_dispatch", 6)
    drain(installation)
    read = call("GET", f"/tickets/{made['number']}").get_json()
    assert read["number"] == made["number"] and "query_code" not in read
    assert "13800001234" not in str(read) and "路灯" not in str(read)


def test_the_same_outer_number_again_is_the_same_ticket(
    installation: Installation, call: Call, clock: StoppedClock
) -> None:
    first = call("POST", "/tickets", json={**BODY, "outer_number": "P-1"})
    clock.forward(minutes=1)
    again = call("POST", "/tickets", json={**BODY, "outer_number": "P-1"})
    by_key = call("POST", "/tickets", json=BODY, headers={"Idempotency-Key": "P-1"})
    assert [a.status_code for a in (first, again, by_key)] == [201, 200, 200]
    assert len({a.get_json()["number"] for a in (first, again, by_key)}) == 1
    assert count(installation, Ticket) == 1


def test_a_number_in_other_letters_or_width_is_the_same_matter_and_is_found_by_any(
    installation: Installation, call: Call
) -> None:
    made = call("POST", "/tickets", json={**BODY, "outer_number": "Ab-１c"}).get_json()["number"]
    for told in ("AB-1C", "ab-1c", "aB－1C", "ａｂ－１ｃ"):
        again = call("POST", "/tickets", json={**BODY, "outer_number": told})
        assert (again.status_code, again.get_json()["number"]) == (200, made), told
        assert [row["number"] for row in call("GET", f"/tickets?outer_number={told}").get_json()["tickets"]] == [made]
    other = call("POST", "/tickets", json={**BODY, "body": "另一件：小区停水", "outer_number": "AB-1C"})
    assert other.status_code == 201, "some systems count by capital and small letters"
    assert count(installation, Ticket) == 2


def test_an_outer_number_told_again_with_other_words_is_a_conflict_that_is_told(
    installation: Installation, call: Call, clock: StoppedClock
) -> None:
    call("POST", "/tickets", json={**BODY, "outer_number": "P-1"})
    clock.forward(minutes=1)
    again = call("POST", "/tickets", json={**BODY, "outer_number": "P-1", "body": "完全不同的另一件事：小区停水"})
    assert (again.status_code, "P-1" in again.get_data(as_text=True)) == (409, True)
    spaced = call("POST", "/tickets", json={**BODY, "outer_number": "P-1", "body": f"  {BODY['body']} \n"})
    assert (spaced.status_code, count(installation, Ticket)) == (200, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"body": "   "}, "body"),
        ({"body": "长" * 50_001}, "body"),
        ({**BODY, "channel": "pigeon"}, "channel"),
        ({**BODY, "category": "9999"}, "category"),
        ({**BODY, "outer_due_at": "2026-02-30T10:00:00+08:00"}, "outer_due_at"),
        ({**BODY, "happened_at": "2026-03-01T10:00:00"}, "happened_at"),
        ({**BODY, "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    installation: Installation, call: Call, body: dict[str, Any], field: str
) -> None:
    answer = call("POST", "/tickets", json=body)
    assert answer.status_code == 400 and answer.content_type == "application/problem+json"
    assert field in answer.get_json()["problems"] and answer.get_json()["code"] == "invalid_form"
    assert count(installation, Ticket) == 0


def test_what_is_not_json_is_refused_with_a_sentence(call: Call) -> None:
    for sent in (b"", b"not json", b"[1]"):
        answer = call("POST", "/tickets", data=sent, content_type="application/json")
        assert (answer.status_code, answer.get_json()["code"]) == (400, "no_json")


def test_tokens_open_only_what_their_scopes_name(installation: Installation, call: Call) -> None:
    with installation.sessions() as db:
        reader = machine_tokens.issue(db, "只读", "reader", ["tickets.read"], installation.clock.now())
        db.commit()
    assert call("POST", "/tickets", token=reader, json=BODY).status_code == 403
    assert call("GET", "/tickets", token=reader).status_code == 200
    assert call("GET", "/tickets", token="hl_wrong").status_code == 401


def test_lists_page_from_the_newest_on(call: Call) -> None:
    numbers = [
        call("POST", "/tickets", json={**BODY, "phone": f"1380000{n:04d}"}).get_json()["number"] for n in range(5)
    ]
    first = call("GET", "/tickets?limit=2").get_json()
    second = call("GET", f"/tickets?limit=2&after={first['next']}").get_json()
    assert [t["number"] for t in first["tickets"] + second["tickets"]] == numbers[:0:-1]
    assert [t["number"] for t in call("GET", "/tickets?q=没有的话").get_json()["tickets"]] == []


def test_a_machine_acts_by_the_same_table(call: Call) -> None:
    ticket = call("POST", "/tickets", json=BODY).get_json()
    sent = call(
        "POST", f"/tickets/{ticket['number']}/actions/dispatch", json={"unit": "chengguan", "seen": ticket["turn"]}
    )
    assert (sent.status_code, sent.get_json()["state"], sent.get_json()["unit"]) == (200, "to_sign", "chengguan")
    again = call(
        "POST", f"/tickets/{ticket['number']}/actions/dispatch", json={"unit": "chengguan", "seen": ticket["turn"]}
    )
    assert again.status_code == 409
    assert call("POST", f"/tickets/{ticket['number']}/actions/sign", json={}).status_code == 403
    assert call("POST", f"/tickets/{ticket['number']}/actions/fly", json={}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("POST", "actions/dispatch", {"unit": "chengguan", "helpers": ["chengguan"]}, 400, "unit_cannot_handle"),
        ("POST", "actions/dispatch", {}, 400, "invalid_form"),
        ("POST", "actions/dispatch", {"unit": "chengguan", "seen": 99}, 409, "out_of_turn"),
        ("POST", "actions/sign", {}, 409, "out_of_turn"),
        ("POST", "actions/void", {"reason": "测试"}, 200, ""),
        ("POST", "actions/fly", {}, 404, "no_such_action"),
        ("POST", "actions/merge", {"master": "1"}, 400, "master_cannot_take_it"),
        ("POST", "actions/locate", {}, 403, "no_button"),
        ("POST", "actions/answer_directly", {"answer": "请打 13912345678"}, 400, "leaks_personal_data"),
        ("GET", "x", None, 404, "not_found"),
    ],
)
def test_a_machine_decides_by_the_code_of_a_refusal(
    call: Call, method: str, path: str, sent: Any, status: int, code: str
) -> None:
    number = call("POST", "/tickets", json=BODY).get_json()["number"]
    answer = call(method, f"/tickets/{number}/{path}", json=sent)
    assert (answer.status_code, answer.get_json().get("code", "")) == (status, code)


def test_the_result_of_a_merged_ticket_is_read_under_its_own_number(installation: Installation, call: Call) -> None:
    master, own = (
        call("POST", "/tickets", json={**BODY, "phone": f"1380000123{n}", "outer_number": f"P-{n}"}).get_json()[
            "number"
        ]
        for n in (1, 2)
    )
    call("POST", f"/tickets/{own}/actions/merge", json={"master": master})
    call("POST", f"/tickets/{master}/actions/answer_directly", json={"answer": "路灯今晚修好。"})
    read = call("GET", f"/tickets/{own}").get_json()
    assert (read["state"], read["handled_as"], read["handled_state"], read["public_answer"]) == (
        "merged",
        master,
        "closed",
        "路灯今晚修好。",
    )


def test_contacts_that_come_together_are_each_one_ticket_with_its_promises(
    installation: Installation, city: City
) -> None:
    intake = Intake(installation)
    said = at_once(
        *[lambda n=n: intake.take(Contact(body=f"第 {n} 件", phone=f"1380000{n % 10:04d}")).number for n in range(24)]
    )
    assert len(set(said)) == 24
    assert (count(installation, Ticket), count(installation, TicketEvent), count(installation, Citizen)) == (24, 24, 10)
    with installation.readings() as db:
        per_ticket = db.execute(select(Job.ticket_id, func.count()).group_by(Job.ticket_id)).all()
    assert {n for _id, n in per_ticket} == {2} and len(per_ticket) == 24


def test_the_writer_of_contacts_is_there_only_while_some_wait(installation: Installation) -> None:
    intake = Intake(installation)
    assert intake.take(Contact(body="路灯不亮", phone="13800000001")).number
    for writer in [one for one in threading.enumerate() if one.name == "intake"]:
        writer.join(5)
    assert not [one for one in threading.enumerate() if one.name == "intake"]
    assert intake.take(Contact(body="井盖坏了", phone="13800000002")).number


def test_one_contact_that_cannot_be_written_does_not_take_the_others_down(installation: Installation) -> None:
    intake = Intake(installation)
    contacts = [Contact(body=f"第 {n} 件", phone=f"1380000{n:04d}") for n in range(6)]
    broken = Contact(body=None, title="坏的")  # type: ignore[arg-type]

    def take(one: Contact) -> str:
        try:
            return intake.take(one).number
        except Exception as trouble:  # noqa: BLE001 – any trouble will do
            return type(trouble).__name__

    said = at_once(*[lambda one=one: take(one) for one in (*contacts, broken)])
    assert sum(one.isdigit() for one in said) == 6
    assert count(installation, Ticket) == 6


def test_the_document_describes_every_action(call: Call) -> None:
    document = call("GET", "/openapi.json").get_json()
    assert "/api/v1/tickets/{number}/actions/dispatch" in document["paths"]
    assert document["components"]["schemas"]["do_dispatch"]["required"] == ["unit"]
