"""What a newcomer waits for and what then lies in memory: `hotline run` with the demo on SQLite, the first time and the second."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen
from urllib.request import urlopen

from hotline.ops.local_servers import free_port, start_with_us, stop
from hotline.settings import ROOT
from tests.bench.ground import children, pss_kb

REST = 60.0
"""Seconds after the first page until memory is looked at: what is loaded behind the page is there by then."""


def run(rest: float = REST) -> None:
    with tempfile.TemporaryDirectory(prefix="hotline-bench-", dir="/var/tmp") as folder:
        for start in ("first", "second"):
            with _started(Path(folder)) as (process, seconds):
                print(f"{start:6} start: {seconds:5.2f} s to the first page", flush=True)
                if start == "second":
                    _tell_memory(process, rest)


@contextmanager
def _started(folder: Path) -> Iterator[tuple[Popen[bytes], float]]:
    """The hotline and how long its first page took. It is stopped with everything it started."""
    port = free_port()
    env = {**os.environ, "HOTLINE_VAR": str(folder), "HOTLINE_PORT": str(port)}
    begun = time.monotonic()
    process = start_with_us([sys.executable, "-m", "hotline", "run"], cwd=ROOT, env=env, output=DEVNULL)
    try:
        yield process, _first_page(f"http://127.0.0.1:{port}/login") - begun
    finally:
        stop(process, signal.SIGTERM)


def _first_page(address: str) -> float:
    while True:
        try:
            urlopen(address, timeout=300).read()
            return time.monotonic()
        except OSError:
            time.sleep(0.02)


def _tell_memory(process: Popen[bytes], rest: float) -> None:
    """Shared pages counted once (PSS). A training that is under way is told apart: it is a process of its own, and ends."""
    time.sleep(rest)
    held = {pid: pss_kb(pid) / 1024 for pid in (process.pid, *children(process.pid))}
    print(f"at rest, {rest:.0f} s later: {sum(held.values()):.0f} MiB in {len(held)} processes", flush=True)
    training = sum(pss_kb(pid) / 1024 for own in held if own != process.pid for pid in children(own))
    if training:
        print(f"beside them a training holds {training:.0f} MiB", flush=True)
