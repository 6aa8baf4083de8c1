"""What speaks against a reply stands before the reviewer and the supervisor, opens its evidence, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.outbox.runner import drain
from hotline.web.core import sessions
from models import ReplyFinding, Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


def doubted(life: Life, installation: Installation) -> tuple[Ticket, Ticket]:
    """A reply without a call behind it, and a new call twelve days later."""
    ticket = life.ticket(words="世纪花园小区的路灯不亮，请修。")
    life.do(ticket, "du", "dispatch", category="0601")
    life.do(ticket, "he", "sign")
    life.clock.forward(hours=5)
    life.do(ticket, "he", "reply")
    life.db.commit()
    drain(installation)
    life.clock.forward(days=12)
    later = life.ticket(words="世纪花园的路灯又坏了。", phone="13800007777")
    life.do(later, "du", "dispatch", category="0601")
    life.db.commit()
    drain(installation)
    return ticket, later


def test_the_reviewer_sees_it_beside_the_reply_and_may_still_pass(
    life: Life, installation: Installation, browse: Browse
) -> None:
    ticket, later = doubted(life, installation)
    page = browse(life.staff["ren"]).get(f"/review/{ticket.number}").get_data(as_text=True)
    assert "称已电话联系，查无记录" in page and "热线没有拨打过，也没有先行联系的记录" in page
    assert f"/tickets/{later.number}" in page or f"/t/{later.number}" in page
    assert f'/tickets/{ticket.number}#story">看经过' in page
    life.do(ticket, "ren", "pass")
    assert ticket.state == "to_follow_up"


def test_the_supervisor_has_a_list_with_filters_and_judges(
    life: Life, installation: Installation, browse: Browse
) -> None:
    ticket, _later = doubted(life, installation)
    desk = browse(life.staff["du2"])
    page = desk.get("/evidence").get_data(as_text=True)
    assert page.count('class="finding-row"') == 2 and ticket.number in page
    assert desk.get("/evidence?kind=no_call").get_data(as_text=True).count('class="finding-row"') == 1
    assert desk.get("/evidence?kind=denied").get_data(as_text=True).count('class="finding-row"') == 0
    assert desk.get("/evidence?unit=education").get_data(as_text=True).count('class="finding-row"') == 0
    number = life.db.scalars(select(ReplyFinding.id).where(ReplyFinding.kind == "no_call")).one()
    life.db.commit()
    assert desk.post(f"/evidence/{number}", data={"verdict": "holds", "words": ""}).status_code == 400
    assert desk.post(f"/evidence/{number}", data={"verdict": "holds", "words": "调话单无通话"}).status_code == 303
    assert desk.post(f"/evidence/{number}", data={"verdict": "holds", "words": "再判"}).status_code == 409
    assert desk.get("/evidence?kind=no_call").get_data(as_text=True).count('class="finding-row"') == 0
    assert "调话单无通话" in desk.get("/evidence?state=holds").get_data(as_text=True)


def test_units_and_agents_have_no_such_page_and_reviewers_do_not_judge(
    life: Life, installation: Installation, browse: Browse
) -> None:
    ticket, _later = doubted(life, installation)
    for login in ("he", "an"):
        assert browse(life.staff[login]).get("/evidence").status_code == 403
    number = life.db.scalars(select(ReplyFinding.id).where(ReplyFinding.kind == "no_call")).one()
    life.db.commit()
    ren = browse(life.staff["ren"])
    assert ren.post(f"/evidence/{number}", data={"verdict": "holds", "words": "x"}).status_code == 403
    assert "查无记录" not in browse(life.staff["he"]).get(f"/tickets/{ticket.number}").get_data(as_text=True)


def test_the_page_is_complete_in_english(life: Life, installation: Installation, browse: Browse) -> None:
    doubted(life, installation)
    desk = browse(life.staff["du2"])
    desk.set_cookie(sessions.LANGUAGE_COOKIE, "en")
    page = desk.get("/evidence").get_data(as_text=True)
    assert "no first contact is on record" in page and still_chinese(page, "evidence") == []
