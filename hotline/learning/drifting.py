"""Do today's contacts still look like those the model learned from? Looked at each night, kept for the model page."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.drift import Period, drift
from hotline.house import House
from hotline.triage.shelf import Shelf
from models import Correction, Proposal

LAMPS = "drift.json"
NOW, BEFORE = timedelta(days=14), timedelta(days=70)
MOST = 20_000


def keep_lamps(house: House, shelf: Shelf) -> None:
    """Compare the last two weeks with the eight before them, and write down what was found."""
    now = house.clock.now()
    with house.readings() as db:
        lamps = drift(period(db, now - BEFORE, now - NOW), period(db, now - NOW, now))
    told = [asdict(lamp) for lamp in lamps if lamp.kind != "words" or lamp.n]
    shelf.write(LAMPS, {"at": now.isoformat(timespec="seconds"), "lamps": told})


def period(db: Session, since: datetime, until: datetime) -> Period:
    """The proposals of a span of time: categories, sureness, how often a person chose otherwise.

    The share of words heard is that of proposals in which any word spoke: texts themselves are not read again.
    """
    rows = db.execute(select(Proposal.category_code, Proposal.confidence).where(Proposal.at >= since, Proposal.at < until)
                      .order_by(Proposal.id.desc()).limit(MOST)).all()
    corrected = db.scalar(select(func.count(func.distinct(Correction.ticket_id))).where(
        Correction.about == "category", Correction.at >= since, Correction.at < until)) or 0
    heard = [1.0 if code else 0.0 for code, _confidence in rows]
    return Period(Counter(code or "?" for code, _confidence in rows), [float(confidence) for _code, confidence in rows], heard,
                  min(corrected, len(rows)), len(rows))
