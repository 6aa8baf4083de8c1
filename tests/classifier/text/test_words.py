"""Texts in every writing become the same words."""

import pickle
import sys

from classifier.text import words
from classifier.text.traditional import TO_SIMPLIFIED


def test_traditional_full_width_and_invisible_signs_become_one_writing():
    assert words.normalise("這個\u200b小區　路燈壞了！！！ＡＢ１２") == "这个小区路灯坏了!ab12"


def test_speech_without_signs_but_with_spaces_between_characters_is_joined():
    assert words.normalise("路 灯 坏 了 no 3") == "路灯坏了 no 3"


def test_no_simplified_character_is_rewritten_again():
    assert not [new for new in TO_SIMPLIFIED.values() if ord(new) in TO_SIMPLIFIED]


def test_cutting_drops_signs_and_spaces_and_keeps_order():
    assert words.cut("路灯坏了, 没有人修! 😀") == ["路灯", "坏", "了", "没有", "人修"]


def test_a_cut_function_can_be_pickled_because_a_vectoriser_holds_it():
    assert pickle.loads(pickle.dumps(words.cut)) is words.cut


def test_a_citys_own_word_is_kept_whole_once_taught():
    before = words.words_hash()
    assert words.load_words(["赫连屯北坡"]) == 1
    assert words.load_words(["赫连屯北坡"]) == 0
    assert "赫连屯北坡" in words.cut("住在赫连屯北坡东头")
    assert words.words_hash() != before


def test_empty_and_endless_texts_are_read_too():
    assert words.words_of("") == []
    assert len(words.normalise("路灯" * 100_000)) == words.LONGEST


def test_the_untrained_classifier_needs_no_learning_library():
    import subprocess

    code = "import sys, classifier.category.keywords; print('sklearn' in sys.modules, 'numpy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["False", "False"]
