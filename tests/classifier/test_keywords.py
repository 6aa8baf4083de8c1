"""Without any training a city's own words already give an answer one can believe."""

import time

import pytest

from classifier.category.keywords import KeywordClassifier
from classifier.suggestion import Suggestion

LEXICON = {
    "01": ["城管"],
    "0101": ["流动摊贩", "占道经营", "摊贩"],
    "0103": ["公厕", "厕所"],
    "0204": ["路灯", "路灯不亮"],
    "0301": ["停水", "自来水", "水压"],
    "10": ["工资"],
    "1001": ["拖欠 工资", "欠薪", "讨薪"],
    "1003": ["工伤"],
}


@pytest.fixture(scope="module")
def keywords() -> KeywordClassifier:
    return KeywordClassifier(LEXICON)


def test_the_words_of_a_category_name_it(keywords):
    said = keywords.suggest("幸福路上流动摊贩占道经营，天天堵路")
    assert said.code == "0101" and said.known
    assert set(said.words) == {"流动摊贩", "占道经营"}
    assert said.level1[0].code == "01"


def test_a_longer_word_swallows_the_shorter_one_inside_it(keywords):
    assert keywords.suggest("门口流动摊贩").words == ("流动摊贩",)


def test_a_word_of_two_parts_speaks_only_when_both_are_there(keywords):
    assert "拖欠 工资" in keywords.suggest("老板拖欠我三个月工资").words
    assert "拖欠 工资" not in keywords.suggest("工资太低了").words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The street lamp at the crossing is out", ("street lamp",)),
        ("Two street lamps are out", ("street lamp",)),
        ("There is a lamp in the streetwear shop", ()),
        ("I smell gas", ("gas",)),
        ("People gasped", ()),
        ("Gastro pub", ()),
        ("家里有gas味", ("gas",)),
        ("KTV太吵", ("ktv",)),
        ("GAS!", ("gas",)),
    ],
)
def test_a_word_in_latin_letters_stands_alone(text, words):
    english = KeywordClassifier({"0204": ["street lamp"], "0303": ["gas"], "1603": ["KTV"]})
    assert english.suggest(text).words == words


def test_an_english_word_is_no_surer_than_a_chinese_one():
    both = KeywordClassifier({"0204": ["路灯", "streetlight"]})
    assert both.suggest("the streetlight").p == both.suggest("路灯").p


def test_a_parents_word_lifts_its_children_alike(keywords):
    said = keywords.suggest("工资问题")
    assert [one.code for one in said.ranked] == ["1001", "1003"]
    assert said.ranked[0].p == pytest.approx(said.ranked[1].p)
    assert said.p < 0.5


def test_traditional_writing_is_read_the_same(keywords):
    assert keywords.suggest("小區路燈壞了").code == keywords.suggest("小区路灯坏了").code == "0204"


@pytest.mark.parametrize("text", ["", " ", "啊", "hello", "😀😀😀", "？？？", "天气不错", "\x00\x01"])
def test_when_no_word_speaks_it_says_so(keywords, text):
    said = keywords.suggest(text)
    assert not said.known and said.ranked == () and said.best is None and said.p == 0


def test_probabilities_are_a_share_that_leaves_room_for_none_of_them(keywords):
    said = keywords.suggest("停水了，路灯也不亮，公厕也没水")
    assert 0 < sum(one.p for one in said.ranked) < 1
    assert sum(one.p for one in said.level1) == pytest.approx(sum(one.p for one in said.ranked))
    assert [one.p for one in said.ranked] == sorted((one.p for one in said.ranked), reverse=True)


def test_more_words_make_it_surer(keywords):
    assert keywords.suggest("停水，自来水水压也低").p > keywords.suggest("停水").p


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问身份证怎么办理，需要什么材料？", "consult"),
        ("我要投诉楼上装修噪音扰民", "complaint"),
        ("举报某厂偷排污水", "report"),
        ("建议在路口增设红绿灯", "suggestion"),
        ("表扬窗口工作人员热情服务", "praise"),
        ("家里停水了没人管，请尽快维修", "help"),
    ],
)
def test_the_request_type_follows_the_callers_words(keywords, text, kind):
    assert keywords.suggest(text).request_type == kind


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("楼下着火了", "critical"),
        ("整个小区停水两天", "urgent"),
        ("希望增加公交班次", "normal"),
        ("没有着火，只是演练", "normal"),
    ],
)
def test_urgency_is_read_from_cues_and_a_negated_danger_is_none(keywords, text, urgency):
    assert keywords.suggest(text).urgency == urgency


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("燃气泄漏，味道很大", "danger"),
        ("我活不下去了，想跳楼", "self_harm"),
        ("匿名举报，请为我保密，怕报复", "informant"),
        ("几百名工人拉横幅堵路讨薪", "group"),
        ("整个小区停水三天了", "outage"),
    ],
)
def test_safety_matters_ring_whatever_the_category(keywords, text, reason):
    assert reason in [one.code for one in keywords.suggest(text).safety]


def test_harmless_texts_do_not_ring(keywords):
    assert keywords.suggest("请问公交几点末班").safety == ()


def test_a_hundred_thousand_characters_are_answered_quickly(keywords):
    keywords.suggest("路灯不亮。" * 40)  # what a letter sounds like is learnt once a process, while it starts
    started = time.process_time()
    assert isinstance(keywords.suggest("路灯不亮，" * 20_000), Suggestion)
    assert time.process_time() - started < 0.5


def test_many_texts_get_the_answers_each_would_get_alone(keywords):
    texts = ["停水", "路灯", "你好"]
    assert keywords.suggest_many(texts) == [keywords.suggest(text) for text in texts]
