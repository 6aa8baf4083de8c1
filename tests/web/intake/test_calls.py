"""Calls at the desk: one agent has each, nobody is lost, and a number is revealed for a reason."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from models import Audit, Call
from tests.support.life import Life
from tests.web.intake.desk import PHONE, Browse, ring


def test_the_first_agent_has_the_call_and_the_second_is_told(
    agent: FlaskClient, life: Life, browse: Browse, installation: Installation
) -> None:
    call = ring(life)
    life.staff["班"].on_duty = True
    life.db.commit()
    other = browse(life.staff["班"])
    assert agent.post(f"/desk/calls/{call.id}/answer").headers["Location"] == f"/desk?call={call.id}"
    assert other.post(f"/desk/calls/{call.id}/answer").headers["Location"] == "/desk"
    assert "已经由别人接听" in other.get("/desk").text
    assert "138****1234" not in other.get(f"/desk?call={call.id}").text
    with installation.readings() as db:
        assert db.get_one(Call, call.id).agent_id == life.staff["an"].id


def test_the_screen_pops_with_the_callers_open_tickets_first(agent: FlaskClient, life: Life) -> None:
    done, still_open = life.ticket(), life.ticket()
    life.do(done, "du", "answer_directly")
    newest = life.ticket()
    life.do(newest, "du", "answer_directly")
    call = ring(life)
    page = agent.get(agent.post(f"/desk/calls/{call.id}/answer").headers["Location"]).text
    side = page[page.index('id="beside"') :]
    assert side.index(still_open.number) < side.index(newest.number) < side.index(done.number)


def test_off_duty_nobody_rings_and_nobody_answers(agent: FlaskClient, life: Life) -> None:
    call = ring(life)
    assert "接听" in agent.get("/desk/calls").text
    agent.post("/duty", data={"on": "", "next": "/desk"})
    assert f"/desk/calls/{call.id}/answer" not in agent.get("/desk/calls").text
    agent.post(f"/desk/calls/{call.id}/answer")
    assert "离岗" in agent.get("/desk").text


def test_a_second_call_waits_until_the_first_is_hung_up(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    first, second = ring(life), ring(life, "13900000000", "CA2")
    agent.post(f"/desk/calls/{first.id}/answer")
    agent.post(f"/desk/calls/{second.id}/answer")
    with installation.readings() as db:
        assert db.get_one(Call, second.id).state == "ringing"
    agent.post(f"/desk/calls/{first.id}/end")
    agent.post(f"/desk/calls/{second.id}/answer")
    with installation.readings() as db:
        assert (db.get_one(Call, first.id).state, db.get_one(Call, second.id).state) == ("ended", "answered")


def test_a_missed_call_is_called_back_by_one_agent(agent: FlaskClient, life: Life, browse: Browse) -> None:
    call = ring(life)
    call.state = "missed"
    life.db.commit()
    assert "回拨" in agent.get("/desk/calls").text
    assert agent.post(f"/desk/calls/{call.id}/back").headers["Location"] == f"/desk?call={call.id + 1}", (
        "the call that we make"
    )
    other = browse(life.staff["班"])
    assert other.post(f"/desk/calls/{call.id}/back").headers["Location"] == "/desk"
    assert "回拨" not in agent.get("/desk/calls").text


def test_the_callers_number_is_revealed_for_a_reason_and_on_the_record(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    call = ring(life)
    agent.post(f"/desk/calls/{call.id}/answer")
    assert agent.post(f"/desk/calls/{call.id}/reveal", data={"reason": " "}).status_code == 400
    assert agent.post(f"/desk/calls/{call.id}/reveal", data={"reason": "核对号码"}).json["value"] == PHONE
    with installation.readings() as db:
        assert db.scalars(select(Audit.action).where(Audit.action == "reveal")).all() == ["reveal"]


def test_a_colleagues_call_cannot_be_revealed(agent: FlaskClient, life: Life, browse: Browse) -> None:
    call = ring(life)
    agent.post(f"/desk/calls/{call.id}/answer")
    assert (
        browse(life.staff["班"]).post(f"/desk/calls/{call.id}/reveal", data={"reason": "核对来电人的住址"}).status_code
        == 404
    )


def test_whoever_leads_the_shift_sees_who_waits_and_who_is_rung_without_being_on_duty(
    life: Life, browse: Browse
) -> None:
    """One silent agent at night, a call ringing, and the shift leader's desk said only that no call would ring here."""
    agent, lead = life.staff["an"], life.staff["班"]
    agent.on_duty, agent.desk_at, lead.on_duty = True, life.now, False
    life.db.commit()
    desk = browse(lead)
    quiet = desk.get("/desk/calls").text
    assert "下一通先响" in quiet and "代接" not in quiet
    life.db.add(
        Call(
            provider="twilio",
            provider_id="CA9",
            from_phone="13800001234",
            to_phone="12345",
            state="ringing",
            started_at=life.now,
        )
    )
    life.db.commit()
    strip = desk.get("/desk/calls").text
    assert "138****1234" in strip and "正在响an" in strip and "离岗中" in strip
    assert "代接" not in strip, "who is off duty takes no call"
