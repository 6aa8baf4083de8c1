"""The units it could be: a set that holds the right one as often as it says, the fact that is missing, and who may go alone."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from shutil import copytree

import pytest

from classifier.category.conformal import Floor
from hotline.city.schema import City
from hotline.i18n import speaking
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.propose import Given, consider
from hotline.triage.returned import KEPT, returned_like
from hotline.triage.unit_sets import UnitSet, kept, set_kept, set_of
from tests.support.papers.texts import texts

LAMP = texts("0204", 3, "乙")[2]
WAGES = "老板拖欠工资，公交司机到站不停甩客"
TWO_MATTERS = texts("1001", 3, "乙")[2] + texts("0701", 3, "乙")[2]
"""Half each, whatever words the cutter of this process has learned."""


@pytest.fixture
def floored(city: City, trained: Path, tmp_path: Path) -> ActiveClassifier:
    """With floors: low for what the model read, none that can be told where the district is open."""
    registry = ModelRegistry(copytree(trained, tmp_path / "models"))
    rows = [Floor("read", 0.98, 0.02, 400), Floor("typed", 0.98, 0.2, 400), Floor("open", 0.98, 0.0, 400)]
    registry.choose_anew({"unit": [asdict(one) for one in rows]})
    return ActiveClassifier(keyword_classifier(city), registry, parents_of(city), at_once=True)


def test_a_clear_text_names_one_unit_and_goes_alone(city: City, floored: ActiveClassifier) -> None:
    found = consider(city, floored, f"文峰区{LAMP}")
    assert found.units is not None and found.units.units == (found.unit,) and found.units.stated == 0.98
    assert found.acts is not None and found.acts.alone and "可能的单位也只有这一家" in found.acts.why
    assert any("100 次里 98 次对" in one for one in found.reasons)
    with speaking("en"):
        assert "only unit" in found.acts.why


def test_two_likely_units_are_both_named_and_wait_for_a_person(city: City, floored: ActiveClassifier) -> None:
    found = consider(city, floored, f"文峰区{TWO_MATTERS}")
    assert found.units is not None and len(found.units.units) == 2 and found.acts is None
    (told,) = [one for one in found.reasons if "这两家之一" in one]
    assert all(city.unit_name(unit) in told for unit in found.units.units)


def test_of_a_matter_less_sure_than_all_that_were_counted_nothing_is_promised(
    city: City, trained: Path, tmp_path: Path
) -> None:
    """A city of clear matters counts a high floor; that the likeliest unit is "the only one" would be a lie of an unclear one."""
    registry = ModelRegistry(copytree(trained, tmp_path / "sure"))
    registry.choose_anew({"unit": [asdict(Floor("read", 0.98, 0.9, 400))]})
    sure = ActiveClassifier(keyword_classifier(city), registry, parents_of(city), at_once=True)
    found = consider(city, sure, f"文峰区{TWO_MATTERS}")
    assert found.odds[0][1] < 0.9 and found.units is None and found.acts is None
    assert not any("100 次里" in one for one in found.reasons)
    assert consider(city, sure, f"文峰区{LAMP}").units is not None


def test_one_unit_that_is_unsure_itself_is_not_called_the_only_one(city: City, floored: ActiveClassifier) -> None:
    assert set_of(floored, [("a", 0.3), ("b", 0.01)], "read") is None
    assert set_of(floored, [("a", 0.9), ("b", 0.01)], "read") == UnitSet(("a",), 0.98)
    assert set_of(floored, [("a", 0.3), ("b", 0.2)], "read") == UnitSet(("a", "b"), 0.98)


def test_a_score_alone_sends_nothing_while_no_set_is_promised(city: City, trained: Path, tmp_path: Path) -> None:
    registry = ModelRegistry(copytree(trained, tmp_path / "bare"))
    registry.choose_anew({})
    bare = ActiveClassifier(keyword_classifier(city), registry, parents_of(city), at_once=True)
    found = consider(city, bare, f"文峰区{LAMP}")
    assert found.units is None and found.acts is None and found.suggestion.p >= (bare.acts_from(0.97) or 2)


def test_where_the_district_is_open_its_own_kind_of_set_is_asked_for(city: City, floored: ActiveClassifier) -> None:
    found = consider(city, floored, LAMP)
    assert (found.kind, found.units) == ("open", None) and len(found.odds) > 3
    assert sum(p for _unit, p in found.odds) <= 1.001


def test_a_typed_category_leads_and_the_others_share_what_is_left(city: City, floored: ActiveClassifier) -> None:
    found = consider(city, floored, f"文峰区{WAGES}", Given(category="0204"))
    assert found.kind == "typed" and found.odds[0] == (found.unit, pytest.approx(0.9, abs=0.02))
    assert found.units is not None and found.units.units == (found.unit,)


def test_what_is_kept_with_a_proposal_comes_back_as_it_was_told(city: City, floored: ActiveClassifier) -> None:
    found = consider(city, floored, f"文峰区{WAGES}")
    assert set_kept(kept(found.odds, found.kind, found.units)) == found.units
    assert set_kept(kept((), "read", None)) is None and set_kept({}) is None


def test_how_often_the_like_came_back_is_told_only_of_enough(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    assert returned_like(registry, 0.7) is None
    rows = [{"from": 0.0, "n": 40, "returned": 20}, {"from": 0.6, "n": 12, "returned": 1}]
    registry.write(KEPT, {"returned": rows})
    low = returned_like(registry, 0.5)
    assert low is not None and (low.n, low.share) == (40, 0.5)
    assert returned_like(registry, 0.6) is None and returned_like(registry, 1.0) is None
