"""The same message told twice is recognised among many, and the shared words say why."""

import time

from classifier.nearness import ALIKE, SAME, bare, cosines, near, near_bare


def test_the_same_message_is_the_nearest_and_says_which_words_it_shares():
    others = ["小区停水三天了没人管", "幸福路路灯坏了晚上看不见", "老板拖欠工资"]
    (index, score, shared), *_ = near("幸福路的路灯坏了，晚上看不见路！", others, 2)
    assert index == 1 and score > ALIKE and "路灯" in shared


def test_the_same_words_in_another_writing_are_the_same_message():
    assert near("幸福路路燈壞了，１２３號", ["幸福路路灯坏了123号"])[0][1] > 0.99 > SAME


def test_texts_that_share_nothing_are_not_returned():
    assert near("停水", ["路灯坏了", "", "！！"]) == []
    assert near("", ["路灯"]) == [] and near("停水", []) == []


def test_no_more_than_k_are_returned_best_first():
    scores = [score for _, score, _ in near("小区停水", ["停水", "小区停水了", "小区停水", "停水小区"], 3)]
    assert len(scores) == 3 and scores == sorted(scores, reverse=True)


def test_keeping_the_bare_form_gives_the_same_answer():
    texts = ["幸福路，路灯坏了", "停水了！"]
    assert near("路灯坏了", texts) == near_bare(bare("路灯坏了"), [bare(text) for text in texts])


def test_words_are_looked_up_only_where_somebody_will_read_them():
    texts = ["幸福路路灯坏了没人修", "幸福路停水"]
    found = {index: words for index, _, words in near("幸福路路灯坏了没人修理", texts, words_from=ALIKE)}
    assert "路灯" in found[0] and found[1] == ()


def test_two_hundred_candidates_take_a_few_milliseconds():
    texts = [
        bare(f"第{i}号楼的业主反映{'停水' if i % 2 else '路灯不亮'}已经{i}天，物业一直没有处理，" * 4)
        for i in range(201)
    ]
    cosines(texts)
    started = time.process_time()
    for _ in range(10):
        cosines(texts)
    assert (time.process_time() - started) / 10 < 0.025


def test_many_thousand_candidates_work_too():
    assert near("第7号楼停水", [f"第{i}号楼停水" for i in range(20_000)], 1)[0][0] == 7
