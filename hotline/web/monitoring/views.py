"""The month of broken rules by unit, the list behind each number, the printed notice and the file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from hotline.city.monitoring.schema import SEVERITIES
from hotline.i18n import _
from hotline.monitoring import report
from hotline.tickets.act import may_do
from hotline.tickets.lifecycle import find_move
from hotline.tickets.names import ActionName
from hotline.tickets.privacy import audit
from hotline.tickets.roles import EXPORTERS
from hotline.web.core.permission import allow, may_open
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.monitoring import files
from hotline.web.monitoring.asked import Row, around, month_asked, rows_of
from models import Ticket, Violation

pages = Blueprint("monitoring", __name__, url_prefix="/monitoring")
FEW = 5
TONES = {"minor": "quiet", "serious": "warn", "grave": "bad"}


@pages.record_once
def _globals(state: Any) -> None:
    """What the pages of tickets and of the unit ask for."""
    state.app.jinja_env.globals.update(
        violations_of=violations_of,
        card_basis=card_basis,
        rules_of_act=lambda act, demand="": here.city.monitoring.of_act(act, demand),
        units_violations=units_violations,
        severity_words=severity_words,
        severity_tones=TONES,
    )


@pages.get("/", strict_slashes=False)
@allow(report.READERS)
def show() -> str:
    month, wish = month_asked()
    before, after = around(month)
    units = report.month_of(here.db, here.city, here.me, wish)
    return render_template(
        "monitoring/show.html",
        month=month,
        before=before,
        after=after,
        units=units,
        total=sum(one.counted for one in units),
        rules=list(here.city.monitoring.rules.values()),
        unread=[one for one in here.city.monitoring.sources.values() if one.known == "name"],
        by_rule={code: sum(one.by_rule[code] for one in units) for code in here.city.monitoring.rules},
        **_words(),
    )


@pages.get("/violations")
@allow(report.READERS)
def listed() -> str:
    """The tickets behind one number."""
    month, wish = month_asked()
    query = report.listed(here.city, here.me, wish)
    found = sorted_page(here.db, query, Violation.at, Violation.id, rising=False, **asked_page())
    return render_template(
        "monitoring/list.html",
        month=month,
        wish=wish,
        listed=found,
        rows=rows_of(found.rows),
        units=sorted(
            {one.unit for one in report.month_of(here.db, here.city, here.me, wish) if one.unit} | _mine(wish)
        ),
        rules=list(here.city.monitoring.rules.values()),
        **_words(),
    )


@pages.get("/print")
@allow(report.READERS)
def printed() -> str:
    """The month as a notice on paper: of one unit with its list, of all of them with their numbers."""
    month, wish = month_asked()
    query = report.listed(here.city, here.me, wish).order_by(Violation.at, Violation.id)
    rows = rows_of(here.db.execute(query.limit(files.MOST_ON_PAPER)).all()) if wish.unit else []
    return render_template(
        "monitoring/print.html",
        month=month,
        wish=wish,
        rows=rows,
        units=report.month_of(here.db, here.city, here.me, wish),
        until=min(wish.until, here.now),
        issuer=_("%(city)s%(centre)s", city=here.city.title, centre=here.city.unit_name(here.city.centre)),
        **_words(),
    )


@pages.post("/export")
@allow(report.READERS & EXPORTERS, to="do:export")
def export() -> Response:
    """The month as a workbook or CSV. A POST, because taking it away is written into the audit."""
    month, wish = month_asked()
    kind = "csv" if request.form.get("kind") == "csv" else "xlsx"
    found = here.db.execute(report.listed(here.city, here.me, wish).order_by(Violation.at, Violation.id)).all()
    units = report.month_of(here.db, here.city, here.me, wish)
    body, media = files.write(kind, month, wish, units, rows_of(found))
    audit.record(
        here.db,
        "export",
        here.me,
        here.now,
        subject=f"monitoring.{kind}",
        address=here.address,
        month=month,
        rows=len(found),
    )
    name = f"monitoring-{month}.{kind}"
    return Response(body, mimetype=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# --- what other pages ask for -------------------------------------------------------------------------------------------


def violations_of(ticket: Ticket) -> tuple[list[Row], bool]:
    """What stands on a ticket, and whether this person may take it back."""
    if not here.me.is_(*report.READERS):
        return [], False
    rows = rows_of((one, ticket) for one in report.of_ticket(here.db, here.me, ticket))
    move = find_move(ticket.state, ActionName.WITHDRAW_VIOLATION)
    return rows, move is not None and may_do(ticket, here.me, move)


def severity_words() -> dict[str, str]:
    return {code: _(name) for code, name in SEVERITIES.items()}


def card_basis(colour: str | None) -> str:
    rule = here.city.monitoring.of_card(colour) if colour else None
    return rule.basis if rule else ""


def units_violations() -> tuple[list[Row], int]:
    """This month's of the reader's own units: the newest, and how many count."""
    _month, wish = month_asked()
    units = report.month_of(here.db, here.city, here.me, wish)
    query = report.listed(here.city, here.me, wish).order_by(Violation.at.desc(), Violation.id.desc()).limit(FEW)
    return rows_of(here.db.execute(query).all()), sum(one.counted for one in units)


def _mine(wish: report.Wish) -> set[str]:
    return {wish.unit} if wish.unit else set()


def _words() -> dict[str, Any]:
    return {
        "severities": severity_words(),
        "states": {code: _(name) for code, name in report.STATES.items()},
        "tones": TONES,
        "may_export": may_open(here.me, "monitoring.export"),
        "list_url": lambda **asked: url_for("monitoring.listed", **{k: v for k, v in asked.items() if v}),
    }
