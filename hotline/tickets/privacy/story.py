"""What may enter the story: it can never be mended, so personal data is starred before it is written there.

The words as they were told lie beside the ticket's text, where they can be revealed, and erased.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from hotline.tickets.fields import Field
from hotline.tickets.privacy import redact
from models import Ticket

ERASED, TOLD = "erased_at", "told"
"""Names in TicketText.extra: when a ticket was erased; answers as they were told, where the story holds them starred."""

OUR_WORDS = frozenset({"question", "advice", "answer", "public_answer", "before"})
"""What we ourselves say to the citizen keeps the office's own numbers in the story; the citizen's are starred there too."""

OWN_WORDS = ("note", "reason", "comment", "text", "report", "title", "body", "decision")


def for_the_timeline(
    ticket: Ticket, data: Mapping[str, Any], fields: Collection[Field], now: datetime, *, as_told: bool = True
) -> dict[str, Any]:
    """The answers of a form as the story may keep them: free texts starred, the exact address and the point left out.

    What was starred is kept as told in the ticket's extra, so that the unit can still reveal "ring my daughter on …"; not
    so (as_told) what only some may read.
    """
    redact.with_its_words(ticket)
    points = {field.name for field in fields if field.kind == "point"}
    free = {field.name for field in fields if field.kind in ("text", "long")} | set(OWN_WORDS)
    starred: dict[str, Any] = {}
    told: list[dict[str, str]] = []
    for name, value in data.items():
        starred[name] = "***" if name in points else value
        if isinstance(value, str) and name in OUR_WORDS:
            starred[name] = redact.starred(ticket, value, redact.ANSWER)
        elif isinstance(value, str) and name in free:
            starred[name] = "***" if name == "place" else redact.starred(ticket, value)
            if starred[name] != value and name not in ("place", "title", "body"):
                told.append({"at": now.isoformat(), "field": name, "text": value})
    if told and as_told:
        ticket.text.extra = {**ticket.text.extra, TOLD: [*ticket.text.extra.get(TOLD, ()), *told]}
    return starred
