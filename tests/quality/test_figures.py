"""Shares know how sure they are, two readers are held against chance, and what a number says is what opens behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.quality import listing, reading
from hotline.quality.agreement import agreement, by_sheet
from hotline.quality.drawing import draw
from hotline.quality.trends import bounds_of, months_until, trends
from hotline.web.core.sessions import actor_of
from models import QualityTask
from tests.support.cities.sheets import FATAL, GOOD, WEAK
from tests.support.life import Life
from tests.support.make import HOTLINE, make_staff


def test_agreement_beyond_chance() -> None:
    assert agreement([]).kappa is None
    assert agreement([("yes", "yes")] * 9).kappa is None
    perfect = agreement([("yes", "yes"), ("no", "no")])
    assert (perfect.same, perfect.kappa) == (1.0, 1.0)
    assert agreement([("yes", "no"), ("no", "yes")]).kappa == -1.0
    mixed = agreement([("yes", "yes")] * 6 + [("no", "no")] * 2 + [("yes", "no"), ("no", "yes")])
    assert mixed.kappa == pytest.approx((0.8 - 0.58) / 0.42)


def test_it_does_not_matter_who_read_first() -> None:
    pairs = [("yes", "no"), ("yes", "yes"), ("no", "partly"), ("partly", "partly")]
    assert agreement(pairs) == agreement([(b, a) for a, b in pairs])


def test_months_end_with_the_present_one(life: Life) -> None:
    months = months_until(life.city, life.now)
    assert len(months) == 6
    assert months[-1] == life.city.calendar.day_of(life.now).replace(day=1)
    since, until = bounds_of(life.city, months[-1].replace(month=12))
    assert (until - since).days == 31


def _scored(life: Life, answers: list[dict[str, str]], readers: int = 1) -> None:
    zhi, zhi2 = (
        actor_of(make_staff(life.db, login, login, "quality", unit=HOTLINE), life.city) for login in ("z1", "z2")
    )
    for n in range(len(answers)):
        life.ticket(phone=f"138000040{n:02d}")
    life.clock.at += timedelta(days=1)
    plan = life.city.quality.plan("daily")
    assert plan is not None
    draw(life.db, life.city, replace(plan, readers=readers), life.now)
    for task, given in zip(life.db.scalars(select(QualityTask).order_by(QualityTask.id)).all(), answers, strict=True):
        for reader in (zhi, zhi2)[:readers]:
            reading.read(life.db, life.city, reader, task.id, given, "", life.now)


def test_a_share_is_what_opens_behind_it(life: Life) -> None:
    _scored(life, [GOOD, GOOD, WEAK, FATAL])
    an, head = life.people["an"], life.people["tou"]
    (row,) = trends(life.db, life.city, head, "person", "", {an.id: "安"}, life.now)
    assert (row.whole.good, row.whole.n) == (2, 4)
    assert row.months[-1] == row.whole
    low, high = row.whole.bounds
    assert low < 0.5 < high
    wish = listing.Wish("told", person=an.id or 0, outcome="good")
    assert listing.count(life.db, listing.listed(head, wish)) == row.whole.good
    assert trends(life.db, life.city, head, "person", "reply", {an.id: "安"}, life.now) == []


def test_two_readers_of_every_question(life: Life) -> None:
    _scored(life, [GOOD, WEAK, GOOD], readers=2)
    (sheet,) = by_sheet(life.db, life.people["tou"], life.now - timedelta(days=30))
    assert (sheet.sheet, sheet.tasks, sheet.whole.n, sheet.whole.same) == ("intake", 3, 27, 1.0)
    assert {question["code"]: found.kappa for question, found in sheet.questions}["title"] == 1.0
