"""The overview: honest figures, each one openable down to its tickets, and nobody sees more than their own."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.installation import Installation
from hotline.metrics.counting import DEFINITIONS
from hotline.staff.duty import set_duty
from hotline.tickets import petitions
from hotline.tickets.act import lock
from models import Audit, Call, Survey, Ticket
from tests.support.life import Life
from tests.support.statements import statements

Browse = Callable[[Any], FlaskClient]


@pytest.fixture
def head(life: Life, browse: Browse) -> FlaskClient:
    """The head of the hotline before a city in which a little of everything has happened."""
    for state in ("to_dispatch", "to_sign", "in_objection", "handling", "to_review", "closed", "closed", "declined"):
        life.to(state)
    angry = life.to("to_follow_up")
    life.do(angry, "citizen", "note_dissatisfied")
    life.do(angry, "hui", "close_judged")
    for n, waited in enumerate((3, 20, None)):
        began = life.now
        life.db.add(
            Call(
                provider="t",
                provider_id=f"C{n}",
                from_phone="13800001234",
                to_phone="12345",
                started_at=began,
                state="missed" if waited is None else "ended",
                answered_at=None if waited is None else began.replace(second=waited),
            )
        )
    life.clock.forward(days=4)
    life.db.commit()
    return browse(life.staff["tou"])


def figures_with_links(page: str) -> Iterator[tuple[str, int]]:
    """(address of the list, the number that stands in the link), wherever a number leads to a list."""
    for href, text in re.findall(r'<a href="(/overview/tickets\?[^"]+)">([^<]+)</a>', page):
        if text.strip().isdigit():
            yield href.replace("&amp;", "&"), int(text)


def test_every_number_on_the_page_opens_a_list_of_as_many(head: FlaskClient) -> None:
    page = head.get("/overview/?period=7d").text
    links = [link for link in figures_with_links(page) if "staffing" not in link[0]]
    assert len(links) > 40
    for href, figure in links:
        shown = head.get(href)
        assert shown.status_code == 200, href
        count = re.search(r'pager-count num">共 (\d+) 条', shown.text)
        assert count and int(count[1]) == figure, unquote(href)


def test_a_leader_sees_the_own_units_numbers_only(head: FlaskClient, life: Life, browse: Browse) -> None:
    """VH2."""
    leader = browse(life.staff["hejt"])
    page = leader.get("/overview/?period=7d").text
    assert "接通率" not in page
    assert "市教育局" not in page
    assert leader.get("/overview/tickets?metric=connection&part=of&period=7d").status_code == 404
    assert leader.get("/overview/tickets?metric=staffing&period=7d").status_code == 404
    mine = leader.get("/overview/?period=7d&unit=education").text
    assert "按时办结率" in mine, "another unit's code asks for nothing: the own numbers are shown"
    stranger = life.staff["chang"]
    stranger.roles = ["unit_leader"]
    life.db.commit()
    shown = browse(stranger).get("/overview/tickets?metric=on_time&part=of&period=7d").text
    assert "共 0 条" in shown


def test_what_may_not_be_seen_is_neither_listed_nor_counted(head: FlaskClient, life: Life, browse: Browse) -> None:
    sealed = life.db.scalars(select(Ticket).where(Ticket.state == "closed").limit(1)).one()
    sealed.privacy, sealed.title = "sealed", "举报某人"
    life.db.commit()
    address = "/overview/tickets?metric=on_time&part=of&period=7d"
    assert "举报某人" in head.get(address).text
    quality = life.staff["班"]
    seen = browse(quality).get(address).text
    assert "举报某人" not in seen and "另有 1 条" not in seen


def test_who_has_no_overview_is_refused(life: Life, browse: Browse) -> None:
    assert browse(life.staff["mei"]).get("/overview/").status_code == 403


def test_a_handler_reads_the_own_units_figures(head: FlaskClient, life: Life, browse: Browse) -> None:
    """A unit's handler had no figures at all."""
    page = browse(life.staff["he"]).get("/overview/?period=7d").text
    assert "按时签收率" in page and "接通率" not in page and "市教育局" not in page


@pytest.mark.parametrize(
    "query",
    [
        "period=today",
        "period=yesterday",
        "period=30d",
        "period=month",
        "by=category",
        "by=channel",
        "by=area",
        "from=2026-03-01&to=2026-03-31",
        "category=02",
        "unit=chengguan",
        "sort=-on_time",
        "period=nonsense",
    ],
)
def test_every_period_and_grouping_is_a_page(head: FlaskClient, query: str) -> None:
    assert head.get(f"/overview/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-13-99",
        "from=2026-03-05&to=2026-03-01",
        "from=1900-01-01&to=2026-01-01",
        "from=9999-12-31&to=9999-12-31",
    ],
)
def test_a_wrong_period_is_said_and_the_last_thirty_days_are_shown(head: FlaskClient, query: str) -> None:
    page = head.get(f"/overview/?period=custom&{query}")
    assert page.status_code == 200
    assert 'class="problems"' in page.text


def test_an_empty_city_has_a_calm_overview(life: Life, browse: Browse) -> None:
    page = browse(life.staff["tou"]).get("/overview/").text
    assert "这段时间没有数据。" in page
    assert "没有明显增长的事项。" in page


def test_the_statements_do_not_grow_with_the_tickets(head: FlaskClient, life: Life, installation: Installation) -> None:
    with statements(installation.engine) as few:
        head.get("/overview/?period=7d")
    for _n in range(5):
        life.to("closed")
    life.db.commit()
    with statements(installation.engine) as many:
        head.get("/overview/?period=7d")
    assert len(many) == len(few) < 50


def test_the_csv_adds_up_to_the_page_and_says_what_is_left_out(head: FlaskClient, life: Life) -> None:
    life.db.scalars(select(Ticket).where(Ticket.state == "closed").limit(1)).one().excluded = True
    life.db.commit()
    answer = head.post("/overview/export?period=7d", data={"kind": "csv"})
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    whole = {row["指标"]: row for row in rows if row["分组"] == "全部"}
    assert (whole["按时办结率"]["分母"], whole["按时办结率"]["剔除"], whole["按时办结率"]["剔除原因"]) == (
        "2",
        "1",
        "经批准剔除统计 1",
    )
    for group in ("按单位", "按类别", "按渠道", "按区县"):
        for figure in ("按时办结率", "转办满意率（结果）", "解决率"):
            held = [row for row in rows if row["分组"] == group and row["指标"] == figure]
            assert sum(int(row["分母"]) for row in held) == int(whole[figure]["分母"]), (group, figure)
    assert life.db.scalars(select(Audit.subject).where(Audit.action == "export")).all() == ["overview.csv"]
    assert "138000" not in answer.data.decode()


@pytest.mark.parametrize("key", ["dispatch_24h", "sign_24h", "contact_24h"])
def test_signing_and_contact_stand_beside_every_unit_and_in_the_file(head: FlaskClient, key: str) -> None:
    """Which unit signs or contacts late stood in no table; it took one filter for each unit. Found at the desks: F12."""
    name = DEFINITIONS[key].name
    tables = (
        head.get("/overview/?period=7d&by=unit").text.partition('<section id="tables">')[2].partition("</section>")[0]
    )
    assert re.search(rf'<th scope="col" class="cell-num"[^>]*>\s*<a class="sort[^"]*"[^>]*>{re.escape(name)}', tables)
    answer = head.post("/overview/export?period=7d", data={"kind": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row for row in rows if row["分组"] == "按单位" and row["指标"] == name]


def test_the_workbook_opens(head: FlaskClient) -> None:
    import openpyxl

    answer = head.post("/overview/export?period=7d", data={"kind": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)
    figures = list(book["指标"].iter_rows(values_only=True))
    assert figures[0][:3] == ("分组", "名称", "指标")
    assert any(row[2] == "按时办结率" and row[5] == 3 for row in figures)


def test_lists_turn_their_pages_and_lose_nothing(life: Life, browse: Browse) -> None:
    for n in range(60):
        life.do(life.ticket(phone=f"1380000{n:04d}"), "an", "answer_directly")
    life.clock.forward(hours=1)
    life.db.commit()
    client, seen = browse(life.staff["tou"]), []
    address: str | None = "/overview/tickets?metric=direct_close&part=hit&period=7d"
    while address:
        page = client.get(address).text
        seen += re.findall(r'id="row-(\w+)"', page)
        onward = re.search(r'rel="next" data-key="\]" href="([^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else None
    assert len(seen) == len(set(seen)) == 60


def test_the_overview_is_english_for_an_english_reader(head: FlaskClient) -> None:
    head.set_cookie("hotline_language", "en")
    page = head.get("/overview/?period=7d").text
    assert "On-time close" in page
    assert "按时办结率" not in page


def test_what_is_left_out_says_why_and_of_an_exclusion_who_decided(life: Life, browse: Browse) -> None:
    """Found at the desks: F8."""
    ticket = life.to("handling")
    asked = petitions.ask(
        life.db, life.city, lock(life.db, ticket.id), "exclusion", life.people["hejt"], life.now, {"reason": "暴雨停工"}
    )
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, "同意")
    life.clock.forward(days=2)
    life.db.commit()
    page = browse(life.staff["tou"]).get("/overview/tickets?metric=sign_24h&part=out&period=7d").text
    assert "经批准剔除统计：暴雨停工（hejt申请，du2" in page and "批准）" in page
    assert "市民评价不满意之后才申请" not in page


def test_an_exclusion_asked_for_after_a_bad_rating_says_so_and_the_rating_counts(life: Life, browse: Browse) -> None:
    """One switch for different truths; the list names reason, asker, decider, and that the citizen had spoken before."""
    ticket = life.to("to_follow_up")
    life.do(ticket, "citizen", "note_dissatisfied")
    life.clock.forward(hours=1)
    life.do(ticket, "hui", "close_judged")
    life.clock.forward(hours=1)
    asked = petitions.ask(
        life.db, life.city, lock(life.db, ticket.id), "exclusion", life.people["hejt"], life.now, {"reason": "暴雨停工"}
    )
    petitions.decide(life.db, life.city, asked.id, True, life.people["du2"], life.now, "同意")
    life.clock.forward(days=2)
    life.db.commit()
    head = browse(life.staff["tou"])
    out = head.get("/overview/tickets?metric=on_time&part=out&period=30d").text
    assert "暴雨停工（hejt申请，du2" in out and "市民评价不满意之后才申请" in out
    rated = head.get("/overview/tickets?metric=satisfied&part=of&period=30d").text
    assert ticket.number in rated, "what the citizen had said is not taken back"


def test_tickets_without_a_unit_stand_under_what_became_of_them(life: Life, browse: Browse) -> None:
    """ "not yet dispatched" held five other kinds of tickets. Found at the desks: F6."""
    for state in ("to_dispatch", "declined", "merged", "transferred"):
        life.to(state)
    life.do(life.ticket(), "an", "answer_directly")
    life.clock.forward(hours=1)
    life.db.commit()
    head = browse(life.staff["tou"])
    page = head.get("/overview/?period=7d&by=unit").text
    for name in ("（尚未派单）", "（直接答复）", "（不予受理）", "（已合并）", "（已转接）"):
        assert name in page
    shown = head.get("/overview/tickets?metric=direct_close&part=of&period=7d&unit=%3Ddirect&exact=1").text
    assert re.search(r'pager-count num">共 1 条', shown)


def test_the_worst_of_the_open_and_late_stands_beside_the_on_time_rate(life: Life, browse: Browse) -> None:
    """100 % on time while a ticket was nine days late."""
    life.to("handling")
    life.clock.forward(days=30)
    life.db.commit()
    head = browse(life.staff["tou"])
    page = head.get("/overview/?period=7d").text
    assert "在办超期率" in page and re.search(r"最长已超 \d+ 天", page)
    assert re.search(
        r'pager-count num">共 1 条', head.get("/overview/tickets?metric=open_late&part=hit&period=7d").text
    )


def test_the_hours_behind_staffing_open_by_their_part(life: Life, browse: Browse) -> None:
    """The links opened "0 hours". Found at the desks: F3."""
    set_duty(life.db, life.staff["an"], True, life.now)
    life.clock.forward(hours=3)
    life.db.commit()
    page = browse(life.staff["tou"]).get("/overview/tickets?metric=staffing&part=miss&period=today").text
    assert "共 3 小时" in page


def test_the_share_of_valid_answers_is_shown_only_when_somebody_judged_one(life: Life, browse: Browse) -> None:
    """The figure was participation under another name."""
    closed = life.to("closed")
    life.clock.forward(hours=1)
    life.db.commit()
    head = browse(life.staff["tou"])
    assert "有效回访率" not in head.get("/overview/?period=7d").text
    life.db.query(Survey).filter_by(ticket_id=closed.id).one().valid = False
    life.db.commit()
    assert "有效回访率" in head.get("/overview/?period=7d").text


def test_days_that_were_chosen_are_kept_from_page_to_page(head: FlaskClient) -> None:
    days = {"period": "custom", "from": "2026-03-01", "to": "2026-03-05"}
    said = "period=custom&amp;from=2026-03-01&amp;to=2026-03-05"
    page = head.get("/overview/", query_string=days).text
    for path in ("districts", "doors", "people"):
        assert f'/overview/{path}?{said}"' in page
        assert f'/overview/?{said}"' in head.get(f"/overview/{path}", query_string=days).text
