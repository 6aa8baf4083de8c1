"""How often tickets that were proposed with so much confidence came back from the unit, as counted on decided ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hotline.triage.model_registry import ModelRegistry

KEPT = "unit_sets.json"
"""The registry's file of what was counted last night."""

BANDS = (0.0, 0.4, 0.6, 0.8, 0.9, 0.95)
"""Confidences are counted together from each of these to the next."""

FEWEST_TOLD = 30
"""Of fewer decided tickets nothing is told."""


@dataclass(frozen=True)
class Returned:
    """Of n tickets proposed with this much confidence so many came back."""

    n: int
    returned: int

    @property
    def share(self) -> float:
        return self.returned / self.n


def returned_like(registry: ModelRegistry, confidence: float) -> Returned | None:
    """What became of tickets like this; None while too few were decided."""
    counted: list[Mapping[str, Any]] = registry.read(KEPT).get("returned", [])
    bands = pairwise([*counted, {"from": 1.01}])
    row = next((one for one, above in bands if one["from"] <= confidence < above["from"]), None)
    return Returned(row["n"], row["returned"]) if row and row["n"] >= FEWEST_TOLD else None
