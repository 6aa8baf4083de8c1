"""Ten examples of what stands in the way of a figure, printed with `--in-the-way`: they are rows of the data folder and kept nowhere."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from classifier.category.calibrate import Floats

ASKED_FOR = "--in-the-way"
MOST, LETTERS = 10, 64


def in_the_way(figure: str, found: Callable[[], Iterable[str]]) -> None:
    """found: one line an example, the worst first; looked for only where it was asked for."""
    if ASKED_FOR not in sys.argv:
        return
    print(f"  in the way of {figure}:")
    for line in islice(found(), MOST):
        print(f"    {line}", flush=True)


def short(text: str) -> str:
    return " ".join(text.split())[:LETTERS]


def surest_errors(texts: Sequence[str], truth: Sequence[str], labels: Sequence[str], p: Floats) -> list[str]:
    """Texts that were given another label than theirs, the surest first."""
    said = p.argmax(axis=1)
    wrong = [at for at in np.argsort(-p.max(axis=1)) if labels[said[at]] != truth[at]]
    return [f"{truth[at]} → {labels[said[at]]} {p[at].max():.2f}  {short(texts[at])}" for at in wrong]


def kinds_of_errors(errors: Iterable[tuple[str, str]]) -> list[str]:
    """(what was mistaken for what, the text): the commonest kinds, each with how often and its first text."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for kind, text in errors:
        kinds[kind].append(text)
    common = sorted(kinds.items(), key=lambda one: -len(one[1]))
    return [f"{kind}, {len(found)} times  {found[0]}" for kind, found in common]
