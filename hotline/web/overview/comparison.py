"""Each figure beside the period before: the arrow at its side, and the few sentences that say what to look at first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from hotline.i18n import _
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.definitions import CALLS
from hotline.metrics.demand import Growth
from hotline.metrics.rates import Rate
from hotline.web.core.request_context import here
from hotline.web.overview import figures
from hotline.web.overview.filters import OverviewFilter

SURE = 1.96
"""Standard errors apart from which a change is no chance (95 %)."""
LEAST_POINTS = 0.05
SENTENCES = 3


class Change(NamedTuple):
    """As the `measured` macro draws it. way: up, down, same; tone: good, bad, plain (may be chance)."""

    text: str
    way: str
    tone: str


@dataclass(frozen=True)
class Headline:
    """One sentence to read first. weight: how much it matters; href: down to what it speaks of."""

    weight: float
    text: str
    href: str
    tone: str = "warn"


def change(rate: Rate, earlier: Rate | None) -> Change | None:
    """How a figure moved; nothing where either of the two counts too few to say."""
    if earlier is None or rate.value is None or earlier.value is None or rate.too_few or earlier.too_few:
        return None
    points = round((rate.value - earlier.value) * 100, 1)
    if abs(points) < LEAST_POINTS:
        return Change(_("持平"), "same", "plain")
    return Change(_("%(n)s 个百分点", n=f"{abs(points):.1f}"), "up" if points > 0 else "down", _tone(rate, earlier))


def headlines(
    asked: OverviewFilter, rates: Mapping[str, Rate], earlier: Mapping[str, Rate], growing: list[Growth]
) -> list[Headline]:
    """The three things that matter most, the heaviest first; one calm sentence when there is none."""
    found = sorted(_candidates(asked, rates, earlier, growing), key=lambda one: -one.weight)
    return found[:SENTENCES] or [_calm(rates)]


def _candidates(
    asked: OverviewFilter, rates: Mapping[str, Rate], earlier: Mapping[str, Rate], growing: list[Growth]
) -> Iterator[Headline]:
    yield from _late(asked, rates.get("open_late"))
    for key, rate in rates.items():
        moved = change(rate, earlier.get(key))
        if key == "open_late" or rate.too_few:
            continue
        if rate.good is False:
            yield _missed(asked, rate, moved)
        elif moved is not None and moved.tone == "bad":
            yield _worse(asked, rate, moved)
    yield from (_grown(asked, one) for one in growing[:1])


def _late(asked: OverviewFilter, rate: Rate | None) -> Iterator[Headline]:
    """Whoever waits beyond the limit comes before every rate, however few they are."""
    if rate is not None and rate.parts["hit"]:
        text = _("%(n)d 件在办工单已经超期", n=rate.parts["hit"])
        said = _("，").join(one for one in (text, figures.longest_late(asked)) if one)
        yield Headline(float("inf"), said, figures.href(asked, "open_late", "hit"), "bad")


def _missed(asked: OverviewFilter, rate: Rate, moved: Change | None) -> Headline:
    text = _(
        "%(name)s只有 %(value)s（参考 %(reference)s）：%(rest)s没有做到",
        name=rate.name,
        value=figures.shown(rate),
        reference=rate.reference,
        rest=_counted(rate, "miss"),
    )
    if _lower(rate):
        text = _(
            "%(name)s有 %(value)s（参考 %(reference)s）：%(rest)s",
            name=rate.name,
            value=figures.shown(rate),
            reference=rate.reference,
            rest=_counted(rate, "hit"),
        )
    part = "hit" if _lower(rate) else "miss"
    return Headline(_distance(rate), _sentence(text, moved), figures.href(asked, rate.key, part))


def _worse(asked: OverviewFilter, rate: Rate, moved: Change) -> Headline:
    text = f"{rate.name} {figures.shown(rate)}"
    href = figures.href(asked, rate.key, figures.first_part(rate.key))
    return Headline(SURE, _sentence(text, moved), href)


def _grown(asked: OverviewFilter, one: Growth) -> Headline:
    text = _(
        "“%(what)s”增长最快：%(now)d 件，前一段 %(before)d 件",
        what=here.city.category_name(one.code),
        now=one.now,
        before=one.before,
    )
    return Headline(one.z, text, figures.href(asked, "direct_close", "of", category=one.code), "plain")


def _calm(rates: Mapping[str, Rate]) -> Headline:
    if all(rate.too_few for rate in rates.values() if rate.of):
        return Headline(0, _("这段时间件数太少，还看不出什么；可以把时间段放长"), "", "plain")
    return Headline(0, _("没有需要马上看的：没有超期的在办工单，各项都达到参考，也没有明显变差"), "", "good")


def _sentence(text: str, moved: Change | None = None) -> str:
    """With how it stood before, where that is no chance."""
    if moved is None or moved.tone == "plain":
        return text
    if moved.way == "up":
        return _("%(text)s，比前一段高 %(points)s", text=text, points=moved.text)
    return _("%(text)s，比前一段低 %(points)s", text=text, points=moved.text)


def _counted(rate: Rate, part: str) -> str:
    """How many, with the word for what is counted."""
    n = rate.parts[part]
    if rate.key == "staffing":
        return _("%(n)d 个小时", n=n)
    if DEFINITIONS[rate.key].source is CALLS:
        return _("%(n)d 个来电", n=n)
    return _("%(n)d 件", n=n)


def _lower(rate: Rate) -> bool:
    return rate.key in DEFINITIONS and DEFINITIONS[rate.key].lower


def _tone(rate: Rate, earlier: Rate) -> str:
    """Two shares differ when they lie 1.96 standard errors of the pooled share apart."""
    assert rate.value is not None and earlier.value is not None
    pooled = (rate.n + earlier.n) / (rate.of + earlier.of)
    error = sqrt(max(pooled * (1 - pooled), 0) * (1 / rate.of + 1 / earlier.of))
    if abs(rate.value - earlier.value) <= SURE * error:
        return "plain"
    return "good" if (rate.value > earlier.value) != _lower(rate) else "bad"


def _distance(rate: Rate) -> float:
    """How many standard errors a figure lies from its reference; staffing, which has none, by the hours that lack."""
    assert rate.value is not None
    target = DEFINITIONS[rate.key].target if rate.key in DEFINITIONS else 1.0
    share = min(max(rate.value, 0.5 / rate.of), 1 - 0.5 / rate.of)
    return abs(rate.value - (target or 0.0)) / sqrt(share * (1 - share) / rate.of)
