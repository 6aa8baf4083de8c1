"""A new model is on trial first: it answers nobody, is compared on what comes in meanwhile, and only then put to use or dropped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.category import store
from classifier.category.train import Example, train
from hotline.installation import Installation
from hotline.training.background import can_answer
from hotline.training.nightly import learn
from hotline.training.progress import alone, begin, noting, progress_of
from hotline.triage.active_classifier import FELL_BACK
from hotline.triage.model_registry import ModelRegistry
from tests.support.papers.texts import FOUR, texts

Finished = Callable[..., Any]


def registry(installation: Installation) -> ModelRegistry:
    return ModelRegistry(installation.settings.models)


def answering(installation: Installation) -> str:
    pointer = registry(installation).current()
    return pointer.file if pointer else ""


def on_trial(installation: Installation) -> str:
    pointer = registry(installation).shadow()
    return pointer.file if pointer else ""


@pytest.fixture
def taught(installation: Installation, finished: Finished) -> Installation:
    """The starter's model answers, and one of 120 own tickets is on trial."""
    learn(installation)
    finished(120)
    assert learn(installation).deed == "shadow"
    return installation


def test_the_model_on_trial_answers_nobody_and_is_put_to_use_after_twenty_settled_tickets(
    taught: Installation, finished: Finished
) -> None:
    former, candidate = answering(taught), on_trial(taught)
    assert (
        candidate
        and candidate != former
        and taught.classifier.suggest("路灯不亮").model == f"linear-{former.split('-')[0]}"
    )
    finished(19)
    assert learn(taught).deed == "unchanged" and (answering(taught), on_trial(taught)) == (former, candidate)
    finished(1)
    learn(taught)
    assert answering(taught) == candidate
    accepted = next(entry for entry in registry(taught).history() if entry.deed == "accepted")
    assert (accepted.file, accepted.figures["fresh"]) == (candidate, 20)
    assert taught.classifier.suggest("路灯不亮").model == f"linear-{candidate.split('-')[0]}"


def test_a_model_that_is_worse_on_trial_is_dropped_with_its_figures(taught: Installation, finished: Finished) -> None:
    former, until = answering(taught), taught.clock.now().isoformat()
    bad = train([Example(text, FOUR[(at + 1) % 4]) for at, code in enumerate(FOUR) for text in texts(code, 40)])
    bad.about.update(own=160, starter="", until=until)
    path = store.save(bad, taught.settings.models)
    registry(taught).try_out(path.name, taught.clock.now(), "clock", {})
    finished(24)
    learn(taught)
    refused = next(entry for entry in registry(taught).history() if entry.deed == "refused")
    assert answering(taught) == former and refused.file == path.name
    assert refused.figures["candidate_accuracy"] < refused.figures["present_accuracy"]


def test_somebody_who_waits_for_a_training_need_not_wait_for_a_trial(taught: Installation) -> None:
    assert learn(taught, "管", forced=True).deed == "accepted"
    assert not on_trial(taught)


def test_choosing_a_model_by_hand_ends_the_trial(taught: Installation) -> None:
    candidate = on_trial(taught)
    registry(taught).point(candidate, taught.clock.now(), "管", "chosen")
    assert (answering(taught), on_trial(taught)) == (candidate, "")


def test_a_damaged_model_on_trial_is_given_up(taught: Installation, finished: Finished) -> None:
    former, candidate = answering(taught), on_trial(taught)
    (taught.settings.models / candidate).write_bytes(b"broken")
    finished(24)
    learn(taught)
    assert answering(taught) == former and on_trial(taught) != candidate


def test_a_training_tells_how_far_it_is_and_nothing_once_it_has_ended(
    installation: Installation, finished: Finished
) -> None:
    finished(120)
    seen: list[float | None] = []
    learn(installation, progress=lambda _step, _share: seen.append(progress_of(registry(installation))))
    assert seen[0] is not None and seen[-1] is not None and progress_of(registry(installation)) is None


def test_the_shares_told_never_go_back(installation: Installation, finished: Finished) -> None:
    learn(installation)
    finished(120)
    told: list[float] = []
    learn(installation, progress=lambda _step, share: told.append(share))
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 8


def test_a_training_that_comes_up_counts_as_running_and_one_that_was_cut_short_does_not(tmp_path: Path) -> None:
    registry = ModelRegistry(tmp_path)
    begin(registry)
    assert progress_of(registry) == 0.0
    with alone(registry):
        noting(registry)("fold 1", 0.4)
        assert progress_of(registry) == 0.4
    assert progress_of(registry) is None
    (tmp_path / "progress.json").write_text('{"share": 0.4}')
    an_hour_ago = (tmp_path / "progress.json").stat().st_mtime - 3600
    os.utime(tmp_path / "progress.json", (an_hour_ago, an_hour_ago))
    assert progress_of(registry) is None


def test_a_model_of_another_version_of_the_program_is_replaced_at_the_next_training(installation: Installation) -> None:
    learn(installation)
    path = taken(installation)
    path.write_bytes(b"cnowhere.to.be.found\nModel\n.")
    record = json.loads(path.with_suffix(".json").read_text())
    path.with_suffix(".json").write_text(json.dumps({**record, "sha256": registry(installation).digest(path.name)}))
    registry(installation).point(path.name, installation.clock.now(), "管", "chosen")
    assert installation.classifier.suggest("路灯不亮").model == FELL_BACK and not can_answer(installation)
    assert learn(installation).deed == "accepted"
    assert installation.classifier.suggest("路灯不亮").model.startswith("linear-") and can_answer(installation)


def taken(installation: Installation) -> Path:
    return installation.settings.models / answering(installation)
