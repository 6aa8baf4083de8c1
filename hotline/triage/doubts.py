"""What should be known before a ticket goes out: which units it could be, which fact is missing, how often the like came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.city.schema import City
from hotline.i18n import _
from hotline.triage.candidates import Candidate, asks_place
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.returned import Returned, returned_like
from hotline.triage.unit_sets import NAMED, UnitSet, set_kept
from models import Proposal, Ticket

OFTEN = 0.1
"""So large a share of objections is told before dispatch."""


@dataclass(frozen=True)
class Doubts:
    """units: the set that was told with the proposal, where it names one to three. missing: questions to the citizen."""

    units: UnitSet | None = None
    missing: tuple[str, ...] = ()
    returned: Returned | None = None

    @property
    def several(self) -> bool:
        """Whether more than one unit could be right."""
        return self.units is not None and len(self.units.units) > 1

    @property
    def risky(self) -> bool:
        """Whether an objection is likely enough to be told of."""
        return self.returned is not None and self.returned.share >= OFTEN


def doubts(
    city: City, registry: ModelRegistry, ticket: Ticket, proposal: Proposal | None, ways: Sequence[Candidate]
) -> Doubts:
    """Of a ticket that waits for dispatch; nothing without a proposal, or once somebody chose another category."""
    if proposal is None or ticket.category_code not in (None, proposal.category_code):
        return Doubts()
    found = set_kept(proposal.units)
    named = found if found and len(found.units) <= NAMED else None
    return Doubts(
        named,
        missing(city, ticket, proposal, ways),
        returned_like(registry, proposal.confidence) if proposal.unit_code else None,
    )


def missing(city: City, ticket: Ticket, proposal: Proposal | None, ways: Sequence[Candidate]) -> tuple[str, ...]:
    """What to ask the citizen so that one unit is left: the district, or which of two matters it is."""
    if proposal is None:
        return ()
    if asks_place(city, ticket, proposal):
        return (_("请问是在哪个区县、哪条路或哪个小区？"),)
    found = set_kept(proposal.units)
    units = found.units if found and 1 < len(found.units) <= NAMED else ()
    about = {way.unit: way.category for way in reversed(ways) if way.unit in units and way.category}
    if len(about) < 2:
        return ()
    names = [city.category_name(category) for category in reversed(list(about.values()))]
    return (_("请问主要反映的是%(these)s？", these=_("，还是").join(_("“%(name)s”", name=name) for name in names)),)
