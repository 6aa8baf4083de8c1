"""What a model learns from: the city's starter texts, and its own tickets with what people finally decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from classifier.train import Example
from models import Correction, Ticket, TicketText

FINISHED = ("closed", "archived")
MOST = 20_000
CORRECTED = 4.0
"""A corrected ticket weighs this many plain ones: there the model was wrong, and a person took the trouble to say so."""


@dataclass(frozen=True)
class Lesson:
    """One own example and when it was settled."""

    at: datetime
    example: Example


def starter_pairs(city_dir: Path) -> list[tuple[str, str]]:
    """(text, category) of the city's examples folder; empty when it has none. Lines that do not fit are left out."""
    return [(row[3], row[0]) for row in starter_rows(city_dir)]


def starter_rows(city_dir: Path) -> Iterator[list[str]]:
    """Code, request type, urgency and text of every line, in the order of the files."""
    for path in sorted((city_dir / "examples").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = line.split("\t")
            if len(row) == 4 and not line.startswith("#"):
                yield row


def own_lessons(db: Session, codes: frozenset[str]) -> list[Lesson]:
    """Finished tickets by their final category, and tickets at work whose category a person corrected; the oldest first.

    Sealed tickets teach nothing: an informant's words must not stand in a model. Only categories in force count.
    """
    corrected = _corrections(db)
    found = db.execute(
        select(Ticket.id, Ticket.title, TicketText.body, Ticket.category_code, Ticket.closed_at, Ticket.state)
        .join(TicketText, TicketText.ticket_id == Ticket.id)
        .where(Ticket.privacy != "sealed", or_(Ticket.state.in_(FINISHED), Ticket.id.in_(
            select(Correction.ticket_id).where(Correction.about == "category"))))
        .order_by(Ticket.id.desc()).limit(MOST)).all()
    lessons = []
    for ticket_id, title, body, code, closed_at, state in found:
        chosen = corrected.get(ticket_id)
        label = code if state in FINISHED and code else chosen[1] if chosen else code
        at = chosen[0] if chosen else closed_at
        if label in codes and at is not None:
            lessons.append(Lesson(at, Example(f"{title}\n{body}", label, weight=CORRECTED if chosen else 1.0)))
    return sorted(lessons, key=lambda one: (one.at, one.example.text))


def _corrections(db: Session) -> dict[int, tuple[datetime, str]]:
    """Ticket → when and what a person last chose as its category."""
    rows = db.execute(select(Correction.ticket_id, Correction.at, Correction.chosen)
                      .where(Correction.about == "category").order_by(Correction.id)).all()
    return {ticket_id: (at, chosen) for ticket_id, at, chosen in rows}
