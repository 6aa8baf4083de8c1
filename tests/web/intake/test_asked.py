"""What the intake asks beyond the words: the category's questions, the moment, who it is, a letter's own data; and its answer on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models import Ticket
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]
SHOP = "网上买的电饭锅是坏的，商家不给退货。"


def newest(life: Life) -> Ticket:
    life.db.rollback()
    return life.db.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()


def sent(**more: Any) -> dict[str, Any]:
    return {"body": SHOP, "phone": "13800001234", "channel": "hotline", "category": "", "once": "k" * 32, **more}


def test_the_questions_of_the_category_are_asked_and_the_unit_reads_the_answers(life: Life, browse: Browse) -> None:
    """A consumer complaint asked for no shop and no order number: the facts stayed inside sentences. Found at the desks: U26."""
    an = browse(life.staff["an"])
    asked = an.post("/desk/questions", data={"body": SHOP, "category": "14"}).text
    assert "哪家店？" in asked and "订单号或小票号？" in asked
    assert "哪家店？" not in an.post("/desk/questions", data={"body": "路灯坏了", "category": "02"}).text
    pairs = {"question": ["哪家店？", "订单号或小票号？"], "answer_to": ["文峰大道鑫源电器", "A2026-88"]}
    an.post("/desk", data=sent(category="14", party="person", happened_at="2026-03-01T09:30", **pairs))
    ticket = newest(life)
    assert ticket.text.extra["哪家店？"] == "文峰大道鑫源电器" and ticket.text.extra["诉求人是"] == "个人"
    assert ticket.text.extra["happened_at"].startswith("2026-03-01T09:30")
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    page = browse(life.staff["he"]).get(f"/tickets/{ticket.number}").text
    assert "订单号或小票号？" in page and "A2026-88" in page and "2026-03-01 09:30" in page


def test_answers_survive_a_refusal_and_a_moment_to_come_is_no_event(life: Life, browse: Browse) -> None:
    an = browse(life.staff["an"])
    pairs = {"question": ["哪家店？"], "answer_to": ["鑫源电器"]}
    for moment, said in (("2026-13-01T00:00", "事发时间不对"), ("2031-01-01T00:00", "还没有到")):
        page = an.post("/desk", data=sent(category="14", happened_at=moment, **pairs))
        assert page.status_code == 400 and said in page.text and 'value="鑫源电器"' in page.text


def test_a_letter_has_its_day_its_number_and_its_senders_address(life: Life, browse: Browse) -> None:
    """A letter was a call with another label. Found at the desks: U25."""
    letter = {"received_on": "2026-02-27", "register_no": "信〔2026〕18号", "sender_address": "文峰区东大街7号"}
    an = browse(life.staff["an"])
    assert 'data-toggle-when="channel=letter,email,visit"' in an.get("/desk").text
    an.post("/desk", data=sent(channel="letter", phone="", **letter))
    ticket = newest(life)
    assert [ticket.text.extra[head] for head in ("收到日期", "登记编号", "寄信人地址")] == list(letter.values())
    number = ticket.number
    life.db.commit()
    page = an.get(f"/tickets/{number}").text
    assert "信〔2026〕18号" in page and "东大街7号" not in page, "a home is starred like every other"
    an.post("/desk", data=sent(channel="hotline", once="j" * 32, **letter))
    assert "寄信人地址" not in newest(life).text.extra, "a call has none of it"


def test_the_answer_to_a_letter_is_posted_on_record(life: Life, browse: Browse) -> None:
    ticket = life.ticket(channel="letter", phone="")
    for login, action in (("du", "dispatch"), ("he", "sign"), ("he", "contact"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, login, action)
    life.db.commit()
    hui = browse(life.staff["hui"])
    assert f"/tickets/{ticket.number}/print/letter" in hui.get(f"/tickets/{ticket.number}").text
    posted = {"day": "2026-03-05", "tracking": "XA12345678941"}
    assert hui.post(f"/tickets/{ticket.number}/do/post_letter", data=posted).status_code == 303
    assert "答复函已于 2026-03-05 寄出" in hui.get(f"/tickets/{ticket.number}").text
    with pytest.raises(Exception, match="只有来信"):
        life.do(life.to("to_follow_up"), "hui", "post_letter", day="2026-03-05")


def test_a_visitor_gets_a_slip_with_the_place_in_todays_line(life: Life, browse: Browse) -> None:
    first, caller, second = (
        life.ticket(phone=f"1380000000{n}", channel=channel) for n, channel in enumerate(("visit", "hotline", "visit"))
    )
    life.db.commit()
    an = browse(life.staff["an"])
    slips = {one.number: an.get(f"/tickets/{one.number}/print/slip") for one in (first, second)}
    assert [re.search(r'<strong class="num">(\d+)<', one.text)[1] for one in slips.values()] == ["1", "2"]  # type: ignore[index]
    assert an.get(f"/tickets/{caller.number}/print/slip").status_code == 404
