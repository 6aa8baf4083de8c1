"""A number that is typed at the desk is a search for a person, as in the search box: in the book, once, within the hour's measure."""

from __future__ import annotations

from flask import session

from hotline.errors import TooMany
from hotline.tickets.search import person_search
from hotline.web.core.limits.unnamed import unnamed
from hotline.web.core.request_context import here
from hotline.web.intake.form import Intake
from webhooks.numbers import kind_of

WHOLE = 11
LOOKED_UP, REMEMBERED = "looked_up", 40
"""In this browser's signed cookie: digests of the numbers that stand in the book already, for a form asks at every stroke."""


def may_know_of(intake: Intake, phone: str) -> bool:
    """Whether what is known of this number is shown: of the caller on the line and of the matter that goes on always, of another
    as long as this person may search. The book has it before anything is read."""
    if phone in _at_hand(intake):
        return True
    if len(phone) < WHOLE and kind_of(phone) not in ("mobile", "landline"):
        return False  # half a number, still being typed
    held, digest = list(session.get(LOOKED_UP, ())), unnamed("looked up", phone)[:12]
    if digest in held:
        return True
    try:
        with here.installation.sessions() as db:
            person_search.note(db, here.me, here.now, phone=phone, address=here.address)
            db.commit()
    except TooMany:
        return False
    session[LOOKED_UP] = [*held, digest][-REMEMBERED:]
    return True


def _at_hand(intake: Intake) -> set[str | None]:
    """Not a draft's: whoever writes drafts could ask for any number."""
    return {intake.call.from_phone if intake.call else None, intake.again.contact_phone if intake.again else None}
