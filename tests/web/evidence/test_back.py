"""What came back after it was called solved: by unit, by kind, ticket by ticket, the month's roots, and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
from flask.testing import FlaskClient

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.web.core import sessions
from models import Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


def came_back(life: Life, installation: Installation) -> tuple[Ticket, Ticket]:
    """One matter solved and back after twelve days, one solved for good, one that is not called solved."""
    made = []
    for place, outcome in (("世纪花园", "solved"), ("明福", "solved"), ("安惠苑", "partly")):
        ticket = life.ticket(words=f"{place}小区的路灯不亮，请修。", phone=f"1380000{len(made):04}")
        life.do(ticket, "du", "dispatch", category="0204")
        life.do(ticket, "he", "sign")
        life.clock.forward(hours=5)
        life.do(ticket, "he", "reply", outcome=outcome, outcome_reason="等配件" if outcome == "partly" else "")
        made.append(ticket)
    life.db.commit()
    drain(installation)
    life.clock.forward(days=12)
    later = life.ticket(words="世纪花园的路灯又坏了。", phone="13800007777")
    life.do(later, "du", "dispatch", category="0204")
    life.db.commit()
    drain(installation)
    return made[0], later


def test_units_and_kinds_are_counted_and_open_their_tickets(
    life: Life, installation: Installation, browse: Browse
) -> None:
    ticket, later = came_back(life, installation)
    desk = browse(life.staff["du2"])
    for view, code in (("unit", "chengguan"), ("kind", "0204")):
        page = desk.get(f"/back?view={view}").get_data(as_text=True)
        assert '<td class="cell-num num">2</td>' in page and "50%" in page, view
        assert f"{view}={code}" in page
    listed = desk.get("/back?view=tickets&unit=chengguan").get_data(as_text=True)
    assert ticket.number in listed and later.number in listed and "第 12 天" in listed
    assert later.number not in desk.get("/back?view=tickets&unit=education").get_data(as_text=True)


def test_a_months_root_has_its_cost_and_an_owner(life: Life, installation: Installation, browse: Browse) -> None:
    _ticket, later = came_back(life, installation)
    life.do(later, "citizen", "urge")
    life.db.commit()
    page = browse(life.staff["shi"]).get(f"/back?view=causes&month={life.now:%Y-%m}").get_data(as_text=True)
    assert later.number in page and "市城市管理局" in page
    assert '<td class="cell-num num">3</td>' in page or '<td class="cell-num num">2</td>' in page


def test_the_roots_of_the_last_whole_month_are_shown_first(
    life: Life, installation: Installation, browse: Browse
) -> None:
    _ticket, later = came_back(life, installation)
    life.clock.forward(days=35 - life.now.day)
    page = browse(life.staff["shi"]).get("/back?view=causes").get_data(as_text=True)
    assert later.number in page and f'value="{life.now:%Y-%m}"' in page


def test_the_workbook_says_the_same(life: Life, installation: Installation, browse: Browse) -> None:
    ticket, later = came_back(life, installation)
    answer = browse(life.staff["du2"]).post("/back/export", data={"days": "90"})
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert [cell.value for cell in book["按单位"][2]][1:] == [2, 1, 1]
    assert [cell.value for cell in book["又来的工单"][2]][:2] == [ticket.number, later.number]


def test_units_and_agents_do_not_open_it_and_it_is_complete_in_english(
    life: Life, installation: Installation, browse: Browse
) -> None:
    came_back(life, installation)
    for login in ("he", "an"):
        assert browse(life.staff[login]).get("/back").status_code == 403
    desk = browse(life.staff["du2"])
    desk.set_cookie(sessions.LANGUAGE_COOKIE, "en")
    for view in ("unit", "kind", "tickets", "causes"):
        page = desk.get(f"/back?view={view}").get_data(as_text=True)
        assert "Came back" in page and still_chinese(page, "evidence") == []
