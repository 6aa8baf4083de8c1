"""One writing for all: nobody but the normaliser folds width, compatibility forms, unseen characters or traditional ones."""

from __future__ import annotations

import re

import pytest

from classifier.text.normalise import plain
from tests.support.repository import python
from webhooks.numbers import read_phone

FOLDS = re.compile(
    r"NFK?[CD]\b|\bTO_SIMPLIFIED\b|\\u200b|\\uff01|0xfee0|0xff01|is_normalized|[\u200b\u200c\u200d\ufeff]", re.I
)
HOME = ("classifier/text/normalise.py", "classifier/text/traditional.py")
APART = {
    "models/migrations/versions/0063_numbers_in_one_writing.py": "a version keeps its own copy: what it wrote never changes",
    "webhooks/numbers.py": "a room that knows no other: the test below holds it to the same writing",
    "hotline/cli/log_lines.py": "shows what would steer a terminal, and folds nothing",
    "hotline/tickets/privacy/mentions.py": "makes the writings of a number to look for them, the other way round",
    "hotline/tickets/privacy/watermark.py": "writes signs without width and reads them again, and folds nothing",
}
ROOMS = ("classifier/", "hotline/", "models/", "routing/", "webhooks/")


def folding(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if FOLDS.search(line)]


def test_nobody_else_folds_writing(texts: dict[str, str]) -> None:
    code = [(name, text) for name, text in python(texts) if name.startswith(ROOMS)]
    found = {name: folding(text) for name, text in code if name not in (*HOME, *APART)}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        'normalize("NFKC", x)',
        "x.translate(TO_SIMPLIFIED)",
        'x.replace("\\u200b", "")',
        "ord(c) - 0xFEE0",
        "chr(0xFF01 + n)",
    ],
)
def test_every_way_of_folding_is_seen(line: str) -> None:
    assert folding(line)


@pytest.mark.parametrize(
    "told",
    [
        "１３８０００１０００１", "138\u200b0001\u200b0001", "\u202d138 0001 0001\u202c", "一三八零零零一零零零一", "①③⑧⓪⓪⓪①⓪⓪⓪①",
        "１３８－０００１－０００１", "\ufeff13800010001", "0372\u00a02525252", "＋８５２９１２３４５６７", "電話：13800010001", "138\u30000001\u30000001",
        "1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣1️⃣0️⃣0️⃣0️⃣1️⃣", "٠٣٧٢٢٥٢٥٢٥٢",
    ],
)  # fmt: skip
def test_a_number_is_read_as_in_plain_writing(told: str) -> None:
    assert read_phone(told).number == read_phone(plain(told)).number != ""
