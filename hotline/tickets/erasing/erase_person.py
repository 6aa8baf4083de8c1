"""One person's personal data goes at once when they ask for it: the rows in one transaction, then the files."""

from __future__ import annotations

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.installation import Installation
from hotline.tickets.erasing import erased_list
from hotline.tickets.erasing.erasure import Erased, erase_person, remove_files
from hotline.tickets.privacy.mentions import star_files
from hotline.tickets.roles import SYSTEM, Actor
from hotline.tickets.search import full_text
from models.store.hidden import ring_of
from webhooks.numbers import NOT_DIGITS, read_phone


def erase_person_now(installation: Installation, phone: str, reason: str, by: Actor = SYSTEM) -> Erased:
    """Raises NotFound for a number we do not know, Refusal while one of their tickets is still open."""
    number = read_phone(phone, installation.city.area_code).number
    if not number:
        raise Refusal(_(NOT_DIGITS))
    with installation.sessions() as db:
        erased = erase_person(db, number, reason, by, installation.clock.now())
        db.commit()
    with installation.sessions() as db:
        full_text.forget_for_good(db)
        db.commit()
    remove_files(installation.settings, erased)
    star_files(installation.settings.var / "imports", number, ring_of(installation.engine))
    erased_list.note_person(installation.settings, number, installation.clock.now())
    return erased
