"""The list of what the machine found in records; those who score say here what holds."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classifier.wilson import wilson
from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.quality import findings, rights
from hotline.quality.checks.kinds import KINDS, MEANINGS, VERDICTS
from hotline.web.core.formatting import ticket_row
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.quality.pages import month_bounds, names_of, pages
from models import RecordFinding

STATES = {"open": N_("等人判断"), **VERDICTS, "all": N_("全部")}
PLACES = {"title": N_("标题"), "body": N_("原话"), "note": N_("备注"), "answer": N_("答复")}


@pages.get("/findings")
@allow(rights.COACHES)
def found() -> str:
    return _page()


@pages.post("/findings/<int:finding_id>")
@allow(rights.READERS)
def judge(finding_id: int) -> ResponseReturnValue:
    """verdict: holds, or explained with words."""
    try:
        verdict, words = request.form.get("verdict", ""), request.form.get("words", "")
        ticket = findings.judge(here.db, here.me, finding_id, verdict, words, here.now)
    except (NotFound, OutOfTurn):
        raise
    except Refusal as refusal:
        read_only()
        return _page(refusal.sentence, finding_id), refusal.status
    flash(_("工单 %(number)s 的记录问题已记下判断。", number=ticket.number), "good")
    asked = {name: request.form[name] for name in ("kind", "person", "state", "month") if request.form.get(name)}
    return redirect(url_for("quality.found", **asked), 303)  # type: ignore[arg-type]


def _page(problem: str = "", wrong: int = 0) -> str:
    wish, month = _wish()
    query = findings.found(here.me, wish)
    listed = sorted_page(here.db, query, RecordFinding.found_at, RecordFinding.id, rising=False, **asked_page())
    by_kind = findings.counts(here.db, here.me, wish)
    kept: dict[str, Any] = {"person": wish.person or None, "state": wish.state, "month": month or None}
    tabs = [(_("全部"), url_for("quality.found", **kept), not wish.kind, sum(by_kind.values()))]
    tabs += [
        (_(name), url_for("quality.found", kind=kind.value, **kept), wish.kind == kind, by_kind.get(kind, 0))
        for kind, name in KINDS.items()
    ]
    return render_template(
        "quality/findings.html",
        rows=[(one, ticket_row(ticket), ticket) for one, ticket in listed.rows],
        names=names_of(one.agent_id for one, _ticket in listed.rows),
        listed=listed,
        wish=wish,
        month=month,
        tabs=tabs,
        states=[(key, _(name)) for key, name in STATES.items()],
        kinds={kind.value: _(name) for kind, name in KINDS.items()},
        places={key: _(name) for key, name in PLACES.items()},
        verdicts={key: _(name) for key, name in VERDICTS.items()},
        meaning=_(MEANINGS[wish.kind]) if wish.kind in KINDS else "",  # type: ignore[index]
        trust=_trust(wish.kind),
        may_judge=here.me.is_(*rights.READERS),
        problem=problem,
        wrong=wrong,
    )


def _trust(kind: str) -> tuple[int, int, float, float] | None:
    """(held, judged, low, high): how often people agreed with this kind, with the 95 % interval."""
    held, n = findings.judged(here.db, here.me).get(kind, (0, 0)) if kind else (0, 0)
    return (held, n, *wilson(held, n)) if n else None


def _wish() -> tuple[findings.Wish, str]:
    asked = request.values
    kind, state, month = asked.get("kind", ""), asked.get("state", "open"), asked.get("month", "")
    since, until = month_bounds(month)
    since = since or month_bounds(asked.get("from", ""))[0]
    return (
        findings.Wish(
            kind if kind in KINDS else "",
            whole_number(asked.get("person")) or 0,
            state if state in STATES else "open",
            since,
            until,
        ),
        month if until else "",
    )
