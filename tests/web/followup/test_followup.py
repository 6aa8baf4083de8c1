"""The follow-up desk: dissatisfied citizens first, telephones for whom no text reaches, and nobody keyed as satisfied in silence."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.followup.ask import ask_citizens, remind
from models import Citizen, Staff, Survey, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.statements import statements

Browse = Callable[[Staff], FlaskClient]
SATISFIED = {"solved": "yes", "result": "4"}
UNHAPPY = {"solved": "no", "result": "1", "contacted": "no", "comment": "还是不亮"}


def passed(life: Life, phone: str = "13800001234") -> Ticket:
    """A ticket whose citizen has been asked."""
    ticket = life.ticket(phone=phone)
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(ticket, who, action)
    ask_citizens(life.db, life.city, ticket, life.now, "http://x")
    life.db.commit()
    return ticket


def survey(life: Life, ticket: Ticket) -> Survey:
    life.db.expire_all()
    return life.db.scalars(
        select(Survey).where(Survey.ticket_id == ticket.id, Survey.citizen_id == ticket.citizen_id)
    ).one()


def tab(client: FlaskClient, name: str) -> str:
    return client.get(f"/followup?tab={name}").get_data(as_text=True)


def test_the_desk_opens_on_the_dissatisfied(life: Life, browse: Browse) -> None:
    ticket, calm = passed(life), passed(life, "13800002222")
    life.do(ticket, "citizen", "note_dissatisfied", comment="还是不亮")
    life.db.commit()
    page = browse(life.staff["hui"]).get("/followup").get_data(as_text=True)
    assert ticket.number in page and calm.number not in page and "还是不亮" in page


@pytest.mark.parametrize("name", ["judge", "phone", "waiting", "answered"])
def test_an_empty_tab_says_so(life: Life, browse: Browse, name: str) -> None:
    assert "没有" in tab(browse(life.staff["hui"]), name)


def test_a_landline_is_phoned_because_no_text_reaches_it(life: Life, browse: Browse) -> None:
    ticket = passed(life, "03722525252")
    page = tab(browse(life.staff["hui"]), "phone")
    assert ticket.number in page and "固定电话" in page


def test_who_wants_no_texts_is_phoned(life: Life, browse: Browse) -> None:
    ticket = passed(life)
    life.db.get_one(Citizen, ticket.citizen_id).no_texts = True
    life.db.commit()
    assert "不收短信" in tab(browse(life.staff["hui"]), "phone")


def test_who_kept_silent_after_the_reminder_is_phoned(life: Life, browse: Browse) -> None:
    ticket, client = passed(life), browse(life.staff["hui"])
    assert ticket.number in tab(client, "waiting") and ticket.number not in tab(client, "phone")
    remind(life.db, life.city, ticket, life.now, "http://x")
    life.db.commit()
    assert ticket.number not in tab(client, "waiting") and ticket.number in tab(client, "phone")


def test_every_tab_needs_the_same_statements_for_one_row_and_for_many(
    life: Life, browse: Browse, sqlite_engine: Engine
) -> None:
    client = browse(life.staff["hui"])
    counted: dict[str, set[int]] = {}
    for n in (1, 5):
        for i in range(n):
            unhappy = passed(life, f"1380000{n}{i:03d}")
            life.do(unhappy, "citizen", "note_dissatisfied")
            passed(life, f"0372252{n}{i:03d}")
            passed(life, f"1380001{n}{i:03d}")
        life.db.commit()
        for name in ("judge", "phone", "waiting", "answered"):
            with statements(sqlite_engine) as sent:
                assert client.get(f"/followup?tab={name}").status_code == 200
            counted.setdefault(name, set()).add(len(sent))
    assert all(len(numbers) == 1 for numbers in counted.values()), counted


def test_the_call_screen_shows_question_answer_and_script_but_no_number(life: Life, browse: Browse) -> None:
    ticket = passed(life)
    page = browse(life.staff["hui"]).get(f"/followup/{ticket.number}").get_data(as_text=True)
    assert "晚上看不见路" in page and "现已恢复照明" in page and "请问事情解决了吗" in page
    assert "138****1234" in page and "13800001234" not in page


def test_a_phoned_answer_is_marked_as_keyed_by_staff(life: Life, browse: Browse) -> None:
    ticket, client = passed(life), browse(life.staff["hui"])
    assert client.post(f"/followup/{ticket.number}/answer", data={**SATISFIED, "comment": "修得快"}).status_code == 303
    held = survey(life, ticket)
    assert (held.answered_by, held.keyed_by_id, held.comment) == ("phone", life.staff["hui"].id, "修得快")
    assert ticket.state == "closed" and held.scale
    assert "代录" in tab(client, "answered")


def test_a_dissatisfied_phone_answer_waits_for_the_judgement(life: Life, browse: Browse) -> None:
    ticket, client = passed(life), browse(life.staff["hui"])
    answer = client.post(f"/followup/{ticket.number}/answer", data=UNHAPPY)
    assert answer.location.endswith(f"/followup/{ticket.number}")
    life.db.expire_all()
    assert ticket.state == "to_follow_up" and ticket.dissatisfied
    page = client.get(f"/followup/{ticket.number}").get_data(as_text=True)
    assert "疑似虚假联系" in page and "还是不亮" in page


def test_a_dissatisfied_citizen_who_is_right_gets_a_redo(life: Life, browse: Browse) -> None:
    ticket, client = passed(life), browse(life.staff["hui"])
    client.post(f"/followup/{ticket.number}/answer", data=UNHAPPY)
    refused = client.post(f"/followup/{ticket.number}/redo", data={"reasons": ["R11"]})
    assert refused.status_code == 400
    done = client.post(f"/followup/{ticket.number}/redo", data={"reasons": ["R11"], "note": "灯还是不亮，请重新修"})
    life.db.expire_all()
    assert done.status_code == 303 and (ticket.state, ticket.round) == ("to_sign", 2)


def test_closing_over_a_dissatisfied_answer_needs_a_reason_and_keeps_the_answer(life: Life, browse: Browse) -> None:
    ticket, client = passed(life), browse(life.staff["hui"])
    client.post(f"/followup/{ticket.number}/answer", data=UNHAPPY)
    assert client.post(f"/followup/{ticket.number}/close_judged", data={"reason": ""}).status_code == 400
    client.post(f"/followup/{ticket.number}/close_judged", data={"reason": "已按规定修复，现场核实"})
    held = survey(life, ticket)
    assert ticket.state == "closed" and held.outcome == "dissatisfied" and held.result == 1


def test_nobody_closes_what_no_citizen_answered(life: Life, browse: Browse) -> None:
    ticket = passed(life)
    answer = browse(life.staff["hui"]).post(f"/followup/{ticket.number}/close_judged", data={"reason": "没人接"})
    assert answer.status_code == 400 and "先回访" in answer.get_data(as_text=True)


def test_a_call_that_reached_nobody_is_counted(life: Life, browse: Browse) -> None:
    ticket, client = passed(life, "03722525252"), browse(life.staff["hui"])
    client.post(f"/followup/{ticket.number}/call_attempt", data={"note": "无人接听"})
    assert survey(life, ticket).attempts == 1
    assert "未接通 1 次" in tab(client, "phone")


def test_a_half_filled_answer_comes_back_with_everything_typed(life: Life, browse: Browse) -> None:
    ticket = passed(life)
    answer = browse(life.staff["hui"]).post(
        f"/followup/{ticket.number}/answer", data={"comment": "说了很多很多", "result": "4"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400 and "说了很多很多" in page and "请填写“是否解决”" in page


def test_a_merged_citizen_is_phoned_and_keeps_their_own_answer(life: Life, browse: Browse) -> None:
    master, other = passed_with_merged(life)
    client = browse(life.staff["hui"])
    assert other.number in client.get(f"/followup/{master.number}").get_data(as_text=True)
    client.post(f"/followup/{master.number}/answer", data={**UNHAPPY, "own": other.number})
    life.db.expire_all()
    held = life.db.scalars(select(Survey).where(Survey.citizen_id == other.citizen_id)).one()
    assert (held.answered_by, held.keyed_by_id, held.outcome) == ("phone", life.staff["hui"].id, "dissatisfied")
    assert survey(life, master).answered_at is None and master.dissatisfied and master.state == "to_follow_up"


def passed_with_merged(life: Life) -> tuple[Ticket, Ticket]:
    master = life.ticket(phone="13800001111")
    other = life.ticket(phone="13800002222", words="同一处路灯不亮。")
    life.do(other, "du", "merge", master=master.number)
    for who, action in (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass")):
        life.do(master, who, action)
    ask_citizens(life.db, life.city, master, life.now, "http://x")
    life.db.commit()
    return master, other


def test_the_desk_is_for_follow_up_agents(life: Life, browse: Browse) -> None:
    ticket = passed(life)
    for login in ("an", "he", "ren"):
        assert browse(life.staff[login]).get(f"/followup/{ticket.number}").status_code == 403


def test_every_page_of_the_desk_is_complete_in_english(life: Life, browse: Browse) -> None:
    ticket, client = passed(life), browse(life.staff["hui"])
    client.set_cookie("hotline_language", "en")
    for path in ("/followup", "/followup?tab=waiting", "/followup?tab=answered", f"/followup/{ticket.number}"):
        page = client.get(path).get_data(as_text=True)
        assert still_chinese(page, "followup") == []
