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
from io import BytesIO
from typing import Any, NamedTuple

from PIL import Image, ImageOps

from hotline.settings import ROOT

READER = "rapidocr_onnxruntime"
PATIENCE_S = 240
NICE = 10
MOST_DOTS, LONGEST_SIDE = 100_000_000, 4000
"""A large sheet scanned finely has 70 million; the reader itself looks at 2,000 along the longer side."""

NEIGHBOURS, MARGIN = 3, 1.5
"""So many lines above and below show where the margin is; so many heights of a line may its end be off."""

Box = Sequence[Sequence[float]]
"""The four corners of a line, from its upper left one clockwise."""


class TooSlow(Exception):
    """The machine had too much else to do: nothing is known of the picture, and a later reading may go well."""


def is_there() -> bool:
    return importlib.util.find_spec(READER) is not None


def read_apart(picture: bytes) -> str | None:
    """The text of a picture, one line for each of the letter's; None when it is none. Raises TooSlow."""
    command = [sys.executable, "-m", "hotline.letters.reader"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=PATIENCE_S, cwd=ROOT, check=False)
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    return str(json.loads(done.stdout)["text"]) if done.returncode == 0 else None


CORNERS = {0: (0, 1, 2, 3), 1: (3, 0, 1, 2), 2: (2, 3, 0, 1), 3: (1, 2, 3, 0)}
"""Which corner comes first once a picture that lies so many quarter turns to the left is turned back."""


def quarter_turns(boxes: Sequence[Box], upside_down: Sequence[bool]) -> int:
    """How far to the left a picture lies: 2 upside down, 1 and 3 on its sides. upside_down: of each line, as it is cut out; a line
    that stands is cut out turned once to the left."""
    on_its_side = sum(_height(box) > 1.5 * _width(box) for box in boxes) * 2 > len(boxes)
    turned = sum(upside_down) * 2 > len(boxes)
    return (1 if turned else 3) if on_its_side else (2 if turned else 0)


def upright(box: Box, turns: int) -> Box:
    """A box as it lies in the picture once that is turned back."""
    back = {0: lambda x, y: (x, y), 1: lambda x, y: (-y, x), 2: lambda x, y: (-x, -y), 3: lambda x, y: (y, -x)}[turns]
    return [back(*box[corner]) for corner in CORNERS[turns]]


def in_lines(pieces: Sequence[tuple[Box, str]]) -> str:
    """Pieces as they are read: those whose middles lie within half a height of each other stand in one line. A line that the
    margin broke goes on in the next."""
    rows: list[list[tuple[Box, str]]] = []
    for box, words in sorted(pieces, key=lambda one: _middle(one[0])):
        if rows and abs(_middle(box) - _middle(rows[-1][0][0])) < max(_height(box), _height(rows[-1][0][0])) / 2:
            rows[-1].append((box, words))
        else:
            rows.append([(box, words)])
    lines = [_line([(_left(box), _right(box), _height(box), words) for box, words in row]) for row in rows]
    read = lines[0].words if lines else ""
    for number, line in enumerate(lines[1:], 1):
        read += (_joint(read, line.words) if _goes_on(lines, number - 1) else "\n") + line.words
    return read


class Line(NamedTuple):
    """One line on paper; left, right: where it begins and ends."""

    left: float
    right: float
    height: float
    words: str


def _line(pieces: list[tuple[float, float, float, str]]) -> Line:
    lefts, rights, heights, words = zip(*sorted(pieces), strict=True)
    return Line(min(lefts), max(rights), max(heights), " ".join(words))


def _goes_on(lines: Sequence[Line], at: int) -> bool:
    """It ends at the margin, where a neighbour ends too, and the next line begins no paragraph."""
    line, following = lines[at], lines[at + 1]
    near = lines[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
    margin = max(one.right for one in near) - MARGIN * line.height
    ends_there = sum(one.right >= margin for one in near)
    indented = following.left > min(one.left for one in near) + MARGIN * line.height
    return line.right >= margin and ends_there > 1 and not indented


def _joint(before: str, after: str) -> str:
    """Words in Latin letters were parted by the end of the line, Chinese ones by nothing."""
    return " " if before[-1:].isascii() and after[:1].isascii() else ""


def _middle(box: Box) -> float:
    return sum(corner[1] for corner in box) / len(box)


def _height(box: Box) -> float:
    return (box[3][1] + box[2][1] - box[0][1] - box[1][1]) / 2


def _left(box: Box) -> float:
    return min(corner[0] for corner in box)


def _right(box: Box) -> float:
    return max(corner[0] for corner in box)


def _width(box: Box) -> float:
    return (box[1][0] + box[2][0] - box[0][0] - box[3][0]) / 2


def main() -> int:
    os.nice(NICE)
    engine = importlib.import_module(READER).RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1)
    picture = in_colours(sys.stdin.buffer.read())
    found, _times = engine(picture)
    boxes = [box for box, _words, _sure in found or ()]
    turns = quarter_turns(boxes, _upside_down(engine, picture, boxes)) if boxes else 0
    json.dump({"text": in_lines([(upright(box, turns), words) for box, words, _sure in found or ()])}, sys.stdout)
    return 0


def in_colours(data: bytes) -> Any:
    """The picture in blue, green and red as the reader wants it, upright as its camera says, on white paper, and no larger than is of
    use. Raises OSError for what is none, ValueError for one that no letter fills."""
    with Image.open(BytesIO(data)) as sheet:
        if sheet.width * sheet.height > MOST_DOTS:
            raise ValueError("too large")
        sheet.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright_one = ImageOps.exif_transpose(_in_eight_bits(sheet))
        upright_one.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        return importlib.import_module("numpy").asarray(_on_paper(upright_one))[:, :, ::-1].copy()


def _in_eight_bits(sheet: Image.Image) -> Image.Image:
    """Scanners write greys in sixteen bits, which would all be white."""
    return sheet.convert("I").point(lambda grey: grey * (1 / 256)).convert("L") if sheet.mode.startswith("I") else sheet


def _on_paper(sheet: Image.Image) -> Image.Image:
    if sheet.mode not in ("RGBA", "LA", "PA") and "transparency" not in sheet.info:
        return sheet.convert("RGB")
    seen = sheet.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def _upside_down(engine: Any, picture: Any, boxes: Sequence[Box]) -> list[bool]:
    """Of each line, as the reader cuts it out: its words are read right either way, but their order is ours."""
    numpy = importlib.import_module("numpy")
    cut = engine.get_crop_img_list(picture, numpy.array(boxes, dtype=numpy.float32))
    _lines, said, _seconds = engine.text_cls(cut)
    return [label == "180" for label, _sure in said]


if __name__ == "__main__":
    sys.exit(main())
