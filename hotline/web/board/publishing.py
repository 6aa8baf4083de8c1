"""The desk where a person reads what the public shall read: the citizen's own words beside those that are proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.public_board import publishing
from hotline.public_board.publishing import READERS
from hotline.public_board.wording import LONGEST, Wording, proposed
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from models import Publication, Ticket

pages = Blueprint("publishing", __name__, url_prefix="/publishing")
TABS = {"waiting": N_("待审读"), "published": N_("已公开"), "kept_back": N_("不公开")}
MOST = 999


@pages.get("/", strict_slashes=False)
@allow(READERS)
def show() -> str:
    tab = request.args.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    oldest = tab == "waiting"
    column = Publication.consented_at if oldest else Publication.id
    page = sorted_page(here.db, _rows(tab), column, Publication.id, rising=oldest, **asked_page())
    parts = [
        (_(name), url_for("publishing.show", tab=key), key == tab, _many() if key == "waiting" else None)
        for key, name in TABS.items()
    ]
    return render_template("board/queue.html", rows=page.rows, page=page, tab=tab, parts=parts)


@pages.get("/<int:publication_id>")
@allow(READERS)
def sheet(publication_id: int) -> str:
    return _sheet(publication_id)


@pages.post("/<int:publication_id>")
@allow(READERS)
def publish(publication_id: int) -> ResponseReturnValue:
    wording = Wording(*(request.form.get(name, "") for name in ("title", "request", "answer")))
    return _done(
        publication_id,
        _("已公开，市民现在就能看到。"),
        lambda: publishing.publish(here.db, here.me, publication_id, wording, here.now),
    )


@pages.post("/<int:publication_id>/keep-back")
@allow(READERS)
def keep_back(publication_id: int) -> ResponseReturnValue:
    """What waits is not published; what is published goes from the board with this answer."""
    why = request.form.get("why", "")
    return _done(
        publication_id,
        _("已不公开，原因记在审计里。"),
        lambda: publishing.keep_back(here.db, here.me, publication_id, why, here.now),
    )


def _done(publication_id: int, said: str, do: Callable[[], None]) -> ResponseReturnValue:
    """Refused, the sheet comes back with everything that was typed; done, the next one that waits."""
    try:
        do()
    except Refusal as refusal:
        if refusal.status != 400:
            raise
        read_only()
        problems = refusal.problems or {"": refusal.sentence}
        return _sheet(publication_id, request.form, problems), 400
    flash(said, "good")
    following = here.db.execute(publishing.waiting().order_by(Publication.consented_at).limit(1)).first()
    there = url_for("publishing.sheet", publication_id=following[0].id) if following else url_for("publishing.show")
    return redirect(there, 303)


def _sheet(
    publication_id: int, typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None
) -> str:
    publication, ticket = publishing.found(here.db, publication_id)
    current = publication.state == "published" and publication.round == ticket.round
    wording = Wording(publication.title, publication.request, publication.answer) if current else proposed(ticket)
    value = {name: getattr(wording, name) for name in LONGEST} | dict(typed or {})
    return render_template(
        "board/sheet.html",
        publication=publication,
        ticket=ticket,
        value=value,
        current=current,
        longest=LONGEST,
        problems=problems or {},
    )


def _rows(tab: str) -> Any:
    return publishing.waiting() if tab == "waiting" else publishing.decided(tab)


def _many() -> str:
    """How many wait, counted to a limit."""
    inner = publishing.waiting().with_only_columns(Ticket.id).limit(MOST + 1).subquery()
    many = here.db.scalar(select(func.count()).select_from(inner)) or 0
    return f"{MOST}+" if many > MOST else str(many)
