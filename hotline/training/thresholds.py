"""Thresholds chosen anew each night on what was proposed lately and decided since: was the wished precision kept?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from classifier.category.calibrate import threshold_for
from hotline.city.schema import City
from hotline.training.examples import SETTLED
from hotline.triage.active_classifier import OWN_TO_ACT
from hotline.triage.auto_dispatch import wishes
from hotline.triage.model_registry import ModelRegistry
from models import Proposal, Ticket
from models.tickets.ticket import FINISHED_STATES

FRESH = timedelta(days=30)
FEWEST = 200
"""With fewer decided answers the thresholds chosen on out-of-fold predictions stay in force."""

MOST = 20_000
Answer = tuple[float, bool]
"""How sure an answer was, and whether it was right."""


def choose_anew(db: Session, registry: ModelRegistry, city: City, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Level → thresholds, for `ModelRegistry.choose_anew`; empty while too few answers have been decided."""
    said = decided_answers(db, registry, city, now)
    if len(said["category"]) < FEWEST:
        return {}
    return {level: [asdict(_threshold(said[level], wish))] for level, wish in wishes(city.policy).items()}


def decided_answers(db: Session, registry: ModelRegistry, city: City, now: datetime) -> dict[str, list[Answer]]:
    """Level → what models that may act said of the latest tickets when they came in, beside what people decided."""
    names = [record["name"] for record in registry.records() if record.get("about", {}).get("own", 0) >= OWN_TO_ACT]
    found: defaultdict[str, list[Answer]] = defaultdict(list)
    for ranked, code in _decided(db, names, now - FRESH):
        if ranked and code in city.categories:
            group, mass = _group(city, ranked)
            found["category"].append((ranked[0]["p"], ranked[0]["code"] == code))
            found["group"].append((mass, group == city.category_path(code)[0]))
    return found


def _decided(db: Session, names: Sequence[str], since: datetime) -> Iterable[Any]:
    """(ranked, category) of tickets whose category a person looked at: at dispatch, or by the time of closing."""
    first = (
        select(func.min(Proposal.id))
        .where(Proposal.at >= since, Proposal.model.in_(names))
        .group_by(Proposal.ticket_id)
        .order_by(func.min(Proposal.id).desc())
        .limit(MOST)
    )
    by_hand = and_(Ticket.state.in_(SETTLED), Ticket.auto_dispatched.is_(False))
    return db.execute(
        select(Proposal.ranked, Ticket.category_code)
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Proposal.id.in_(first), or_(Ticket.state.in_(FINISHED_STATES), by_hand))
    )


def _group(city: City, ranked: Sequence[Mapping[str, Any]]) -> tuple[str, float]:
    """The likeliest category of the first level, and the probability of all that was named below it."""
    mass: defaultdict[str, float] = defaultdict(float)
    for one in ranked:
        mass[next(iter(city.category_path(one["code"])), "")] += one["p"]
    best = max(mass, key=lambda group: mass[group])
    return best, mass[best]


def _threshold(said: Sequence[Answer], wished: float) -> Any:
    sure, right = zip(*said, strict=True)
    return threshold_for(np.array(sure), np.array(right), wished)
