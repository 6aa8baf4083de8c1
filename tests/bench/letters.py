"""How well scanned letters are read: fifty drawn letters, each as print, skewed and photographed in turn.

nice .venv/bin/python -m tests.bench.letters [how many]
"""

from __future__ import annotations

import resource
import sys
import time
from statistics import mean, median

from hotline.letters.reader import read_apart
from tests.support.papers.scanned import KINDS, letter, right


def main(many: int) -> None:
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    seconds: list[float] = []
    for number in range(many):
        kind = KINDS[number % len(KINDS)]
        drawn = letter(number, kind)
        began = time.monotonic()
        found[kind].append(right(read_apart(drawn.picture) or "", drawn.text))
        seconds.append(time.monotonic() - began)
    for kind, shares in found.items():
        print(
            f"{kind:8} {len(shares):3} letters, characters right {100 * mean(shares):.1f} %, worst {100 * min(shares):.1f} %"
        )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"seconds a letter: median {median(seconds):.1f}, longest {max(seconds):.1f}; memory at most {memory:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
