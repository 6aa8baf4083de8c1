"""What all measurements stand on: where the messages lie, how a line is printed, and the model of a new installation."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from classifier.category.seed_corpus import blend
from classifier.category.train import Model, train
from classifier.text.words import load_words
from hotline.city.loader import load_city
from hotline.settings import ROOT
from hotline.training.examples import starter_pairs, starter_requests
from hotline.training.nightly import hear_requests

DATA = Path(os.environ.get("HOTLINE_DATA", ROOT.parent / "shared" / "data"))
CITY = ROOT / "hotline" / "city" / "anyang"
FIELDS = DATA / "teddy2020_classify_train.jsonl.gz"
TOKENS = DATA / "teddy2020_classify_tokens_train.jsonl.gz"
REPLIES = DATA / "teddy2020_reply_train.jsonl.gz"
VERDICTS = DATA / "reply_verdicts_train.jsonl.gz"
MAP = Path(__file__).with_name("map7.csv")
CORES = len(os.sched_getaffinity(0))
SEEDS = int(os.environ.get("SEEDS", "5"))
"""Ways to fold, or to draw; fewer give a first look."""


def say(what: str, plain: object, ours: object, reach: str) -> None:
    print(f"{what:<62} plain {_short(plain):<18} ours {_short(ours):<18} reach {reach}", flush=True)


def over(runs: Sequence[Mapping[str, Any]], key: str) -> str:
    return spread([run[key] for run in runs])


def spread(values: Sequence[float]) -> str:
    """Mean and standard deviation."""
    return f"{np.mean(values):.4f}±{np.std(values):.4f}"


@cache
def starter_model() -> Model:
    """A model with all categories of the city, request types and urgency, as a new installation has it."""
    load_words(load_city(CITY).vocabulary)
    model = train(blend(starter_pairs(CITY), []))
    hear_requests(model, starter_requests(CITY))
    return model


def _short(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
