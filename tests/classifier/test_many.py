"""Many texts at once get what each alone gets: bulk work is quicker, never different."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.category import store
from classifier.category.background_model import background_model_of
from classifier.category.keywords import KeywordClassifier
from classifier.category.pipeline import LinearScorer, features_of
from classifier.category.train import Example, train
from classifier.category.trained import TrainedClassifier
from classifier.text import extract as extraction
from classifier.text.char_ngrams import Words
from classifier.text.cue_reading import hear, hear_many
from classifier.text.extract import extract, extract_many
from classifier.text.words import TOGETHER, normalise, normalise_many

LEXICON = {
    "0204": ("路灯", "路灯不亮", "街灯"),
    "0301": ("停水", "水压", "自来水"),
    "1001": ("拖欠 工资", "欠薪", "讨薪"),
}
TEXTS = (
    "文峰大道的路灯不亮，已经三个月了，希望尽快维修！",
    "",
    "停水了",
    "老板拖欠工资，一直不给，我们几十名工人没有着落。联系人王建国，电话13803720000。",
    "請問身份證怎麼補辦，去哪個窗口？需要什麼材料……",
    "ＡＢＣ１２３　路灯　坏了！！！",
    "the street light is broken, please help; my email is someone@example.com",
    "楼下着火了，有人困在五楼！！快来人",
    "没有着火，只是演练。",
    "3栋2单元501室漏水，2019年3月5日上午十点报修，花了3000元，豫E12345堵住了门口",
    "燃气味很大，孩子头晕；随时会爆，砸到人怎么办",
    "😀😀😀 \ud800 ℡ ㈱",
    "路 灯 不 亮 路 灯 不 亮",
    "我叫李小明，是欧阳先生的邻居，护照号E12345678，微信号abc_12345。",
    "小区停水两天了，水压低，自来水发黄" * 60,
    "建议多装几盏街灯；点赞，办得好。",
)
MIXED = st.text(
    alphabet="路灯停水工资着火困住人王李先生女士联系人电话本叫一二三年月日点号楼单元室元万块0123456789AbE@.-,，。！… 　：\ud83d😀"
)


@pytest.fixture(scope="module")
def keywords() -> KeywordClassifier:
    return KeywordClassifier(LEXICON)


@pytest.fixture(scope="module")
def model():
    return train(_examples())


@pytest.fixture(scope="module")
def read_model():
    """A model whose own labels are learned on top of another corpus."""
    return train(_examples(), background=background_model_of([(one.text, one.label[:2]) for one in _examples(3)], 1))


def _examples(seed: int = 1) -> list[Example]:
    chance = random.Random(seed)
    matters = {code: [part for word in words for part in word.split()] for code, words in LEXICON.items()}
    places = ("幸福路", "和平街", "文峰大道", "小区门口", "村头")
    rows = [(chance.choice(places), code, chance.choice(matters[code])) for code in LEXICON for _ in range(60)]
    return [
        Example(f"{place}的{word}问题，反映{at}次没人管，希望解决", code, str(at))
        for at, (place, code, word) in enumerate(rows)
    ]


def test_many_texts_become_the_same_writing() -> None:
    assert list(normalise_many(TEXTS)) == [normalise(text) for text in TEXTS]


@given(st.lists(MIXED, max_size=6))
@settings(max_examples=150, deadline=None)
def test_any_texts_become_the_same_writing(texts: list[str]) -> None:
    assert list(normalise_many(texts)) == [normalise(text) for text in texts]


def test_the_same_is_lifted_out_of_many_texts() -> None:
    found = extract_many(TEXTS)
    assert found == [extract(text) for text in TEXTS]
    assert {one.kind for each in found for one in each} >= {
        "phone",
        "name",
        "email",
        "plate",
        "room",
        "amount",
        "time",
        "span",
        "paper",
    }


@given(st.lists(MIXED, max_size=6))
@settings(max_examples=300, deadline=None)
def test_the_same_is_lifted_out_of_any_texts(texts: list[str]) -> None:
    assert extract_many(texts) == [extract(text) for text in texts]


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_the_quick_look_hides_nothing(text: str) -> None:
    """A text that lacks what a kind must hold has nothing of that kind."""
    for one in (text, *TEXTS):
        for kind, hint in extraction._HINTS.items():
            assert re.search(hint, one) or not re.search(extraction._PATTERNS[kind], one), kind


def test_a_word_is_seen_wherever_it_stands() -> None:
    words = Words(["路灯", "拖欠工资", "no"])
    assert words.places(["坏了的路灯，路灯", "", "拖欠工资", "拖欠", "no"]) == [[3, 6], [], [0], [], [0]]


def test_keywords_rank_many_texts_alike(keywords: KeywordClassifier) -> None:
    assert keywords.suggest_many(TEXTS) == [keywords.suggest(text) for text in TEXTS]


@pytest.mark.parametrize("which", ["model", "read_model"])
def test_a_model_gives_many_texts_the_same_numbers_and_words(which: str, request: pytest.FixtureRequest) -> None:
    classifier = TrainedClassifier(request.getfixturevalue(which))
    alone = [classifier.suggest(text) for text in TEXTS]
    assert classifier.suggest_many(TEXTS) == alone
    assert classifier.suggest_many([*TEXTS] * (TOGETHER // len(TEXTS) + 2))[-len(TEXTS) :] == alone
    assert classifier.suggest_many(TEXTS[::-1])[::-1] == alone
    assert any(one.ranked[0].words for one in alone)


def test_answering_waits_for_no_learning_library() -> None:
    code = "import sys, classifier.category.store, classifier.category.trained; print('sklearn' in sys.modules, 'scipy.optimize' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]


def test_short_sums_are_exact_to_a_millionth(model) -> None:
    read = [features_of(text) for text in TEXTS]
    exact = model.weigher.matrix(read).toarray() @ model.judge.weights.astype(np.float64) + model.judge.bias
    assert model.judge.scores(model.weigher.matrix(read, np.float32)) == pytest.approx(exact, abs=1e-5)
    assert abs(model.judge.weights.mean(axis=1)).max() < 1e-4


def test_a_model_stored_before_weights_lay_around_zero_answers_alike(model, tmp_path) -> None:
    shift = np.random.default_rng(1).normal(size=(len(model.judge.weights), 1)).astype(np.float32)
    told = model.probabilities(TEXTS)
    level, model.judge = model.judge, LinearScorer(model.judge.weights + shift, model.judge.bias)
    path = store.save(model, tmp_path)
    model.judge = level
    record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    path.with_suffix(".json").write_text(json.dumps({**record, "format": 2}), encoding="utf-8")
    assert store.load(path).probabilities(TEXTS) == pytest.approx(told, abs=1e-6)
    path.with_suffix(".json").write_text(json.dumps({**record, "format": 1}), encoding="utf-8")
    with pytest.raises(store.Unfit, match="format"):
        store.load(path)


def test_what_callers_say_is_heard_alike_in_many_texts() -> None:
    heard = hear_many(tuple(map(normalise, TEXTS)))
    assert list(heard) == [hear(normalise(text)) for text in TEXTS]
    assert {one.urgency for one in heard} >= {"normal", "critical"} and any(one.safety for one in heard)
