"""A better unit that a dispatcher chose is learned, and the rule that named the other is shown with a change (U21)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hotline.city.loader import load_city
from hotline.city.mistakes import CityMistakes
from hotline.triage import overrides
from hotline.triage.overrides import Change, Override, RuleUse
from hotline.triage.propose import propose
from models import Proposal, Ticket
from tests.support.life import Life

CITY = Path("hotline/city/anyang")
WORDS = "文峰大道上的路灯不亮，请修理。"


def proposed(life: Life, phone: str) -> tuple[Ticket, Proposal]:
    ticket = life.ticket(phone=phone, words=WORDS, area="wenfeng")
    return ticket, propose(life.db, life.city, life.classifier, ticket, life.now)  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def keywords(life: Life) -> None:
    from hotline.triage.active_classifier import keyword_classifier

    life.classifier = keyword_classifier(life.city)  # type: ignore[attr-defined]


def overridden(life: Life, times: int, unit: str = "housing") -> Proposal:
    """Dispatchers send it elsewhere so often; returns the first proposal."""
    first = None
    for n in range(times):
        ticket, proposal = proposed(life, f"1380000{n:04d}")
        first = first or proposal
        life.do(ticket, "du", "dispatch", unit=unit, helpers=[])
    assert first is not None
    return first


def test_a_unit_that_dispatchers_keep_choosing_makes_the_rule_less_sure(life: Life) -> None:
    before = overridden(life, 6)
    _ticket, after = proposed(life, "13900000001")
    assert after.rule_id == before.rule_id and before.confidence >= 0.6
    assert after.confidence < before.confidence * 0.5 and not after.sure
    assert any("常被改派" in reason["zh"] for reason in after.reasons)


def test_whoever_corrects_the_category_blames_no_rule(life: Life) -> None:
    for n in range(4):
        ticket, proposal = proposed(life, f"1380000{n:04d}")
        other = next(code for code in life.city.categories if len(code) == 4 and code != proposal.category_code)
        life.do(ticket, "du", "dispatch", unit="housing", helpers=[], category=other)
    assert overrides.uses(life.db, life.now) == [] and overrides.trust_of(life.db, proposal.rule_id) == 1.0


def use(chosen: list[tuple[str, str, str]], decided: int) -> RuleUse:
    return RuleUse("street-light", decided, tuple(Override("1", *one) for one in chosen))


@pytest.mark.parametrize(
    ("chosen", "decided", "expected"),
    [
        ([("housing", "0204", "wenfeng")] * 2, 2, None),
        ([("housing", "0204", "wenfeng")] * 2 + [("water", "0204", "wenfeng")] * 2, 4, None),
        ([("housing", "0204", "wenfeng")] * 4, 5, Change("street-light", "housing", 4)),
        ([("housing", "0204", "wenfeng")] * 4, 40, Change("street-light", "housing", 4, ("0204",), ("wenfeng",))),
        ([("housing", "0204", "wenfeng"), ("housing", "0301", "beiguan"), ("housing", "0405", "yindu")], 40, None),
    ],
)
def test_a_change_is_proposed_only_where_the_overrides_agree(
    chosen: list[tuple[str, str, str]], decided: int, expected: Change | None
) -> None:
    assert overrides.change_for(use(chosen, decided)) == expected


@pytest.mark.parametrize("narrow", [(), ("categories",), ("areas",), ("categories", "areas")])
@pytest.mark.parametrize("nth", [0, 40, 120, 200])
def test_the_city_loads_with_the_change_applied(life: Life, tmp_path: Path, narrow: tuple[str, ...], nth: int) -> None:
    shutil.copytree(CITY, tmp_path, dirs_exist_ok=True)
    catalogue = (CITY / "dispatch.yaml").read_text("utf-8")
    rules = [one for one in life.city.rules if not one.areas and not one.streets and one.categories]
    rule = rules[min(nth, len(rules) - 1)]
    conditions = {"categories": rule.categories[:1], "areas": (next(iter(life.city.areas)),)}
    change = Change(rule.id, "housing", 4, *(conditions[name] if name in narrow else () for name in conditions))
    new = applied(catalogue, overrides.diff_of(catalogue, change, "多次改派", "Overridden often"))
    (tmp_path / "dispatch.yaml").write_text(new, "utf-8")
    wanted = f"{rule.id}-housing" if narrow and set(narrow) != {"categories"} else None
    try:
        city = load_city(tmp_path)
    except CityMistakes as mistakes:
        assert len(rule.categories) == 1 and narrow == ("categories",), mistakes
        return
    changed = next(one for one in city.rules if one.id == (wanted or (f"{rule.id}-housing" if narrow else rule.id)))
    assert (changed.lead, changed.any_words) == ("unit:housing", rule.any_words)


def applied(text: str, diff: str) -> str:
    """What `patch` would make of it."""
    lines, new, at = text.splitlines(keepends=True), [], 0
    for line in diff.splitlines(keepends=True)[2:]:
        if line.startswith("@@"):
            start = int(line.split()[1].split(",")[0][1:]) - 1
            new += lines[at:start]
            at = start
        elif line[0] == "+":
            new.append(line[1:])
        else:
            new += [line[1:]] if line[0] == " " else []
            at += 1
    return "".join([*new, *lines[at:]])
