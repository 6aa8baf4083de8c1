"""The supervision desk: each role its own lists, decisions with reasons, leaders' words, numbers that lead to their tickets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.tickets import petitions
from hotline.tickets.deadlines import running
from hotline.tickets.lists import supervision_lists
from models import Directive, HotSpot, HotTicket, Petition, Ticket, TicketEvent
from tests.support.life import Life
from tests.support.make import CHENGGUAN
from tests.support.statements import statements

Browse = Callable[..., FlaskClient]


@pytest.fixture
def desk(life: Life, browse: Browse) -> FlaskClient:
    """du2, the supervisor."""
    return browse(life.staff["du2"])


def rows(client: FlaskClient, tab: str, **more: Any) -> list[str]:
    return re.findall(r'id="row-(\d+)"', client.get("/supervision/", query_string={"tab": tab, **more}).text)


def tabs(client: FlaskClient) -> list[str]:
    return re.findall(r'class="tab[^"]*" href="/supervision/\?tab=(\w+)"', client.get("/supervision/").text)


def marked(life: Life, **facts: Any) -> Ticket:
    """A ticket that is being handled, with these columns set."""
    ticket = life.to("handling")
    if "due_at" in facts:
        life.due(ticket, facts.pop("due_at"))
    for name, value in facts.items():
        setattr(ticket, name, value)
    life.db.commit()
    return ticket


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


def asked(life: Life, kind: str, login: str, state: str = "handling") -> Petition:
    found = petitions.ask(
        life.db, life.city, life.to(state), kind, life.people[login], life.now, {"reason": f"{kind}的理由"}
    )
    life.db.commit()
    return found


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
    assert len(sent) < 20


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


# --- acting from the list ------------------------------------------------------------------------------------------------


def test_each_row_names_the_clock_that_brought_it_there_and_what_is_left(life: Life, desk: FlaskClient) -> None:
    """Late with the first contact is not late with the matter, and the row says so. Found at the desks: U14."""
    ticket = life.to("handling")
    contact = next(held for held in running(life.db, ticket.id) if held.clock == "contact")
    contact.due_at = life.now - timedelta(hours=2)
    life.db.commit()
    page = desk.get("/supervision/?tab=late").text
    row = re.sub(r"<[^>]+>", " ", page.split(f'id="row-{ticket.number}"')[1].split("</tr>")[0])
    assert re.search(r"先行联系\s+超期 2 小时", row) and "办结" not in row.split("催办单位")[0].split("办理中")[1]
    assert rows(desk, "late", clock="contact") == [ticket.number] and rows(desk, "late", clock="reply") == []


def test_a_fresh_clock_of_a_day_is_not_nearly_due(life: Life, desk: FlaskClient) -> None:
    """Each of these has a clock of 24 hours or less; none has used four fifths of it. Found at the desks: U13."""
    for state in ("to_dispatch", "to_sign", "handling", "to_review"):
        life.to(state)
    life.db.commit()
    assert rows(desk, "soon") == []


def test_a_clock_that_stands_in_a_pause_is_neither_late_nor_nearly_due(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("waiting")
    held = next(one for one in running(life.db, ticket.id) if one.clock == "reply")
    held.due_at = held.soon_at = life.now - timedelta(hours=1)
    life.db.commit()
    assert rows(desk, "late", clock="reply") == [] == rows(desk, "soon", clock="reply")


def test_an_overdue_ticket_is_urged_with_one_button_and_one_yes(life: Life, desk: FlaskClient) -> None:
    """The form that the row's button opens is whole as it stands: words by the clock that is late, and a day."""
    ticket = marked(life, due_at=life.now - timedelta(hours=1))
    assert f'value="urge_unit:{ticket.number}"' in desk.get("/supervision/").text
    form = desk.post("/search/bulk", data={"act": f"urge_unit:{ticket.number}", "next": "/supervision/?tab=late"}).text
    words, until = ready(form)
    assert "办理时限已到" in words["text.reply"] and until > life.now.strftime("%Y-%m-%d")
    sent = {**words, "until": until, "ticket": ticket.number, "deed": "urge_unit", "sure": "yes"}
    answer = desk.post("/search/bulk", data={**sent, "next": "/supervision/?tab=late"})
    assert answer.status_code == 303 and answer.headers["Location"] == "/supervision/?tab=late"
    urge = life.db.scalars(select(Directive)).one()
    assert (urge.kind, urge.asked) == ("urge", words["text.reply"])


def test_many_are_urged_at_once_each_with_the_words_for_its_own_clock(life: Life, desk: FlaskClient) -> None:
    late, waiting = marked(life, due_at=life.now - timedelta(hours=1)), life.ticket()
    life.db.commit()
    numbers = [late.number, waiting.number]
    words, until = ready(desk.post("/search/bulk", data={"deed": "urge_unit", "ticket": numbers}).text)
    assert set(words) == {"text.reply", "text.dispatch"}
    words["text.dispatch"] = "请现在派单"
    page = desk.post(
        "/search/bulk", data={**words, "until": until, "ticket": numbers, "deed": "urge_unit", "sure": "yes"}
    )
    assert "2 张全部办好" in page.text
    asked = {one.ticket_id: one.asked for one in life.db.scalars(select(Directive))}
    assert asked == {late.id: words["text.reply"], waiting.id: "请现在派单"}


@pytest.mark.parametrize(
    ("login", "tab", "deeds"),
    [
        ("du2", "late", {"urge_unit", "supervise"}),
        ("tou", "late", {"urge_unit", "instruct"}),
        ("shi", "late", {"instruct"}),
        ("ji", "discipline", {"ask_explanation"}),
        ("班", "late", set()),
        ("mei", "media", set()),
    ],
)
def test_everybody_who_watches_has_the_acts_that_are_theirs(
    life: Life, browse: Browse, login: str, tab: str, deeds: set[str]
) -> None:
    ticket = marked(life, due_at=life.now - timedelta(hours=1), for_discipline=True, for_media=True)
    page = browse(life.staff[login]).get(f"/supervision/?tab={tab}").text
    assert set(re.findall(rf'name="act" value="(\w+):{ticket.number}"', page)) == deeds


ELSEWHERE = ("/search?state=handling", "/overview/open?state=handling", "/overview/tickets?metric=sign_24h&part=of")


@pytest.mark.parametrize("path", [*ELSEWHERE, "/hot/{spot}"])
@pytest.mark.parametrize(
    ("login", "deeds"),
    [
        ("du2", {"urge_unit": "1", "supervise": "2"}),
        ("tou", {"urge_unit": "1", "instruct": "2"}),
        ("shi", {"instruct": "1"}),
        ("班", {}),
    ],
)
def test_every_list_of_tickets_has_the_same_acts_under_the_same_digits(
    life: Life, browse: Browse, login: str, deeds: dict[str, str], path: str
) -> None:
    """Only the lists of supervision could act; the tickets behind a figure, a search and a hot spot could not."""
    ticket = marked(life)
    life.clock.forward(days=2)
    page = browse(life.staff[login]).get(path.format(spot=_hot(life, ticket))).text
    assert f'id="row-{ticket.number}"' in page
    found = re.findall(rf'name="act" value="(\w+):{ticket.number}"\s+data-key="(\d)"', page)
    assert dict(found) == deeds and len(found) == len(deeds)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_is_demanded_from_another_list_is_ready_and_leads_back_to_it(
    life: Life, browse: Browse, path: str
) -> None:
    ticket = marked(life)
    life.clock.forward(days=2)
    desk = browse(life.staff["du2"])
    page = desk.get(path).text
    back = re.findall(r'<input type="hidden" name="next" value="([^"]+)">', page)
    given = {"next": unescape(back[0])} if back else {"state": "handling"}
    form = desk.post("/search/bulk", data={**given, "act": f"supervise:{ticket.number}"}).text
    words, until = ready(form)
    sent = {**given, "deed": "supervise", "ticket": ticket.number, "sure": "yes", **words, "until": until}
    answer = desk.post("/search/bulk", data=sent)
    assert answer.status_code == 303
    assert answer.location.partition("?")[0].rstrip("/") == path.partition("?")[0]
    assert path.partition("?")[2].partition("&")[0] in answer.location, "with what it was asked for"
    assert life.db.scalars(select(Directive.asked)).all() == [words["text"]]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_row_that_was_urged_says_so_in_every_list(life: Life, browse: Browse, path: str) -> None:
    """A row of the overview that had just been urged looked like any other."""
    ticket = marked(life)
    life.clock.forward(days=2)
    desk, address = browse(life.staff["du2"]), path.format(spot=_hot(life, ticket))

    def chips() -> str:
        page = desk.get(address).text
        return page.partition(f'id="row-{ticket.number}"')[2].partition("</tr>")[0]

    assert "已催办" not in chips()
    life.do(ticket, "du2", "urge_unit")
    life.db.commit()
    assert "已催办" in chips()


def test_a_row_offers_only_what_its_ticket_is_open_to(life: Life, browse: Browse) -> None:
    """An ended ticket cannot be urged nor a supervised one be put under supervision; a leader may still write on both."""
    ended, watched = life.to("closed"), marked(life, supervised=True)
    head, desk = browse(life.staff["tou"]), browse(life.staff["du2"])

    def acts(client: FlaskClient, ticket: Ticket) -> list[str]:
        page = client.get(f"/search?q={ticket.number}&as=number&sort=number").text
        return re.findall(rf'name="act" value="(\w+):{ticket.number}"', page)

    assert (acts(head, ended), acts(desk, ended)) == (["instruct"], [])
    assert (acts(head, watched), acts(desk, watched)) == (["urge_unit", "instruct"], ["urge_unit"])


def _hot(life: Life, ticket: Ticket) -> str:
    """The key of a hot spot that this ticket belongs to."""
    spot = HotSpot(key="h1", title="停暖", count=1, people=1, heat=1.0, trend=0.0)
    spot.first_at = spot.last_at = spot.looked_at = life.now
    life.db.add(spot)
    life.db.flush()
    life.db.add(HotTicket(spot_id=spot.id, ticket_id=ticket.id))
    life.db.commit()
    return spot.key


def test_the_unit_reports_on_the_ticket_and_the_supervisor_closes_it_there(life: Life, browse: Browse) -> None:
    ticket = marked(life)
    life.do(ticket, "du2", "supervise", text="请三日内报送")
    life.db.commit()
    unit, above = browse(life.staff["he"]), browse(life.staff["du2"])
    order = life.db.scalars(select(Directive)).one()
    life.db.expunge(order)
    life.db.commit()
    assert order.number and order.number in unit.get(f"/tickets/{ticket.number}").text
    said = {"directive": order.id, "text": "已整改"}
    assert unit.post(f"/tickets/{ticket.number}/do/answer_directive", data=said).status_code == 303
    assert "已整改" in above.get(f"/tickets/{ticket.number}").text
    assert "已报送" in above.get("/supervision/?tab=orders").text
    assert above.post(f"/tickets/{ticket.number}/do/end_directive", data={**said, "text": "到位"}).status_code == 303
    assert order.number not in above.get("/supervision/?tab=orders").text
    assert order.number in above.get("/supervision/?tab=orders&all=1").text


def test_media_open_the_ticket_and_read_no_instruction(life: Life, browse: Browse) -> None:
    ticket = marked(life, for_media=True)
    life.do(ticket, "shi", "instruct", text="琥珀街三日内修好")
    life.db.commit()
    page = browse(life.staff["mei"]).get(f"/tickets/{ticket.number}").text
    assert ticket.number in page and "琥珀街" not in page and "批〔" not in page
    assert "琥珀街" in browse(life.staff["du2"]).get(f"/tickets/{ticket.number}").text


def ready(page: str) -> tuple[dict[str, str], str]:
    """The words that the form holds before anybody has typed, by field, and the moment."""
    words = {name: unescape(text) for name, text in re.findall(r'name="(text[.\w]*)"[^>]*>([^<]*)</textarea>', page)}
    until = re.search(r'name="until" value="([^"]+)"', page)
    assert until is not None
    return words, until.group(1)
