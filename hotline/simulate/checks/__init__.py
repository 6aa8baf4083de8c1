"""What must hold in every city, simulated or real: each invariant is one function with one sentence, and names the rows that break it."""

from hotline.simulate.checks import clocks, looked_at, people, stories, sums  # noqa: F401 – each brings its invariants
from hotline.simulate.checks.invariant import INVARIANTS, Broken, Seen, look

__all__ = ["INVARIANTS", "Broken", "Seen", "look"]
