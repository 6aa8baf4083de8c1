"""The book is never changed again, so no person's name or number gets into it by the words that somebody wrote beside a deed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.tickets.privacy import audit
from hotline.tickets.roles import SYSTEM
from models import Audit
from tests.support.life import Life


@pytest.mark.parametrize("name", ["why", "reason", "words"])
def test_what_a_person_writes_beside_a_deed_is_starred_in_the_book(life: Life, name: str) -> None:
    """V6."""
    said = "交给派出所，市民周伯通，电话13899991111"
    audit.record(life.db, "nuisance_clues", SYSTEM, life.now, **{name: said, "digest": "13899991111"})
    life.db.flush()
    kept = life.db.scalars(select(Audit).where(Audit.action == "nuisance_clues")).one().detail
    assert "伯通" not in kept[name] and "13899991111" not in kept[name] and kept[name].startswith("交给派出所")
    assert kept["digest"] == "13899991111", "what the program itself tells stays as it is"
