"""Do today's contacts still look like those before them? Looked at each night, kept for the model page, told when not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.category.train import heard
from classifier.drift import Period, drift
from classifier.text.words import words_of
from hotline.installation import Installation
from hotline.messages.compose import tell_staff
from hotline.triage.model_registry import ModelRegistry
from models import Correction, Proposal, Ticket, TicketText

KEPT = "drift.json"
NOW, BEFORE, BASE = timedelta(days=14), timedelta(days=70), timedelta(days=126)
MOST, READ = 20_000, 500
"""Proposals counted in a period, and texts whose words are read."""


def store_lamps(installation: Installation, registry: ModelRegistry) -> None:
    """Compare the last two weeks with the eight before them, write down what was found, and tell of a lamp that went on."""
    now = installation.clock.now()
    before = {lamp["kind"] for lamp in registry.read(KEPT).get("lamps", ()) if lamp["alarm"]}
    with installation.readings() as db:
        known = {word: 1 for text in texts(db, now - BASE, now - BEFORE) for word in words_of(text)}
        lamps = drift(period(db, now - BEFORE, now - NOW, known), period(db, now - NOW, now, known))
    registry.write(KEPT, {"at": now.isoformat(timespec="seconds"), "lamps": [asdict(lamp) for lamp in lamps]})
    if lit := [lamp for lamp in lamps if lamp.alarm and lamp.kind not in before]:
        with installation.sessions() as db:
            tell_staff(db, installation.city, "model_drift", now, {"count": len(lit)}, role="administrator")
            db.commit()


def period(db: Session, since: datetime, until: datetime, known: dict[str, int]) -> Period:
    """The proposals of a span of time: categories, sureness, share of known words, how often a person chose otherwise.

    known: the words of the weeks before both spans, so that neither has an advantage.
    """
    rows = db.execute(
        select(Proposal.category_code, Proposal.confidence)
        .where(Proposal.at >= since, Proposal.at < until)
        .order_by(Proposal.id.desc())
        .limit(MOST)
    ).all()
    corrected = (
        db.scalar(
            select(func.count(func.distinct(Correction.ticket_id))).where(
                Correction.about == "category", Correction.at >= since, Correction.at < until
            )
        )
        or 0
    )
    shares = [heard(words_of(text), known) for text in texts(db, since, until)] if known else []
    return Period(
        Counter(code or "?" for code, _confidence in rows),
        [float(confidence) for _code, confidence in rows],
        shares,
        min(corrected, len(rows)),
        len(rows),
    )


def texts(db: Session, since: datetime, until: datetime) -> Sequence[str]:
    """The first words of the latest tickets of a span."""
    found = db.scalars(
        select(TicketText.body)
        .join(Ticket, Ticket.id == TicketText.ticket_id)
        .where(
            Ticket.created_at >= since,
            Ticket.created_at < until,
            Ticket.state != "draft",
            Ticket.privacy != "sealed",
        )
        .order_by(Ticket.created_at.desc())
        .limit(READ)
    )
    return [words[:READ] for words in found]
