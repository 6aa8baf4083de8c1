"""A number in a table opens what it counts; one that stands alone has a reason here."""

from __future__ import annotations

import re

from tests.support.repository import ROOT

TEMPLATES = ROOT / "hotline" / "web" / "templates"
ROOMS = ("knowledge", "nuisance", "overview", "practice", "quality", "ready")
ALONE = re.compile(r'<td class="cell-num num"(?: data-label="[^>]*")?>\{\{ ([a-z_]+(?:\.[a-z_]+)*) \}\}</td>')
SAYS_ITSELF = {
    "knowledge/ending.html: article.uses": "how often an answer was taken; nothing is kept of each time",
    "knowledge/import_run.html: one.line": "a line of the file, not a count",
    "knowledge/imports.html: run.rows": "the row's name opens the file",
    "knowledge/unanswered.html: one.times": "each asking leaves only the question",
    "overview/show.html: one.before": "the period before, opened by its own page",
    "practice/show.html: n": "invented callers that nobody reads before they call",
    "quality/plans.html: plan.most": "a rule of the city's file",
    "quality/plans.html: plan.readers": "a rule of the city's file",
}


def test_every_number_of_a_table_opens_what_is_behind_it_or_says_why_not() -> None:
    alone = {
        f"{room}/{path.name}: {name}"
        for room in ROOMS
        for path in (TEMPLATES / room).glob("*.html")
        for name in ALONE.findall(path.read_text(encoding="utf-8"))
    }
    assert alone == SAYS_ITSELF.keys()
