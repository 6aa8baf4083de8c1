"""The city's own articles as they are compared, and articles that a test writes and releases."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.city.schema import City
from hotline.knowledge import writing
from hotline.knowledge.files.rows import read_file
from hotline.knowledge.search.index import Asker, Doc, Index, doc_of
from hotline.knowledge.search.mark import fitting
from hotline.knowledge.wording import Wording
from hotline.tickets.roles import Actor, Role, actor_of
from models import Article
from tests.support.life import Life
from tests.support.make import CHENGGUAN, HOTLINE, make_staff
from tests.support.repository import ROOT

CITY = ROOT / "hotline" / "city" / "anyang"
FILES = {"article": "articles.csv", "matter": "matters.csv"}
QUESTIONS = ROOT / "tests" / "knowledge"
TODAY = date(2026, 3, 4)


def own_wordings() -> list[tuple[str, Wording]]:
    """The demo's articles and matters, each under its number; a matter's begins with M-."""
    city = load_city(CITY)
    load_words(city.vocabulary)
    told = []
    for kind, name in FILES.items():
        rows, _columns, _left = read_file(CITY / "knowledge" / name, kind, city, TODAY)
        for row in rows:
            assert row.wording is not None, row.trouble
            told.append((f"{'M-' if kind == 'matter' else ''}{row.code}", row.wording))
    return told


def own_docs() -> tuple[list[Doc], list[str]]:
    """The same as they are compared, each with its number."""
    told = own_wordings()
    return [doc_of(at, said) for at, (_code, said) in enumerate(told)], [code for code, _said in told]


def titles_only(name: str, first: int) -> list[tuple[str, Doc]]:
    """Matters as provinces publish them, without any other way to ask: (title, as it is compared), numbered from `first`."""
    titles = (QUESTIONS / name).read_text(encoding="utf-8").splitlines()
    guide = {"papers": ["身份证", "申请表"], "place": "市民之家"}
    return [
        (one, doc_of(first + n, Wording(title=one, audience="public", guide=guide))) for n, one in enumerate(titles)
    ]


def index_over(docs: list[Doc]) -> Index:
    index = Index()
    index.hold(docs)
    return index


def asked_in(name: str) -> list[tuple[str, str]]:
    """(the numbers of the right answers, with / between; the question) of a file of questions."""
    lines = (QUESTIONS / name).read_text(encoding="utf-8").splitlines()
    return [(code, question) for code, question in (line.split("\t") for line in lines if line)]


def rank_of_right(index: Index, codes: list[str], asked: list[tuple[str, str]]) -> list[tuple[int, bool]]:
    """For each question where among three the right answer stands (0 the first, 3 when it does not), and whether it is shown."""
    found = []
    for code, question in asked:
        three = index.ask(question, Asker(TODAY), 3)
        shown = fitting(three)
        right = [(at, one in shown) for at, one in enumerate(three) if codes[one.article_id] in code.split("/")]
        found.append(right[0] if right else (3, False))
    return found


def silent_share(index: Index, name: str = "nothing_fits.txt") -> float:
    """Of questions that nothing answers: how often nothing is shown."""
    asked = (QUESTIONS / name).read_text(encoding="utf-8").splitlines()
    return float(np.mean([not fitting(index.ask(q, Asker(TODAY), 3)) for q in asked]))


def wording(**more: Any) -> Wording:
    given: dict[str, Any] = {
        "title": "暖气不热怎么办",
        "questions": ["家里暖气片冰凉"],
        "phone_answer": "先放气，仍不到18度请报修，24小时内上门测温。",
        "source": "《供热条例》（测试）",
        "source_clause": "第三条",
        "audience": "public",
    }
    return Wording(**{**given, **more})


class Keepers:
    """The people of the knowledge: a writer and a leader of 城管, two editors."""

    def __init__(self, db: Session, city: City):
        self.db, self.city = db, city
        rows = {
            "writer": make_staff(db, "xie-zhe", "写", "handler", unit=CHENGGUAN),
            "leader": make_staff(db, "tou-er", "头", "unit_leader", unit=CHENGGUAN),
            "editor": make_staff(db, "bian", "编", "knowledge", unit=HOTLINE),
            "second": make_staff(db, "jiao", "校", "knowledge", unit=HOTLINE),
        }
        db.commit()
        self.staff = rows
        self.people: dict[str, Actor] = {name: actor_of(row, city) for name, row in rows.items()}
        assert Role.KNOWLEDGE in self.people["editor"].roles

    def released(
        self, life: Life, kind: str = "article", unit: str = CHENGGUAN, code: str = "", **more: Any
    ) -> Article:
        """An article in force, written by one editor and released by the other."""
        said, now = wording(**more), life.now
        version = writing.begin(self.db, self.city, self.people["editor"], kind, unit, said, now, code=code)
        writing.send(self.db, self.city, self.people["editor"], version, now)
        writing.release(self.db, self.city, self.people["second"], version, now)
        article = writing.find(self.db, version.article_id)
        self.db.commit()
        return article
