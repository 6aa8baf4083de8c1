"""Models on disk: written whole or not at all, and never opened unless the bytes are those we wrote.

joblib runs code while loading. So only files whose hash stands in the record beside them are opened, and a caller
that keeps the hash elsewhere (a table) may ask for that one: then neither file can be exchanged.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt

from classifier.category.pipeline import LinearScorer, levelled
from classifier.category.train import Model
from classifier.text.words import words_hash

log = logging.getLogger(__name__)
SUFFIX, MAPPED = ".joblib", ".npy"
FORMAT = 3
UNEVEN = 2
"""Models of this format are read as well: their weights, which lie anywhere, are put around zero while loading."""


class Unfit(Exception):
    """The file is missing, altered, made by other software or for other words; the text says which."""


def save(model: Model, folder: Path) -> Path:
    """Write `<data hash>-<bytes hash>.joblib` and its record `.json`; returns the model's path. The same model, the same name."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    joblib.dump(model, buffer, compress=("zlib", 3))
    content = buffer.getvalue()
    digest = sha256(content).hexdigest()
    path = folder / f"{model.about.get('data', 'model')}-{digest[:12]}{SUFFIX}"
    _write(path, content)
    _write(path.with_suffix(".json"), json.dumps(record(model, digest), ensure_ascii=False, indent=1).encode())
    return path


def record(model: Model, digest: str) -> dict[str, object]:
    """What is known of a model without opening it: hash, data, figures, thresholds, versions, labels."""
    return {
        "format": FORMAT,
        "sha256": digest,
        "name": model.name,
        "about": model.about,
        "labels": model.labels,
        "features": len(model.weigher.index),
        "strange": model.strange,
        "thresholds": [asdict(one) for one in model.thresholds.values()],
        "upper": [asdict(one) for one in model.upper],
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    return {name: version(name) for name in ("scikit-learn", "numpy", "scipy")}


def read_record(path: Path) -> dict[str, object]:
    """The record beside a model file; raises `Unfit` when there is none that can be read."""
    try:
        found = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as trouble:
        raise Unfit(f"no record: {path.name}") from trouble
    if not isinstance(found, dict) or found.get("format") not in (UNEVEN, FORMAT):
        raise Unfit(f"unknown format: {path.name}")
    return found


def load(path: Path, sha: str | None = None) -> Model:
    """The model, after its bytes were compared with the recorded hash (and with `sha`); raises `Unfit` otherwise."""
    known = read_record(path)
    try:
        content = path.read_bytes()
    except OSError as trouble:
        raise Unfit(f"no model file: {path.name}") from trouble
    digest = sha256(content).hexdigest()
    if digest != known.get("sha256") or (sha is not None and digest != sha):
        raise Unfit(f"altered: {path.name}")
    if known.get("versions", {}).get("scikit-learn", "").split(".")[:2] != version("scikit-learn").split(".")[:2]:  # type: ignore[attr-defined]
        raise Unfit(f"made by another scikit-learn: {path.name}")
    model = joblib.load(BytesIO(content))
    if not isinstance(model, Model):
        raise Unfit(f"not a model: {path.name}")
    if known["format"] == UNEVEN:
        model.judge = levelled(model.judge)
    return model


def share_weights(model: Model, path: Path) -> None:
    """From now on all processes that answer by this model hold its weights in memory once: they lie beside it as they are used, and
    are mapped instead of copied. Where they cannot be written, they stay this process's own.
    """
    beside = path.with_suffix(MAPPED)
    try:
        if not _lies_there(beside, model.judge.weights):
            _write(beside, _as_file(model.judge.weights))
        mapped = np.load(beside, mmap_mode="r")
    except (OSError, ValueError) as trouble:
        log.warning("the weights of %s are not shared: %s", path.name, trouble)
        return
    model.judge = LinearScorer(np.asarray(mapped), model.judge.bias)


def _lies_there(file: Path, weights: npt.NDArray[np.float32]) -> bool:
    """Whether the file holds exactly these; what it holds is not trusted, only compared."""
    try:
        return bool(np.array_equal(np.load(file, mmap_mode="r"), weights))
    except (OSError, ValueError, EOFError):
        return False


def _as_file(weights: npt.NDArray[np.float32]) -> bytes:
    buffer = BytesIO()
    np.save(buffer, weights, allow_pickle=False)
    return buffer.getvalue()


def cut_alike(model: Model) -> bool:
    """Whether this process cuts with the words the model was trained with; if not, its words are off, not wrong."""
    return model.about.get("words") == words_hash()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: written beside, flushed, then renamed into place."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
