"""The month of those who came back by every way, on paper and behind its figures: the numbers worked out by hand, now and a month later."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from hotline.clock import StoppedClock
from hotline.metrics.counting import DEFINITIONS
from tests.support.cities.months import MIDNIGHT
from tests.support.cities.ways_back import FIRST, SECOND, STORIES, WaysBack
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]
MARCH = "period=custom&from=2026-03-02&to=2026-03-31"
APRIL = "period=custom&from=2026-04-01&to=2026-04-30"
BY_UNIT = ("on_time", "sign_24h", "contact_24h", "accuracy", "satisfied")


@pytest.fixture
def months(life: Life, clock: StoppedClock) -> WaysBack:
    clock.at = MIDNIGHT
    return WaysBack(life, STORIES)


def printed(head: FlaskClient, period: str) -> tuple[dict[str, tuple[float, int, int]], dict[str, tuple[float, int]]]:
    """The sheet of the workbook: each figure of the whole, and the sums over its units."""
    answer = head.post(f"/overview/export?{period}", data={"kind": "xlsx"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:3000]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data), read_only=True)["指标"]
    whole: dict[str, tuple[float, int, int]] = {}
    units: dict[str, tuple[float, int]] = {}
    for group, _name, figure, _value, hits, of, out, *_more in sheet.iter_rows(values_only=True):
        if group == "全部":
            whole[figure] = (hits, of, out)
        elif group == "按单位":
            n, many = units.get(figure, (0, 0))
            units[figure] = (n + hits, many + of)
    return whole, units


def listed(head: FlaskClient, period: str, key: str, part: str) -> int:
    """How many rows stand behind this part of a figure, page after page."""
    path, found = f"/overview/tickets?{period}&metric={key}&part={part}", 0
    while path:
        page = head.get(path).get_data(as_text=True)
        found += len(re.findall(r"<tr[^>]*>\s*<td", page))
        onward = re.search(r'href="([^"]*after=[^"]*)"', page)
        path = onward.group(1).replace("&amp;", "&") if onward else ""
    return found


def test_report_workbook_and_lists_say_what_was_worked_out_by_hand(months: WaysBack, browse: Browse) -> None:
    life = months.life
    months.live_until("30.00")
    life.db.commit()
    head = browse(life.staff["tou"])
    assert_as_by_hand(head, MARCH, FIRST)
    months.live_until("60.00")
    life.db.commit()
    head = browse(life.staff["tou"])
    assert_as_by_hand(head, MARCH, FIRST)
    assert_as_by_hand(head, APRIL, SECOND)


def assert_as_by_hand(head: FlaskClient, period: str, by_hand: dict[str, tuple[float, int, int]]) -> None:
    whole, units = printed(head, period)
    assert len(whole.keys() & {str(DEFINITIONS[key].name) for key in by_hand}) >= 9
    for key, held in by_hand.items():
        name = str(DEFINITIONS[key].name)
        if name in whole:
            assert whole[name] == held, (period, key)
        assert listed(head, period, key, "of") == held[1], (period, key)
        assert listed(head, period, key, "out") == held[2], (period, key)
        if key in BY_UNIT:
            assert units.get(name, (0, 0)) == held[:2], (period, key)
