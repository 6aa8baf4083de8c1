"""From labelled texts to a model that answers: features, judges, out-of-fold calibration, thresholds, novelty.

Everything is decided by the rows and the seed: the same rows in the same order give the same model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from classifier.category import calibrate
from classifier.category.background_model import BackgroundModel, fit_reader
from classifier.category.calibrate import Calibration, Floats, Ints, Threshold
from classifier.category.pipeline import (
    FEW_CLASSES,
    LinearScorer,
    Parts,
    Weigher,
    features_of,
    fit_by_ratio,
    fit_scorers,
    mixed,
)
from classifier.nearness import bare
from classifier.text.matter import matter
from classifier.text.words import words_hash

if TYPE_CHECKING:
    from classifier.request_type.model import RequestModel

FOLDS = 5
PRIOR_FOLDS = 3  # a starter corpus answers its own lines almost perfectly: more folds would only take longer
FEWEST = 30
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
    judge: LinearScorer
    thresholds: dict[float, Threshold]
    strange: float
    noise: float = 0.0
    about: dict[str, object] = field(default_factory=dict)
    upper: tuple[Threshold, ...] = ()
    background: BackgroundModel | None = None
    reader: LinearScorer | None = None
    temper: tuple[float, float] = calibrate.PLAIN
    requests: RequestModel | None = None

    @property
    def name(self) -> str:
        return f"linear-{self.about.get('data', '')}"

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """texts × labels; each row sums to 1, also for a text without a single known feature."""
        read = [features_of(matter(text)) for text in texts]
        return self.judged(read, self.weigher.matrix(read, np.float32))

    def judged(self, read: Sequence[Parts], rows: csr_matrix) -> Floats:
        """The same for texts that were read already: `rows` are their features as the weigher weighs them."""
        scores = self.judge.scores(rows)
        if self.background and self.reader:
            scores += self.reader.scores(self.background.views(read))
        return calibrate.spread(scores, self.noise, self.temper)

    def threshold(self, wished: float = WISHED, *, upper: bool = False) -> Threshold:
        """The threshold for a wished precision; the next stricter one that was chosen when there is none for it.

        upper: for the mass of all labels of one parent, where the model was told of parents.
        """
        return calibrate.fitting(self.upper if upper else self.thresholds.values(), wished)


def train(
    examples: Sequence[Example],
    seed: int = SEED,
    wished: Sequence[float] = (0.9, 0.95, 0.97, 0.98, 0.99),
    folds: int = FOLDS,
    progress: Progress | None = None,
    parents: Mapping[str, str] | None = None,
    background: BackgroundModel | None = None,
) -> Model:
    """A model of these examples; `parents` (label → its parent) gives it thresholds one level up as well.

    `background` is what a corpus with other labels knows; the examples' own labels are learned on top of it.

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
    prior = np.array([one.prior for one in examples])
    read = [features_of(matter(one.text)) for one in examples]
    tell("features", 0.1)
    weigher = Weigher(least=1 if len(examples) < 1000 else 2).fit(read)
    background = background if (~prior).sum() >= FEWEST else None
    views = background.views(read) if background else None
    sheet = TrainingSheet(weigher.matrix(read), views, truth, weight, prior, len(labels), seed)
    groups = groups_of(examples)
    members, tested = _out_of_fold(sheet, groups, min(folds, PRIOR_FOLDS) if prior.all() else folds, tell)
    calibration = calibrate.fit_calibration(
        [one[tested] for one in members], truth[tested], counted_once(groups)[tested]
    )
    answers = calibration.probabilities([member[tested] for member in members]), truth[tested]
    thresholds, figures = _thresholds(*answers, wished)
    upper = calibrate.thresholds_above(*answers, _owners(labels, parents), wished) if parents else ()
    if prior.all():
        calibration, thresholds, upper = _modest(calibration), {}, ()
    judges = sheet.judges(np.ones(len(examples), dtype=bool))
    tell("fitted", 1.0)
    about = {"data": data_hash(examples), "rows": len(examples), "seed": seed, "words": words_hash(), **figures}
    if background:
        about["background"] = background.name
    judge, reader = _merged(judges, calibration, with_reader=background is not None)
    return Model(
        labels, weigher, judge, thresholds, _strange(read, weigher), calibration.noise, about, upper,
        background, reader, calibration.temper,
    )  # fmt: skip


def _merged(
    judges: Sequence[LinearScorer], calibration: Calibration, *, with_reader: bool
) -> tuple[LinearScorer, LinearScorer | None]:
    """The judges of the rows as one, which carries the bias of all, and the reader of the views, already in its share."""
    if not with_reader:
        return mixed(judges, calibration.shares, calibration.bias), None
    reader = mixed(judges[-1:], calibration.shares[-1:], np.zeros_like(calibration.bias))
    return mixed(judges[:-1], calibration.shares[:-1], calibration.bias), reader


def _modest(calibration: Calibration) -> Calibration:
    """Never quite sure: a starter corpus answers its own lines almost perfectly, and says nothing of a city's real ones.

    Nor does it lean to any label: how often it has one is how many lines were written.
    """
    return Calibration(calibration.shares, np.zeros_like(calibration.bias), max(calibration.noise, 0.05))


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


def counted_once(groups: Sequence[str]) -> Floats:
    """What each text counts, so that those of one group count together as one: what many say in the same words is one example."""
    alike = Counter(groups)
    return np.array([1 / alike[group] for group in groups])


@dataclass(frozen=True)
class TrainingSheet:
    """All examples as numbers, one row each: features, what the background makes of them, label, weight, whether prior."""

    rows: csr_matrix
    views: Floats | None
    truth: Ints
    weight: Floats
    prior: npt.NDArray[np.bool_]
    classes: int
    seed: int

    def judges(self, taught: npt.NDArray[np.bool_]) -> list[LinearScorer]:
        """The ensemble, fitted on the `taught` rows; last the reader of views, from own rows alone.

        The background was learned from the prior rows: what it says of them is too good to learn from.
        """
        told = fit_scorers(
            self.rows[taught],
            self.truth[taught],
            self.classes,
            self.weight[taught],
            self.seed,
            starter=bool(self.prior.all()),
        )
        if self.classes <= FEW_CLASSES and not self.prior.all():
            told.append(
                fit_by_ratio(self.rows[taught], self.truth[taught], self.classes, self.weight[taught], self.seed)
            )
        if self.views is None:
            return told
        own = taught & ~self.prior
        return [*told, fit_reader(self.views[own], self.truth[own], self.classes, self.weight[own])]

    def scores(self, judges: Sequence[LinearScorer], asked: npt.NDArray[np.bool_]) -> list[Floats]:
        """What each of `judges` says of the `asked` rows."""
        if self.views is None:
            return [judge.scores(self.rows[asked]) for judge in judges]
        return [*(judge.scores(self.rows[asked]) for judge in judges[:-1]), judges[-1].scores(self.views[asked])]


def _out_of_fold(
    sheet: TrainingSheet, groups: Sequence[str], folds: int, tell: Progress
) -> tuple[list[Floats], npt.NDArray[np.bool_]]:
    """(scores of each member, which rows were tested): own rows are tested; prior rows only when there are few others."""
    fold = np.array([fold_of(group, folds, sheet.seed) for group in groups])
    trial = ~sheet.prior if (~sheet.prior).sum() >= FEWEST else np.ones(len(fold), dtype=bool)
    members: list[Floats] = []
    tested = np.zeros(len(fold), dtype=bool)
    for number in range(folds):
        here = trial & (fold == number)
        rest = ~here
        if not here.any() or len(set(sheet.truth[rest])) < 2:
            continue
        said = sheet.scores(sheet.judges(rest), here)
        members = members or [np.zeros((len(fold), sheet.classes)) for _ in said]
        for member, scores in zip(members, said, strict=True):
            member[here] = scores
        tested |= here
        tell(f"fold {number + 1}", 0.1 + 0.8 * (number + 1) / folds)
    if not tested.any():
        raise ValueError("too few examples to test the model on any of them")
    return members, tested


def _owners(labels: Sequence[str], parents: Mapping[str, str]) -> Ints:
    """The number of each label's parent; a label without one stands for itself."""
    above = [parents.get(label) or label for label in labels]
    names = sorted(set(above))
    return np.array([names.index(one) for one in above])


def _thresholds(p: Floats, truth: Ints, wished: Sequence[float]) -> tuple[dict[float, Threshold], dict[str, object]]:
    """From out-of-fold probabilities and what was right."""
    sure, right = p.max(axis=1), p.argmax(axis=1) == truth
    figures: dict[str, object] = {
        "out_of_fold_accuracy": round(float(right.mean()), 6),
        "out_of_fold_ece": round(calibrate.expected_calibration_error(sure, right), 6),
        "tested": len(truth),
    }
    return {wish: calibrate.threshold_for(sure, right, wish) for wish in wished}, figures


def heard(words: Sequence[str], known: Mapping[str, int]) -> float:
    """The share of a text's different words of two characters and more that the model has seen, in 0..1."""
    told = set(words)
    whole = _longer(told)
    return 1 - _longer(told.difference(known)) / whole if whole else 0.0


def _longer(words: Collection[str]) -> int:
    return len(words) - [*map(len, words)].count(1)


def _strange(read: Sequence[Parts], weigher: Weigher) -> float:
    """The share of known words that all but the strangest half per cent of the training texts exceed, at most a half.

    A text's own once-only words are kept out of `weigher`, so that even training texts look a little strange.
    """
    shares = [heard(words, weigher.index) for words, *_ in read if words]
    return min(0.5, float(np.quantile(shares, 0.005))) if shares else 0.5
