"""What dispatchers make of the catalogue's rules: how often another unit was chosen, and what a changed rule would say.

A rule is judged where the category stood: whoever corrects the category as well blames no rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import unified_diff

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from models import Correction, Proposal, Ticket

WINDOW = timedelta(days=90)
LATEST = 200
"""As many of a rule's decided proposals are asked for its trust."""

FEW = 3
"""So often a rule must have been overridden the same way before a change is proposed."""

MOSTLY = 0.6
PRIOR, PRIOR_RIGHT = 2.0, 0.95
"""How many decisions a rule nobody has tried counts for, and how many of these were right."""


@dataclass(frozen=True)
class Override:
    """One ticket that went elsewhere. chosen: the unit the dispatcher named; category, area: as the ticket stands."""

    number: str
    chosen: str
    category: str | None
    area: str | None


@dataclass(frozen=True)
class RuleUse:
    """One rule in the window: how many of its proposals were decided, and those that were overridden."""

    rule_id: str
    decided: int
    overridden: tuple[Override, ...]

    @property
    def share(self) -> float:
        return len(self.overridden) / self.decided if self.decided else 0.0

    @property
    def chosen(self) -> list[tuple[str, int]]:
        """The units chosen instead, the most frequent first."""
        return Counter(one.chosen for one in self.overridden).most_common()


@dataclass(frozen=True)
class Change:
    """A proposal for whoever keeps the catalogue. categories, areas: of a rule of its own; both empty: the rule's own lead."""

    rule_id: str
    unit: str
    times: int
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


def uses(db: Session, now: datetime, window: timedelta = WINDOW) -> list[RuleUse]:
    """Every rule that was overridden in the window, the most often first; three statements whatever the number."""
    since = now - window
    overridden: dict[str, list[Override]] = {}
    rows = db.execute(
        select(Proposal.rule_id, Ticket.number, Correction.chosen, Ticket.category_code, Ticket.area)
        .join(Correction, Correction.proposal_id == Proposal.id)
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Correction.at >= since, Proposal.rule_id.is_not(None), *_against_the_rule())
        .order_by(Correction.id)
    )
    for rule_id, number, chosen, category, area in rows:
        overridden.setdefault(str(rule_id), []).append(Override(number, chosen, category, area))
    decided: dict[str, int] = {}
    counted = (
        select(Proposal.rule_id, func.count(Proposal.ticket_id.distinct()))
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Proposal.rule_id.in_(list(overridden)), Ticket.dispatched_at >= since)
        .group_by(Proposal.rule_id)
    )
    for rule_id, n in db.execute(counted):
        decided[str(rule_id)] = n
    found = [RuleUse(rule, max(decided.get(rule, 0), len(those)), tuple(those)) for rule, those in overridden.items()]
    return sorted(found, key=lambda one: (-len(one.overridden), one.rule_id))


def trust_of(db: Session, rule_id: str | None) -> float:
    """How far this rule has been right lately, as a factor: 1 for one that nobody contradicts; one statement."""
    if rule_id is None:
        return 1.0
    latest = (
        select(Proposal.id)
        .join(Ticket, Ticket.id == Proposal.ticket_id)
        .where(Proposal.rule_id == rule_id, Ticket.dispatched_at.is_not(None))
        .order_by(Proposal.id.desc())
        .limit(LATEST)
        .subquery()
    )
    wrong = select(func.count()).where(Correction.proposal_id.in_(select(latest.c.id)), *_against_the_rule())
    decided = select(func.count()).select_from(latest)
    n, k = db.execute(select(decided.scalar_subquery(), wrong.scalar_subquery())).one()
    right = (max(n - k, 0) + PRIOR * PRIOR_RIGHT) / (n + PRIOR)
    return min(1.0, right / PRIOR_RIGHT)


def change_for(use: RuleUse) -> Change | None:
    """What the rule should say, where its overrides agree: another lead, or a narrower rule before it."""
    if not use.chosen:
        return None
    unit, times = use.chosen[0]
    if times < FEW or times < MOSTLY * len(use.overridden):
        return None
    those = [one for one in use.overridden if one.chosen == unit]
    if times >= MOSTLY * use.decided:
        return Change(use.rule_id, unit, times)
    categories, areas = _common(one.category for one in those), _one(one.area for one in those)
    return Change(use.rule_id, unit, times, categories, areas) if categories or areas else None


def diff_of(catalogue: str, change: Change, reason: str, reason_en: str, name: str = "dispatch.yaml") -> str:
    """The change as a diff for the city's file; "" when the rule does not stand in it. Nothing else of the file is touched."""
    lines = catalogue.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if line.strip() == f"- id: {change.rule_id}"), None)
    if start is None:
        return ""
    new = _with_lead(lines, start, change) if not (change.categories or change.areas) else list(lines)
    if change.categories or change.areas:
        new[start:start] = _narrow_rule(_block(lines, start), change, reason, reason_en)
    return "".join(unified_diff(lines, new, f"a/{name}", f"b/{name}", n=2))


def _with_lead(lines: Sequence[str], start: int, change: Change) -> list[str]:
    """The rule's own lead, replaced."""
    new = list(lines)
    for n in range(start + 1, len(lines)):
        if lines[n].lstrip().startswith("- id:"):
            break
        if lines[n].lstrip().startswith("lead:"):
            new[n] = f"    lead: unit:{change.unit}\n"
            break
    return new


def _narrow_rule(block: Sequence[str], change: Change, reason: str, reason_en: str) -> list[str]:
    """The rule again with all its conditions, narrowed to where dispatchers sent it elsewhere, and that unit as its lead."""
    narrowed = {"categories": change.categories, "areas": change.areas}
    told = {name for name, codes in narrowed.items() if codes}
    kept = [line for line in block if line.startswith("      ") and line.split(":")[0].strip() not in told]
    return [
        f"  - id: {change.rule_id}-{change.unit}\n",
        "    when:\n",
        *(f"      {name}: [{', '.join(narrowed[name])}]\n" for name in sorted(told, reverse=True)),
        *kept,
        f"    lead: unit:{change.unit}\n",
        f"    reason: {reason}\n",
        f'    reason_en: "{reason_en}"\n',
    ]


def _block(lines: Sequence[str], start: int) -> list[str]:
    """The lines of one rule of the file."""
    ends = (
        n for n in range(start + 1, len(lines)) if lines[n].lstrip().startswith(("- id:", "#")) or not lines[n].strip()
    )
    return list(lines[start : next(ends, len(lines))])


def _common(codes: Iterable[str | None]) -> tuple[str, ...]:
    """The categories of the overrides, each that occurs more than once (or the only one)."""
    counted = Counter(code for code in codes if code)
    return tuple(sorted(code for code, n in counted.items() if n > 1 or len(counted) == 1))


def _one(codes: Iterable[str | None]) -> tuple[str, ...]:
    """The one district where they all lie; none when they lie in several or nobody knows."""
    found = set(codes)
    return (str(found.pop()),) if len(found) == 1 and None not in found else ()


def _against_the_rule() -> tuple[ColumnElement[bool], ...]:
    """Corrections of the unit where nobody corrected the category as well."""
    other = Correction.__table__.alias("other")
    also = exists().where(other.c.proposal_id == Correction.proposal_id, other.c.about == "category")
    return (Correction.about == "unit", ~also)
