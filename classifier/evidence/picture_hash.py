"""One number for what a picture shows, the same after it was made smaller, saved anew or sent through a messenger.

The hash is the one that is widely known as pHash: the signs of the 64 slowest waves of the grey picture. Pictures that
show next to nothing (a white page, a black frame) have none, because they would all be alike.
"""

from __future__ import annotations

import io
import warnings
from functools import cache

import numpy as np
import numpy.typing as npt

SIDE = 32
LOW = 8
LEAST_CONTRAST = 6.0
"""Standard deviation of the grey levels (0–255) below which a picture says too little to be recognised."""

SAME = 7
"""Up to so many of 64 signs may differ in the same picture. Four parts of 16 signs: in one of them at most one differs."""

BANDS = 4
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP")

_Floats = npt.NDArray[np.float64]


def picture_hash(data: bytes) -> int | None:
    """64 signs as a number; None when it cannot be read or shows too little."""
    grey = _grey(data)
    if grey is None or float(grey.std()) < LEAST_CONTRAST:
        return None
    waves = (_cosines() @ grey @ _cosines().T)[:LOW, :LOW].ravel()
    signs = waves > np.median(waves[1:])
    return int("".join("1" if sign else "0" for sign in signs), 2)


def distance(one: int, other: int) -> int:
    """In how many of the 64 signs two pictures differ."""
    return (one ^ other).bit_count()


def turned(number: int) -> tuple[int, ...]:
    """The hashes of this picture as it stands, mirrored and turned by quarters: mirroring turns the sign of every second wave,
    a quarter lets rows and columns change places."""
    signs = np.array([number >> 63 - at & 1 for at in range(LOW * LOW)], dtype=bool).reshape(LOW, LOW)
    odd = np.arange(LOW) % 2 == 1
    sides = (signs, signs.T)
    ways = [
        one ^ (odd & across) ^ (odd & down)[:, None]
        for one in sides
        for across in (False, True)
        for down in (False, True)
    ]
    return tuple(int("".join("1" if sign else "0" for sign in way.ravel()), 2) for way in ways)


def bands(number: int) -> tuple[int, ...]:
    """The four parts under which a hash is kept."""
    return tuple(number >> 16 * part & 0xFFFF for part in range(BANDS))


def near_band(part: int) -> tuple[int, ...]:
    """The part and all that differ from it in one sign."""
    return (part, *(part ^ 1 << bit for bit in range(16)))


def _grey(data: bytes) -> _Floats | None:
    """32 by 32 grey levels, upright as it is shown."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # slow to load, and only workers need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("L", (4 * SIDE, 4 * SIDE))
            upright = ImageOps.exif_transpose(picture)
            small = upright.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return None
    return np.asarray(small, dtype=np.float64)


@cache
def _cosines() -> _Floats:
    """The matrix of the discrete cosine transform, type II."""
    step = np.arange(SIDE)
    return np.asarray(np.cos(np.pi * np.outer(step, 2 * step + 1) / (2 * SIDE)))
