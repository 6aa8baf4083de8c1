"""What readers see of figures that are kept by day: the same numbers, until when they are told, and what the audit found."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from hotline.figures.by_the_clock import audit_days
from hotline.figures.rebuilding import rebuild
from hotline.installation import Installation
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.reading import folded_until
from models import Staff
from tests.support.cities.folded import fold_all, some_days, spoil
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


def test_the_administrator_and_the_health_check_hear_of_it(
    life: Life, browse: Browse, installation: Installation
) -> None:
    some_days(life)
    spoil(life)
    life.db.commit()
    audit_days(installation, life.now)
    assert browse(life.staff["an"]).get("/healthz").get_json()["figures_differ"] > 0
    life.db.commit()
    page = browse(life.staff["tou"]).get("/admin/").text
    assert "每日数字对账" in page and "直接办结率" in page and "hotline figures rebuild" in page


def test_while_the_days_are_made_anew_pages_count_from_the_history(life: Life, browse: Browse) -> None:
    some_days(life)
    rebuild(life.db, life.city, life.now)
    life.db.commit()
    assert folded_until(life.db, frame_of(life.city)) is None
    life.db.commit()
    page = browse(life.staff["tou"]).get("/overview/?period=7d").text
    assert "每日数字正在生成" in page and "按时办结率" in page


def numbers(page: str) -> list[str]:
    """Every number that leads to its tickets, by figure and part; the moments of the links are left out."""
    return re.findall(r"metric=(\w+)&amp;part=(\w+)[^>]*>([^<]*)<", page)


def test_the_pages_say_the_same_by_day_as_from_the_history(life: Life, browse: Browse) -> None:
    some_days(life)
    life.db.commit()
    client, paths = (
        browse(life.staff["tou"]),
        ("", "?by=category", "?unit=chengguan", "?period=month", "districts", "doors"),
    )
    folded = [client.get(f"/overview/{path}").text for path in paths]
    assert all("数字统计到" in page for page in folded)
    rebuild(life.db, life.city, life.now)
    life.db.commit()
    counted = [client.get(f"/overview/{path}").text for path in paths]
    assert all("每日数字正在生成" in page for page in counted)
    assert [numbers(page) for page in folded] == [numbers(page) for page in counted]
    assert numbers(folded[0])


def test_days_that_are_told_too_far_back_say_so(life: Life, browse: Browse) -> None:
    some_days(life)
    life.db.commit()
    until = life.now
    life.clock.forward(hours=1)
    page = browse(life.staff["tou"]).get("/overview/").text
    assert "后台时钟可能没有运行" in page and "每日数字正在生成" not in page
    fold_all(life.db, life.city, life.now)
    life.db.commit()
    assert "后台时钟可能没有运行" not in browse(life.staff["tou"]).get("/overview/").text
    assert life.now - until == timedelta(hours=1)
