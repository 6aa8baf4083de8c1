"""`python -m tests.storm [--kills N] [--seed N] [--pause S]` or `python -m tests.storm --drain N`: print the figures."""

from __future__ import annotations

import argparse
import os
import sys

from tests.storm.drain import drain
from tests.storm.kills import storm


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--kills", type=int, default=60)
    wanted.add_argument("--seed", type=int, default=12345)
    wanted.add_argument("--pause", type=float, default=2.0)
    wanted.add_argument("--drain", type=int, default=0)
    told = wanted.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, seed {told.seed}", flush=True)
    if told.drain:
        run, seconds = drain(told.drain)
        print(f"{run} jobs in {seconds:.0f} s after the loss of Redis: {run / seconds * 60:.0f} a minute")
        return 0
    found = storm(told.kills, told.seed, told.pause)
    print("\n".join(found.lines()))
    return 0 if found.well else 1


sys.exit(main())
