"""All own matters of a citizen: the telephone proves itself by a texted code, and no answer tells whether a number has called us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.own_matters.listing import matters_of
from hotline.own_matters.proving import LIVES, ask, prove
from hotline.tickets.display.citizen_view import where_it_stands
from hotline.web.citizen.access import public_page, remember
from hotline.web.core.limits.rate_limits import address, browser, know_browser, limited, phone, typed_phone
from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_page, sorted_page
from hotline.web.core.transaction import commit
from models import OwnListCode, Ticket

pages = Blueprint("mine", __name__)
ASKED, PROVED = "mine_asked", "mine"
"""In this browser's signed cookie: which code is waited for, and since when which number is proved. Never the number itself."""

SHOWN_FOR = timedelta(minutes=30)


@pages.get("/c/mine")
@allow(PUBLIC)
def show() -> str:
    know_browser()
    if (number := _proved()) is None:
        return _ask_page()
    newest = {"rising": False, "size": 20, **asked_page()}
    page = sorted_page(here.db, matters_of(number), Ticket.created_at, Ticket.id, **newest)
    rows = [(one, where_it_stands(here.db, here.city, one)) for one in page.rows]
    many = here.db.scalar(matters_of(number).with_only_columns(func.count(Ticket.id))) or 0
    return public_page("citizen/mine.html", rows=rows, page=page, many=many)


@pages.post("/c/mine")
@allow(PUBLIC)
@limited(
    ("3 per hour; 8 per day", phone, None), ("10 per hour", browser, None), ("100 per hour; 500 per day", address, None)
)
def send() -> ResponseReturnValue:
    """Whatever the number, the next page asks for the code."""
    try:
        asked = ask(here.db, here.city, typed_phone(), here.now)
    except Refusal as refusal:
        return _ask_page(request.form, refusal.problems), 400
    session.pop(PROVED, None)
    session[ASKED] = asked.id
    return redirect(url_for("citizen.mine.code"), 303)


@pages.get("/c/mine/code")
@allow(PUBLIC)
def code() -> ResponseReturnValue:
    return _code_page() if ASKED in session else redirect(url_for("citizen.mine.show"))


@pages.post("/c/mine/code")
@allow(PUBLIC)
@limited(("30 per hour", browser, None), ("300 per hour", address, None))
def enter() -> ResponseReturnValue:
    """Wrong, late, spent and never sent are one answer. The try counts whatever comes of it."""
    asked_id = session.get(ASKED)
    right = isinstance(asked_id, int) and prove(here.db, asked_id, request.form.get("code", ""), here.now)
    commit()
    if not right:
        return _code_page({"code": _("验证码不对或已失效。请核对短信再输一次，或者重新获取。")}), 400
    session.pop(ASKED, None)
    session[PROVED] = [asked_id, here.now.isoformat()]
    return redirect(url_for("citizen.mine.show"), 303)


@pages.post("/c/mine/<number>")
@allow(PUBLIC)
def open_one(number: str) -> ResponseReturnValue:
    """From the list to one of its matters, without its query code."""
    proved = _proved()
    own = here.db.scalar(matters_of(proved).where(Ticket.number == number[:24])) if proved else None
    if own is not None:
        remember(own)
    return redirect(url_for("citizen.progress.show", number=number), 303)


@pages.post("/c/mine/leave")
@allow(PUBLIC)
def leave() -> ResponseReturnValue:
    for key in (ASKED, PROVED):
        session.pop(key, None)
    return redirect(url_for("citizen.home"), 303)


def _proved() -> str | None:
    """The number this browser has proved within the half hour."""
    held: Any = session.get(PROVED)
    if not isinstance(held, list) or here.now - datetime.fromisoformat(held[1]) > SHOWN_FOR:
        return None
    asked = here.db.get(OwnListCode, held[0])
    return asked.phone if asked is not None and asked.used_at is not None else None


def _ask_page(value: Any = None, problems: Any = None) -> str:
    return public_page("citizen/mine_ask.html", value=value or {}, problems=problems or {})


def _code_page(problems: Any = None) -> str:
    minutes = int(LIVES.total_seconds()) // 60
    return public_page("citizen/mine_code.html", problems=problems or {}, minutes=minutes)
