"""What every way of signing in ends with: a session with new secrets, and word to the person when the device is new."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request

from hotline.staff.notices import tell_person
from hotline.staff.sign_in.second_factor import is_required
from hotline.tickets.privacy.audit import record
from hotline.tickets.roles import actor_of
from hotline.web.account import guessing
from hotline.web.admin.words import browser_words
from hotline.web.core import sessions
from hotline.web.core.request_context import here
from models import Staff


def asks_second(staff: Staff) -> bool:
    return staff.second_at is not None or is_required(here.settings, staff.roles)


def begin_session(
    response: Response,
    staff: Staff,
    second_at: datetime | None = None,
    way: str = "password",
    provider_session: str | None = None,
) -> None:
    """A new session with new secrets; what the browser held before is worth nothing any more."""
    browser = request.user_agent.string
    secret = sessions.begin(here.db, staff, here.now, here.address, browser, second_at, way, provider_session)
    sessions.set_cookie(response, secret)
    sessions.forget_form_token()
    guessing.remember_device(response, staff.login)


def tell_of_new_device(staff: Staff) -> None:
    """The person learns of every sign-in from a browser that has not signed in as them before."""
    browser = browser_words(request.user_agent.string)
    tell_person(here.db, staff.id, "sign_in_new_device", here.now, address=here.address, browser=browser)
    actor = actor_of(staff, here.city)
    record(here.db, "login_new_device", actor, here.now, subject=staff.login, address=here.address, browser=browser)
