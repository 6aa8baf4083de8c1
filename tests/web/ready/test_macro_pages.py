"""Macros as people make them and run them: previewed, all or nothing, and taken back within the seconds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.ready import macros
from hotline.ready.macros import Plan, Step
from models import Macro, Staff, Ticket, TicketEvent
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.pages import seen_in

Browse = Callable[[Staff], FlaskClient]


def kept(life: Life, login: str, *steps: Step, shared: bool = False) -> int:
    plan = Plan("一起办", "dispatch", steps)
    macro = macros.write(life.db, life.city, life.people[login], plan, life.now, shared=shared)
    life.db.commit()
    return macro.id


def moves(life: Life, ticket_id: int) -> list[str]:
    rows = select(TicketEvent.action).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id)
    found = list(life.db.scalars(rows))
    life.db.rollback()
    return found


def test_a_macro_is_made_step_by_step_in_one_form(life: Life, browse: Browse) -> None:
    du = browse(life.staff["du"])
    begun = du.post("/ready/macros/new", data={"title": "派出", "then": "add", "added": "dispatch"})
    page = begun.get_data(as_text=True)
    assert begun.status_code == 200 and 'name="0.unit"' in page and 'value="派出"' in page
    typed = {
        "title": "派出",
        "action": ["dispatch", "note"],
        "0.unit": life.city.unit_name(CHENGGUAN),
        "1.text": "请留意",
    }
    assert 'name="1.text"' not in du.post("/ready/macros/new", data={**typed, "then": "drop:1"}).get_data(as_text=True)
    refused = du.post("/ready/macros/new", data={**typed, "1.text": "请拨13812345678"})
    assert refused.status_code == 400 and "13812345678" in refused.get_data(as_text=True)
    assert du.post("/ready/macros/new", data=typed).status_code == 303
    macro = life.db.scalars(select(Macro).where(Macro.title == "派出")).one()
    assert [one["answers"] for one in macro.steps] == [{"unit": CHENGGUAN}, {"text": "请留意"}]
    life.db.commit()
    assert browse(life.staff["an"]).get(f"/ready/macros/{macro.id}").status_code == 404
    assert du.post(f"/ready/macros/{macro.id}", data={**typed, "title": "派", "seen": 1}).status_code == 303
    assert du.post(f"/ready/macros/{macro.id}", data={**typed, "seen": 1}).status_code == 409
    assert du.post(f"/ready/macros/{macro.id}/retire", data={"seen": 2}).status_code == 303
    assert "派" in du.get("/ready/macros?tab=retired").get_data(as_text=True)


def test_a_dispatch_with_a_note_is_run_and_taken_back(life: Life, browse: Browse) -> None:
    macro_id = kept(life, "du", Step("dispatch", {"unit": CHENGGUAN}), Step("note", {"text": "请先联系"}))
    ticket = life.ticket()
    number, ticket_id, seen = ticket.number, ticket.id, ticket.move_count
    life.db.commit()
    du = browse(life.staff["du"])
    assert "ready/macros/on" in du.get(f"/tickets/{number}").get_data(as_text=True)
    chosen = du.get(f"/ready/macros/on/{number}").get_data(as_text=True)
    assert f"/ready/macros/{macro_id}/on/{number}" in chosen
    page = f"/ready/macros/{macro_id}/on/{number}"
    assert "待签收" in du.get(page).get_data(as_text=True)
    data = {"seen": seen, "once": "k1", "0.unit": life.city.unit_name(CHENGGUAN), "1.text": "请先联系"}
    assert du.post(page, data=data).status_code == 303
    assert moves(life, ticket_id)[-2:] == ["dispatch", "note"]
    assert du.post(page, data=data).status_code == 303
    assert moves(life, ticket_id)[-2:] == ["dispatch", "note"]
    life.db.commit()
    event = life.db.scalars(select(TicketEvent.id).where(TicketEvent.action == "dispatch")).one()
    life.db.commit()
    assert du.post("/undo", data={"events": str(event), "back": "/"}).status_code == 303
    assert moves(life, ticket_id)[-1] == "undo_dispatch"
    assert life.db.get_one(Ticket, ticket_id).state == "to_dispatch"


def test_refused_it_says_at_which_step_and_has_done_nothing(life: Life, browse: Browse) -> None:
    macro_id = kept(life, "du", Step("dispatch", {}), Step("note", {"text": "等{谁}"}))
    ticket = life.ticket()
    number, ticket_id, seen = ticket.number, ticket.id, ticket.move_count
    life.db.commit()
    du = browse(life.staff["du"])
    page = f"/ready/macros/{macro_id}/on/{number}"
    data = {"seen": seen, "0.unit": life.city.unit_name(CHENGGUAN), "1.text": "等【请填：谁】"}
    refused = du.post(page, data=data)
    said = refused.get_data(as_text=True)
    assert refused.status_code == 400 and "第 2 步没有办成" in said and life.city.unit_name(CHENGGUAN) in said
    assert moves(life, ticket_id) == ["submit"]
    life.db.commit()
    assert du.post(page, data={**data, "seen": seen - 1, "1.text": "等"}).status_code == 409
    assert moves(life, ticket_id) == ["submit"]


def test_who_may_not_see_the_ticket_or_the_macro_gets_neither(life: Life, browse: Browse) -> None:
    own = kept(life, "du", Step("note", {"text": "一"}))
    shared = kept(life, "du2", Step("dispatch", {"unit": CHENGGUAN}), shared=True)
    number = life.ticket().number
    life.db.commit()
    an, chang = browse(life.staff["an"]), browse(life.staff["chang"])
    assert an.get(f"/ready/macros/{own}/on/{number}").status_code == 404
    assert chang.get(f"/ready/macros/{shared}/on/{number}").status_code == 404
    assert "没有权限" in an.get(f"/ready/macros/{shared}/on/{number}").get_data(as_text=True)
    assert an.post(f"/ready/macros/{shared}/on/{number}", data={"seen": "1"}).status_code in (403, 409)


def test_a_macro_is_run_on_the_ticked_tickets_of_a_list_and_taken_back(life: Life, browse: Browse) -> None:
    macro_id = kept(life, "du", Step("dispatch", {"unit": CHENGGUAN}), Step("note", {"text": "派给{单位}"}))
    kept(life, "du", Step("pass", {}))
    first, second, gone = life.ticket(), life.ticket(), life.to("handling")
    numbers, ids = [one.number for one in (first, second, gone)], [first.id, second.id, gone.id]
    life.db.commit()
    du = browse(life.staff["du"])
    assert "macros/many" in du.get("/search?state=to_dispatch").get_data(as_text=True)
    assert "macros/many" in du.get("/dispatch/?tab=todo").get_data(as_text=True)
    chosen = du.post("/ready/macros/many?next=/search", data={"ticket": numbers}).get_data(as_text=True)
    assert f"/ready/macros/{macro_id}/many" in chosen and "2 张可以开始" in chosen and "要逐张判断" in chosen
    page = f"/ready/macros/{macro_id}/many"
    looked = du.post(page, data={"ticket": numbers, "next": "/search"}).get_data(as_text=True)
    assert looked.count("seen-") == 2 and "派给{单位}" in looked and "秒内可以撤销" in looked
    seen = seen_in(looked)
    sent = {
        "sure": "yes",
        "once": "k9",
        "next": "/search",
        "0.unit": life.city.unit_name(CHENGGUAN),
        "1.text": "派给{单位}",
        **seen,
    }
    result = du.post(page, data={**sent, "ticket": numbers}).get_data(as_text=True)
    assert "2 张已办，1 张没有办" in result and 'name="events"' in result
    assert [moves(life, one)[-1] for one in ids[:2]] == ["note", "note"]
    again = du.post(page, data={**sent, "ticket": numbers})
    assert again.status_code == 303 and moves(life, ids[0])[-2:] == ["dispatch", "note"]
    events = re.search(r'name="events" value="([\d,]+)"', result)
    assert events is not None
    assert du.post("/undo", data={"events": events[1], "back": "/search"}).status_code == 303
    assert [moves(life, one)[-1] for one in ids[:2]] == ["undo_dispatch", "undo_dispatch"]


def test_many_are_done_by_nobody_who_may_not_and_nothing_ticked_says_so(life: Life, browse: Browse) -> None:
    shared = kept(life, "du2", Step("dispatch", {"unit": CHENGGUAN}), shared=True)
    ticket = life.ticket()
    number, ticket_id = ticket.number, ticket.id
    life.db.commit()
    an, chang = browse(life.staff["an"]), browse(life.staff["chang"])
    said = {
        "sure": "yes",
        "ticket": number,
        "0.unit": life.city.unit_name(CHENGGUAN),
        "next": "https://elsewhere.test/",
    }
    assert "没有权限" in an.post(f"/ready/macros/{shared}/many", data=said).get_data(as_text=True)
    assert moves(life, ticket_id) == ["submit"]
    hidden = chang.post(f"/ready/macros/{shared}/many", data=said)
    assert hidden.status_code == 303 and hidden.location.startswith("/")
    assert an.post("/ready/macros/many", data={}).status_code == 303


def test_the_pages_speak_english(life: Life, browse: Browse) -> None:
    macro_id = kept(life, "du2", Step("note", {"text": "EN"}), shared=True)
    number = life.ticket().number
    life.db.commit()
    du2 = browse(life.staff["du2"])
    du2.post("/language", data={"code": "en", "next": "/"})
    for address in (
        "macros",
        "macros/new",
        f"macros/{macro_id}",
        f"macros/on/{number}",
        f"macros/{macro_id}/on/{number}",
    ):
        assert not still_chinese(du2.get(f"/ready/{address}").get_data(as_text=True), "ready"), address
    for address in ("macros/many", f"macros/{macro_id}/many"):
        assert not still_chinese(du2.post(f"/ready/{address}", data={"ticket": number}).get_data(as_text=True), "ready")


@pytest.mark.parametrize("sure", ["", "yes"])
def test_where_none_of_the_ticked_tickets_can_begin_each_says_why(life: Life, browse: Browse, sure: str) -> None:
    macro_id = kept(life, "du", Step("dispatch", {"unit": CHENGGUAN}))
    ticket = life.to("closed")
    number, ticket_id = ticket.number, ticket.id
    life.db.commit()
    du = browse(life.staff["du"])
    before = moves(life, ticket_id)
    answer = du.post(f"/ready/macros/{macro_id}/many", data={"ticket": number, "sure": sure, "0.unit": "城管局"})
    assert answer.status_code == 200 and number in answer.text and moves(life, ticket_id) == before


def test_a_judging_step_shows_the_reply_and_judges_nothing_else(life: Life, browse: Browse) -> None:
    ticket, number = (
        life.to("to_review"),
        kept(life, "ren", Step("redo", {"reasons": ["R01"], "note": "请写明是否修好"})),
    )
    ren, way = browse(life.staff["ren"]), f"/ready/macros/{number}/on/{ticket.number}"
    page = ren.get(way).get_data(as_text=True)
    assert "路灯线路已于今日更换" in page
    (read,) = re.findall(r'name="wording" value="(\d+)"', page)
    typed = {"0.reasons": "R01", "0.note": "请写明是否修好"}
    for wording in ({}, {"wording": str(int(read) + 1)}):
        assert ren.post(way, data={**typed, **wording}).status_code == 400
    assert ren.post(way, data={**typed, "wording": read}).status_code == 303
    assert moves(life, ticket.id)[-1] == "redo"
