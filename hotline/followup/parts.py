"""A long text comes in parts, in any order: they are put together before anybody reads them."""

# ruff: noqa: E501 (a pattern is read as one piece)
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.text.normalise import placed
from hotline import outbox
from models import Message

TOGETHER = timedelta(minutes=1)
"""Parts of one text come within this time; what has not come by then is read without it."""

MOST_PARTS = 20
_OPENS, _CLOSES = r"[(\[【〔<]", r"[)\]】〕>]"
_MARK = rf"{_OPENS}\s*(\d{{1,2}})\s*/\s*(\d{{1,2}})\s*{_CLOSES}|{_OPENS}\s*(?:[Pp]art\s*)?(\d{{1,2}})\s*of\s*(\d{{1,2}})\s*{_CLOSES}|[Pp]art\s*(\d{{1,2}})\s*(?:of|/)\s*(\d{{1,2}})(?!\d)|第\s*(\d{{1,2}})\s*(?:条|段|部分)?\s*[,，/]?\s*共\s*(\d{{1,2}})\s*(?:条|段|部分)"
_BARE = r"(\d{1,2})/(\d{1,2})"
_FIRST = re.compile(rf"^\s*(?:{_MARK}|{_BARE}(?=[\s:：、,，.]))[\s:：、,，.]*")
_LAST = re.compile(rf"\s*(?:{_MARK}|(?<=\s){_BARE})\s*$")


@dataclass(frozen=True)
class Part:
    """One part of a text: which of how many, and its words without the mark."""

    at: int
    of: int
    words: str


def part_of(message: Message) -> Part | None:
    """The part that a message is, by what the network says or by a mark such as （2/3） at its beginning or end."""
    told = message.params or {}
    if told.get("parts"):
        return _sound(int(told["part"]), int(told["parts"]), message.text)
    words = placed(message.text)
    for pattern in (_FIRST, _LAST):
        found = pattern.search(words.text)
        if found is not None:
            numbers = [int(one) for one in found.groups() if one]
            start, end = words.span(*found.span())
            return _sound(numbers[0], numbers[1], (message.text[:start] + message.text[end:]).strip())
    return None


def _sound(at: int, of: int, words: str) -> Part | None:
    """A mark makes sense as one: 1/2 alone is an answer, 5/3 nothing."""
    return Part(at, of, words) if 2 <= of <= MOST_PARTS and 1 <= at <= of and words else None


def wait_for_the_rest(db: Session, heard: Message, part: Part, now: datetime) -> None:
    """The parts are read when the last has come, or when the time for them is over."""
    heard.params = {**(heard.params or {}), "part": part.at, "parts": part.of, "waits": True}
    heard.text = part.words
    outbox.enqueue(db, "join_parts", key=f"parts:{heard.id}", now=now, at=now + TOGETHER, message_id=heard.id)


def waiting_parts(db: Session, heard: Message, of: int) -> list[Message]:
    """This number's parts of one text that nobody has read yet, in their order; a later copy of the same part counts for it."""
    rows = db.scalars(
        select(Message)
        .where(
            Message.citizen_id == heard.citizen_id,
            Message.direction == "in",
            Message.created_at > heard.created_at - TOGETHER,
            Message.created_at < heard.created_at + TOGETHER,
        )
        .order_by(Message.id)
    ).all()
    found = {row.params["part"]: row for row in rows if row.params.get("waits") and row.params.get("parts") == of}
    return [found[at] for at in sorted(found)]


def join(parts: list[Message]) -> str:
    """One text again. The parts stop waiting; Chinese needs no blank between them, other writings do."""
    for part in parts:
        part.params = {name: value for name, value in part.params.items() if name != "waits"}
    whole = parts[0].text
    for part in parts[1:]:
        needs_blank = (
            whole[-1:].isascii() and part.text[:1].isascii() and whole[-1:].isalnum() and part.text[:1].isalnum()
        )
        whole += (" " if needs_blank else "") + part.text
    return whole
