"""No figure tells that there is a sealed matter to somebody who may not open it: they are counted for those alone who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from hotline.cells.days import day_figures
from hotline.figures.rebuilding import rebuild
from hotline.metrics.days.changes import note_changed
from hotline.metrics.days.frame import frame_of
from hotline.public_board.figures import figures as open_figures
from models import Ticket
from tests.support.cities.folded import all_rows, fold_all, question, told_apart
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]
PAGES = (
    "/overview/?by=unit",
    "/overview/?by=category&unit=chengguan",
    "/overview/?by=area&category=02",
    "/overview/?by=channel&category=02&area=-&unit=chengguan",
    "/overview/districts?x=1",
    "/overview/doors?x=1",
    "/overview/people?desk=dispatchers",
)
WITHOUT = ("班", "shi", "ji", "he", "an", "hui")
"""Who may open no sealed matter."""


@pytest.fixture
def city_of_four(life: Life) -> list[Ticket]:
    """Three ended matters and an open one, a week ago, none of them sealed yet."""
    found = [life.to(state) for state in ("closed", "closed", "closed", "handling")]
    life.clock.forward(days=3)
    fold_all(life.db, life.city, life.now)
    life.db.commit()
    return found


def seal(life: Life, tickets: list[Ticket]) -> None:
    """Two of them are sealed, an ended one and the open one."""
    for ticket in (tickets[1], tickets[3]):
        ticket.privacy = "sealed"
        note_changed(life.db, [ticket.id])
    fold_all(life.db, life.city, life.now)
    life.db.commit()


@pytest.mark.parametrize("login", WITHOUT)
@pytest.mark.parametrize("folded", [True, False], ids=["by day", "from the history"])
def test_every_number_is_that_of_a_city_without_them(
    life: Life, browse: Browse, city_of_four: list[Ticket], login: str, folded: bool
) -> None:
    """As if the two had never come: what leads to a list counts exactly what the list may show."""
    seal(life, city_of_four)
    if not folded:
        rebuild(life.db, life.city, life.now)
        life.db.commit()
    client, checked = browse(life.staff[login]), 0
    for address in PAGES:
        page = client.get(f"{address}&period=7d")
        if page.status_code == 404 and "/people" in address:
            continue
        links = re.findall(r'<a href="(/overview/(?:tickets|doors/tickets)\?[^"]+)">\s*(\d+)\s*</a>', page.text)
        checked += len(links)
        for href, number in links:
            shown = client.get(unescape(href)).text
            assert login == "ji" or "条计入了这个数字" not in shown, unescape(href)
            of_list = re.search(r'pager-count num">共 (\d+) 条', shown)
            if login != "ji" and of_list and "staffing" not in href and "metric=con" not in href:
                assert int(of_list[1]) == int(number), unescape(href)
    assert checked > 40


def test_the_taken_in_of_a_single_cell_is_nothing(life: Life, browse: Browse, city_of_four: list[Ticket]) -> None:
    """Day × unit × kind × door: the figure with which a single sealed report could be looked for."""
    sealed = city_of_four[3]
    seal(life, city_of_four)
    cell = f"&category={sealed.category_code}&channel={sealed.channel}&unit={sealed.unit_code}&by=area"
    day = f"{sealed.created_at:%Y-%m-%d}"
    address = f"/overview/?period=custom&from={day}&to={day}{cell}"
    for login, many in (("shi", 2), ("tou", 4), ("hejt", 4), ("he", 2)):
        page = browse(life.staff[login]).get(address).text
        bars = re.search(r'"data": ?\[([^\]]*)\]', unescape(page))
        assert bars and sum(map(int, bars[1].split(","))) == many, login


def test_files_leave_without_them_or_say_that_they_are_in(
    life: Life, browse: Browse, city_of_four: list[Ticket]
) -> None:
    seal(life, city_of_four)
    ours = browse(life.staff["shi"]).post("/overview/export?period=7d", data={"kind": "xlsx"})
    heads = browse(life.staff["tou"]).post("/overview/export?period=7d", data={"kind": "xlsx"})
    assert "sealed" not in ours.headers["Content-Disposition"]
    assert "-with-sealed.xlsx" in heads.headers["Content-Disposition"]
    taken = [_taken_in(answer.data) for answer in (ours, heads)]
    assert taken == [
        ("数字不含密封工单。", 2),
        ("数字含密封工单；分得很细的数字能指出某一件，不要给无权查看密封工单的人。", 4),
    ]


def _taken_in(body: bytes) -> tuple[str, int]:
    book = load_workbook(BytesIO(body))
    about = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    line = next(row for row in book.worksheets[1].iter_rows(values_only=True) if row[2] == "直接办结率")
    return str(about["密封工单"]), int(str(line[5]))


def test_what_goes_to_others_counts_none(life: Life, city_of_four: list[Ticket]) -> None:
    """The province, the open figures of a month: as if they had never come."""
    frame, now = frame_of(life.city), life.now
    day = frame.day_of(city_of_four[0].created_at)
    seal(life, city_of_four)
    told = day_figures(life.db, life.city, day, day, now, True)[day]
    of = {name.partition("@")[0]: numbers for name, numbers in told.items()}
    assert of["taken"] == [2.0] and of["direct_close"][1] == 2.0, sorted(told)
    life.clock.forward(days=40)
    month = open_figures(life.db, life.city, day.replace(day=1), life.now)
    assert month.total is None, "two are fewer than are told"


def test_days_tell_sealed_ones_apart_and_forget_that_when_the_seal_is_lifted(
    life: Life, city_of_four: list[Ticket]
) -> None:
    day = frame_of(life.city).day_of(city_of_four[0].created_at)
    asked = question(life.city, day, frame_of(life.city).day_of(life.now), life.now)
    before = all_rows(life.db)
    seal(life, city_of_four)
    assert told_apart(life.db, asked) == []
    assert {key[0] for key in all_rows(life.db)} > {"", "sealed", "sealed+unit", "sealed+unit+category"}
    for ticket in city_of_four:
        ticket.privacy = "masked"
    note_changed(life.db, [one.id for one in city_of_four])
    fold_all(life.db, life.city, life.now)
    assert all_rows(life.db) == before
