"""Whatever bytes somebody sends as a file, under whatever name: taken or refused with a sentence, never an error, on both engines."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine

from hotline.city.schema import City
from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.settings import Settings
from tests.support.life import Life
from tests.support.papers.pictures import jpeg, webp

FILES = 160
NAMES = (
    "\x00.{}",
    "a\x00b.{}",
    "²/../..\\{}",
    "\u202e{}.",
    "=1+1.{}",
    "",
    ".{}",
    "a" * 5000 + ".{}",
    "\ud800.{}",
    "一\r\nSet-Cookie: x.{}",
    "%00%0a.{}",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret_key="k" * 40, var=tmp_path / "var", testing=True)


@pytest.fixture
def installation(settings: Settings, engine: Engine, city: City, clock: StoppedClock) -> Installation:
    return build_installation(settings, city=city, clock=clock, engine=engine)


def seeds() -> list[tuple[str, bytes]]:
    gif, book, paper, word = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    Image.effect_noise((20, 20), 40).save(gif, "GIF", comment=b"x")
    openpyxl.Workbook().save(book)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["a.xlsx"] = pikepdf.AttachedFileSpec(pdf, book.getvalue(), filename="a.xlsx")
        pdf.save(paper)
    with zipfile.ZipFile(word, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("word/document.xml", "<w:ins w:author='a'/>" * 50)
        parts.writestr("word/media/a.jpg", jpeg())
    film = b"\0\0\0\x10ftypisom\0\0\0\0" + b"\0\0\0\x10moov\0\0\0\x08udta" + b"\0\0\0\x0cmdat\1\2\3\4"
    sound = (
        b"OggS\0\0" + bytes(20) + b"\1\x18OpusTags\1\0\0\0a\1\0\0\0\3\0\0\0a=b" + b"OggS\0\4" + bytes(20) + b"\1\3abc"
    )
    return [("gif", gif.getvalue()), ("xlsx", book.getvalue()), ("pdf", paper.getvalue()), ("docx", word.getvalue()), ("mp4", film),
            ("ogg", sound), ("jpg", jpeg()), ("webp", webp()), ("rtf", rb"{\rtf1{\info{\author a}}{\pict\jpegblip ffd8}x}"), ("heic", film.replace(b"isom", b"heic"))]  # fmt: skip


def changed(file: bytes, chance: random.Random) -> bytes:
    held = bytearray(file)
    for _each in range(chance.choice((0, 1, 3, 12))):
        at = chance.randrange(len(held) + 1)
        ways = (
            bytes(4),
            b"\xff" * 4,
            b"\0\0\0\1",
            bytes([chance.randrange(256)]),
            bytes(held[: chance.randrange(200)]),
            b"",
        )
        held[at : at + chance.choice((0, 1, 4, 90))] = chance.choice(ways)
    return bytes(held)


def test_no_file_breaks_the_door_it_comes_in_by(life: Life, browse: Callable[..., FlaskClient]) -> None:
    """V18, V25, VH7."""
    chance, ticket, told = random.Random(8613), life.to("handling"), seeds()
    life.db.commit()
    he, seen = browse(life.staff["he"]), set()
    for turn in range(FILES):
        ending, file = told[turn % len(told)]
        name = NAMES[turn % len(NAMES)].format(ending) if turn % 3 == 0 else f"证据.{ending}"
        began = time.process_time()
        sent = {"file": (io.BytesIO(changed(file, chance)), name.encode("utf-8", "replace").decode())}
        answer = he.post(f"/tickets/{ticket.number}/files", data=sent, headers={"Accept": "application/json"})
        assert answer.status_code < 500, (turn, ending, answer.text[:200])
        assert time.process_time() - began < 4
        if answer.status_code == 201:
            assert he.get(answer.json["url"]).status_code == 200
        seen.add(answer.status_code)
    assert {201, 400} <= seen
