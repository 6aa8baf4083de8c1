"""The desk of quality control as people open it: blind while it is open, told afterwards, and closed to everybody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.quality.checks.kinds import KINDS, Kind
from hotline.quality.drawing import draw
from hotline.quality.looking import look_at
from hotline.triage.active_classifier import keyword_classifier
from hotline.web.core import sessions
from models import Audit, QualityTask, RecordFinding, Staff, Ticket
from tests.support.desks.english import still_chinese
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff

Browse = Callable[[Staff], FlaskClient]
GOOD = ("courteous", "title", "complete", "faithful", "category", "urgency", "place")


def sheet(**changed: str) -> dict[str, str]:
    given = {**dict.fromkeys(GOOD, "yes"), "understood": "na", "secrecy": "na", **changed}
    return {f"q.{code}": answer for code, answer in given.items()}


def drawn(life: Life, **more: object) -> tuple[str, int]:
    """(the ticket's number, the task's) of a ticket of yesterday."""
    number = life.ticket().number
    life.clock.at += timedelta(days=1)
    plan = life.city.quality.plan("daily")
    assert plan is not None
    draw(life.db, life.city, replace(plan, **more), life.now)  # type: ignore[arg-type]
    life.db.commit()
    return number, _only_task(life)


def _only_task(life: Life) -> int:
    found = life.db.scalars(select(QualityTask.id)).one()
    life.db.commit()
    return found


def reader(life: Life, login: str = "zhi") -> Staff:
    person = make_staff(life.db, login, f"质检{login}", "quality", unit=HOTLINE)
    life.db.commit()
    return person


def test_a_sheet_is_filled_in_told_appealed_decided_and_talked_over(life: Life, browse: Browse) -> None:
    number, task_id = drawn(life)
    page = f"/quality/tickets/{number}/{task_id}"
    zhi, an = browse(reader(life)), browse(life.staff["an"])
    assert number in zhi.get("/quality").get_data(as_text=True)
    assert an.get(page).status_code == 404
    missing = zhi.post(f"{page}/read", data={"q.title": "no", "comment": "写清是什么事"})
    assert missing.status_code == 400
    assert "写清是什么事" in missing.get_data(as_text=True)
    done = zhi.post(f"{page}/read", data={**sheet(title="no", complete="no", category="no"), "comment": "写清是什么事"})
    assert (done.status_code, done.headers["Location"]) == (303, "/quality/")
    again = zhi.post(f"{page}/read", data={**sheet(), "comment": "又写一遍"})
    assert again.status_code == 409
    assert "又写一遍" in again.text and "q.courteous" not in again.text
    assert "58.8" in an.get("/quality/mine").get_data(as_text=True)
    own = an.get(page).get_data(as_text=True)
    assert "写清是什么事" in own
    assert "质检zhi" not in own
    assert an.post(f"{page}/appeal", data={"words": ""}).status_code == 400
    assert an.post(f"{page}/appeal", data={"words": "标题里有路灯"}).status_code == 303
    assert zhi.post(f"{page}/decide", data={"decision": "stands", "words": "没有"}).status_code == 403
    other = browse(reader(life, "zhi2"))
    assert number in other.get("/quality?tab=appeals").get_data(as_text=True)
    assert other.post(f"{page}/decide", data={"decision": "stands", "words": "标题里没有"}).status_code == 303
    assert "标题里没有" in an.get(page).get_data(as_text=True)
    lead = browse(life.staff["班"])
    assert number in lead.get("/quality").get_data(as_text=True)
    assert lead.post(f"{page}/coach", data={"words": "先写事，再写地方"}).status_code == 303
    assert "先写事，再写地方" in an.get(page).get_data(as_text=True)


def test_the_second_reader_sees_nothing_of_the_first(life: Life, browse: Browse) -> None:
    number, task_id = drawn(life, readers=2)
    page = f"/quality/tickets/{number}/{task_id}"
    one, two = browse(reader(life)), browse(reader(life, "zhi2"))
    one.post(f"{page}/read", data={**sheet(title="no"), "comment": "标题空"})
    assert "标题空" not in two.get(page).get_data(as_text=True)
    assert "标题空" not in browse(life.staff["班"]).get(page).get_data(as_text=True)
    two.post(f"{page}/read", data=sheet(faithful="no"))
    assert life.db.get_one(QualityTask, task_id).state == "differs"
    life.db.commit()
    third = browse(life.staff["du2"])
    assert "标题空" in third.get(page).get_data(as_text=True)
    assert third.post(f"{page}/read", data=sheet()).status_code == 303


def test_only_those_concerned_open_it(life: Life, browse: Browse) -> None:
    number, task_id = drawn(life)
    page = f"/quality/tickets/{number}/{task_id}"
    for login in ("ren", "he", "du"):
        person = browse(life.staff[login])
        assert person.get("/quality").status_code == 403
        assert person.get(page).status_code == 404
        assert person.post(f"{page}/read", data=sheet()).status_code == 403
        assert person.get("/quality/mine").status_code == 200
    other = life.ticket().number
    assert browse(reader(life)).get(f"/quality/tickets/{other}/{task_id}").status_code == 404


def test_what_the_machine_found_is_judged_on_its_page(life: Life, browse: Browse) -> None:
    ticket = life.ticket()
    ticket.title = "市民反映问题"
    look_at(life.db, life.city, keyword_classifier(life.city), ticket, life.now)
    life.db.commit()
    zhi, lead = browse(reader(life)), browse(life.staff["班"])
    assert "标题没有写事" in zhi.get("/quality/findings?kind=empty_title").get_data(as_text=True)
    finding_id = life.db.scalars(select(RecordFinding.id)).one()
    life.db.commit()
    page = f"/quality/findings/{finding_id}"
    assert zhi.post(page, data={"verdict": "explained", "words": ""}).status_code == 400
    assert lead.post(page, data={"verdict": "holds"}).status_code == 403
    assert zhi.post(page, data={"verdict": "holds", "kind": "empty_title"}).status_code == 303
    assert zhi.post(page, data={"verdict": "holds"}).status_code == 409
    told = zhi.get("/quality/findings?kind=empty_title&state=holds").get_data(as_text=True)
    assert "1 条属实" in told
    zhi.set_cookie(sessions.LANGUAGE_COOKIE, "en")
    assert still_chinese(zhi.get("/quality/findings?state=all").get_data(as_text=True), "quality") == []


def test_trends_and_agreement_open_what_is_behind_them(life: Life, browse: Browse) -> None:
    number, task_id = drawn(life, readers=2)
    one, two, lead = browse(reader(life)), browse(reader(life, "zhi2")), browse(life.staff["班"])
    for person in (one, two):
        person.post(f"/quality/tickets/{number}/{task_id}/read", data=sheet())
    told = lead.get("/quality/trends").get_data(as_text=True)
    assert "1/1" in told
    behind = re.findall(r'href="(/quality/\?[^"]*person=[^"]*)"', told)
    assert behind
    assert all(number in lead.get(unescape(address)).get_data(as_text=True) for address in behind)
    assert "全部 1 件" in lead.get("/quality/agreement").get_data(as_text=True)
    assert number in lead.get("/quality?tab=told&sheet=intake&outcome=double").get_data(as_text=True)
    assert browse(life.staff["an"]).get("/quality/trends").status_code == 403


def test_the_page_of_agreement_names_what_waits_for_a_third_reader(life: Life, browse: Browse) -> None:
    """What two read most differently is not yet counted: whoever looks at the agreement is told."""
    number, task_id = drawn(life, readers=2)
    one, two, third = (browse(reader(life, login)) for login in ("zhi", "zhi2", "zhi3"))
    assert "等第三人评过以后才计入" not in third.get("/quality/agreement").get_data(as_text=True)
    one.post(f"/quality/tickets/{number}/{task_id}/read", data=sheet())
    two.post(f"/quality/tickets/{number}/{task_id}/read", data=sheet(faithful="no", complete="no"))
    told = third.get("/quality/agreement").get_data(as_text=True)
    assert "还有 1 件两人评得不一样，等第三人评过以后才计入。" in told
    assert number in third.get("/quality?tab=differs").get_data(as_text=True)


def test_opening_a_sealed_one_is_written_into_the_book(life: Life, browse: Browse) -> None:
    ticket: Ticket = life.ticket(words="举报领导吃拿卡要，请保密", privacy="sealed")
    life.clock.at += timedelta(days=1)
    plan = life.city.quality.plan("daily")
    assert plan is not None
    draw(life.db, life.city, plan, life.now)
    life.db.commit()
    task_id = _only_task(life)
    page = f"/quality/tickets/{ticket.number}/{task_id}"
    assert browse(reader(life)).get(page).status_code == 404
    assert browse(life.staff["du2"]).get(page).status_code == 200
    assert life.db.scalars(select(Audit.action).where(Audit.ticket_id == ticket.id)).all() == ["view_sealed"]


def test_the_pages_are_complete_in_english(life: Life, browse: Browse) -> None:
    number, task_id = drawn(life)
    page = f"/quality/tickets/{number}/{task_id}"
    zhi, an = browse(reader(life)), browse(life.staff["an"])
    for person in (zhi, an):
        person.set_cookie(sessions.LANGUAGE_COOKIE, "en")
    addresses = ["/quality", "/quality?tab=told", "/quality/plans", "/quality/trends", "/quality/agreement", page]
    for address in addresses:
        assert still_chinese(zhi.get(address).get_data(as_text=True), "quality") == [], address
    zhi.post(f"{page}/read", data=sheet(title="no", complete="no", category="no"))
    for person, address in ((an, "/quality/mine"), (an, page), (zhi, page)):
        assert still_chinese(person.get(address).get_data(as_text=True), "quality") == [], address


def test_an_agent_reads_what_the_machine_found_in_the_own_records_and_judges_none_of_it(
    life: Life, browse: Browse
) -> None:
    ticket = life.ticket(words="反映问题，请处理。", title="反映问题")
    look_at(life.db, life.city, keyword_classifier(life.city), ticket, life.now)
    life.db.commit()
    kind = life.db.scalars(select(RecordFinding.kind).limit(1)).one()
    finding_id = life.db.scalars(select(RecordFinding.id).limit(1)).one()
    number = ticket.number
    life.db.commit()
    an, other = browse(life.staff["an"]), browse(life.staff["班"])
    for address in ("/quality/mine", "/quality/mine/findings"):
        own = an.get(address).get_data(as_text=True)
        assert number in own and KINDS[Kind(kind)] in own and "还没有人判断" in own and "能说明，不算" not in own
        assert number not in other.get(address).get_data(as_text=True)
    assert an.post(f"/quality/findings/{finding_id}", data={"verdict": "explained", "words": "没事"}).status_code == 403
    zhi = browse(reader(life))
    zhi.post(f"/quality/findings/{finding_id}", data={"verdict": "explained", "words": "通话里说清了"})
    assert "通话里说清了" in an.get("/quality/mine/findings").get_data(as_text=True)
