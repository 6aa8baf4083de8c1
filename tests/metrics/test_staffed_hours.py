"""An hour is staffed for as long as an agent on duty was there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hotline.metrics.question import Question
from hotline.metrics.staffing import hours_of, staffing
from hotline.staff.duty import set_duty
from models import DutyTime, LoginSession
from tests.support.life import Life


def there(life: Life, who: str, began: float, hours: float, *, on_duty: tuple[float, float] | None = None) -> None:
    """Signed in from `began` (hours after four hours ago) and on duty all the time, or only from and to."""
    start = life.now - timedelta(hours=4)
    left = start + timedelta(hours=began + hours)
    life.db.add(
        LoginSession(
            id=f"{who}{began}",
            staff_id=life.staff[who].id,
            created_at=start + timedelta(hours=began),
            seen_at=left,
            ended_at=left,
        )
    )
    a, b = on_duty or (began, began + hours)
    life.db.add(
        DutyTime(
            staff_id=life.staff[who].id, started_at=start + timedelta(hours=a), ended_at=start + timedelta(hours=b)
        )
    )
    life.db.flush()


def of_four_hours(life: Life) -> Question:
    return Question(life.now - timedelta(hours=4), life.now, life.now)


def test_an_hour_is_staffed_for_the_part_in_which_an_agent_on_duty_was_there(life: Life) -> None:
    there(life, "du", 0, 4)
    there(life, "an", 0, 1.5)
    there(life, "班", 3.25, 0.5)
    found = staffing(life.db, of_four_hours(life))
    assert (found.n, found.of) == (2.0, 4)
    assert [one.share for one in hours_of(life.db, of_four_hours(life))] == [1, 0.5, 0, 0.5]
    assert len(hours_of(life.db, of_four_hours(life), "hit")) == found.parts["hit"] == 1
    assert len(hours_of(life.db, of_four_hours(life), "miss")) == found.parts["miss"] == 3


def test_an_open_page_of_somebody_off_duty_staffs_nothing(life: Life) -> None:
    """A forgotten desk page is nobody on duty. Found at the desks: F3."""
    there(life, "an", 0, 4, on_duty=(0, 1))
    assert staffing(life.db, of_four_hours(life)).n == 1


def test_a_duty_that_nobody_switched_off_ends_with_the_session(life: Life) -> None:
    there(life, "an", 0, 2, on_duty=(0, 4))
    assert staffing(life.db, of_four_hours(life)).n == 2


def test_twenty_four_hours_are_twenty_four_whenever_they_begin(life: Life) -> None:
    """A period of 24 hours has 24, not 25."""
    there(life, "an", -30, 34)
    odd = life.now + timedelta(minutes=17)
    found = staffing(life.db, Question(odd - timedelta(hours=24), odd, odd))
    assert found.of == 24


def test_hours_before_duty_was_written_down_are_left_out_and_said(life: Life) -> None:
    there(life, "an", 2, 2)
    found = staffing(life.db, of_four_hours(life))
    assert (found.n, found.of, found.excluded) == (2, 2, 2)
    assert len(hours_of(life.db, of_four_hours(life), "out")) == 2


def test_switching_duty_writes_its_times_once(life: Life) -> None:
    staff = life.staff["an"]
    for hours, on in ((0, True), (1, True), (2, False), (1, False)):
        life.clock.forward(hours=hours)
        set_duty(life.db, staff, on, life.now)
        life.db.flush()
    (one,) = life.db.scalars(select(DutyTime)).all()
    assert one.ended_at is not None and one.ended_at - one.started_at == timedelta(hours=3)
