"""Words that begin with the code word of a session are a question for it, by whatever door they come; all else is a matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.followup.by_text import said_before
from hotline.followup.heard import bring_pictures
from hotline.i18n import _
from hotline.intake.by_text import contact_of, open_by_text
from hotline.intake.open_ticket import open_ticket
from hotline.interviews.planning import by_code_word
from hotline.interviews.questions import ACCOUNTS, asked_enough, file
from hotline.tickets.roles import SYSTEM
from hotline.tickets.vocabulary import CHANNELS
from models import Interview, Message, Ticket


def take_question(db: Session, city: City, heard: Message, now: datetime) -> bool:
    """Whether these words, which came whole, are a question; they are opened then, with the pictures that came along. Sent twice
    by a finger they are one."""
    if heard.params.get("parts") or _asked_in(db, heard, heard.text, now) is None:
        return False
    before = said_before(db, heard)
    if before is not None:
        heard.ticket_id = before.ticket_id
    else:
        open_question(db, city, heard, heard.text, now)
    bring_pictures(db, heard, now)
    return True


def open_question(db: Session, city: City, heard: Message, words: str, now: datetime) -> Ticket:
    """The ticket of words, whole or put together from their parts; the provider's number for them makes it one.

    Beyond the measure of one citizen nothing is lost: it is a matter, and no question.
    """
    found = _asked_in(db, heard, words, now)
    if found is None or asked_enough(db, found[0], heard.citizen_id):
        return open_by_text(db, city, heard, words, now)
    interview, question = found
    asked = replace(
        contact_of(db, heard, question),
        title="",
        channel=interview.channel,
        extra={_(CHANNELS[interview.channel]): interview.theme},
    )
    ticket = open_ticket(db, city, asked, SYSTEM, now)
    heard.ticket_id = ticket.id
    file(db, interview, ticket, heard.channel if heard.channel in ACCOUNTS else "page", now)
    return ticket


def _asked_in(db: Session, heard: Message, words: str, now: datetime) -> tuple[Interview, str] | None:
    """The session, and the question for it; of a letter the subject may say the code word."""
    title = str(heard.params.get("title") or "")
    found = by_code_word(db, words, now)
    return by_code_word(db, f"{title} {words}", now) if found is None and title else found
