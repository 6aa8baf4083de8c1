"""What every citizen's form has that becomes a ticket: the words that may not be missing, the consent, and one key for one sending."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.intake.first_told import print_of_words
from hotline.intake.open_ticket import Contact
from hotline.public_board import consent
from hotline.tickets.roles import a_citizen
from hotline.web.core.limits.rate_limits import browser
from hotline.web.core.request_context import here
from models import Ticket

TRAP = "homepage"
"""A field no person sees; what is written there was written by a machine."""

LONGEST_KEY = 60
CHANGES_NO_MATTER = frozenset(
    {"csrf_token", "sheet", "once", "body", "consent", "public", "kept", "asks", "join", TRAP}
)
"""Fields that may differ when the same matter is sent again; of the words their print counts."""


def check(form: Mapping[str, str], without_words: str, without_consent: str) -> None:
    """Raises Refusal naming what is missing, by the two sentences, or saying to ring where a machine has filled the form."""
    if form.get(TRAP):
        raise Refusal(_("没有提交成功。请拨打 %(number)s，我们马上为您登记。", number=here.city.hotline_number))
    missing = {
        "body": "" if form.get("body", "").strip() else without_words,
        "consent": "" if form.get("consent") else without_consent,
    }
    if problems := {field: sentence for field, sentence in missing.items() if sentence}:
        raise Refusal(next(iter(problems.values())), problems=problems)


def sheet_of(form: Mapping[str, Any]) -> str:
    """The key of this one form; "" when it has none."""
    return str(form.get("sheet") or form.get("once") or "")[:LONGEST_KEY]


def a_sheet(form: Mapping[str, Any]) -> str:
    """The key of the form that is shown once more, or a new one."""
    return sheet_of(form) or secrets.token_urlsafe(12)


def once_key(kind: str, form: Mapping[str, Any]) -> str | None:
    """The same form of the same browser with nothing said otherwise is one matter; a key alone proves repetition and nobody's name.

    Whoever goes back to ask for secrecy or to name another place has said something else. What may change without making it another
    matter (`CHANGES_NO_MATTER`) is honoured on the ticket that there is.
    """
    if not (key := sheet_of(form)):
        return None
    told = (f"{name}={words}" for name, words in sorted(form.items()) if name not in CHANGES_NO_MATTER and words)
    said = (browser(), key, print_of_words(form.get("body", "")), *told)
    return f"{kind}:" + hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()


def stands_apart(form: Mapping[str, Any], contact: Contact, ticket: Ticket) -> Contact | None:
    """The contact once more where it was told before and joined what others told, and the citizen now says that it is another matter."""
    if form.get("join") != "no" or ticket.merged_into_id is None or contact.once is None:
        return None
    return replace(contact, once=f"{contact.once}:apart")


def wish_to_be_public(ticket: Ticket, form: Mapping[str, Any]) -> None:
    """As the form says it now: given, or taken back where it was said before."""
    if form.get("public") and consent.may_be_public(ticket):
        consent.give(here.db, ticket, a_citizen(ticket), here.now)
    elif not form.get("public"):
        consent.take_back(here.db, ticket, a_citizen(ticket), here.now)
