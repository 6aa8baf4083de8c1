"""What is told of how long matters took is what the city's own history says, and comes true as often as is told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import speaking
from hotline.installation import Installation
from hotline.waiting_time.coverage import check, coverage
from hotline.waiting_time.measured import WARM, Wait, season_of, waits, working_days
from hotline.waiting_time.nightly import HISTORY, learn_waiting_times, tell
from hotline.waiting_time.ranges import Kind, Range, middle, ranges
from hotline.waiting_time.told import range_for, sentence
from models import TakingBack, WaitingCheck, WaitingTime
from routing.spans import Span
from tests.support.make import CHENGGUAN, ELSEWHERE
from tests.support.planted.waits import close_again, closed_ticket
from tests.support.statements import statements

NOW = datetime(2026, 3, 20, 2, tzinfo=UTC)
OPENED = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday at ten."""


def closed(db: Session, city: City, days: int, **more: Any) -> Any:
    """Closed within its `days`-th working day, two minutes before that day is over."""
    opened_at = more.pop("opened_at", OPENED)
    end = city.calendar.add(opened_at, Span(days, "wd")) - timedelta(minutes=2)
    return closed_ticket(db, opened_at, end, **more)


def measured(db: Session, city: City, now: datetime = NOW) -> list[Wait]:
    return list(waits(db, city, now - HISTORY, now))


def learn(db: Session, city: City, now: datetime = NOW) -> dict[Kind, Range]:
    found = ranges(measured(db, city, now), city.policy.few_waits)
    tell(db, found, now)
    return found


def test_the_quantiles_by_hand() -> None:
    """Of 39 values the 4th and the 36th: 33 of 39 lie between. Of 30 equal ones the one value."""
    shuffled = random.Random(1).sample(range(1, 40), 39)
    assert middle(shuffled) == Range(4, 36, 33 / 39, 39)
    assert middle([3] * 30) == Range(3, 3, 1.0, 30)
    assert middle(range(1, 10)) == Range(1, 9, 1.0, 9)


def test_days_are_the_citys_working_days(city: City) -> None:
    """Friday at ten to Monday at half past nine is one working day, to half past ten it is two."""
    friday = datetime(2026, 3, 6, 2, tzinfo=UTC)
    monday = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    assert working_days(city, friday, monday) == 1
    assert working_days(city, friday, monday + timedelta(hours=1)) == 2
    assert working_days(city, friday, friday) == 1


def test_planted_history_is_told_by_unit_by_category_and_by_kind(db: Session, city: City) -> None:
    """30 by one unit (1 to 10 days, three each), 5 by another and 5 of a sister category: ranks 3 and 28; of 40, ranks 4 and 37."""
    for days in range(1, 11):
        for _ in range(3):
            closed(db, city, days)
    for _ in range(5):
        closed(db, city, 11, unit=ELSEWHERE)
    found = learn(db, city, NOW)
    assert found == {
        Kind("0601", CHENGGUAN): Range(1, 10, 1.0, 30),
        Kind("0601"): Range(1, 11, 1.0, 35),
        Kind("06"): Range(1, 11, 1.0, 35),
    }
    for _ in range(5):
        closed(db, city, 12, category="0602")
    assert learn(db, city)[Kind("06")] == Range(2, 12, 37 / 40, 40)


def test_only_matters_that_a_unit_handled_to_the_end_count_and_by_their_first_closing(db: Session, city: City) -> None:
    ticket = closed(db, city, 2)
    close_again(db, ticket, NOW - timedelta(days=1))
    for state in ("void", "merged", "declined", "transferred"):
        closed(db, city, 3, state=state)
    closed(db, city, 3, excluded=True)
    closed(db, city, 3, action="withdraw")
    closed(db, city, 3, category=None)
    at_once = closed(db, city, 1, action="answer_directly")
    close_again(db, at_once, NOW - timedelta(days=2))
    closed(db, city, 1, action="bring_closed", close_kind="brought")
    closed_ticket(db, OPENED, None)
    closed_ticket(db, NOW - HISTORY - timedelta(days=9), NOW - HISTORY - timedelta(days=1))
    assert [(wait.category, wait.top, wait.days) for wait in measured(db, city)] == [("0601", "06", 2)]


def test_a_closing_that_was_taken_back_is_none(db: Session, city: City) -> None:
    ticket = closed(db, city, 2)
    event = close_again(db, closed_ticket(db, OPENED, None), OPENED + timedelta(days=1))
    db.add(TakingBack(event_id=event.id, ticket_id=event.ticket_id, changed={}, undone_at=NOW))
    db.flush()
    assert [wait.closed_at for wait in measured(db, city)] == [ticket.closed_at]


def test_nothing_is_told_of_too_few(db: Session, city: City) -> None:
    for _ in range(city.policy.few_waits - 1):
        closed(db, city, 3)
    assert learn(db, city) == {}
    assert range_for(db, city, "0601", CHENGGUAN, NOW) is None
    closed(db, city, 3)
    learn(db, city)
    assert range_for(db, city, "0601", CHENGGUAN, NOW) == Range(3, 3, 1.0, 30)
    assert range_for(db, city, "0101", CHENGGUAN, NOW) is range_for(db, city, None, None, NOW) is None


def test_seasons_only_where_both_halves_have_enough(city: City) -> None:
    def some(season: str, days: int, n: int) -> list[Wait]:
        return [Wait("0601", "06", "u", OPENED, NOW, season, days)] * n

    assert season_of(city, datetime(2026, 3, 31, 15, tzinfo=UTC)) != WARM == season_of(city, OPENED.replace(month=7))
    both = ranges(some("warm", 4, 30) + some("cold", 9, 30), 30)
    assert {kind.season for kind in both} == {"warm", "cold"} and both[Kind("06", "", "cold")].high == 9
    one = ranges(some("warm", 4, 30) + some("cold", 9, 29), 30)
    assert {kind.season for kind in one} == {""} and one[Kind("06")].tickets == 59


def test_the_narrowest_kind_speaks_and_the_season_of_the_opening(db: Session, city: City) -> None:
    told = {
        Kind("06"): Range(1, 20, 0.8, 90),
        Kind("0601", "", "cold"): Range(3, 9, 0.8, 60),
        Kind("0601", "", "warm"): Range(2, 5, 0.8, 60),
        Kind("0601", CHENGGUAN): Range(4, 6, 0.8, 30),
    }
    tell(db, told, NOW)
    later = NOW + timedelta(hours=1)
    assert range_for(db, city, "0601", CHENGGUAN, later) == told[Kind("0601", CHENGGUAN)]
    assert range_for(db, city, "0601", ELSEWHERE, later) == told[Kind("0601", "", "cold")]
    assert range_for(db, city, "0601", None, later.replace(month=6)) == told[Kind("0601", "", "warm")]
    assert range_for(db, city, "0602", CHENGGUAN, later) == told[Kind("06")]


def test_what_was_told_at_the_opening_stays_told(db: Session, city: City) -> None:
    kind, first, second = Kind("0601"), Range(2, 4, 0.8, 30), Range(5, 9, 0.8, 31)
    tell(db, {kind: first}, NOW)
    tell(db, {kind: second}, NOW + timedelta(days=1))
    assert range_for(db, city, "0601", None, NOW + timedelta(hours=1)) == first
    assert range_for(db, city, "0601", None, NOW + timedelta(days=2)) == second
    assert range_for(db, city, "0601", None, NOW - timedelta(days=2)) == second, (
        "nothing was told then: what is told now"
    )


def test_one_look_into_the_index(db: Session, city: City) -> None:
    tell(db, {Kind("0601"): Range(2, 4, 0.8, 30)}, NOW)
    with statements(db.get_bind().engine) as sent:
        range_for(db, city, "0601", CHENGGUAN, NOW)
    assert len(sent) == 1


def test_the_night_is_idempotent_and_versions_are_kept(installation: Installation, city: City) -> None:
    with installation.sessions() as db:
        for n in range(40):
            closed(db, city, 1 + n % 5)
        db.commit()
    night = NOW.replace(hour=18)
    assert learn_waiting_times(installation, night) == 3
    before = rows_of(installation)
    assert learn_waiting_times(installation, night + timedelta(hours=1)) == 3
    assert rows_of(installation) == before
    with installation.sessions() as db:
        closed(db, city, 30, opened_at=OPENED - timedelta(days=40))
        db.commit()
    learn_waiting_times(installation, night + timedelta(days=1))
    with installation.sessions() as db:
        assert db.scalar(select(func.count()).where(WaitingTime.until.is_(None))) == 3
        assert db.scalar(select(func.count()).where(WaitingTime.until.is_not(None))) == 3


def rows_of(installation: Installation) -> list[Any]:
    with installation.sessions() as db:
        times = db.execute(select(WaitingTime.id, WaitingTime.since, WaitingTime.until).order_by(WaitingTime.id)).all()
        checks = db.execute(select(WaitingCheck.day, WaitingCheck.told, WaitingCheck.held)).all()
    return [*times, *sorted(checks)]


def test_what_had_been_told_is_held_against_what_came(db: Session, city: City) -> None:
    """Told 2 to 4 days for 40 matters; 32 took 3, 8 took 6: just 80 %. Of another kind all took 6: red."""
    tell(db, {Kind("0601"): Range(2, 4, 0.8, 30), Kind("01"): Range(2, 4, 0.8, 30)}, OPENED - timedelta(days=1))
    for n in range(40):
        closed(db, city, 3 if n < 32 else 6)
        closed(db, city, 6, category="0102")
    closed(db, city, 3, opened_at=OPENED - timedelta(days=2))  # nothing was told yet
    for _ in range(2):
        check(db, city, NOW)
    everything, rubbish, lamps = coverage(db, city, NOW)
    assert (lamps.category, lamps.told, lamps.held, lamps.verdict) == ("06", 40, 32, "good")
    assert lamps.interval == pytest.approx((0.652, 0.895), abs=0.001) and lamps.stated == pytest.approx(0.8)
    assert (rubbish.category, rubbish.held, rubbish.verdict) == ("01", 0, "low")
    assert (everything.category, everything.told, everything.held) == ("", 80, 32)
    assert coverage(db, city, NOW + timedelta(days=60)) == []


def test_ranges_that_are_too_wide_and_few_matters_are_said_to_be_so(db: Session, city: City) -> None:
    tell(db, {Kind("0601"): Range(1, 40, 0.8, 30), Kind("01"): Range(1, 40, 0.8, 30)}, OPENED - timedelta(days=1))
    for _ in range(60):
        closed(db, city, 3)
    for _ in range(29):
        closed(db, city, 3, category="0102")
    check(db, city, NOW)
    assert [one.verdict for one in coverage(db, city, NOW)] == ["high", "few", "high"]


def test_eight_of_ten_hold_over_twenty_shuffles_of_a_year() -> None:
    """A year of three kinds with long tails: learnt from one half, held against the other."""
    shares = []
    for seed in range(20):
        at = random.Random(seed)
        year = [
            Wait(code, code[:2], "u", OPENED, NOW, at.choice(("warm", "cold")), 1 + int(at.lognormvariate(mean, 0.6)))
            for code, mean in (("0601", 2.6), ("0102", 3.0), ("0301", 3.4))
            for _ in range(3000)
        ]
        at.shuffle(year)
        told = ranges(year[:4500], 30)
        held = [
            told[kind].low <= wait.days <= told[kind].high
            for wait in year[4500:]
            if (kind := Kind(wait.category, wait.unit, wait.season)) in told
        ]
        assert len(held) == 4500
        shares.append(sum(held) / len(held))
    assert all(0.76 <= share <= 0.84 for share in shares), shares
    assert 0.78 <= sum(shares) / len(shares) <= 0.83


def test_what_is_said_is_no_promise_and_says_its_share(city: City) -> None:
    assert sentence(Range(3, 9, 0.81, 50)) == "以往同类诉求，10 件中有 8 件在 3 到 9 个工作日内办结"
    assert sentence(Range(1, 9, 0.97, 50)) == "以往同类诉求，10 件中有 9 件在 9 个工作日内办结"
    assert sentence(Range(1, 1, 1.0, 50)) == "以往同类诉求，10 件中有 9 件在一个工作日内办结", "never ten of ten"
    assert sentence(Range(4, 4, 0.9, 50)) == "以往同类诉求，10 件中有 9 件在第 4 个工作日办结"
    with speaking("en"):
        assert sentence(Range(3, 9, 0.81, 50)) == "Of matters like this, 8 of 10 were closed in 3 to 9 working days"
