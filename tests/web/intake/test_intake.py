"""The agent's desk: a call becomes one ticket, an urge, an answer or a transfer, and nothing typed is ever lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from hotline.installation import Installation
from models import Call, Reply, Ticket, TicketEvent
from tests.support.desks.citizens_codes import code_of
from tests.support.life import WORDS, Life
from tests.support.statements import statements
from tests.web.intake.desk import PHONE, Browse, ring, sent, tickets


def test_one_submit_makes_one_ticket_and_says_what_to_read_out(agent: FlaskClient, installation: Installation) -> None:
    answer = agent.post("/desk", data=sent(category="", name="王女士"))
    assert answer.status_code == 303
    (ticket,) = tickets(installation)
    assert (ticket.state, ticket.contact_phone, ticket.contact_name) == ("to_dispatch", PHONE, "王女士")
    page = agent.get(answer.headers["Location"]).text
    assert ticket.number in page and code_of(ticket, installation) in page and "138****1234" in page
    assert PHONE not in page


def test_the_recognised_urgency_needs_no_key_and_another_choice_one(
    agent: FlaskClient, installation: Installation
) -> None:
    """To take the urgency that the program proposed itself, the hand had to leave the keyboard. Found at the desks: D1, D7."""
    field = re.search(r'<select[^>]*id="f-urgency".*?</select>', agent.get("/desk").text, re.S)
    assert field and 'data-key="alt+e"' in field[0] and re.search(r'<option value="">\s*按内容判断', field[0])
    agent.post("/desk", data=sent(body="有人站在中华路大桥栏杆外面要往下跳，快来人", category="", urgency=""))
    (ticket,) = tickets(installation)
    assert (ticket.urgency, ticket.urgency_by) == ("critical", "words")


def test_a_double_click_makes_one_ticket(agent: FlaskClient, installation: Installation) -> None:
    first, second = (agent.post("/desk", data=sent()) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(tickets(installation)) == 1


def test_a_refused_form_keeps_every_word(agent: FlaskClient, installation: Installation) -> None:
    answer = agent.post(
        "/desk", data=sent(phone="138abc", category="不存在的类别", title="标题", answer="答复", place="东工路")
    )
    assert answer.status_code == 400
    for word in ("138abc", "不存在的类别", "标题", "答复", "东工路", WORDS):
        assert word in answer.text
    assert tickets(installation) == []


def test_an_empty_form_is_refused_with_the_field_named(agent: FlaskClient) -> None:
    answer = agent.post("/desk", data={"channel": "hotline"})
    assert answer.status_code == 400 and "请写下诉求内容" in answer.text


@pytest.mark.parametrize("words", ["code", "name", "field"])
def test_a_category_is_found_by_code_or_name(
    words: str, agent: FlaskClient, installation: Installation, city: Any
) -> None:
    category = next(
        c
        for c in city.categories.values()
        if c.level > 1 and sum(d.name == c.name for d in city.categories.values()) == 1
    )
    typed = {"code": category.code, "name": category.name, "field": f"{category.code} {category.name}"}[words]
    agent.post("/desk", data=sent(category=typed))
    assert tickets(installation)[0].category_code == category.code


def test_an_ambiguous_category_is_asked_back_with_its_candidates(agent: FlaskClient) -> None:
    """Found at the desks: W9."""
    answer = agent.post("/desk", data=sent(category="与"))
    assert answer.status_code == 400 and "请选一个" in answer.text


def test_an_answer_at_once_closes_the_ticket(agent: FlaskClient, installation: Installation) -> None:
    agent.post("/desk", data=sent(then="answer", answer="路灯今晚修好。"))
    (ticket,) = tickets(installation)
    assert (ticket.state, ticket.close_kind) == ("closed", "direct")
    with installation.readings() as db:
        assert db.scalars(select(Reply.public_answer)).all() == ["路灯今晚修好。"]


@pytest.mark.parametrize("words", ["", "请联系王某 13912345678"])
def test_an_answer_that_is_empty_or_names_a_number_leaves_nothing_half_done(
    words: str, agent: FlaskClient, installation: Installation
) -> None:
    answer = agent.post("/desk", data=sent(then="answer", answer=words))
    assert answer.status_code == 400 and WORDS in answer.text and 'id="f-answer-error"' in answer.text
    assert tickets(installation) == []


def test_a_draft_is_kept_listed_gone_on_with_and_submitted_under_its_number(
    agent: FlaskClient, installation: Installation
) -> None:
    agent.post("/desk", data=sent(then="draft"))
    (draft,) = tickets(installation)
    assert draft.state == "draft"
    assert draft.number in agent.get("/desk").text
    form = agent.get(f"/desk?draft={draft.number}").text
    assert WORDS in form and "138****1234" in form and PHONE not in form
    agent.post(
        "/desk", data=sent(draft=draft.number, phone="138****1234", body=WORDS + "补充：在邮局门口。", once="m" * 32)
    )
    (ticket,) = tickets(installation)
    assert (ticket.number, ticket.state, ticket.contact_phone) == (draft.number, "to_dispatch", PHONE)
    with installation.readings() as db:
        assert "邮局门口" in db.get_one(Ticket, ticket.id).text.body


def test_a_draft_of_a_colleague_cannot_be_taken_over(
    agent: FlaskClient, life: Life, browse: Browse, installation: Installation
) -> None:
    agent.post("/desk", data=sent(then="draft"))
    (draft,) = tickets(installation)
    other = browse(life.staff["班"])
    assert WORDS not in other.get(f"/desk?draft={draft.number}").text
    assert other.post(f"/desk/drafts/{draft.number}/void").status_code == 404


def test_a_draft_may_be_given_up(agent: FlaskClient, installation: Installation) -> None:
    agent.post("/desk", data=sent(then="draft"))
    agent.post(f"/desk/drafts/{tickets(installation)[0].number}/void")
    assert tickets(installation)[0].state == "void"


def test_one_call_may_hold_several_matters(agent: FlaskClient, life: Life, installation: Installation) -> None:
    call = ring(life)
    agent.post(f"/desk/calls/{call.id}/answer")
    answer = agent.post("/desk", data=sent(call=call.id, phone="138****1234", then="another"))
    page = agent.get(answer.headers["Location"]).text
    again = re.search(r'name="again" value="(\d+)"', page)
    assert again and "138****1234" in page
    agent.post(
        "/desk",
        data=sent(
            again=again[1], call=call.id, phone="138****1234", body="另外小区门口的垃圾没有人清运。", once="n" * 32
        ),
    )
    first, second = tickets(installation)
    assert first.contact_phone == second.contact_phone == PHONE and second.call_id == call.id


def test_one_more_matter_stands_for_the_name_without_showing_it(agent: FlaskClient, installation: Installation) -> None:
    """V22: the ticket's own page stars it; the form sends it on whatever language it is shown in."""
    agent.post("/desk", data=sent(name="端木春晖"))
    (first,) = tickets(installation)
    page = agent.get(f"/desk?again={first.number}").text
    assert "端木春晖" not in page and 'value="端某"' in page
    for nth, shown in enumerate(("端某", "端.", "端木春辉")):
        agent.post("/desk", data=sent(again=first.number, name=shown, body=f"{WORDS}{nth}", once=str(nth) * 32))
    assert [one.contact_name for one in tickets(installation)[1:]] == ["端木春晖", "端木春晖", "端木春辉"]


def test_one_click_urges_the_callers_ticket_and_a_double_click_urges_once(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    ticket = life.ticket()
    life.db.commit()
    for _ in range(2):
        answer = agent.post(f"/desk/urge/{ticket.number}", data=sent())
        assert answer.status_code == 303
    assert [t.urges for t in tickets(installation)] == [1]


def test_adding_needs_words_and_then_joins_the_story(agent: FlaskClient, life: Life) -> None:
    ticket = life.ticket()
    life.db.commit()
    assert agent.post(f"/desk/add/{ticket.number}", data=sent(body="")).status_code == 400
    done = agent.post(f"/desk/add/{ticket.number}", data=sent(body="就在邮局门口。"))
    assert done.status_code == 303 and "did=add" in done.headers["Location"]


def test_a_merged_caller_urges_and_adds_where_the_matter_is_handled(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    own = life.to("merged")
    life.db.commit()
    assert f"/desk/urge/{own.number}" in agent.post("/desk/beside", data=sent(body=WORDS)).text
    for action in ("urge", "add"):
        done = agent.post(f"/desk/{action}/{own.number}", data=sent(body="就在邮局门口。", once=action * 8))
        assert f"done={own.number}" in done.headers["Location"]
    assert [t.urges for t in tickets(installation) if t.id in (own.id, own.merged_into_id)] == [0, 1]
    with installation.readings() as db:
        said = db.execute(
            select(TicketEvent.ticket_id, TicketEvent.data["text"].as_string()).where(
                TicketEvent.action.in_(("urge", "add"))
            )
        ).all()
    assert said == [(own.merged_into_id, f"{own.number}：就在邮局门口。")] * 2


def test_beside_the_form_stand_history_proposal_and_hints_without_writing(
    agent: FlaskClient, life: Life, sqlite_engine: Engine, city: Any
) -> None:
    ticket = life.ticket()
    life.db.commit()
    route = next(r for r in city.routes.values() if r.words)
    agent.post("/desk/beside", data=sent())  # from here on the number is in the book
    with statements(sqlite_engine) as asked:
        text = agent.post("/desk/beside", data=sent(body=WORDS + route.words[0])).text
    assert ticket.number in text and "催办" in text and route.name in text
    assert not [one for one in asked if "IMMEDIATE" in one or one.startswith(("INSERT", "UPDATE"))]


def test_where_only_the_district_is_open_the_desk_asks_for_it_and_one_choice_names_the_unit(
    agent: FlaskClient, city: Any
) -> None:
    asked = agent.post("/desk/beside", data=sent(body="路灯不亮了好几天", category="0204")).text
    assert "请问在哪个区县" in asked and "拿不准" not in asked
    assert all(f'data-fill="#f-area" data-value="{area}"' in asked for area in city.areas)
    chosen = agent.post("/desk/beside", data=sent(body="路灯不亮了好几天", category="0204", area="wenfeng")).text
    assert "请问在哪个区县" not in chosen and "看在哪个区县" not in chosen and "拿不准" not in chosen


def test_an_english_message_is_proposed_with_its_words_and_a_warning(agent: FlaskClient) -> None:
    text = agent.post(
        "/desk/beside", data=sent(body="The street lamp at the crossing has been out for three days")
    ).text
    assert re.search(r"<b>路灯</b>", text) and "请问在哪个区县" in text


def test_a_foreign_message_nobody_knows_says_what_helps(agent: FlaskClient) -> None:
    text = agent.post("/desk/beside", data=sent(body="Bonjour, pouvez-vous venir demain ?")).text
    assert "用中文补写一句" in text and "ranked-one" not in text
    assert "用中文补写一句" not in agent.post("/desk/beside", data=sent(body="今天的风真不小啊，KTV")).text


def test_another_callers_same_matter_is_shown_with_its_reason(agent: FlaskClient, life: Life) -> None:
    ticket = life.ticket(phone="13900005678", category="0301")
    life.db.commit()
    text = agent.post("/desk/beside", data=sent(phone="", category="0301")).text
    assert ticket.number in text and "内容几乎相同" in text


def test_a_transfer_marks_the_call_and_keeps_a_small_ticket(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    call = ring(life)
    agent.post(f"/desk/calls/{call.id}/answer")
    agent.post("/desk/transfer", data=sent(call=call.id, to="119", phone="138****1234", body="楼上着火了"))
    (ticket,) = tickets(installation)
    with installation.readings() as db:
        kept = db.get_one(Call, call.id)
        assert (kept.state, kept.transferred_to, kept.ticket_id) == ("transferred", "119", ticket.id)
    assert ticket.state == "transferred"


def test_a_transfer_without_words_only_marks_the_call(
    agent: FlaskClient, life: Life, installation: Installation
) -> None:
    call = ring(life)
    agent.post(f"/desk/calls/{call.id}/answer")
    assert agent.post("/desk/transfer", data={"call": call.id, "to": "110"}).status_code == 303
    assert tickets(installation) == []


@pytest.mark.parametrize("to", ["95533", "", "jijian"])
def test_nobody_is_put_through_to_any_other_number(to: str, agent: FlaskClient) -> None:
    assert agent.post("/desk/transfer", data=sent(to=to)).status_code == 400


@pytest.mark.parametrize("login", ["du", "he", "ren"])
def test_others_do_not_sit_at_this_desk(login: str, life: Life, browse: Browse) -> None:
    assert browse(life.staff[login]).get("/desk").status_code == 403


def test_the_page_asks_as_often_with_many_tickets_as_with_few(
    agent: FlaskClient, life: Life, sqlite_engine: Engine
) -> None:
    agent.get("/desk")  # that she is at her desk is written once
    counted = []
    for n in (1, 12):
        for _ in range(n):
            life.ticket()
        life.db.commit()
        with statements(sqlite_engine) as asked:
            assert agent.get("/desk").status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_midnight_of_the_city_begins_the_agents_day(agent: FlaskClient, life: Life, clock: Any) -> None:
    old = life.ticket()
    life.db.commit()
    clock.forward(hours=15)
    assert old.number not in agent.get("/desk").text


def test_a_copy_that_comes_after_its_form_was_done_is_no_draft(agent: FlaskClient, installation: Installation) -> None:
    """A slow line brought the autosaved words after the form itself, and the next page offered them as unsent."""
    typed = {"version": 0, "data": {"body": WORDS}, "once": "k1"}
    assert agent.put("/drafts/desk", json=typed).status_code == 200
    agent.post("/desk", data=sent(once="k1"))
    assert agent.put("/drafts/desk", json=typed).status_code == 410
    assert agent.get("/drafts/desk").get_json()["version"] == 0
    assert agent.put("/drafts/desk", json={**typed, "once": "k2"}).status_code == 200
    assert len(tickets(installation)) == 1


def test_words_left_in_another_form_are_shown_with_the_way_back(agent: FlaskClient, life: Life) -> None:
    call = ring(life)
    agent.post(f"/desk/calls/{call.id}/answer")
    agent.put("/drafts/desk:call:1", json={"version": 0, "data": {"body": "路口井盖响，请打13912345678"}})
    agent.put("/drafts/desk:call:99", json={"version": 0, "data": {"body": "  "}})
    page = agent.get("/desk?blank=1").text
    assert "还没有提交的登记" in page and "/desk?call=1#go-on" in page
    assert "路口井盖响" in page and "13912345678" not in page and "call=99" not in page
    assert "还没有提交的登记" not in agent.get(f"/desk?call={call.id}").text, "its own form offers its own words"
