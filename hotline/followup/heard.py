"""What comes of a text that was heard: its parts are put together, its pictures kept, and its words find their matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.followup import parts, unfinished
from hotline.followup.by_text import take_text
from hotline.followup.text_back import send_after_all, text_back
from hotline.intake.media import bring_media
from hotline.tickets.act import lock
from hotline.tickets.citizens.merged import still_handled_for
from models import Citizen, Message, Ticket

OpenNew = Callable[[Session, City, Message, str, datetime], Ticket]
"""Makes a ticket of a text that is a matter of its own."""

PICTURES_WAIT = timedelta(hours=1)
"""How long pictures without words wait for the text that says what they show."""


def hear_text(db: Session, city: City, citizen: Citizen, heard: Message, now: datetime, open_new: OpenNew) -> str:
    """Returns what to text back. heard: the message as it was kept; it is filed with the ticket it goes to."""
    back = _hear(db, city, citizen, heard, now, open_new)
    bring_pictures(db, heard, now)
    return back


def _hear(db: Session, city: City, citizen: Citizen, heard: Message, now: datetime, open_new: OpenNew) -> str:
    part = parts.part_of(heard)
    if part is not None:
        parts.wait_for_the_rest(db, heard, part, now)
        db.flush()
        waiting = parts.waiting_parts(db, heard, part.of)
        return _read_together(db, city, citizen, waiting, now, open_new) if len(waiting) == part.of else ""
    if not heard.text:
        return _only_pictures(db, city, citizen, heard, now) if heard.params.get("media") else ""
    return _read_with_what_waits(db, city, citizen, heard, now, open_new)


def hear_letter(db: Session, city: City, citizen: Citizen, heard: Message, now: datetime, open_new: OpenNew) -> str:
    """As `hear_text`, for words that come whole."""
    return _read(db, city, citizen, heard, heard.text, now, open_new)


def parts_are_late(db: Session, city: City, heard: Message, now: datetime, open_new: OpenNew) -> None:
    """The time for the other parts is over: what has come is read, and the answer goes out as a text of its own."""
    if not heard.params.get("waits") or heard.citizen_id is None:
        return
    if heard.params["waits"] == unfinished.REST:
        waiting = unfinished.waiting_pieces(db, heard, with_it=True)
        if waiting[-1].created_at + parts.TOGETHER > now:
            return  # a later piece waits still, and its own job reads all of them
    else:
        waiting = parts.waiting_parts(db, heard, int(heard.params["parts"]))
    citizen = db.get_one(Citizen, heard.citizen_id)
    send_after_all(db, citizen, _read_together(db, city, citizen, waiting, now, open_new), now)
    bring_pictures(db, heard, now)


def _read_with_what_waits(
    db: Session, city: City, citizen: Citizen, heard: Message, now: datetime, open_new: OpenNew
) -> str:
    """A text that breaks off waits for its rest; the rest is read together with it, and what is no rest leaves it alone."""
    pieces = unfinished.waiting_pieces(db, heard)
    goes_on = bool(pieces) and unfinished.is_the_rest(pieces, heard)
    if unfinished.breaks_off(heard.text) and len(pieces) < parts.MOST_PARTS:
        if pieces and not goes_on:
            send_after_all(db, citizen, _read_together(db, city, citizen, pieces, now, open_new), now)
        unfinished.wait_for_the_rest(db, heard, now)
        return ""
    if goes_on:
        return _read_together(db, city, citizen, [*pieces, heard], now, open_new)
    return _read(db, city, citizen, heard, heard.text, now, open_new)


def _read_together(
    db: Session, city: City, citizen: Citizen, waiting: list[Message], now: datetime, open_new: OpenNew
) -> str:
    last = max(waiting, key=lambda one: one.id)
    back = _read(db, city, citizen, last, parts.join(waiting), now, open_new)
    for one in waiting:
        one.ticket_id = last.ticket_id
    return back


def _read(
    db: Session, city: City, citizen: Citizen, heard: Message, words: str, now: datetime, open_new: OpenNew
) -> str:
    back = take_text(db, city, citizen, words, now, heard)
    if back is None:
        open_new(db, city, heard, words, now)
        back = ""
    return back


def _only_pictures(db: Session, city: City, citizen: Citizen, heard: Message, now: datetime) -> str:
    """Pictures that nobody explains are kept with the matter under way, and asked about."""
    own = still_handled_for(db, citizen.id, now - PICTURES_WAIT)
    heard.ticket_id = own.id if own is not None else None
    return text_back(db, city, citizen, "sms_picture", now, ticket=own, count=len(heard.params["media"]))


def _claim_pictures(db: Session, heard: Message) -> None:
    """Pictures that came a moment before the words belong to the same matter."""
    rows = db.scalars(
        select(Message).where(
            Message.citizen_id == heard.citizen_id,
            Message.direction == "in",
            Message.text == "",
            Message.ticket_id.is_(None),
            Message.id < heard.id,
            Message.created_at > heard.created_at - PICTURES_WAIT,
        )
    )
    for row in rows:
        row.ticket_id = heard.ticket_id


def bring_pictures(db: Session, heard: Message, now: datetime) -> None:
    """What came with these words and a moment before them is fetched to the matter they went to."""
    if heard.ticket_id is None:
        return
    _claim_pictures(db, heard)
    rows = db.scalars(
        select(Message)
        .where(
            Message.ticket_id == heard.ticket_id,
            Message.citizen_id == heard.citizen_id,
            Message.direction == "in",
            Message.created_at > heard.created_at - PICTURES_WAIT,
        )
        .order_by(Message.id)
    )
    urls = [str(one["url"]) for row in rows for one in row.params.get("media") or () if one.get("url")]
    if urls:
        bring_media(db, lock(db, heard.ticket_id), heard.provider or "", urls, now)
