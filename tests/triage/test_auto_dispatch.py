"""When an answer may act without a person: per level, on the threshold that keeps the city's wish, and never where safety is at stake."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from shutil import copytree

import pytest

from classifier.category.calibrate import Threshold
from hotline.city.schema import City
from hotline.i18n import speaking
from hotline.triage.active_classifier import ActiveClassifier, keyword_classifier, parents_of
from hotline.triage.model_registry import ModelRegistry
from hotline.triage.propose import Given, Triage, consider
from tests.support.papers.texts import texts

LAMP = "文峰区" + texts("0204", 3, "乙")[2]
HOUSING = texts("0401", 3, "乙")[2]


def wishing(city: City, category: float = 0.97, group: float = 0.97) -> City:
    return replace(city, policy=replace(city.policy, auto_dispatch=category, auto_dispatch_group=group))


def level(found: Triage) -> str:
    assert found.sure is (found.acts is not None)
    return found.acts.level if found.acts else ""


def test_a_clear_text_acts_by_its_category_and_says_which_threshold_it_reached(
    city: City, classifier: ActiveClassifier
) -> None:
    found = consider(city, classifier, LAMP)
    bar = classifier.acts_from(0.97)
    assert level(found) == "category" and bar is not None and found.suggestion.p >= bar
    assert f"小类把握 {100 * found.suggestion.p:.1f}%，达到自动派单的门槛 {100 * bar:.1f}%" in found.reasons[-1]
    with speaking("en"):
        assert "threshold" in consider(city, classifier, LAMP).reasons[-1]


def test_siblings_of_one_unit_that_cannot_be_told_apart_act_by_their_group(
    city: City, classifier: ActiveClassifier
) -> None:
    found = consider(city, classifier, f"文峰区{HOUSING}")
    bar = classifier.acts_from(0.97)
    assert bar is not None and found.suggestion.p < bar
    assert level(found) == "group" and found.unit and "大类" in found.reasons[-1]


def test_a_group_whose_likely_categories_go_to_different_units_waits_for_a_person(
    city: City, classifier: ActiveClassifier
) -> None:
    other = "transport"
    categories = {**city.categories, "0402": replace(city.categories["0402"], lead=other)}
    assert level(consider(replace(city, categories=categories), classifier, HOUSING)) == ""


def test_a_wish_that_no_threshold_keeps_lets_nothing_out_on_that_level(
    city: City, classifier: ActiveClassifier
) -> None:
    assert level(consider(wishing(city, group=1.0), classifier, HOUSING)) == ""
    assert level(consider(wishing(city, category=1.0, group=1.0), classifier, LAMP)) == ""


@pytest.mark.parametrize("words", ["有人困在里面，很危险，要出人命了。", "我不想活了。", "全城大面积停电。"])
def test_safety_waits_for_a_person_however_sure_the_answer(
    city: City, classifier: ActiveClassifier, words: str
) -> None:
    found = consider(city, classifier, LAMP + words)
    assert found.safety and level(found) == ""


def test_what_is_critical_waits_for_a_person_though_no_word_of_danger_was_said(
    city: City, classifier: ActiveClassifier
) -> None:
    found = consider(city, classifier, LAMP, Given(urgency="critical"))
    assert (
        not found.safety
        and level(found) == ""
        and level(consider(city, classifier, LAMP, Given(urgency="urgent"))) == "category"
    )


def test_the_keywords_act_on_no_score(city: City, classifier: ActiveClassifier, tmp_path: Path) -> None:
    alone = ActiveClassifier(keyword_classifier(city), ModelRegistry(tmp_path), parents_of(city), at_once=True)
    for mind in (alone, classifier):
        found = consider(city, mind, "暖气不热，供暖温度不达标，暖气片冰凉。")
        assert found.suggestion.model.startswith("keywords") and level(found) == ""


def test_thresholds_chosen_on_fresh_tickets_hold_above_those_of_the_training_without_a_restart(
    city: City, trained: Path, tmp_path: Path
) -> None:
    registry = ModelRegistry(copytree(trained, tmp_path / "models"))
    classifier = ActiveClassifier(keyword_classifier(city), registry, parents_of(city), at_once=True)
    assert level(consider(city, classifier, LAMP)) == "category"
    sets = dict(registry.current().fresh)
    registry.choose_anew({"category": [asdict(Threshold(0.97, 2.0, 0.0, 0.0, 0.0, 1.0, 400))], **sets})
    assert classifier.acts_from(0.97) is None and level(consider(city, classifier, LAMP)) == "group"
    registry.choose_anew(sets)
    assert level(consider(city, classifier, LAMP)) == "category"


def test_where_the_unit_hangs_on_the_place_an_unknown_place_waits_for_a_person(
    city: City, classifier: ActiveClassifier
) -> None:
    found = consider(city, classifier, LAMP.removeprefix("文峰区"))
    assert level(found) == "" and found.confidence <= 0.5
