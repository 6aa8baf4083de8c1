"""A limit that runs into a year without a holiday notice says so where people see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

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
