"""Trends of people and units, and how far two readers agree; every number opens what is behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import select

from hotline.city.quality.schema import title
from hotline.i18n import N_, _
from hotline.quality import agreement, listing, rights
from hotline.quality.trends import bounds_of, months_until, trends
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.quality.pages import pages, people_scored, question_words
from models import QualityTask

TABS = {"person": N_("按人"), "unit": N_("按单位")}


@pages.get("/trends")
@allow(rights.COACHES)
def trend() -> str:
    by = request.args.get("by", "person")
    by = by if by in TABS else "person"
    sheet = request.args.get("sheet", "")[:32]
    names: dict[Any, str] = dict(people_scored()) if by == "person" else _units()
    return render_template(
        "quality/trends.html",
        by=by,
        sheet=sheet,
        tabs=[
            (_(name), url_for("quality.trend", by=key, sheet=sheet or None), key == by, None)
            for key, name in TABS.items()
        ],
        sheets=[(one.code, title(one)) for one in here.city.quality.sheets.values()],
        months=[written(one) for one in months_until(here.city, here.now)],
        rows=trends(here.db, here.city, here.me, by, sheet, names, here.now),
        few=here.city.policy.few_answers,
    )


@pages.get("/agreement")
@allow(rights.COACHES)
def agree() -> str:
    first = months_until(here.city, here.now)[0]
    since, _until = bounds_of(here.city, first)
    sheets = here.city.quality.sheets
    found = agreement.by_sheet(here.db, here.me, since)
    return render_template(
        "quality/agreement.html",
        rows=[(title(sheets[one.sheet]) if one.sheet in sheets else one.sheet, one) for one in found],
        asked=question_words,
        first=written(first),
        waiting=listing.count(here.db, listing.listed(here.me, listing.Wish("differs"))),
    )


def written(month: date) -> str:
    return f"{month:%Y-%m}"


def _units() -> dict[Any, str]:
    """Units of whose work anything was drawn, in the city's own order."""
    drawn = set(here.db.scalars(select(QualityTask.unit_code).where(QualityTask.unit_code.is_not(None)).distinct()))
    return {code: here.city.unit_name(code) for code in here.city.units if code in drawn}
