"""Jobs that are late or were given up, texts that did not arrive, and what the outside sent that could not be understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, joinedload

from classifier.text.cues import safety
from hotline import outbox
from hotline.errors import NotFound, OutOfTurn
from hotline.i18n import N_, _
from hotline.messages.told_secrets import is_spent
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.raw_words import read_raw, starred_raw
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import SEALED_ROLES, Actor, Role
from hotline.web.admin.pages import READERS, page, pages, record
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import sorted_page
from models import Inbound, Job, Message, Ticket
from models.job import given_up, late, undone
from models.store.db import changed
from webhooks.numbers import read_phone

MOST_AT_ONCE = 1000
WHISTLES = re.compile(
    "举报|检举|揭发|保密|受贿|行贿|贿赂|贪污|报复|匿名|whistle|confidential|anonym|brib", re.IGNORECASE
)
"""Who writes so may be an informant, whatever becomes of the letter."""

JOB_TABS = {"failed": N_("已放弃"), "late": N_("迟了"), "waiting": N_("等候中"), "kept": N_("已兑现")}
MESSAGE_TABS = {"failed": N_("没有送到"), "stuck": N_("发送中断"), "queued": N_("待发送"), "sent": N_("已发出")}
INBOUND_TABS = {"refused": N_("待处理"), "settled": N_("已处理"), "stored": N_("没有办完")}
MESSAGE_STATES = {
    "failed": ("failed", "undelivered"),
    "stuck": ("sending",),
    "queued": ("queued",),
    "sent": ("sent", "delivered", "read"),
}


def of_tab(tab: str, now: datetime) -> tuple[Any, ...]:
    """The jobs of one tab; every job that is not done stands in exactly one."""
    return {
        "failed": (given_up(),),
        "late": (late(now),),
        "waiting": (undone(), ~late(now)),
        "kept": (Job.done_at.is_not(None),),
    }[tab]


def late_and_failed(db: Session, now: datetime) -> tuple[int, int, datetime | None]:
    """How many are late, how many were given up, and since when the oldest open one should have been kept."""
    overdue = db.scalar(select(func.count()).select_from(Job).where(*of_tab("late", now))) or 0
    failed = db.scalar(select(func.count()).select_from(Job).where(*of_tab("failed", now))) or 0
    return overdue, failed, db.scalar(select(func.min(Job.run_at)).where(*of_tab("late", now)))


@pages.get("/jobs")
@allow(READERS)
def jobs() -> str:
    tab = request.args.get("tab", "failed")
    tab = tab if tab in JOB_TABS else "failed"
    name, sort = request.args.get("name", ""), request.args.get("sort", "run" if tab != "kept" else "-run")
    where = (*of_tab(tab, here.now), *((Job.name == name[:32],) if name else ()))
    turned = sorted_page(
        here.db,
        select(Job).where(*where),
        Job.run_at,
        Job.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    counts = {
        one: here.db.scalar(select(func.count()).select_from(Job).where(*of_tab(one, here.now)))
        for one in ("failed", "late", "waiting")
    }
    by_name = here.db.execute(
        select(Job.name, func.count(), func.min(Job.run_at))
        .where(*of_tab(tab, here.now))
        .group_by(Job.name)
        .order_by(Job.name)
    ).all()
    tabs = [(_(label), url_for("admin.jobs", tab=one), one == tab, counts.get(one)) for one, label in JOB_TABS.items()]
    oldest = here.db.scalar(select(func.min(Job.run_at)).where(*of_tab("late", here.now)))
    return page("outbox", turned=turned, tabs_=tabs, tab=tab, name=name, by_name=by_name, oldest=oldest, sort=sort)


@pages.post("/jobs/<int:job_id>/retry")
@allow(Role.ADMINISTRATOR)
def retry(job_id: int) -> ResponseReturnValue:
    if not outbox.retry(here.db, job_id, here.now):
        raise OutOfTurn(_("这个待办已经兑现，不必重试。"))
    record("job_retried", str(job_id))
    flash(_("已重新交办。"), "good")
    return redirect(url_for("admin.jobs", tab=request.form.get("tab", "failed")), 303)


@pages.post("/jobs/retry")
@allow(Role.ADMINISTRATOR)
def retry_all() -> ResponseReturnValue:
    """All of one tab, or those of one name."""
    tab, name = request.form.get("tab", "failed"), request.form.get("name", "")[:32]
    tab = tab if tab in ("failed", "late") else "failed"
    wanted = (
        select(Job.id)
        .where(*of_tab(tab, here.now), *((Job.name == name,) if name else ()))
        .order_by(Job.id)
        .limit(MOST_AT_ONCE)
    )
    done = sum(outbox.retry(here.db, job_id, here.now) for job_id in here.db.scalars(wanted).all())
    record("jobs_retried", f"{tab}:{name or '*'}", count=done)
    flash(_("已重新交办 %(n)d 个待办。", n=done), "good")
    return redirect(url_for("admin.jobs", tab=tab, name=name or None), 303)


@pages.get("/messages")
@allow(READERS)
def messages() -> str:
    tab = request.args.get("tab", "failed")
    tab = tab if tab in MESSAGE_TABS else "failed"
    sort = request.args.get("sort", "-created")
    where: tuple[Any, ...] = (
        Message.state.in_(MESSAGE_STATES[tab]),
        Message.channel != "desk",
        Message.direction == "out",
    )
    closed = _closed_to(here.me)
    where = where if tab == "failed" else (*where, ~closed)
    turned = sorted_page(
        here.db,
        select(Message).where(*where),
        Message.created_at,
        Message.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    tickets = _tickets_of(turned.rows)
    hidden = set(here.db.scalars(select(Message.id).where(Message.id.in_([one.id for one in turned.rows]), closed)))
    return page("messages", turned=turned, tickets=tickets, hidden=hidden, tab=tab, sort=sort, tabs_=_message_tabs(tab))


def _closed_to(me: Actor) -> Any:
    """Texts about a sealed matter that this person may not open: who was told of what, and when. Only one that did not arrive
    stands on the page, without its number and words, for somebody must send it again."""
    sealed = exists().where(Ticket.id == Message.ticket_id, Ticket.privacy == "sealed", ~visible_to(me))
    return sealed.correlate(Message)


def _tickets_of(messages: Sequence[Message]) -> dict[int, Ticket]:
    """What each text is about: its people are starred in it as they are on the ticket's page."""
    numbers = {one.ticket_id for one in messages if one.ticket_id is not None}
    wanted = select(Ticket).where(Ticket.id.in_(numbers)).options(joinedload(Ticket.text), joinedload(Ticket.citizen))
    return {one.id: one for one in here.db.scalars(wanted)}


@pages.post("/messages/<int:message_id>/resend")
@allow(Role.ADMINISTRATOR)
def resend(message_id: int) -> ResponseReturnValue:
    """A text that failed goes into the queue once more. One that may be on its way is left to the settling of the minute clock."""
    held = here.db.get(Message, message_id)
    if held is not None and is_spent(held):
        raise OutOfTurn(_("这条短信里的查询码、链接或密码已按期清除，不能再发。请用工单页面重新告知，密码请重新设置。"))
    again = update(Message).where(
        Message.id == message_id, Message.state.in_(("failed", "undelivered")), Message.channel != "desk"
    )
    if changed(here.db, again.values(state="queued", claimed_at=None, error=None, provider_id=None)) != 1:
        raise OutOfTurn(_("这条短信现在不能重发，请刷新看看。"))
    outbox.enqueue(
        here.db, "send", key=f"send:{message_id}:resent:{here.now.isoformat()}", now=here.now, message_id=message_id
    )
    record("message_resent", str(message_id))
    flash(_("短信已重新排队。"), "good")
    return redirect(url_for("admin.messages"), 303)


@pages.get("/inbound")
@allow(READERS)
def inbound() -> str:
    """What the outside sent and was refused: kept raw, shown masked."""
    sort = request.args.get("sort", "-received")
    asked = request.args.get("tab", "refused")
    tab = asked if asked in INBOUND_TABS else "refused"
    where = Inbound.state == tab
    turned = sorted_page(
        here.db,
        select(Inbound).where(where),
        Inbound.received_at,
        Inbound.id,
        rising=not sort.startswith("-"),
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    inner = [(_(label), url_for("admin.inbound", tab=one), one == tab) for one, label in INBOUND_TABS.items()]
    return page("inbound", turned=turned, sort=sort, tabs_=_message_tabs("inbound"), inner=inner)


@pages.get("/inbound/<int:inbound_id>")
@allow(READERS)
def inbound_one(inbound_id: int) -> str:
    """Taken apart and masked; who may not see a ticket of that number may not read the letter either. Each look is written down."""
    one = here.db.get(Inbound, inbound_id)
    if one is None or one.state not in INBOUND_TABS:
        raise NotFound(_("没有这条来件。"))
    words = read_raw(one.body)
    shown = _may_read(words)
    with here.installation.sessions() as db:
        audit.record(
            db, "inbound_read", here.me, here.now, subject=str(one.id), address=here.address, shown=shown, kind=one.kind
        )
        db.commit()
    return page("inbound_one", one=one, words=starred_raw(words) if shown else None)


def _may_read(words: list[tuple[str, str]]) -> bool:
    """Closed to those who guard no informant: letters that ask for secrecy or report somebody, and those from a number of whose
    tickets one is closed to them."""
    if here.me.is_(*SEALED_ROLES):
        return True
    if any(WHISTLES.search(value) or "informant" in {one.code for one in safety(value)} for _name, value in words):
        return False
    phones = {number for _name, value in words if len(value) < 40 and (number := read_phone(value).number)}
    theirs = select(Ticket.id).where(Ticket.contact_phone.in_(phones), ~visible_to(here.me)).limit(1)
    return not phones or here.db.scalar(theirs) is None


@pages.post("/inbound/<int:inbound_id>/settle")
@allow(Role.ADMINISTRATOR)
def settle(inbound_id: int) -> ResponseReturnValue:
    """Somebody has looked and done what was needed: it no longer counts as waiting, and stays readable."""
    refused = update(Inbound).where(Inbound.id == inbound_id, Inbound.state == "refused")
    if changed(here.db, refused.values(state="settled", handled_at=here.now)) != 1:
        raise OutOfTurn(_("这件来件已经处理过了。"))
    record("inbound_settled", str(inbound_id))
    flash(_("已标为处理过。"), "good")
    return redirect(url_for("admin.inbound"), 303)


def _message_tabs(tab: str) -> list[tuple[str, str, bool, Any]]:
    found: list[tuple[str, str, bool, Any]] = [
        (_(label), url_for("admin.messages", tab=one), one == tab, None) for one, label in MESSAGE_TABS.items()
    ]
    refused = here.db.scalar(select(func.count()).select_from(Inbound).where(Inbound.state == "refused"))
    return [*found, (_("拒收的来件"), url_for("admin.inbound"), tab == "inbound", refused)]


@pages.get("/promises")
@allow(READERS)
def former_address() -> ResponseReturnValue:
    """The page's address before it was called jobs; bookmarks still lead here."""
    return redirect(url_for("admin.jobs", tab=request.args.get("tab")), 301)
