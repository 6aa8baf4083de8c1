"""The registry of models: which file answers now, what was accepted, refused or rolled back, and whether its bytes are ours.

Only plain files below var/models, read without scikit-learn, so that a page can show them cheaply.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from hotline.errors import NotFound
from hotline.i18n import N_, _

POINTER, SHADOW, HISTORY, SUFFIX, MAPPED = "current.json", "shadow.json", "history.jsonl", ".joblib", ".npy"
KEPT = 6
DEEDS = {
    "accepted": N_("启用"),
    "refused": N_("未采用"),
    "shadow": N_("影子试用"),
    "chosen": N_("人工切换"),
    "failed": N_("训练失败"),
}
Stamp = tuple[int, int] | None


@dataclass(frozen=True)
class Pointer:
    """The file that answers, and the hash its bytes must have. fresh: level → thresholds chosen on its latest answers."""

    file: str
    sha256: str
    at: str = ""
    by: str = ""
    fresh: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelEntry:
    """One line of the history. figures: what the candidate and the former model reached, and on how many texts."""

    at: str
    deed: str
    file: str
    by: str
    figures: Mapping[str, Any] = field(default_factory=dict)


class ModelRegistry:
    """The models of one installation. Writing is whole or not at all; the last pointer written wins."""

    def __init__(self, folder: Path):
        self.folder = folder

    def stamp(self) -> Stamp:
        """Changes whenever another model was chosen; None without one. One look at the file system."""
        try:
            found = (self.folder / POINTER).stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def current(self) -> Pointer | None:
        """The chosen model; None when none was chosen or the pointer cannot be read."""
        return self._pointer(POINTER)

    def shadow(self) -> Pointer | None:
        """The model on trial: it answers nobody and is compared on what comes in meanwhile."""
        return self._pointer(SHADOW)

    def point(self, file: str, now: datetime, by: str, deed: str, figures: Mapping[str, Any] | None = None) -> None:
        """From now on this file answers, and no trial goes on. Raises NotFound when there is no such model or its bytes
        are not those written."""
        self.write(POINTER, asdict(self._to(file, now, by)))
        self.end_trial()
        self.note(deed, file, now, by, figures or {})

    def try_out(self, file: str, now: datetime, by: str, figures: Mapping[str, Any]) -> None:
        """From now on this file is on trial. Raises NotFound like `point`."""
        self.write(SHADOW, asdict(self._to(file, now, by)))
        self.note("shadow", file, now, by, figures)

    def end_trial(self) -> None:
        (self.folder / SHADOW).unlink(missing_ok=True)

    def choose_anew(self, fresh: Mapping[str, Any]) -> None:
        """Other thresholds for the model that answers; every process takes them up like another model."""
        pointer = self.current()
        if pointer is not None and dict(pointer.fresh) != dict(fresh):
            self.write(POINTER, asdict(replace(pointer, fresh=fresh)))

    def note(self, deed: str, file: str, now: datetime, by: str, figures: Mapping[str, Any]) -> None:
        """Add one line to the history."""
        self.folder.mkdir(parents=True, exist_ok=True)
        entry = ModelEntry(now.isoformat(timespec="seconds"), deed, file, by, dict(figures))
        with (self.folder / HISTORY).open("a", encoding="utf-8") as book:
            book.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")

    def history(self, most: int = 30) -> list[ModelEntry]:
        """The newest first; a line that cannot be read is left out."""
        try:
            lines = (self.folder / HISTORY).read_text(encoding="utf-8").splitlines()[-most:]
        except OSError:
            return []
        return [entry for entry in map(_entry, reversed(lines)) if entry]

    def record(self, file: str) -> dict[str, Any]:
        """What was written beside a model: hash, data, figures, thresholds, versions; empty when there is nothing sound."""
        if Path(file).name != file or not file.endswith(SUFFIX):
            return {}
        return self.read(Path(file).with_suffix(".json").name)

    def card(self, file: str) -> dict[str, Any]:
        """What a model reached when it was compared, with the curves; empty when it never was."""
        return self.read(f"{Path(file).stem}.card.json")

    def keep_card(self, file: str, said: Mapping[str, Any]) -> None:
        self.write(f"{Path(file).stem}.card.json", said)

    def read(self, name: str) -> dict[str, Any]:
        """A small JSON file of the registry (a record, the last look at drift); empty when it is not there."""
        try:
            found = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, name: str, found: Mapping[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f".{name}.{os.getpid()}"
        beside.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        beside.replace(self.folder / name)

    def digest(self, file: str) -> str:
        """The hash of a model file's bytes; empty when it is not there."""
        try:
            return sha256((self.folder / file).read_bytes()).hexdigest()
        except OSError:
            return ""

    def is_sound(self) -> bool:
        """Whether the chosen file is there with the very bytes that were chosen; True when none was chosen."""
        pointer = self.current()
        return self.stamp() is None if pointer is None else self.digest(pointer.file) == pointer.sha256

    def records(self) -> list[dict[str, Any]]:
        """What is known of each model kept."""
        return [record for path in sorted(self.folder.glob(f"*{SUFFIX}")) if (record := self.record(path.name))]

    def weed(self) -> None:
        """Keep the newest models, the one that answers and the one on trial."""
        needed = {pointer.file for pointer in (self.current(), self.shadow()) if pointer}
        files = sorted(self.folder.glob(f"*{SUFFIX}"), key=lambda path: -path.stat().st_mtime_ns)
        for path in files[KEPT:]:
            if path.name not in needed:
                for gone in (path, *(path.with_suffix(end) for end in (".json", ".card.json", MAPPED))):
                    gone.unlink(missing_ok=True)

    def _pointer(self, name: str) -> Pointer | None:
        try:
            return Pointer(**json.loads((self.folder / name).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _to(self, file: str, now: datetime, by: str) -> Pointer:
        record = self.record(file)
        if not record or self.digest(file) != record.get("sha256"):
            raise NotFound(_("没有这个模型，或文件被改动过：%(file)s", file=file[:60]))
        return Pointer(file, str(record["sha256"]), now.isoformat(timespec="seconds"), by)


def _entry(line: str) -> ModelEntry | None:
    try:
        return ModelEntry(**json.loads(line))
    except (ValueError, TypeError):
        return None
