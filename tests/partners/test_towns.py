"""A town hands in by its page, works on what was sent to it by a system of its own, and reads on its page what became of it."""

from __future__ import annotations

from sqlalchemy import select

from hotline.web.admin import tokens as machine_tokens
from models import TicketEvent
from tests.support.cities.partners import Street
from tests.support.doubles.machine import caller

TOWN = "wenfeng-dongguan"
ANSWER = "育才路的坑已于今日填平。"
SCOPES = (
    "tickets.read",
    "tickets.words",
    "tickets.act.sign",
    "tickets.act.contact",
    "tickets.act.interim",
    "tickets.act.reply",
)


def test_a_towns_own_answer_goes_through_review_and_back_to_its_page(street: Street) -> None:
    street.connect("anzhengtong")
    with street.installation.sessions() as db:
        secret = machine_tokens.issue(
            db, "东关街道的系统", "dongguan-oa", list(SCOPES), street.now(), city=street.installation.city, units=[TOWN]
        )
        db.commit()
    town = caller(street.client.application, secret)
    said = street.tell("anzhengtong", {"bizNo": "AZ-9", "content": "东关街道育才路路面有坑。", "townCode": "东关街道"})
    number = said.get_json()["ticket_number"]
    assert town("GET", f"/tickets/{number}").status_code == 404, "what was not sent to it is not its own yet"
    street.life.do(street.ticket(number), "du", "dispatch", unit=TOWN)
    street.life.db.commit()
    street.work()
    assert [one["number"] for one in town("GET", "/tickets").get_json()["tickets"]] == [number]
    assert town("POST", f"/tickets/{number}/actions/sign", json={}).status_code == 200
    interim = {"answer": "已到现场看过，正在备料。"}
    assert town("POST", f"/tickets/{number}/actions/interim", json=interim).status_code == 200
    street.clock.forward(minutes=5)
    reply = {
        "truth": "true",
        "contacted": "yes",
        "contact_how": "phone",
        "contacted_at": street.now().isoformat(),
        "facts": "现场有坑一处",
        "measures": "用沥青填平",
        "outcome": "solved",
        "handler": "赵",
        "helpers_note": "协办部分已一并办结",
        "public_answer": ANSWER,
    }
    answered = town("POST", f"/tickets/{number}/actions/reply", json=reply)
    assert answered.get_json().get("state") == "to_review", answered.get_json()
    assert town("POST", f"/tickets/{number}/actions/reply", json=reply).status_code == 409, "a second click"
    street.work()
    told = street.doubles["anzhengtong"].told("answer")
    assert ANSWER not in told, "nobody reads it before a reviewer has passed it"
    street.lives(street.ticket(number), ("ren", "pass"))
    double = street.doubles["anzhengtong"]
    assert [one for one in double.told("answer") if one] == [interim["answer"], ANSWER]
    assert set(double.told("bizNo")) == {"AZ-9"} and set(double.told("town")) == {TOWN}
    assert [row.state for row in street.deliveries("anzhengtong")] == ["accepted"] * len(double.ledger)
    with street.installation.readings() as db:
        signed = db.scalars(select(TicketEvent).where(TicketEvent.action == "sign")).one()
        assert signed.actor_unit == TOWN
