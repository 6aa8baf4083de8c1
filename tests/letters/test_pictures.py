"""Whatever a scanner or a telephone writes is looked at as a sheet of paper, and nothing takes more room than a letter needs."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from hotline.letters import reader
from tests.support.papers.scanned import letter


def sheet(mode: str, kind: str, size: tuple[int, int] = (400, 300), **more: object) -> bytes:
    """White, with a black square in its upper left corner."""
    paper, ink = {"I;16": (65535, 0), "RGBA": ((0, 0, 0, 0), (0, 0, 0, 255)), "CMYK": ((0, 0, 0, 0), (0, 0, 0, 255)),
                  "1": (1, 0), "L": (255, 0)}.get(mode, ("white", "black"))  # fmt: skip
    drawn = Image.new(mode, size, paper)
    ImageDraw.Draw(drawn).rectangle((0, 0, 99, 99), fill=ink)
    made = io.BytesIO()
    drawn.save(made, kind, **more)
    return made.getvalue()


@pytest.mark.parametrize(
    ("mode", "kind"), [("CMYK", "JPEG"), ("I;16", "PNG"), ("RGBA", "PNG"), ("1", "PNG"), ("L", "JPEG"), ("RGB", "WEBP")]
)
def test_in_whatever_colours_ink_is_dark_and_paper_is_white(mode: str, kind: str) -> None:
    seen = reader.in_colours(sheet(mode, kind))
    assert seen.shape == (300, 400, 3)
    assert seen[50, 50].max() < 60 and seen[250, 350].min() > 200


def test_a_picture_lies_as_its_camera_says() -> None:
    told = Image.Exif()
    told[0x0112] = 6  # turned to the right
    assert reader.in_colours(sheet("RGB", "JPEG", exif=told)).shape == (400, 300, 3)


def test_a_large_sheet_is_made_smaller_and_one_that_no_letter_fills_is_refused() -> None:
    assert max(reader.in_colours(sheet("L", "JPEG", (9000, 6000))).shape) <= reader.LONGEST_SIDE
    with pytest.raises((ValueError, Image.DecompressionBombError)):
        reader.in_colours(sheet("1", "PNG", (20_000, 20_000)))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"\xff\xd8\xff no picture", sheet("RGB", "PNG")[:200]])
def test_what_is_no_picture_is_no_sheet(data: bytes) -> None:
    with pytest.raises((OSError, SyntaxError)):
        reader.in_colours(data)


@pytest.mark.slow
def test_a_letter_in_the_colours_of_a_printing_press_is_read() -> None:
    drawn, pressed = letter(911, "print"), io.BytesIO()
    with Image.open(io.BytesIO(drawn.picture)) as printed:
        printed.convert("CMYK").save(pressed, "JPEG", quality=90)
    assert drawn.text.split()[0][:4] in (reader.read_apart(pressed.getvalue()) or "")
