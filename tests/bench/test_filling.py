"""The benches fill the tables as they are now: a column that is added later must not be forgotten there."""

from __future__ import annotations

import random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.loader import load_city
from hotline.metrics.days.frame import frame_of
from hotline.metrics.days.reading import folded_until
from models import FigureDay, Survey, Ticket, make_sessions
from tests.bench.ground import ANYANG, ground
from tests.bench.pages import OPEN, _batch, _grow, fold_days
from tests.support.make import BORN


def test_the_filling_writes_open_and_closed_tickets(db: Session) -> None:
    _batch(db, range(OPEN - 5, OPEN + 5), random.Random(7), BORN)
    db.flush()
    assert db.scalar(select(func.count()).select_from(Ticket)) == 10
    assert db.scalar(select(func.count()).select_from(Survey)) == 5


def test_the_overview_of_a_filled_city_reads_its_days() -> None:
    with ground("sqlite") as made:
        _grow(made, OPEN - 5, OPEN + 5)
        fold_days(made)
        engine = made.engine()
        with make_sessions(engine)() as db:
            assert folded_until(db, frame_of(load_city(ANYANG))) is not None
            assert db.scalar(select(func.sum(FigureDay.n)).where(FigureDay.cut == ""))
        engine.dispose()
