"""How often reviewers judge as advised: each judgement is kept beside the advice, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.review_advice.advise import advise, fields_of
from hotline.review_advice.registry import ReviewModelRegistry
from models import Correction, Reply, Staff, Ticket

ABOUT, SOURCE = "reply", "review"
MOST_CODES = 12
Counted = tuple[str, str, int]
"""(what was advised, what was judged, how often)."""


@dataclass(frozen=True)
class Agreement:
    """judged: judgements with an advice beside them; agreed: those that came out as advised; missed: advised to pass
    and sent back all the same; spared: advised to send back, and passed.
    """

    judged: int
    agreed: int
    missed: int
    spared: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.agreed / self.judged) if self.judged else None


def keep_judgement(
    db: Session,
    city: City,
    review_models: ReviewModelRegistry,
    ticket: Ticket,
    reply: Reply,
    verdict: str,
    reasons: Sequence[str],
    staff_id: int | None,
    now: datetime,
) -> None:
    """Store the advice and the judgement, whether they agree or not, in the caller's transaction.

    Both are written as "redo:R01,R09" or "pass"; the note holds the probability. A model learns from it.
    """
    advice = advise(city, ticket, fields_of(reply), review_models.judge())
    if advice is None:
        return
    db.add(
        Correction(
            ticket_id=ticket.id,
            at=now,
            staff_id=staff_id,
            about=ABOUT,
            source=SOURCE,
            proposed=_written(advice.verdict, advice.codes),
            chosen=_written(verdict, reasons),
            note=f"p={advice.p:.4f}",
        )
    )


def agreement(db: Session, since: datetime, staff_id: int | None = None) -> Agreement:
    """Of one reviewer, or of all."""
    return _sum([row for person, row in _counted(db, since) if staff_id in (None, person)])


def by_person(db: Session, since: datetime) -> list[tuple[str, Agreement]]:
    """Each reviewer's name and agreement, who judged most first."""
    names: dict[str, list[Counted]] = {}
    for person, row in _counted(db, since):
        staff = db.get(Staff, person) if person is not None else None
        names.setdefault(staff.name if staff else "—", []).append(row)
    return sorted(((name, _sum(rows)) for name, rows in names.items()), key=lambda one: (-one[1].judged, one[0]))


def _counted(db: Session, since: datetime) -> list[tuple[int | None, Counted]]:
    """One statement whatever the number of judgements."""
    both = (
        select(
            Correction.staff_id,
            func.substr(Correction.proposed, 1, 4).label("proposed"),
            func.substr(Correction.chosen, 1, 4).label("chosen"),
        )
        .where(Correction.at >= since, Correction.about == ABOUT, Correction.source == SOURCE)
        .subquery()
    )
    rows = db.execute(
        select(both.c.staff_id, both.c.proposed, both.c.chosen, func.count()).group_by(
            both.c.staff_id, both.c.proposed, both.c.chosen
        )
    ).all()
    return [(person, (proposed, chosen, n)) for person, proposed, chosen, n in rows]


def _sum(rows: Sequence[Counted]) -> Agreement:
    return Agreement(
        judged=sum(n for _proposed, _chosen, n in rows),
        agreed=sum(n for proposed, chosen, n in rows if proposed == chosen),
        missed=sum(n for proposed, chosen, n in rows if (proposed, chosen) == ("pass", "redo")),
        spared=sum(n for proposed, chosen, n in rows if (proposed, chosen) == ("redo", "pass")),
    )


def _written(verdict: str, codes: Sequence[str]) -> str:
    return f"redo:{','.join(codes[:MOST_CODES])}" if verdict == "redo" else verdict
