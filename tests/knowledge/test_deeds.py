"""The same licence is granted, changed, renewed, made out again and given back: what a caller asks for stands before the rest."""

from __future__ import annotations

import numpy as np
import pytest

from hotline.knowledge.search.deeds import deeds_asked, other_way_round
from hotline.knowledge.search.index import Asker, Doc, Index, doc_of
from hotline.knowledge.search.mark import fitting, is_sure
from tests.support.knowledge_book import (
    TODAY,
    asked_in,
    index_over,
    own_docs,
    own_wordings,
    rank_of_right,
    silent_share,
    titles_only,
    wording,
)

GUIDE = {"papers": ["身份证"], "place": "市民之家"}


@pytest.fixture(scope="module")
def published() -> tuple[Index, list[str]]:
    docs, codes = own_docs()
    more = titles_only("published_titles.txt", len(docs))
    return index_over([*docs, *(doc for _title, doc in more)]), [*codes, *(title for title, _doc in more)]


@pytest.mark.parametrize(
    ("name", "least", "first"), [("deed_questions.tsv", 0.95, 0.7), ("deed_fresh_questions.tsv", 0.82, 0.6)]
)
def test_matters_known_by_their_title_alone_are_found_beside_those_with_many_ways_to_ask(
    published: tuple[Index, list[str]], name: str, least: float, first: float
) -> None:
    index, codes = published
    ranks = rank_of_right(index, codes, asked_in(name))
    assert np.mean([is_shown for _rank, is_shown in ranks]) >= least
    assert np.mean([rank == 0 for rank, _is_shown in ranks]) >= first


def test_titles_in_great_number_do_not_speak_where_nothing_answers(published: tuple[Index, list[str]]) -> None:
    assert silent_share(published[0], "street_nothing.txt") >= 0.7
    assert silent_share(published[0]) >= 0.4


def matters(*titles: str) -> tuple[Index, list[Doc]]:
    docs = [doc_of(n, wording(title=one, questions=[], guide=GUIDE)) for n, one in enumerate(titles)]
    others = [doc_of(100 + n, wording(title=f"第{n}种补贴怎么申请")) for n in range(40)]
    return index_over([*docs, *others]), docs


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("养蜂证变更需要什么", 1),
        ("养蜂证丢了咋补", 3),
        ("不养蜂了，养蜂证想注销", 2),
        ("养蜂证到期了怎么续", 4),
        ("头一回弄养蜂证要啥", 0),
    ],
)
@pytest.mark.parametrize("form", ["{thing}（{deed}）", "{thing}{deed}", "{deed}（{thing}）"])
def test_the_order_of_words_in_a_title_does_not_matter(asked: str, meant: int, form: str) -> None:
    deeds = ("核发", "变更", "注销", "补办", "延续")
    index, _docs = matters(*(form.format(thing="养蜂证", deed=one) for one in deeds))
    found = index.ask(asked, Asker(TODAY), 3)
    assert found[0].article_id == meant
    assert fitting(found)


def test_a_general_article_stands_behind_the_matter_that_does_what_is_asked() -> None:
    asked = ["养蜂要办证吗", "养蜂证在哪弄", "养蜂证"]
    index, docs = matters("养蜂证补办", "养蜂证变更")
    index.hold([doc_of(9, wording(title="养蜂证怎么办", questions=asked, phone_answer="到窗口申请。"))])
    assert [one.article_id for one in index.ask("养蜂证没了怎么补办", Asker(TODAY), 2)] == [docs[0].article_id, 9]
    assert index.ask("养蜂证怎么办", Asker(TODAY), 2)[0].article_id == 9


def test_of_a_story_the_last_sentence_asks() -> None:
    assert deeds_asked("我家去年搬家，本子丢了。今年补了。现在执照想注销") == {"注销"}
    assert deeds_asked("") == frozenset()
    assert other_way_round("变更登记（公司）") == ["公司变更登记"]
    assert other_way_round("食品经营许可") == []


def test_who_names_the_matter_and_asks_what_to_bring_is_told_at_once() -> None:
    """Every guide has papers, a place and hours: to ask for them by name is nothing strange."""
    told = own_wordings()
    index = index_over([doc_of(at, said) for at, (_code, said) in enumerate(told)])
    titles = [said.title.split("（")[0] for code, said in told if code.startswith("M-")]
    found = {title: index.ask(f"{title}要带什么材料", Asker(TODAY), 3) for title in titles}
    sure = {title: told[answers[0].article_id][1].title for title, answers in found.items() if is_sure(answers)}
    assert len(sure) >= 0.6 * len(titles)
    assert all(answer.startswith(title) for title, answer in sure.items()), "its guide, or the article of the same name"
