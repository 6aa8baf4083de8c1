"""What quality control said of one's own work, and what the machine found in one's own records; an appeal is made on the result itself."""

from __future__ import annotations

from typing import Any

from flask import render_template

from hotline.i18n import _
from hotline.quality import findings, listing, scoring
from hotline.quality.checks.kinds import KINDS, MEANINGS, VERDICTS
from hotline.web.core.formatting import ticket_row
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.quality.found import PLACES
from hotline.web.quality.pages import pages, rows_of
from models import QualityTask, RecordFinding

SHOWN = 5


@pages.get("/mine")
@allow(EVERYBODY)
def mine() -> str:
    query = listing.mine(here.me)
    listed = sorted_page(here.db, query, QualityTask.told_at, QualityTask.id, rising=False, **asked_page())
    found = _found(size=SHOWN)
    return render_template(
        "quality/mine.html",
        rows=rows_of(listed.rows),
        listed=listed,
        total=listing.count(here.db, query),
        is_good=scoring.is_good,
        **found,
    )


@pages.get("/mine/findings")
@allow(EVERYBODY)
def my_findings() -> str:
    """Everything that the machine found in records that I wrote; others judge it."""
    return render_template("quality/my_findings.html", **_found(**asked_page()))


def _found(**asked: Any) -> dict[str, Any]:
    wish = findings.Wish(person=here.me.id or -1, state="all")
    query = findings.found(here.me, wish)
    page = sorted_page(here.db, query, RecordFinding.found_at, RecordFinding.id, rising=False, **asked)
    return {
        "found": [(one, ticket_row(ticket), ticket) for one, ticket in page.rows],
        "found_page": page,
        "found_total": sum(findings.counts(here.db, here.me, wish).values()),
        "kinds": {kind.value: _(name) for kind, name in KINDS.items()},
        "meanings": {kind.value: _(words) for kind, words in MEANINGS.items()},
        "verdicts": {key: _(name) for key, name in VERDICTS.items()},
        "places": {key: _(name) for key, name in PLACES.items()},
    }
