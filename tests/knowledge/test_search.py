"""The right answer stands among three, nothing stands there without a source or after its time, and it takes milliseconds."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from hotline.knowledge.search.index import FRESH, Asker, Doc, Found, Index, doc_of
from hotline.knowledge.search.mark import STRANGE, fitting, is_sure
from hotline.knowledge.search.senses import NOWHERE, sense_of
from hotline.knowledge.search.terms import meanings, terms_of
from tests.support.knowledge_book import (
    QUESTIONS,
    TODAY,
    asked_in,
    index_over,
    own_docs,
    rank_of_right,
    silent_share,
    wording,
)

ASKED = ("questions", "sealed_questions", "untouched_questions", "near_questions", "answered_questions")


@pytest.fixture(scope="module")
def book() -> tuple[list[Doc], list[str]]:
    return own_docs()


def test_300_articles_and_60_matters_answer_200_questions_in_other_words(book: tuple[list[Doc], list[str]]) -> None:
    docs, codes = book
    assert (
        sum(not code.startswith("M-") for code in codes) >= 300 and sum(code.startswith("M-") for code in codes) >= 60
    )
    ranks = rank_of_right(index_over(docs), codes, asked_in("questions.tsv"))
    shown = [is_shown for _rank, is_shown in ranks]
    assert len(ranks) == 200
    assert np.mean(shown) >= 0.9
    assert np.mean(shown[1::2]) >= 0.9, "the half that was not looked at while the words were weighed"


def test_questions_by_which_nothing_was_weighed_find_their_answer_too(book: tuple[list[Doc], list[str]]) -> None:
    """Written before a look at the search, or by somebody else, and never looked at while words and weights were chosen."""
    docs, codes = book
    untouched = [*asked_in("sealed_questions.tsv"), *asked_in("untouched_questions.tsv")]
    shown = [is_shown for _rank, is_shown in rank_of_right(index_over(docs), codes, untouched)]
    assert len(shown) == 110
    assert np.mean(shown) >= 0.85


def test_who_tells_what_happened_without_the_matter_s_name_finds_it_by_sense(book: tuple[list[Doc], list[str]]) -> None:
    """150 calls of old and young, natives and strangers, written from titles alone: 96 of 100 stand among three, by words alone 94."""
    docs, codes = book
    ranks = rank_of_right(index_over(docs), codes, asked_in("told_questions.tsv"))
    by_words = rank_of_right(
        index_over([replace(doc, sense=NOWHERE) for doc in docs]), codes, asked_in("told_questions.tsv")
    )
    found, found_by_words = (np.mean([rank < 3 for rank, _shown in one]) for one in (ranks, by_words))
    assert np.mean([is_shown for _rank, is_shown in ranks]) >= 0.93
    assert found >= 0.95
    assert found >= found_by_words + 0.015


@pytest.mark.parametrize(
    ("said", "near", "far"),
    [
        ("庄稼旱得卷叶", "农田机井坏了找谁", "结婚登记要带什么"),
        ("蟑螂爬到碗里", "饭店吃出虫子", "公园几点开门"),
        ("雾霾大得很", "重污染天气有什么限制", "结婚登记要带什么"),
    ],
)
def test_words_that_share_no_character_stand_near_in_sense(said: str, near: str, far: str) -> None:
    assert sense_of(said) @ sense_of(near) > sense_of(said) @ sense_of(far) + 0.1


def test_what_holds_no_word_stands_nowhere() -> None:
    assert not sense_of("……？").any() and not sense_of("").any()
    assert np.isclose(np.linalg.norm(sense_of("暖气不热")), 1)


def test_most_questions_that_nothing_answers_get_nothing(book: tuple[list[Doc], list[str]]) -> None:
    assert silent_share(index_over(book[0])) >= 0.4


def test_politeness_says_nothing_and_one_meaning_has_many_ways() -> None:
    assert terms_of("您好，请问一下，谢谢").size == 0
    assert meanings("电瓶车上牌") & meanings("小电驴挂牌") >= {"电动自行车", "上牌"}
    assert np.array_equal(terms_of("您好，我想问一下暖气不热怎么办"), terms_of("暖气不热"))


def test_who_asks_and_when_decides_what_may_be_told(book: tuple[list[Doc], list[str]]) -> None:
    base = book[0][0]
    question = base.forms[0]
    day = TODAY.toordinal()
    ours = [
        replace(base, article_id=1, begins=day, ends=day),
        replace(base, article_id=2, ends=day - 1),
        replace(base, article_id=3, begins=day + 1),
        replace(base, article_id=4, public=False),
        replace(base, article_id=5, area="linzhou"),
        replace(base, article_id=6, channels=("web",)),
    ]
    index = index_over([*ours, *book[0][50:90]])

    def told(**who: object) -> set[int]:
        found = index.ask_terms(question, Asker(TODAY, **who), 9)  # type: ignore[arg-type]
        return {one.article_id for one in found} & set(range(1, 7))

    assert told() == {1, 4, 5, 6}
    assert told(public=True, area="wenfeng", channel="hotline") == {1}
    assert told(area="linzhou", channel="web") == {1, 4, 5, 6}


def test_what_changes_stands_beside_the_base_until_it_is_much(book: tuple[list[Doc], list[str]]) -> None:
    docs, codes = book
    index = index_over(docs)
    at = codes.index("YS-0304-2")
    mended = replace(docs[at], forms=(terms_of("仙人掌怎么浇水"),), all=terms_of("仙人掌怎么浇水"))
    index.hold([mended])
    assert index.ask("仙人掌怎么浇水", Asker(TODAY), 1)[0].article_id == at
    assert at not in [one.article_id for one in index.ask("暖气不热怎么办", Asker(TODAY), 3)]
    index.hold([], [at])
    assert at not in [one.article_id for one in index.ask("仙人掌怎么浇水", Asker(TODAY), 3)]
    many = [replace(docs[0], article_id=1000 + n) for n in range(FRESH + 1)]
    index.hold(many)
    assert len(index.ask_terms(docs[0].forms[0], Asker(TODAY), 400)) > 3


def test_an_answer_at_20_000_articles_takes_less_than_the_blink_that_was_asked_for(
    book: tuple[list[Doc], list[str]],
) -> None:
    """0.3 s are allowed; here the best of three, on whatever machine runs the tests."""
    docs = book[0]
    index = index_over([replace(docs[n % len(docs)], article_id=n) for n in range(20_000)])
    took = []
    for _code, question in asked_in("questions.tsv")[:3]:
        began = time.perf_counter()
        assert index.ask(question, Asker(TODAY), 3)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.3


def test_an_empty_index_answers_nothing() -> None:
    assert Index().ask("暖气不热", Asker(TODAY)) == []


def test_callers_who_were_heard_by_nobody_while_the_words_were_written_find_their_answer(
    book: tuple[list[Doc], list[str]],
) -> None:
    """60 written long before, and 120 written before any new way to ask was: 83 and 87 of 100 with six ways to ask an article."""
    docs, codes = book
    for name in ("unheard_questions.tsv", "blind_questions.tsv"):
        ranks = rank_of_right(index_over(docs), codes, asked_in(name))
        assert np.mean([is_shown for _rank, is_shown in ranks]) >= 0.9, name


def test_a_long_list_of_ways_to_ask_makes_nothing_known_that_the_nearest_do_not_say(
    book: tuple[list[Doc], list[str]],
) -> None:
    docs, codes = book
    at = codes.index("YS-0705-1")
    asked = "飞机票退票扣了我八成手续费"
    often = doc_of(
        at, wording(title="火车票改签退票找谁", questions=["飞机上听的故事", "高铁票怎么退", "火车票退票扣手续费"])
    )
    index = index_over([*docs[:at], often, *docs[at + 1 :]])
    told = next(one for one in index.ask(asked, Asker(TODAY), 3) if one.article_id == at)
    assert index._held_against(asked, told).strange > STRANGE


def test_whose_title_is_said_whole_needs_less_of_a_lead() -> None:
    near = [Found(1, 0.8, 0.8), Found(2, 0.72, 0.72)]
    assert not is_sure(near)
    assert is_sure([replace(near[0], named=True), near[1]])
    assert not is_sure([replace(near[0], named=True), Found(2, 0.78, 0.78)])


def test_what_is_told_as_the_answer_is_seldom_something_else(book: tuple[list[Doc], list[str]]) -> None:
    """What is not sure is shown as a guess, to be read before it goes into the form: of near questions without an answer most."""
    docs, codes = book
    index = index_over(docs)
    asked = [one for name in ASKED for one in asked_in(f"{name}.tsv")]
    told = [(index.ask(question, Asker(TODAY), 2), code.split("/")) for code, question in asked]
    sure = [codes[found[0].article_id] in right for found, right in told if is_sure(found)]
    assert len(sure) >= 0.35 * len(asked)
    assert np.mean(sure) >= 0.96
    assert told_share(index, "near_nothing") <= 0.04
    assert told_share(index, "neighbours") <= 0.02
    assert told_share(index, "neighbours", untouched=True) <= 0.02
    assert told_share(index, "told_nothing") == 0


def told_share(index: Index, name: str, *, untouched: bool = False) -> float:
    """Of questions that nothing answers: how often something is told as the answer. untouched: of every other, by which nothing was chosen."""
    asked = (
        (QUESTIONS / f"{name}.txt")
        .read_text(encoding="utf-8")
        .splitlines()[1 if untouched else 0 :: 2 if untouched else 1]
    )
    return float(np.mean([is_sure(index.ask(question, Asker(TODAY), 2)) for question in asked]))


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        ("飞机票退票扣了我八成手续费", "another thing"),
        ("和外国人离婚怎么办手续", "another kind of person"),
        ("献血的补助金怎么领", "another deed"),
        ("大学图书馆市民能进吗", "another place"),
    ],
)
def test_what_names_something_of_which_the_article_does_not_speak_is_a_guess(
    book: tuple[list[Doc], list[str]], asked: str, lacks: str
) -> None:
    found = index_over(book[0]).ask(asked, Asker(TODAY), 2)
    assert fitting(found)
    assert not is_sure(found), lacks
    assert not is_sure([replace(found[0], in_words=0.99, in_sense=0.99), replace(found[0], in_words=0.5)]), lacks


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        ("燃气灶买哪个牌子的打火好", "no office recommends a maker"),
        ("结婚酒席一桌多少钱", "no office knows the price of a feast"),
        ("小狗拉稀咋办", "no office heals a dog"),
        ("供暖公司今年效益咋样", "no office tells what a company earns"),
    ],
)
def test_what_is_nobodys_office_shows_no_guess_though_it_shares_its_things_with_an_article(
    book: tuple[list[Doc], list[str]], asked: str, lacks: str
) -> None:
    found = index_over(book[0]).ask(asked, Asker(TODAY), 3)
    assert not fitting(found), lacks


def test_an_article_that_speaks_of_such_a_thing_itself_still_answers(book: tuple[list[Doc], list[str]]) -> None:
    docs, codes = book
    at = codes.index("YS-0304-2")
    taught = doc_of(at, wording(questions=["暖气片哪个牌子好"]))
    index = index_over([*docs[:at], taught, *docs[at + 1 :]])
    assert index.ask("暖气片哪个牌子好", Asker(TODAY), 1)[0].article_id == at


def test_questions_from_the_street_find_their_answer_among_three(book: tuple[list[Doc], list[str]]) -> None:
    docs, codes = book
    for name, least in (("street_questions.tsv", 0.85), ("plain_questions.tsv", 0.9)):
        ranks = rank_of_right(index_over(docs), codes, asked_in(name))
        assert np.mean([is_shown for _rank, is_shown in ranks]) >= least, name
    assert silent_share(index_over(docs), "street_nothing.txt") >= 0.7
