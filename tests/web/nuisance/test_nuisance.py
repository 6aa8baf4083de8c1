"""Marks as people meet them: proposed on a ticket, decided at the desk, seen calmly where the number rings, never in the way of danger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.nuisance import marks
from hotline.tickets.roles import actor_of
from models import Audit, Call, NuisanceMark, Staff
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Staff], FlaskClient]
PHONE = "13812340000"


def proof(life: Life) -> str:
    ticket = life.ticket(phone=PHONE, words="没有诉求，反复拨打。")
    number = ticket.number
    life.do(ticket, "an", "void")
    life.db.commit()
    return number


def marked(life: Life) -> int:
    number = proof(life)
    mark = marks.propose(life.db, life.city, life.people["an"], PHONE, "empty", "一天二十次", [number], life.now)
    marks.decide(life.db, life.city, life.people["du2"], mark, True, "", life.now)
    mark_id = mark.id
    life.db.commit()
    return mark_id


def test_a_mark_lives_from_the_ticket_to_the_appeal(life: Life, browse: Browse) -> None:
    number = proof(life)
    third = make_staff(life.db, "du3", "du3", "supervisor", unit=HOTLINE)
    life.db.commit()
    an, du2, du3 = browse(life.staff["an"]), browse(life.staff["du2"]), browse(third)
    assert f"/nuisance/new/{number}" in an.get(f"/tickets/{number}").get_data(as_text=True)
    form = f"/nuisance/new/{number}"
    assert number in an.get(form).get_data(as_text=True)
    assert an.post(form, data={"reason": "empty", "words": "反复"}).status_code == 400
    assert an.post(form, data={"reason": "empty", "words": "反复", "proofs": [number]}).status_code == 303
    mark_id = life.db.scalars(select(NuisanceMark.id)).one()
    life.db.rollback()
    page = f"/nuisance/{mark_id}"
    assert "138****0000" in du2.get("/nuisance/?tab=proposed").get_data(as_text=True)
    assert an.post(f"{page}/stand").status_code == 403
    assert du2.post(f"{page}/refuse", data={"words": ""}).status_code == 400
    assert du2.post(f"{page}/stand", data={"words": ""}).status_code == 303
    assert "有骚扰标记" in an.get(f"/tickets/{number}").get_data(as_text=True)
    assert an.post(f"{page}/appeal", data={"words": "确有诉求"}).status_code == 303
    assert du2.post(f"{page}/appeal/lift", data={"words": "好"}).status_code == 403
    assert du3.post(f"{page}/appeal/lift", data={"words": "核实有诉求"}).status_code == 303
    assert "有骚扰标记" not in an.get(f"/tickets/{number}").get_data(as_text=True)
    assert PHONE not in du3.get(page).get_data(as_text=True)


def test_the_agent_sees_a_calm_notice_and_a_sentence_and_takes_the_matter_all_the_same(
    life: Life, browse: Browse
) -> None:
    marked(life)
    life.staff["an"].on_duty = True
    life.db.add(
        Call(provider="x", provider_id="1", from_phone=PHONE, to_phone="12345", state="ringing", started_at=life.now)
    )
    life.db.commit()
    an = browse(life.staff["an"])
    typed = {"phone": PHONE, "body": "路灯不亮了", "channel": "hotline", "privacy": "masked"}
    beside = an.post("/desk/beside", data=typed).get_data(as_text=True)
    assert "这个号码有骚扰标记" in beside and "照常登记" in beside and "您这件事已经登记" in beside
    danger = an.post("/desk/beside", data={**typed, "body": "有人要跳楼，快来人"}).get_data(as_text=True)
    assert "可能危及生命" in danger and "骚扰标记" not in danger
    sent = an.post("/desk", data={**typed, "then": "submit"})
    assert sent.status_code < 400


def test_the_notice_offers_no_farewell_while_a_danger_of_this_caller_is_open(life: Life, browse: Browse) -> None:
    marked(life)
    life.ticket(phone=PHONE, words="老人从楼上掉下来了，叫不醒").safety = True
    life.db.commit()
    typed = {"phone": PHONE, "body": "再问一句", "channel": "hotline", "privacy": "masked"}
    beside = browse(life.staff["an"]).post("/desk/beside", data=typed).get_data(as_text=True)
    assert "这个号码有骚扰标记" in beside and "照常登记" in beside
    assert "可以这样说" not in beside


def test_the_notice_tells_of_an_appeal_that_waits_and_of_one_that_is_decided(life: Life, browse: Browse) -> None:
    mark = life.db.get_one(NuisanceMark, marked(life))
    third = make_staff(life.db, "du3", "du3", "supervisor", unit=HOTLINE)
    marks.note_appeal(life.db, life.people["an"], mark, "误拨", life.now)
    life.db.commit()
    typed = {"phone": PHONE, "body": "路灯不亮了", "channel": "hotline", "privacy": "masked"}
    an = browse(life.staff["an"])
    assert "等待决定" in an.post("/desk/beside", data=typed).get_data(as_text=True)
    marks.decide_appeal(life.db, actor_of(third, life.city), mark, False, "维持", life.now)
    life.db.commit()
    beside = an.post("/desk/beside", data=typed).get_data(as_text=True)
    assert "申诉已有决定" in beside and "等待决定" not in beside


def test_clues_are_printed_and_saved_with_their_reason_in_the_book(life: Life, browse: Browse) -> None:
    mark_id = marked(life)
    du2, an = browse(life.staff["du2"]), browse(life.staff["an"])
    life.db.commit()
    assert du2.post("/nuisance/clues", data={"why": ""}).status_code == 400
    printed = du2.post("/nuisance/clues", data={"why": "交给派出所核查", "then": "print"}).headers["Location"]
    page = du2.get(printed).get_data(as_text=True)
    assert du2.get(printed).get_data(as_text=True).count(PHONE) == page.count(PHONE), "read again, handed out once"
    assert PHONE in page and "骚扰来电线索" in page and "接收人" in page and "topbar" not in page
    file = du2.post("/nuisance/clues", data={"why": "交给派出所核查", "then": "csv"})
    assert PHONE in file.get_data(as_text=True) and file.mimetype == "text/csv"
    told = life.db.scalars(select(Audit).where(Audit.action == "nuisance_clues")).all()
    assert [one.detail["marks"] for one in told] == [[mark_id], [mark_id]]
    life.db.rollback()
    assert an.post("/nuisance/clues", data={"why": "交给派出所核查"}).status_code == 403
    life.clock.forward(seconds=61)
    assert du2.get(printed).headers["Location"] == "/nuisance/", "after the minute somebody says again why"


def test_units_and_media_see_nothing_of_it(life: Life, browse: Browse) -> None:
    mark_id = marked(life)
    ticket = life.ticket(phone=PHONE)
    life.do(ticket, "du", "dispatch")
    number = ticket.number
    life.db.commit()
    he = browse(life.staff["he"])
    assert "骚扰标记" not in he.get(f"/tickets/{number}").get_data(as_text=True)
    assert [he.get(f"/nuisance/{mark_id}").status_code, he.get("/nuisance/").status_code] == [403, 403]
    assert he.get(f"/nuisance/new/{number}").status_code == 403


def test_the_pages_speak_english(life: Life, browse: Browse) -> None:
    mark_id = marked(life)
    number = proof(life)
    du2 = browse(life.staff["du2"])
    du2.post("/language", data={"code": "en", "next": "/"})
    for address in ("/nuisance/", f"/nuisance/{mark_id}", f"/nuisance/new/{number}"):
        assert not still_chinese(du2.get(address).get_data(as_text=True), "nuisance"), address


def test_the_doors_tell_how_often_marked_numbers_came_to_those_who_may_know(life: Life, browse: Browse) -> None:
    mark_id = marked(life)
    life.clock.at += timedelta(minutes=1)
    life.ticket(phone=PHONE)
    life.db.commit()
    du2, he = browse(life.staff["du2"]), browse(life.staff["he"])
    life.db.commit()
    for page in ("/overview/doors", "/nuisance/"):
        told = du2.get(page).get_data(as_text=True)
        assert "有标记的号码每月来了多少" in told and "2026-03" in told
    assert "有标记的号码" not in he.get("/overview/doors").get_data(as_text=True)
    assert du2.get(f"/nuisance/{mark_id}").status_code == 200


def test_each_number_of_a_month_opens_the_calls_and_tickets_behind_it(life: Life, browse: Browse) -> None:
    marked(life)
    life.clock.at += timedelta(minutes=1)
    life.db.add(
        Call(provider="x", provider_id="1", from_phone=PHONE, to_phone="12345", state="missed", started_at=life.now)
    )
    number = life.ticket(phone=PHONE).number
    life.db.commit()
    du2 = browse(life.staff["du2"])
    page = du2.get("/overview/doors").get_data(as_text=True)
    for kind, shown in (("calls", "138****0000"), ("tickets", number)):
        address = f"/nuisance/heard/2026-03/{kind}"
        assert f'href="{address}">1</a>' in page
        listed = du2.get(address).get_data(as_text=True)
        assert shown in listed and PHONE not in listed
    assert du2.get("/nuisance/heard/2026-13/calls").status_code == 404
    assert browse(life.staff["chang"]).get("/nuisance/heard/2026-03/calls").status_code == 403
