"""The number beside a suggestion speaks of the unit; a typed category is no proof, and danger is no riddle for words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from classifier.suggestion import Classifier
from hotline.city.schema import City
from hotline.triage.active_classifier import keyword_classifier
from hotline.triage.propose import Given, consider

LAMP = "村口的路灯坏了，晚上看不见，请修理"


@pytest.fixture
def keywords(city: City) -> Classifier:
    return keyword_classifier(city)


def test_a_category_that_somebody_typed_is_no_proof_of_the_unit(city: City, keywords: Classifier) -> None:
    """Found at the desks: U7."""
    found = consider(city, keywords, "没有说清的事情，请处理", Given(category="0204"))
    assert found.unit and not found.sure and found.confidence < 1.0


def test_an_open_place_lowers_the_confidence_where_the_unit_hangs_on_it(city: City, keywords: Classifier) -> None:
    """99 % was the category’s, not the unit’s."""
    known = [consider(city, keywords, LAMP, Given(category="0204", area=area)) for area in city.areas]
    unknown = consider(city, keywords, LAMP, Given(category="0204"))
    if {one.unit for one in known} != {unknown.unit}:
        assert unknown.confidence <= 0.5 * max(one.confidence for one in known) + 1e-9
    assert all(one.confidence <= 1.0 for one in (*known, unknown))


def test_a_sure_category_whose_district_is_open_asks_for_the_district_and_is_not_called_unsure(
    city: City, keywords: Classifier
) -> None:
    open_ = consider(city, keywords, "路灯不亮", Given(category="0204"))
    units = {consider(city, keywords, "路灯不亮", Given(category="0204", area=area)).unit for area in city.areas}
    assert len(units) > 1 and open_.confidence < 0.6, "the example hangs on the district"
    assert open_.asks_place and not any("拿不准" in one for one in open_.reasons)
    assert any("哪个区县" in one for one in open_.reasons)
    said = consider(city, keywords, "路灯不亮", Given(category="0204", area="wenfeng"))
    assert said.unit in units and not said.asks_place and not said.unsure


def test_a_weak_category_with_an_open_district_stays_unsure(city: City, keywords: Classifier) -> None:
    found = consider(city, keywords, "我们这里的路")
    assert not found.asks_place


def test_with_automatic_dispatch_a_typed_category_still_waits_for_a_person(city: City, keywords: Classifier) -> None:
    eager = replace(city, policy=replace(city.policy, auto_dispatch_on=True))
    assert not consider(eager, keywords, "路灯", Given(category="0204")).sure


def test_a_heart_attack_is_never_a_matter_for_a_chance_word(city: City, keywords: Classifier) -> None:
    """Found at the desks: D4."""
    for words in ("我爸心脏病犯了快不行了", "有人站在大桥栏杆外面要往下跳", "孩子溺水了，快救人"):
        found = consider(city, keywords, words)
        assert found.urgency == "critical" and found.lines and not found.sure
        assert found.unit is None or city.categories[found.category or ""].safety
        assert found.lines[0] in found.reasons[0]


def test_a_weak_suggestion_says_so_and_gives_no_invented_reason(city: City, keywords: Classifier) -> None:
    """Weak suggestions spoke as boldly as strong ones. Found at the desks: U8."""
    found = consider(city, keywords, "我们这里的路")
    assert found.unsure and not any("指向" in reason for reason in found.reasons)
