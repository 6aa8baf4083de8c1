"""What a citizen is known by: the query code of a ticket and the link of a question. Both are computed from the installation's
key whenever a text is sent or a receipt is shown, and lie nowhere; of those that were given out earlier only digests are kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from models import OwnListCode, Survey, Ticket
from models.store.hidden import ring_of

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 letters, no 0/O and no 1/I: the code is read out over the telephone."""

LENGTH, FORMER_DIGEST = 6, 12
"""Letters of a code (30 bits; who guesses is slowed down), and of the digest of a former one (72 bits)."""

TOKEN_DIGEST = 32
LIST_DIGITS = 6
"""Digits of the code for all own matters; it lives for minutes and bears few wrong ones."""

LETTER = "k"
"""How the digest of a letter begins: those of earlier releases are digits and letters up to f."""

PLACE_OF_CODE = "{query_code}"
"""What stands in a stored text where its reader finds the code."""

_MAC = 20
_TOKEN = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9A-Z]{{{_MAC}}})")
"""The survey's number and 100 bits that belong to it; what a phone has glued to the link's end is no part of it."""

_FORMER_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
FORMER_TOKEN = 22
_RUN = re.compile(rf"(?=([{ALPHABET}]{{{LENGTH}}}))", re.IGNORECASE)


def query_code(db: Session, ticket: Ticket) -> str:
    """The code of this ticket's present generation."""
    return _letters(_code(db, "code", ticket.id, ticket.code_generation), LENGTH)


def is_query_code(db: Session, ticket: Ticket, given: str) -> bool:
    """Whether this code, in capitals, opens the ticket: the present one, or the one it was given before codes were computed."""
    right = hmac.compare_digest(given.encode(), query_code(db, ticket).encode())
    former = hmac.compare_digest(former_code(db, ticket.id, given), ticket.former_code or "-")
    return right or former


def codes_in(ticket: Ticket, text: str) -> list[str]:
    """The writings of this ticket's code that stand in a text; a ticket that is in no session has told nobody a code yet."""
    db = object_session(ticket)
    if db is None or ticket.id is None:
        return []
    found = {piece[1] for piece in _RUN.finditer(text)}
    return [one for one in found if is_query_code(db, ticket, one.upper())]


def own_list_code(db: Session, asked: OwnListCode) -> str:
    """The digits that open the list of all own matters of one number, this once."""
    return f"{int.from_bytes(_code(db, 'own list', asked.id, asked.phone)[:8], 'big') % 10**LIST_DIGITS:0{LIST_DIGITS}}"


def place_of_list_code(asked_id: int) -> str:
    """What stands in a stored text where its reader finds those digits."""
    return f"{{own_list:{asked_id}}}"


def survey_token(db: Session, survey: Survey) -> str:
    """What stands behind /s/ in the link of a question."""
    return f"{survey.id}-{_mac(db, survey.id)}"


def place_of_link(survey_id: int) -> str:
    """What stands in a stored text where its reader finds the last part of the question's link."""
    return f"{{survey:{survey_id}}}"


def survey_of(db: Session, token: str) -> Survey | None:
    """The question behind a link."""
    found = _FORMER_TOKEN.match(token)
    digests = {former_token(db, one) for one in (found[0], found[0][:FORMER_TOKEN])} if found else set()
    earlier = db.scalar(select(Survey).where(Survey.former_token.in_(digests)))
    if earlier is not None:
        return earlier
    told = _TOKEN.match(token)
    right = told is not None and hmac.compare_digest(_mac(db, int(told[1])), told[2])
    return db.get(Survey, int(told[1])) if told is not None and right else None


def former_code(db: Session, ticket_id: int, code: str) -> str:
    """The digest of a code that was once kept in clear."""
    return _written(_code(db, "former code", ticket_id, code))[:FORMER_DIGEST]


def former_token(db: Session, token: str) -> str:
    """The digest of a link that was once kept in clear."""
    return _written(_code(db, "former link", token))[:TOKEN_DIGEST]


def of_letter(db: Session, body: str) -> str:
    """What is kept of a letter that was emptied: enough to know it again for whoever shows it, and for nobody to try out numbers."""
    return former_letter(db, hashlib.sha256(body.encode("utf-8", "replace")).hexdigest())


def former_letter(db: Session, digest: str) -> str:
    """The same from the digest that was once kept, which everybody could compute."""
    return LETTER + _code(db, "letter", digest).hex()[len(LETTER) :]


def _mac(db: Session, survey_id: int) -> str:
    return _letters(_code(db, "survey", survey_id), _MAC)


def _code(db: Session, *said: Any) -> bytes:
    return ring_of(db.get_bind()).code(*said)


def _letters(mac: bytes, many: int) -> str:
    return "".join(ALPHABET[byte % 32] for byte in mac[:many])


def _written(mac: bytes) -> str:
    return base64.urlsafe_b64encode(mac).decode()
