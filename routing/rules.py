"""The dispatch catalogue: ordered rules, the first that fits decides, and every answer says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple

from routing.directory import Directory
from routing.facts import Facts
from routing.said import N_, Said


@dataclass(frozen=True)
class Rule:
    """All given conditions must hold; an empty one always does.

    categories: codes; a code takes in every code that starts with it. lead, helpers: "unit:<code>",
    "bureau:<kind>", "area", "town" or "category". area_known: None = does not matter. source: the document behind the rule,
    "" where the catalogue names none.
    """

    id: str
    reason: str
    reason_en: str
    lead: str
    helpers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    any_words: tuple[str, ...] = ()
    all_words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    request_types: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    area_known: bool | None = None
    source: str = ""


class Tried(NamedTuple):
    """A rule that was looked at and did not fit, and the first condition that failed."""

    rule_id: str
    why: Said


@dataclass(frozen=True)
class Decision:
    """rule_id: None when no rule fitted and the category's default lead was taken. lead: None when nobody can be named.

    reasons: first the rule's own, then what was seen and how the lead was found. passed: the rules before it.
    """

    rule_id: str | None
    lead: str | None
    helpers: tuple[str, ...]
    reasons: tuple[Said, ...]
    facts: Facts
    passed: tuple[Rule, ...] = ()

    @property
    def tried(self) -> tuple[Tried, ...]:
        """Why each rule before it did not fit: hundreds of sentences, made only for somebody who asks."""
        nobody = Said(N_("适用，但找不到承办单位"))
        return tuple(Tried(rule.id, why_not(rule, self.facts) or nobody) for rule in self.passed)

    @property
    def reason(self) -> str:
        """All reasons in Chinese, as one line."""
        return "；".join(str(each) for each in self.reasons)


def decide(rules: Iterable[Rule], facts: Facts, directory: Directory) -> Decision:
    """The first rule that fits and names a unit; otherwise the category's default lead."""
    catalogue = rules if isinstance(rules, tuple) else tuple(rules)
    for at, given in _about(_Catalogue(catalogue), facts.category or "-"):
        rule = catalogue[at]
        lead, notes = directory.find(rule.lead, facts) if all(holds(rule, facts) for holds in given) else (None, ())
        if lead:
            reasons = (Said(rule.reason, english=rule.reason_en), *_seen(rule, facts), *notes)
            return Decision(rule.id, lead, _helpers(rule, lead, facts, directory), reasons, facts, catalogue[:at])
    lead, notes = directory.find("category", facts)
    reasons = (Said(N_("没有专门规则，按类别的默认承办单位")), *notes) if lead else notes
    return Decision(None, lead, (), reasons, facts, catalogue)


class _Catalogue:
    """The rules by identity: hashing hundreds of them would take longer than trying them."""

    def __init__(self, rules: tuple[Rule, ...]):
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Catalogue) and self.rules is other.rules


@lru_cache(maxsize=1024)
def _about(catalogue: _Catalogue, category: str) -> tuple[tuple[int, tuple[_Holds, ...]], ...]:
    """The places of the rules that may speak about a category, each with what else it asks: most are about another one."""
    return tuple(
        (at, _given(rule)) for at, rule in enumerate(catalogue.rules) if category.startswith(rule.categories or "")
    )


def _given(rule: Rule) -> tuple[_Holds, ...]:
    named = conditions(rule)
    return tuple(holds for name, holds, _ in _CONDITIONS if name in named and name != "categories")


def why_not(rule: Rule, facts: Facts) -> Said | None:
    """The first condition that fails, or None when the rule fits."""
    for name, holds, sentence in _CONDITIONS:
        if not holds(rule, facts):
            needed = getattr(rule, name)
            return Said(sentence, {"needed": "、".join(needed)} if isinstance(needed, tuple) else {})
    return None


def covers(earlier: Rule, later: Rule) -> bool:
    """Every matter that fits `later` fits `earlier` too, so that after it `later` can never be reached.

    Sound, not complete: True is certain, False may be too careful.
    """
    return (
        _within(later.categories, earlier.categories, lambda code, outer: code.startswith(outer))
        and all(_within(getattr(later, name), getattr(earlier, name)) for name in _ALTERNATIVES)
        and _words_within(later, earlier)
        and set(earlier.not_words) <= set(later.not_words)
        and (
            earlier.area_known is None
            or earlier.area_known == later.area_known
            or (earlier.area_known and bool(later.areas))
        )
    )


def impossible(rule: Rule) -> bool:
    """The rule contradicts itself: what it asks for it also forbids."""

    def forbidden(word: str) -> bool:
        return any(each in word for each in rule.not_words)

    return (
        any(map(forbidden, rule.all_words))
        or (bool(rule.any_words) and all(map(forbidden, rule.any_words)))
        or (rule.area_known is False and bool(rule.areas))
    )


_ALTERNATIVES = ("areas", "streets", "communities", "request_types", "urgency", "channels")
_Holds = Callable[[Rule, Facts], bool]

# The name of what a rule asks, whether it holds, and the sentence when it does not.
_CONDITIONS: tuple[tuple[str, _Holds, str], ...] = (
    (
        "categories",
        lambda rule, facts: not rule.categories or (facts.category or "-").startswith(rule.categories),
        N_("类别不是：%(needed)s"),
    ),
    (
        "request_types",
        lambda rule, facts: _one_of(facts.request_type, rule.request_types),
        N_("诉求类型不是：%(needed)s"),
    ),
    ("urgency", lambda rule, facts: _one_of(facts.urgency, rule.urgency), N_("紧急程度不是：%(needed)s")),
    ("channels", lambda rule, facts: _one_of(facts.channel, rule.channels), N_("渠道不是：%(needed)s")),
    ("area_known", lambda rule, facts: rule.area_known is not True or bool(facts.area), N_("县区不明")),
    ("area_known", lambda rule, facts: rule.area_known is not False or not facts.area, N_("县区已知")),
    ("areas", lambda rule, facts: _one_of(facts.area, rule.areas), N_("县区不是：%(needed)s")),
    (
        "streets",
        lambda rule, facts: _one_of(facts.street, rule.streets) or _one_of(facts.road, rule.streets),
        N_("街道或道路不是：%(needed)s"),
    ),
    ("communities", lambda rule, facts: _one_of(facts.community, rule.communities), N_("社区不是：%(needed)s")),
    (
        "any_words",
        lambda rule, facts: not rule.any_words or any(word in facts.text for word in rule.any_words),
        N_("文中没有：%(needed)s"),
    ),
    (
        "all_words",
        lambda rule, facts: all(word in facts.text for word in rule.all_words),
        N_("文中没有同时出现：%(needed)s"),
    ),
    (
        "not_words",
        lambda rule, facts: not any(word in facts.text for word in rule.not_words),
        N_("文中出现了排除词，如：%(needed)s"),
    ),
)


def conditions(rule: Rule) -> tuple[str, ...]:
    """The names of the conditions the rule gives."""
    quiet = {"id", "reason", "reason_en", "lead", "helpers", "source"}
    return tuple(f.name for f in fields(rule) if f.name not in quiet and getattr(rule, f.name) not in ((), None))


def _one_of(value: str | None, allowed: tuple[str, ...]) -> bool:
    return not allowed or value in allowed


def _seen(rule: Rule, facts: Facts) -> tuple[Said, ...]:
    found = [word for word in dict.fromkeys(rule.any_words + rule.all_words) if word in facts.text]
    return (Said(N_("文中提到：%(words)s"), {"words": "、".join(found)}),) if found else ()


def _helpers(rule: Rule, lead: str, facts: Facts, directory: Directory) -> tuple[str, ...]:
    found = (directory.find(helper, facts).unit for helper in rule.helpers)
    return tuple(dict.fromkeys(unit for unit in found if unit and unit != lead))


def _within(
    inner: tuple[str, ...],
    outer: tuple[str, ...],
    fits: Callable[[str, str], bool] = lambda a, b: a == b,
) -> bool:
    """Every value `inner` allows is allowed by `outer`; an empty condition allows everything."""
    return not outer or (bool(inner) and all(any(fits(a, b) for b in outer) for a in inner))


def _words_within(later: Rule, earlier: Rule) -> bool:
    """A text that satisfies the later rule's words satisfies the earlier rule's."""
    must = later.all_words

    def implied(word: str) -> bool:
        return any(word in each for each in must)

    some = (
        not earlier.any_words
        or any(map(implied, earlier.any_words))
        or (bool(later.any_words) and all(any(e in word for e in earlier.any_words) for word in later.any_words))
    )
    return some and all(map(implied, earlier.all_words))
