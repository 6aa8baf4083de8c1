"""The trained part of the judge: a few linear models over words, signs and sentences, taught by reviewers' verdicts."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from classifier.replies.acts import DECISIVE, acts_in, masked, own_sentences, reader, sign_matrix
from classifier.replies.features import Reading
from classifier.words import cut

Numbers = NDArray[np.float64]
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")
_FEATURE_WEIGHT = 0.03
_ACT_WEIGHT = 0.05
_UNLABELLED_WEIGHT = 0.3


@dataclass(frozen=True)
class Row:
    """A reply that teaches. `send_back` None: nobody judged it (it still teaches which words go together);
    `explained` is a careless reader's mark (was anything explained?), used as a hint only."""

    id: str
    reading: Reading
    send_back: bool | None = None
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    explained: bool | None = None
    group: str = ""


class Rarity:
    """How particular a word is to a matter, from the messages and replies seen."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._seen: Counter[str] = Counter()
        self._texts = 0
        for reading in readings:
            self._texts += 1
            self._seen.update(set(cut(reading.message)) | set(cut(reading.stripped.whole)))

    def weight(self, word: str) -> float:
        """0 for words that half the letters use or that only a name would be."""
        seen = self._seen.get(word, 0)
        if not _HAN.match(word) or seen < 3 or seen > max(self._texts * 0.05, 4):
            return 0.0
        return math.log((self._texts + 1) / (seen + 1))

    def coverage(self, reading: Reading) -> list[float]:
        """How much of the particular words of the requests stands in the reply: main, other (mean, least), all, top six."""
        said = reading.stripped.text
        others = [self._covered(cut(r.text), said) for r in reading.requests if not r.main] or [0.5]
        words = Counter(word for word in cut(reading.message) if self.weight(word))
        top = sorted(words, key=lambda word: (-words[word] * self.weight(word), word))[:6]
        mean = sum(others) / len(others)
        return [
            self._covered(cut(reading.main.text), said),
            mean,
            min(others),
            self._covered(list(words), said),
            self._covered(top, said),
        ]

    def _covered(self, words: Sequence[str], said: str) -> float:
        total = sum(self.weight(word) for word in words)
        return sum(self.weight(word) for word in words if word in said) / total if total else 0.5


class Table:
    """Readings as numbers: letters of the stripped reply, signs, acts and coverage, each block with its own weight."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self.rarity = Rarity(readings)
        self._letters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=3, sublinear_tf=True)
        self._letters.fit([_text(reading) for reading in readings] or ["空"])
        self._scale = StandardScaler().fit(self._numbers(readings))

    def _numbers(self, readings: Sequence[Reading]) -> Numbers:
        rows = []
        for reading in readings:
            acts = acts_in(reading.stripped.sentences)
            signs = list(reading.numbers.values())
            rows.append(signs + [2 * value for value in self.rarity.coverage(reading)] + list(acts.values()))
        return np.array(rows, dtype=np.float64)

    def rows(self, readings: Sequence[Reading]) -> Any:
        """One sparse row a reading."""
        scaled = np.clip(self._scale.transform(self._numbers(readings)), -4, 4)
        acts = len(reader().names())
        scaled[:, :-acts] *= _FEATURE_WEIGHT
        scaled[:, -acts - 5 : -acts] *= 2
        scaled[:, -acts:] *= _ACT_WEIGHT
        letters = self._letters.transform([_text(reading) for reading in readings])
        return sparse.hstack([letters, sparse.csr_matrix(scaled)]).tocsr()


def _text(reading: Reading) -> str:
    return masked(reading.stripped.text) or "空"


class SentenceModel:
    """Learns from verdicts on whole replies which sentences tell an outcome: in a reply sent back none does, in one
    passed at least one does (multiple-instance learning; starts from our own sentences)."""

    def __init__(self, rows: Sequence[Row], rounds: int = 3) -> None:
        own = own_sentences()
        own_text, own_hard = [text for text, _ in own], np.array([act in DECISIVE for _, act in own], dtype=np.float64)
        judged = [row for row in rows if row.send_back is not None]
        everything = [s for row in rows for s in row.reading.stripped.sentences]
        self._letters = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 3), sublinear_tf=True, preprocessor=masked, min_df=2
        )
        self._letters.fit(everything + own_text)
        sentences = [s for row in judged for s in row.reading.stripped.sentences]
        bag = np.array([n for n, row in enumerate(judged) for _ in row.reading.stripped.sentences], dtype=np.int64)
        passed = np.array([not row.send_back for row in judged], dtype=bool)[bag]
        base = self._rows(own_text)
        self._model = LogisticRegression(C=5, max_iter=500, class_weight="balanced").fit(base, own_hard)
        if sentences:
            self._learn(self._rows(sentences), bag, passed, base, own_hard, rounds)

    def _learn(
        self, told: Any, bag: NDArray[np.int64], passed: NDArray[np.bool_], base: Any, own: Numbers, rounds: int
    ) -> None:
        for _ in range(rounds):
            belief = np.asarray(self._model.predict_proba(told)[:, 1], dtype=np.float64)
            best = np.zeros(int(bag.max()) + 1)
            np.maximum.at(best, bag, belief)
            belief = np.where(passed, np.clip(belief / np.maximum(best[bag], 0.05), 0, 1), 0.0)
            weights = np.concatenate([belief, (1 - belief) * np.where(passed, 0.5, 2.0), np.full(len(own), 0.7)])
            labels = np.concatenate([np.ones(len(belief)), np.zeros(len(belief)), own])
            stacked = sparse.vstack([told, told, base]).tocsr()
            self._model = LogisticRegression(C=3, max_iter=500).fit(stacked, labels, sample_weight=weights + 1e-6)

    def _rows(self, sentences: Sequence[str]) -> Any:
        return sparse.hstack([self._letters.transform(sentences), sign_matrix(sentences)]).tocsr()

    def hollow(self, reading: Reading) -> float:
        """How likely no sentence of the reply tells an outcome."""
        if not reading.stripped.sentences:
            return 1.0
        told = np.sort(self._model.predict_proba(self._rows(reading.stripped.sentences))[:, 1])[::-1]
        return float(1 - (0.7 * told[0] + 0.3 * told[:2].mean()))


class VerdictModel:
    """Probabilities for send back, outcome and reasons from judged rows; unjudged rows help with words and, softly,
    with the first model's own belief about them (and the careless mark, where there is one)."""

    def __init__(self, rows: Sequence[Row]) -> None:
        judged = [row for row in rows if row.send_back is not None]
        others = [row for row in rows if row.send_back is None]
        self.table = Table([row.reading for row in rows])
        known, target = (
            self.table.rows([row.reading for row in judged]),
            np.array([bool(row.send_back) for row in judged], dtype=np.float64),
        )
        self._first = LogisticRegression(C=1, max_iter=1000, class_weight="balanced").fit(known, target)
        self._second = self._taught_softly(known, target, others)
        self._sentences = SentenceModel(rows)
        self._outcome = _fit_many(known, [row.outcome or "explained" for row in judged])
        codes = Counter(code for row in judged for code in row.reasons)
        self._reasons = {
            code: LogisticRegression(C=1, max_iter=500, class_weight="balanced").fit(
                known, [code in row.reasons for row in judged]
            )
            for code, count in sorted(codes.items())
            if count >= 5
        }

    def _taught_softly(self, known: Any, target: Numbers, others: Sequence[Row]) -> Any:
        if not others:
            return self._first
        unknown = self.table.rows([row.reading for row in others])
        belief = np.asarray(self._first.predict_proba(unknown)[:, 1], dtype=np.float64)
        marks = np.array([np.nan if row.explained is None else float(not row.explained) for row in others])
        belief = np.where(np.isnan(marks), belief, 0.8 * belief + 0.2 * np.nan_to_num(marks))
        weights = np.concatenate([np.ones(len(target)), belief * _UNLABELLED_WEIGHT, (1 - belief) * _UNLABELLED_WEIGHT])
        labels = np.concatenate([target, np.ones(len(belief)), np.zeros(len(belief))])
        return LogisticRegression(C=3, max_iter=1000).fit(
            sparse.vstack([known, unknown, unknown]).tocsr(), labels, sample_weight=weights
        )

    def members(self, readings: Sequence[Reading], rows: Any = None) -> dict[str, Numbers]:
        """What each member of the ensemble says, for reports; `rows` are the readings as `table.rows`, if at hand."""
        rows = self.table.rows(readings) if rows is None else rows
        return {
            "first": np.asarray(self._first.predict_proba(rows)[:, 1]),
            "second": np.asarray(self._second.predict_proba(rows)[:, 1]),
            "hollow": np.array([self._sentences.hollow(reading) for reading in readings]),
            "outcome": self._poor(rows),
        }

    def _poor(self, rows: Any) -> Numbers:
        columns = [column for column, name in enumerate(self._outcome.classes_) if name in _POOR]
        return np.asarray(self._outcome.predict_proba(rows)[:, columns].sum(axis=1))

    def send_back(self, readings: Sequence[Reading], rows: Any = None) -> Numbers:
        """The ensemble's score, 0 to 1 (calibrate before reading it as a probability)."""
        said = self.members(readings, rows)
        return np.asarray(0.25 * said["first"] + 0.25 * said["second"] + 0.35 * said["hollow"] + 0.15 * said["outcome"])

    def say(self, reading: Reading) -> tuple[float, str, dict[str, float]]:
        """(score, likeliest outcome, how strongly each learnt reason speaks) of one reading."""
        rows = self.table.rows([reading])
        reasons = {code: float(model.predict_proba(rows)[0, 1]) for code, model in self._reasons.items()}
        return float(self.send_back([reading], rows)[0]), str(self._outcome.predict(rows)[0]), reasons


_POOR = ("forwarded", "promised", "off_topic")


def _fit_many(rows: Any, labels: Sequence[str]) -> Any:
    if len(set(labels)) < 2:
        return DummyClassifier().fit(rows, labels)
    return LogisticRegression(C=1, max_iter=1000, class_weight="balanced").fit(rows, labels)
