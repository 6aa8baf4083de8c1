"""From labelled texts to a model that answers: features, judges, out-of-fold calibration, thresholds, novelty.

Everything is decided by the rows and the seed: the same rows in the same order give the same model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from . import calibrate
from .calibrate import Calibration, Floats, Ints, Threshold
from .nearness import bare
from .pipeline import Halves, Judge, Weigher, features_of, fit_judges, mixed
from .words import words_hash

FOLDS = 5
WISHED = 0.97
SEED = 2020
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Example:
    """One labelled text. Examples of one `group` (near-identical texts) are never on both sides of a fold.

    `prior` marks text of the starter corpus: it teaches, with its `weight`, but is never a test.
    """

    text: str
    label: str
    group: str = ""
    weight: float = 1.0
    prior: bool = False


@dataclass
class Model:
    """A fitted classifier of one level, flat enough to answer one text in well under a millisecond."""

    labels: list[str]
    weigher: Weigher
    judge: Judge
    thresholds: dict[float, Threshold]
    strange: float
    noise: float = 0.0
    about: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"linear-{self.about.get('data', '')}"

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """texts × labels; each row sums to 1, also for a text without a single known feature."""
        return calibrate.spread(self.judge.scores(self.weigher.matrix(map(features_of, texts))), self.noise)

    def threshold(self, wished: float = WISHED) -> Threshold:
        """The threshold for a wished precision; the next stricter one that was chosen when there is none for it."""
        fitting = [one for wish, one in sorted(self.thresholds.items()) if wish >= wished - 1e-9]
        return fitting[0] if fitting else Threshold(wished, 2.0, 0.0, 0.0, 0.0, 1.0, 0)


def train(
    examples: Sequence[Example],
    seed: int = SEED,
    wished: Sequence[float] = (0.9, 0.95, 0.97, 0.98, 0.99),
    folds: int = FOLDS,
    progress: Progress | None = None,
) -> Model:
    """A model of these examples.

    Raises ValueError when there are fewer than two labels: nothing can be told apart then.
    1. The labels in order, the features of every text, their weights. 2. Judges on each fold's rest answer the fold.
    3. Those answers calibrate, and choose thresholds and the share of known words below which a text is strange.
       Without a single own example there is no threshold: nothing acts on a starter corpus alone.
    4. The judges are fitted again on everything and mixed into one.
    """
    labels = sorted({one.label for one in examples})
    if len(labels) < 2:
        raise ValueError("two labels at least are needed")
    tell = progress or (lambda step, share: None)
    place = {label: at for at, label in enumerate(labels)}
    truth = np.array([place[one.label] for one in examples])
    weight = np.array([one.weight for one in examples])
    read = [features_of(one.text) for one in examples]
    tell("features", 0.1)
    weigher = Weigher(least=1 if len(examples) < 1000 else 2).fit(read)
    rows = weigher.matrix(read)
    members, tested = _out_of_fold(rows, truth, weight, examples, len(labels), folds, seed, tell)
    calibration = calibrate.fit_calibration([one[tested] for one in members], truth[tested])
    thresholds, figures = _thresholds(members, tested, calibration, truth, wished)
    if all(one.prior for one in examples):
        calibration, thresholds = _modest(calibration), {}
    judges = fit_judges(rows, truth, len(labels), weight, seed)
    tell("fitted", 1.0)
    about = {"data": data_hash(examples), "rows": len(examples), "seed": seed, "words": words_hash(), **figures}
    judge = mixed(judges, calibration.shares, calibration.bias)
    return Model(labels, weigher, judge, thresholds, _strange(read, weigher), calibration.noise, about)


def _modest(calibration: Calibration) -> Calibration:
    """Never quite sure: a starter corpus answers its own lines almost perfectly, and says nothing of a city's real ones."""
    return Calibration(calibration.shares, calibration.bias, max(calibration.noise, 0.05))


def data_hash(examples: Sequence[Example]) -> str:
    """Names the training data: any change of a text, label, weight or of the order gives another name."""
    whole = sha256()
    for one in examples:
        whole.update(
            f"{one.label}\x1f{one.text}\x1f{one.group}\x1f{one.weight:.6g}\x1f{one.prior}\x1e".encode(
                "utf-8", "replace"
            )
        )
    return whole.hexdigest()[:12]


def fold_of(group: str, folds: int, seed: int) -> int:
    """The fold of a group, by hash: it stays the same whatever other groups there are."""
    return int.from_bytes(blake2b(f"{seed}:{group}".encode("utf-8", "replace"), digest_size=8).digest(), "big") % folds


def groups_of(examples: Sequence[Example]) -> list[str]:
    """Each example's group; texts without one are grouped when they begin with the same hundred characters."""
    return [one.group or bare(one.text)[:100] or str(at) for at, one in enumerate(examples)]


def _out_of_fold(
    rows: csr_matrix,
    truth: Ints,
    weight: Floats,
    examples: Sequence[Example],
    classes: int,
    folds: int,
    seed: int,
    tell: Progress,
) -> tuple[list[Floats], npt.NDArray[np.bool_]]:
    """(scores of each member, which rows were tested): own rows are tested; prior rows only when there are no others."""
    fold = np.array([fold_of(group, folds, seed) for group in groups_of(examples)])
    prior = np.array([one.prior for one in examples])
    trial = ~prior if (~prior).sum() >= 30 else np.ones(len(examples), dtype=bool)
    members: list[Floats] = []
    tested = np.zeros(len(examples), dtype=bool)
    for number in range(folds):
        here = trial & (fold == number)
        rest = ~here
        if not here.any() or len(set(truth[rest])) < 2:
            continue
        judges = fit_judges(rows[rest], truth[rest], classes, weight[rest], seed)
        members = members or [np.zeros((len(examples), classes)) for _ in judges]
        for member, judge in zip(members, judges, strict=True):
            member[here] = judge.scores(rows[here])
        tested |= here
        tell(f"fold {number + 1}", 0.1 + 0.8 * (number + 1) / folds)
    if not tested.any():
        raise ValueError("too few examples to test the model on any of them")
    return members, tested


def _thresholds(
    members: Sequence[Floats],
    tested: npt.NDArray[np.bool_],
    calibration: Calibration,
    truth: Ints,
    wished: Sequence[float],
) -> tuple[dict[float, Threshold], dict[str, object]]:
    p = calibration.probabilities([member[tested] for member in members])
    sure, right = p.max(axis=1), p.argmax(axis=1) == truth[tested]
    figures: dict[str, object] = {
        "out_of_fold_accuracy": round(float(right.mean()), 6),
        "out_of_fold_ece": round(calibrate.expected_calibration_error(sure, right), 6),
        "tested": int(tested.sum()),
    }
    return {wish: calibrate.threshold_for(sure, right, wish) for wish in wished}, figures


def heard(words: Sequence[str], known: Mapping[str, int]) -> float:
    """The share of a text's different words of two characters and more that the model has seen, in 0..1."""
    told = {word for word in words if len(word) > 1}
    return sum(word in known for word in told) / len(told) if told else 0.0


def _strange(read: Sequence[Halves], weigher: Weigher) -> float:
    """The share of known words that all but the strangest half per cent of the training texts exceed, at most a half.

    A text's own once-only words are kept out of `weigher`, so that even training texts look a little strange.
    """
    shares = [heard(words, weigher.index) for words, _ in read if words]
    return min(0.5, float(np.quantile(shares, 0.005))) if shares else 0.5
