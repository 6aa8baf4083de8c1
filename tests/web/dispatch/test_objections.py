"""What comes back from a unit: an objection, its ruling, an extension."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.tickets import petitions
from models import Precedent, Ticket
from tests.support.life import Life
from tests.web.dispatch.queue import send, state_of


def test_an_upheld_objection_comes_back_open_for_dispatching_with_the_units_own_advice(
    life: Life, desk: FlaskClient
) -> None:
    ticket = life.ticket()
    life.do(ticket, "du", "dispatch")
    life.do(ticket, "he", "object", suggested_unit="transport")
    life.db.commit()
    page = desk.get("/dispatch/?tab=objection").text
    assert "属于住建部门" in page and "安编〔2019〕12号" in page and "市交通运输局" in page
    answer = send(desk, ticket, "decide", action="uphold", reason="退单成立", tab="objection")
    assert answer.status_code == 303 and ticket.number in answer.headers["Location"]
    again = desk.get(answer.headers["Location"]).text
    assert "它建议：市交通运输局" in again and state_of(life, ticket) == "to_dispatch"


def test_a_judgement_without_its_reason_is_refused(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("in_objection")
    life.db.commit()
    assert send(desk, ticket, "decide", action="overrule", reason="", tab="objection").status_code == 400
    assert send(desk, ticket, "decide", action="overrule", reason="职责明确", tab="objection").status_code == 303
    assert state_of(life, ticket) == "to_sign" and life.db.get_one(Ticket, ticket.id).must_sign


def test_a_ruling_is_kept_and_suggested_in_the_next_dispute_of_its_kind(life: Life, desk: FlaskClient) -> None:
    first, second = (life.ticket(phone=f"1380000111{n}", category="0203") for n in range(2))
    for one in (first, second):
        life.do(one, "du", "mark_hard")
    life.db.commit()
    send(
        desk,
        first,
        "rule",
        unit="市城市管理局",
        category="0203",
        urgency="normal",
        reason="照明设施归城管",
        tab="dispute",
    )
    assert life.db.scalar(select(Precedent.reason)) == "照明设施归城管"
    page = desk.get(f"/dispatch/{second.number}?tab=dispute").text
    assert "照明设施归城管" in page and 'data-value="市城市管理局"' in page


def test_an_extension_is_granted_on_the_desk_and_a_refusal_needs_words(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("handling")
    asked = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "配件未到"})
    life.db.commit()
    assert "配件未到" in desk.get("/dispatch/?tab=petitions").text
    refused = desk.post(f"/dispatch/petitions/{asked.id}", data={"verdict": "refuse", "decision": ""})
    assert refused.status_code == 400 and "请写明理由" in refused.text
    assert desk.post(f"/dispatch/petitions/{asked.id}", data={"verdict": "grant"}).status_code == 303
    life.db.expire_all()
    assert life.db.get_one(Ticket, ticket.id).extensions == 1
