"""One night's lesson: train on everything but the newest tickets, compare on those, and only then let the new model answer."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier import store
from classifier.evaluate import detail, figures
from classifier.starter import blend
from classifier.train import WISHED, Example, Model, data_hash, train
from classifier.words import load_words, words_hash
from hotline.errors import OutOfTurn
from hotline.house import House
from hotline.language import _
from hotline.learning.drifting import keep_lamps
from hotline.learning.material import Lesson, own_lessons, starter_pairs
from hotline.triage.shelf import Shelf

FEWEST_JUDGED = 20
NEWEST = 0.2
SLACK = 0.005
"""Half a point: what the former model may be ahead by before the new one counts as worse."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Outcome:
    """deed: accepted, refused, or unchanged (there was nothing new to learn)."""

    deed: str
    file: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


def learn(house: House, by: str = "clock", *, forced: bool = False, progress: Progress | None = None) -> Outcome:
    """Train, compare, accept or refuse. Raises OutOfTurn while another training runs.

    1. Everything there is to learn from; nothing to do when the model that answers has seen exactly this.
    2. With enough own tickets a trial model, trained without the newest, is compared on them with the present model.
    3. A model of everything is kept; it answers from now on unless the trial was worse. forced: also for few new tickets.
    """
    shelf, city = Shelf(house.settings.models), house.city
    load_words(city.vocabulary)
    with _alone(shelf.folder):
        starter = starter_pairs(house.settings.city_dir)
        with house.readings() as db:
            lessons = own_lessons(db, frozenset(city.categories))
        keep_lamps(house, shelf)
        examples = blend(starter, [one.example for one in lessons])
        told = data_hash(blend(starter, []))
        present = _present(shelf)
        if _nothing_new(present, examples, lessons, told, forced):
            return Outcome("unchanged")
        shadow = _in_the_shadow(starter, lessons, present, progress)
        model = train(examples, progress=progress)
        model.about.update(own=len(lessons), starter=told, until=lessons[-1].at.isoformat() if lessons else "")
        return settle(shelf, model, present, shadow, house, by)


def settle(shelf: Shelf, model: Model, present: Model | None, shadow: dict[str, Any], house: House, by: str) -> Outcome:
    """Keep the candidate with its card, and let it answer when it is not worse."""
    path = store.save(model, shelf.folder)
    said = {**shadow, "out_of_fold_accuracy": model.about.get("out_of_fold_accuracy"), "own": model.about.get("own", 0)}
    shelf.write(f"{path.stem}.card.json", said)
    plain = {key: value for key, value in said.items() if key != "detail"}
    now = house.clock.now()
    if is_worse(said, model, present):
        shelf.note("refused", path.name, now, by, plain)
        return Outcome("refused", path.name, plain)
    shelf.point(path.name, now, by, "accepted", plain)
    shelf.weed()
    return Outcome("accepted", path.name, plain)


def is_worse(shadow: dict[str, Any], model: Model, present: Model | None) -> bool:
    """By the newest tickets where both were compared on them, else by what each reached out of fold."""
    if present is None:
        return False
    if "present_accuracy" in shadow:
        return bool(shadow["candidate_accuracy"] < shadow["present_accuracy"] - SLACK)
    now, then = model.about.get("out_of_fold_accuracy"), present.about.get("out_of_fold_accuracy")
    alike = bool(model.about.get("own")) == bool(present.about.get("own"))
    return alike and isinstance(now, float) and isinstance(then, float) and now < then - 4 * SLACK


def compare(candidate: Model, present: Model | None, judged: list[Example], fresh: list[Example]) -> dict[str, Any]:
    """The candidate's figures on texts it has not seen; the present model is measured on those that are new to it too."""
    p, truth = candidate.probabilities([one.text for one in judged]), [one.label for one in judged]
    found = figures(candidate.labels, p, truth, candidate.threshold(WISHED).p)
    said: dict[str, Any] = {"judged": len(judged), **found, "detail": _curves(candidate, p, truth)}
    if present is not None and len(fresh) >= FEWEST_JUDGED:
        said |= {"fresh": len(fresh), "candidate_accuracy": _accuracy(candidate, fresh), "present_accuracy": _accuracy(present, fresh)}
    return said


def _in_the_shadow(starter: list[tuple[str, str]], lessons: list[Lesson], present: Model | None,
                   progress: Progress | None) -> dict[str, Any]:
    """Compare on the newest fifth; empty when that would be too few to say anything."""
    held = int(len(lessons) * NEWEST)
    if held < FEWEST_JUDGED:
        return {}
    older, newest = lessons[:-held], lessons[-held:]
    trial = train(blend(starter, [one.example for one in older]), progress=progress)
    until = str(present.about.get("until", "")) if present else ""
    fresh = [one.example for one in newest if one.at.isoformat() > until]
    return compare(trial, present, [one.example for one in newest], fresh)


def _nothing_new(present: Model | None, examples: list[Example], lessons: list[Lesson], starter: str, forced: bool) -> bool:
    """The same data and words, or (unless forced) too few new tickets to judge a new model by."""
    if len({one.label for one in examples}) < 2:
        return True
    if present is None or present.about.get("words") != words_hash():
        return False
    if present.about.get("data") == data_hash(examples):
        return True
    until = str(present.about.get("until", ""))
    fresh = sum(one.at.isoformat() > until for one in lessons)
    return not forced and present.about.get("starter") == starter and fresh < FEWEST_JUDGED


def _present(shelf: Shelf) -> Model | None:
    pointer = shelf.current()
    if pointer is None:
        return None
    try:
        return store.load(shelf.folder / pointer.file, pointer.sha256)
    except store.Unfit:
        return None


def _accuracy(model: Model, asked: list[Example]) -> float:
    said = model.probabilities([one.text for one in asked]).argmax(axis=1)
    return sum(model.labels[at] == one.label for at, one in zip(said, asked, strict=True)) / len(asked)


def _curves(model: Model, p: Any, truth: list[str]) -> dict[str, Any]:
    """What the page draws: reliability, coverage, and the categories that came up."""
    said = detail(model.labels, p, truth)
    return {"reliability": said["reliability"], "coverage_curve": said["coverage_curve"],
            "per_class": [one for one in said["per_class"] if one["support"]]}  # type: ignore[attr-defined]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One training at a time; the lock goes with the process that holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".learning").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as trouble:
            raise OutOfTurn(_("正在训练，请稍后再试。")) from trouble
        yield
