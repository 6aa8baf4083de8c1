"""Forms on paper from a ticket's page; of a sealed matter only the unit's version is printed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from hotline.errors import NotFound
from hotline.i18n import N_, _
from hotline.messages.values import clock_name
from hotline.staff.openings import tell_used_up
from hotline.tickets.directives import rules as directives
from hotline.tickets.disputes import parties
from hotline.tickets.names import ActionName as Do
from hotline.tickets.privacy import audit, redact, visibility
from hotline.tickets.privacy.reveal import may_reveal, recipient_of, reveal
from hotline.tickets.reply_rules.replies import last_reply
from hotline.web.core.formatting import masked_name
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.core.sessions import shown_since
from hotline.web.ticket.details import limit_words
from models import Assignment, Deadline, Directive, Review, Survey, Ticket, TicketEvent

pages = Blueprint("prints", __name__)
FORMS = {
    "dispatch": (N_("转办单"), N_("转"), "signpost-split"),
    "supervision": (N_("督办单"), N_("督"), "flag"),
    "follow-up": (N_("回访单"), N_("访"), "telephone-outbound"),
    "hand-over": (N_("移交单"), N_("移"), "telephone-forward"),
    "slip": (N_("来访排队单"), N_("号"), "people"),
    "minutes": (N_("会商纪要"), N_("会"), "journal-text"),
    "letter": (N_("答复函"), N_("复"), "envelope"),
}
"""What each form is called, the sign in its number, and its icon."""


def forms_of(ticket: Ticket) -> list[str]:
    """The forms that a ticket has come far enough for."""
    asked = ticket.state in ("to_follow_up", "closed", "archived")
    ready = {
        "dispatch": bool(ticket.unit_code),
        "supervision": order_of(ticket) is not None,
        "follow-up": bool(ticket.unit_code) and asked,
        "hand-over": ticket.state == "transferred",
        "slip": ticket.channel == "visit",
        "minutes": any(one.action == Do.KEEP_MINUTES for one in parties.said_in(here.db, ticket.id)),
        "letter": asked and bool(ticket.text.public_answer),
    }
    return [name for name in FORMS if ready[name]]


@pages.get("/tickets/<number>/print/<form>")
@allow(EVERYBODY)
def show(number: str, form: str) -> str:
    """One form, one page of A4; the browser prints it."""
    ticket = visibility.see(here.db, here.me, number)
    return _printed(ticket, form, _addressed_lately(ticket) if form == "letter" else "")


@pages.post("/tickets/<number>/print/letter")
@allow(EVERYBODY)
def addressed(number: str) -> ResponseReturnValue:
    """The letter with name and address in the window of its envelope: shown for posting it, on the record as any reveal."""
    ticket = visibility.see(here.db, here.me, number)
    if "letter" not in forms_of(ticket):
        raise NotFound(_("这张工单现在没有这种单子。"))
    reveal(here.db, here.me, ticket, "recipient", "letter", here.now, here.address)
    tell_used_up(here.db, here.me, "reveal", here.now)
    return redirect(url_for("prints.show", number=number, form="letter"), 303)


def _addressed_lately(ticket: Ticket) -> str:
    """Name and address as long as they stay revealed to this person: reading the page again is no second look."""
    shown = audit.lately(here.db, "reveal", here.me, shown_since(), ticket_id=ticket.id, subject="recipient")
    return recipient_of(ticket) if shown and may_reveal(here.me, ticket) else ""


def _printed(ticket: Ticket, form: str, recipient: str = "") -> str:
    """recipient: what stands in the window of the letter's envelope, once somebody has asked for it."""
    number = ticket.number
    if form not in forms_of(ticket):
        raise NotFound(_("这张工单现在没有这种单子。"))
    title, sign, _icon = FORMS[form]
    order = order_of(ticket) if form == "supervision" else None
    return render_template(
        "ticket/print.html",
        ticket=ticket,
        form=form,
        title=_(title),
        number=_number(sign, order.number or number if order else number, ticket.created_at),
        order=order,
        place_in_line=_place_in_line(ticket) if form == "slip" else 0,
        issuer=issuer(),
        recipient=recipient,
        salutation=_salutation(ticket, shown=bool(recipient)),
        can_address=form == "letter" and may_reveal(here.me, ticket) and bool(recipient_of(ticket)),
        words=redact.unit_words(ticket) if ticket.privacy == "sealed" else redact.words_for(here.me, ticket),
        sealed=ticket.privacy == "sealed",
        helpers=_helpers(ticket),
        meeting=parties.said_in(here.db, ticket.id) if form == "minutes" else (),
        ruling=_ruling(ticket) if form == "minutes" else None,
        body=_handed_to(ticket),
        clocks=_clocks(ticket),
        reply=last_reply(here.db, ticket.id),
        review=_last(select(Review).where(Review.ticket_id == ticket.id).order_by(Review.id.desc())),
        survey=_last(select(Survey).where(Survey.own_id == ticket.id).order_by(Survey.id.desc())),
    )


def _salutation(ticket: Ticket, shown: bool) -> str:
    """Whom the letter greets: by the whole name once it is shown for posting."""
    if ticket.privacy == "sealed":
        return _("来信人")
    name = ticket.contact_name if shown else masked_name(ticket.contact_name)
    return name or _("市民朋友")


def _place_in_line(ticket: Ticket) -> int:
    """Which visitor of the city's day this is, the first is 1; the same whenever the slip is printed."""
    morning = here.city.calendar.start_of_day(ticket.created_at)
    before = select(func.count()).where(
        Ticket.channel == "visit", Ticket.created_at >= morning, Ticket.id <= ticket.id, Ticket.state != "draft"
    )
    return here.db.scalar(before) or 0


def _last(query):
    return here.db.scalars(query.limit(1)).first()


def _short() -> str:
    """安阳市 → 安: documents are numbered by the city's first character."""
    return here.city.name[:1]


def _number(sign: str, number: str, at: datetime) -> str:
    """As it is quoted, the same whenever it is printed: by the year of the ticket; an order under its own number."""
    if "〔" in number:
        return _("%(city)s热%(number)s", city=_short(), number=number)
    year = f"{at.astimezone(ZoneInfo(here.city.timezone)):%Y}"
    return _("%(city)s热%(sign)s〔%(year)s〕%(number)s号", city=_short(), sign=_(sign), year=year, number=number)


def order_of(ticket: Ticket) -> Directive | None:
    """The newest supervision order that this reader may read."""
    orders = directives.of_ticket(here.db, here.me, ticket)
    return next((one for one in orders if one.kind == "supervision"), None)


def issuer() -> str:
    """Who stands over a form: the city and its centre."""
    centre = next(unit.code for unit in here.city.units.values() if unit.kind == "hotline")
    return _("%(city)s%(centre)s", city=here.city.title, centre=here.city.unit_name(centre))


def _ruling(ticket: Ticket) -> TicketEvent | None:
    """How the dispute was decided, if it is."""
    asked = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Do.RULE)
    return _last(asked.order_by(TicketEvent.id.desc()))


def _helpers(ticket: Ticket) -> list[str]:
    asked = select(Assignment.unit_code).where(
        Assignment.ticket_id == ticket.id, Assignment.part == "helper", Assignment.round == ticket.round
    )
    return [here.city.unit_name(code) for code in here.db.scalars(asked)]


def _handed_to(ticket: Ticket) -> str:
    """The body outside that took the matter over."""
    asked = select(TicketEvent.data).where(TicketEvent.ticket_id == ticket.id, TicketEvent.action == Do.TRANSFER_OUT)
    told = here.db.scalars(asked.order_by(TicketEvent.id.desc()).limit(1)).first()
    return here.city.unit_name(str((told or {}).get("body", "")))


def _clocks(ticket: Ticket) -> list[tuple[str, str, object]]:
    """The clocks of this round that bind the unit: name, how long, until when."""
    wanted = ("sign", "contact", "feedback", "reply", "redo")
    found = select(Deadline).where(
        Deadline.ticket_id == ticket.id, Deadline.round == ticket.round, Deadline.clock.in_(wanted)
    )
    rows = sorted(here.db.scalars(found), key=lambda one: one.due_at)
    return [(clock_name(one.clock), limit_words(one.limit), one.due_at) for one in rows]
