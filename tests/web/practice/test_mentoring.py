"""The mentor's list, one key to pass, a correction with a note, and the release by a supervisor, page by page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models import Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import WORDS, Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Staff], FlaskClient]
FORM = {"phone": "13800001234", "channel": "hotline", "privacy": "masked", "then": "submit"}


@pytest.fixture
def learning(life: Life, browse: Browse) -> Life:
    """A supervisor has said that 安 learns."""
    answer = browse(life.staff["du2"]).post("/practice/newcomers", data={"person": life.staff["an"].id, "days": "30"})
    assert answer.status_code == 303
    return life


def taken_in(life: Life, browse: Browse, words: str = WORDS) -> str:
    assert browse(life.staff["an"]).post("/desk", data={**FORM, "body": words}).status_code == 303
    number = life.db.scalars(select(Ticket.number).order_by(Ticket.id.desc()).limit(1)).one()
    life.db.commit()
    return number


def test_a_newcomers_ticket_waits_on_the_mentors_list_and_goes_by_one_key(learning: Life, browse: Browse) -> None:
    life, number = learning, taken_in(learning, browse)
    du, lead = browse(life.staff["du"]), browse(life.staff["班"])
    refused = du.post(f"/tickets/{number}/do/dispatch", data={"unit": "chengguan"})
    assert refused.status_code == 400 and "先由另一位同事看过" in refused.get_data(as_text=True)
    assert "带教待看" in du.get(f"/tickets/{number}").get_data(as_text=True)
    listed = lead.get("/practice/looks").get_data(as_text=True)
    assert number in listed and "看过，通过" in listed
    assert lead.post(f"/practice/looks/{number}", data={"result": "passed"}).status_code == 303
    lead.get("/practice/looks")  # the sentence that it is done is told once
    assert number not in lead.get("/practice/looks").get_data(as_text=True)
    assert "带教看单" in lead.get(f"/tickets/{number}").get_data(as_text=True)
    assert du.post(f"/tickets/{number}/do/dispatch", data={"unit": "chengguan"}).status_code == 303
    assert lead.post(f"/practice/looks/{number}", data={"result": "passed"}).status_code == 400


def test_a_correction_wants_a_note_keeps_what_was_typed_and_tells_the_newcomer(learning: Life, browse: Browse) -> None:
    life, number = learning, taken_in(learning, browse)
    lead = browse(life.staff["班"])
    page = f"/practice/looks/{number}"
    opened = lead.get(page).get_data(as_text=True)
    assert WORDS[:12] in opened
    typed = {"result": "corrected", "title": "文峰大道与东工路口路灯不亮", "area": "wenfeng"}
    refused = lead.post(page, data=typed)
    assert refused.status_code == 400
    assert "文峰大道与东工路口路灯不亮" in refused.get_data(as_text=True)
    other_button = lead.post(page, data={**typed, "result": "passed"})
    assert other_button.status_code == 400, "what was changed is not dropped by the other button"
    assert lead.post(page, data={**typed, "note": "标题要写清路口"}).status_code == 303
    ticket = life.db.scalars(select(Ticket)).one()
    assert (ticket.second_look, ticket.title, ticket.area) == ("corrected", "文峰大道与东工路口路灯不亮", "wenfeng")
    life.db.commit()
    assert "标题要写清路口" in browse(life.staff["an"]).get(f"/tickets/{number}").get_data(as_text=True)


def test_stars_never_take_the_place_of_the_words_behind_them(learning: Life, browse: Browse) -> None:
    life, number = learning, taken_in(learning, browse)
    ticket, home = life.db.scalars(select(Ticket)).one(), "永明路77号院3号楼2单元909室"
    ticket.text.place = home
    life.db.commit()
    lead, page = browse(life.staff["班"]), f"/practice/looks/{number}"
    shown = unescape(re.search(r'name="place"[^>]*value="([^"]*)"', lead.get(page).get_data(as_text=True))[1])  # type: ignore[index]
    assert "909" not in shown and "*" in shown
    typed = {"result": "corrected", "note": "地点要写清", "place": shown + "门口"}
    refused = lead.post(page, data=typed)
    assert refused.status_code == 400 and "请写全再改" in refused.get_data(as_text=True)
    assert lead.post(page, data={**typed, "place": shown, "title": "楼道灯不亮"}).status_code == 303
    life.db.expire_all()
    assert ticket.text.place == home


def test_what_cannot_wait_is_on_the_second_list_only(learning: Life, browse: Browse) -> None:
    number = taken_in(learning, browse, "楼道里煤气味很重，老人头晕想吐，快来人。")
    lead = browse(learning.staff["班"])
    address = f'href="/practice/looks/{number}"'
    assert address not in lead.get("/practice/looks").get_data(as_text=True)
    assert address in lead.get("/practice/looks?tab=after").get_data(as_text=True)


def test_the_release_takes_a_reason_or_an_examination_and_a_supervisor(learning: Life, browse: Browse) -> None:
    life, person = learning, learning.staff["an"].id
    lead, du2 = browse(life.staff["班"]), browse(life.staff["du2"])
    assert "an</a>" in lead.get("/practice/newcomers").get_data(as_text=True)
    assert lead.post(f"/practice/newcomers/{person}/release", data={"why": "够好了"}).status_code == 403
    assert du2.post(f"/practice/newcomers/{person}/release", data={"why": ""}).status_code == 400
    assert du2.post(f"/practice/newcomers/{person}/release", data={"why": "做过三年"}).status_code == 303
    assert "做过三年" in du2.get("/practice/newcomers").get_data(as_text=True)
    assert du2.post("/practice/newcomers", data={"person": person, "days": "900"}).status_code == 400
    assert life.db.scalars(select(Staff.released_why).where(Staff.id == person)).one() == "做过三年"


def test_all_who_were_released_are_found_page_by_page(life: Life, browse: Browse) -> None:
    for n in range(23):
        one = make_staff(life.db, f"xin{n:02d}", f"新{n:02d}", "agent", unit=HOTLINE)
        one.released_at, one.released_why = life.now - timedelta(days=n), "考试合格"
    life.db.commit()
    du2 = browse(life.staff["du2"])
    first = du2.get("/practice/newcomers").get_data(as_text=True)
    assert ">新19</span>" in first and ">新20</span>" not in first
    after = re.findall(r'href="([^"]*after=[^"]*)"', first)
    second = du2.get(unescape(after[0])).get_data(as_text=True)
    assert ">新22</span>" in second and ">新19</span>" not in second


def test_the_pages_speak_english_and_say_nothing_to_units(learning: Life, browse: Browse) -> None:
    number = taken_in(learning, browse)
    learning.staff["du2"].language = "en"
    learning.db.commit()
    du2 = browse(learning.staff["du2"])
    for at in ("/practice/looks", f"/practice/looks/{number}", "/practice/newcomers", "/practice"):
        assert still_chinese(du2.get(at).get_data(as_text=True), "practice", "mentoring") == []
    assert browse(learning.staff["he"]).get("/practice/looks").status_code == 403
