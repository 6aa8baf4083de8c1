"""The rows behind a figure, one page at a time: what the figure counted is what the list shows, to those who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.language import _
from hotline.metrics import counting
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.question import Question
from hotline.tickets.visible import visible_to
from hotline.tickets.vocabulary import SCALE, SOLVED
from hotline.tickets.who import Actor
from hotline.web.here import here
from hotline.web.labels import masked_phone, ticket_row
from models import Call, Ticket

SIZE = 50


@dataclass(frozen=True)
class Shown:
    """rows: of ticket_table, or of calls. count: all that this reader may see; hidden: counted, but not to be seen by them."""

    rows: list[dict[str, Any]]
    count: int
    hidden: int
    calls: bool
    next: int | None
    back: int | None


def page(db: Session, me: Actor, asked: Question, key: str, part: str, *, after: int | None = None, before: int | None = None,
         oldest_first: bool = False) -> Shown:
    """One page, newest row first unless asked otherwise. after, before: the number of the last or first row of a page."""
    source = DEFINITIONS[key].source
    seen = counting.behind(asked, key, part)
    every = db.scalar(select(func.count()).select_from(seen.with_only_columns(source.id).subquery())) or 0
    if source.of_tickets:
        seen = seen.where(visible_to(me))
    count = db.scalar(select(func.count()).select_from(seen.with_only_columns(source.id).subquery())) or 0
    rows, more = _turn(db, seen, source.id, after, before, oldest_first)
    ids = [row[0].id for row in rows]
    back = bool(ids) and (after is not None if before is None else more)
    onward = bool(ids) and (more if before is None else True)
    return Shown([_dressed(key, row) for row in rows], count, every - count, not source.of_tickets,
                 ids[-1] if onward else None, ids[0] if back else None)


def _turn(db: Session, query: Any, column: Any, after: int | None, before: int | None, oldest_first: bool) -> tuple[list[Any], bool]:
    """The rows of one page in their order, and whether there are more in the direction of travel."""
    rising = oldest_first != (before is not None)
    key = before if before is not None else after
    if key is not None:
        query = query.where(column > key if rising else column < key)
    rows = list(db.execute(query.order_by(column if rising else column.desc()).limit(SIZE + 1)))
    more, rows = len(rows) > SIZE, rows[:SIZE]
    return (rows[::-1] if before is not None else rows), more


def _dressed(key: str, row: Any) -> dict[str, Any]:
    if isinstance(row[0], Call):
        return _call(row[0])
    ticket: Ticket = row[-1]
    return ticket_row(ticket, at=_moment_of(key, row[0]), why=_why(row[0]))


def _moment_of(key: str, thing: Any) -> datetime | None:
    return getattr(thing, DEFINITIONS[key].source.at.key)


def _why(thing: Any) -> str:
    """What this row says beyond its ticket: who was asked, which clock, which answer."""
    kind = type(thing).__name__
    if kind == "Deadline":
        return _("按时") if thing.met else _("超期") if thing.stopped_at or thing.due_at < here.now else _("计时中")
    if kind == "Survey":
        return _answer(thing)
    return _("第 %(n)d 轮", n=thing.round)


def _answer(survey: Any) -> str:
    if survey.answered_at is None:
        return _("未答复")
    said = [SOLVED.get(survey.solved or "", ""), SCALE.get(str(survey.result), "")]
    return " · ".join(_(one) for one in said if one) or _("已答复")


def _call(call: Call) -> dict[str, Any]:
    waited = (call.answered_at - call.started_at).total_seconds() if call.answered_at else None
    return {"at": call.started_at, "phone": masked_phone(call.from_phone), "state": call.state, "waited": waited, "rating": call.rating,
            "called_back_at": call.called_back_at, "id": call.id}

