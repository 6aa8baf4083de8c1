"""The list of what speaks against replies, with filters; people who may say what holds say it here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.evidence import listing
from hotline.evidence.kinds import KINDS, MEANINGS, VERDICTS
from hotline.i18n import N_, _
from hotline.web.core.formatting import ticket_row
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page, named, sorted_page
from hotline.web.evidence.proofs import Shown, shown
from models import ReplyFinding, Ticket

pages = Blueprint("evidence", __name__, url_prefix="/evidence")
DAYS = {"30": N_("近 30 天"), "90": N_("近 90 天"), "180": N_("近半年")}
STATES = {"open": N_("等人判断"), **VERDICTS, "all": N_("全部")}


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(findings_of=findings_of)


@pages.get("/", strict_slashes=False)
@allow(listing.READERS)
def show() -> str:
    return _page()


@pages.post("/<int:finding_id>")
@allow(listing.JUDGES)
def judge(finding_id: int) -> ResponseReturnValue:
    """verdict: holds or explained, with words."""
    words = request.form.get("words", "")
    try:
        ticket = listing.judge(here.db, here.me, finding_id, request.form.get("verdict", ""), words, here.now)
    except (NotFound, OutOfTurn):
        raise
    except Refusal as refusal:
        read_only()
        return _page(problem=refusal.sentence, wrong=finding_id), refusal.status
    flash(_("工单 %(number)s 的疑点已记下判断。", number=ticket.number), "good")
    return redirect(_back(), 303)


def findings_of(ticket: Ticket) -> list[Shown]:
    """What speaks against the replies of one ticket, for those who may know."""
    return shown(listing.of_ticket(here.db, ticket.id)) if here.me.is_(*listing.READERS) else []


def _back() -> str:
    """The list as it was asked for."""
    asked: dict[str, Any] = {
        name: request.form[name] for name in ("kind", "unit", "state", "days") if request.form.get(name)
    }
    return url_for("evidence.show", **asked)


def _wish() -> tuple[listing.Wish, str]:
    asked = request.values
    days = asked.get("days", "30")
    days = days if days in DAYS else "30"
    state = asked.get("state", "open")
    return (
        listing.Wish(
            asked.get("kind", "") if asked.get("kind", "") in KINDS else "",
            asked.get("unit", "") if asked.get("unit", "") in here.city.units else "",
            state if state in STATES else "open",
            listing.since(here.now, int(days)),
        ),
        days,
    )


def _page(problem: str = "", wrong: int = 0) -> str:
    wish, days = _wish()
    sort = asked_order(("-at", "at"), "-at")
    listed = sorted_page(
        here.db,
        listing.findings(here.me, wish),
        ReplyFinding.found_at,
        ReplyFinding.id,
        rising=sort == "at",
        **asked_page(),
    )
    by_kind = listing.counts(here.db, here.me, wish)
    args: dict[str, Any] = {"unit": wish.unit or None, "state": wish.state, "days": days}
    tabs = [(_("全部"), url_for("evidence.show", **args), not wish.kind, sum(by_kind.values()))]
    tabs += [
        (_(name), url_for("evidence.show", kind=kind.value, **args), wish.kind == kind, by_kind.get(kind, 0))
        for kind, name in KINDS.items()
    ]
    dressed = shown(finding for finding, _ticket in listed.rows)
    return render_template(
        "evidence/show.html",
        rows=[(one, ticket_row(ticket)) for one, (_f, ticket) in zip(dressed, listed.rows, strict=True)],
        listed=listed,
        sort=sort,
        orders=named(("-at", "at")),
        wish=wish,
        days=days,
        tabs=tabs,
        states=[(key, _(name)) for key, name in STATES.items()],
        spans=[(key, _(name)) for key, name in DAYS.items()],
        units=_units(),
        meaning=_(MEANINGS[wish.kind]) if wish.kind in KINDS else "",  # type: ignore[index]
        may_judge=here.me.is_(*listing.JUDGES),
        problem=problem,
        wrong=wrong,
    )


def _units() -> list[tuple[str, str]]:
    """Those against whose replies anything was found."""
    codes = here.db.scalars(select(ReplyFinding.unit_code).where(ReplyFinding.unit_code.is_not(None)).distinct())
    order = {code: at for at, code in enumerate(here.city.units)}
    return [
        (code, here.city.unit_name(code)) for code in sorted(codes, key=lambda one: order.get(one or "", 999)) if code
    ]
