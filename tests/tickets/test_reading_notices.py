"""Reading is each person's own, and what was read long ago leaves one number behind instead of rows."""

from __future__ import annotations

from sqlalchemy import func, select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.tidying import forget_old
from hotline.messages.compose import tell_staff
from hotline.messages.notice_readings import count_unread, read
from models import Message, NoticeReading, Staff
from tests.support.life import Life

KEY = "wait_over"


def tell(life: Life, **to: str) -> Message:
    message = tell_staff(life.db, life.city, KEY, life.now, {"number": "1"}, **to)  # type: ignore[arg-type]
    life.db.flush()
    return message


def rows(life: Life) -> int:
    return life.db.scalar(select(func.count()).select_from(NoticeReading)) or 0


def test_a_unit_and_a_role_share_a_notice_and_each_reads_it_alone(life: Life) -> None:
    units, roles = tell(life, unit="chengguan"), tell(life, role="handler")
    read(life.db, life.people["he"], life.now, [units.id, roles.id])
    assert {who: count_unread(life.db, life.people[who]) for who in ("he", "hejt", "chang")} == {
        "he": 0,
        "hejt": 1,
        "chang": 1,
    }


def test_reading_twice_reads_once(life: Life) -> None:
    shared = tell(life, unit="chengguan")
    assert [read(life.db, life.people["he"], life.now, [shared.id]) for _ in range(2)] == [1, 0]


def test_what_is_read_and_settled_leaves_a_number_and_no_rows(life: Life, clock: StoppedClock) -> None:
    first, second, third = (tell(life, unit="chengguan") for _ in range(3))
    clock.forward(minutes=6)
    read(life.db, life.people["he"], life.now, [first.id, third.id])
    life.db.expire_all()
    assert (life.db.get_one(Staff, life.staff["he"].id).notices_read_to, rows(life)) == (second.id - 1, 1)
    read(life.db, life.people["he"], life.now)
    life.db.expire_all()
    assert (life.db.get_one(Staff, life.staff["he"].id).notices_read_to, rows(life)) == (third.id, 0)
    assert count_unread(life.db, life.people["hejt"]) == 3


def test_a_notice_that_is_written_late_is_not_passed_over(life: Life, clock: StoppedClock) -> None:
    """A number may be taken before and committed after one that is read meanwhile."""
    late, read_now = tell(life, unit="education"), tell(life, unit="chengguan")
    read(life.db, life.people["he"], life.now)
    late.unit_code = "chengguan"
    life.db.flush()
    assert read_now.id > late.id and count_unread(life.db, life.people["he"]) == 1


def test_old_notices_go_with_their_readings(installation: Installation, life: Life, clock: StoppedClock) -> None:
    tell(life, unit="chengguan")
    read(life.db, life.people["he"], life.now)
    clock.forward(days=life.city.policy.retention_days + 1)
    young = tell(life, unit="chengguan")
    life.db.commit()
    forget_old(installation, clock.now())
    assert (life.db.scalars(select(Message.id)).all(), rows(life)) == ([young.id], 0)
