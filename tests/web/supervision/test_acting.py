"""Acting from a list: each row says why it stands there, and offers what its reader may demand."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.tickets.deadlines import running
from models import Directive, HotSpot, HotTicket, Ticket
from tests.support.life import Life
from tests.web.supervision.watched import Browse, marked, rows


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
    held.due_at = held.soon_at = life.now + timedelta(hours=1)
    life.db.commit()
    assert rows(desk, "soon", clock="reply") == []
    life.clock.forward(hours=2)
    assert rows(desk, "late", clock="reply") == []


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
