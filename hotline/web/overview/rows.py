"""The rows behind a figure, one page at a time: what the figure counted is what the list shows, to those who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.metrics import counting
from hotline.metrics.counting import DEFINITIONS
from hotline.metrics.question import Question
from hotline.tickets.privacy.redact import starred
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from hotline.tickets.vocabulary import SCALE, SOLVED
from hotline.web.core.formatting import TicketRow, local, masked_phone, row_of
from hotline.web.core.request_context import here
from hotline.web.core.sorting import sorted_page
from models import Call, Petition, Survey, Ticket

UNHAPPY = 2
"""Of five: "dissatisfied" and below."""


@dataclass(frozen=True)
class Shown:
    """rows: of ticket_table, or of calls. count: all that this reader may see; hidden: counted, but not to be seen by them."""

    rows: list[FigureRow | dict[str, Any]]
    count: int
    hidden: int
    calls: bool
    next: str | None
    back: str | None


def page(
    db: Session,
    me: Actor,
    asked: Question,
    key: str,
    part: str,
    *,
    after: str | None = None,
    before: str | None = None,
    oldest_first: bool = False,
) -> Shown:
    """One page, by the moment that put the row into the period, newest first unless asked otherwise."""
    source = DEFINITIONS[key].source
    every = counting.behind(asked, key, part)
    seen = every.where(visible_to(me)) if source.of_tickets else every
    turned = sorted_page(db, seen, source.at, source.id, rising=oldest_first, after=after, before=before)
    count = _count(db, seen.with_only_columns(source.id))
    hidden = _count(db, every.with_only_columns(source.id)) - count
    rows = [_dressed(key, row) for row in turned.rows]
    if part == "out":
        _say_why(db, asked, key, turned.rows, rows)
    return Shown(rows, count, hidden, not source.of_tickets, turned.next, turned.back)


def _say_why(db: Session, asked: Question, key: str, found: Sequence[Any], rows: list[Any]) -> None:
    """Beside a row that is left out stands why; of an approved exclusion also its reason and who decided it."""
    things = [row if isinstance(row, Call | Ticket) else row[0] for row in found]
    reasons = counting.left_out_why(db, asked, key, [thing.id for thing in things])
    decided = _exclusions(
        db, [row if isinstance(row, Ticket) else row[1] for row in found if not isinstance(row, Call)]
    )
    for thing, row in zip(things, rows, strict=True):
        if isinstance(row, FigureRow):
            excluded = decided.get(getattr(thing, "ticket_id", thing.id)) if row.excluded else None
            row.why = "：".join(one for one in (reasons.get(thing.id, ""), excluded or "") if one)


def _exclusions(db: Session, tickets: Sequence[Ticket]) -> dict[int, str]:
    held = {ticket.id: ticket for ticket in tickets}
    granted = select(Petition).where(
        Petition.ticket_id.in_(held), Petition.kind == "exclusion", Petition.state == "granted"
    )
    unhappy = exists().where(
        Survey.ticket_id == Petition.ticket_id,
        Survey.answered_at < Petition.asked_at,
        or_(Survey.solved == "no", Survey.result <= UNHAPPY),
    )
    return {
        one.ticket_id: _decided(one, held[one.ticket_id]) + (_("；市民评价不满意之后才申请") if after else "")
        for one, after in db.execute(granted.add_columns(unhappy))
    }


def _decided(one: Petition, ticket: Ticket) -> str:
    """The reason, who asked and who decided: two people, always."""
    return _(
        "%(reason)s（%(asker)s申请，%(who)s %(when)s 批准）",
        reason=starred(ticket, one.reason),
        asker=one.asked_by_name or "",
        who=one.decided_by_name or "",
        when=local(one.decided_at, "short"),
    )


def _count(db: Session, ids: Any) -> int:
    return db.scalar(select(func.count()).select_from(ids.subquery())) or 0


@dataclass(kw_only=True)
class FigureRow(TicketRow):
    """A ticket that a figure counted. at: the moment by which; why: what the row says beyond its ticket."""

    at: datetime | None
    why: str
    excluded: bool = False


def _dressed(key: str, row: Any) -> FigureRow | dict[str, Any]:
    if isinstance(row, Call):
        return _call(row)
    thing, ticket = (row, row) if isinstance(row, Ticket) else row
    return row_of(FigureRow, ticket, at=_moment_of(key, thing), why=_why(thing, ticket), excluded=ticket.excluded)


def _moment_of(key: str, thing: Any) -> datetime | None:
    return getattr(thing, DEFINITIONS[key].source.at.key)


def _why(thing: Any, ticket: Ticket) -> str:
    """What this row says beyond its ticket: who was asked, which clock, which answer."""
    kind = type(thing).__name__
    if kind == "Deadline":
        return _("按时") if thing.met else _("超期") if thing.stopped_at or thing.due_at < here.now else _("计时中")
    if kind == "Assignment":
        return _("派给 %(unit)s", unit=here.city.unit_name(thing.unit_code))
    if kind == "Survey":
        return _answer(thing)
    if kind == "ReplyPromise":
        return _("承诺：%(deed)s（%(said)s）", deed=starred(ticket, thing.deed), said=thing.said)
    return _("第 %(n)d 轮", n=thing.round)


def _answer(survey: Any) -> str:
    if survey.answered_at is None:
        return _("未答复")
    said = [SOLVED.get(survey.solved or "", ""), SCALE.get(str(survey.result), "")]
    return " · ".join(_(one) for one in said if one) or _("已答复")


def _call(call: Call) -> dict[str, Any]:
    waited = (call.answered_at - call.started_at).total_seconds() if call.answered_at else None
    return {
        "at": call.started_at,
        "phone": masked_phone(call.from_phone),
        "state": call.state,
        "waited": waited,
        "rating": call.rating,
        "called_back_at": call.called_back_at,
        "id": call.id,
    }
