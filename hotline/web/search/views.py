"""Search: one box that understands numbers, telephones and Chinese words, filters as chips, and what to do with the result."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.staff.taking_away import Take, counted, waits
from hotline.tickets.lists import saved_views, ticket_list
from hotline.tickets.lists.paging import PAGE_SIZE
from hotline.tickets.lists.ticket_list import COUNT_LIMIT
from hotline.tickets.privacy import audit
from hotline.tickets.roles import CENTRE_ROLES, EXPORTERS, UNIT_ROLES, Role
from hotline.web.core import read_only, transaction
from hotline.web.core.formatting import hidden
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.search import bulk as search_bulk
from hotline.web.search import export as search_export
from hotline.web.search import query as search_query
from hotline.web.search.choices import choices, quick_searches
from hotline.web.search.export_columns import COLUMNS, chosen
from hotline.web.search.query import SearchQuery
from hotline.web.search.results import NOTHING, SearchPage, find, may_be_a_name, note_person, opens
from models import SavedView

pages = Blueprint("search", __name__, url_prefix="/search")
SEARCHERS = CENTRE_ROLES | UNIT_ROLES | {Role.CITY_LEADER, Role.DISCIPLINE, Role.MEDIA}


@pages.get("/", strict_slashes=False)
@allow(SEARCHERS)
def show() -> ResponseReturnValue:
    """The page; to htmx only the part with the result. A whole number and nothing else opens the ticket itself."""
    asked = search_query.read(request.args, here.now)
    found = NOTHING if asked.nothing or asked.problems else find(asked)
    if (address := opens(asked, found)) and here.htmx and request.headers.get("HX-Trigger") != "f-q":
        return Response("", 204, {"HX-Redirect": address})
    if address and not here.htmx:
        return redirect(address, 303)
    if here.htmx and request.headers.get("HX-Target", "").endswith("found"):
        return render_template("search/_found.html", **_shown(asked, found))
    return render_template("search/show.html", **_shown(asked, found), **choices(asked))


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
@allow(EXPORTERS, to="do:export")
def export() -> ResponseReturnValue:
    """What would go into the file, and the question what for."""
    asked = search_query.read(request.args, here.now)
    if asked.nothing or asked.problems:
        return redirect(asked.address())
    return _export_page(asked, {})


@pages.post("/export")
@allow(EXPORTERS, to="do:export")
def download() -> ResponseReturnValue:
    """The deed is in the book before the first row is read; the rows are read without holding the database."""
    asked, kind = search_query.read(request.form, here.now), request.form.get("format", "")
    reason = " ".join(request.form.get("reason", "").split())
    problems = _export_problems(asked, kind, reason)
    if problems:
        read_only.read_only()
        return _export_page(asked, problems, reason, kind), 400
    rows = ticket_list.count(here.db, here.me, asked.wanted, most=here.settings.export_alone)
    take = Take(repr(sorted(asked.args.items())), hidden(asked.in_words()), hidden(reason), rows)
    alone = counted(here.db, here.me, take, here.settings.export_alone, here.now, here.address)
    if alone is None:
        flash(waits(here.settings.export_alone), "warn")
        return redirect(asked.address(), 303)
    audit.record(
        here.db,
        "export",
        here.me,
        here.now,
        subject=hidden(asked.in_words())[:120],
        address=here.address,
        format=kind,
        reason=hidden(reason),
        alone=alone,
    )
    transaction.commit()
    with here.installation.readings() as db:
        columns = chosen(request.form.getlist("column"))
        found = search_export.rows(db, here.me, asked.wanted, columns)
        said = search_export.notes(here.me, hidden(asked.in_words()), reason, here.now, here.settings.secret_key)
        file, count = search_export.write(kind, columns, found, said)
    audit.record(here.db, "exported", here.me, here.now, address=here.address, format=kind, rows=count)
    name = f"12345-{here.now:%Y%m%d-%H%M%S}.{kind}"
    return send_file(file, mimetype=search_export.FORMATS[kind], as_attachment=True, download_name=name, max_age=0)


def _shown(asked: SearchQuery, found: SearchPage) -> dict[str, Any]:
    views = saved_views.views_of(here.db, here.me)
    return {
        "asked": asked,
        "found": found,
        "quick": quick_searches() if asked.nothing else (),
        "chips": asked.chips(),
        "views": [_view(one, asked) for one in views],
        "deeds": search_bulk.bulk_actions_of(here.me),
        "page_size": PAGE_SIZE,
        "may_share": here.me.is_(*saved_views.SHARERS),
        "may_export": here.me.doing("do:export").is_(*EXPORTERS),
        "limit": COUNT_LIMIT,
        "name_link": _name_link(asked, found),
    }


def _name_link(asked: SearchQuery, found: SearchPage) -> str:
    """The same box read as a person's name, where it can be one."""
    return search_query.by_name(asked).address() if found.rows and not found.by_name and may_be_a_name(asked) else ""


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


# --- export ----------------------------------------------------------------------------------------------------------


def _export_problems(asked: SearchQuery, kind: str, reason: str) -> dict[str, str]:
    problems = dict(asked.problems)
    if asked.nothing:
        problems[""] = _("还没有条件，请先查询再导出。")
    if kind not in search_export.FORMATS:
        problems["format"] = _("请选择文件格式。")
    if len(reason) < 2:
        problems["reason"] = _("请写明用途，导出会被记录。")
    return problems


def _columns_by_group() -> dict[str, list[tuple[str, str]]]:
    """What a reader may choose from, group by group."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in COLUMNS:
        groups.setdefault(_(one.group), []).append((one.key, _(one.head)))
    return groups


def _export_page(asked: SearchQuery, problems: dict[str, str], reason: str = "", kind: str = "xlsx") -> str:
    if asked.wanted.phone or asked.wanted.name:
        note_person(asked)
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
        columns=_columns_by_group(),
        picked=[one.key for one in chosen(request.form.getlist("column"))],
        chips=asked.chips(),
    )
