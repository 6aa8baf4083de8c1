"""What the command `train` does: a model of a file, or one training on the installation's own tickets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from classifier.card import card, coverage_svg, reliability_svg
from classifier.category import store
from classifier.category.background_model import background_model_of
from classifier.category.evaluate import cross_validate
from classifier.category.train import Model, train
from classifier.request_type.training import LabelledRequest
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.training.background import noting_failure
from hotline.training.examples import starter_pairs, starter_requests
from hotline.training.labelled_files import Columns, Tell, examples_in, prior, requests_in
from hotline.training.nightly import hear_requests, learn


def on_own_tickets(installation: Installation, by: str, forced: bool, tell: Tell) -> dict[str, Any]:
    """One training. A failure is written into the history before it is told."""
    with noting_failure(installation, by):
        outcome = learn(installation, by, forced=forced, progress=tell)
    return {"outcome": outcome.deed, "file": outcome.file, **outcome.figures}


def on_file(
    data: Path, columns: Columns, into: Path, seed: int, with_card: bool, tell: Tell, city_dir: Path
) -> dict[str, Any]:
    """Train and save; the installation goes on answering with its own model until somebody chooses this one.

    The city's examples are the background: the file's labels may be anybody's.
    """
    examples = [replace(one) for one in examples_in(data, columns)]
    if len({one.label for one in examples}) < 2:
        raise Refusal(_("至少要有两种标签才能训练。"))
    share = 0.2 if with_card else 1.0
    background = background_model_of(starter_pairs(city_dir), seed)
    model = train(examples, seed, progress=lambda step, done: tell(step, share * done), background=background)
    model.about.update(own=len(examples), starter="", until="")
    heard = _hear(model, requests_in(data, columns), starter_requests(city_dir))
    path = store.save(model, into)
    found: dict[str, Any] = {"file": str(path), **store.record(model, path.stem.split("-")[-1])}
    found["sha256"] = store.read_record(path)["sha256"]
    if with_card:
        measured = {
            **cross_validate(
                examples, seed=seed, progress=lambda step, done: tell(step, 0.2 + 0.8 * done), background=background
            ),
            "model": model.about,
            **heard,
        }
        write_card(measured, path)
        found["card"] = str(path.with_suffix(".md"))
    return found


def _hear(model: Model, told: list[LabelledRequest], sentences: list[LabelledRequest]) -> dict[str, Any]:
    """Teach it what the file tells of request types and urgency, and what it reached on the file; else the city's sentences alone."""
    hear_requests(model, [*prior(sentences), *told])
    if model.requests is not None:
        return {name: model.requests.about[name] for name in ("request_type", "urgency")}
    hear_requests(model, sentences)
    return {}


def write_card(measured: dict[str, Any], path: Path) -> None:
    """The card as text, its two curves as pictures, beside the model."""
    reliability, coverage = path.with_suffix(".reliability.svg"), path.with_suffix(".coverage.svg")
    path.with_suffix(".md").write_text(card(measured, (reliability.name, coverage.name)), encoding="utf-8")
    reliability.write_text(reliability_svg(measured), encoding="utf-8")
    coverage.write_text(coverage_svg(measured), encoding="utf-8")
