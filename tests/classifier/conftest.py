"""The room is tested as a new process has it: no city has taught the cutter its words."""

from __future__ import annotations

from hashlib import sha256

import pytest

from classifier.text import words

PLAIN = sha256(b"").hexdigest()[:12]


@pytest.fixture(autouse=True)
def plain_words() -> None:
    if words.words_hash() != PLAIN:
        words._added.clear()
        words._cutter.cache_clear()
