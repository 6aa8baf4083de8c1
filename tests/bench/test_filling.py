"""The benches fill the tables as they are now: a column that is added later must not be forgotten there."""

from __future__ import annotations

import random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Survey, Ticket
from tests.bench.pages import OPEN, _batch
from tests.support.make import BORN


def test_the_filling_writes_open_and_closed_tickets(db: Session) -> None:
    _batch(db, range(OPEN - 5, OPEN + 5), random.Random(7), BORN)
    db.flush()
    assert db.scalar(select(func.count()).select_from(Ticket)) == 10
    assert db.scalar(select(func.count()).select_from(Survey)) == 5
