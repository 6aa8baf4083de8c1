"""Trained judges on disk: written whole or not at all, and never opened unless the bytes are those that were chosen.

joblib runs code while loading, so the hash a caller kept elsewhere is compared with the bytes first.
"""

import os
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import joblib
import sklearn

from classifier.category.store import Unfit
from classifier.replies.judge import Judge

SUFFIX = ".joblib"
FORMAT = 3


def save(judge: Judge, folder: Path) -> tuple[Path, str]:
    """Write the judge under the beginning of its own hash; returns its path and the whole hash."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    joblib.dump({"format": FORMAT, "software": software(), "judge": judge}, buffer, compress=("zlib", 3))
    digest = sha256(buffer.getvalue()).hexdigest()
    path = folder / f"judge-{digest[:12]}{SUFFIX}"
    beside = folder / f".{path.name}.{os.getpid()}"
    with beside.open("wb") as file:
        file.write(buffer.getvalue())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return path, digest


def load(path: Path, sha: str) -> Judge:
    """The judge with exactly these bytes; raises `Unfit` when it is gone, altered, or made by other software."""
    try:
        content = path.read_bytes()
    except OSError as trouble:
        raise Unfit(f"no model file: {path.name}") from trouble
    if sha256(content).hexdigest() != sha:
        raise Unfit(f"altered: {path.name}")
    try:
        found = joblib.load(BytesIO(content))
    except (AttributeError, ImportError, ValueError, EOFError) as trouble:
        raise Unfit(f"made by other software: {path.name}") from trouble
    if not isinstance(found, dict) or (found.get("format"), found.get("software")) != (FORMAT, software()):
        raise Unfit(f"made by other software: {path.name}")
    judge = found["judge"]
    if not isinstance(judge, Judge):
        raise Unfit(f"not a judge: {path.name}")
    return judge


def software() -> str:
    """Models are only read by the release of scikit-learn that wrote them."""
    return "scikit-learn " + ".".join(sklearn.__version__.split(".")[:2])
