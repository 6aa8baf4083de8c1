"""Which judge reads replies: the one learnt from this installation's reviews while its bytes are ours, else the built-in."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classifier.replies.judge import Judge

log = logging.getLogger(__name__)
CHOSEN, LAST_RUN = "current.json", "lesson.json"
Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class Chosen:
    """The file that judges and the hash its bytes must have; at: when it was chosen, until: the latest review it has seen
    (both ISO), reviews: of how many it was learnt.
    """

    file: str
    sha256: str
    at: str
    until: str
    reviews: int


@dataclass(frozen=True)
class ReviewTrainingRun:
    """How the last training went. deed: accepted, refused or failed. candidate and present: ROC AUC of the two judges on
    `compared` newest reviews that neither had seen.
    """

    deed: str
    at: str
    until: str = ""
    reviews: int = 0
    compared: int = 0
    candidate: float = 0.0
    present: float = 0.0


class ReviewModelRegistry:
    """The judge of one installation; another one that was chosen is taken up at the next reply, by every process."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder
        self.broken = False
        self._stamp: Stamp = None
        self._judge: Judge | None = None

    def judge(self) -> Judge:
        """Never fails: a file that is gone or altered leaves the built-in rules, and `broken` says so."""
        if (stamp := self._look()) != self._stamp:
            self._judge, self._stamp = self._load(), stamp
        return self._judge or built_in()

    def chosen(self) -> Chosen | None:
        """What was chosen; None when nothing was."""
        found = self._read(CHOSEN)
        return Chosen(**found) if found else None

    def last_run(self) -> ReviewTrainingRun | None:
        found = self._read(LAST_RUN)
        return ReviewTrainingRun(**found) if found else None

    def choose(self, chosen: Chosen) -> None:
        self._write(CHOSEN, asdict(chosen))

    def note(self, run: ReviewTrainingRun) -> None:
        self._write(LAST_RUN, asdict(run))

    def _look(self) -> Stamp:
        try:
            found = (self.folder / CHOSEN).stat() if self.folder else None
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino) if found else None

    def _load(self) -> Judge | None:
        from classifier.category.store import Unfit
        from classifier.replies.storage import load

        self.broken = False
        try:
            chosen = self.chosen()
            return load(self.folder / chosen.file, chosen.sha256) if chosen and self.folder else None
        except (Unfit, TypeError) as trouble:
            log.warning("the built-in rules judge replies: %s", trouble)
            self.broken = True
            return None

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / name).read_text(encoding="utf-8")) if self.folder else {}
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, name: str, found: Mapping[str, Any]) -> None:
        if self.folder is None:
            raise ValueError("this bench has no folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".{name}.{os.getpid()}"
        beside.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        beside.replace(self.folder / name)


@cache
def built_in() -> Judge:
    from classifier.replies.judge import Judge  # slow to load, and most processes never judge a reply

    return Judge()


def review_models_at(models: Path) -> ReviewModelRegistry:
    """The bench of the installation whose models are kept there."""
    return ReviewModelRegistry(models / "replies")
