"""Does it sound like somebody in danger? Learnt from sentences of our own, for those who name nothing that a list knows.

`told.tsv` holds how people tell of it and how they tell of everything else. Pairs of characters carry it: what
bodies do, where somebody stands, what cannot be undone. It only ever adds to what the words and frames of `life` heard.

A letter is read by a reading of its own, which has also learnt `told_in_letters.tsv`: people tell of their family, old illness and
errands there, in sentences that nobody says in a call. Learnt together, a call would have to be louder to be heard.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.text.char_ngrams import letters_of
from classifier.text.danger.around import telling

_TOLD = Path(__file__).with_name("told.tsv")
_TOLD_IN_LETTERS = Path(__file__).with_name("told_in_letters.tsv")
SURE = 0.6
"""From here a short text sounds like danger: a missed danger is worse than a false alarm."""
SURE_OF_A_PART = 0.85
"""A part of a call must sound clearly so: the best of several is always flattered. Of a few signs as well."""
SURE_OF_A_SENTENCE = 0.75
"""A whole sentence of a letter: somebody ended it with a full stop, and there are few of them."""
SURE_OF_CLAUSES = 0.88
"""A few clauses of a letter: there are many, and one that is torn out of its sentence says less."""
LONG = 50
"""A sentence of more characters is listened to by its clauses as well."""
FEW = 12
"""Below so many characters a text says too little to sound like anything."""
CRY = 7
"""So few signs are a cry in the midst of a letter: more of it would be about something else."""
CLAUSES = 4
"""So many clauses of a call are heard together."""
SHORT = 120
"""Characters, about what is said in one breath: the corpus knows no longer texts."""
HOLD, ROUNDS = 0.05, 400
"""How strongly weights are held near nothing, and how many steps are made."""
OWN = "own"
"""The line of those who would take their own life; 110 is rung for them."""
_BEYOND = 1 << 16
"""No letter of the corpus lies beyond; whatever does is none that is known."""
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_PARTS = re.compile(r"[^。!?;\n]+")


@dataclass(frozen=True)
class Sounds:
    """A linear reading of single characters and neighbours: what each weighs for danger, and for each line."""

    rarity: dict[str, float]
    weights: dict[str, float]
    bias: float
    lines: dict[str, tuple[dict[str, float], float]]

    def danger(self, texts: Sequence[str]) -> Floats:
        """For each text the probability that somebody is in danger now, 0–1."""
        pieces, owners = self._known(texts)
        both, counts = np.unique(owners * self._width + pieces, return_counts=True)
        owners, pieces = np.divmod(both, self._width)
        often, (rare, weighed) = 1 + np.log(counts), self._heard
        told = np.bincount(owners, often * weighed[pieces], len(texts))
        squares = np.bincount(owners, (often * rare[pieces]) ** 2, len(texts))
        return np.asarray(1 / (1 + np.exp(-(self.bias + told / np.sqrt(np.where(squares == 0, 1, squares))))))

    def line(self, text: str) -> str:
        """Whom to ring: 110, 119, 120, 122 or `OWN`."""
        told = _unit(Counter(_pieces(text)), self.rarity)
        return max(self.lines, key=lambda line: self._score(told, *self.lines[line]))

    def _known(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """(piece, number of its text) for every known piece of all texts, as often as it stands there."""
        owners = np.repeat(np.arange(len(texts)), [len(text) + 2 for text in texts])
        letters = self._letters[np.minimum(letters_of("".join(f" {text} " for text in texts)), _BEYOND)]
        inside = owners[:-1] == owners[1:]
        alone = self._alone[letters[1:]] * (inside & np.append(inside[1:], False))
        pieces = np.concatenate([alone, self._pairs[letters[:-1], letters[1:]] * inside])
        known = np.flatnonzero(pieces)
        return pieces[known], np.concatenate([owners[1:], owners[1:]])[known]

    @cached_property
    def _heard(self) -> tuple[Floats, Floats]:
        """How rare each piece is, and what it then weighs for danger, by its number; 0 is no piece."""
        rare = np.array([0.0, *self.rarity.values()])
        return rare, rare * np.array([0.0, *(self.weights[piece] for piece in self.rarity)])

    @cached_property
    def _width(self) -> int:
        return len(self.rarity) + 1

    @cached_property
    def _letters(self) -> Ints:
        """Code point → the letter's number among those of all pieces; 0 stands in no piece."""
        table = np.zeros(_BEYOND + 1, dtype=np.int64)
        known = [ord(sign) for sign in sorted({*"".join(self.rarity)}) if ord(sign) < _BEYOND]
        table[known] = np.arange(1, len(known) + 1)
        return table

    @cached_property
    def _alone(self) -> Ints:
        """Letter → the piece that it is by itself."""
        table = np.zeros(int(self._letters.max()) + 1, dtype=np.int64)
        for number, piece in enumerate(self.rarity, 1):
            if len(piece) == 1:
                table[self._letters[ord(piece)]] = number
        return table

    @cached_property
    def _pairs(self) -> npt.NDArray[np.int16]:
        """Letter × the letter behind it → the piece that they are together."""
        table = np.zeros((len(self._alone), len(self._alone)), dtype=np.int16)
        for number, piece in enumerate(self.rarity, 1):
            if len(piece) == 2:
                table[self._letters[ord(piece[0])], self._letters[ord(piece[1])]] = number
        return table

    @staticmethod
    def _score(told: dict[str, float], weights: dict[str, float], bias: float) -> float:
        return bias + sum(weight * weights[piece] for piece, weight in told.items())


def sounds_of(text: str) -> str | None:
    """The part of a normalised text that sounds like somebody in danger now; nothing when none does."""
    if len(text) <= SHORT:
        return _of_a_call(text)
    sentences = [(part, part) for part in _parts(text)]
    few = [few for sentence in _PARTS.findall(text) if len(sentence) > LONG for few in _some_of(sentence, CRY)]
    return _surest((SURE_OF_A_SENTENCE, sentences), (SURE_OF_CLAUSES, few), by=sounds_in_letters())


def _of_a_call(text: str) -> str | None:
    """The matter, or the sentence of which a few clauses sound clearly so: a call often begins with another matter."""
    whole = ",".join(telling(text))
    if sounds().danger([whole])[0] >= (SURE if len(whole) >= FEW else SURE_OF_A_PART):
        return whole
    few = [(part, sentence) for sentence in _PARTS.findall(text) for part, _ in _some_of(sentence, FEW)]
    return _surest((SURE_OF_A_PART, few), by=sounds())


def _surest(*several: tuple[float, list[tuple[str, str]]], by: Sounds) -> str | None:
    """(how much is enough, [(what is listened to, what it stands for)]) → what stands for the one that sounds most like danger.

    Of the first list in which one does enough; all are listened to at once.
    """
    p = by.danger([part for _, heard in several for part, _ in heard])
    at = 0
    for enough, heard in several:
        of_these, at = p[at : at + len(heard)], at + len(heard)
        if len(of_these) and of_these.max() >= enough:
            return heard[int(of_these.argmax())][1]
    return None


def _some_of(sentence: str, least: int) -> list[tuple[str, str]]:
    """Clauses of a sentence that stand side by side, each few for themselves."""
    return [(few, few) for few in _side_by_side(telling(sentence)) if least <= len(few) <= SHORT]


def _side_by_side(clauses: list[str]) -> list[str]:
    """Each clause, and each with the few behind it."""
    starts = range(len(clauses))
    return [",".join(clauses[start : start + many]) for start in starts for many in range(1, CLAUSES + 1)]


def clearest(part: str) -> str:
    """The clause that says it most plainly: what a person is shown as the reason."""
    clauses = [each for each in part.split(",") if len(each) > 1] or [part]
    return clauses[int(sounds().danger(clauses).argmax())][:24]


@lru_cache(maxsize=1)
def sounds() -> Sounds:
    """Learnt once a process, in a second or two, without the learning library that answering must not wait for."""
    return _learnt(told())


@lru_cache(maxsize=1)
def sounds_in_letters() -> Sounds:
    """The same for the sentences of a letter, when the first one comes."""
    return _learnt(told() + _rows(_TOLD_IN_LETTERS))


def _learnt(rows: Sequence[tuple[str, str, str]]) -> Sounds:
    pieces = [Counter(_pieces(text)) for _, _, text in rows]
    rarity = _rarity(pieces)
    table = _Table.of([_unit(counts, rarity) for counts in pieces], {piece: at for at, piece in enumerate(rarity)})
    weights, bias = table.learn(np.array([want == "life" for want, _, _ in rows]))
    named = [at for at, (_, line, _) in enumerate(rows) if line not in "-?"]
    which, said = table.of_rows(named), np.array([rows[at][1] for at in named])
    lines = {str(line): which.learn(said == line) for line in sorted(set(said))}
    by_name = {line: (dict(zip(rarity, each.tolist(), strict=True)), base) for line, (each, base) in lines.items()}
    return Sounds(rarity, dict(zip(rarity, weights.tolist(), strict=True)), bias, by_name)


def _rarity(pieces: Sequence[Counter[str]]) -> dict[str, float]:
    """What each piece weighs: the rarer, the more (smoothed inverse document frequency); what was said once says nothing."""
    seen = Counter(piece for counts in pieces for piece in counts)
    return {piece: log((1 + len(pieces)) / (1 + count)) + 1 for piece, count in sorted(seen.items()) if count > 1}


def _unit(counts: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    """The pieces of a text as a vector of length 1; a piece said often weighs by the logarithm."""
    found = {piece: (1 + log(count)) * rarity[piece] for piece, count in counts.items() if piece in rarity}
    length = sum(weight * weight for weight in found.values()) ** 0.5 or 1.0
    return {piece: weight / length for piece, weight in found.items()}


@dataclass(frozen=True)
class _Table:
    """Texts × pieces, by their filled cells, and logistic regression on it."""

    row: Ints
    column: Ints
    weight: Floats
    rows: int
    columns: int

    @classmethod
    def of(cls, vectors: Sequence[Mapping[str, float]], number: Mapping[str, int]) -> _Table:
        row = np.repeat(np.arange(len(vectors)), [len(each) for each in vectors])
        column = np.array([number[piece] for each in vectors for piece in each], dtype=np.int64)
        weight = np.array([weight for each in vectors for weight in each.values()])
        return cls(row, column, weight, len(vectors), len(number))

    def of_rows(self, kept: Sequence[int]) -> _Table:
        place = np.full(self.rows, -1)
        place[list(kept)] = np.arange(len(kept))
        here = place[self.row] >= 0
        return _Table(place[self.row[here]], self.column[here], self.weight[here], len(kept), self.columns)

    def learn(self, yes: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
        """Weights and bias: both answers count alike, however many tell of each (Nesterov's accelerated descent)."""
        heavy = np.where(yes, 0.5 / max(yes.sum(), 1), 0.5 / max((~yes).sum(), 1)) * self.rows
        step = 1 / (0.25 * heavy.max() * self._spread() + HOLD)
        weights, bias = np.zeros(self.columns), 0.0
        ahead, ahead_bias, pace = weights, bias, 1.0
        for _ in range(ROUNDS):
            score = np.bincount(self.row, self.weight * ahead[self.column], self.rows) + ahead_bias
            wrong = heavy * (1 / (1 + np.exp(-score)) - yes)
            pull = np.bincount(self.column, self.weight * wrong[self.row], self.columns) + HOLD * ahead
            then, then_bias = ahead - step * pull, ahead_bias - step * float(wrong.sum())
            faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
            swing = (pace - 1) / faster
            ahead, ahead_bias = then + swing * (then - weights), then_bias + swing * (then_bias - bias)
            weights, bias, pace = then, then_bias, faster
        return weights, bias

    def _spread(self) -> float:
        """The greatest stretch of the table with its bias, squared (power iteration): how far a step may go."""
        towards, base = np.full(self.columns, 1.0), 1.0
        size = 1.0
        for _ in range(20):
            over = np.bincount(self.row, self.weight * towards[self.column], self.rows) + base
            towards, base = np.bincount(self.column, self.weight * over[self.row], self.columns), float(over.sum())
            size = float((towards @ towards + base * base) ** 0.5)
            towards, base = towards / size, base / size
        return size * 1.05


def told() -> list[tuple[str, str, str]]:
    """(life or calm, whom to ring, - or ? where nobody said, text) of the shipped sentences."""
    return _rows(_TOLD)


def _rows(file: Path) -> list[tuple[str, str, str]]:
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(want, line, text) for want, line, text in rows]


def _pieces(text: str) -> list[str]:
    return [*text, *map("".join, pairwise(f" {text} "))]


def _parts(text: str) -> list[str]:
    """Each sentence, and each with the next while both are short."""
    single = [part.strip()[:SHORT] for part in _PARTS.findall(text)] or [text[:SHORT]]
    return single + [f"{first},{then}" for first, then in pairwise(single) if len(first) + len(then) < SHORT]
