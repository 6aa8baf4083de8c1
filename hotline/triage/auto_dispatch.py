"""May an answer act without a person? On each level the city wishes a precision, and a threshold of the model keeps it.

Safety never goes through here: what may endanger anybody rings, whatever the score (see `propose.consider`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from classifier.suggestion import Classifier, Suggestion
from hotline.city.policy import Policy
from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.tickets.mentoring.rules import waits
from hotline.triage.active_classifier import ActiveClassifier
from hotline.triage.unit_sets import UnitSet
from models import HotTicket, Proposal, Ticket
from routing.facts import Facts
from routing.rules import Decision, decide

LEVELS = {"category": N_("小类"), "group": N_("大类")}
LIKELY = 0.02
"""A sibling less likely than this need not lead to the same unit."""


@dataclass(frozen=True)
class Acts:
    """An answer that reached the threshold: on which level (a key of LEVELS), how sure it is, and from where it counts.

    alone: no other unit is in the set of those that could be right.
    """

    level: str
    p: float
    bar: float
    alone: bool = False

    @property
    def why(self) -> str:
        """The sentence that stands with the proposal."""
        told = {"level": _(LEVELS[self.level]), "p": f"{100 * self.p:.1f}", "bar": f"{100 * self.bar:.1f}"}
        if self.alone:
            return _("%(level)s把握 %(p)s%%，达到自动派单的门槛 %(bar)s%%，可能的单位也只有这一家", **told)
        return _("%(level)s把握 %(p)s%%，达到自动派单的门槛 %(bar)s%%", **told)


def wishes(policy: Policy) -> dict[str, float]:
    """The precision the city wishes on each level (0–1)."""
    return {"category": policy.auto_dispatch, "group": policy.auto_dispatch_group}


def acts_on(
    city: City, classifier: Classifier, said: Suggestion, facts: Facts, decision: Decision | None
) -> Acts | None:
    """How this answer may act; None when a person must look.

    The second level decides alone. The first decides where the second wavers between siblings of one and the same unit.
    """
    if not said.known or decision is None or decision.lead is None:
        return None
    if acts := _reached(city, classifier, said, "category", said.p):
        return acts
    best = said.level1[0] if said.level1 else None
    if (
        best
        and (acts := _reached(city, classifier, said, "group", best.p))
        and _one_way(city, said, best.code, facts, decision)
    ):
        return acts
    return None


def alone_in(classifier: Classifier, acts: Acts | None, units: UnitSet | None, unit: str | None) -> Acts | None:
    """What is left of it beside the set of units that could be right: a set of several, or of another one, waits for a person.

    Where nothing is promised of sets yet, no score acts at all. A test's classifier knows no sets.
    """
    if acts is None or not isinstance(classifier, ActiveClassifier):
        return acts
    return replace(acts, alone=True) if units is not None and units.units == (unit,) else None


def may_go_out(db: Session, city: City, ticket: Ticket, proposal: Proposal) -> bool:
    """Whether the clock may dispatch this ticket. A category that a person typed says nothing about the score, so the
    caller asks only for those that nobody typed; what is sealed, critical, unsafe, part of a hot matter or
    waits for a colleague needs a person.
    """
    return (
        city.policy.auto_dispatch_on
        and proposal.sure
        and proposal.unit_code is not None
        and not ticket.safety
        and not waits(ticket)
        and ticket.privacy != "sealed"
        and "critical" not in (ticket.urgency, proposal.urgency)
        and db.get(HotTicket, ticket.id) is None
    )


def bar(city: City, classifier: Classifier, level: str) -> float | None:
    """The probability from which the clock may act on this level; None: on no score. A test's classifier knows no thresholds."""
    wished = wishes(city.policy)[level]
    if isinstance(classifier, ActiveClassifier):
        return classifier.acts_from(wished, level)
    return wished if level == "category" else None


def _reached(city: City, classifier: Classifier, said: Suggestion, level: str, p: float) -> Acts | None:
    if isinstance(classifier, ActiveClassifier) and not classifier.spoke(said):
        return None
    reached = bar(city, classifier, level)
    return Acts(level, p, reached) if reached is not None and p >= reached else None


def _one_way(city: City, said: Suggestion, group: str, facts: Facts, decision: Decision) -> bool:
    """Whether every likely category of this group goes where the first one goes."""
    likely = [one.code for one in said.ranked if one.p >= LIKELY and city.category_path(one.code)[:1] == (group,)]
    ways = [decide(city.rules, replace(facts, category=code), city.directory) for code in likely]
    return said.code in likely and all(
        way is not None and (way.lead, way.helpers) == (decision.lead, decision.helpers) for way in ways
    )
