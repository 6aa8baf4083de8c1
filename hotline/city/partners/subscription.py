"""One partner as the city's file describes it: plain values, without an address and without a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotline.i18n import N_, language

PERSONAL = {"none": N_("不送"), "starred": N_("脱敏"), "full": N_("原样")}
"""How much a partner reads of the person behind a ticket."""

SEALED = {"never": N_("不送"), "unit_words": N_("只送另写的文字")}
"""What a partner reads of sealed tickets: nothing, or the version that a person wrote for others and nothing else."""

MESSAGE = "message"
"""The kind of a telling that carries words to a citizen, by the account they wrote from."""

FACTS = (
    "answer",
    "area",
    "at",
    "category",
    "channel",
    "due_at",
    "event",
    "id",
    "name",
    "number",
    "outer_due_at",
    "outer_number",
    "phone",
    "place",
    "reason",
    "reference",
    "request_type",
    "round",
    "satisfied",
    "solved",
    "state",
    "text",
    "title",
    "to",
    "town_code",
    "unit",
    "unit_code",
    "until",
    "urgency",
    "words",
)
"""What a field of a telling can be filled with."""

MONITOR_FACTS = (
    "actor",
    "at",
    "basis",
    "clause",
    "cursor",
    "due_at",
    "from_state",
    "id",
    "kind",
    "number",
    "post",
    "round",
    "rule",
    "rule_name",
    "severity",
    "source",
    "state",
    "unit",
    "unit_code",
    "what",
)
"""What a field of a monitoring body's telling can be filled with: never words, names or numbers of people."""

STREAM_KINDS = (
    "act",
    "clock_set",
    "clock_met",
    "clock_late",
    "clock_ended",
    "overrun",
    "card",
    "send_back",
    "extension",
    "objection",
    "exclusion",
    "violation",
    "withdrawn",
)
"""What the stream of electronic monitoring consists of; a monitoring body's `on` names some of these."""

OURS = (
    "address",
    "category",
    "confidential",
    "demand",
    "event_id",
    "media",
    "name",
    "openid",
    "outer_due_at",
    "outer_number",
    "phone",
    "posted_at",
    "reference",
    "request_type",
    "state",
    "text",
    "ticket_number",
    "title",
    "town_code",
    "until",
)
"""The fields of what partners post, by our names."""


@dataclass(frozen=True)
class Telling:
    """One kind of event. on: the actions of the life-cycle that cause it. fields: the partner's field → our fact.

    fixed: the partner's field → what always stands in it. door: of a city of the province, at which of its doors it is posted.
    """

    kind: str
    on: frozenset[str]
    fields: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    door: str = ""


@dataclass(frozen=True)
class Subscription:
    """One partner. name: as in the settings, where its address and its key stand.

    own: it hears of what it handed in. everything: of every ticket. bodies, units: of what is transferred to these bodies, or
    lies with these units. personal, sealed: see PERSONAL and SEALED. tellings: by kind.
    states: our state → the partner's word. accepts: what must stand in its answer before it counts as accepted (none: any 2xx).
    refuses: what stands in an answer that is a no for good, though its status is a good one. receipt: where its own number stands in
    the answer ("data.no").
    incoming: the partner's field → ours, where it posts in its own words; said: our field → (the partner's word → ours).
    zone: of moments that come without one. monitoring: it hears of the stream of electronic monitoring and of nothing else; the
    `on` of its tellings are then STREAM_KINDS.
    """

    name: str
    title: str
    title_en: str
    own: bool = False
    everything: bool = False
    bodies: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    personal: str = "none"
    sealed: str = "never"
    tellings: Mapping[str, Telling] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refuses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    receipt: str = ""
    incoming: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    zone: str = ""
    monitoring: bool = False

    @property
    def shown(self) -> str:
        """Its name in the reader's language."""
        return self.title_en if language() == "en" else self.title

    @property
    def carries_messages(self) -> bool:
        """Whether words to citizens go by its accounts."""
        return MESSAGE in self.tellings

    def kind_of(self, action: str) -> str:
        """What an action is called there, "" when this partner does not hear of it."""
        return "" if self.monitoring else self._named(action)

    def stream_kind_of(self, kind: str) -> str:
        """What a row of the stream is called there, "" when this body does not hear of it."""
        return self._named(kind) if self.monitoring else ""

    def _named(self, action: str) -> str:
        return next((one.kind for one in self.tellings.values() if action in one.on), "")
