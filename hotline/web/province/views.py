"""The cities of a province side by side, and the days behind each number."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for

from hotline.errors import NotFound
from hotline.i18n import N_, _, language
from hotline.province import registry, side_by_side
from hotline.tickets.roles import Role
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.province import registering
from models import Cell

__all__ = ["pages", "registering"]

pages = Blueprint("province", __name__, url_prefix="/province")
SPANS = {"1": N_("今天"), "7": N_("7 天"), "30": N_("30 天"), "90": N_("90 天")}
WRONG = {"changed": N_("链头与已报的接不上：日志被改动或重做过"), "cut": N_("链条变短了：日志被截断，或恢复了旧备份")}


@pages.get("/", strict_slashes=False)
@allow(registry.READERS)
def show() -> str:
    """The whole page, or its table alone when the page asks anew."""
    span, first, last = _asked()
    rows = side_by_side.compare(here.db, first, last, here.city.policy.partly_weight, here.now)
    template = "province/_table.html" if request.headers.get("HX-Request") else "province/show.html"
    spans = [(_(label), url_for("province.show", days=days), days == span, None) for days, label in SPANS.items()]
    return render_template(
        template,
        rows=rows,
        together=side_by_side.all_together(rows),
        beside=side_by_side.beside(),
        names=side_by_side.names(),
        taken=side_by_side.TAKEN,
        span=span,
        spans=spans,
        wrong=_wrong(),
        may_register=here.me.is_(Role.ADMINISTRATOR),
        silent=_titles(row.cell for row in rows if row.silent),
        broken=_titles(row.cell for row in rows if row.cell.head_wrong),
    )


@pages.get("/cities/<name>")
@allow(registry.READERS)
def city(name: str) -> str:
    """One figure of one city, day by day."""
    cell = registry.find(here.db, name)
    if cell is None:
        raise NotFound(_("没有登记这个城市。"))
    span, first, last = _asked()
    names, partly = side_by_side.names(), here.city.policy.partly_weight
    days = side_by_side.days_of(here.db, name, first, last)
    told = {figure for day in days for figure in day.figures}
    figure = request.args.get("figure", "")
    figure = figure if figure in names else side_by_side.TAKEN
    return render_template(
        "province/city.html",
        cell=cell,
        silent=registry.is_silent(cell, here.now),
        days=[(day, side_by_side.shown(day.figures[figure], partly)) for day in days if figure in day.figures],
        figure=figure,
        names=names,
        known={one: label for one, label in names.items() if one in told or one == figure},
        strange="、".join(sorted(told - set(names))),
        heads=side_by_side.heads_of(here.db, name),
        span=span,
        spans={days: _(label) for days, label in SPANS.items()},
        wrong=_wrong(),
    )


def _asked() -> tuple[str, date, date]:
    """How many days up to today, by our own clock."""
    span = request.args.get("days", "7")
    span = span if span in SPANS else "7"
    last = here.now.astimezone(ZoneInfo(here.city.timezone)).date()
    return span, last - timedelta(days=int(span) - 1), last


def _titles(cells: Iterable[Cell]) -> str:
    """In the reader's language, "" for none."""
    return "、".join(one.title_en if language() == "en" else one.title for one in cells)


def _wrong() -> dict[str, Any]:
    return {code: _(sentence) for code, sentence in WRONG.items()}
