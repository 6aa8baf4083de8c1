"""A model learns from labelled texts, says how sure it is, knows what it does not know, and is never opened unchecked."""

import random
from pathlib import Path

import numpy as np
import pytest

from classifier.category import calibrate, store
from classifier.category.background_model import background_model_of
from classifier.category.evaluate import classify_rows, cross_validate, evaluate_files, measure
from classifier.category.explain import HOLLOW
from classifier.category.seed_corpus import blend, mapped
from classifier.category.train import Example, data_hash, train
from classifier.category.trained import TrainedClassifier
from classifier.drift import Period, drift, stability

MATTERS = {
    "0204": ["路灯不亮", "路灯坏了", "路灯闪烁", "灯杆歪斜", "路灯晚上不开"],
    "0301": ["自来水停水", "水压太低", "水管爆裂漏水", "自来水浑浊", "停水没有通知"],
    "1001": ["老板拖欠工资", "工地欠薪", "工资不发", "农民工讨薪", "公司拖欠劳务费"],
}
PLACES = ["幸福路", "和平街", "文峰大道", "小区门口", "厂区后面", "村头", "学校旁边", "菜市场"]
ENDS = ["请尽快处理", "没有人管", "已经三天了", "希望解决", "谢谢", "反映多次"]


def examples(count: int = 240, seed: int = 1) -> list[Example]:
    chance = random.Random(seed)
    made = []
    for at in range(count):
        label = chance.choice(list(MATTERS))
        text = f"{chance.choice(PLACES)}{chance.choice(MATTERS[label])}，{chance.choice(ENDS)}{at}"
        made.append(Example(text, label, group=str(at)))
    return made


@pytest.fixture(scope="module")
def model():
    return train(examples())


def test_it_names_what_it_was_taught_and_says_which_words_spoke(model):
    said = TrainedClassifier(model).suggest("和平街路灯坏了，没人管")
    assert said.code == "0204" and said.p > 0.8 and said.known
    assert "路灯" in said.words and said.level1[0].code == "02"


def test_a_word_that_stands_in_every_matter_is_no_reason(model):
    """A gas leak was put down to "没有", a street lamp to "晚上". Found at the desks: U8."""
    said = TrainedClassifier(model).suggest("我们这里的路灯晚上没有亮，要求尽快处理，停水也没有人管，领导怎么不管？")
    told = {word for one in said.ranked for word in one.words}
    assert told and not told & HOLLOW


def test_one_text_and_many_get_the_same_numbers(model):
    texts = ["停水了", "工资不发", "路灯坏了 路灯坏了", ""]
    one_by_one = [TrainedClassifier(model).suggest(text) for text in texts]
    assert TrainedClassifier(model).suggest_many(texts) == one_by_one
    bulk = model.probabilities(texts)
    for said, row in zip(one_by_one, bulk, strict=True):
        assert said.p == pytest.approx(row.max())
    assert bulk.sum(axis=1) == pytest.approx(np.ones(len(texts)))


@pytest.mark.parametrize("text", ["", "😀😀", "asdf qwer zxcv", "？！", "量子纠缠与黑洞蒸发的拓扑结构", "\ud800"])
def test_what_is_unlike_anything_seen_is_not_known(model, text):
    assert not TrainedClassifier(model).suggest(text).known


def test_a_very_long_text_is_answered(model):
    assert TrainedClassifier(model).suggest("路灯不亮，" * 20_000).code == "0204"


def test_the_same_rows_and_seed_give_the_same_file_and_another_row_another(tmp_path):
    once, again = (store.save(train(examples()), tmp_path / name) for name in ("a", "b"))
    assert once.name == again.name and once.read_bytes() == again.read_bytes()
    assert data_hash(examples()) != data_hash([*examples(), Example("停水", "0301")])


def test_a_stored_model_answers_as_before(model, tmp_path):
    path = store.save(model, tmp_path)
    back = store.load(path)
    assert (back.probabilities(["停水"]) == model.probabilities(["停水"])).all()
    assert store.read_record(path)["labels"] == model.labels


def test_an_altered_or_unrecorded_model_is_never_opened(model, tmp_path):
    path = store.save(model, tmp_path)
    with pytest.raises(store.Unfit):
        store.load(path, sha="0" * 64)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(store.Unfit, match="altered"):
        store.load(path)
    path.with_suffix(".json").unlink()
    with pytest.raises(store.Unfit, match="record"):
        store.load(path)
    with pytest.raises(store.Unfit):
        store.load(Path(tmp_path) / "none.joblib")


def test_weights_that_all_share_are_those_of_the_model_whatever_lies_there(model, tmp_path):
    path = store.save(model, tmp_path)
    asked = ["路灯不亮", "楼下烧烤油烟大"]
    for left in (None, b"", b"not weights", b"\x93NUMPY\x01\x00"):
        back = store.load(path)
        if left is not None:
            path.with_suffix(store.MAPPED).write_bytes(left)
        store.share_weights(back, path)
        assert not back.judge.weights.flags.owndata and not back.judge.weights.flags.writeable
        assert (back.probabilities(asked) == model.probabilities(asked)).all()


def test_weights_that_cannot_be_shared_stay_ones_own(model, tmp_path, monkeypatch):
    path = store.save(model, tmp_path)
    back = store.load(path)

    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    store.share_weights(back, path)
    assert (back.probabilities(["路灯不亮"]) == model.probabilities(["路灯不亮"])).all()


def test_one_label_alone_teaches_nothing():
    with pytest.raises(ValueError, match="two labels"):
        train([Example("路灯", "0204"), Example("灯杆", "0204")])


def test_a_correction_teaches(model):
    text = "窨井冒泡泡"
    assert not TrainedClassifier(model).suggest(text).known
    taught = [Example(f"{place}窨井冒泡泡，{end}", "0203") for place in PLACES for end in ENDS]
    said = TrainedClassifier(train([*examples(), *taught])).suggest(text)
    assert said.code == "0203" and said.known


def test_cross_validation_never_learns_from_the_group_it_is_asked(tmp_path):
    twins = [Example(f"只有{word}{word}{word}", label, group=word) for word, label in _random_words() for _ in range(2)]
    assert cross_validate(twins, folds=4)["accuracy"] < 0.8


def test_cross_validated_figures_are_good_on_easy_matters():
    found = cross_validate(examples(), folds=3)
    assert found["macro_f1"] > 0.95 and found["top2"] >= found["accuracy"]
    assert sum(map(sum, found["confusion"])) == 240


def test_a_threshold_keeps_its_promise_and_says_how_sure_it_is():
    confidence = np.array([0.9, 0.9, 0.8, 0.7, 0.6])
    right = np.array([True, True, True, False, True])
    found = calibrate.threshold_for(confidence, right, 0.97)
    assert (found.p, found.precision, found.coverage) == (0.8, 1.0, 0.6)
    assert found.low < 1 and found.n == 5
    assert calibrate.threshold_for(confidence, ~right, 0.97).p > 1
    assert calibrate.threshold_for(np.array([]), np.array([], dtype=bool), 0.97).p > 1


def test_equal_confidences_are_never_split_by_a_threshold():
    found = calibrate.threshold_for(np.array([0.9, 0.9]), np.array([True, False]), 0.97)
    assert found.p > 1 and found.coverage == 0


def test_calibration_repairs_overconfident_scores():
    chance = np.random.default_rng(3)
    truth = chance.integers(0, 3, 3000)
    scores = chance.normal(size=(3000, 3)) + np.eye(3)[truth]
    p = calibrate.fit_calibration([scores * 20], truth).probabilities([scores * 20])
    right = p.argmax(axis=1) == truth
    assert calibrate.expected_calibration_error(p.max(axis=1), right) < 0.03
    assert calibrate.expected_calibration_error(calibrate.softmax(scores * 20).max(axis=1), right) > 0.2


def test_a_clear_text_is_not_promised_more_than_noisy_labels_keep():
    chance = np.random.default_rng(4)
    truth = chance.integers(0, 4, 4000)
    scores = chance.normal(size=(4000, 4)) + 5 * np.eye(4)[truth]
    noisy = np.where(chance.random(4000) < 0.06, (truth + 1) % 4, truth)
    found = calibrate.fit_calibration([scores[:2000]], noisy[:2000])
    p = found.probabilities([scores[2000:]])
    assert calibrate.expected_calibration_error(p.max(axis=1), p.argmax(axis=1) == noisy[2000:]) < 0.02
    assert found.temper != calibrate.PLAIN


@pytest.mark.parametrize("temper", [(0.3, -2.0), (3.0, 2.0), (0.5, 0.4)])
def test_tempering_changes_how_sure_an_answer_is_and_never_which(temper):
    scores = np.random.default_rng(5).normal(size=(500, 9)) * 4
    before, after = calibrate.spread(scores, 0.01), calibrate.spread(scores, 0.01, temper)
    assert (after.max(axis=1) >= after[np.arange(500), before.argmax(axis=1)]).all()
    assert after[np.arange(500), before.argmax(axis=1)] == pytest.approx(after.max(axis=1))
    assert after.sum(axis=1) == pytest.approx(np.ones(500)) and not np.allclose(before, after)


def test_a_text_that_is_there_five_times_calibrates_as_once() -> None:
    rng = np.random.default_rng(3)
    scores, truth = rng.normal(size=(200, 4)), rng.integers(0, 4, 200)
    scores[np.arange(200), truth] += 1.5
    many = np.r_[np.arange(200), np.repeat(np.arange(20), 4)]
    counts = np.ones(len(many))
    counts[np.isin(many, np.arange(20))] = 1 / 5
    once = calibrate.fit_calibration([scores], truth)
    told = calibrate.fit_calibration([scores[many]], truth[many], counts)
    assert told.probabilities([scores]) == pytest.approx(once.probabilities([scores]), abs=1e-3)
    assert told.temper == pytest.approx(once.temper, abs=1e-2)
    uncounted = calibrate.fit_calibration([scores[many]], truth[many])
    assert np.abs(uncounted.probabilities([scores]) - once.probabilities([scores])).max() > 0.01


def test_the_wilson_interval_holds_the_share():
    assert calibrate.wilson(97, 100) == pytest.approx((0.9155, 0.9897), abs=2e-3)
    assert calibrate.wilson(0, 0) == (0.0, 1.0)


def test_the_starter_corpus_fades_label_by_label():
    own = [Example(f"第{n}家停水", "0301") for n in range(30)]
    mixed = blend([("水管", "0301"), ("路灯", "0204")], own, strength=10)
    weights = {one.label: one.weight for one in mixed if one.prior}
    assert weights == {"0301": 0.25, "0204": 1.0}


def test_what_many_say_in_the_same_words_is_one_example() -> None:
    own = [Example("锅炉坏了", "0301")] * 400 + [Example("龙头没水", "0301", weight=0.5)]
    mixed = blend([("水管", "0301"), ("路灯", "0204")], own, strength=10)
    told = [one.weight for one in mixed if not one.prior]
    assert sum(told[:400]) == pytest.approx(1.0) and told[400] == 0.5
    assert {one.label: one.weight for one in mixed if one.prior} == {"0301": 10 / 12, "0204": 1.0}


CORPUS = [
    *(
        (f"{place}{what}，{end}", "电器")
        for what in ("冰箱漏电", "洗衣机不转", "空调不制冷")
        for place in PLACES
        for end in ENDS
    ),
    *(
        (f"{place}{what}，{end}", "鞋服")
        for what in ("皮鞋开胶", "毛衣掉色", "裤子破洞")
        for place in PLACES
        for end in ENDS
    ),
    *(
        (f"{place}{what}，{end}", "家具")
        for what in ("衣柜变形", "沙发塌陷", "床板断裂")
        for place in PLACES
        for end in ENDS
    ),
]


def test_a_background_brings_words_that_no_own_example_used(tmp_path):
    own = [
        Example(f"{place}{what}，{end}", label, group=f"{at} {place}")
        for at, (what, label) in enumerate([("冰箱漏电", "甲科"), ("皮鞋开胶", "乙科"), ("衣柜变形", "丙科")])
        for place in PLACES
        for end in ENDS
    ]
    asked = ["洗衣机不转", "毛衣掉色", "沙发塌陷"]
    told = train(own, background=background_model_of(CORPUS, 7))
    said = [TrainedClassifier(told).suggest(text) for text in asked]
    assert [one.code for one in said] == ["甲科", "乙科", "丙科"]
    assert train(own).probabilities(asked).max(axis=1).max() < min(one.p for one in said)
    assert told.probabilities(asked).max(axis=1) == pytest.approx([one.p for one in said])
    assert (store.load(store.save(told, tmp_path)).probabilities(asked) == told.probabilities(asked)).all()
    assert "background" in told.about and "background" not in train(own).about


def test_a_background_needs_labels_and_own_examples():
    assert background_model_of([("冰箱漏电", "电器")], 7) is None and background_model_of([], 7) is None
    few = [Example("路灯坏了", "0204"), Example("停水", "0301")]
    pairs = [(one.text, one.label) for one in examples()]
    assert train(blend(pairs, few), background=background_model_of(pairs, 7)).background is None


def test_what_is_said_first_weighs_more():
    made = [
        Example(f"{first}，{'请领导过问此事，' * 6}{second}", label, group=str(at))
        for at in range(60)
        for first, second, label in (("水管", "路灯", "水"), ("路灯", "水管", "灯"))
    ]
    said = TrainedClassifier(train(made)).suggest("路灯，" + "请领导过问此事，" * 6 + "水管")
    assert said.code == "灯"


def test_a_starter_corpus_can_speak_in_another_offices_labels():
    assert mapped([("a", "0301"), ("b", "0204"), ("c", "1001")], {"03": "水", "0204": "灯"}) == [
        ("a", "水"),
        ("b", "灯"),
    ]


def test_files_in_figures_out(tmp_path):
    import gzip
    import json

    rows = [{"id": at, "text": one.text, "label": one.label, "group": one.group} for at, one in enumerate(examples())]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "b.jsonl").write_text(lines, encoding="utf-8")
    found = evaluate_files(tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl")
    assert {"macro_f1", "accuracy", "top2", "top3", "ece", "coverage", "ms_median"} <= set(found)
    json.dumps(found)
    said = list(classify_rows(TrainedClassifier(train(examples())), rows, "text"))
    assert len(said) == 240 and all(one["ranked"] for one in said)


def test_a_label_never_seen_counts_as_wrong(model):
    assert measure(model, [Example("停水", "9999")])["accuracy"] == 0


def test_drift_lamps_are_dark_on_the_same_and_lit_on_other_texts():
    same = Period({"a": 500, "b": 500}, [0.9] * 500 + [0.5] * 500, [0.95] * 1000, 20, 1000)
    other = Period({"a": 50, "b": 950}, [0.5] * 1000, [0.6] * 1000, 200, 1000)
    assert [lamp.alarm for lamp in drift(same, same)] == [False] * 4
    assert [lamp.alarm for lamp in drift(same, other)] == [True] * 4
    few = Period({"b": 3}, [0.5] * 3, [0.1] * 3, 3, 3)
    assert [lamp.alarm for lamp in drift(same, few)] == [None] * 4
    assert stability({"a": 1}, {"a": 1}) == 0


def _random_words() -> list[tuple[str, str]]:
    chance = random.Random(5)
    letters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    return [("".join(chance.choices(letters, k=3)), chance.choice("ABCD")) for _ in range(120)]


def test_a_starter_corpus_alone_never_acts_but_answers():
    pairs = [(one.text, one.label) for one in examples()]
    cold = train(blend(pairs, []))
    assert cold.threshold(0.9).p > 1
    said = TrainedClassifier(cold).suggest("路灯坏了")
    assert said.code == "0204" and said.p < train(examples()).probabilities(["路灯坏了"]).max()
