"""The tickets behind a number: a list by pages of those that it counts, as far as this reader may see them."""

from __future__ import annotations

from flask import render_template, request

from hotline.tickets.lists import ticket_list
from hotline.tickets.lists.ticket_list import Wanted
from hotline.web.core.formatting import ticket_row
from hotline.web.core.request_context import here


def tickets_behind(wanted: Wanted, title: str, back: str, note: str = "") -> str:
    """The page. back: where the number stands; note: why the list may be shorter than the number."""
    sort = request.args.get("sort", "due")
    page = ticket_list.find(
        here.db, here.me, wanted, sort=sort, after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template(
        "overview/behind.html",
        rows=[ticket_row(one) for one in page.rows],
        page=page,
        sort=sort,
        count=ticket_list.counted(ticket_list.count(here.db, here.me, wanted)),
        title=title,
        back=back,
        note=note,
    )
