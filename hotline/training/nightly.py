"""One night's training: judge the model on trial, train another, compare it on the newest tickets, put it on trial in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from classifier.category import store
from classifier.category.seed_corpus import blend
from classifier.category.train import Example, Model, data_hash, train
from classifier.request_type.training import LabelledRequest, requests_hash, train_requests
from classifier.text.words import load_words, words_hash
from hotline.installation import Installation
from hotline.review_advice.training import learn_from_reviews
from hotline.training.comparison import FEWEST_JUDGED, compare, is_worse
from hotline.training.drift_watch import store_lamps
from hotline.training.examples import OwnExample, own_examples, own_requests, starter_pairs, starter_requests
from hotline.training.progress import Progress, alone, noting, part
from hotline.training.thresholds import choose_anew
from hotline.training.unit_sets import choose_floors
from hotline.triage.active_classifier import OF_ANOTHER_PROGRAM, parents_of
from hotline.triage.again import enqueue_again
from hotline.triage.model_registry import ModelRegistry, Pointer

NEWEST = 0.2


@dataclass(frozen=True)
class TrainingRun:
    """deed: accepted, refused, shadow (on trial), or unchanged (nothing new to learn, or the trial goes on)."""

    deed: str
    file: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Trainer:
    """What there is to learn from. starter: (text, category) pairs; own: own examples, the oldest first.

    asked: what teaches request types and urgency, the city's sentences before its own tickets.
    """

    starter: list[tuple[str, str]]
    own: list[OwnExample]
    parents: dict[str, str]
    asked: list[LabelledRequest] = field(default_factory=list)

    def examples(self, most: int | None = None) -> list[Example]:
        """The starter beside the first `most` own examples."""
        return blend(self.starter, [one.example for one in self.own[:most]])

    def since(self, *models: Model | None, newest: int = 0) -> list[Example]:
        """What was settled after all of these models were trained; newest: only among so many of the latest."""
        until = max((str(model.about.get("until", "")) for model in models if model), default="")
        return [one.example for one in self.own[-newest:] if one.at.isoformat() > until]


def learn(
    installation: Installation, by: str = "clock", *, forced: bool = False, progress: Progress | None = None
) -> TrainingRun:
    """Judge, train, compare, decide. Raises OutOfTurn while another training runs.

    1. A model on trial is compared with the present one on what was settled meanwhile: it answers from now on, or goes.
    2. Nothing more while the trial goes on, or when the model that answers has seen all there is to learn from.
    3. A trial model, trained without the newest tickets, is compared on them with the present one; then one of everything
       is kept. Unless that was worse it goes on trial; where nothing sound answers yet, or tickets are too few to compare
       anything on, it answers at once.
    4. Where a model answers from now on, the keywords' proposals of what still waits are made again.
    5. Thresholds and the floors of the sets of units are chosen anew for whichever model answers now.
    forced: somebody waits for it: trained also for few new tickets, and used at once unless it is worse.
    """
    registry = ModelRegistry(installation.settings.models)
    load_words(installation.city.vocabulary)
    with alone(registry):
        school = _school(installation)
        store_lamps(installation, registry)
        outcome = None if forced else judge_trial(installation, registry, school, by)
        if forced or registry.shadow() is None:
            outcome = _train(installation, registry, school, by, forced, noting(registry, progress)) or outcome
        with installation.readings() as db:
            now = installation.clock.now()
            registry.choose_anew(
                choose_anew(db, registry, installation.city, now) | choose_floors(db, registry, installation.city, now)
            )
        learn_from_reviews(installation)
    if outcome is not None and outcome.deed == "accepted":
        enqueue_again(installation, installation.clock.now())
    return outcome or TrainingRun("unchanged")


def judge_trial(installation: Installation, registry: ModelRegistry, school: Trainer, by: str) -> TrainingRun | None:
    """The end of a trial; None when there is none, or too little was settled meanwhile."""
    pointer, present = registry.shadow(), _model(registry, registry.current())
    candidate = _model(registry, pointer)
    if pointer is None or candidate is None:
        registry.end_trial()
        return None
    fresh = school.since(candidate, present)
    if present is not None and len(fresh) < FEWEST_JUDGED:
        return None
    said = compare(candidate, present, fresh, fresh) if fresh else {}
    return decide(
        installation,
        registry,
        pointer.file,
        {**registry.card(pointer.file), **said},
        by,
        is_worse(said, candidate, present),
    )


def settle(
    installation: Installation,
    registry: ModelRegistry,
    model: Model,
    present: Model | None,
    said: dict[str, Any],
    by: str,
    *,
    at_once: bool,
) -> TrainingRun:
    """Keep a new model with its card, and refuse it, put it on trial, or let it answer."""
    path = store.save(model, registry.folder)
    said = {**said, "out_of_fold_accuracy": model.about.get("out_of_fold_accuracy"), "own": model.about.get("own", 0)}
    return decide(
        installation,
        registry,
        path.name,
        said,
        by,
        is_worse(said, model, present),
        on_trial="present_accuracy" in said and not at_once,
    )


def decide(
    installation: Installation,
    registry: ModelRegistry,
    file: str,
    said: dict[str, Any],
    by: str,
    worse: bool,
    on_trial: bool = False,
) -> TrainingRun:
    """Write the decision down with its figures."""
    registry.keep_card(file, said)
    now, plain = installation.clock.now(), {key: value for key, value in said.items() if key != "detail"}
    if worse:
        registry.end_trial()
        registry.note("refused", file, now, by, plain)
    elif on_trial:
        registry.try_out(file, now, by, plain)
    else:
        registry.point(file, now, by, "accepted", plain)
    registry.weed()
    return TrainingRun("refused" if worse else "shadow" if on_trial else "accepted", file, plain)


def _school(installation: Installation) -> Trainer:
    with installation.readings() as db:
        own, asked = own_examples(db, frozenset(installation.city.categories)), own_requests(db)
    folder = installation.settings.city_dir
    return Trainer(starter_pairs(folder), own, parents_of(installation.city), [*starter_requests(folder), *asked])


def _train(
    installation: Installation, registry: ModelRegistry, school: Trainer, by: str, forced: bool, progress: Progress
) -> TrainingRun | None:
    """None when there is nothing new to learn."""
    present = _model(registry, registry.current())
    if _nothing_new(present, school, forced):
        return None
    said = _without_the_newest(school, present, part(progress, 0.0, 0.5))
    model = train(school.examples(), progress=part(progress, 0.5 if said else 0.0, 1.0), parents=school.parents)
    model.about.update(
        own=len(school.own),
        starter=_hash(school),
        sources=Counter(one.source for one in school.own),
        until=school.own[-1].at.isoformat() if school.own else "",
    )
    hear_requests(model, school.asked)
    return settle(installation, registry, model, present, said, by, at_once=forced)


def hear_requests(model: Model, asked: Sequence[LabelledRequest]) -> None:
    """Teach it request types and urgency as well; with too few sentences it leaves them to the cue words."""
    model.requests = train_requests(asked)
    model.about["requests"] = model.requests.about if model.requests else {"data": requests_hash(asked)}


def _without_the_newest(school: Trainer, present: Model | None, progress: Progress) -> dict[str, Any]:
    """Train on all but the newest fifth and compare on it; empty when that would be too few to say anything."""
    held = int(len(school.own) * NEWEST)
    if held < FEWEST_JUDGED:
        return {}
    trial = train(school.examples(len(school.own) - held), progress=progress, parents=school.parents)
    newest = [one.example for one in school.own[-held:]]
    return compare(trial, present, newest, school.since(present, newest=held))


def _nothing_new(present: Model | None, school: Trainer, forced: bool) -> bool:
    """The same data and words, or (unless forced) too few new tickets to judge a new model by."""
    examples = school.examples()
    if len({one.label for one in examples}) < 2:
        return True
    if present is None or present.about.get("words") != words_hash():
        return False
    if not _heard(present):
        return False
    if present.about.get("data") == data_hash(examples) and _heard(present) == requests_hash(school.asked):
        return True
    return not forced and present.about.get("starter") == _hash(school) and len(school.since(present)) < FEWEST_JUDGED


def _heard(model: Model) -> str:
    """The name of the sentences it learned request types from; empty for a model of a time when none did."""
    return str(dict(model.about.get("requests") or {}).get("data", ""))  # type: ignore[call-overload]


def _hash(school: Trainer) -> str:
    return data_hash(blend(school.starter, []))


def _model(registry: ModelRegistry, pointer: Pointer | None) -> Model | None:
    """None when there is none, or it was damaged, or made by another version of the program."""
    try:
        return store.load(registry.folder / pointer.file, pointer.sha256) if pointer else None
    except (store.Unfit, *OF_ANOTHER_PROGRAM):
        return None
