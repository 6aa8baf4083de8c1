"""How far a training is: told by the one that trains, shown to everybody who waits for it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, time

from hotline.errors import OutOfTurn
from hotline.i18n import _
from hotline.triage.model_registry import ModelRegistry

Progress = Callable[[str, float], None]
FILE, LOCK = "progress.json", ".learning"
EVERY = 0.5
"""Seconds between two notes: a page asks every two."""

COMES_UP = 30.0
"""Seconds a new process may take before it holds the lock."""


@contextmanager
def alone(registry: ModelRegistry) -> Iterator[None]:
    """One training at a time; the lock goes with the process that holds it. Raises OutOfTurn when another holds it."""
    registry.folder.mkdir(parents=True, exist_ok=True)
    with (registry.folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as trouble:
            raise OutOfTurn(_("正在训练，请稍后再试。")) from trouble
        try:
            yield
        finally:
            (registry.folder / FILE).unlink(missing_ok=True)


def noting(registry: ModelRegistry, also: Progress | None = None) -> Progress:
    """A progress that is written where pages look, and told to whoever else listens."""
    last = -EVERY

    def tell(step: str, share: float) -> None:
        nonlocal last
        if monotonic() - last >= EVERY:
            last = monotonic()
            registry.write(FILE, {"step": step, "share": round(share, 3)})
        if also is not None:
            also(step, share)

    return tell


def part(progress: Progress, start: float, end: float) -> Progress:
    """One stretch of a longer way."""
    return lambda step, share: progress(step, start + (end - start) * share)


def begin(registry: ModelRegistry) -> None:
    """A training was just started in a process of its own, which takes a moment to come up."""
    registry.write(FILE, {"step": "start", "share": 0.0})


def progress_of(registry: ModelRegistry) -> float | None:
    """The share done (0–1) of the training that runs or comes up now; None while none does, also when one was cut short."""
    try:
        age = time() - (registry.folder / FILE).stat().st_mtime
    except OSError:
        return 0.0 if is_running(registry.folder) else None
    return float(registry.read(FILE).get("share", 0.0)) if age < COMES_UP or is_running(registry.folder) else None


def is_running(folder: Path) -> bool:
    """Whether some process holds the lock."""
    try:
        with (folder / LOCK).open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
