"""The month by unit: every number opens its tickets, each reads of their own, and what is withdrawn or excluded does not count."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from openpyxl import load_workbook
from sqlalchemy import select

from hotline.monitoring.stream import gather
from hotline.tickets import petitions
from models import Audit, Ticket, Violation
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]


def text_of(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    return answer.get_data(as_text=True) if answer.status_code == 200 else str(answer.status_code)


def a_bad_month(life: Life) -> list[Ticket]:
    """Three tickets of one unit whose work ran out of time."""
    tickets = [life.to("handling") for _n in range(3)]
    life.clock.forward(days=12)
    look(life)
    return tickets


def look(life: Life) -> None:
    life.clock.forward(minutes=1)
    gather(life.db, life.city, life.now)
    life.db.commit()


def test_each_number_opens_as_many_records(life: Life, browse: Browse) -> None:
    a_bad_month(life)
    client = browse(life.staff["du2"])
    page = text_of(client, "/monitoring/?month=2026-03")
    links = re.findall(r'href="(/monitoring/violations\?[^"]*)">\s*(\d+)</a>', page)
    assert len(links) >= 5
    for url, number in links:
        shown = text_of(client, url.replace("&amp;", "&"))
        assert shown.count('class="violation"') + shown.count('class="violation is-out"') == int(number), url


def test_a_broken_rule_stands_with_its_document_and_clause(life: Life, browse: Browse) -> None:
    """On the ticket, in the list, on the unit's page, on paper and in the file."""
    (ticket, *_more) = a_bad_month(life)
    desk, unit = browse(life.staff["du2"]), browse(life.staff["he"])
    asked = "month=2026-03&unit=chengguan"
    for url in (f"/monitoring/violations?{asked}", f"/tickets/{ticket.number}", f"/monitoring/print?{asked}"):
        page = text_of(desk, url)
        assert "未按时答复" in page and "依据《安阳市政务服务条例》第五十条第一款" in page, url
    assert "第（一）项（本市条款待核对）" in text_of(unit, "/unit/")
    file = desk.post("/monitoring/export", data={"month": "2026-03", "kind": "csv"}).get_data(as_text=True)
    assert "依据《安阳市政务服务条例》第五十条第一款" in file


def test_the_page_tells_of_each_rule_who_wrote_its_clause_where_it_was_read_and_where_ours_differs(
    life: Life, browse: Browse
) -> None:
    page = text_of(browse(life.staff["du2"]), "/monitoring/")
    for rule in life.city.monitoring.rules.values():
        row = page.partition(f'id="rule-{rule.code}"')[2].partition("</tr>")[0]
        for told in (rule.basis, rule.says, rule.differs, rule.source.body, rule.source.address, "2026-12-01"):
            assert str(escape(told)) in row, (rule.code, told)
    assert "《市长热线服务与管理规则》：只知名称" in page


def test_a_unit_reads_its_own_and_nobody_elses(life: Life, browse: Browse) -> None:
    (ticket, *_more) = a_bad_month(life)
    own, other = browse(life.staff["he"]), browse(life.staff["chang"])
    assert ticket.number in text_of(own, "/monitoring/violations?month=2026-03")
    assert "未按时答复" in text_of(own, "/unit/")
    for url in (
        "/monitoring/violations?month=2026-03",
        "/monitoring/?month=2026-03",
        "/monitoring/print?month=2026-03&unit=chengguan",
    ):
        assert ticket.number not in text_of(other, url) and "没有" in text_of(other, url)
    assert text_of(browse(life.staff["an"]), "/monitoring/") == "403"


def test_a_sealed_matter_shows_its_number_alone_to_who_may_not_open_it(life: Life, browse: Browse) -> None:
    ticket = life.ticket(privacy="sealed", words="某局长收受回扣，请查。")
    life.do(ticket, "du", "dispatch")
    life.clock.forward(days=3)
    look(life)
    page = text_of(browse(life.staff["ji"]), "/monitoring/violations?month=2026-03")
    assert ticket.number in page and "回扣" not in page and "您不能查看这张工单" in page


def test_a_record_is_withdrawn_on_the_tickets_page(life: Life, browse: Browse) -> None:
    (ticket, *_more) = a_bad_month(life)
    number = life.db.scalars(select(Violation.id).where(Violation.ticket_id == ticket.id)).first()
    life.db.commit()
    supervisor, handler = browse(life.staff["du2"]), browse(life.staff["he"])
    assert "撤销这一条" in text_of(supervisor, f"/tickets/{ticket.number}")
    assert "撤销这一条" not in text_of(handler, f"/tickets/{ticket.number}")
    said = {"violation": number, "reason": "停电，系统不能用"}
    assert handler.post(f"/tickets/{ticket.number}/do/withdraw_violation", data=said).status_code in (403, 409)
    assert supervisor.post(f"/tickets/{ticket.number}/do/withdraw_violation", data=said).status_code == 303
    life.db.expire_all()
    row = life.db.scalars(select(Violation).where(Violation.id == number)).one()
    assert (row.withdrawn_by_name, row.reason) == ("du2", "停电，系统不能用")
    assert "停电，系统不能用" in text_of(supervisor, "/monitoring/violations?month=2026-03&state=withdrawn")


def test_an_excluded_ticket_does_not_count(life: Life, browse: Browse) -> None:
    (ticket, *_more) = a_bad_month(life)
    client = browse(life.staff["du2"])
    before = counted(client)
    asked = petitions.ask(life.db, life.city, ticket, "exclusion", life.people["he"], life.now, {"reason": "不可抗力"})
    petitions.decide(life.db, life.city, asked.id, True, life.people["tou"], life.now, None)
    life.db.commit()
    here = len(life.db.scalars(select(Violation.id).where(Violation.ticket_id == ticket.id)).all())
    assert counted(client) == before - here and here > 0


def counted(client: FlaskClient) -> int:
    found = re.search(r"计入 (\d+) 条", text_of(client, "/monitoring/?month=2026-03"))
    return int(found.group(1)) if found else -1


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_file_adds_up_to_the_page_and_is_written_into_the_book(life: Life, browse: Browse, kind: str) -> None:
    a_bad_month(life)
    client = browse(life.staff["du2"])
    answer = client.post("/monitoring/export", data={"month": "2026-03", "kind": kind})
    if kind == "csv":
        rows = len(answer.get_data(as_text=True).splitlines()) - 1
    else:
        rows = load_workbook(io.BytesIO(answer.get_data()))["逐条"].max_row - 1
    assert rows == counted(client) > 0
    assert life.db.scalars(select(Audit).where(Audit.action == "export")).one().subject == f"monitoring.{kind}"
    life.db.commit()
    assert browse(life.staff["he"]).post("/monitoring/export", data={}).status_code == 403, (
        "a handler takes no lists away"
    )


def test_the_notice_on_paper_is_a_form(life: Life, browse: Browse) -> None:
    (ticket, *_more) = a_bad_month(life)
    page = text_of(browse(life.staff["du2"]), "/monitoring/print?month=2026-03&unit=chengguan")
    assert all(word in page for word in ("12345热线中心", "电子监察月报", "单位盖章", "制表人", ticket.number))
    assert "topbar" not in page and "sidenav" not in page and "13800001234" not in page


def test_a_clock_says_by_what_rule_it_runs(life: Life, browse: Browse) -> None:
    ticket = life.to("to_sign")
    life.db.commit()
    assert "第四十条第（一）项（本市条款待核对）" in text_of(browse(life.staff["he"]), f"/tickets/{ticket.number}")


def test_months_that_nobody_can_mean_are_this_month(life: Life, browse: Browse) -> None:
    client = browse(life.staff["du2"])
    for odd in ("abc", "2026-13", "", "9999-12", "0001-01"):
        assert client.get(f"/monitoring/?month={odd}").status_code == 200, odd


def test_each_rule_of_the_city_is_told_where_it_acts(life: Life, browse: Browse) -> None:
    """Clocks and cards tell theirs on the ticket; everything else in the form that it holds."""
    told = {rule.code for rule in life.city.monitoring.rules.values() if rule.when in ("clock_late", "card")}
    to_sign, handling, closed, replied = (life.to(one) for one in ("to_sign", "handling", "closed", "to_review"))
    ordered = life.to("handling")
    due = (life.now + timedelta(days=2)).isoformat()
    life.do(ordered, "du2", "supervise", text="请说明", until=due)
    life.db.commit()
    pages = {
        "he": (
            f"/tickets/{to_sign.number}/do/object",
            f"/tickets/{handling.number}/petitions/extension",
            f"/tickets/{handling.number}/do/reply",
            f"/tickets/{ordered.number}",
        ),
        "du2": (f"/tickets/{closed.number}/do/reopen",),
    }
    sent_back = life.city.monitoring.rules["sent_back_twice"]
    assert f"记违规：{sent_back.name}。{sent_back.basis}" in text_of(
        browse(life.staff["ren"]), f"/review/{replied.number}"
    )
    for login, addresses in pages.items():
        client = browse(life.staff[login])
        for address in addresses:
            page = text_of(client, address)
            told |= {
                code
                for code, rule in life.city.monitoring.rules.items()
                if f"记违规：{rule.name}。{rule.basis}" in page
            }
    left = {rule.code for rule in life.city.monitoring.rules.values()} - told
    assert left == {"explanation_late"}, (
        "asked by the discipline inspection alone, and told in the same form as an order"
    )
    assert [one.code for one in life.city.monitoring.of_act("answer_directive", "explanation")] == ["explanation_late"]
