"""A citizen's own page: how the matter stands, what was answered, and what they can add; opened by number and query code."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.public_board.consent import may_be_public, publication_of
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.merged import withdrawal
from hotline.tickets.display import citizen_view
from hotline.tickets.privacy.file_kinds import ACCEPT
from hotline.tickets.roles import voice
from hotline.tickets.seals.seal_files import receipt_of
from hotline.web.citizen.access import forget_all, need, proved_ticket, public_page
from hotline.web.citizen.files import MOST_FILES, sent_files, take_files
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.limits.rate_limits import (
    accepted,
    address,
    browser,
    counted_under,
    limited,
    limiter,
    megabytes,
    ticket_and_address,
)
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.ticket import files
from models import Attachment, Ticket

pages = Blueprint("progress", __name__, url_prefix="/p")
DONE = {
    "add": N_("您补充的内容已记入工单，承办单位会看到。"),
    "urge": N_("已催办，承办单位会看到。"),
    "withdraw": N_("已按您的意愿撤回。如有需要，欢迎再次联系我们。"),
    "attach": N_("文件已收到。"),
}


@pages.get("/<number>", strict_slashes=False)
@allow(PUBLIC)
@limited(("120 per minute", browser, None), ("1200 per minute", address, None))
def show(number: str) -> ResponseReturnValue:
    """Asks for the code unless this browser has shown it; an unknown number asks for it just the same."""
    ticket = proved_ticket(number)
    if ticket is None:
        return public_page("citizen/track.html", value={"number": number[:24]}, problems={}, from_link=True)
    return _page(ticket)


@pages.get("/<number>/<path:glued>")
@allow(PUBLIC)
@limited(("120 per minute", browser, None), ("1200 per minute", address, None))
def glued(number: str, glued: str) -> ResponseReturnValue:
    """A phone took the words behind the link for a part of it, and there is a slash among them."""
    return redirect(url_for(".show", number=number))


@pages.get("/<number>/receipt")
@allow(PUBLIC)
@limited(("20 per minute", browser, None), ("200 per minute", address, None))
def receipt(number: str) -> Response:
    """What has been done so far, to be kept: anybody can hold it against the roots that were told outside."""
    made = receipt_of(here.db, here.settings, need(number))
    response = Response(made.text(), mimetype="text/plain")
    response.headers["Content-Disposition"] = f"attachment; filename=receipt-{made.number}-{made.day}.txt"
    return response


@pages.post("/<number>/leave")
@allow(PUBLIC)
def leave(number: str) -> ResponseReturnValue:
    """For a borrowed or public device: the code is asked for again."""
    forget_all()
    flash(_("已关闭查询，再看请重新输入查询码。"), "good")
    return redirect(url_for("citizen.home"), 303)


@pages.post("/<number>/<deed>")
@allow(PUBLIC)
@limited(
    ("20 per hour; 60 per day", ticket_and_address, accepted),
    ("600 per hour; 3000 per day", address, accepted),
    ("60 per minute", browser, None),
    ("600 per minute", address, None),
)
@limiter.limit("500 per hour", key_func=counted_under(browser), cost=megabytes)
@limiter.limit("5000 per hour", key_func=counted_under(address), cost=megabytes)
@takes_files
def do(number: str, deed: str) -> ResponseReturnValue:
    """add (words, files or both), urge or withdraw, done to the ticket that is handled."""
    own = need(number)
    master = citizen_view.master_of(here.db, own)
    try:
        done = _add(own, master) if deed == "add" else _plain(own, master, deed)
    except Refusal as refusal:
        read_only()
        problems = refusal.problems or {"text" if deed == "add" else "": refusal.sentence}
        return _page(need(number), request.form, problems, deed), refusal.status
    flash(_(DONE[done]), "good")
    return redirect(url_for("citizen.progress.show", number=own.number), 303)


@pages.get("/<number>/files/<stored_as>")
@allow(PUBLIC)
def file(number: str, stored_as: str) -> Response:
    """Only what this citizen sent."""
    own = need(number)
    master = citizen_view.master_of(here.db, own)
    held = here.db.scalar(
        select(Attachment).where(
            Attachment.stored_as == stored_as,
            Attachment.ticket_id.in_({own.id, master.id}),
            Attachment.side == "citizen",
            Attachment.removed_at.is_(None),
        )
    )
    names = {own.id: voice(own, own).name, master.id: voice(own, master).name}
    if held is None or held.ticket_id is None or held.added_by_name != names[held.ticket_id]:
        raise NotFound(_("没有这个文件。"))
    return files.send(held, held.name)


def _add(own: Ticket, master: Ticket) -> str:
    """Words go into the story; files alone are enough."""
    text = request.form.get("text", "").strip()
    take_files(own, master)
    if sent_files() and not text:
        return "attach"
    held = lock(here.db, master.id)
    act(here.db, here.city, held, "add", voice(own, held), here.now, {"text": text})
    return "add"


def _plain(own: Ticket, master: Ticket, deed: str) -> str:
    """Who withdraws goes alone, with their own ticket."""
    if deed not in ("urge", "withdraw"):
        raise Refusal(_("这张工单现在不能这样做。"))
    held = lock(here.db, own.id if deed == "withdraw" else master.id)
    try:
        done = withdrawal(here.db, held) if deed == "withdraw" else deed
        act(
            here.db,
            here.city,
            held,
            done,
            voice(own, held),
            here.now,
            {"text": request.form.get("text", ""), "reason": request.form.get("reason", "")},
        )
    except OutOfTurn as late:
        raise Refusal(_("这张工单已经有了新进展，请看最新情况。")) from late
    return deed


def _page(ticket: Ticket, value: Any = None, problems: Any = None, which: str = "") -> str:
    shown = citizen_view.progress(here.db, here.city, ticket, here.now)
    return public_page(
        "citizen/progress.html",
        p=shown,
        publication=publication_of(here.db, ticket),
        may_be_public=may_be_public(ticket) and not shown.merged,
        value=value or {},
        problems=problems or {},
        which=which,
        accept=ACCEPT,
        most_files=MOST_FILES,
    )
