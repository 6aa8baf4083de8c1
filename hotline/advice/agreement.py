"""How often reviewers judge as advised: each judgement is kept beside the advice, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.advice.advise import advise, fields_of
from hotline.city.schema import City
from models import Correction, Reply, Ticket

ABOUT, SOURCE = "reply", "review"
MOST_CODES = 12


@dataclass(frozen=True)
class Agreement:
    """judged: judgements with an advice beside them; agreed: those that came out as advised; missed: advised to pass
    and sent back all the same.
    """

    judged: int
    agreed: int
    missed: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.agreed / self.judged) if self.judged else None


def keep_judgement(db: Session, city: City, ticket: Ticket, reply: Reply, verdict: str, reasons: Sequence[str],
                   staff_id: int | None, now: datetime) -> None:
    """Store the advice and the judgement, whether they agree or not, in the caller's transaction.

    Both are written as "redo:R01,R09" or "pass"; the note holds the probability. A model learns from it.
    """
    advice = advise(city, ticket, fields_of(reply))
    if advice is None:
        return
    db.add(Correction(
        ticket_id=ticket.id, at=now, staff_id=staff_id, about=ABOUT, source=SOURCE,
        proposed=_written(advice.verdict, advice.codes), chosen=_written(verdict, reasons), note=f"p={advice.p:.4f}"))


def agreement(db: Session, since: datetime, staff_id: int | None = None) -> Agreement:
    """Of one reviewer, or of all; one statement whatever the number of judgements."""
    asked = [Correction.at >= since, Correction.about == ABOUT, Correction.source == SOURCE]
    if staff_id is not None:
        asked.append(Correction.staff_id == staff_id)
    both = select(func.substr(Correction.proposed, 1, 4).label("proposed"),
                  func.substr(Correction.chosen, 1, 4).label("chosen")).where(*asked).subquery()
    rows = db.execute(select(both.c.proposed, both.c.chosen, func.count().label("n")).group_by(both.c.proposed, both.c.chosen)).all()
    return Agreement(
        judged=sum(row.n for row in rows), agreed=sum(row.n for row in rows if row.proposed == row.chosen),
        missed=sum(row.n for row in rows if row.proposed == "pass" and row.chosen == "redo"))


def _written(verdict: str, codes: Sequence[str]) -> str:
    return f"redo:{','.join(codes[:MOST_CODES])}" if verdict == "redo" else verdict
