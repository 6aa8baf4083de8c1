"""What the model did of late and what came of it: the figures that the model page tells in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from hotline.triage.model_registry import ModelEntry
from hotline.triage.unit_confidence import SURE_FROM
from models import Correction, Proposal, Ticket

MONTH, WEEK = timedelta(days=30), timedelta(days=7)
SHOWN = 5
ANSWERS_FROM = ("accepted", "chosen")
"""Deeds of the history after which another model answers."""


@dataclass(frozen=True)
class Confusion:
    """How often people put the second category where the first had been proposed."""

    proposed: str
    chosen: str
    times: int


@dataclass(frozen=True)
class Account:
    """The last 30 days. dispatched: tickets with a proposal that went out; of these, how many kept the proposed unit and category.

    unsure: proposals that were told without numbers, of `proposed`. alone: sent by the clock; came_back: of these, returned by the
    unit or sent elsewhere by a person. doubted: (category, how often it was unsure of it), the most frequent first.
    """

    proposed: int
    unsure: int
    dispatched: int
    unit_kept: int
    category_kept: int
    alone: int
    came_back: int
    confusions: tuple[Confusion, ...]
    doubted: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Learnt:
    """The last week. models: how often another one began to answer; examples: how many own ones more the latest learned from.

    before, now: the share right on texts it had not seen, of the model before the week and of the latest; None where unknown.
    """

    models: int
    examples: int
    before: float | None
    now: float | None


def account(db: Session, now: datetime) -> Account:
    """In six statements, whatever the number of tickets."""
    since = now - MONTH
    proposed, unsure = db.execute(
        select(func.count(), func.count().filter(Proposal.confidence < SURE_FROM)).where(Proposal.at >= since)
    ).one()
    dispatched, unit_kept, category_kept = db.execute(
        select(
            func.count(),
            func.count().filter(~_corrected("unit")),
            func.count().filter(~_corrected("category")),
        )
        .select_from(Ticket)
        .where(Ticket.dispatched_at >= since, exists().where(Proposal.ticket_id == Ticket.id))
    ).one()
    alone, came_back = db.execute(
        select(func.count(), func.count().filter(or_(Ticket.returns > 0, _corrected("unit"))))
        .select_from(Ticket)
        .where(Ticket.dispatched_at >= since, Ticket.auto_dispatched.is_(True))
    ).one()
    counts = (proposed, unsure, dispatched, unit_kept, category_kept, alone, came_back)
    return Account(*counts, _confusions(db, since), _doubted(db, since))


def learnt(history: Sequence[ModelEntry], now: datetime) -> Learnt:
    """From the registry's history, the newest first."""
    taken = [entry for entry in history if entry.deed in ANSWERS_FROM]
    start = (now - WEEK).isoformat()
    fresh, before = [one for one in taken if one.at >= start], [one for one in taken if one.at < start]
    latest, former = (fresh or before)[:1], before[:1]
    return Learnt(
        len(fresh),
        max(0, sum(_own(one) for one in latest) - sum(_own(one) for one in former)) if fresh else 0,
        _accuracy(former),
        _accuracy(latest),
    )


def _own(entry: ModelEntry) -> int:
    return int(entry.figures.get("own") or 0)


def _accuracy(entries: Sequence[ModelEntry]) -> float | None:
    found = entries[0].figures.get("out_of_fold_accuracy") if entries else None
    return float(found) if isinstance(found, float) else None


def _corrected(about: str) -> ColumnElement[bool]:
    return exists().where(Correction.ticket_id == Ticket.id, Correction.about == about)


def _confusions(db: Session, since: datetime) -> tuple[Confusion, ...]:
    times = func.count().label("times")
    rows = db.execute(
        select(Correction.proposed, Correction.chosen, times)
        .where(Correction.at >= since, Correction.about == "category", Correction.proposed.is_not(None))
        .group_by(Correction.proposed, Correction.chosen)
        .order_by(times.desc(), Correction.proposed, Correction.chosen)
        .limit(SHOWN)
    )
    return tuple(Confusion(str(proposed), chosen, n) for proposed, chosen, n in rows)


def _doubted(db: Session, since: datetime) -> tuple[tuple[str, int], ...]:
    times = func.count()
    rows = db.execute(
        select(Proposal.category_code, times)
        .where(Proposal.at >= since, Proposal.confidence < SURE_FROM, Proposal.category_code.is_not(None))
        .group_by(Proposal.category_code)
        .order_by(times.desc(), Proposal.category_code)
        .limit(SHOWN)
    )
    return tuple((str(code), n) for code, n in rows)
