"""How well scanned letters are read: fifty drawn letters, each as print, skewed and photographed in turn.

python -m tests.bench letters [how many]
"""

from __future__ import annotations

import resource
import time
from itertools import count
from statistics import mean, median

from hotline.letters.reader import TooSlow, read_apart
from tests.support.papers.scanned import KINDS, letter, right


def run(many: int = 50) -> None:
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    seconds: list[float] = []
    worked: list[float] = []
    put_off = 0
    for number in range(many):
        kind = KINDS[number % len(KINDS)]
        drawn = letter(number, kind)
        began, before = time.monotonic(), _work()
        read, late = _read(drawn.picture)
        put_off += late
        found[kind].append(right(read, drawn.text))
        seconds.append(time.monotonic() - began)
        worked.append(_work() - before)
    for kind, shares in found.items():
        print(
            f"{kind:8} {len(shares):3} letters, characters right {100 * mean(shares):.1f} %, worst {100 * min(shares):.1f} %"
        )
    print(f"put off {put_off} times, because the machine had too much else to do")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"seconds a letter: median {median(seconds):.1f}, longest {max(seconds):.1f}; memory at most {memory:.0f} MB")
    print(
        f"of one core: median {median(worked):.1f} s, longest {max(worked):.1f} s, whatever else the machine had to do"
    )


def _read(picture: bytes) -> tuple[str, int]:
    """What was read, and how often the machine had too much else to do: a worker comes back to it later, and so do we."""
    for late in count():
        try:
            return read_apart(picture) or "", late
        except TooSlow:
            continue
    raise AssertionError


def _work() -> float:
    """Seconds of a core that finished readers have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
