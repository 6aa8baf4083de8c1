"""What quality control said of one's own work; an appeal is made on the result itself."""

from __future__ import annotations

from flask import render_template

from hotline.quality import listing, scoring
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.quality.pages import pages, rows_of
from models import QualityTask


@pages.get("/mine")
@allow(EVERYBODY)
def mine() -> str:
    query = listing.mine(here.me)
    listed = sorted_page(here.db, query, QualityTask.told_at, QualityTask.id, rising=False, **asked_page())
    return render_template(
        "quality/mine.html",
        rows=rows_of(listed.rows),
        listed=listed,
        total=listing.count(here.db, query),
        is_good=scoring.is_good,
    )
