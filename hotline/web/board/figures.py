"""Open figures for everybody: one month on a page, and as a file that any program reads."""

from __future__ import annotations

import io
from datetime import date

from flask import Blueprint, Response, request

from hotline.errors import NotFound
from hotline.i18n import _
from hotline.metrics.rates import Rate
from hotline.public_board.figures import LEAST, OpenFigures, figures, months
from hotline.web.citizen.access import public_page
from hotline.web.core.limits.rate_limits import address, browser, limited
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from hotline.web.search.csv_files import CsvWriter

pages = Blueprint("open_figures", __name__)
OFTEN = (("30 per minute", browser, None), ("300 per minute", address, None))


@pages.get("/c/figures")
@allow(PUBLIC)
@limited(*OFTEN)
def show() -> str:
    offered = months(here.db, here.city, here.now)
    found = figures(here.db, here.city, _month(offered), here.now) if offered else None
    named = [(f"{one:%Y-%m}", f"{one:%Y-%m}") for one in offered]
    return public_page("board/figures.html", months=named, found=found, least=LEAST)


@pages.get("/c/figures.csv")
@allow(PUBLIC)
@limited(*OFTEN)
def table() -> Response:
    """UTF-8 with a byte order mark. What is withheld is written as less than the least that is told."""
    offered = months(here.db, here.city, here.now)
    if not offered:
        raise NotFound(_("还没有满一个月的数字。"))
    found = figures(here.db, here.city, _month(offered), here.now)
    out = io.StringIO()
    CsvWriter(out).writerows([(_("月份"), _("分组"), _("名称"), _("数值")), *_rows(found)])
    name = f"figures-{found.month:%Y-%m}.csv"
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(found: OpenFigures) -> list[tuple[str, str, str, str]]:
    month = f"{found.month:%Y-%m}"
    groups = ((_("按类别"), found.kinds), (_("按区县"), found.areas), (_("按渠道"), found.channels))
    return [
        (month, _("合计"), _("受理"), _told(found.total)),
        *((month, group, name or _("未填"), _told(many)) for group, lines in groups for name, many in lines),
        *((month, _("比率"), one.name, _percent(one)) for one in found.rates),
    ]


def _told(many: int | None) -> str:
    return str(many) if many is not None else f"<{LEAST}"


def _percent(rate: Rate) -> str:
    return f"{100 * (rate.value or 0):.0f}%"


def _month(offered: list[date]) -> date:
    """The month asked for, if it is offered; else the newest."""
    asked = request.args.get("month", "")
    return next((one for one in offered if f"{one:%Y-%m}" == asked), offered[0])
