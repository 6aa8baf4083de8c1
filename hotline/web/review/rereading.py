"""The page of the second reading: which quick passes were drawn, and what the reader says of each."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.i18n import _
from hotline.tickets.lists import review_queue
from hotline.tickets.lists.rereading import habits, read_again, waiting
from hotline.tickets.roles import Role
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here

pages = Blueprint("rereading", __name__, url_prefix="/rereading")
READERS = frozenset({Role.QUALITY, Role.SUPERVISOR, Role.HEAD})


@pages.get("/", strict_slashes=False)
@allow(READERS)
def show() -> str:
    return render_template(
        "review/rereading.html",
        rows=waiting(here.db, here.me),
        people=habits(here.db, here.now - review_queue.LOOK_BACK),
        share=here.city.policy.reread_share,
    )


@pages.post("/<int:review_id>")
@allow(READERS)
def judge(review_id: int) -> ResponseReturnValue:
    """verdict: agrees, or anything else with words."""
    agrees = request.form.get("verdict") == "agrees"
    read_again(here.db, here.me, review_id, agrees, request.form.get("words", ""), here.now)
    flash(_("复核已记下。"), "good")
    return redirect(url_for("rereading.show"), 303)
