"""It came back: by unit, by kind, ticket by ticket, and the month's root causes; the same as a workbook."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request, url_for

from hotline.evidence import back, listing
from hotline.i18n import N_, _
from hotline.tickets.privacy import audit
from hotline.web.core.formatting import local, ticket_row
from hotline.web.core.forms.action_forms import unit_choices, unit_code
from hotline.web.core.permission import allow, may_open
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named, sorted_page
from models import Recurrence, Ticket

pages = Blueprint("back", __name__, url_prefix="/back")
VIEWS = {"unit": N_("按单位"), "kind": N_("按类别"), "tickets": N_("又来的工单"), "causes": N_("每月根源")}
DAYS = {"90": N_("近 90 天的答复"), "180": N_("近半年的答复"), "365": N_("近一年的答复")}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_LINES = 10_000
Sheet = tuple[str, list[str], list[list[Any]]]


@pages.get("/", strict_slashes=False)
@allow(listing.READERS)
def show() -> str:
    view = request.args.get("view", "unit")
    view = view if view in VIEWS else "unit"
    span, days = _span()
    args: dict[str, Any] = {"days": days, "unit": span.unit or None, "kind": span.kind or None}
    given: dict[str, Any] = {"rows": [], "listed": None, "sort": "", "orders": [], "month": _month()}
    if view in ("unit", "kind"):
        given["rows"] = back.shares(here.db, span, view)
    elif view == "causes":
        given["rows"] = [(one, _ticket(one.example)) for one in back.causes(here.db, here.city, *_bounds(_month()))]
    else:
        given |= _tickets(span)
    return render_template(
        "evidence/back.html",
        view=view,
        span=span,
        days=days,
        args=args,
        tabs=[(_(name), url_for("back.show", view=key, **args), key == view, None) for key, name in VIEWS.items()],
        spans=[(key, _(name)) for key, name in DAYS.items()],
        months=[(_written(one), _written(one)) for one in _months()],
        units=unit_choices(here.city),
        kinds=_kinds(span.kind),
        may_export=may_open(here.me, "back.export"),
        **given,
    )


def _kinds(asked: str) -> list[tuple[str, str]]:
    """The great kinds, and the one asked for."""
    found = (one for one in here.city.categories.values() if one.level == 1 or one.code == asked)
    return [(one.code, here.city.category_name(one.code)) for one in found]


@pages.post("/export")
@allow(listing.READERS, to="do:export")
def export() -> Response:
    """A POST, because taking numbers out of the hotline is written into the audit."""
    span, days = _span()
    month = _month()
    sheets = _sheets(span, month)
    body = _workbook(sheets)
    audit.record(
        here.db, "export", here.me, here.now, subject="back.xlsx", address=here.address, days=days, unit=span.unit,
        kind=span.kind, month=_written(month), rows=sum(len(lines) for _name, _heads, lines in sheets),
    )  # fmt: skip
    name = f"hotline-back-{local(here.now, 'day')}.xlsx"
    return Response(body, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _tickets(span: back.Span) -> dict[str, Any]:
    sort = asked_order(("-at", "at"), "-at")
    listed = sorted_page(
        here.db,
        back.pairs(here.me, span),
        Recurrence.came_at,
        Recurrence.ticket_id,
        rising=sort == "at",
        **asked_page(),
    )
    rows = [(one, ticket_row(new), ticket_row(earlier)) for one, new, earlier in listed.rows]
    return {"rows": rows, "listed": listed, "sort": sort, "orders": named(("-at", "at"))}


def _ticket(ticket_id: int) -> Any:
    found = listing.tickets_by_id(here.db, here.me, [ticket_id]).get(ticket_id)
    return ticket_row(found) if found is not None else None


def _span() -> tuple[back.Span, str]:
    asked = request.values
    days = asked.get("days", "180")
    days = days if days in DAYS else "180"
    unit, kind = unit_code(asked.get("unit", ""), here.city), asked.get("kind", "")
    return (
        back.Span(
            here.now - timedelta(days=int(days)),
            here.now,
            unit if unit in here.city.units else "",
            kind if kind in here.city.categories else "",
        ),
        days,
    )


def _months() -> list[date]:
    """This month and the eleven before it, each as its first day."""
    first = here.city.calendar.day_of(here.now).replace(day=1)
    found = [first]
    while len(found) < 12:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _month() -> date:
    """The month that was asked for, else the last whole one: of a month that has just begun there is nothing to tell."""
    asked = request.values.get("month", "")
    return next((one for one in _months() if _written(one) == asked), _months()[1])


def _written(month: date) -> str:
    return month.strftime("%Y-%m")


def _bounds(month: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(here.city.timezone)
    following = (month + timedelta(days=32)).replace(day=1)
    return datetime.combine(month, time(0), zone), datetime.combine(following, time(0), zone)


def _workbook(sheets: list[Sheet]) -> bytes:
    """Units, kinds, pairs of tickets by their numbers, and root causes; no personal data."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        for name, heads, lines in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(heads) - 1, 20)
            sheet.write_row(0, 0, heads, bold)
            for n, line in enumerate(lines, 1):
                sheet.write_row(n, 0, line)
    return out.getvalue()


def _sheets(span: back.Span, month: date) -> list[Sheet]:
    counted = [_("写“已解决”的"), _("30 天内又来"), _("90 天内又来")]
    names = {"unit": here.city.unit_name, "kind": here.city.category_name}
    sheets = [
        (
            _(VIEWS[by]),
            [_("名称"), *counted],
            [[names[by](one.code), one.solved, one.soon, one.later] for one in back.shares(here.db, span, by)],
        )
        for by in ("unit", "kind")
    ]
    rows = here.db.execute(back.pairs(here.me, span).order_by(Recurrence.came_at.desc()).limit(MOST_LINES)).all()
    pairs = [
        [earlier.number, new.number, here.city.unit_name(one.unit_code), here.city.category_name(one.category_code or ""), one.days]
        for one, new, earlier in rows
    ]  # fmt: skip
    sheets.append((_(VIEWS["tickets"]), [_("原工单"), _("新工单"), _("单位"), _("类别"), _("第几天")], pairs))
    found = back.causes(here.db, here.city, *_bounds(month))
    numbers: dict[int, Ticket] = listing.tickets_by_id(here.db, here.me, [one.example for one in found])
    roots = [
        [
            here.city.category_name(one.kind), one.calls, one.tickets, one.people, one.urges, one.back,
            here.city.unit_name(one.owner) if one.owner else "", numbers[one.example].number if one.example in numbers else "",
        ]
        for one in found
    ]  # fmt: skip
    heads = [
        _("类别"),
        _("共来电"),
        _("工单"),
        _("人数"),
        _("催办"),
        _("“已解决”后又来"),
        _("建议牵头"),
        _("最近的工单"),
    ]
    sheets.append((f"{_(VIEWS['causes'])} {_written(month)}", heads, roots))
    return sheets
