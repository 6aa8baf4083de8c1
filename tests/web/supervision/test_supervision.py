"""The supervision desk: each role its own lists, decisions with reasons, leaders' words, numbers that lead to their tickets."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.tickets import petitions
from hotline.tickets.lists import supervision_lists
from models import Petition, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.statements import statements
from tests.web.supervision.watched import Browse, asked, marked, rows


def tabs(client: FlaskClient) -> list[str]:
    return re.findall(r'class="tab[^"]*" href="/supervision/\?tab=(\w+)"', client.get("/supervision/").text)


@pytest.mark.parametrize(
    ("tab", "facts"),
    [
        ("late", {"due_at": -1}),
        ("soon", {"due_at": 0.5}),
        ("red", {"card": "red"}),
        ("rounds", {"round": 3}),
        ("urged", {"urges": 2}),
        ("dissatisfied", {"dissatisfied": True}),
        ("discipline", {"for_discipline": True}),
        ("media", {"for_media": True}),
    ],
)
def test_each_list_holds_its_tickets_and_no_others(
    life: Life, desk: FlaskClient, tab: str, facts: dict[str, Any]
) -> None:
    moment = {name: life.now + timedelta(hours=hours) for name, hours in facts.items() if name == "due_at"}
    wanted = marked(life, **{"due_at": life.now + timedelta(days=3), **facts, **moment})
    marked(life, due_at=life.now + timedelta(days=3))
    life.clock.forward(minutes=26)
    assert rows(desk, tab) == [wanted.number]


@pytest.mark.parametrize(
    ("login", "there", "missing"),
    [
        ("du2", {"late", "petitions", "discipline", "media", "orders", "instructions", "load"}, set()),
        ("tou", {"late", "petitions", "instructions", "load"}, set()),
        ("shi", {"late", "instructions", "load"}, {"petitions", "discipline", "media"}),
        ("班", {"late", "rounds", "load"}, {"petitions", "discipline", "media", "instructions"}),
        ("ji", {"discipline", "late", "orders", "explanations"}, {"petitions", "media", "load"}),
        ("mei", {"media"}, {"late", "petitions", "discipline", "instructions", "load"}),
    ],
)
def test_everybody_has_the_tabs_that_are_theirs(
    life: Life, browse: Browse, login: str, there: set[str], missing: set[str]
) -> None:
    client = browse(life.staff[login])
    shown = set(tabs(client))
    assert there <= shown and not missing & shown
    for tab in missing:
        assert f'tab={tab}"' not in client.get(f"/supervision/?tab={tab}").text.split('class="tabs"')[1]


@pytest.mark.parametrize("login", ["an", "du", "he", "hejt", "ren", "hui", "chang"])
def test_nobody_else_opens_the_desk(life: Life, browse: Browse, login: str) -> None:
    client = browse(life.staff[login])
    assert client.get("/supervision/").status_code == 403
    assert client.post("/supervision/petitions/1").status_code == 403
    assert client.post("/supervision/instruct").status_code == 403


def test_discipline_and_media_see_their_lists_alone(life: Life, browse: Browse) -> None:
    for_ji = marked(life, for_discipline=True, due_at=life.now - timedelta(hours=1))
    for_mei = marked(life, for_media=True, due_at=life.now - timedelta(hours=1))
    marked(life, due_at=life.now - timedelta(hours=1))
    ji, mei = browse(life.staff["ji"]), browse(life.staff["mei"])
    assert rows(ji, "discipline") == rows(ji, "late") == [for_ji.number]
    assert rows(mei, "media") == [for_mei.number]
    assert for_ji.number not in mei.get("/supervision/?tab=late").text


def test_ended_tickets_are_shown_when_asked_for(life: Life, desk: FlaskClient) -> None:
    closed = life.to("closed")
    closed.for_discipline = True
    life.db.commit()
    assert rows(desk, "discipline") == [] and rows(desk, "discipline", all=1) == [closed.number]


def test_a_sealed_ticket_is_on_no_list_of_those_who_may_not_know_of_it(life: Life, browse: Browse) -> None:
    ticket = marked(life, privacy="sealed", due_at=life.now - timedelta(hours=1), agent_id=None)
    assert rows(browse(life.staff["du2"]), "late") == [ticket.number]
    for login in ("shi", "班"):
        assert rows(browse(life.staff[login]), "late") == []
        assert CHENGGUAN not in browse(life.staff[login]).get("/supervision/?tab=load").text


def test_why_it_was_sent_back_stands_in_the_row(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("to_review")
    life.do(ticket, "ren", "redo", note="没有写哪天修好，电话13812345678")
    ticket.round = 3
    life.db.commit()
    page = desk.get("/supervision/?tab=rounds").text
    assert "没有写哪天修好" in page and "13812345678" not in page


def test_a_petition_is_granted_and_a_no_needs_words(life: Life, desk: FlaskClient) -> None:
    petition = asked(life, "supervision", "hui")
    assert "supervision的理由" in desk.get("/supervision/?tab=petitions").text
    refused = desk.post(f"/supervision/petitions/{petition.id}", data={"verdict": "refuse", "decision": " "})
    assert refused.status_code == 400 and "请写明理由" in refused.text
    assert desk.post(f"/supervision/petitions/{petition.id}", data={"verdict": "grant"}).status_code == 303
    life.db.expire_all()
    assert life.db.get_one(Ticket, petition.ticket_id).supervised


def test_each_decider_sees_the_petitions_that_are_theirs_to_decide(life: Life, browse: Browse) -> None:
    asked(life, "supervision", "hui")
    asked(life, "final_close", "hejt")
    supervisor, head = (browse(life.staff[login]).get("/supervision/?tab=petitions").text for login in ("du2", "tou"))
    assert "supervision的理由" in supervisor and "final_close的理由" not in supervisor
    assert "final_close的理由" in head and "supervision的理由" not in head


def test_who_may_not_decide_cannot_by_address_either(life: Life, browse: Browse) -> None:
    petition = asked(life, "final_close", "hejt")
    for login in ("du2", "shi", "班", "ji", "mei"):
        answer = browse(life.staff[login]).post(f"/supervision/petitions/{petition.id}", data={"verdict": "grant"})
        assert answer.status_code in (403, 404), login
    life.db.expire_all()
    assert life.db.get_one(Petition, petition.id).state == "asked"


def test_a_decision_already_made_says_so(life: Life, desk: FlaskClient) -> None:
    petition = asked(life, "supervision", "hui")
    petitions.decide(life.db, life.city, petition.id, True, life.people["du2"], life.now, None)
    life.db.commit()
    answer = desk.post(f"/supervision/petitions/{petition.id}", data={"verdict": "refuse", "decision": "不必"})
    assert answer.status_code == 409 and "已经有了决定" in answer.text


def test_a_leaders_words_are_written_and_listed(life: Life, browse: Browse, desk: FlaskClient) -> None:
    ticket = marked(life)
    leader = browse(life.staff["shi"])
    assert (
        leader.post("/supervision/instruct", data={"number": ticket.number, "text": "请三日内办结"}).status_code == 303
    )
    assert (
        life.db.scalars(select(TicketEvent.data).where(TicketEvent.action == "instruct")).one()["text"]
        == "请三日内办结"
    )
    life.db.commit()
    page = desk.get("/supervision/?tab=instructions").text
    assert "请三日内办结" in page and "写批示" not in page


def test_a_wrong_number_or_no_words_keep_what_was_typed(life: Life, browse: Browse) -> None:
    ticket = marked(life)
    leader = browse(life.staff["tou"])
    wrong = leader.post("/supervision/instruct", data={"number": "999", "text": "请抓紧"})
    assert wrong.status_code == 400 and "请抓紧" in wrong.text and "没有工单 999" in wrong.text
    empty = leader.post("/supervision/instruct", data={"number": ticket.number, "text": " "})
    assert empty.status_code == 400 and ticket.number in empty.text


def test_a_supervisor_writes_no_instructions(life: Life, desk: FlaskClient) -> None:
    ticket = marked(life)
    assert desk.post("/supervision/instruct", data={"number": ticket.number, "text": "请办"}).status_code == 403


def test_the_units_numbers_lead_to_exactly_their_tickets(life: Life, desk: FlaskClient) -> None:
    marked(life, due_at=life.now - timedelta(hours=1), card="red")
    marked(life, due_at=life.now + timedelta(minutes=30), round=2)
    marked(life, due_at=life.now + timedelta(days=4))
    life.clock.forward(minutes=26)
    (load,) = supervision_lists.loads(life.db, life.people["du2"], life.now)
    assert (load.unit, load.open, load.overdue, load.soon, load.redo, load.red) == (CHENGGUAN, 3, 1, 1, 1, 1)
    life.db.commit()
    cells = re.findall(r'num">\s*<a href="(/search/[^"]+)"[^>]*>(\d+)</a>', desk.get("/supervision/?tab=load").text)
    assert len(cells) == 5
    for address, number in cells:
        assert len(re.findall(r'id="row-', desk.get(address.replace("&amp;", "&")).text)) == int(number), address


@pytest.mark.parametrize("tab", ["late", "soon", "rounds", "petitions", "orders", "instructions", "load"])
def test_the_desk_asks_the_database_as_often_for_one_ticket_as_for_many(
    life: Life, installation: Installation, desk: FlaskClient, tab: str
) -> None:
    def some(n: int) -> None:
        for _n in range(n):
            ticket = life.to("handling")
            life.due(ticket, life.now - timedelta(hours=1))
            ticket.round, ticket.urges = 3, 3
            life.do(ticket, "shi", "instruct")
            petitions.ask(life.db, life.city, ticket, "supervision", life.people["hui"], life.now, {"reason": "久拖"})
        life.db.commit()

    some(1)
    desk.get(f"/supervision/?tab={tab}")
    with statements(installation.engine) as few:
        desk.get(f"/supervision/?tab={tab}")
    some(7)
    with statements(installation.engine) as sent:
        assert desk.get(f"/supervision/?tab={tab}").status_code == 200
    assert len(sent) <= len(few), "\n".join(sent)
    assert len(sent) < 24, "the telephone above the lists asks for itself"


def test_every_list_sorts_both_ways_and_turns_pages_without_losing_any(life: Life, desk: FlaskClient) -> None:
    made = []
    for n in range(52):
        life.clock.at += timedelta(seconds=20)
        ticket = marked(life, due_at=life.now - timedelta(hours=n + 1))
        life.do(ticket, "shi", "instruct")
        petitions.ask(life.db, life.city, ticket, "supervision", life.people["hui"], life.now, {"reason": "久拖"})
        made.append(ticket.number)
    life.db.commit()
    for tab, rising, expected in (
        ("late", "created", made),
        ("late", "due", made[::-1]),
        ("petitions", "asked", made),
        ("instructions", "written", made),
    ):
        assert leafed(desk, tab, rising) == expected, (tab, rising)
        assert leafed(desk, tab, f"-{rising}") == expected[::-1], (tab, rising)


def leafed(desk: FlaskClient, tab: str, order: str) -> list[str]:
    """The numbers of all the pages of a list in this order, as its own links to the next page lead."""
    address, seen = f"/supervision/?tab={tab}&sort={order}", list[str]()
    while address:
        text = desk.get(address).text
        seen += re.findall(r'class="num ticket-number">(\d+)<', text.split('id="watch"')[1])
        following = re.search(r'rel="next"[^>]*href="([^"]+)"', text)
        address = following.group(1).replace("&amp;", "&") if following else ""
    return seen


def test_a_head_of_a_list_sorts_by_its_column_and_back(life: Life, desk: FlaskClient) -> None:
    marked(life, due_at=life.now - timedelta(hours=1))
    text = desk.get("/supervision/?tab=late&sort=due&after=x").text
    assert 'aria-sort="ascending"' in text
    assert re.search(r'class="sort is-sorted" href="/supervision/\?tab=late&amp;sort=-due"', text)
    assert re.search(r'class="sort" href="/supervision/\?tab=late&amp;sort=created"', text)


def test_the_units_are_sorted_by_any_of_their_numbers(life: Life, desk: FlaskClient) -> None:
    for unit, n in (("chengguan", 3), ("education", 1), ("housing", 2)):
        for _n in range(n):
            marked(life, unit_code=unit, due_at=life.now + timedelta(days=9), round=2 if unit == "education" else 1)
    names = {unit: life.city.unit_name(unit) for unit in ("chengguan", "education", "housing")}

    def order(sort: str) -> list[str]:
        text = desk.get(f"/supervision/?tab=load&sort={sort}").text
        return sorted(names, key=lambda unit: text.index(f">{names[unit]}</a>"))

    assert order("-open") == ["chengguan", "housing", "education"] == order("open")[::-1]
    assert order("-redo")[0] == "education"


def test_empty_lists_say_so(life: Life, desk: FlaskClient) -> None:
    for tab, sentence in (
        ("late", "没有超期的工单"),
        ("petitions", "没有等您决定的申请"),
        ("instructions", "没有未办结的领导批示"),
        ("load", "各单位都没有在办的工单"),
    ):
        assert sentence in desk.get(f"/supervision/?tab={tab}").text


@pytest.mark.parametrize(
    "query",
    [
        "tab=nothing",
        "after=x",
        "tab=petitions&after=x",
        "tab=instructions&before=x",
        "tab=instructions&before=99999999999999",
        "tab=load&start=-5",
        "tab=load&start=x&sort=unit",
        "tab=late&sort=text",
    ],
)
def test_a_broken_address_is_no_error(life: Life, desk: FlaskClient, query: str) -> None:
    assert desk.get(f"/supervision/?{query}").status_code == 200


def test_the_desk_speaks_english_too(life: Life, desk: FlaskClient) -> None:
    marked(life, due_at=life.now - timedelta(hours=1))
    desk.set_cookie("hotline_language", "en")
    page = desk.get("/supervision/").text
    assert "Supervision" in page and "已超期" not in page and "承办单位" not in page


def test_what_waits_is_a_list_with_who_stopped_the_clock_and_why(life: Life, desk: FlaskClient) -> None:
    longer = life.to("waiting")
    asking = life.to("handling")
    life.to("handling")
    for held in (longer, asking):
        life.do(held, "he", "contact")
    life.do(asking, "he", "ask_more")
    life.db.commit()
    assert rows(desk, "paused") == [longer.number, asking.number]
    page = desk.get("/supervision/?tab=paused").text
    assert f"跟进到 {longer.wait_until:%Y-%m-%d}：配件六日后到货" in page and "在哪一段路？" in page


def test_the_head_of_a_ticket_names_its_clock_and_waits_for_whom_it_asked(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("handling")
    life.do(ticket, "he", "contact")
    life.do(ticket, "he", "ask_more")
    life.db.commit()
    head = desk.get(f"/tickets/{ticket.number}").text.split("</h1>")[1].split("</header>")[0]
    assert "等待：市民<" in head and "等待：承办单位" not in head
    assert '<span class="due-name">跟进</span>' in head
