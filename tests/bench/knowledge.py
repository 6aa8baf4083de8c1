"""Knowledge: the mark chosen on the articles' own questions, how often the right answer stands among three, and the time at 20,000."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hotline.knowledge.search.index import Asker, Doc, Found, Index, doc_of
from hotline.knowledge.search.mark import MARK, is_sure
from hotline.knowledge.wording import Wording
from tests.support.knowledge_book import (
    QUESTIONS,
    TODAY,
    asked_in,
    index_over,
    own_docs,
    own_wordings,
    rank_of_right,
    silent_share,
    titles_only,
)

FOLDS = 10
MANY = 20_000
GIVEN_UP = 0.1
"""The share of right answers that silence may cost."""


def run() -> None:
    docs, codes = own_docs()
    choose_mark([said for _code, said in own_wordings()])
    for name in (
        "questions",
        "fresh_questions",
        "spoken_questions",
        "sealed_questions",
        "untouched_questions",
        "near_questions",
        "answered_questions",
        "everyday_questions",
        "street_questions",
        "plain_questions",
        "story_questions",
        "untold_questions",
        "told_questions",
        "unheard_questions",
        "blind_questions",
        "independent_questions",
        "afterwards_questions",
    ):
        right_among_three(docs, codes, f"{name}.tsv")
    for name in (
        "nothing_fits",
        "near_nothing",
        "neighbours",
        "everyday_nothing",
        "street_nothing",
        "fresh_nothing",
        "told_nothing",
        "independent_nothing",
        "afterwards_nothing",
    ):
        told_of_nothing(docs, f"{name}.txt")
    more = titles_only("published_titles.txt", len(docs))
    with_titles = [*docs, *(doc for _title, doc in more)], [*codes, *(title for title, _doc in more)]
    for name in ("deed_questions", "deed_fresh_questions"):
        right_among_three(*with_titles, f"{name}.tsv")
    times(docs)


def choose_mark(book: list[Wording]) -> float:
    """In ten folds one question of each article of the fold is taken away and asked: the mark is what all but GIVEN_UP of the right
    answers reach that stand among three. Then the whole articles are taken away: how often something else is shown.
    The questions of the tests are not asked here."""
    docs, present, absent = [doc_of(at, said) for at, said in enumerate(book)], list[float](), list[float]()
    for fold in range(FOLDS):
        mine = {at: said for at, said in enumerate(book) if at % FOLDS == fold and said.questions}
        others = [doc for at, doc in enumerate(docs) if at % FOLDS != fold]
        present += _asked_of(index_over([*others, *(_without_last(*one) for one in mine.items())]), mine, right=True)
        absent += _asked_of(index_over(others), mine, right=False)
    there = np.array([one for one in present if one])
    best = round(float(np.quantile(there, GIVEN_UP)), 3)
    print(f"mark by {FOLDS} folds over {len(present)} own questions: {best:.3f} (in use: {MARK}); among three {len(there) / len(present):.0%}, "
          f"shown where the answer is not there {np.mean(np.array(absent) >= best):.0%}", flush=True)  # fmt: skip
    return best


def _without_last(at: int, said: Wording) -> Doc:
    return doc_of(at, replace(said, questions=said.questions[:-1]))


def _asked_of(index: Index, asked: dict[int, Wording], *, right: bool) -> Iterator[float]:
    """How close in words the closest of three is, of those among which the right one stands (else 0), or of the others."""
    for at, said in asked.items():
        found = index.ask(said.questions[-1], Asker(TODAY), 3)
        is_there = not right or any(one.article_id == at for one in found)
        yield max((one.in_words for one in found if is_there), default=0.0)


def right_among_three(docs: list[Doc], codes: list[str], name: str) -> None:
    """Of the questions in other words: is the right one among the three that are shown?"""
    ranks = rank_of_right(index_over(docs), codes, asked_in(name))
    shown = [is_shown for _rank, is_shown in ranks]
    three, first = np.mean([rank < 3 for rank, _s in ranks]), np.mean([rank == 0 for rank, _s in ranks])
    sure = sure_of(docs, asked_in(name))
    rightly = np.mean([bool({codes[one.article_id] for one in told} & set(code.split("/"))) for code, told in sure])
    print(f"{name}: {len(ranks)} questions, right one among the three shown {np.mean(shown):.1%} (second half {np.mean(shown[1::2]):.1%}), "
          f"without the mark {three:.1%}, first {first:.1%}; told as sure {len(sure) / len(ranks):.1%}, of these rightly {rightly:.1%}", flush=True)  # fmt: skip


def sure_of(docs: list[Doc], asked: list[tuple[str, str]]) -> list[tuple[str, list[Found]]]:
    """(the right ones, the one that is told as the answer) of those questions of which the search is sure."""
    index = index_over(docs)
    told = [(code, index.ask(question, Asker(TODAY), 2)) for code, question in asked]
    return [(code, found[:1]) for code, found in told if is_sure(found)]


def told_of_nothing(docs: list[Doc], name: str) -> None:
    """Of questions that nothing answers: how often nothing is shown, and how often something is told as the answer."""
    lines = (QUESTIONS / name).read_text(encoding="utf-8").splitlines()
    sure = len(sure_of(docs, [("", line) for line in lines])) / len(lines)
    print(
        f"{name}: {len(lines)} questions, silent {silent_share(index_over(docs), name):.1%}, told as sure {sure:.1%}",
        flush=True,
    )


def times(docs: list[Doc], many: int = MANY) -> list[float]:
    """Milliseconds to answer at `many` articles: ours again and again, each with some of its terms from another one."""
    dice = random.Random(7)
    grown = [_varied(docs, n, dice) for n in range(many)]
    began = time.perf_counter()
    index = index_over(grown)
    built = time.perf_counter() - began
    took = []
    for _code, question in asked_in("questions.tsv"):
        began = time.perf_counter()
        index.ask(f"您好，我想问一下，{question}，麻烦您给我说说，我是文峰区的，谢谢。", Asker(TODAY), 3)
        took.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(took, n=20)
    print(f"at {many:,} articles: laid out in {built:.1f} s, asked in {statistics.median(took):.0f} ms (median), {cuts[18]:.0f} ms (95 %), "
          f"{max(took):.0f} ms (worst)", flush=True)  # fmt: skip
    return took


def _varied(docs: list[Doc], n: int, dice: random.Random) -> Doc:
    base, other = docs[n % len(docs)], dice.choice(docs)
    terms = np.unique(np.concatenate([base.all, other.all[: dice.randrange(1, max(2, len(other.all) // 2))]]))
    return replace(base, article_id=n, all=terms)
