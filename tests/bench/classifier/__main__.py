"""How well the classifier and the reviewer's assistant do, beside plain baselines measured in the same run.

`make bench-classifier [ARGS="verdicts fields …"] [SEEDS=5]`: all parts, or those that are named, one after the other; `ARGS=list`
names them with the minutes they take on two quiet cores, `--in-the-way` among them adds ten examples of what each gets wrong. The
messages lie in HOTLINE_DATA (see tests/conftest.py); without them nothing is measured.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

from tests.bench.classifier.closings import closings
from tests.bench.classifier.fields import banking, cold_start, fields, requests, warm_start
from tests.bench.classifier.ground import DATA, FIELDS
from tests.bench.classifier.in_the_way import ASKED_FOR
from tests.bench.classifier.matters import same
from tests.bench.classifier.replies import promises, rounds, verdicts
from tests.bench.classifier.speed import in_bulk, one_message
from tests.bench.classifier.units import units

PARTS: dict[str, tuple[Callable[[], None], float]] = {
    "rounds": (rounds, 0.1),
    "promises": (promises, 0.1),
    "message": (one_message, 1),
    "bulk": (in_bulk, 2),
    "closings": (closings, 5),
    "units": (units, 1),
    "same": (same, 5),
    "verdicts": (verdicts, 6),
    "cold": (cold_start, 1),
    "warm": (warm_start, 5),
    "fields": (fields, 10),
    "nyc311": (requests, 1),
    "banking77": (banking, 3),
}
"""What is measured, and the minutes it takes."""


def main(told: list[str]) -> int:
    names = [name for name in told if name != ASKED_FOR]
    if names == ["list"]:
        for name, (part, minutes) in PARTS.items():
            print(f"{name:<10} {minutes:>4} min  {(part.__doc__ or '').splitlines()[0]}")
        return 0
    if unknown := sorted(set(names) - set(PARTS)):
        print(f"no such part: {', '.join(unknown)} (there are {', '.join(PARTS)})")
        return 2
    if not FIELDS.is_file():
        print(f"no real messages in {DATA} (set HOTLINE_DATA): nothing measured")
        return 0
    for name in names or PARTS:
        _measure(name)
    return 0


def _measure(name: str) -> None:
    started = perf_counter()
    print(f"{name} …", end="\r", file=sys.stderr, flush=True)
    PARTS[name][0]()
    print(f"  ({name}: {perf_counter() - started:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
