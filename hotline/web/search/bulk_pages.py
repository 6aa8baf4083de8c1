"""One act for many tickets, or for one row of any list: the form to look over, the deed, what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, get_template_attribute, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import _, language
from hotline.messages.values import clock_name
from hotline.tickets.directives import rules as directives
from hotline.tickets.directives.listing import under_way_of
from hotline.tickets.lists import clocks
from hotline.tickets.privacy.redact import title_for
from hotline.web.core import read_only
from hotline.web.core.formatting import TicketRow, row_of
from hotline.web.core.forms.action_forms import Question, question, shown_values, typed_answers
from hotline.web.core.permission import allow, local_path
from hotline.web.core.request_context import here
from hotline.web.search import bulk, query
from hotline.web.search.bulk import BULK_ACTIONS, BulkAction
from hotline.web.search.query import SearchQuery
from hotline.web.search.rows import BulkRow
from hotline.web.search.views import SEARCHERS
from models import Ticket

ANY_TICKET = "000000000000"
pages = Blueprint("bulk", __name__, url_prefix="/search/bulk")


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(
        demands=lambda: bulk.demands_of(here.me),
        row_acts=_row_acts,
        under_way=lambda rows: under_way_of(here.db, [row.id for row in rows]),
    )


def _row_acts(row: TicketRow) -> Markup:
    """What is demanded of this row's ticket. Fifty rows are of a few kinds: each kind is drawn once a page, then told its ticket."""
    drawn: dict[tuple[str, bool], str] = g.setdefault("row_acts", {})
    kind = row.state, row.supervised
    if kind not in drawn:
        acts = get_template_attribute("core/macros/demands.html", "acts")
        drawn[kind] = str(acts(bulk.row_demands(here.me, row), ANY_TICKET))
    return Markup(drawn[kind].replace(ANY_TICKET, escape(row.number)))


@pages.post("/", strict_slashes=False)
@allow(SEARCHERS)
def show() -> ResponseReturnValue:
    """First the form with the picked tickets to look over, then each through the one door, then what became of each.

    act: one row's button, "urge_unit:260304000001"; without it the picked rows and `deed`.
    """
    name, _colon, number = request.form.get("act", "").partition(":")
    deed = BULK_ACTIONS.get(name or request.form.get("deed", ""))
    if deed is None:
        raise NotFound(_("没有这个批量操作。"))
    if not here.me.is_(*deed.roles):
        raise NotAllowed(_("您没有权限批量进行“%(what)s”。", what=_(deed.label)))
    asked = query.read(request.form, here.now)
    tickets = bulk.picked(here.db, here.me, [number] if number else request.form.getlist("ticket"))
    if not tickets:
        flash(_("请先勾选工单。"), "warn")
        return redirect(_back(asked), 303)
    if request.form.get("sure") != "yes":
        read_only.read_only()
        return _form(asked, deed, tickets)
    return _do(asked, deed, tickets)


def _back(asked: SearchQuery) -> str:
    """To the list one came from; by default the search."""
    wanted = request.form.get("next", "")
    return local_path(wanted) if wanted else asked.address()


def _form(
    asked: SearchQuery,
    deed: BulkAction,
    tickets: Sequence[Ticket],
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    groups = clocks.first_ending(here.db, [one.id for one in tickets])
    return render_template(
        "search/bulk.html",
        asked=asked,
        back=_back(asked),
        next=request.form.get("next", ""),
        deed=deed,
        label=_(deed.label),
        rows=[row_of(BulkRow, one, turn=one.move_count) for one in tickets],
        questions=_questions(deed, tickets, groups),
        values=shown_values(tuple(deed.questions()), typed) if typed else _ready(deed, groups),
        problems=problems or {},
        outcomes=None,
    )


def _questions(deed: BulkAction, tickets: Sequence[Ticket], groups: Mapping[int, str]) -> list[Question]:
    """The deed's own; where the words depend on what is late, once for each such clock."""
    asked = [question(one, tickets[0]) for one in deed.questions()]
    if not deed.per_clock:
        return asked
    words = next(one for one in asked if one.name == "text")
    many = [bulk.for_clock(words, clock, clock_name(clock), n) for clock, n in bulk.counted(groups).items()]
    return [*many, *(one for one in asked if one.name != "text")]


def _ready(deed: BulkAction, groups: Mapping[int, str]) -> dict[str, Any]:
    """Words and a day that are good as they stand; both may be changed."""
    if not deed.kind:
        return {}
    ready: dict[str, Any] = {"until": local_input(directives.due_by_default(here.city, deed.kind, here.now))}
    if deed.per_clock:
        return ready | {f"text.{clock}": _words(deed, clock) for clock in set(groups.values())}
    readers = {"readers": list(directives.NAMED_BY_DEFAULT)} if deed.kind == "instruction" else {}
    return {**ready, **readers, "text": _words(deed, "")}


def _words(deed: BulkAction, clock: str) -> str:
    return directives.ready_words(here.city, deed.kind, clock, language())


def local_input(moment: Any) -> str:
    """A moment as a field for date and time holds it."""
    return str(moment.astimezone(ZoneInfo(here.city.timezone)).strftime("%Y-%m-%dT%H:%M"))


def _do(asked: SearchQuery, deed: BulkAction, tickets: Sequence[Ticket]) -> ResponseReturnValue:
    typed = typed_answers(tuple(deed.questions()), MultiDict(request.form))
    groups = clocks.first_ending(here.db, [one.id for one in tickets]) if deed.per_clock else {}
    words = {name.removeprefix("text."): value for name, value in request.form.items() if name.startswith("text.")}
    if words:
        typed["text"] = next(iter(words.values()))
    try:
        bulk.check(deed, typed, here.city)
    except Refusal as refusal:
        read_only.read_only()
        return _form(asked, deed, tickets, {**typed, **request.form}, refusal.problems or {"": refusal.sentence}), 400
    seen = {one.number: request.form.get(f"seen-{one.number}", type=int) for one in tickets}
    own = {one.id: words[groups[one.id]] for one in tickets if groups.get(one.id) in words}
    outcomes = bulk.do_all(here.db, here.city, deed, tickets, here.me, here.now, typed, seen, own)
    if len(outcomes) == 1 and outcomes[0].sentence is None:
        flash(_("“%(what)s”已办：%(title)s", what=_(deed.label), title=title_for(here.me, outcomes[0].ticket)), "good")
        return redirect(_back(asked), 303)
    rows = [row_of(BulkRow, one.ticket, turn=one.ticket.move_count, refused=one.sentence) for one in outcomes]
    return render_template(
        "search/bulk.html",
        asked=asked,
        back=_back(asked),
        next=request.form.get("next", ""),
        deed=deed,
        label=_(deed.label),
        rows=rows,
        outcomes=outcomes,
        done=sum(one.sentence is None for one in outcomes),
    )
