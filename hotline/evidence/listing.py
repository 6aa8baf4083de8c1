"""Findings as people ask for them: those of one ticket, a list with filters, and what a person says of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.evidence.kinds import VERDICTS
from hotline.i18n import _
from hotline.metrics.days.changes import note_changed
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor, Role
from models import ReplyFinding, Ticket

READERS = frozenset({Role.SUPERVISOR, Role.HEAD, Role.QUALITY, Role.REVIEWER, Role.CITY_LEADER, Role.DISCIPLINE})
JUDGES = frozenset({Role.SUPERVISOR, Role.HEAD, Role.QUALITY, Role.DISCIPLINE})
STATES = ("open", *VERDICTS, "all")


@dataclass(frozen=True)
class Wish:
    """What a list shows. kind, unit: "" for all. state: open (nobody has judged), holds, explained or all."""

    kind: str = ""
    unit: str = ""
    state: str = "open"
    since: datetime | None = None


def findings(actor: Actor, wish: Wish) -> Any:
    """(finding, ticket) that this person may see, in no order yet."""
    return (
        select(ReplyFinding, Ticket)
        .join(Ticket, Ticket.id == ReplyFinding.ticket_id)
        .where(visible_to(actor), *_conditions(wish))
    )


def counts(db: Session, actor: Actor, wish: Wish) -> dict[str, int]:
    """How many of each kind, whatever kind is asked for."""
    without = Wish("", wish.unit, wish.state, wish.since)
    rows = db.execute(
        select(ReplyFinding.kind, func.count().label("n"))
        .join(Ticket, Ticket.id == ReplyFinding.ticket_id)
        .where(visible_to(actor), *_conditions(without))
        .group_by(ReplyFinding.kind)
    )
    return {row.kind: row.n for row in rows}


def of_ticket(db: Session, ticket_id: int) -> list[ReplyFinding]:
    """Those of all rounds of one ticket, the newest round first."""
    return list(
        db.scalars(
            select(ReplyFinding)
            .where(ReplyFinding.ticket_id == ticket_id)
            .order_by(ReplyFinding.reply_id.desc(), ReplyFinding.id)
        )
    )


def judge(db: Session, actor: Actor, finding_id: int, verdict: str, words: str, now: datetime) -> Ticket:
    """A person says whether it holds or is explained, and why; it changes nothing but the figures. Returns the ticket.

    Raises NotFound, OutOfTurn when somebody has judged it, Refusal without words.
    """
    row = db.execute(findings(actor, Wish(state="all")).where(ReplyFinding.id == finding_id)).first()
    if row is None or verdict not in VERDICTS:
        raise NotFound(_("没有这条疑点。"))
    finding, ticket = row
    if finding.verdict is not None:
        raise OutOfTurn(_("这条疑点已经有人判断过。"))
    if not words.strip():
        raise Refusal(_("请写明理由：核实了什么，依据是什么。"))
    finding.verdict, finding.words = verdict, words.strip()[:500]
    finding.judged_by_id, finding.judged_by_name, finding.judged_at = actor.id, actor.name, now
    note_changed(db, [ticket.id])
    audit.record(
        db, "judge_finding", actor, now, ticket_id=ticket.id, subject=ticket.number, kind=finding.kind, verdict=verdict
    )
    return ticket


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wish.kind:
        found.append(ReplyFinding.kind == wish.kind)
    if wish.unit:
        found.append(ReplyFinding.unit_code == wish.unit)
    if wish.state == "open":
        found.append(ReplyFinding.verdict.is_(None))
    elif wish.state in VERDICTS:
        found.append(ReplyFinding.verdict == wish.state)
    if wish.since is not None:
        found.append(ReplyFinding.found_at >= wish.since)
    return found


def since(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def tickets_by_id(db: Session, actor: Actor, ids: Collection[int]) -> dict[int, Ticket]:
    """Those this person may open."""
    return (
        {one.id: one for one in db.scalars(select(Ticket).where(Ticket.id.in_(ids), visible_to(actor)))} if ids else {}
    )
