"""A city as plain frozen values: everything that differs from one city to the next, and nothing that is code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hotline.city.map.schema import CityMap
from hotline.city.mistakes import Mistake
from hotline.city.monitoring.schema import MonitoringRules
from hotline.city.nuisance.schema import NuisanceRules
from hotline.city.partners.subscription import Subscription
from hotline.city.policy import Policy
from hotline.city.practice.schema import PracticeRules
from hotline.city.quality.schema import QualityRules
from hotline.city.ready.schema import ReadyFile
from hotline.i18n import N_, _, language, one_stop
from routing.calendar import Calendar
from routing.directory import CategoryLead, Directory
from routing.limits import LimitProfile
from routing.places import Gazetteer
from routing.rules import Rule
from routing.said import Said

UNIT_KINDS = {
    "department": N_("市直部门"),
    "area": N_("县区"),
    "bureau": N_("县区部门"),
    "utility": N_("公用企业"),
    "town": N_("乡镇街道"),
    "hotline": N_("热线中心"),
    "outside": N_("外部单位"),
}
"""Every kind of body with its name, in the order in which lists group them."""

HANDLES_NOTHING = frozenset({"hotline", "outside"})


@dataclass(frozen=True)
class Duty:
    """How a unit hears of work away from the screen. phones: who is texted, the next when the one before opens nothing.

    by_day, by_night: from which urgency on in and outside working hours (normal, urgent, critical, never). email: where the
    digest of each working day goes.
    """

    phones: tuple[str, ...] = ()
    by_day: str = "urgent"
    by_night: str = "urgent"
    email: str = ""


@dataclass(frozen=True)
class Unit:
    """A body that handles tickets. bureau: the kind of bureau it is ("chengguan"), for departments and bureaus."""

    code: str
    name: str
    name_en: str
    kind: str
    parent: str | None = None
    area: str | None = None
    bureau: str | None = None
    phone: str = ""
    duties: str = ""
    duties_en: str = ""
    aliases: tuple[str, ...] = ()
    duty: Duty = field(default_factory=Duty)

    @property
    def handles(self) -> bool:
        """Whether tickets are sent there: not to ourselves, and not to a body outside the hotline's city."""
        return self.kind not in HANDLES_NOTHING


@dataclass(frozen=True)
class Area:
    """A county, district or functional zone; the unit of the same code speaks for it."""

    code: str
    name: str
    name_en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CategoryQuestion:
    """What the intake asks of a matter of this category, e.g. which shop."""

    ask: str
    ask_en: str


@dataclass(frozen=True)
class Category:
    """questions: what the intake asks; without any of its own those of the category above.

    level: 1, 2 … lead: unit code of the city-level lead.

    lead_is: "unit", or who leads once the area is known: "area", "area_bureau:<kind of bureau>".
    words, words_en: what callers say for it, in Chinese and in English.
    """

    code: str
    name: str
    name_en: str
    level: int
    parent: str | None
    lead: str
    lead_is: str = "unit"
    words: tuple[str, ...] = ()
    words_en: tuple[str, ...] = ()
    safety: bool = False
    request_type: str = "help"
    questions: tuple[CategoryQuestion, ...] = ()


@dataclass(frozen=True)
class ChecklistItem:
    """A question the reviewer answers; "no" proposes the send-back reason.

    na: it may be answered with "does not apply"; the others know only yes and no.
    fact: what the program itself knows about it (see `text_files.FACTS`), "" when only a person can judge.
    source: the document that asks for it, "" where the list names none.
    """

    code: str
    question: str
    question_en: str
    reason: str
    na: bool = False
    fact: str = ""
    source: str = ""


@dataclass(frozen=True)
class Reason:
    """A reason for sending a reply back, with the hint the unit reads."""

    code: str
    name: str
    name_en: str
    hint: str
    hint_en: str


@dataclass(frozen=True)
class Text:
    """A message in both languages; params are exactly the {places} both use. template: the gateway's own number."""

    key: str
    zh: str
    en: str
    params: tuple[str, ...] = ()
    to: str = "citizen"
    note: str = ""
    template: str = ""

    def fill(self, code: str, **params: object) -> str:
        """The text in one language ("zh", "en"), each sentence with one stop; raises KeyError when a param is missing."""
        return one_stop((self.en if code == "en" else self.zh).format_map(params))


@dataclass(frozen=True)
class Route:
    """A matter out of scope, and the right route told to the citizen."""

    code: str
    name: str
    name_en: str
    advice: str
    advice_en: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A group of the identity provider. roles: codes of what its members are here. unit: where they work, if it says so."""

    name: str
    roles: tuple[str, ...]
    unit: str = ""


@dataclass(frozen=True)
class SignIn:
    """Single sign-on as the city wants it. groups: none leaves the roles to the pages here. makes: strangers get an account.

    proofs: values of `amr` or `acr` by which the provider says that two factors were shown. name, name_en: the button.
    """

    groups: tuple[Group, ...] = ()
    makes: bool = False
    proofs: frozenset[str] = frozenset()
    name: str = ""
    name_en: str = ""

    @property
    def title(self) -> str:
        """What the provider is called, in the reader's language."""
        told = self.name_en if language() == "en" else self.name
        return told or _("统一身份认证")


@dataclass(frozen=True)
class City:
    """One loaded version of a city's folder; `release` names the version by its content.

    sources: what the rules of dispatch.yaml ("rules") and the questions of checklist.yaml ("checklist") rest on as a whole.
    area_code: what completes a local telephone number ("0372"); "" in a city without one. sms_number: where citizens may send
    their texts of their own accord; "" while the city tells none.
    """

    code: str
    name: str
    name_en: str
    timezone: str
    hotline_number: str
    release: str
    units: Mapping[str, Unit]
    areas: Mapping[str, Area]
    categories: Mapping[str, Category]
    rules: tuple[Rule, ...]
    routes: Mapping[str, Route]
    profile: str
    profiles: Mapping[str, LimitProfile]
    calendar: Calendar
    checklist: tuple[ChecklistItem, ...]
    reasons: Mapping[str, Reason]
    texts: Mapping[str, Text]
    gazetteer: Gazetteer
    words: tuple[str, ...] = ()
    area_code: str = ""
    sms_number: str = ""
    policy: Policy = field(default_factory=Policy)
    departments: Mapping[str, str] = field(default_factory=dict)
    sign_in: SignIn = field(default_factory=SignIn)
    sources: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Mistake, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    quality: QualityRules = field(default_factory=QualityRules)
    ready: ReadyFile = field(default_factory=ReadyFile)
    monitoring: MonitoringRules = field(default_factory=MonitoringRules)
    practice: PracticeRules = field(default_factory=PracticeRules)
    nuisance: NuisanceRules = field(default_factory=NuisanceRules)
    map: CityMap = field(default_factory=CityMap)

    @property
    def limits(self) -> LimitProfile:
        """The profile in force."""
        return self.profiles[self.profile]

    @property
    def title(self) -> str:
        """The city's name in the reader's language."""
        return self.name_en if language() == "en" else self.name

    def sends_to(self, code: str | None) -> bool:
        """Whether tickets are dispatched to this unit."""
        return code in self.units and self.units[code or ""].handles

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Codes of the bodies that receive transfers."""
        return tuple(code for code, unit in self.units.items() if unit.kind == "outside")

    @cached_property
    def centre(self) -> str | None:
        """The code of the hotline's own centre."""
        return next((code for code, unit in self.units.items() if unit.kind == "hotline"), None)

    def subscription(self, name: str) -> Subscription | None:
        """What the partner of this name is told, and how it is read."""
        return next((one for one in self.subscriptions if one.name == name), None)

    @cached_property
    def told_outside(self) -> frozenset[str]:
        """The actions of which any partner hears."""
        return frozenset(
            action
            for one in self.subscriptions
            if not one.monitoring
            for telling in one.tellings.values()
            for action in telling.on
        )

    @cached_property
    def lexicon(self) -> dict[str, tuple[str, ...]]:
        """The keywords of each category that has any, in both languages."""
        spoken = {code: (*category.words, *category.words_en) for code, category in self.categories.items()}
        return {code: words for code, words in spoken.items() if words}

    @cached_property
    def matters(self) -> frozenset[str]:
        """What its catalogue calls the matters: the keywords of the categories, in Chinese."""
        return frozenset(word for category in self.categories.values() for word in category.words)

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """Every word the cutter must not cut: words.txt, names of places, keywords of categories."""
        places = (name for entry in self.gazetteer.entries for name in (entry.name, *entry.aliases))
        keywords = (word for category in self.categories.values() for word in category.words)
        return tuple(dict.fromkeys((*self.words, *places, *keywords)))

    @cached_property
    def directory(self) -> Directory:
        """What routing needs to resolve a lead."""
        units = self.units.values()
        return Directory(
            categories={code: _lead(category) for code, category in self.categories.items()},
            areas={code: code for code in self.areas},
            bureaus={(u.area, u.bureau): u.code for u in units if u.kind == "bureau" and u.area and u.bureau},
            departments=self.departments,
            towns=frozenset(unit.code for unit in units if unit.kind == "town"),
        )

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def _below(self) -> dict[str, tuple[Unit, ...]]:
        below: dict[str, tuple[Unit, ...]] = {}
        for unit in self.units.values():
            if unit.parent:
                below[unit.parent] = (*below.get(unit.parent, ()), unit)
        return below

    def children(self, code: str) -> tuple[Unit, ...]:
        """The units directly below."""
        return self._below.get(code, ())

    def unit_and_below(self, code: str) -> tuple[str, ...]:
        """The unit's code and the codes of all units under it, at any depth."""
        return (code, *(each for unit in self.children(code) for each in self.unit_and_below(unit.code)))

    def unit_and_above(self, code: str) -> tuple[str, ...]:
        """The unit's code and the codes of the units over it, the nearest first."""
        unit = self.units.get(code)
        return (code, *self.unit_and_above(unit.parent)) if unit and unit.parent else (code,)

    def unit_name(self, code: str | None) -> str:
        """The name in the reader's language; an unknown code stands for itself, so that old tickets stay readable."""
        return _named(self.units.get(code or ""), code)

    def area_name(self, code: str | None) -> str:
        return _named(self.areas.get(code or ""), code)

    def category_name(self, code: str | None) -> str:
        return _named(self.categories.get(code or ""), code)

    def reason_name(self, code: str | None) -> str:
        return _named(self.reasons.get(code or ""), code)

    def route_name(self, code: str | None) -> str:
        return _named(self.routes.get(code or ""), code)

    def question(self, code: str) -> str:
        """A checklist item's question in the reader's language; an unknown code stands for itself."""
        item = next((each for each in self.checklist if each.code == code), None)
        if item is None:
            return code
        return item.question_en if language() == "en" else item.question

    def questions_of(self, code: str | None) -> tuple[CategoryQuestion, ...]:
        """What the intake asks of a category; an unknown one asks nothing."""
        category = self.categories.get(code or "")
        return category.questions if category else ()

    def source_of(self, rule_id: str | None) -> str:
        """The document behind a rule of the catalogue, or what the catalogue says of itself; "" for no rule."""
        rule = self._rules.get(rule_id or "")
        return (rule.source or self.sources.get("rules", "")) if rule else ""

    def category_path(self, code: str | None) -> tuple[str, ...]:
        """The codes from level 1 down to the category itself."""
        category = self.categories.get(code or "")
        return (*self.category_path(category.parent), category.code) if category else ()


def worded(said: Said) -> str:
    """A sentence of routing in the reader's language."""
    if said.english and language() == "en":
        return said.english
    return said.sentence if said.english else _(said.sentence, **said.params)


def _named(thing: Unit | Area | Category | Reason | Route | None, code: str | None) -> str:
    if thing is None:
        return code or ""
    return thing.name_en if language() == "en" else thing.name


def _lead(category: Category) -> CategoryLead:
    in_area = "" if category.lead_is == "unit" else category.lead_is.removeprefix("area_")
    return CategoryLead(category.lead, in_area)
