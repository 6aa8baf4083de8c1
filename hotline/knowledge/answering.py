"""What may be told to a question: only released words with their source, only what is in force now, nothing where nothing fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _, speaking
from hotline.knowledge.in_force import in_force, released
from hotline.knowledge.matters import papers_of, said_of
from hotline.knowledge.search.index import Asker, Index
from hotline.knowledge.search.mark import fitting, is_sure
from hotline.knowledge.wording import source_words
from models import Article, ArticleVersion

MOST = 3
SHORTEST = 4
"""Characters from which on a question can be understood."""


@dataclass(frozen=True)
class Answer:
    """One answer as it stands beside the form. say: what is read aloud. fills: say with its source, for the direct answer.

    papers: of a matter, what must be brought. closeness: 0 to 1. sure: whether it is told as the answer, or as a guess.
    """

    article: Article
    version: ArticleVersion
    say: str
    source: str
    papers: list[str]
    closeness: float
    sure: bool

    @property
    def fills(self) -> str:
        with speaking("zh"):
            return _("%(said)s（依据：%(source)s）", said=self.say, source=self.source)


def answers(
    db: Session,
    index: Index,
    city: City,
    text: str,
    now: datetime,
    *,
    public: bool = False,
    area: str = "",
    channel: str = "",
) -> list[Answer]:
    """At most three, the closest first; only the first can be sure. What was withdrawn or ended since the index was made is left out."""
    if len(text.strip()) < SHORTEST:
        return []
    today = city.calendar.day_of(now)
    index.refresh(db, wait=not index.ready)
    found = fitting(index.ask(text, Asker(today, public, area, channel), MOST))
    near = {one.article_id: one.closeness for one in found}
    sure = found[0].article_id if is_sure(found) else None
    shown = _in_force(db, list(near), today)
    told = [_answer(*row, near[row[0].id], sure=row[0].id == sure) for row in shown]
    return sorted(told, key=lambda one: -one.closeness)


def answer_of(db: Session, city: City, article_id: int, now: datetime, *, public: bool = False) -> Answer | None:
    """This one answer, when it may be told now."""
    rows = _in_force(db, [article_id], city.calendar.day_of(now))
    fits = [row for row in rows if not public or row[1].audience == "public"]
    return _answer(*fits[0], 1.0, sure=True) if fits else None


def _in_force(db: Session, ids: Sequence[int], today: date) -> list[tuple[Article, ArticleVersion]]:
    if not ids:
        return []
    return [(row[0], row[1]) for row in db.execute(released().where(Article.id.in_(ids), in_force(today)))]


def _answer(article: Article, version: ArticleVersion, closeness: float, *, sure: bool) -> Answer:
    say = said_of(article.kind, version)
    return Answer(article, version, say, source_words(version), papers_of(version), closeness, sure)
