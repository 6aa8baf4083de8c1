"""Reads the picture of a letter, in a process of its own: the models take 600 MB, and nobody else shall carry them.

    python -m hotline.letters.reader < letter.jpg      → {"text": …} as JSON

The reader (rapidocr-onnxruntime, models inside the package) is wanted only where letters are scanned.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence

from hotline.settings import ROOT

READER = "rapidocr_onnxruntime"
PATIENCE_S = 240
NICE = 10
Box = Sequence[Sequence[float]]
"""The four corners of a line, from its upper left one clockwise."""


def is_there() -> bool:
    return importlib.util.find_spec(READER) is not None


def read_apart(picture: bytes) -> str | None:
    """The text of a picture, one line for each of the letter's; None when it is none, or took too long."""
    command = [sys.executable, "-m", "hotline.letters.reader"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=PATIENCE_S, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        return None
    return str(json.loads(done.stdout)["text"]) if done.returncode == 0 else None


def in_lines(pieces: Sequence[tuple[Box, str]]) -> str:
    """Pieces as they are read: those whose middles lie within half a height of each other stand in one line."""
    rows: list[list[tuple[float, float, float, str]]] = []
    for box, words in sorted(pieces, key=lambda one: _middle(one[0])):
        middle, height, left = _middle(box), _height(box), min(corner[0] for corner in box)
        if rows and abs(middle - rows[-1][0][0]) < max(height, rows[-1][0][1]) / 2:
            rows[-1].append((middle, height, left, words))
        else:
            rows.append([(middle, height, left, words)])
    return "\n".join(" ".join(one[3] for one in sorted(row, key=lambda one: one[2])) for row in rows)


def _middle(box: Box) -> float:
    return sum(corner[1] for corner in box) / len(box)


def _height(box: Box) -> float:
    return (box[3][1] + box[2][1] - box[0][1] - box[1][1]) / 2


def main() -> int:
    os.nice(NICE)
    engine = importlib.import_module(READER).RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    found, _times = engine(sys.stdin.buffer.read())
    json.dump({"text": in_lines([(box, words) for box, words, _sure in found or ()])}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
