"""The dispatch catalogue: who leads, why, and which rules can never speak."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.directory import CategoryLead, Directory
from routing.facts import Facts
from routing.rules import Rule, conditions, covers, decide, impossible, why_not

DIRECTORY = Directory(
    categories={
        "0101": CategoryLead("chengguan", "bureau:chengguan"),
        "0102": CategoryLead("chengguan", "area"),
        "0301": CategoryLead("gongshui"),
    },
    areas={"wenfeng": "wenfeng", "neihuang": "neihuang"},
    bureaus={("wenfeng", "chengguan"): "wenfeng-chengguan"},
    departments={"chengguan": "chengguan"},
    towns=frozenset({"wenfeng-dongguan"}),
)
EMPTY = Rule("r", "理由", "reason", "unit:gongshui")


def rule(**conditions: object) -> Rule:
    return replace(EMPTY, **conditions)  # type: ignore[arg-type]


def lead_of(lead: str, **facts: str | None) -> str | None:
    return decide([rule(lead=lead, any_words=("水",))], Facts(text="水", **facts), DIRECTORY).lead  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lead", "facts", "unit"),
    [
        ("unit:gongshui", {}, "gongshui"),
        ("bureau:chengguan", {"area": "wenfeng"}, "wenfeng-chengguan"),
        ("bureau:chengguan", {"area": "neihuang"}, "neihuang"),
        ("bureau:chengguan", {}, "chengguan"),
        ("area", {"area": "neihuang"}, "neihuang"),
        ("area", {"category": "0101"}, "chengguan"),
        ("town", {"area": "wenfeng", "town": "wenfeng-dongguan"}, "wenfeng-dongguan"),
        ("town", {"area": "wenfeng"}, "wenfeng"),
        ("category", {"category": "0101", "area": "wenfeng"}, "wenfeng-chengguan"),
        ("category", {"category": "0102", "area": "wenfeng"}, "wenfeng"),
        ("category", {"category": "0101"}, "chengguan"),
        ("category", {"category": "0301", "area": "wenfeng"}, "gongshui"),
        ("category", {}, None),
    ],
)
def test_a_lead_word_becomes_a_unit(lead: str, facts: dict[str, str], unit: str | None) -> None:
    assert lead_of(lead, **facts) == unit


def test_the_first_rule_that_fits_decides_and_the_others_say_why_not() -> None:
    after = rule(id="c", not_words=("x",))
    rules = [rule(id="a", any_words=("停暖",)), rule(id="b", categories=("01",), lead="area"), after]
    decision = decide(rules, Facts("垃圾没人清", category="0102", area="wenfeng"), DIRECTORY)
    assert (decision.rule_id, decision.lead) == ("b", "wenfeng")
    assert [(each.rule_id, str(each.why)) for each in decision.tried] == [("a", "文中没有：停暖")]


def test_a_decision_says_what_it_saw_and_how_it_found_the_unit() -> None:
    decision = decide([rule(any_words=("爆管", "漏水"), lead="bureau:chengguan")], Facts("路边漏水"), DIRECTORY)
    assert decision.reason == "理由；文中提到：漏水；地点所属县区不明，先交市级主管部门"


def test_what_no_rule_takes_goes_to_the_categorys_own_lead() -> None:
    decision = decide([], Facts("占道", category="0101", area="wenfeng"), DIRECTORY)
    assert (decision.rule_id, decision.lead) == (None, "wenfeng-chengguan")
    assert decision.reason.startswith("没有专门规则")


def test_without_a_category_nobody_is_named_and_a_person_decides() -> None:
    decision = decide([], Facts("你好"), DIRECTORY)
    assert decision.lead is None
    assert "派单员" in decision.reason


def test_a_rule_whose_unit_cannot_be_found_is_passed_over() -> None:
    decision = decide([rule(lead="bureau:jiaoyu", any_words=("水",))], Facts("水", category="0301"), DIRECTORY)
    assert (decision.rule_id, decision.lead) == (None, "gongshui")
    assert decision.tried[0].rule_id == "r"


def test_helpers_are_units_too_and_never_the_lead() -> None:
    helpers = ("bureau:chengguan", "unit:gongshui", "unit:zhujian", "unit:zhujian")
    decision = decide([rule(any_words=("水",), helpers=helpers)], Facts("水", area="wenfeng"), DIRECTORY)
    assert decision.helpers == ("wenfeng-chengguan", "zhujian")


@pytest.mark.parametrize(
    ("conditions", "fits"),
    [
        ({"categories": ("01",)}, True),
        ({"categories": ("0101",)}, True),
        ({"categories": ("02", "03")}, False),
        ({"any_words": ("垃圾", "污水")}, True),
        ({"all_words": ("垃圾", "污水")}, False),
        ({"not_words": ("垃圾",)}, False),
        ({"areas": ("wenfeng",)}, True),
        ({"areas": ("beiguan",)}, False),
        ({"streets": ("东关街道",)}, True),
        ({"streets": ("人民大道",)}, True),
        ({"communities": ("东风小区",)}, False),
        ({"request_types": ("help",)}, False),
        ({"urgency": ("normal",)}, True),
        ({"channels": ("sms",)}, False),
        ({"area_known": True}, True),
        ({"area_known": False}, False),
    ],
)
def test_each_condition_can_hold_and_can_fail(conditions: dict[str, object], fits: bool) -> None:
    facts = Facts("垃圾成堆", "0101", "complaint", "normal", "wenfeng", "东关街道", road="人民大道")
    assert (why_not(rule(**conditions), facts) is None) is fits


def test_a_rule_that_forbids_what_it_asks_for_is_impossible() -> None:
    assert impossible(rule(any_words=("停暖",), not_words=("暖",)))
    assert impossible(rule(all_words=("停暖费",), not_words=("停暖",)))
    assert impossible(rule(areas=("wenfeng",), area_known=False))
    assert not impossible(rule(any_words=("停暖", "不热"), not_words=("暖",)))


@pytest.mark.parametrize(
    ("earlier", "later", "covered"),
    [
        ({"categories": ("01",)}, {"categories": ("0101",)}, True),
        ({"categories": ("0101",)}, {"categories": ("01",)}, False),
        ({"any_words": ("爆管",)}, {"any_words": ("水管爆管",)}, True),
        ({"any_words": ("爆管",)}, {"any_words": ("爆管", "漏水")}, False),
        ({"any_words": ("爆管",)}, {"all_words": ("爆管", "马路")}, True),
        ({"all_words": ("爆管", "马路")}, {"all_words": ("爆管",)}, False),
        ({"not_words": ("收费",)}, {"areas": ("wenfeng",)}, False),
        ({"not_words": ("收费",)}, {"not_words": ("收费", "咨询")}, True),
        ({"area_known": True}, {"areas": ("wenfeng",)}, True),
        ({"area_known": False}, {"areas": ("wenfeng",)}, False),
        ({"urgency": ("normal", "urgent")}, {"urgency": ("urgent",)}, True),
        ({"channels": ("call",)}, {}, False),
        ({}, {"channels": ("call",)}, True),
    ],
)
def test_an_earlier_rule_covers_a_later_one(
    earlier: dict[str, object], later: dict[str, object], covered: bool
) -> None:
    assert covers(rule(**earlier), rule(**later)) is covered


some = st.lists(st.sampled_from(("甲", "甲乙", "乙", "丙")), max_size=2, unique=True).map(tuple)
some_rules = st.builds(
    rule,
    any_words=some,
    all_words=some,
    not_words=some,
    categories=st.lists(st.sampled_from(("01", "0101", "02")), max_size=2).map(tuple),
    areas=st.lists(st.sampled_from(("wenfeng", "neihuang")), max_size=2).map(tuple),
    area_known=st.sampled_from((None, True, False)),
    urgency=st.lists(st.sampled_from(("normal", "urgent")), max_size=2).map(tuple),
)
CONDITIONS = ("categories", "any_words", "all_words", "not_words", "areas", "area_known", "urgency")
some_facts = st.builds(
    Facts,
    text=st.text("甲乙丙", max_size=5),
    category=st.sampled_from((None, "0101", "0102", "02")),
    area=st.sampled_from((None, "wenfeng", "neihuang")),
    urgency=st.sampled_from(("normal", "urgent", "critical")),
)


@given(some_rules, some_rules, st.sets(st.sampled_from(CONDITIONS)), st.lists(some_facts, min_size=20, max_size=20))
def test_a_covered_rule_never_fits_where_the_earlier_one_does_not(
    one: Rule,
    later: Rule,
    shared: set[str],
    matters: list[Facts],
) -> None:
    earlier = replace(one, **{name: getattr(later, name) for name in shared})
    for facts in matters if covers(earlier, later) else ():
        assert why_not(later, facts) is not None or why_not(earlier, facts) is None


@given(some_rules)
def test_a_rule_covers_itself(one: Rule) -> None:
    assert covers(one, one)


@given(some_rules, some_facts)
def test_an_impossible_rule_never_fits(one: Rule, facts: Facts) -> None:
    assert not (impossible(one) and why_not(one, facts) is None)


def test_a_rule_knows_which_conditions_it_gives() -> None:
    assert conditions(EMPTY) == ()
    assert conditions(rule(areas=("wenfeng",), area_known=False)) == ("areas", "area_known")
