"""Paper is a form: issuing body, number, signature places, page numbers; of a sealed matter only the unit's version."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.web.ticket.prints import FORMS
from models import Audit, Directive, Ticket
from tests.support.life import WORDS, Life
from tests.support.repository import ROOT

Browse = Callable[[Any], FlaskClient]
PLACES = {
    "dispatch": ("转办单", "签收人", "单位盖章", "办理时限"),
    "supervision": ("督办单", "督办要求", "请三日内办结并书面报送。", "报送期限", "承办单位负责人"),
    "follow-up": ("回访单", "解决了吗", "回访员"),
    "hand-over": ("移交单", "对方受理编号", "接收人"),
    "letter": ("答复函", "现答复如下", "（盖章）"),
    "slip": ("来访排队单", "今天第 1 位来访"),
    "minutes": ("会商纪要", "参加单位和人员", "议定事项", "主持人"),
}


def printed(client: FlaskClient, number: str, form: str) -> str:
    answer = client.get(f"/tickets/{number}/print/{form}")
    return answer.get_data(as_text=True) if answer.status_code == 200 else str(answer.status_code)


def far_enough(life: Life, form: str) -> Ticket:
    """A ticket that has this form."""
    if form == "slip":
        return life.ticket(channel="visit")
    ticket = life.to({"hand-over": "transferred", "minutes": "in_dispute"}.get(form, "to_follow_up"))
    if form == "supervision":
        life.do(ticket, "du2", "supervise", text="请三日内办结并书面报送。")
    if form == "minutes":
        life.do(ticket, "du", "keep_minutes", **life.answers("keep_minutes", ticket))
    return ticket


@pytest.mark.parametrize("form", FORMS)
def test_a_form_has_its_body_its_number_and_its_places(life: Life, browse: Browse, form: str) -> None:
    """Found at the desks: X11."""
    ticket = far_enough(life, form)
    life.db.commit()
    page = printed(browse(life.staff["du2"]), ticket.number, form)
    order = life.db.scalars(select(Directive.number)).first()
    assert "12345热线中心" in page and (f"安热{order}" if order else f"〔2026〕{ticket.number}号") in page
    assert all(place in page for place in PLACES[form])
    assert "topbar" not in page and "sidenav" not in page, "nothing of the screen is on paper"
    assert "13800001234" not in page


@pytest.mark.parametrize(
    ("state", "forms"),
    [
        ("to_dispatch", set()),
        ("to_sign", {"dispatch"}),
        ("handling", {"dispatch"}),
        ("transferred", {"hand-over"}),
        ("to_follow_up", {"dispatch", "follow-up", "letter"}),
        ("closed", {"dispatch", "follow-up", "letter"}),
    ],
)
def test_a_ticket_offers_the_forms_it_has_come_far_enough_for(
    life: Life, browse: Browse, state: str, forms: set[str]
) -> None:
    ticket = life.to(state)
    life.db.commit()
    client = browse(life.staff["ren"])
    page = client.get(f"/tickets/{ticket.number}").get_data(as_text=True)
    assert {form for form in FORMS if f"/tickets/{ticket.number}/print/{form}" in page} == forms
    assert {form for form in FORMS if printed(client, ticket.number, form) != "404"} == forms


@pytest.mark.parametrize("login", ["hejt", "tou"])
@pytest.mark.parametrize("form", ["dispatch", "supervision"])
def test_of_a_sealed_matter_only_the_units_version_is_printed(
    life: Life, browse: Browse, login: str, form: str
) -> None:
    ticket = life.ticket(words=WORDS + "我是三号楼的李建国。", privacy="sealed", name="李建国")
    life.do(ticket, "du", "dispatch", unit_words="一处路灯不亮，请核查。")
    life.do(ticket, "du2", "supervise")
    life.db.commit()
    page = printed(browse(life.staff[login]), ticket.number, form)
    assert "一处路灯不亮，请核查。" in page and "保密工单" in page
    for secret in ("李建国", "三号楼", "13800001234", "138****", "文峰大道"):
        assert secret not in page


def test_a_forms_number_is_the_same_whenever_it_is_printed(life: Life, browse: Browse) -> None:
    ticket = life.to("to_sign")
    life.db.commit()
    first = re.search(r"安热转〔\d{4}〕\d+号", printed(browse(life.staff["du"]), ticket.number, "dispatch"))
    life.clock.forward(days=400)
    again = printed(browse(life.staff["du"]), ticket.number, "dispatch")
    assert first and first[0] in again


def test_a_stranger_prints_nothing(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    life.db.commit()
    assert printed(browse(life.staff["chang"]), ticket.number, "dispatch") == "404"
    assert printed(browse(life.staff["ren"]), ticket.number, "nonsense") == "404"


def test_paper_is_a4_with_numbered_pages() -> None:
    sheet = (ROOT / "hotline" / "web" / "static" / "css" / "ticket_print.css").read_text()
    assert "size: A4" in sheet and "counter(page)" in sheet and "counter(pages)" in sheet


def letter_of(life: Life) -> Ticket:
    ticket = life.to("to_follow_up")
    ticket.text.extra = {**ticket.text.extra, "寄信人地址": "东工路1号院3号楼"}
    ticket.contact_name = "王建国"
    life.db.commit()
    return ticket


def test_the_window_of_the_envelope_is_filled_for_posting_and_the_book_knows(life: Life, browse: Browse) -> None:
    ticket = letter_of(life)
    clerk = browse(life.staff["du2"])
    before = printed(clerk, ticket.number, "letter")
    assert (
        "sheet-window" in before
        and "东工路1号院" not in before
        and "王建国" not in before
        and "<p>王某：</p>" in before
    )
    page = clerk.post(f"/tickets/{ticket.number}/print/letter", follow_redirects=True).text
    window = page.split('<address class="sheet-window">')[1].split("</address>")[0]
    assert window.split("\n") == ["东工路1号院3号楼", "王建国"]
    assert "<p>王建国：</p>" in page, "nobody is greeted by stars in a letter of their own"
    opened = life.db.scalars(select(Audit).where(Audit.action == "reveal")).one()
    assert (opened.subject, opened.detail["reason"], opened.actor_id) == (
        "recipient",
        "寄送书面答复",
        life.staff["du2"].id,
    )


def test_a_letter_read_again_is_no_second_look_and_closes_its_window_after_the_minute(
    life: Life, browse: Browse
) -> None:
    """Reloading the addressed letter sent its form again: one more reveal in the book each time, and the browser asked first."""
    ticket = letter_of(life)
    clerk, other = browse(life.staff["du2"]), browse(life.staff["hui"])
    address = clerk.post(f"/tickets/{ticket.number}/print/letter").headers["Location"]
    for _reload in range(3):
        assert "东工路1号院3号楼" in clerk.get(address).text
    assert "东工路1号院" not in other.get(address).text, "what one person was shown is shown to nobody else"
    assert len(life.db.scalars(select(Audit).where(Audit.action == "reveal")).all()) == 1
    life.clock.forward(seconds=61)
    assert "东工路1号院" not in clerk.get(address).text


def test_the_next_session_of_the_same_person_sees_the_window_closed(life: Life, browse: Browse) -> None:
    ticket = letter_of(life)
    browse(life.staff["du2"]).post(f"/tickets/{ticket.number}/print/letter")
    life.clock.forward(seconds=5)
    assert "东工路1号院" not in browse(life.staff["du2"]).get(f"/tickets/{ticket.number}/print/letter").text


def test_a_letter_that_is_not_ready_reveals_nobody(life: Life, browse: Browse) -> None:
    ticket = life.to("handling")
    ticket.text.extra = {**ticket.text.extra, "寄信人地址": "东工路1号院3号楼"}
    life.db.commit()
    assert browse(life.staff["du2"]).post(f"/tickets/{ticket.number}/print/letter").status_code == 404
    assert not life.db.scalars(select(Audit).where(Audit.action == "reveal")).all()


def test_a_letter_that_told_no_address_has_no_window(life: Life, browse: Browse) -> None:
    ticket = life.to("to_follow_up")
    life.db.commit()
    clerk = browse(life.staff["du2"])
    assert "sheet-window" not in printed(clerk, ticket.number, "letter")
    assert clerk.post(f"/tickets/{ticket.number}/print/letter").status_code == 404


def test_an_informants_address_is_shown_to_nobody_who_may_not_know_it(life: Life, browse: Browse) -> None:
    ticket = letter_of(life)
    life.do(ticket, "du2", "correct", privacy="sealed")
    life.db.commit()
    clerk = browse(life.staff["hui"])
    assert "sheet-window" not in printed(clerk, ticket.number, "letter")
    assert clerk.post(f"/tickets/{ticket.number}/print/letter").status_code in (403, 404)
