"""One deed for many tickets is many small deeds, each with its own answer."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from models import Petition, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.pages import seen_in
from tests.web.search.found import Browse, made


def many(client: FlaskClient, deed: str, tickets: list[Ticket], **form: Any) -> Any:
    seen = {f"seen-{one.number}": one.move_count for one in tickets}
    return client.post(
        "/search/bulk", data={"deed": deed, "sure": "yes", "ticket": [one.number for one in tickets], **seen, **form}
    )


def test_a_note_for_many_is_looked_over_first_and_written_on_each(life: Life, desk: FlaskClient) -> None:
    tickets = made(life, "路灯坏了。", "井盖坏了。")
    look = desk.post("/search/bulk", data={"deed": "note", "ticket": [one.number for one in tickets]})
    assert (
        look.status_code == 200 and life.db.scalar(select(TicketEvent.id).where(TicketEvent.action == "note")) is None
    )
    life.db.commit()
    done = many(desk, "note", tickets, text="同一片区")
    assert "2 张全部办好" in done.text
    assert len(life.db.scalars(select(TicketEvent).where(TicketEvent.action == "note")).all()) == 2


def test_refused_ones_are_listed_with_their_sentence_and_the_others_are_done(life: Life, desk: FlaskClient) -> None:
    waiting, moved, gone = life.to("to_dispatch"), life.to("to_dispatch"), life.to("handling")
    life.db.commit()
    picked = [waiting, moved, gone]
    look = desk.post("/search/bulk", data={"deed": "dispatch", "ticket": [one.number for one in picked]})
    turns = seen_in(look.text)
    life.do(moved, "du", "mark_hard")
    life.db.commit()
    done = desk.post(
        "/search/bulk",
        data={"deed": "dispatch", "sure": "yes", "unit": "市城市管理局", "ticket": [o.number for o in picked], **turns},
    )
    assert "1 张已办，2 张没有办" in done.text and "疑难会商" in done.text
    life.db.expire_all()
    assert [life.db.get_one(Ticket, one.id).state for one in picked] == ["to_sign", "in_dispute", "handling"]


def test_a_correction_changes_what_differs_and_refuses_where_nothing_does(life: Life, desk: FlaskClient) -> None:
    one, two = made(life, "路灯坏了。", "井盖坏了。")
    two.urgency = "urgent"
    life.db.commit()
    done = many(desk, "correct", [one, two], urgency="urgent")
    assert "1 张已办，1 张没有办" in done.text and "没有需要更正的" in done.text
    life.db.expire_all()
    assert life.db.get_one(Ticket, one.id).urgency == "urgent"


def test_supervision_is_asked_for_many_and_not_twice(life: Life, desk: FlaskClient) -> None:
    one, two = life.to("handling"), life.to("handling")
    life.db.commit()
    many(desk, "supervision", [one], reason="久拖不决")
    again = many(desk, "supervision", [one, two], reason="久拖不决")
    assert "1 张已办，1 张没有办" in again.text
    assert len(life.db.scalars(select(Petition)).all()) == 2


def test_an_incomplete_form_touches_no_ticket(life: Life, desk: FlaskClient) -> None:
    tickets = made(life, "路灯坏了。")
    assert many(desk, "note", tickets, text=" ").status_code == 400
    assert "至少选择一项" in many(desk, "correct", tickets).text
    assert many(desk, "dispatch", tickets, unit="没有这个单位").status_code == 400
    assert life.db.scalar(select(TicketEvent.id).where(TicketEvent.action.in_(["note", "correct", "dispatch"]))) is None


def test_nobody_does_to_many_what_they_may_not_do_to_one(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    life.db.commit()
    assert many(browse(life.staff["he"]), "dispatch", [ticket], unit=CHENGGUAN).status_code == 403
    assert many(browse(life.staff["an"]), "instruct", [ticket], text="请办").status_code == 403
    assert many(browse(life.staff["chang"]), "note", [ticket], text="看看").status_code == 303
    assert life.db.scalar(select(TicketEvent.id).where(TicketEvent.action.in_(["note", "instruct"]))) is None


def test_the_same_form_sent_twice_is_done_once(life: Life, desk: FlaskClient) -> None:
    tickets = made(life, "路灯坏了。")
    for _time in range(2):
        many(desk, "note", tickets, text="一次", once="abc")
    assert len(life.db.scalars(select(TicketEvent).where(TicketEvent.action == "note")).all()) == 1
