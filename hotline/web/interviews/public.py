"""The session as everybody sees it: theme, guest and time, the form for a question, and the answers once they were reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.errors import NotFound, Refusal
from hotline.i18n import _, language
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.interviews import planning, questions
from hotline.interviews.figures import figures_of
from hotline.partners import accounts
from hotline.public_board import board
from hotline.public_board.board import Sought
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.roles import SYSTEM
from hotline.web.citizen.access import public_page, remember
from hotline.web.citizen.handing_in import TRAP, a_sheet, check, once_key, stands_apart, wish_to_be_public
from hotline.web.citizen.joining import ASKS, join, kind_of, same_matter, to_be_asked, wants_to_join
from hotline.web.core.formatting import word
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.limits.rate_limits import accepted, address, browser, know_browser, limited, phone, typed_phone
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from models import Interview, InterviewQuestion, Publication, Ticket

WEB = "web"
pages = Blueprint("sessions_public", __name__)
OFTEN = (("120 per minute", browser, None), ("1200 per minute", address, None))


@pages.get("/c/interviews", strict_slashes=False)
@allow(PUBLIC)
@limited(*OFTEN)
def show() -> str:
    """Those to come and those that were, the newest first."""
    wanted = select(Interview).where(Interview.state != "cancelled")
    page = sorted_page(here.db, wanted, Interview.starts_at, Interview.id, rising=False, size=20, **asked_page())
    return public_page("interviews/list.html", rows=page.rows, page=page, states=_states(), now=here.now)


@pages.get("/c/interviews/<int:interview_id>")
@allow(PUBLIC)
@limited(*OFTEN)
def one(interview_id: int) -> str:
    know_browser()
    return _page(_known(interview_id), {}, {})


@pages.post("/c/interviews/<int:interview_id>")
@allow(PUBLIC)
@keyless
@limited(
    ("10 per hour; 40 per day", phone, accepted),
    ("30 per hour; 100 per day", browser, accepted),
    ("600 per hour; 3000 per day", address, accepted),
    ("60 per minute", browser, None),
    ("600 per minute", address, None),
)
def ask(interview_id: int) -> ResponseReturnValue:
    """One form is one question, however often it is sent; the same matter that is here already may be joined. What comes when the
    session takes no questions is a matter like any other."""
    interview, form = planning.find(here.db, interview_id), request.form
    takes = planning.takes_questions(interview, here.now)
    try:
        contact = _contact(form, interview.channel if takes else WEB)
        if (known := to_be_asked(form, contact)) is not None:
            read_only()
            return _page(interview, form, {}, known)
        master = same_matter(contact) if wants_to_join(form) else None
        ticket = open_ticket(here.db, here.city, contact, SYSTEM, here.now)
        if (again := stands_apart(form, contact, ticket)) is not None:
            ticket = open_ticket(here.db, here.city, again, SYSTEM, here.now)
        if takes:
            questions.file(here.db, interview, ticket, "page", here.now)
        if master is not None and ticket.state == "to_dispatch":
            join(ticket, master)
            questions.ask_with(here.db, interview, ticket)
        wish_to_be_public(ticket, form)
    except Refusal as refusal:
        read_only()
        return _page(interview, form, refusal.problems or {"": refusal.sentence}), refusal.status
    remember(ticket)
    if not takes:
        flash(_("这一场现在不收问题，您写的已作为一件诉求受理，照常转办和答复。"), "info")
    return redirect(url_for("citizen.received", number=ticket.number), 303)


def published(interview: Interview) -> list[board.Shown]:
    """What was asked in this session and may be read by now: of a question that was merged, what it was merged into."""
    matters = select(func.coalesce(Ticket.merged_into_id, Ticket.id))
    matters = matters.join(InterviewQuestion, InterviewQuestion.ticket_id == Ticket.id)
    matters = matters.where(InterviewQuestion.interview_id == interview.id)
    asked = board.listed(Sought()).where(Ticket.id.in_(matters.correlate(None)))
    asked = asked.order_by(Publication.published_at, Publication.id)
    return [board.face(*row) for row in here.db.execute(asked)]


def _known(interview_id: int) -> Interview:
    found = here.db.get(Interview, interview_id)
    if found is None or found.state == "cancelled":
        raise NotFound(_("没有这一场访谈，或已经取消。"))
    return found


def _page(
    interview: Interview, value: Mapping[str, Any], problems: Mapping[str, str], known: Ticket | None = None
) -> str:
    return public_page(
        "interviews/one.html",
        interview=interview,
        state=_states()[interview.state],
        kind_name=word("channels", interview.channel),
        takes=planning.takes_questions(interview, here.now),
        typed=bool(value),
        figures=figures_of(here.db, interview),
        shown=published(interview),
        value=value,
        problems=problems,
        known=known,
        kind=kind_of(known) if known else "",
        asks=ASKS,
        accounts=accounts.connected(here.installation),
        text_to=here.city.sms_number or here.settings.twilio_from,
        sheet=a_sheet(value),
        trap=TRAP,
        most=BODY_TEXT,
    )


def _states() -> dict[str, str]:
    return {code: _(name) for code, name in planning.STATES.items()}


def _contact(form: Mapping[str, str], channel: str) -> Contact:
    """Raises Refusal naming what is missing."""
    check(form, _("请写下您的问题。"), _("请勾选同意，我们才能把问题转给承办单位办理。"))
    return Contact(
        body=form.get("body", ""),
        channel=channel,
        phone=typed_phone(),
        name=form.get("name", ""),
        language=language(),
        once=once_key("talk", form),
        extra={"consent_at": here.now.isoformat()},
    )
