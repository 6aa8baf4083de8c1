"""The index of one process: built from what is released, refreshed when something is released or withdrawn, asked in milliseconds.

A question is scored in two steps: BM25 over all that an article says (Robertson and Zaragoza, 2009) and the sense of its words find
the few that may fit, and of these each way in which its question is asked is held against the words that were typed.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.knowledge.in_force import NEVER, released
from hotline.knowledge.matters import asked_of_guide, words_of_guide
from hotline.knowledge.search.deeds import deeds_asked, deeds_in, other_way_round, weighed
from hotline.knowledge.search.elsewhere import ways_elsewhere
from hotline.knowledge.search.named import strange_nouns, unmet_meanings
from hotline.knowledge.search.senses import NOWHERE, Sense, nowhere, sense_of
from hotline.knowledge.search.terms import Terms, terms_of, weights_of
from hotline.knowledge.wording import Wording
from models import Article, ArticleVersion

K1, B = 1.2, 0.6
LOOKED_AT = 40
"""So many of the best by BM25, and of the best by sense, are held against the question form by form."""
SENSE = 1.0
"""How much the sense counts beside what was said in the same words."""
UNSAID, ENOUGH = 0.03, 12.0
"""What an unsaid term of a form counts; how much must be known of what was said (its rarity) before it counts nearly in full."""

SECOND, ALL = 1 / 2, 1 / 8
"""What the second best form counts, and what the share of the question that the article speaks of, beside the best form."""

ELSEWHERE = 0.4
"""What is left of the closeness of an article when what is asked is nobody's office."""

HELD = 2
"""So many of its nearest ways to ask say of what an article speaks, when a question is held against it: a long list says no more."""

FEW, LACK = 8, 0.2
"""Who has fewer ways to ask than the first has fewer chances to be said in the same words: that counts by a logarithm, decision 058."""

USUAL = 400
"""So many articles is rarity measured at, whether there are three or twenty thousand."""

FRESH = 400
"""So many changed articles make a new base."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Doc:
    """One article as it is compared. forms: the terms of each way to ask it; rest: of what it answers; all: of both."""

    article_id: int
    forms: tuple[Terms, ...]
    rest: Terms
    all: Terms
    begins: int
    ends: int
    public: bool
    area: str | None
    channels: tuple[str, ...]
    elsewhere: frozenset[str] = frozenset()
    """The ways to ask what no office answers in which it speaks all the same."""
    deeds: frozenset[str] = frozenset()
    """What a matter's title says is done."""
    speaks_of: frozenset[str] = frozenset()
    """Of which such deeds it speaks anywhere."""
    sense: Sense = field(default_factory=nowhere)
    """Where all its ways to ask stand together."""
    fields: frozenset[int] = frozenset()
    """Terms for the fields of its guide: every guide has papers and a place, so they find nothing, but they are nothing strange to it."""


@dataclass(frozen=True)
class Found:
    """in_words, in_sense: 0 to 1, how well one of its questions is what was typed by the words of both, and all of them by what their
    words mean. strange, unmet: how much the question names, and of how many
    things it speaks, that the article does not speak of; known of the first alone, and only where it was typed as text.
    """

    article_id: int
    in_words: float
    in_sense: float = 0.0
    strange: float = 0.0
    unmet: int = 0
    named: bool = False
    """Whether the question says its title whole; known of the first alone."""

    @property
    def closeness(self) -> float:
        return (self.in_words + SENSE * self.in_sense) / (1 + SENSE)


@dataclass(frozen=True)
class Asker:
    """For whom and when: today the city's day; area, channel: "" when unknown; public: only what citizens may read."""

    today: date
    public: bool = False
    area: str = ""
    channel: str = ""


class Postings:
    """Which documents hold a term: one sorted array of (term, document), as numpy likes it."""

    def __init__(self, docs: Sequence[Doc]):
        self.docs = docs
        lengths = np.array([len(doc.all) for doc in docs], dtype=np.int64)
        terms = np.concatenate([doc.all for doc in docs]) if docs else np.zeros(0, np.uint32)
        owners = np.repeat(np.arange(len(docs), dtype=np.int32), lengths)
        order = np.argsort(terms, kind="stable")
        self.owners = owners[order]
        self.terms, self.starts = np.unique(terms[order], return_index=True)
        self.ends = np.append(self.starts[1:], len(self.owners))
        usual = float(lengths.mean()) if len(docs) else 1.0
        self.weights = (K1 + 1) / (1 + K1 * (1 - B + B * lengths / max(usual, 1.0)))
        self.begins = np.array([doc.begins for doc in docs], dtype=np.int64)
        self.over = np.array([doc.ends for doc in docs], dtype=np.int64)
        self.gone = np.zeros(len(docs), dtype=bool)
        self.senses = np.stack([doc.sense for doc in docs]) if docs else np.zeros((0, len(NOWHERE)), np.float32)

    def holds(self, asked: Terms) -> npt.NDArray[np.int64]:
        """In how many documents each asked term stands."""
        at, there = self._places(asked)
        return (
            np.where(there, self.ends[at] - self.starts[at], 0) if len(self.terms) else np.zeros(len(asked), np.int64)
        )

    def scores(self, asked: Terms, rarity: Floats) -> Floats:
        """BM25 of every document, each term counted once."""
        found = np.zeros(len(self.docs))
        if not len(self.terms):
            return found
        for at, there, rare in zip(*self._places(asked), rarity, strict=True):
            if there:
                found[self.owners[self.starts[at] : self.ends[at]]] += rare
        return found * self.weights

    def _places(self, asked: Terms) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        at = np.minimum(np.searchsorted(self.terms, asked), max(len(self.terms) - 1, 0))
        return at, self.terms[at] == asked if len(self.terms) else np.zeros(len(asked), bool)


class Index:
    """What this process knows. `ask` never waits for anybody else's building: until the first is built it knows nothing yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._docs: dict[int, Doc] = {}
        self._parts: tuple[Postings, ...] = ()
        self._stamp: tuple[Any, ...] | None = None

    @property
    def ready(self) -> bool:
        return self._stamp is not None

    def refresh(self, db: Session, *, wait: bool = True) -> None:
        """Take over what changed since the last look. wait: for somebody who is at it already."""
        if self._lock.acquire(blocking=wait):
            try:
                self._refresh(db)
            finally:
                self._lock.release()

    def ask(self, text: str, asker: Asker, most: int = 3) -> list[Found]:
        """The best that may be told today, the closest first, however close they are."""
        found = self.ask_terms(terms_of(text), asker, LOOKED_AT, sense_of(text))
        near = self._lowered(ways_elsewhere(text), self._by_deed(deeds_asked(text), found))[:most]
        return [*(self._held_against(text, one) for one in near[:1]), *near[1:]]

    def ask_terms(self, asked: Terms, asker: Asker, most: int = 3, sense: Sense = NOWHERE) -> list[Found]:
        """As `ask`, for what was taken apart before."""
        parts = self._parts
        if not len(asked) or not _many_in(parts):
            return []
        rarity = _rarity_in(parts, asked) * weights_of(asked)
        by_words = _best(((part, part.scores(asked, rarity)) for part in parts), asker)
        by_sense = _best(((part, (part.senses @ sense).astype(np.float64)) for part in parts), asker)
        rare = dict(zip(asked.tolist(), rarity.tolist(), strict=True))
        unknown = float(np.log(1 + USUAL))
        judged = [
            Found(doc.article_id, closeness(doc, rare, unknown), max(0.0, float(doc.sense @ sense)))
            for doc in (by_words | by_sense).values()
        ]
        return sorted(judged, key=lambda one: -one.closeness)[:most]

    def _by_deed(self, asked: frozenset[str], found: list[Found]) -> list[Found]:
        """Where some matter does what is asked it is closer, and less close is what does something else or speaks of none of it."""
        docs = [self._docs.get(one.article_id) for one in found]
        if not any(doc is not None and asked & doc.deeds for doc in docs):
            return found
        told = [
            replace(one, in_words=weighed(one.in_words, asked, doc.deeds, doc.speaks_of))
            for one, doc in zip(found, docs, strict=True)
            if doc is not None
        ]
        return sorted(told, key=lambda one: -one.closeness)

    def _lowered(self, ways: set[str], found: list[Found]) -> list[Found]:
        """Those that do not speak of what is asked are less close, where no office answers that."""
        if not ways:
            return found
        lowered = [
            one if self._asks_so(one.article_id, ways) else replace(one, in_words=one.in_words * ELSEWHERE)
            for one in found
        ]
        return sorted(lowered, key=lambda one: -one.closeness)

    def _asks_so(self, article_id: int, ways: set[str]) -> bool:
        doc = self._docs.get(article_id)
        return doc is not None and ways <= doc.elsewhere

    def _held_against(self, text: str, one: Found) -> Found:
        doc, parts = self._docs.get(one.article_id), self._parts
        if doc is None:
            return one
        held = doc.fields.union(*(one.tolist() for one in _said_nearest(doc, text, parts)))
        strange = strange_nouns(text, held, lambda asked: _rarity_in(parts, asked))
        named = set(doc.forms[0].tolist()) <= set(terms_of(text).tolist())
        return replace(one, strange=strange, unmet=unmet_meanings(text, held), named=named)

    def _refresh(self, db: Session) -> None:
        stamp = _stamp_of(db)
        if stamp == self._stamp:
            return
        since = self._stamp[0] if self._stamp else None
        gone, fresh = _changed(db, since)
        self.hold(fresh, gone)
        self._stamp = stamp

    def hold(self, fresh: Sequence[Doc], gone: Sequence[int] = ()) -> None:
        """Take these in, and those out."""
        for article_id in gone:
            self._docs.pop(article_id, None)
        self._docs.update({doc.article_id: doc for doc in fresh})
        self._parts = self._laid_out({*gone, *(doc.article_id for doc in fresh)})

    def _laid_out(self, touched: set[int]) -> tuple[Postings, ...]:
        """The base stays as long as little has changed: what changed stands in a small part of its own."""
        base = self._parts[0] if self._parts else None
        late = {doc.article_id for part in self._parts[1:] for doc in part.docs} | touched
        if base is None or len(late) > FRESH:
            return (Postings(list(self._docs.values())),)
        base.gone = base.gone | np.array([doc.article_id in late for doc in base.docs], dtype=bool)
        return base, Postings([self._docs[one] for one in late if one in self._docs])


def _said_nearest(doc: Doc, text: str, parts: Sequence[Postings]) -> list[Terms]:
    """What it answers, its title, and those of its ways to ask that are nearest: of two score ways some speak of anything."""
    asked = terms_of(text)
    rarity = _rarity_in(parts, asked) * weights_of(asked)
    rare, unknown = dict(zip(asked.tolist(), rarity.tolist(), strict=True)), float(np.log(1 + USUAL))
    nearest = sorted(doc.forms, key=lambda form: -_form_fits(form, rare, unknown))[:HELD]
    return [doc.rest, *doc.forms[:1], *nearest]


def _many_in(parts: Sequence[Postings]) -> int:
    return sum(len(part.docs) - int(part.gone.sum()) for part in parts)


def _rarity_in(parts: Sequence[Postings], asked: Terms) -> Floats:
    held = np.zeros(len(asked), dtype=np.int64)
    for part in parts:
        held += part.holds(asked)
    return rarity_of(held, _many_in(parts))


def closeness(doc: Doc, rare: dict[int, float], unknown: float) -> float:
    """How well its forms are what was typed, 0 to 1: the best and half of the second (of one alone, of that), and a little for the share
    of what was said that the article speaks of, by their rarity; less where little was said that it knows.
    """
    speaks_of = sum(rare.get(one, 0.0) for one in doc.all.tolist())
    fit = sorted((_form_fits(form, rare, unknown) for form in doc.forms), reverse=True)
    best, second = (*fit, *fit)[:2]
    fits = best + SECOND * second + ALL * speaks_of / sum(rare.values())
    return min(1.0, fits / (1 + SECOND + ALL) * (1 - math.exp(-speaks_of / ENOUGH)) * _for_few_ways(len(doc.forms)))


def _for_few_ways(forms: int) -> float:
    return 1 + LACK * max(0.0, math.log(FEW / max(forms, 1)))


def _form_fits(form: Terms, rare: dict[int, float], unknown: float) -> float:
    """How much of a form was said, where an unsaid term counts little: callers tell a story, forms are short."""
    both = sum(rare.get(one, 0.0) for one in form.tolist())
    unsaid = form[[one not in rare for one in form.tolist()]]
    return both / (both + unknown * UNSAID * float(weights_of(unsaid).sum())) if both else 0.0


def rarity_of(held: npt.NDArray[np.int64], total: int) -> Floats:
    """The inverse document frequency of BM25, at the share that holds the term of USUAL documents: the same in any collection."""
    share = held * (USUAL / max(total, USUAL))
    return np.log(1 + (USUAL - share + 0.5) / (share + 0.5))


def _best(scored: Iterable[tuple[Postings, Floats]], asker: Asker) -> dict[int, Doc]:
    """Of all parts together the best by these scores, under their numbers."""
    near = [pair for part, scores in scored for pair in _nearest(part, scores, asker)]
    return {doc.article_id: doc for _score, doc in sorted(near, key=lambda pair: -pair[0])[:LOOKED_AT]}


def _nearest(part: Postings, scores: Floats, asker: Asker) -> Iterable[tuple[float, Doc]]:
    day = asker.today.toordinal()
    told = np.where(part.gone | (part.begins > day) | (part.over < day), 0.0, scores)
    for at in np.argsort(-told)[: 2 * LOOKED_AT]:
        if told[at] > 0 and _is_for(part.docs[at], asker):
            yield float(told[at]), part.docs[at]


def _is_for(doc: Doc, asker: Asker) -> bool:
    return (
        (doc.public or not asker.public)
        and (not doc.area or not asker.area or doc.area == asker.area)
        and (not doc.channels or not asker.channel or asker.channel in doc.channels)
    )


def _stamp_of(db: Session) -> tuple[Any, ...]:
    """Changes with every release and withdrawal."""
    row = db.execute(select(func.max(Article.changed_at), func.count(Article.version_id), func.sum(Article.version_id)))
    latest, many, sum_of_ids = row.one()
    return latest, int(many), int(sum_of_ids or 0)


def _changed(db: Session, since: datetime | None) -> tuple[list[int], list[Doc]]:
    """Articles that are told no more, and those that say something new, since that moment."""
    gone = select(Article.id).where(Article.version_id.is_(None))
    query = released()
    if since is not None:
        gone, query = gone.where(Article.changed_at >= since), query.where(Article.changed_at >= since)
    return list(db.scalars(gone)), [doc_of(article.id, version) for article, version in db.execute(query)]


def doc_of(article_id: int, said: Wording | ArticleVersion) -> Doc:
    """What a version says, as it is compared."""
    forms = tuple(terms_of(one) for one in (said.title, *other_way_round(said.title), *said.questions))
    answer = " ".join((said.phone_answer, said.text_answer, words_of_guide(said.guide)))
    whole = " ".join((said.title, *said.questions, answer))
    rest = terms_of(answer)
    return Doc(
        article_id,
        forms,
        rest,
        np.unique(np.concatenate([*forms, rest])),
        (said.valid_from or date.min).toordinal(),
        (said.valid_until or NEVER).toordinal(),
        said.audience == "public",
        said.area,
        tuple(said.channels),
        frozenset(ways_elsewhere(whole)),
        deeds_in(said.title) if said.guide else frozenset(),
        deeds_in(whole),
        sense_of("；".join((said.title, *said.questions))),
        frozenset(terms_of(asked_of_guide(said.guide)).tolist()),
    )
