"""What a page of electronic monitoring was asked for, and how its rows are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request

from hotline.city.monitoring.schema import SEVERITIES, MonitorRule
from hotline.clock import within_reach
from hotline.i18n import _
from hotline.monitoring import report
from hotline.monitoring.faces import post_words, posts_of
from hotline.quality.trends import bounds_of
from hotline.web.core.formatting import TicketRow, ticket_row
from hotline.web.core.request_context import here
from models import Ticket, Violation


@dataclass(frozen=True)
class Row:
    """One broken rule as shown. ticket: None where this person may not open it; number: always."""

    violation: Violation
    name: str
    basis: str
    severity: str
    unit: str
    post: str
    number: str
    ticket: TicketRow | None
    excluded: bool


def month_asked() -> tuple[str, report.Wish]:
    """The month of the address ("2026-03"), this one without it, with what else it names."""
    asked, first = request.values, _first_day(request.values.get("month", ""))
    since, until = bounds_of(here.city, first)
    severity, state = asked.get("severity", ""), asked.get("state", "counted")
    rule, unit = asked.get("rule", ""), asked.get("unit", "")
    wish = report.Wish(
        since,
        until,
        unit if unit in here.city.units else "",
        rule if rule in here.city.monitoring.rules else "",
        severity if severity in SEVERITIES else "",
        state if state in report.STATES else "counted",
    )
    return f"{first:%Y-%m}", wish


def around(month: str) -> tuple[str, str]:
    """The month before and the one after; "" for one that has not begun."""
    first = date.fromisoformat(f"{month}-01")
    following = (first + timedelta(days=32)).replace(day=1)
    begun = following <= here.city.calendar.day_of(here.now)
    return f"{first - timedelta(days=1):%Y-%m}", f"{following:%Y-%m}" if begun else ""


def rows_of(pairs: Iterable[Any]) -> list[Row]:
    """pairs: (violation, ticket)."""
    held = list(pairs)
    open_to_me = report.openable(here.db, here.me, (ticket.id for _violation, ticket in held))
    posts = posts_of(here.db, (one.staff_id for one, _ticket in held if one.staff_id))
    return [_row(one, ticket, ticket.id in open_to_me, posts.get(one.staff_id or 0, "")) for one, ticket in held]


def _row(one: Violation, ticket: Ticket, opens: bool, post: str) -> Row:
    rule = rule_of(one)
    return Row(
        one,
        rule.shown if rule else one.rule,
        rule.basis if rule else _("本市的规则里已没有这一条"),
        rule.severity if rule else "minor",
        here.city.unit_name(one.unit_code) or _("没有单位"),
        post_words(post),
        ticket.number,
        ticket_row(ticket) if opens else None,
        ticket.excluded,
    )


def rule_of(one: Violation) -> MonitorRule | None:
    """The rule as the city has it now; one that is gone from the file stands for itself."""
    return here.city.monitoring.rules.get(one.rule)


def _first_day(written: str) -> date:
    try:
        asked = date.fromisoformat(f"{written[:7]}-01")
    except ValueError:
        asked = None
    return asked if asked and within_reach(asked) else here.city.calendar.day_of(here.now).replace(day=1)
