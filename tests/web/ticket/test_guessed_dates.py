"""A limit that runs into a year without a holiday notice says so where people see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from hotline.clock import StoppedClock
from models import Staff
from tests.support.life import Life


@pytest.mark.parametrize(
    ("day", "marked"), [(datetime(2026, 12, 31, 2, tzinfo=UTC), True), (datetime(2026, 3, 4, 2, tzinfo=UTC), False)]
)
def test_a_date_in_a_year_without_notice_is_marked(
    life: Life, browse: Callable[[Staff], FlaskClient], day: datetime, marked: bool
) -> None:
    life.clock.at = day
    life.to("handling")
    life.db.commit()
    page = browse(life.staff["du2"]).get("/search/?open=1").text
    assert ("暂计" in page) is marked
    assert ("2027 年的放假通知还没有录入" in page) is marked


def test_a_deadline_over_the_national_day_says_from_when_it_counts(
    life: Life, browse: Callable[[Staff], FlaskClient], clock: StoppedClock
) -> None:
    """Sent out on Wednesday 30 September at half past six in the evening: work begins on the 8th, and Saturday the 10th is worked."""
    clock.at = datetime(2026, 9, 30, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)
    ticket = life.ticket()
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    page = browse(life.staff["du"]).get(f"/tickets/{ticket.number}").text
    clocks = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert re.search(
        r"办结剩.{0,12}5 个工作日 · 09-30 18:30 · 非工作时间，顺延到 10-08 08:30 起算 → 10-14 08:30", clocks
    )
