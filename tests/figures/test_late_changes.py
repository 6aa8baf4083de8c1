"""What comes late rewrites its own days, from the day on which it came, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from hotline.metrics.days import reading
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.history_counts import Tally
from hotline.metrics.days.sources import SOURCES
from hotline.metrics.definitions import CONTACTS
from models import FigureTicket, Survey, Ticket
from tests.support.cities.folded import all_rows, fold_all, question, told_apart
from tests.support.life import Life


def closed_over_a_month(life: Life) -> list[Ticket]:
    """Five tickets, each closed some days after the one before; a month goes by."""
    closed = []
    for _n in range(5):
        closed.append(life.to("closed"))
        life.clock.forward(days=3)
    life.clock.forward(days=30)
    fold_all(life.db, life.city, life.now)
    return closed


def rewritten(life: Life, before: dict[tuple[object, ...], int]) -> set[tuple[date, date]]:
    """(day, since) of everything that is not as it was; volumes aside, which go by the desk on which a ticket lies now."""
    life.db.expire_all()
    after = all_rows(life.db)
    keys = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key) and key[4] != "contacts"}
    return {(key[2], key[3]) for key in keys}  # type: ignore[misc]


def postings(life: Life) -> dict[int, str]:
    return {one.ticket_id: one.postings for one in life.db.scalars(select(FigureTicket)).all()}


def test_a_late_reopening_changes_its_day_and_nothing_else(life: Life) -> None:
    tickets = closed_over_a_month(life)
    frame, late = frame_of(life.city), tickets[1]
    closed_on, today = frame.day_of(late.closed_at or life.now), frame.day_of(life.now)
    before, put, month = all_rows(life.db), postings(life), _month(life, closed_on)

    life.do(late, "du2", "reopen")
    life.clock.forward(minutes=1)
    fold_all(life.db, life.city, life.now)

    changed = rewritten(life, before)
    assert (closed_on, today) in changed, "what was closed came back: from today on its day says so"
    assert {since for _day, since in changed} == {today}
    assert {day for day, _since in changed} <= {closed_on, today, today.replace(day=1)}
    assert {one for one, told in postings(life).items() if told != put[one]} == {late.id}
    assert _month(life, closed_on) == month, "the printed month stays what it was"
    assert told_apart(life.db, question(life.city, closed_on, today, life.now), ("", "unit")) == []


def test_an_answer_marked_invalid_is_taken_out_of_its_own_day(life: Life) -> None:
    """The history itself is put right: the day of the answer says so for ever, and no other does."""
    from hotline.metrics.days.changes import note_changed

    tickets = closed_over_a_month(life)
    answer = life.db.scalars(select(Survey).where(Survey.ticket_id == tickets[2].id)).one()
    assert answer.answered_at is not None
    before, day = all_rows(life.db), frame_of(life.city).day_of(answer.answered_at)
    answer.valid = False
    note_changed(life.db, [answer.ticket_id])
    life.clock.forward(minutes=1)
    fold_all(life.db, life.city, life.now)
    assert rewritten(life, before) == {(day, day)}


def test_days_can_be_read_one_by_one(life: Life) -> None:
    tickets = closed_over_a_month(life)
    day = frame_of(life.city).day_of(tickets[0].closed_at or life.now)
    rows = {row.measure: row for row in reading.days(life.db, day, day + timedelta(days=1))}
    assert (rows["on_time"].hit, rows["on_time"].miss) == (1, 0) and rows["contacts"].hit == 1
    assert {row.value for row in reading.days(life.db, day, day, "unit") if row.measure == "on_time"} == {"chengguan"}


def _month(life: Life, day: date) -> dict[object, Tally]:
    """Its thirty days from the first on, as they stood at their end, told apart by unit."""
    asked = question(life.city, day.replace(day=1), day.replace(day=1) + timedelta(days=29), life.now)
    wanted = [one for held in SOURCES.values() for one in held if one is not CONTACTS]
    return reading.tallies(life.db, asked, wanted, "unit") or {}
