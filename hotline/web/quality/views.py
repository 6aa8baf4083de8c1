"""The desk of quality control: what waits, what was found, and the plans by which it is drawn."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from hotline.city.quality.schema import ASPECTS, DRAWS, title
from hotline.i18n import _
from hotline.practice import coaching
from hotline.quality import listing, rights
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.quality import figures, found, mine, task
from hotline.web.quality.pages import month_bounds, pages, people_scored, rows_of
from models import QualityTask

__all__ = ["figures", "found", "mine", "pages", "task"]


@pages.get("/", strict_slashes=False)
@allow(rights.COACHES)
def show() -> str:
    wish = _wish()
    newest_first = wish.tab == "told"
    moment = QualityTask.told_at if newest_first else QualityTask.drawn_at
    query = listing.listed(here.me, wish)
    listed = sorted_page(here.db, query, moment, QualityTask.id, rising=not newest_first, **asked_page())
    kept: dict[str, Any] = {
        "sheet": wish.sheet or None,
        "plan": wish.plan or None,
        "person": wish.person or None,
        "unit": wish.unit or None,
        "month": request.args.get("month") or None,
        "from": request.args.get("from") or None,
        "day": wish.day or None,
    }
    counts = listing.counts(here.db, here.me, wish)
    practised = coaching.waiting(here.db, here.me, wish.person)
    counts["coaching"] += len(practised)
    tabs = [
        (_(name), url_for("quality.show", tab=tab, **kept), tab == wish.tab, counts[tab])
        for tab, name in listing.TABS.items()
        if tab not in listing.FOR_READERS or here.me.is_(*rights.READERS)
    ]
    return render_template(
        "quality/show.html",
        rows=rows_of(listed.rows),
        listed=listed,
        practised=practised if wish.tab == "coaching" else [],
        wish=wish,
        tabs=tabs,
        sheets=[(one.code, title(one)) for one in here.city.quality.sheets.values()],
        plans=[(one.code, title(one)) for one in here.city.quality.plans],
        outcomes=[(code, _(name)) for code, name in listing.OUTCOMES.items()],
        people=people_scored(),
        month=kept["month"] or "",
        from_month=kept["from"] or "",
    )


@pages.get("/plans")
@allow(rights.COACHES)
def plans() -> str:
    """What is drawn each day and by which sheets, as the city's file says it."""
    today = here.city.calendar.day_of(here.now)
    return render_template(
        "quality/plans.html",
        rules=here.city.quality,
        today=today,
        drawn=listing.drawn_on(here.db, today),
        draws={code: _(name) for code, name in DRAWS.items()},
        aspects={code: _(name) for code, name in ASPECTS.items()},
        titled=title,
    )


def _wish() -> listing.Wish:
    asked = request.args
    tab = asked.get("tab", "read" if here.me.is_(*rights.READERS) else "coaching")
    since, until = month_bounds(asked.get("month", ""))
    since = since or month_bounds(asked.get("from", ""))[0]
    return listing.Wish(
        tab if tab in listing.TABS else "read",
        asked.get("sheet", "")[:32],
        asked.get("plan", "")[:32],
        whole_number(asked.get("person")) or 0,
        asked.get("unit", "")[:32],
        asked.get("outcome", "") if asked.get("outcome", "") in listing.OUTCOMES else "",
        since,
        until,
        _day(asked.get("day", "")),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
