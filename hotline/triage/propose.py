"""Classifier and routing catalogue together: ranked categories, unit, helpers, limits, confidence and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy.orm import Session

from classifier.category.conformal import Odds
from classifier.suggestion import LIFE, URGENCIES, Classifier, Suggestion
from classifier.text.danger import life
from classifier.text.words import normalise
from hotline.city.schema import City
from hotline.tickets.act import act, attempt
from hotline.tickets.names import ActionName
from hotline.tickets.roles import SYSTEM
from hotline.triage.auto_dispatch import Acts, acts_on, alone_in
from hotline.triage.overrides import trust_of
from hotline.triage.reasons import in_both_languages, reasons
from hotline.triage.unit_confidence import SURE_FROM, category_is_sure, place_decided, unit_confidence
from hotline.triage.unit_sets import UnitSet, kept, kind_of, set_of, unit_odds
from models import Proposal, Ticket
from routing.facts import Facts
from routing.places import Place
from routing.rules import Decision, decide

SHOWN = 5


@dataclass(frozen=True)
class Given:
    """What is known beside the words. category, area, request_type and urgency were chosen by a person and stand.

    place_text: where, as it was told. hint: what another system calls it: better than nothing, never sure.
    town: the code of the town whose page or window it came by: the place, unless the words plainly name another district.
    """

    place_text: str = ""
    category: str | None = None
    area: str | None = None
    channel: str = "hotline"
    request_type: str | None = None
    urgency: str | None = None
    hint: str | None = None
    town: str | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True)
class Triage:
    """What is proposed for one text, before or after there is a ticket. confidence: 0–1, that the unit is right.

    lines: whom to ring first where somebody may die now (110, 119, 120, 122); then no unit is guessed.
    told_area: the district that was chosen, or that a point on the map lies in. stated: somebody typed the category. trust: how far the
    rule has been right lately, 1 where nobody contradicts it.
    acts: the level and threshold that make it sure; sure: may go out without a look, be it by the clock or in bulk.
    odds: who else it could be; units: the set of them that holds the right one, while that can be promised.
    """

    suggestion: Suggestion
    place: Place
    decision: Decision | None
    category: str | None
    request_type: str
    urgency: str
    unit: str | None
    helpers: tuple[str, ...]
    limits: dict[str, str]
    confidence: float
    acts: Acts | None
    sure: bool
    safety: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    stated: bool = False
    hint: str | None = None
    told_area: str | None = None
    agrees: bool = True
    trust: float = 1.0
    place_open: bool = False
    odds: Odds = ()
    kind: str = "read"
    units: UnitSet | None = None
    reasons: tuple[str, ...] = field(default=())

    @property
    def unsure(self) -> bool:
        """Too weak to be shown as a finding."""
        return self.confidence < SURE_FROM

    @property
    def asks_place(self) -> bool:
        """The category is sure and only the district is open: that is asked for, not called unsure."""
        return self.place_open and category_is_sure(self.suggestion, self.category, self.stated)


@dataclass(frozen=True)
class Way:
    """Where a text goes. facts: what the catalogue was asked with; decision: None while the category is open."""

    facts: Facts
    place: Place
    decision: Decision | None
    safety: tuple[str, ...]
    agrees: bool = True
    """The words do not name another district than the town it came from."""

    @property
    def unit(self) -> str | None:
        return self.decision.lead if self.decision else None

    @property
    def helpers(self) -> tuple[str, ...]:
        return self.decision.helpers if self.decision else ()


def way_of(city: City, said: Suggestion, text: str, given: Given = NOTHING_GIVEN) -> Way:
    """Route a text by what was said of it. What a person already chose is taken as given."""
    told = city.gazetteer.find(f"{given.place_text}\n{text}" if given.place_text else text)
    place = _in_town(city, told, given.town)
    safety = tuple(each.code for each in said.safety)
    category = given.category or _guess(city, said, safety) or (None if said.known else given.hint)
    facts = Facts(
        text=text,
        category=category,
        request_type=given.request_type or said.request_type,
        urgency=given.urgency or said.urgency,
        area=given.area or (place.area if place.sure else None),
        street=place.street,
        community=place.community,
        channel=given.channel,
        town=place.town,
    )
    if category and city.categories[category].safety and not safety and facts.request_type not in CALM_TYPES:
        safety = ("hazard",)
    agrees = place is told or not told.sure or told.area == place.area
    return Way(facts, place, decide(city.rules, facts, city.directory) if category else None, safety, agrees)


def _in_town(city: City, told: Place, town: str | None) -> Place:
    """The town whose page it came by is the place; finer names of the words stay where they lie in its district."""
    unit = city.units.get(town or "")
    if unit is None or unit.kind != "town":
        return told
    if told.area not in (None, unit.area):
        return Place(area=unit.area, street=unit.name, town=unit.code, words=told.words, sure=True)
    return replace(told, area=unit.area, street=unit.name, town=unit.code, sure=True, candidates=())


CALM_TYPES = ("praise", "consult")
"""Whoever praises or asks about a category of safety is in no danger by that."""


def _guess(city: City, said: Suggestion, safety: tuple[str, ...]) -> str | None:
    """The category of the words. Where somebody may die, no chance word names it: only one of safety that is likely does."""
    if not said.known:
        return None
    if not set(safety) & set(LIFE):
        return said.code
    best = city.categories.get(said.code or "")
    return said.code if best is not None and best.safety and said.p >= SURE_FROM else None


def consider(
    city: City, classifier: Classifier, text: str, given: Given = NOTHING_GIVEN, said: Suggestion | None = None
) -> Triage:
    """Propose for a text. What a person already chose is taken as given. said: when the classifier was asked already."""
    said = said or classifier.suggest(text)
    way = way_of(city, said, text, given)
    facts, stated = way.facts, given.category is not None
    place_open = way.decision is not None and not place_decided(city, facts, way.decision)
    waits = way.decision is None or place_open or _doubtful(said, way, given)
    odds, kind = unit_odds(city, said, facts, stated=stated), kind_of(city, facts, way.decision, stated=stated)
    units = set_of(classifier, odds, kind)
    allowed = None if waits else acts_on(city, classifier, said, facts, way.decision)
    acts = alone_in(classifier, allowed, units, way.unit)
    in_danger_of_life = set(way.safety) & set(LIFE)
    found = Triage(
        suggestion=said,
        place=way.place,
        decision=way.decision,
        category=facts.category,
        request_type=facts.request_type,
        urgency=facts.urgency,
        unit=way.unit,
        helpers=way.helpers,
        limits=_limits(city, facts.request_type, facts.urgency),
        confidence=unit_confidence(city, said, facts, way.decision, stated=stated),
        acts=acts,
        safety=way.safety,
        lines=life.lines(life.life(normalise(text))) if in_danger_of_life else (),
        stated=stated,
        place_open=place_open,
        odds=odds,
        kind=kind,
        units=units,
        sure=acts is not None and city.sends_to(way.unit),
        hint=given.hint,
        told_area=given.area,
        agrees=way.agrees,
    )
    return replace(found, reasons=reasons(city, found))


def _doubtful(said: Suggestion, way: Way, given: Given) -> bool:
    """A person looks first: danger, a partner who calls it otherwise, a typed category, a place that contradicts its town."""
    otherwise = bool(given.hint) and (given.hint != way.facts.category or not said.known)
    typed_otherwise = given.category is not None and given.category != said.code
    return bool(way.safety) or way.facts.urgency == "critical" or otherwise or typed_otherwise or not way.agrees


def propose(db: Session, city: City, classifier: Classifier, ticket: Ticket, now: datetime) -> Proposal:
    """Consider a ticket, store the proposal, and fill the facts nobody has stated yet."""
    return propose_all(db, city, classifier, [ticket], now)[0]


def propose_all(
    db: Session, city: City, classifier: Classifier, tickets: Sequence[Ticket], now: datetime
) -> list[Proposal]:
    """The same for several: the classifier is asked once, each rule is looked up once, and the rows are written together."""
    told = classifier.suggest_many([words_of(ticket) for ticket in tickets])
    trust = cache(partial(trust_of, db))
    considered = [
        with_trust(city, _considered(city, classifier, ticket, said), trust)
        for ticket, said in zip(tickets, told, strict=True)
    ]
    proposals = [_row(city, ticket, found, now) for ticket, found in zip(tickets, considered, strict=True)]
    db.add_all(proposals)
    db.flush()
    for ticket, found in zip(tickets, considered, strict=True):
        _take_up(db, city, ticket, found, now)
    return proposals


def words_of(ticket: Ticket) -> str:
    """What the classifier reads of a ticket."""
    return f"{ticket.title}\n{ticket.text.body}"


def _considered(city: City, classifier: Classifier, ticket: Ticket, said: Suggestion) -> Triage:
    return consider(
        city,
        classifier,
        words_of(ticket),
        Given(
            place_text=ticket.text.place or "",
            category=ticket.category_code,
            area=ticket.area,
            channel=ticket.channel,
            urgency=ticket.urgency if ticket.urgency_by in ("person", "hotspot") else None,
            hint=ticket.text.extra.get("category_hint"),
            town=ticket.town_code,
        ),
        said,
    )


def _row(city: City, ticket: Ticket, found: Triage, now: datetime) -> Proposal:
    return Proposal(
        ticket_id=ticket.id,
        at=now,
        model=found.suggestion.model,
        release=city.release,
        ranked=ranked_rows(found.suggestion),
        category_code=found.category,
        request_type=found.request_type,
        urgency=found.urgency,
        unit_code=found.unit,
        helpers=list(found.helpers),
        limits=found.limits,
        place=place_row(found.place),
        units=kept(found.odds, found.kind, found.units),
        rule_id=found.decision.rule_id if found.decision else None,
        confidence=round(found.confidence, 4),
        sure=found.sure,
        reasons=[{"zh": zh, "en": en} for zh, en in zip(*in_both_languages(city, found), strict=True)],
    )


def with_trust(city: City, found: Triage, trust_in: Callable[[str | None], float]) -> Triage:
    """What dispatchers have made of this rule lately: one that is often overridden is less sure, and never goes by itself."""
    trust = trust_in(found.decision.rule_id if found.decision else None)
    if trust >= 1.0:
        return found
    doubtful = trust < SURE_FROM
    acts = None if doubtful else found.acts
    weaker = replace(
        found, confidence=found.confidence * trust, acts=acts, sure=found.sure and acts is not None, trust=trust
    )
    return replace(weaker, reasons=reasons(city, weaker))


def _take_up(db: Session, city: City, ticket: Ticket, found: Triage, now: datetime) -> None:
    """What the ticket itself learns from its words, each as a row of the table."""
    place = {
        "area": None if ticket.area or not found.place.sure else found.place.area,
        "street": None if ticket.street else found.place.street,
    }
    if any(place.values()):
        act(db, city, ticket, ActionName.LOCATE, SYSTEM, now, place)
    if found.safety and not ticket.safety:
        act(db, city, ticket, ActionName.MARK_SAFETY, SYSTEM, now, {"safety": list(found.safety)})
    if URGENCIES.index(found.urgency) > URGENCIES.index(ticket.urgency):
        attempt(db, lambda: _raise(db, city, ticket, found, now))
    if "informant" in found.safety and ticket.privacy != "sealed":
        act(db, city, ticket, ActionName.CORRECT, SYSTEM, now, {"privacy": "sealed"})


def _raise(db: Session, city: City, ticket: Ticket, found: Triage, now: datetime) -> None:
    """What the model hears beyond the cue words; refused where a person has spoken."""
    answers = {"urgency": found.urgency, "by": "model"}
    act(db, city, ticket, ActionName.RAISE_URGENCY, SYSTEM, now, answers)


def ranked_rows(said: Suggestion) -> list[dict[str, Any]]:
    return [{"code": r.code, "p": round(r.p, 4), "words": list(r.words)} for r in said.ranked[:SHOWN]]


def place_row(place: Place) -> dict[str, Any]:
    return {
        "area": place.area,
        "street": place.street,
        "community": place.community,
        "landmark": place.landmark,
        "words": list(place.words),
        "sure": place.sure,
    }


def _limits(city: City, request_type: str, urgency: str) -> dict[str, str]:
    spans = {clock: city.limits.span(clock, request_type, urgency) for clock in ("sign", "contact", "reply")}
    return {clock: str(span) for clock, span in spans.items() if span}
