"""The citizens' door: hand in a matter, look up how it stands, and read how long things take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import Refusal
from hotline.i18n import _, language
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.keys.codes import query_code
from hotline.tickets.display import citizen_view
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.points.told import read_told
from hotline.tickets.privacy.file_kinds import ACCEPT
from hotline.tickets.roles import SYSTEM
from hotline.tickets.seals.receipts import CHECK_BY_HAND
from hotline.tickets.seals.seal_files import NIGHTLY
from hotline.tickets.vocabulary import REQUEST_TYPES
from hotline.web.citizen import mine, progress, survey
from hotline.web.citizen.access import proved_ticket, public_page, remember
from hotline.web.citizen.files import MOST_FILES, keep_files, take_files, waiting_files
from hotline.web.citizen.handing_in import (
    TRAP,
    a_sheet,
    check,
    once_key,
    sheet_of,
    stands_apart,
    wish_to_be_public,
)
from hotline.web.citizen.joining import ASKS, join, kind_of, same_matter, to_be_asked, wants_to_join
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.limits.rate_limits import (
    accepted,
    address,
    browser,
    counted_under,
    know_browser,
    limited,
    limiter,
    megabytes,
    phone,
    refused,
    ticket_and_address,
    ticket_and_site,
    typed_number,
    typed_phone,
)
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.ticket.details import limit_words
from models import Ticket
from webhooks.numbers import can_be_texted

pages = Blueprint("citizen", __name__)
pages.register_blueprint(mine.pages)
pages.register_blueprint(progress.pages)
pages.register_blueprint(survey.pages)


@pages.get("/c", strict_slashes=False)
@allow(PUBLIC)
def home() -> str:
    return public_page("citizen/home.html", value={}, problems={})


@pages.get("/c/new")
@allow(PUBLIC)
def new() -> str:
    know_browser()
    return _form({}, {})


@pages.post("/c/new")
@allow(PUBLIC)
@keyless
@limited(
    ("10 per hour; 40 per day", phone, accepted),
    ("30 per hour; 100 per day", browser, accepted),
    ("600 per hour; 3000 per day", address, accepted),
    ("60 per minute", browser, None),
    ("600 per minute", address, None),
)
@limiter.limit("500 per hour", key_func=counted_under(browser), cost=megabytes)
@limiter.limit("5000 per hour", key_func=counted_under(address), cost=megabytes)
@takes_files
def submit() -> ResponseReturnValue:
    """One form is one ticket, however often it is sent: the form carries a key of its own."""
    form = request.form
    try:
        check(form, _("请写下诉求内容。"), _("请勾选同意，我们才能把诉求转给承办单位办理。"))
        contact = _contact(form)
        if (known := to_be_asked(form, contact)) is not None:
            return _asking_back(form, known)
        master = same_matter(contact) if wants_to_join(form) else None
        ticket = open_ticket(here.db, here.city, contact, SYSTEM, here.now)
        if (again := stands_apart(form, contact, ticket)) is not None:
            ticket = open_ticket(here.db, here.city, again, SYSTEM, here.now)
        if master is not None and ticket.state == "to_dispatch":
            join(ticket, master)
        take_files(ticket, master or ticket, sheet_of(form))
        wish_to_be_public(ticket, form)
    except Refusal as refusal:
        read_only()
        if not form.get(TRAP):
            keep_files(sheet_of(form))
        return _form(form, refusal.problems or {"": refusal.sentence}), refusal.status
    remember(ticket)
    return redirect(url_for("citizen.received", number=ticket.number), 303)


@pages.get("/c/received/<number>")
@allow(PUBLIC)
def received(number: str) -> ResponseReturnValue:
    """The number and the code, big enough to write down; only for the browser that has just handed it in."""
    ticket = proved_ticket(number)
    if ticket is None:
        return redirect(url_for("citizen.track", number=number))
    texted = can_be_texted(ticket.contact_phone)
    code = query_code(here.db, ticket)
    return public_page("citizen/received.html", ticket=ticket, code=code, texted=texted, limits=_limits()[0])


@pages.get("/c/track")
@allow(PUBLIC)
def track() -> str:
    know_browser()
    return public_page("citizen/track.html", value={"number": request.args.get("number", "")[:24]}, problems={})


@pages.post("/c/track")
@allow(PUBLIC)
@limited(
    ("10 per minute; 60 per hour", ticket_and_address, refused),
    ("20 per minute; 120 per hour", ticket_and_site, refused),
    ("100 per minute; 1000 per hour", address, refused),
)
def look_up() -> ResponseReturnValue:
    """A wrong code and an unknown number are answered alike, so that nobody can try out numbers."""
    number, code = typed_number(), request.form.get("code", "")[:80]
    ticket = citizen_view.prove(here.db, number, code)
    if ticket is None:
        problems = {"code": _("工单号或查询码不对，请对照短信或回执再输一次。")}
        return public_page("citizen/track.html", value={"number": number}, problems=problems), 400
    remember(ticket)
    return redirect(url_for("citizen.progress.show", number=ticket.number), 303)


@pages.get("/c/receipts")
@allow(PUBLIC)
def receipts() -> str:
    """How a receipt is checked, with no more than sha256sum."""
    return public_page("citizen/receipts.html", steps=CHECK_BY_HAND)


@pages.get("/c/heads")
@allow(PUBLIC)
@limited(("20 per minute", browser, None), ("200 per minute", address, None))
def heads() -> Response:
    """What was told each night: numbers of links and hashes, nothing of anybody."""
    file = here.settings.var / NIGHTLY
    return Response(file.read_text() if file.exists() else "", mimetype="text/plain")


@pages.get("/c/accessibility")
@allow(PUBLIC)
def accessibility() -> str:
    return public_page("citizen/accessibility.html")


@pages.get("/c/times")
@allow(PUBLIC)
def times() -> str:
    """What happens to a matter, how long each step may take, and where matters go that are not the hotline's."""
    steps, by_type = _limits()
    english = language() == "en"
    routes = [
        (here.city.route_name(code), route.advice_en if english else route.advice)
        for code, route in here.city.routes.items()
    ]
    return public_page("citizen/times.html", steps=steps, by_type=by_type, routes=routes)


def _asking_back(form: Mapping[str, str], known: Ticket) -> str:
    """The form once more with the question whether to join what others told; files wait beside it."""
    read_only()
    keep_files(sheet_of(form))
    return _form(form, {}, known)


def _form(value: Mapping[str, Any], problems: Mapping[str, str], known: Ticket | None = None) -> str:
    return public_page(
        "citizen/new.html",
        value=value,
        known=known,
        kind=kind_of(known) if known else "",
        asks=ASKS,
        problems=problems,
        sheet=a_sheet(value),
        trap=TRAP,
        most=BODY_TEXT,
        accept=ACCEPT,
        most_files=MOST_FILES,
        areas=[(code, here.city.area_name(code)) for code in here.city.areas],
        waiting=waiting_files(sheet_of(value)),
    )


DOORS = {"mailbox": "mailbox", "wechat": "wechat", "app": "app"}
"""By which door of the city the form was opened (`/c/new?door=mailbox`): the channel of its matter."""


def _contact(form: Mapping[str, str]) -> Contact:
    sealed = bool(form.get("sealed"))
    return Contact(
        body=form.get("body", ""),
        channel=DOORS.get(form.get("door", ""), "web"),
        phone=typed_phone(),
        name=form.get("name", ""),
        place=form.get("place", ""),
        area=form.get("area") or None,
        point=read_told(form.get("point", ""), form.get("point_how", ""), form.get("accuracy", "")),
        privacy="sealed" if sealed else "masked",
        request_type="report" if sealed else "help",
        language=language(),
        once=once_key("web", form),
        extra={"consent_at": here.now.isoformat()},
    )


def _limits() -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The city's own limits in words: per step, and per kind of matter (name, first answer, after a send-back)."""
    limits = here.city.limits
    steps = {
        clock: limit_words(str(span))
        for clock in ("dispatch", "sign", "contact", "review", "answer")
        if (span := limits.span(clock, "help"))
    }
    urgent = {
        f"{clock}_urgent": limit_words(str(span))
        for clock in ("dispatch", "sign", "contact", "feedback")
        if (span := limits.span(clock, "help", "urgent"))
    }
    by_type = [
        (_(name), _words(limits.span("reply", code)), _words(limits.span("reply", code, round=2)))
        for code, name in REQUEST_TYPES.items()
        if code != "other"
    ]
    return {**steps, **urgent}, by_type


def _words(span: Any) -> str:
    return limit_words(str(span)) if span else "—"
