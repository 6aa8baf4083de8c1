"""A small model hears what a caller wants; it adds urgency and never takes any away, and says which words spoke."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from classifier.card import card
from classifier.category import store
from classifier.category.pipeline import features_of_clean
from classifier.category.train import Example, train
from classifier.category.trained import TrainedClassifier
from classifier.request_type.model import RequestModel, level_of
from classifier.request_type.training import LabelledRequest, measure_requests, requests_hash, train_requests
from classifier.suggestion import URGENCIES
from classifier.text.cue_reading import hear
from classifier.text.words import normalise

THINGS = ("路灯", "公交车", "水管", "电梯", "学校食堂", "社保卡", "菜市场", "停车场", "暖气", "快递")
WAYS = {
    "consult": ("{}归哪一家管呢", "不知道{}几点开始", "{}的手续贵不贵"),
    "help": ("{}出了毛病劳驾给弄好", "俺不会弄{}教教俺吧", "劳驾来个人瞧瞧{}"),
    "praise": ("{}弄得真漂亮俺心里热乎", "管{}的师傅真是好心人", "{}弄好了俺给恁作揖"),
}
CALM = [
    LabelledRequest(way.format(thing), kind, "normal")
    for kind, ways in WAYS.items()
    for way in ways
    for thing in THINGS
]
PRESSING = [
    LabelledRequest(f"{thing}那边{what}，快快快", "help", "critical")
    for thing in THINGS
    for what in ("伤了好几个娃", "轰隆一声塌了半边", "老人喘不上来气了")
]


@pytest.fixture(scope="module")
def model() -> RequestModel:
    found = train_requests([*CALM, *PRESSING])
    assert found is not None
    return found


def said(model: RequestModel, *texts: str):
    clean = [normalise(text) for text in texts]
    return model.hear(clean, [features_of_clean(one) for one in clean])


def test_how_people_ask_is_heard_whatever_they_speak_of(model: RequestModel) -> None:
    asked = said(model, "驾照的手续贵不贵", "劳驾来个人瞧瞧驾照", "管驾照的师傅真是好心人")
    assert [one.request_types[0].code for one in asked] == ["consult", "help", "praise"]
    assert all(sum(kind.p for kind in one.request_types) == pytest.approx(1) for one in asked)


def test_the_words_that_spoke_are_named(model: RequestModel) -> None:
    (asked, pressing) = said(model, "驾照的手续贵不贵", "驾照那边轰隆一声塌了半边，快快快")
    assert "手续" in asked.request_types[0].words
    assert pressing.urgency == "critical" and pressing.urgency_words


def test_what_no_cue_calls_pressing_the_model_may(model: RequestModel) -> None:
    text = "执照那边伤了几个，快快快"
    assert hear(normalise(text)).urgency == "normal"
    assert said(model, text)[0].urgency == "critical"


@pytest.mark.parametrize("text", ["厨房着火了", "有人要跳楼", "小区停电两天了", "高压线掉在地里"])
def test_a_model_that_finds_everything_calm_lowers_no_urgency_and_silences_no_bell(
    model: RequestModel, text: str
) -> None:
    calm = replace(model, judge=replace(model.judge, bias=model.judge.bias + _much_for(model, "normal")))
    cued = hear(normalise(text))
    told = said(calm, text)[0]
    assert cued.urgency != "normal"
    assert (told.urgency, told.urgency_words, told.safety) == (cued.urgency, cued.urgency_words, cued.safety)


def test_a_model_that_finds_everything_pressing_rings_no_more_bells_than_the_cues(model: RequestModel) -> None:
    loud = replace(model, judge=replace(model.judge, bias=model.judge.bias + _much_for(model, "critical")))
    told = said(loud, "路灯归哪一家管呢")[0]
    assert told.urgency == "critical" and told.safety == ()


def test_one_text_and_many_are_heard_alike(model: RequestModel) -> None:
    texts = [one.text for one in CALM[::7]] + ["", "？", "a b c", "路灯" * 3_000]
    together, alone = said(model, *texts), [said(model, text)[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert (one.urgency, one.safety, one.urgency_words) == (other.urgency, other.safety, other.urgency_words)
        assert [kind.p for kind in one.request_types] == pytest.approx(
            [kind.p for kind in other.request_types], abs=1e-6
        )
    assert model.hear([], []) == []


def test_the_same_rows_give_the_same_model_and_another_row_another(model: RequestModel) -> None:
    again = train_requests([*CALM, *PRESSING])
    assert again is not None and np.array_equal(again.judge.weights, model.judge.weights) and again.about == model.about
    assert requests_hash(CALM) != requests_hash([*CALM, LabelledRequest("停水", "help", "normal")])
    assert requests_hash(CALM) != requests_hash([replace(CALM[0], urgency="urgent"), *CALM[1:]])


def test_too_few_sentences_or_only_one_answer_teach_nothing() -> None:
    assert train_requests([]) is None
    assert train_requests(CALM[:20]) is None
    assert train_requests([replace(one, prior=True) for one in CALM]) is None
    assert train_requests([one for one in CALM if one.request_type == "help"]) is None


def test_what_was_not_told_is_not_learned_and_not_counted(model: RequestModel) -> None:
    half = [replace(one, urgency="") for one in CALM]
    told = train_requests([*half, *PRESSING, *(replace(one, request_type="") for one in CALM[:40])])
    assert told is not None
    assert told.about["urgency"]["n"] == len(PRESSING) + 40 and told.about["request_type"]["n"] == len(CALM) + len(
        PRESSING
    )
    assert set(measure_requests(model, half)) == {"request_type"}


def test_a_level_is_reached_when_it_or_a_higher_one_is_as_likely_as_not() -> None:
    assert level_of(URGENCIES, np.array([0.4, 0.35, 0.25])) == "urgent"
    assert level_of(URGENCIES, np.array([0.6, 0.0, 0.4])) == "normal"
    assert level_of(("normal", "critical"), np.array([0.5, 0.5])) == "critical"


def test_a_model_of_categories_carries_it_and_without_it_the_cues_answer(model: RequestModel, tmp_path) -> None:
    matters = train([Example(one.text, one.text[:2], group=str(at)) for at, one in enumerate(CALM)])
    text = "劳驾来个人瞧瞧驾照"
    plain = TrainedClassifier(matters).suggest(text)
    assert plain.request_types == hear(normalise(text)).request_types
    matters.requests = model
    back = TrainedClassifier(store.load(store.save(matters, tmp_path)))
    assert back.suggest(text).request_type == "help" and back.suggest(text).code == plain.code
    assert back.suggest_many([text, "有人要跳楼"])[1].safety


def test_the_card_tells_the_classes_of_both_questions(model: RequestModel) -> None:
    text = card({name: model.about[name] for name in ("request_type", "urgency")})
    assert "## Request type" in text and "## Urgency" in text
    assert "| praise |" in text and "| critical |" in text and "cues_accuracy" in text


def _much_for(model: RequestModel, level: str) -> np.ndarray:
    names = [*model.kinds.labels, *model.levels.labels]
    return np.array([50.0 * (name == level) for name in names])
