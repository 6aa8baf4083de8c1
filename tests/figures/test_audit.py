"""Each night the days are counted from the history again: whatever differs is named to the administrator, and stays as it is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text

from hotline.figures.auditing import audit, last_found
from hotline.figures.rebuilding import rebuild, rebuild_month
from hotline.installation import Installation
from hotline.jobs.schedule import tick
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.reading import folded_until
from models import FigureDifference, FigureMark
from tests.support.cities.folded import all_rows, fold_all, some_days, spoil
from tests.support.life import Life

FEW = 5


def test_days_that_are_as_the_history_says_are_found_well(life: Life) -> None:
    some_days(life)
    assert audit(life.db, life.city, life.now, FEW) == [] == last_found(life.db)


def test_a_number_that_differs_is_named_with_its_day_its_measure_and_both_numbers(life: Life) -> None:
    some_days(life)
    spoiled = spoil(life)
    found = [
        one for one in audit(life.db, life.city, life.now, FEW) if one.day == one.last == spoiled.day and not one.cut
    ]
    assert [(one.measure, one.folded - one.counted) for one in found] == [("direct_close", 3)]


def test_what_differs_is_not_smoothed_by_the_audit_but_by_a_rebuild(life: Life) -> None:
    some_days(life)
    before = all_rows(life.db)
    spoiled = spoil(life)
    audit(life.db, life.city, life.now, FEW)
    assert all_rows(life.db) != before
    rebuild_month(life.db, life.city, spoiled.day, life.now)
    life.db.expire_all()
    assert all_rows(life.db) == before
    assert audit(life.db, life.city, life.now + timedelta(minutes=1), FEW) == [] == last_found(life.db)


def test_each_minute_the_clock_brings_the_days_up_to_now(life: Life, installation: Installation) -> None:
    life.to("closed")
    life.db.commit()
    life.clock.forward(minutes=1)
    for _minute in range(3):
        tick(installation)
    life.db.expire_all()
    assert folded_until(life.db, frame_of(life.city)) == life.now
    assert all_rows(life.db)


def test_other_definitions_make_the_days_anew_by_themselves(life: Life) -> None:
    some_days(life)
    before = all_rows(life.db)
    life.db.get_one(FigureMark, "days").release = "former"
    life.db.flush()
    assert folded_until(life.db, frame_of(life.city)) is None
    fold_all(life.db, life.city, life.now)
    assert all_rows(life.db) == before


def test_differences_of_long_ago_are_forgotten(life: Life) -> None:
    some_days(life)
    spoil(life)
    audit(life.db, life.city, life.now, FEW)
    life.clock.forward(days=100)
    audit(life.db, life.city, life.now, FEW)
    oldest = min(life.db.scalars(select(FigureDifference.found_at)), default=life.now)
    assert life.now - oldest < timedelta(days=91)


def test_making_the_days_anew_may_take_longer_than_a_page(life: Life) -> None:
    """A large city empties millions of rows; the limit of a page's statement would stop it each time."""
    rebuild(life.db, life.city, life.now)
    if life.db.get_bind().dialect.name == "postgresql":
        assert life.db.scalar(text("SHOW statement_timeout")) == "0"
    assert all_rows(life.db) == {}
