"""The sets of units held each night against tickets decided since: was the right one among them, and how large were they?

The floors are counted anew on the latest of them; and how often a proposal as sure as this one came back is counted too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from classifier.category.conformal import Decided, floors
from classifier.wilson import wilson
from hotline.city.schema import City
from hotline.training.examples import SETTLED
from hotline.triage.active_classifier import OWN_TO_ACT
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.returned import BANDS, KEPT
from hotline.triage.unit_sets import FEWEST
from models import Correction, Proposal, Ticket
from models.tickets.ticket import FINISHED_STATES

WINDOW, CHECKED = timedelta(days=180), timedelta(days=30)
FEWEST_CHECKED = 50
"""Of fewer decided tickets nothing is said of how often their sets held."""

MOST = 20_000


@dataclass(frozen=True)
class SetCheck:
    """The sets of one kind ("all": of every kind) that were told in the last 30 days.

    held of told had the right unit among them; size: their mean size; single: how many named one unit alone, and single_held
    how many of these were right. verdict: few, good, low (fewer held than was said) or high (sets are larger than need be).
    """

    kind: str
    told: int
    held: int
    stated: float
    size: float
    single: int
    single_held: int
    interval: tuple[float, float]
    verdict: str


@dataclass(frozen=True)
class DecidedProposal:
    """The first proposal for one ticket, and what became of it."""

    at: datetime
    units: dict[str, Any]
    confidence: float
    unit: str
    returned: bool
    corrected: bool


def choose_floors(db: Session, registry: ModelRegistry, city: City, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """For `ModelRegistry.choose_anew`; also writes down what was checked, where the pages look.

    A kind whose sets of late surely held less often than was said promises nothing, until those lie thirty days back.
    """
    decided = decided_proposals(db, registry, now)
    checks = check(one for one in decided if one.at > now - CHECKED)
    broken = {one.kind for one in checks if one.verdict == "low"}
    found = floors((_as_decided(one) for one in decided), city.policy.unit_sets, FEWEST)
    registry.write(
        KEPT,
        {
            "at": now.isoformat(timespec="seconds"),
            "checks": [asdict(one) for one in checks],
            "returned": returned(decided),
        },
    )
    return {"unit": [asdict(replace(one, p=0.0) if one.kind in broken else one) for one in found]}


def check(decided: Iterable[DecidedProposal]) -> list[SetCheck]:
    """All together first, then each kind by itself; proposals that told no set are left out."""
    kinds: defaultdict[str, list[DecidedProposal]] = defaultdict(list)
    for one in decided:
        if one.units.get("set"):
            kinds["all"].append(one)
            kinds[one.units["kind"]].append(one)
    return [_checked(kind, told) for kind, told in kinds.items()]


def _checked(kind: str, told: Sequence[DecidedProposal]) -> SetCheck:
    held = sum(one.unit in one.units["set"] for one in told)
    alone = [one for one in told if len(one.units["set"]) == 1]
    stated = sum(one.units["stated"] for one in told) / len(told)
    low, high = wilson(held, len(told))
    verdict = "few" if len(told) < FEWEST_CHECKED else "low" if high < stated else "high" if low > stated else "good"
    size = sum(len(one.units["set"]) for one in told) / len(told)
    right = sum(one.unit in one.units["set"] for one in alone)
    return SetCheck(kind, len(told), held, stated, size, len(alone), right, (low, high), verdict)


def returned(decided: Iterable[DecidedProposal]) -> list[dict[str, Any]]:
    """For each of `BANDS`: how many tickets went where they were proposed with so much confidence, and how many came back."""
    went = [one for one in decided if not one.corrected]
    bands = zip(BANDS, [*BANDS[1:], 1.01], strict=True)
    rows = [(low, [one for one in went if low <= one.confidence < high]) for low, high in bands]
    return [{"from": low, "n": len(those), "returned": sum(one.returned for one in those)} for low, those in rows]


def decided_proposals(db: Session, registry: ModelRegistry, now: datetime) -> list[DecidedProposal]:
    """The latest proposals of models that may act, for tickets that have ended or that a person dispatched."""
    names = [record["name"] for record in registry.records() if record.get("about", {}).get("own", 0) >= OWN_TO_ACT]
    first = (
        select(func.min(Proposal.id))
        .where(Proposal.at >= now - WINDOW, Proposal.model.in_(names))
        .group_by(Proposal.ticket_id)
        .order_by(func.min(Proposal.id).desc())
        .limit(MOST)
    )
    by_hand = and_(Ticket.state.in_(SETTLED), Ticket.auto_dispatched.is_(False))
    other = exists().where(Correction.proposal_id == Proposal.id, Correction.about == "unit")
    rows = db.execute(
        select(Proposal.at, Proposal.units, Proposal.confidence, Ticket.unit_code, Ticket.returns > 0, other)
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Proposal.id.in_(first), Ticket.unit_code.is_not(None), or_(Ticket.state.in_(FINISHED_STATES), by_hand))
        .order_by(Proposal.id)
    )
    return [DecidedProposal(*row) for row in rows if row.units.get("odds")]


def _as_decided(one: DecidedProposal) -> Decided:
    return Decided([(unit, p) for unit, p in one.units["odds"]], one.unit, one.units["kind"])
