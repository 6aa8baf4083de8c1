"""The desk of marks: what waits to be decided, what stands, what was appealed; one mark's page; and the clues on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from io import StringIO
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.city.nuisance.schema import reason_name
from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.nuisance import listing, marks, monthly, rights
from hotline.staff.taking_away import Take, counted, waits
from hotline.tickets.privacy import visibility
from hotline.tickets.second_person import is_another
from hotline.web.core.formatting import hidden, local, ticket_row
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sessions import shown_since
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.nuisance.shown import notice_for, reason_words
from hotline.web.quality.pages import month_bounds
from hotline.web.search.csv_files import CsvWriter
from models import Call, NuisanceMark, Ticket

pages = Blueprint("nuisance", __name__, url_prefix="/nuisance")
YEAR = timedelta(days=366)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        nuisance_on=notice_for,
        nuisance_reason=reason_words,
        nuisance_months=lambda: monthly.by_month(
            here.db, here.city.timezone, here.now - YEAR, visibility.visible_to(here.me)
        ),
        sees_nuisance=lambda: here.me.is_(*rights.READERS),
        may_propose_mark=lambda: bool(here.city.nuisance.reasons) and here.me.is_(*rights.PROPOSERS),
    )


@pages.get("/", strict_slashes=False)
@allow(rights.READERS)
def show() -> str:
    tab = request.args.get("tab", "standing")
    return _list(tab if tab in listing.TABS else "standing")


@pages.get("/heard/<month>/<any(calls, tickets):kind>")
@allow(rights.READERS)
def heard(month: str, kind: str) -> str:
    """What is behind a month's number: tickets to those who may see them, and no other is counted."""
    since, until = month_bounds(month)
    if since is None:
        raise NotFound(_("没有这个月。"))
    table: Any = Call if kind == "calls" else Ticket
    every: Any = monthly.calls_heard(since, until) if table is Call else monthly.tickets_heard(since, until)
    seen = every if table is Call else every.where(visibility.visible_to(here.me))
    at, number = (Call.started_at if table is Call else Ticket.created_at), table.id
    listed = sorted_page(here.db, seen, at, number, rising=False, **asked_page())
    return render_template(
        "nuisance/heard.html",
        month=month,
        kind=kind,
        listed=listed,
        rows=listed.rows if kind == "calls" else [ticket_row(one) for one in listed.rows],
        many=_count(seen, number),
    )


@pages.get("/new/<number>")
@allow(rights.PROPOSERS)
def new(number: str) -> str:
    return _form(_marked_ticket(number), {"proofs": [number]}, {})


@pages.post("/new/<number>")
@allow(rights.PROPOSERS)
def propose(number: str) -> ResponseReturnValue:
    ticket, form = _marked_ticket(number), request.form
    said = (form.get("reason", ""), form.get("words", ""), form.getlist("proofs"))
    try:
        mark = marks.propose(here.db, here.city, here.me, ticket.contact_phone or "", *said, here.now)
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        read_only()
        value = {**form.to_dict(), "proofs": form.getlist("proofs")}
        return _form(_marked_ticket(number), value, refusal.problems or {"": refusal.sentence}), 400
    flash(_("已提出，等另一位督办员决定；决定以前没有任何影响。"), "good")
    return redirect(url_for("nuisance.one", mark_id=mark.id), 303)


@pages.get("/<int:mark_id>")
@allow(rights.READERS)
def one(mark_id: int) -> str:
    return _sheet(mark_id)


@pages.post("/<int:mark_id>/<any(stand, refuse):deed>")
@allow(rights.DECIDERS)
def decide(mark_id: int, deed: str) -> ResponseReturnValue:
    told = _("标记生效，到期自动解除。") if deed == "stand" else _("已退回，没有标记。")
    return _done(
        mark_id,
        told,
        lambda mark, words: marks.decide(here.db, here.city, here.me, mark, deed == "stand", words, here.now),
    )


@pages.post("/<int:mark_id>/appeal")
@allow(rights.READERS)
def appeal(mark_id: int) -> ResponseReturnValue:
    return _done(
        mark_id,
        _("申诉已记下，由另一位督办员决定。"),
        lambda mark, words: marks.note_appeal(here.db, here.me, mark, words, here.now),
    )


@pages.post("/<int:mark_id>/appeal/<any(lift, keep):deed>")
@allow(rights.DECIDERS)
def decide_appeal(mark_id: int, deed: str) -> ResponseReturnValue:
    told = _("标记已解除。") if deed == "lift" else _("标记保留到期满。")
    return _done(
        mark_id,
        told,
        lambda mark, words: marks.decide_appeal(here.db, here.me, mark, deed == "lift", words, here.now),
    )


@pages.post("/clues")
@allow(rights.CLUE_GIVERS, to="do:export")
def clues() -> ResponseReturnValue:
    """The numbers in force with their proofs, on paper or as a file; the reason goes into the book."""
    why, most = request.form.get("why", ""), here.settings.export_alone
    rows = min(listing.counts(here.db, here.now)["standing"], listing.MOST_CLUES)
    take = Take("nuisance clues", _("骚扰来电线索"), hidden(why), rows)
    alone = counted(here.db, here.me, take, most, here.now, here.address) if why.strip() else 0
    if alone is None:
        flash(waits(most), "warn")
        return redirect(url_for("nuisance.show"), 303)
    try:
        found = listing.clues(here.db, here.me, why, here.now, here.address, alone)
    except Refusal as refusal:
        read_only()
        return _list("standing", refusal.problems, why), refusal.status
    if request.form.get("then") == "csv":
        return _as_file(found)
    return redirect(url_for("nuisance.clues_on_paper"), 303)


@pages.get("/clues")
@allow(rights.CLUE_GIVERS, to="do:export")
def clues_on_paper() -> ResponseReturnValue:
    """The sheet for printing, as long as what was handed out stays revealed: reading it again hands out nothing."""
    given = listing.given_lately(here.db, here.me, shown_since(), here.now)
    if given is None:
        return redirect(url_for("nuisance.show"), 303)
    why, found = given
    centre = next(unit.code for unit in here.city.units.values() if unit.kind == "hotline")
    issuer = _("%(city)s%(centre)s", city=here.city.title, centre=here.city.unit_name(centre))
    return render_template("nuisance/clues.html", clues=found, issuer=issuer, why=why)


def _count(query: Any, number: Any) -> int:
    return here.db.scalar(select(func.count()).select_from(query.with_only_columns(number).subquery())) or 0


def _as_file(found: Any) -> Response:
    text = StringIO()
    sheet = CsvWriter(text)
    sheet.writerow([_("号码"), _("原因"), _("来电次数"), _("工单数"), _("最近一次"), _("依据的工单"), _("标记到")])
    for each in found:
        row = (each.phone, reason_words(each.mark), each.calls, each.tickets, local(each.last_at) if each.last_at else "",
               " ".join(each.mark.proofs), local(each.mark.until_at))  # fmt: skip
        sheet.writerow(row)
    name = {"Content-Disposition": "attachment; filename=clues.csv"}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=name)


def _done(mark_id: int, told: str, do: Callable[[NuisanceMark, str], None]) -> ResponseReturnValue:
    """Refused, the sheet comes back with what was typed."""
    words = request.form.get("words", "")
    try:
        do(marks.found(here.db, mark_id), words)
    except Refusal as refusal:
        if refusal.status not in (400, 403, 409):
            raise
        read_only()
        return _sheet(mark_id, words, refusal.problems or {"": refusal.sentence}), refusal.status
    flash(told, "good")
    return redirect(url_for("nuisance.one", mark_id=mark_id), 303)


def _marked_ticket(number: str) -> Ticket:
    """Raises NotFound where there is no number to mark."""
    ticket = visibility.see(here.db, here.me, number)
    if not ticket.contact_phone or ticket.privacy == "sealed":
        raise NotFound(_("这张工单没有可以标记的号码。"))
    return ticket


def _list(tab: str, problems: Mapping[str, str] | None = None, why: str = "") -> str:
    newest = tab == "over"
    listed = sorted_page(
        here.db,
        listing.listed(tab, here.now),
        NuisanceMark.proposed_at,
        NuisanceMark.id,
        rising=not newest,
        **asked_page(),
    )
    counts = listing.counts(here.db, here.now)
    parts = [
        (_(name), url_for("nuisance.show", tab=code), code == tab, counts.get(code))
        for code, name in listing.TABS.items()
    ]
    return render_template(
        "nuisance/show.html",
        page=listed,
        parts=parts,
        tab=tab,
        problems=problems or {},
        why=why,
        gives_clues=here.me.is_(*rights.CLUE_GIVERS),
    )


def _form(ticket: Ticket, value: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    phone = ticket.contact_phone or ""
    return render_template(
        "nuisance/new.html",
        ticket=ticket,
        value=value,
        problems=problems,
        reasons=[
            (each.code, reason_name(each), _("%(n)d 天", n=each.days)) for each in here.city.nuisance.reasons.values()
        ],
        tickets=marks.may_prove(here.db, here.me, phone),
        marked=notice_for(phone),
        waits=marks.waiting(here.db, phone),
        longest=marks.LONGEST,
    )


def _sheet(mark_id: int, words: str = "", problems: Mapping[str, str] | None = None) -> str:
    mark = marks.found(here.db, mark_id)
    in_force = mark.state == "standing" and mark.until_at is not None and mark.until_at > here.now
    waits = mark.appeal_at is not None and mark.appeal_decided_at is None
    return render_template(
        "nuisance/one.html",
        mark=mark,
        words=words,
        problems=problems or {},
        longest=marks.LONGEST,
        in_force=in_force,
        may_decide=mark.state == "proposed" and _decides(mark.proposed_by_id),
        may_appeal=in_force and mark.appeal_at is None,
        may_decide_appeal=waits and _decides(mark.decided_by_id, mark.proposed_by_id),
        waits=waits,
    )


def _decides(*others: int | None) -> bool:
    return here.me.is_(*rights.DECIDERS) and is_another(here.db, here.me, *others)
