"""The board as a citizen and as a reviewer meet it: asked on the own page, read at the desk, shown, subscribed to, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.public_board import board, consent
from hotline.tickets.roles import SYSTEM
from models import Audit, Publication, Staff, Ticket
from tests.support.desks.citizens_codes import code_of
from tests.support.life import Life

PUBLIC = {"title": "楼前路灯不亮", "request": "楼前路灯坏了三天，晚上看不见路。", "answer": "线路已更换，恢复照明。"}
ROAD = (("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"), ("citizen", "record"))
FORM = {"body": "小区门口的路灯坏了三天，请尽快修。", "phone": "13800001234", "consent": "1", "sheet": "k1"}


@pytest.fixture
def closed(life: Life) -> Ticket:
    ticket = life.ticket()
    for login, action in ROAD:
        life.do(ticket, login, action)
    life.db.commit()
    return ticket


@pytest.fixture
def citizen(app: Flask, life: Life, closed: Ticket) -> FlaskClient:
    """The citizen's browser, which has shown the query code."""
    client = app.test_client()
    shown = client.post("/c/track", data={"number": closed.number, "code": code_of(closed)})
    assert shown.status_code == 303
    return client


@pytest.fixture
def reviewer(browse: Callable[[Staff], FlaskClient], life: Life) -> FlaskClient:
    life.db.commit()
    return browse(life.staff["ren"])


def row_of(life: Life, ticket: Ticket) -> Publication | None:
    """As it lies in the database now; nothing is held meanwhile."""
    life.db.commit()
    found = life.db.scalar(select(Publication).where(Publication.ticket_id == ticket.id))
    if found is not None:
        life.db.expunge(found)
    life.db.commit()
    return found


def test_from_the_citizens_press_to_the_board_and_off_it_again(
    citizen: FlaskClient, reviewer: FlaskClient, app: Flask, life: Life, closed: Ticket
) -> None:
    page = f"/p/{closed.number}"
    assert "同意公开" in citizen.get(page).text
    assert citizen.post(f"{page}/public", data={"answer": "yes"}).status_code == 303
    held = row_of(life, closed)
    assert held is not None and closed.number not in app.test_client().get("/c/board").text
    sheet = reviewer.get(f"/publishing/{held.id}").text
    assert "路灯" in sheet and "市民本人" in sheet
    assert reviewer.post(f"/publishing/{held.id}", data=PUBLIC).status_code == 303
    anybody = app.test_client()
    assert PUBLIC["title"] in anybody.get("/c/board?q=路灯").text
    assert PUBLIC["answer"] in anybody.get(f"/c/board/{held.id}").text
    assert citizen.post(f"{page}/public", data={"answer": "no"}).status_code == 303
    assert anybody.get(f"/c/board/{held.id}").status_code == 404
    assert (
        PUBLIC["title"] not in anybody.get("/c/board").text and PUBLIC["title"] not in anybody.get("/c/board.rss").text
    )


def test_a_box_on_the_form_is_the_consent_and_an_informants_box_is_none(app: Flask, life: Life) -> None:
    life.db.commit()
    for sealed, many in (({}, 1), ({"sealed": "1", "sheet": "k2", "body": "举报一件事，某单位乱收费。"}, 0)):
        answer = app.test_client().post("/c/new", data={**FORM, "public": "1", **sealed})
        assert answer.status_code == 303
        ticket = life.db.scalars(select(Ticket).where(Ticket.number == answer.location.rsplit("/", 1)[1])).one()
        assert (row_of(life, ticket) is not None) == bool(many)


def test_nobody_says_it_for_a_matter_whose_code_this_browser_has_not_shown(
    app: Flask, life: Life, closed: Ticket
) -> None:
    assert app.test_client().post(f"/p/{closed.number}/public", data={"answer": "yes"}).status_code == 403
    assert row_of(life, closed) is None


def test_refused_words_stay_in_the_form_and_taking_off_wants_a_reason(
    citizen: FlaskClient, reviewer: FlaskClient, life: Life, closed: Ticket
) -> None:
    citizen.post(f"/p/{closed.number}/public", data={"answer": "yes"})
    held = row_of(life, closed)
    assert held is not None
    refused = reviewer.post(f"/publishing/{held.id}", data={**PUBLIC, "request": "请打13900001111找我，路灯坏了"})
    assert refused.status_code == 400 and "请打13900001111找我" in refused.text and "能认出人" in refused.text
    reviewer.post(f"/publishing/{held.id}", data=PUBLIC)
    assert reviewer.post(f"/publishing/{held.id}/keep-back", data={"why": ""}).status_code == 400
    assert reviewer.post(f"/publishing/{held.id}/keep-back", data={"why": "看得出是谁"}).status_code == 303
    again = row_of(life, closed)
    assert again is not None and again.state == "kept_back"
    assert (
        "看得出是谁" in reviewer.get("/publishing/?tab=kept_back").text
        and "决定不公开" in citizen.get(f"/p/{closed.number}").text
    )


def test_the_feed_is_rss_with_absolute_links_and_only_what_the_same_address_lists(
    citizen: FlaskClient, reviewer: FlaskClient, app: Flask, life: Life, closed: Ticket
) -> None:
    citizen.post(f"/p/{closed.number}/public", data={"answer": "yes"})
    held = row_of(life, closed)
    assert held is not None
    reviewer.post(f"/publishing/{held.id}", data={**PUBLIC, "title": "路灯 <b>& \x0b灯"})
    answer = app.test_client().get("/c/board.rss?q=路灯")
    channel = ElementTree.fromstring(answer.data).find("channel")
    assert channel is not None and answer.mimetype == "application/rss+xml"
    item = channel.find("item")
    assert item is not None and item.findtext("title", "").startswith("路灯 <b>&")
    assert item.findtext("link", "").endswith(f"/c/board/{held.id}") and item.findtext("link", "").startswith("http")
    assert ElementTree.fromstring(app.test_client().get("/c/board.rss?q=停水").data).find("channel/item") is None
    again = app.test_client().get("/c/board.rss?q=路灯", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b""), "a reader that has it is not sent it again"
    life.clock.forward(hours=1)
    assert app.test_client().get("/c/board.rss?q=路灯").headers["ETag"] == answer.headers["ETag"]


def test_only_those_who_read_for_the_public_come_to_the_desk(
    browse: Callable[[Staff], FlaskClient], life: Life
) -> None:
    life.db.commit()
    assert {who: browse(life.staff[who]).get("/publishing/").status_code for who in ("an", "he", "ren", "du2", "tou")} == {
        "an": 403, "he": 403, "ren": 200, "du2": 200, "tou": 200,
    }  # fmt: skip


def test_open_figures_are_a_page_and_a_file_that_agree(app: Flask, life: Life, clock: StoppedClock) -> None:
    for n in range(7):
        life.ticket(phone=f"1380000{n:04d}", area="wenfeng" if n else "beiguan")
    life.db.commit()
    assert "还没有满一个月" in app.test_client().get("/c/figures").text
    assert app.test_client().get("/c/figures.csv").status_code == 404
    clock.at += timedelta(days=32)
    page, table = app.test_client().get("/c/figures").text, app.test_client().get("/c/figures.csv").text
    lines = [line.split(",") for line in table.strip().splitlines()]
    assert [line[-1] for line in lines if line[1] == "合计"] == ["7"] and ">7<" in page
    assert {line[-1] for line in lines if line[1] == "按区县"} == {"<5"}, "one of beiguan would be told by the sum"
    assert "少于 5" in page


def test_who_finds_a_hole_is_told_whom_to_tell(app: Flask, life: Life) -> None:
    """VT9, RFC 9116: a contact, and an end within a year."""
    life.db.commit()
    lines = dict(line.split(": ", 1) for line in app.test_client().get("/.well-known/security.txt").text.splitlines())
    assert lines["Contact"].startswith("http") and lines["Canonical"].endswith("/.well-known/security.txt")
    left = datetime.fromisoformat(lines["Expires"]) - life.now
    assert timedelta(days=30) < left < timedelta(days=365)


def test_consent_told_on_the_telephone_is_written_down_under_the_name_of_who_heard_it(
    browse: Callable[[Staff], FlaskClient], life: Life
) -> None:
    ticket = life.to("to_follow_up")
    number, me = ticket.number, life.staff["hui"].name
    life.db.commit()
    caller, reviewer = browse(life.staff["hui"]), browse(life.staff["ren"])
    life.db.commit()
    page, press = f"/followup/{number}", f"/tickets/{number}/public"
    assert "电话里同意公开" in caller.get(page).text
    told = caller.post(press, data={"answer": "yes", "next": page})
    assert told.status_code == 303 and told.location == page
    held = row_of(life, ticket)
    assert held is not None and (held.consented_by, held.state) == (me, "waiting")
    assert me in caller.get(page).text
    assert caller.post(press, data={"answer": "no"}).status_code == 303
    assert row_of(life, ticket) is None
    assert reviewer.post(press, data={"answer": "yes"}).status_code == 403
    deeds = life.db.scalars(select(Audit.action).where(Audit.action.startswith("public_")).order_by(Audit.id)).all()
    assert deeds == ["public_consent", "public_consent_withdrawn"]


def test_the_agent_notes_the_consent_while_the_matter_is_taken_in(
    browse: Callable[[Staff], FlaskClient], life: Life
) -> None:
    life.db.commit()
    desk = {"body": FORM["body"], "channel": "hotline", "privacy": "masked", "then": "submit"}
    agent = browse(life.staff["an"])
    for once, more in (("o1", {"public": "1"}), ("o2", {}), ("o3", {"public": "1", "privacy": "sealed"})):
        assert agent.post("/desk", data=desk | more | {"once": once}).status_code == 303
    held = life.db.scalars(select(Publication)).one()
    assert held.consented_by == life.staff["an"].name


def test_words_find_what_was_published_years_ago_and_every_page_once(
    app: Flask, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stretches of time of a few days stand for those of months."""
    monkeypatch.setattr(board, "WINDOWS", (1, 3, 9))
    life.db.commit()
    held = []
    for days in (0, 1, 2, 3, 5, 8, 13, 30, 400, 4000):
        ticket = life.ticket(words="楼前路灯不亮")
        for login, action in ROAD:
            life.do(ticket, login, action)
        consent.give(life.db, ticket, SYSTEM, life.now)
        row = life.db.scalars(select(Publication).where(Publication.ticket_id == ticket.id)).one()
        row.state, row.round, row.published_at = "published", ticket.round, life.now - timedelta(days=days)
        row.title = f"路灯 {days} 天前" if days else "井盖松动"
        held.append(row)
    life.db.commit()
    sought, seen, after = board.Sought(words="路灯"), [], None
    while True:
        page = board.page(life.db, sought, life.now, 2, after=after)
        seen += [row[0].title for row in page.rows]
        if page.next is None:
            break
        after = page.next
    assert seen == [one.title for one in held[1:]]
    back = board.page(life.db, sought, life.now, 4, before=board.NEWEST_FIRST.key(held[6]))
    assert [row[0].title for row in back.rows] == [one.title for one in held[2:6]]
    assert "路灯 4000 天前" in app.test_client().get("/c/board?q=4000").text
