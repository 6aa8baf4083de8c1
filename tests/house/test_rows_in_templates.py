"""No template asks a row for what the row does not have: Jinja would print nothing, and nobody would see that a word is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

import models
from tests.support.repository import ROOT

ROWS = ["article", "attachment", "deadline", "job", "message", "petition", "reply", "staff", "survey", "ticket"]
ASKED = re.compile(rf"(?<![\w.\"'/])({'|'.join(ROWS)})\.(\w+)")


def missing(text: str) -> Iterator[str]:
    for row, name in ASKED.findall(text):
        if not hasattr(getattr(models, row.title()), name):
            yield f"{row}.{name}"


def test_every_name_that_a_template_asks_of_a_row_is_the_rows() -> None:
    pages = sorted((ROOT / "hotline/web/templates").rglob("*.html"))
    assert len(pages) > 100
    wrong = {str(page.relative_to(ROOT)): found for page in pages if (found := [*missing(page.read_text("utf-8"))])}
    assert wrong == {}


def test_a_name_that_went_away_is_noticed() -> None:
    assert [*missing("{{ survey.token }} {{ ticket.number }} {{ the.ticket.none }}")] == ["survey.token"]
