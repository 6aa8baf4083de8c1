"""What the command `train` does: a model of a file, or one lesson of the installation's own tickets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from classifier import store
from classifier.background import background_of
from classifier.card import card, coverage_svg, reliability_svg
from classifier.evaluate import cross_validate
from classifier.train import train
from hotline.errors import Refusal
from hotline.house import House
from hotline.language import _
from hotline.learning.files import Columns, Tell, examples_in
from hotline.learning.material import starter_pairs
from hotline.learning.retrain import learn
from hotline.triage.shelf import Shelf


def on_own_tickets(house: House, by: str, forced: bool, tell: Tell) -> dict[str, Any]:
    """One lesson. A failure is written into the history before it is told."""
    try:
        outcome = learn(house, by, forced=forced, progress=tell)
    except (Refusal, ValueError, OSError) as trouble:
        Shelf(house.settings.models).note("failed", "", house.clock.now(), by, {"why": str(trouble)[:300]})
        raise Refusal(_("没有训练出新模型：%(why)s", why=trouble)) from trouble
    return {"outcome": outcome.deed, "file": outcome.file, **outcome.figures}


def on_file(data: Path, columns: Columns, into: Path, seed: int, with_card: bool, tell: Tell, city_dir: Path) -> dict[str, Any]:
    """Train and save; the installation goes on answering with its own model until somebody chooses this one.

    The city's examples are the background: the file's labels may be anybody's.
    """
    examples = [replace(one) for one in examples_in(data, columns)]
    if len({one.label for one in examples}) < 2:
        raise Refusal(_("至少要有两种标签才能训练。"))
    share = 0.2 if with_card else 1.0
    background = background_of(starter_pairs(city_dir), seed)
    model = train(examples, seed, progress=lambda step, done: tell(step, share * done), background=background)
    model.about.update(own=len(examples), starter="", until="")
    path = store.save(model, into)
    found: dict[str, Any] = {"file": str(path), **store.record(model, path.stem.split("-")[-1])}
    found["sha256"] = store.read_record(path)["sha256"]
    if with_card:
        measured = {**cross_validate(examples, seed=seed, progress=lambda step, done: tell(step, 0.2 + 0.8 * done),
                                     background=background), "model": model.about}
        write_card(measured, path)
        found["card"] = str(path.with_suffix(".md"))
    return found


def write_card(measured: dict[str, Any], path: Path) -> None:
    """The card as text, its two curves as pictures, beside the model."""
    reliability, coverage = path.with_suffix(".reliability.svg"), path.with_suffix(".coverage.svg")
    path.with_suffix(".md").write_text(card(measured, (reliability.name, coverage.name)), encoding="utf-8")
    reliability.write_text(reliability_svg(measured), encoding="utf-8")
    coverage.write_text(coverage_svg(measured), encoding="utf-8")
