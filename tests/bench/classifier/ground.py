"""What all measurements stand on: where the messages lie, and how a line is printed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hotline.settings import ROOT

DATA = Path(os.environ.get("HOTLINE_DATA", ROOT.parent / "shared" / "data"))
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


def _short(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
