"""A city without labelled tickets starts from text of our own; its own tickets then weigh more and more.

Bayesian shrinkage in the plainest form: with n own examples of a label, the starter rows of that label weigh
strength / (strength + n), so that the prior fades label by label and never has to be switched off. What many people say in
the same words is one example: four hundred calls about one boiler teach what one of them teaches, and a label of which
only one matter was ever told keeps its starter rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from classifier.category.train import Example, counted_once, groups_of

STRENGTH = 20.0
LEAST = 0.02


def blend(starter: Iterable[tuple[str, str]], own: Sequence[Example], strength: float = STRENGTH) -> list[Example]:
    """Own examples and (text, label) pairs of the starter corpus, faded by how many own ones each label has.

    Own examples of one group (near-identical texts) weigh together what one weighs. A starter row that would weigh less
    than `LEAST` is left out.
    """
    groups = groups_of(own)
    told = Counter(label for _group, label in {(group, one.label) for group, one in zip(groups, own, strict=True)})
    counted = [replace(one, weight=one.weight * n) for n, one in zip(counted_once(groups).tolist(), own, strict=True)]
    faded = (Example(text, label, weight=strength / (strength + told[label]), prior=True) for text, label in starter)
    return [*counted, *(one for one in faded if one.weight >= LEAST)]


def mapped(starter: Iterable[tuple[str, str]], table: Mapping[str, str]) -> list[tuple[str, str]]:
    """The starter corpus in another office's labels; the longest prefix of a code in `table` decides, others drop."""
    pairs = ((text, _by_prefix(code, table)) for text, code in starter)
    return [(text, label) for text, label in pairs if label]


def _by_prefix(code: str, table: Mapping[str, str]) -> str:
    return next((table[code[:length]] for length in range(len(code), 0, -1) if code[:length] in table), "")
