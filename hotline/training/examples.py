"""What a model learns from: the city's starter texts, and its own tickets with what people finally decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from classifier.category.train import Example, groups_of
from classifier.request_type.training import LabelledRequest
from classifier.text.masking.mask import mask
from hotline.tickets.privacy.redact import known_of_rows
from hotline.training.sources import WEIGHTS
from models import Correction, Ticket, TicketEvent, TicketText
from models.tickets.taking_back import stands
from models.tickets.ticket import FINISHED_STATES

SETTLED = ("to_sign", "handling", "waiting", "to_review", "to_follow_up", *FINISHED_STATES)
"""Nobody disputes the category now; under objection, in dispute or back at the desk a ticket teaches nothing yet."""

MOST = 20_000
SPREAD, ASIDE = 4, 0.3
Decided = dict[int, tuple[datetime, str]]
"""Ticket → when a person settled its category, and how (a key of WEIGHTS)."""


@dataclass(frozen=True)
class OwnExample:
    """One own example, when it was settled, and how: a key of WEIGHTS."""

    at: datetime
    example: Example
    source: str = "closed"


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


def starter_requests(city_dir: Path) -> list[LabelledRequest]:
    """Sentences that teach request types and urgency: those written for it, and some letters of the other examples, which are no test."""
    return [*_written(city_dir / "examples" / "requests.tsv"), *_some_of(starter_rows(city_dir))]


def _written(path: Path) -> list[LabelledRequest]:
    """Request type, urgency and text of every line; none when there is no such file."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [LabelledRequest(row[2], row[0], row[1]) for row in rows if len(row) == 3]


def _some_of(rows: Iterator[list[str]]) -> list[LabelledRequest]:
    """Whatever is not calm, and calm letters of every request type, evenly spread.

    Of a type come `SPREAD` times the square root of its number: complaints stay the most, and do not drown the rest.
    """
    kinds: dict[str, list[LabelledRequest]] = {}
    for _code, kind, urgency, text in rows:
        kinds.setdefault(kind if urgency == "normal" else "", []).append(
            LabelledRequest(text, kind, urgency, ASIDE, prior=True)
        )
    pressing = kinds.pop("", [])
    return [
        *pressing,
        *(one for _, calm in sorted(kinds.items()) for one in _spread(calm, round(SPREAD * len(calm) ** 0.5))),
    ]


def _spread(found: list[LabelledRequest], most: int) -> list[LabelledRequest]:
    most = min(most, len(found))
    return [found[at * len(found) // most] for at in range(most)]


def own_requests(db: Session) -> list[LabelledRequest]:
    """Tickets whose request type and urgency a person saw: dispatched by hand and finished, or corrected; the oldest first.

    What nobody looked at teaches nothing: it would only repeat the model. Sealed tickets and masks as in `own_examples`.
    """
    corrected = select(Correction.ticket_id).where(Correction.about.in_(("request_type", "urgency")))
    by_hand = and_(
        Ticket.state.in_(FINISHED_STATES), Ticket.auto_dispatched.is_(False), Ticket.dispatched_at.is_not(None)
    )
    rows = db.execute(
        select(
            Ticket.id,
            Ticket.title,
            Ticket.contact_name,
            Ticket.contact_phone,
            TicketText.body,
            Ticket.request_type,
            Ticket.urgency,
            Ticket.id.in_(corrected).label("corrected"),
        )
        .join(TicketText, TicketText.ticket_id == Ticket.id)
        .where(Ticket.privacy != "sealed", Ticket.state.in_(SETTLED), or_(Ticket.id.in_(corrected), by_hand))
        .order_by(Ticket.id.desc())
        .limit(MOST)
    ).all()
    return [
        LabelledRequest(
            _hidden(row), row.request_type, row.urgency, WEIGHTS["correction" if row.corrected else "closed"]
        )
        for row in reversed(rows)
    ]


def own_examples(db: Session, codes: frozenset[str]) -> list[OwnExample]:
    """Finished tickets, those at work whose category a person settled, and those merged into either; the oldest first.

    Sealed tickets teach nothing: an informant's words must not stand in a model. Phones and names are masked, for the
    same reason. Only categories in force count.
    """
    decided = _decided(db)
    ended = or_(Ticket.state.in_(FINISHED_STATES), Ticket.id.in_(_corrected()), Ticket.id.in_(_fought_over()))
    taught = {
        row.id: example
        for row in _rows(db, Ticket.state.in_(SETTLED), Ticket.category_code.in_(codes), ended)
        if (example := _example_of(row, decided))
    }
    joined = [
        _joined(row, taught[row.merged_into_id])
        for row in _rows(db, Ticket.state == "merged")
        if row.merged_into_id in taught
    ]
    return sorted([*taught.values(), *joined], key=lambda one: (one.at, one.example.text))


def _rows(db: Session, *where: Any) -> Any:
    return db.execute(
        select(
            Ticket.id,
            Ticket.title,
            Ticket.contact_name,
            Ticket.contact_phone,
            TicketText.body,
            Ticket.category_code,
            Ticket.closed_at,
            Ticket.merged_into_id,
        )
        .join(TicketText, TicketText.ticket_id == Ticket.id)
        .where(Ticket.privacy != "sealed", *where)
        .order_by(Ticket.id.desc())
        .limit(MOST)
    ).all()


def _example_of(row: Any, decided: Decided) -> OwnExample | None:
    """None while a ticket has neither ended nor been judged."""
    at, source = decided.get(row.id, (row.closed_at, "closed"))
    return OwnExample(at, _example(row, row.category_code, WEIGHTS[source]), source) if at else None


def _joined(row: Any, master: OwnExample) -> OwnExample:
    """A merged ticket tells of its master's matter in other words; both stay on one side of every fold."""
    at, (group,) = max(master.at, row.closed_at or master.at), groups_of([master.example])
    return OwnExample(at, _example(row, master.example.label, WEIGHTS["merge"], group), "merge")


def _hidden(row: Any) -> str:
    """Words of a row without its person."""
    return mask(f"{row.title}\n{row.body}", known_of_rows(row.contact_name, row.contact_phone))


def _example(row: Any, label: str, weight: float, group: str = "") -> Example:
    return Example(_hidden(row), label, group, weight)


def _decided(db: Session) -> Decided:
    """What people settled: a corrected category, the dispatch after an upheld objection, and above both a ruling."""
    found: Decided = {
        ticket_id: (at, "correction")
        for ticket_id, at in db.execute(
            select(Correction.ticket_id, Correction.at).where(Correction.about == "category").order_by(Correction.id)
        )
    }
    upheld: set[int] = set()
    for ticket_id, action, at in db.execute(
        select(TicketEvent.ticket_id, TicketEvent.action, TicketEvent.at)
        .where(
            TicketEvent.ticket_id.in_(_fought_over()), TicketEvent.action.in_(("uphold", "dispatch", "rule")), stands()
        )
        .order_by(TicketEvent.id)
    ):
        if action == "uphold":
            upheld.add(ticket_id)
        elif action == "rule":
            found[ticket_id] = at, "ruling"
        elif ticket_id in upheld and found.get(ticket_id, (at, ""))[1] != "ruling":
            found[ticket_id] = at, "objection"
    return found


def _corrected() -> Any:
    return select(Correction.ticket_id).where(Correction.about == "category")


def _fought_over() -> Any:
    """Tickets with an upheld objection or a ruling."""
    return select(TicketEvent.ticket_id).where(TicketEvent.action.in_(("uphold", "rule")), stands())
