"""Several people at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from hotline.errors import Refusal


def at_once(*deeds: Callable[[], str]) -> list[str]:
    """Run all at the same moment; what each returned, or the name of its refusal."""
    gate, said = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(n: int, deed: Callable[[], str]) -> None:
        gate.wait()
        try:
            said[n] = deed()
        except Refusal as refusal:
            said[n] = type(refusal).__name__

    threads = [threading.Thread(target=run, args=(n, deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said
