"""The unit's desk: what presses stands first, and no unit ever sees another's ticket."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from hotline.installation import Installation
from hotline.tickets import petitions
from models import Ticket
from tests.support.life import HELPER, Life
from tests.support.make import CHENGGUAN, ELSEWHERE
from tests.support.pages import seen_in
from tests.support.statements import statements

Browse = Callable[..., FlaskClient]
TABS = (
    "sign",
    "handling",
    "waiting",
    "objecting",
    "review",
    "helping",
    "delegated",
    "closed",
    "today",
    "overdue",
    "redo",
)
STATES = ("to_sign", "in_objection", "handling", "waiting", "to_review", "to_follow_up", "closed")


@pytest.fixture
def desk(life: Life, browse: Browse) -> FlaskClient:
    """何 of 城管."""
    return browse(life.staff["he"])


def rows(client: FlaskClient, tab: str, **more: str) -> str:
    answer = client.get("/unit/", query_string={"tab": tab, **more})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("state", "tab"),
    [
        ("to_sign", "sign"),
        ("handling", "handling"),
        ("waiting", "waiting"),
        ("in_objection", "objecting"),
        ("to_review", "review"),
        ("to_follow_up", "review"),
        ("closed", "closed"),
    ],
)
def test_each_ticket_lies_in_the_tab_of_its_state(life: Life, desk: FlaskClient, state: str, tab: str) -> None:
    ticket = life.to(state)
    life.db.commit()
    assert f"row-{ticket.number}" in rows(desk, tab)
    assert f"row-{ticket.number}" not in rows(desk, "sign" if tab != "sign" else "handling")


def test_no_tab_of_another_unit_shows_the_ticket_whatever_its_state(life: Life, browse: Browse) -> None:
    made = [life.to(state) for state in STATES]
    life.db.commit()
    stranger = browse(life.staff["chang"])
    for tab in TABS:
        page = rows(stranger, tab)
        assert not [one.number for one in made if one.number in page], tab
        assert stranger.get("/unit/", query_string={"tab": tab, "unit": CHENGGUAN}).status_code == 404


def test_a_stranger_cannot_sign_what_lies_on_another_desk(life: Life, browse: Browse) -> None:
    ticket = life.to("to_sign")
    life.db.commit()
    answer = browse(life.staff["chang"]).post("/unit/sign", data={"ticket": [ticket.number]})
    assert answer.status_code == 200 and "您没有权限查看" in answer.text and ticket.title not in answer.text
    life.db.expire_all()
    assert life.db.get_one(Ticket, ticket.id).state == "to_sign"


def test_a_unit_that_has_let_a_ticket_go_sees_it_no_more(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("in_objection")
    life.do(ticket, "du", "uphold")
    life.do(ticket, "du", "dispatch", unit=ELSEWHERE, helpers=[])
    life.db.commit()
    assert not [tab for tab in TABS if ticket.number in rows(desk, tab)]


def test_a_sealed_ticket_is_shown_to_the_leader_alone(life: Life, desk: FlaskClient, browse: Browse) -> None:
    ticket = life.ticket(privacy="sealed")
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    assert ticket.number not in rows(desk, "sign")
    assert ticket.number in rows(browse(life.staff["hejt"]), "sign")


def test_many_are_signed_at_once_and_the_refused_are_listed(life: Life, desk: FlaskClient) -> None:
    one, two = life.to("to_sign"), life.to("to_sign")
    life.db.commit()
    seen = seen_in(rows(desk, "sign"))
    life.do(two, "he", "sign")
    life.db.commit()
    answer = desk.post("/unit/sign", data={"ticket": [one.number, two.number], **seen})
    assert answer.status_code == 200 and two.number in answer.text and "有 1 张没有签收" in answer.text
    life.db.expire_all()
    assert life.db.get_one(Ticket, one.id).state == "handling"


def test_signing_without_a_pick_says_what_to_do(life: Life, desk: FlaskClient) -> None:
    answer = desk.post("/unit/sign", follow_redirects=True)
    assert "请先勾选" in answer.text


def test_redo_rounds_show_the_reasons_of_the_review_below_what_is_overdue(life: Life, desk: FlaskClient) -> None:
    """Found at the desks: U1."""
    plain, again = life.to("handling"), life.to("to_review")
    life.do(again, "ren", "redo", reasons=["R01", "R03"], note="请写明哪天修好")
    life.clock.forward(minutes=20)
    life.do(again, "he", "sign")
    plain.due_at = life.now
    life.db.commit()
    page = rows(desk, "handling")
    assert page.index(f"row-{plain.number}") < page.index(f"row-{again.number}"), (
        "what is overdue stands above a redo round (U1)"
    )
    assert "请写明哪天修好" in page and life.city.reason_name("R01") in page and life.city.reason_name("R03") in page
    assert f"row-{again.number}" in rows(desk, "redo") and f"row-{plain.number}" not in rows(desk, "redo")


def test_what_the_citizen_said_last_is_shown_until_the_unit_replies(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("handling")
    life.do(ticket, "citizen", "add", text="在邮局门口那一盏")
    life.db.commit()
    assert "在邮局门口那一盏" in rows(desk, "handling")
    life.clock.forward(minutes=20)
    life.do(ticket, "he", "reply")
    life.db.commit()
    assert "在邮局门口那一盏" not in rows(desk, "review")


def test_objecting_is_offered_only_while_its_window_is_open(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("to_sign")
    life.db.commit()
    link = f"/tickets/{ticket.number}/do/object"
    page = rows(desk, "sign")
    assert link in page and "可退单" in page
    life.clock.forward(minutes=1)
    ticket.must_sign = True
    life.db.commit()
    assert link not in rows(desk, "sign")


def test_a_window_that_has_passed_offers_no_objection(life: Life, desk: FlaskClient, browse: Browse) -> None:
    ticket = life.to("to_sign")
    life.db.commit()
    life.clock.forward(days=6)
    later = browse(life.staff["he"])
    assert f"/tickets/{ticket.number}/do/object" not in rows(later, "sign")


def test_a_signature_nearly_due_warns_that_it_will_be_given_automatically(life: Life, browse: Browse) -> None:
    life.to("to_sign")
    life.db.commit()
    assert "到期自动签收" not in rows(browse(life.staff["he"]), "sign")
    life.clock.forward(hours=20)
    assert "到期自动签收" in rows(browse(life.staff["he"]), "sign")


def test_a_helper_finds_its_tickets_under_helping_with_the_button_to_report(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    life.db.commit()
    page = rows(browse(life.staff["xie"]), "helping")
    assert f"row-{ticket.number}" in page and f"/tickets/{ticket.number}/do/report" in page
    assert f"/tickets/{ticket.number}/do/reply" not in page
    assert HELPER != CHENGGUAN and f"row-{ticket.number}" not in rows(browse(life.staff["xie"]), "handling")


def test_a_helper_s_row_shows_its_own_clock_and_what_it_was_called_in_for(life: Life, browse: Browse) -> None:
    """The lead's ten working days stood in the row of whoever had half of them."""
    ticket = life.to("handling")
    life.db.commit()
    row = rows(browse(life.staff["xie"]), "helping").split(f'id="row-{ticket.number}"')[1].split("</tr>")[0]
    assert "协办" in row and "请办：" in row and "办结" not in row
    life.do(ticket, "xie", "report")
    life.db.commit()
    told = rows(browse(life.staff["xie"]), "helping").split(f'id="row-{ticket.number}"')[1].split("</tr>")[0]
    assert "已反馈" in told


def test_what_would_surely_be_refused_has_no_button(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    life.db.commit()
    xie, he = browse(life.staff["xie"]), browse(life.staff["he"])
    page = f"/tickets/{ticket.number}"
    assert f"{page}/do/sign_help" in xie.get(page).text and f"{page}/do/remind_helpers" in he.get(page).text
    life.do(ticket, "xie", "sign_help")
    life.do(ticket, "xie", "report")
    life.db.commit()
    assert f"{page}/do/sign_help" not in xie.get(page).text and f"{page}/do/remind_helpers" not in he.get(page).text


def test_a_leader_sees_the_load_of_each_unit_below_and_can_look_at_one(life: Life, browse: Browse) -> None:
    own, below = life.to("handling"), life.to("handling")
    life.do(below, "he", "delegate")
    life.db.commit()
    leader = browse(life.staff["hejt"])
    page = rows(leader, "delegated")
    assert f"row-{below.number}" in page and f"row-{own.number}" not in page and "各单位现在的工作量" in page
    narrowed = rows(leader, "handling", unit=life.below())
    assert f"row-{below.number}" in narrowed and f"row-{own.number}" not in narrowed


def test_overdue_and_due_today_are_counted_and_lead_to_their_tickets(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    ticket.due_at = life.now.replace(hour=3)
    life.db.commit()
    assert f"row-{ticket.number}" in rows(browse(life.staff["he"]), "today")
    life.clock.forward(days=2)
    late = browse(life.staff["he"])
    assert f"row-{ticket.number}" in rows(late, "overdue") and f"row-{ticket.number}" not in rows(late, "today")


def test_a_petition_that_waits_is_named_and_not_offered_again(life: Life, desk: FlaskClient) -> None:
    ticket = life.to("handling")
    life.db.commit()
    link = f"/tickets/{ticket.number}/petitions/extension"
    assert link in rows(desk, "handling")
    petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "配件未到"})
    life.db.commit()
    page = rows(desk, "handling")
    assert link not in page and "等决定：申请延期" in page


def test_the_desk_asks_the_database_as_often_for_one_ticket_as_for_thirty(
    life: Life, installation: Installation, desk: FlaskClient
) -> None:
    life.to("handling")
    life.db.commit()
    rows(desk, "handling")
    with statements(installation.engine) as few:
        rows(desk, "handling")
    for _ in range(29):
        life.to("handling")
    life.db.commit()
    with statements(installation.engine) as many:
        rows(desk, "handling")
    assert len(many) <= len(few), "\n".join(many)
    assert len(many) < 27


@pytest.mark.parametrize("tab", TABS)
def test_every_empty_tab_says_so(life: Life, desk: FlaskClient, tab: str) -> None:
    assert 'class="empty' in rows(desk, tab)


@pytest.mark.parametrize("login", ["an", "du", "ren", "ji", "mei", "shi"])
def test_people_without_a_unit_desk_cannot_open_it(life: Life, browse: Browse, login: str) -> None:
    client = browse(life.staff[login])
    assert (
        client.get("/unit/").status_code == 403 and client.post("/unit/sign", data={"ticket": "1"}).status_code == 403
    )


def test_phones_are_masked_in_every_row(life: Life, desk: FlaskClient) -> None:
    ticket = life.ticket(words="路灯坏了，找我13812345678。", title="路灯坏了13812345678")
    life.do(ticket, "du", "dispatch")
    life.do(ticket, "citizen", "urge", text="快点，打13812345678")
    life.db.commit()
    assert "13812345678" not in rows(desk, "sign")


def test_the_desk_speaks_english_too(life: Life, desk: FlaskClient) -> None:
    life.to("to_sign")
    life.db.commit()
    desk.set_cookie("hotline_language", "en")
    page = rows(desk, "sign")
    assert "To sign" in page and "待签收" not in page
