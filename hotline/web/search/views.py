"""Search: one box that understands numbers, telephones and Chinese words, filters as chips, and what to do with the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from hotline.errors import NotAllowed, NotFound, Refusal
from hotline.i18n import N_, _, language
from hotline.tickets.lists import saved_views, ticket_list
from hotline.tickets.lists.paging import PAGE_SIZE, Page
from hotline.tickets.lists.ticket_list import COUNT_LIMIT, FACTS, counted
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import CENTRE_ROLES, UNIT_ROLES, Role
from hotline.tickets.search import indexing, person_search
from hotline.tickets.states import STATES
from hotline.tickets.vocabulary import CHANNELS, PRIVACIES, REQUEST_TYPES, URGENCIES
from hotline.web.core import read_only, transaction
from hotline.web.core.formatting import TicketRow, hidden, may_read, row_of, ticket_row
from hotline.web.core.forms.action_forms import question, shown_values, typed_answers, unit_choices
from hotline.web.core.forms.idempotency import first_time
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.ticket_words import close_words
from hotline.web.intake.form import category_options
from hotline.web.search import bulk as search_bulk
from hotline.web.search import export as search_export
from hotline.web.search import query as search_query
from hotline.web.search.highlight import folded, marked, parts_of, snippets
from hotline.web.search.query import CARD_NAMES, CLOSE_KINDS, FACT_NAMES, SOON_HOURS, SearchQuery
from hotline.web.search.rows import BulkRow, FoundRow
from models import Reply, SavedView, Ticket, TicketEvent, TicketText

pages = Blueprint("search", __name__, url_prefix="/search")
SEARCHERS = CENTRE_ROLES | UNIT_ROLES | {Role.CITY_LEADER, Role.DISCIPLINE, Role.MEDIA}

QUICK: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (N_("已超期"), "alarm", {"overdue": "1"}),
    (N_("24 小时内到期"), "hourglass-bottom", {"soon": "24"}),
    (N_("本人受理的"), "headset", {"agent": "me"}),
    (N_("今天受理的"), "calendar-event", {"from": "today"}),
    (N_("督办"), "eye", {"fact": ["supervised"], "open": "1"}),
    (N_("不满意"), "emoji-frown", {"fact": ["dissatisfied"], "open": "1"}),
    (N_("第三轮及以上"), "arrow-repeat", {"round": "3", "open": "1"}),
    (N_("涉安全"), "shield-exclamation", {"fact": ["safety"], "open": "1"}),
    (N_("全部未办结"), "inbox", {"open": "1"}),
)
"""Searches offered where nothing has been asked yet."""


@dataclass(frozen=True)
class SearchPage:
    """One page of a result. count: None when there are too many to count, or on a further page."""

    rows: Sequence[TicketRow]
    page: Page
    count: int
    exact: TicketRow | None = None
    by_name: bool = False

    @property
    def too_many(self) -> bool:
        return self.count > COUNT_LIMIT

    @property
    def count_words(self) -> str:
        return counted(self.count)


NOTHING = SearchPage([], Page([], None, None), 0)


@pages.get("/", strict_slashes=False)
@allow(SEARCHERS)
def show() -> ResponseReturnValue:
    """The page; to htmx only the part with the result. A whole number and nothing else opens the ticket itself."""
    asked = search_query.read(request.args, here.now)
    found = NOTHING if asked.nothing or asked.problems else _find(asked)
    if (address := _opens(asked, found)) and here.htmx and request.headers.get("HX-Trigger") != "f-q":
        return Response("", 204, {"HX-Redirect": address})
    if address and not here.htmx:
        return redirect(address, 303)
    if here.htmx and request.headers.get("HX-Target", "").endswith("found"):
        return render_template("search/_found.html", **_shown(asked, found))
    return render_template("search/show.html", **_shown(asked, found), **_choices(asked))


@pages.post("/views")
@allow(SEARCHERS)
def keep_view() -> ResponseReturnValue:
    """Keep the search under a name, for oneself or (those who lead) for everybody."""
    asked = search_query.read(request.form, here.now)
    try:
        view = saved_views.keep(
            here.db,
            here.me,
            request.form.get("view_name", ""),
            asked.args,
            here.now,
            shared=request.form.get("shared") == "1",
        )
    except Refusal as refusal:
        read_only.read_only()
        flash(refusal.sentence, "warn")
        return redirect(asked.address(), 303)
    flash(_("已保存查询“%(name)s”。", name=view.name), "good")
    return redirect(asked.address(), 303)


@pages.post("/views/<int:view_id>/delete")
@allow(SEARCHERS)
def drop_view(view_id: int) -> ResponseReturnValue:
    flash(_("已删除查询“%(name)s”。", name=saved_views.remove(here.db, here.me, view_id)), "good")
    return redirect(search_query.read(request.form, here.now).address(), 303)


@pages.get("/export")
@allow(search_export.EXPORTERS)
def export() -> ResponseReturnValue:
    """What would go into the file, and the question what for."""
    asked = search_query.read(request.args, here.now)
    if asked.nothing or asked.problems:
        return redirect(asked.address())
    return _export_page(asked, {})


@pages.post("/export")
@allow(search_export.EXPORTERS)
def download() -> ResponseReturnValue:
    """The deed is in the book before the first row is read; the rows are read without holding the database."""
    asked, kind = search_query.read(request.form, here.now), request.form.get("format", "")
    reason = " ".join(request.form.get("reason", "").split())
    problems = _export_problems(asked, kind, reason)
    if problems:
        read_only.read_only()
        return _export_page(asked, problems, reason, kind), 400
    audit.record(
        here.db,
        "export",
        here.me,
        here.now,
        subject=hidden(asked.in_words())[:120],
        address=here.address,
        format=kind,
        reason=hidden(reason),
    )
    transaction.commit()
    with here.installation.readings() as db:
        found = search_export.rows(db, here.me, here.city, asked.wanted)
        said = search_export.notes(here.me, hidden(asked.in_words()), reason, here.now)
        file, _count, _more = search_export.write(kind, found, said)
    name = f"12345-{here.now:%Y%m%d-%H%M%S}.{kind}"
    return send_file(file, mimetype=search_export.FORMATS[kind], as_attachment=True, download_name=name, max_age=0)


@pages.post("/bulk")
@allow(SEARCHERS)
def bulk() -> ResponseReturnValue:
    """First the form with the picked tickets to look over, then each through the one door, then what became of each."""
    deed = search_bulk.BULK_ACTIONS.get(request.form.get("deed", ""))
    if deed is None:
        raise NotFound(_("没有这个批量操作。"))
    if not here.me.is_(*deed.roles):
        raise NotAllowed(_("您没有权限批量进行“%(what)s”。", what=_(deed.label)))
    asked = search_query.read(request.form, here.now)
    tickets = search_bulk.picked(here.db, here.me, request.form.getlist("ticket"))
    if not tickets:
        flash(_("请先勾选工单。"), "warn")
        return redirect(asked.address(), 303)
    if request.form.get("sure") != "yes":
        read_only.read_only()
        return _bulk_page(asked, deed, tickets)
    return _do_bulk(asked, deed, tickets)


# --- the result ------------------------------------------------------------------------------------------------------


def _find(asked: SearchQuery) -> SearchPage:
    """Rows, how many (to the limit), and the one ticket that the box names."""
    if asked.wanted.phone or asked.wanted.name:
        _note_person(asked)
    after, before = request.args.get("after"), request.args.get("before")
    page = ticket_list.find(here.db, here.me, asked.wanted, sort=asked.sort, after=after, before=before)
    by_name = not page.rows and not after and not before and _looks_like_a_name(asked)
    if by_name and not person_search.exhausted(here.db, here.me, here.now):
        asked = search_query.by_name(asked)
        _note_person(asked)
        page = ticket_list.find(here.db, here.me, asked.wanted, sort=asked.sort)
    rows, exact = _rows(asked, page.rows), _exact(asked, page)
    if exact is not None and not rows:
        return SearchPage([exact], page, 1, exact)
    whole = not after and not before and page.next is None
    count = len(rows) if whole else ticket_list.count(here.db, here.me, asked.wanted)
    return SearchPage(rows, page, count, exact, by_name and bool(rows))


def _opens(asked: SearchQuery, found: SearchPage) -> str:
    """The address of the ticket whose whole number is all that was asked, unless it is being typed or paged."""
    alone = asked.number and set(asked.args) <= {"q"} and not asked.words and not asked.wanted.phone
    return found.exact.url if alone and found.exact is not None else ""


def _note_person(asked: SearchQuery) -> None:
    """Before the first row is read, in a transaction of its own: a page that only reads leaves a row in the book."""
    with here.installation.sessions() as db:
        person_search.note(
            db, here.me, here.now, phone=asked.wanted.phone, name=asked.wanted.name, address=here.address
        )
        db.commit()


def _looks_like_a_name(asked: SearchQuery) -> bool:
    return (
        search_query.looks_like_a_name(asked.words)
        and not asked.wanted.name
        and here.me.is_(*CENTRE_ROLES, *UNIT_ROLES)
    )


def _exact(asked: SearchQuery, page: Page) -> TicketRow | None:
    """The ticket whose number, or the last digits of it, stand in the box."""
    if asked.number:
        return _rows(asked, page.rows)[0] if page.rows else None
    if not asked.tail:
        return None
    ticket = here.db.scalar(select(Ticket).where(Ticket.id == int(asked.tail), visible_to(here.me)))
    return ticket_row(ticket) if ticket is not None else None


def _rows(asked: SearchQuery, tickets: list[Ticket]) -> list[FoundRow]:
    rows = [row_of(FoundRow, one) for one in tickets]
    parts = parts_of(asked.words)
    if not parts:
        return rows
    titles = {row.id: row.title for row, ticket in zip(rows, tickets, strict=True) if may_read(ticket)}
    found = snippets(titles, _written(titles, parts), parts, hidden)
    for row in rows:
        row.title, row.snippet = marked(row.title, parts), found.get(row.id, Markup(""))
    return rows


def _written(titles: Mapping[int, str], parts: list[str]) -> dict[int, str]:
    """The words behind those titles that do not show everything looked for, what was told first before what came later;
    one statement a table."""
    wanted = [one for one, title in titles.items() if any(part not in folded(title) for part in parts)]
    found: dict[int, list[str]] = {one: [] for one in wanted}
    tables: tuple[Any, ...] = (TicketText, Reply, TicketEvent)
    for table in tables:
        lacking = [one for one, said in found.items() if any(part not in folded(" ".join(said)) for part in parts)]
        for row in here.db.scalars(select(table).where(table.ticket_id.in_(lacking))) if lacking else ():
            found[row.ticket_id] += indexing.words_of(row)
    return {one: "\n".join(said) for one, said in found.items()}


def _shown(asked: SearchQuery, found: SearchPage) -> dict[str, Any]:
    views = saved_views.views_of(here.db, here.me)
    return {
        "asked": asked,
        "found": found,
        "quick": _quick() if asked.nothing else (),
        "chips": asked.chips(),
        "views": [_view(one, asked) for one in views],
        "deeds": search_bulk.bulk_actions_of(here.me),
        "page_size": PAGE_SIZE,
        "may_share": here.me.is_(*saved_views.SHARERS),
        "may_export": here.me.is_(*search_export.EXPORTERS),
        "limit": COUNT_LIMIT,
        "name_link": _name_link(asked, found),
    }


def _quick() -> list[tuple[str, str, str]]:
    """(words, icon, address): those that make sense for this person."""
    today = (here.now.astimezone(search_query.zone())).date().isoformat()
    filled = {"me": str(here.me.id), "today": today}
    takes_calls = here.me.is_(Role.AGENT, Role.LEAD_AGENT)
    offered: list[tuple[str, str, dict[str, Any]]] = [
        (_(label), icon, {name: filled.get(str(value), value) for name, value in args.items()})
        for label, icon, args in QUICK
        if "agent" not in args or takes_calls
    ]
    return [(label, icon, url_for("search.show", **args)) for label, icon, args in offered]


def _name_link(asked: SearchQuery, found: SearchPage) -> str:
    """The same box read as a person's name, where it can be one."""
    return (
        search_query.by_name(asked).address() if found.rows and not found.by_name and _looks_like_a_name(asked) else ""
    )


def _view(view: SavedView, asked: SearchQuery) -> dict[str, Any]:
    args = {name: value for name, value in view.query.items() if name in (*search_query.SINGLE, *search_query.MANY)}
    return {
        "id": view.id,
        "name": view.name,
        "shared": view.staff_id is None,
        "url": url_for("search.show", **args),
        "active": args == asked.args,
        "mine": view.staff_id is not None or here.me.is_(*saved_views.SHARERS),
    }


def _choices(asked: SearchQuery) -> dict[str, Any]:
    """The lists of the filters."""
    city = here.city
    return {
        "states": [(state.value, _(shown.name)) for state, shown in STATES.items()],
        "channels": _list(CHANNELS),
        "types": _list(REQUEST_TYPES),
        "urgencies": _list(URGENCIES),
        "privacies": _list(PRIVACIES),
        "cards": _list(CARD_NAMES),
        "closes": [(code, close_words(code)) for code in CLOSE_KINDS],
        "areas": [(code, city.area_name(code)) for code in city.areas],
        "suggestions": _suggestions(city.release, language()),
        "facts": [(code, _(FACT_NAMES[code])) for code in FACTS],
        "soons": [(str(n), _("%(n)s 小时内", n=n)) for n in SOON_HOURS],
        "rounds": [(str(n), _("第 %(n)s 轮及以上", n=n)) for n in (2, 3, 4)],
        "urges": [(str(n), _("%(n)s 次及以上", n=n)) for n in (1, 2, 3)],
        "my_id": str(here.me.id),
        "unit_value": city.unit_name(asked.wanted.unit) if asked.wanted.unit else asked.args.get("unit", ""),
        "category_value": _category_value(asked),
    }


@lru_cache(maxsize=4)
def _suggestions(_release: str, _language: str) -> Markup:
    """The names of all units and categories behind their fields; the same for everybody, so drawn once."""
    lists = (("units-list", unit_choices(here.city)), ("categories-list", category_options()))
    return Markup("").join(
        Markup('<datalist id="{}">{}</datalist>').format(
            name, Markup("").join(Markup('<option value="{}">{}</option>').format(*option) for option in options)
        )
        for name, options in lists
    )


def _category_value(asked: SearchQuery) -> str:
    code = asked.args.get("category", "")
    return f"{code} {here.city.category_name(code)}" if code in here.city.categories else code


def _list(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(code, _(label)) for code, label in words.items()]


# --- export and bulk -------------------------------------------------------------------------------------------------


def _export_problems(asked: SearchQuery, kind: str, reason: str) -> dict[str, str]:
    problems = dict(asked.problems)
    if asked.nothing:
        problems[""] = _("还没有条件，请先查询再导出。")
    if kind not in search_export.FORMATS:
        problems["format"] = _("请选择文件格式。")
    if len(reason) < 2:
        problems["reason"] = _("请写明用途，导出会被记录。")
    return problems


def _export_page(asked: SearchQuery, problems: dict[str, str], reason: str = "", kind: str = "xlsx") -> str:
    if asked.wanted.phone or asked.wanted.name:
        _note_person(asked)
    count = 0 if asked.nothing or asked.problems else ticket_list.count(here.db, here.me, asked.wanted)
    return render_template(
        "search/export.html",
        asked=asked,
        problems=problems,
        reason=reason,
        kind=kind,
        count=count,
        limit=COUNT_LIMIT,
        most=search_export.MOST,
        chips=asked.chips(),
    )


def _bulk_page(
    asked: SearchQuery,
    deed: search_bulk.BulkAction,
    tickets: list[Ticket],
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "search/bulk.html",
        asked=asked,
        deed=deed,
        label=_(deed.label),
        rows=[row_of(BulkRow, one, turn=one.move_count) for one in tickets],
        questions=[question(one, tickets[0]) for one in deed.questions()],
        values=_as_typed(deed, typed or {}),
        problems=problems or {},
        outcomes=None,
    )


def _as_typed(deed: search_bulk.BulkAction, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as the form shows them: units by name."""
    return shown_values(tuple(deed.questions()), typed)


def _do_bulk(asked: SearchQuery, deed: search_bulk.BulkAction, tickets: list[Ticket]) -> ResponseReturnValue:
    typed = typed_answers(tuple(deed.questions()), MultiDict(request.form))
    try:
        search_bulk.check(deed, typed, here.city)
    except Refusal as refusal:
        read_only.read_only()
        return _bulk_page(asked, deed, tickets, typed, refusal.problems or {"": refusal.sentence}), 400
    if not first_time(here.db, here.now):
        flash(_("已经提交过，没有重复办理。"), "info")
        return redirect(asked.address(), 303)
    seen = {one.number: request.form.get(f"seen-{one.number}", type=int) for one in tickets}
    outcomes = search_bulk.do_all(here.db, here.city, deed, tickets, here.me, here.now, typed, seen)
    rows = [row_of(BulkRow, one.ticket, turn=one.ticket.move_count, refused=one.sentence) for one in outcomes]
    return render_template(
        "search/bulk.html",
        asked=asked,
        deed=deed,
        label=_(deed.label),
        rows=rows,
        outcomes=outcomes,
        done=sum(one.sentence is None for one in outcomes),
    )
