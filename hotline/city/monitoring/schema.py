"""Rules of the trade as frozen values: what breaks each, where it is written, and how grave it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hotline.city.monitoring.sources import Source
from hotline.i18n import N_, language

SEVERITIES = {"minor": N_("一般"), "serious": N_("较重"), "grave": N_("严重")}

CONDITIONS: dict[str, tuple[str, ...]] = {
    "clock_late": ("clock",),
    "card": ("colour",),
    "sent_back": ("times",),
    "extension_late": (),
    "objection_late": (),
    "objection_refused": (),
    "nobody_named": ("words",),
    "reopened": (),
    "demand_late": ("demand",),
}
"""What a rule can be bound to: facts that the history of a ticket tells, each with what it must name."""

ACTS: dict[str, tuple[str, ...]] = {
    "sent_back": ("reply", "send_back"),
    "extension_late": ("extension",),
    "objection_late": ("object",),
    "objection_refused": ("object",),
    "nobody_named": ("reply",),
    "reopened": ("redo", "reopen"),
    "demand_late": ("answer_directive",),
}
"""In the form of which move or petition a rule is told before it is broken; clocks and cards tell theirs themselves."""

CENTRE_CLOCKS = ("dispatch", "ruling", "review", "judge")
UNIT_CLOCKS = ("sign", "contact", "feedback", "reply", "redo")
DEMANDS = ("supervision", "explanation")
COLOURS = ("yellow", "red")


@dataclass(frozen=True)
class MonitorRule:
    """One rule. clause: where it stands in its source, "" while nobody has read it there. when: one of CONDITIONS.

    says: the clause in our own words; differs: where ours is another. ours: the city's file that sets its times or numbers.
    clock, colour, times, words, demand: what the condition names.
    """

    code: str
    name: str
    name_en: str
    source: Source
    clause: str
    when: str
    severity: str
    clock: str = ""
    colour: str = ""
    times: int = 0
    words: tuple[str, ...] = ()
    demand: str = ""
    says: str = ""
    says_en: str = ""
    differs: str = ""
    differs_en: str = ""
    ours: Source | None = None

    @property
    def shown(self) -> str:
        """Its name in the reader's language."""
        return self.name_en if language() == "en" else self.name

    @property
    def basis(self) -> str:
        """Where it is written, as it is quoted."""
        return self.source.basis(self.clause)

    @property
    def told(self) -> str:
        """What the clause says, in our own words."""
        return self.says_en if language() == "en" and self.says_en else self.says

    @property
    def difference(self) -> str:
        """What of this rule the clause does not say, or says otherwise."""
        return self.differs_en if language() == "en" and self.differs_en else self.differs


@dataclass(frozen=True)
class MonitoringRules:
    """since: the city's day from which broken rules count; None: all that the history tells."""

    rules: Mapping[str, MonitorRule] = field(default_factory=dict)
    since: date | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)

    def of_clock(self, clock: str) -> MonitorRule | None:
        """The rule that acts when this clock runs out."""
        return next((one for one in self.rules.values() if (one.when, one.clock) == ("clock_late", clock)), None)

    def of_act(self, act: str, demand: str = "") -> list[MonitorRule]:
        """The rules by which whoever does this is held. demand: of an order from above its kind."""
        acting = [one for one in self.rules.values() if act in ACTS.get(one.when, ())]
        return [one for one in acting if one.demand == demand]

    def of_card(self, colour: str) -> MonitorRule | None:
        return next((one for one in self.rules.values() if (one.when, one.colour) == ("card", colour)), None)
