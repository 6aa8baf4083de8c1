"""Faults of records as people ask for them, and what a person says of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.quality.checks.kinds import VERDICTS
from hotline.tickets.privacy import audit
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import RecordFinding, Ticket

STATES = ("open", *VERDICTS, "all")


@dataclass(frozen=True)
class Wish:
    """kind: "" for all. person: 0 for all. state: open (nobody has judged), holds, explained or all."""

    kind: str = ""
    person: int = 0
    state: str = "open"
    since: datetime | None = None
    until: datetime | None = None


def found(actor: Actor, wish: Wish) -> Any:
    """(finding, ticket) that this person may see, in no order yet."""
    query = select(RecordFinding, Ticket).join(Ticket, Ticket.id == RecordFinding.ticket_id)
    return query.where(visible_to(actor), *_asked_for(wish))


def counts(db: Session, actor: Actor, wish: Wish) -> dict[str, int]:
    """Kind → how many, whatever kind is asked for."""
    every = found(actor, replace(wish, kind="")).with_only_columns(RecordFinding.kind, func.count().label("n"))
    return {row.kind: row.n for row in db.execute(every.group_by(RecordFinding.kind))}


def judged(db: Session, actor: Actor) -> dict[str, tuple[int, int]]:
    """Kind → (how many held, of how many that a person has judged)."""
    query = found(actor, Wish(state="all")).with_only_columns(
        RecordFinding.kind,
        func.count().filter(RecordFinding.verdict == "holds").label("held"),
        func.count(RecordFinding.verdict).label("n"),
    )
    return {row.kind: (row.held, row.n) for row in db.execute(query.group_by(RecordFinding.kind)) if row.n}


def judge(db: Session, actor: Actor, finding_id: int, verdict: str, words: str, now: datetime) -> Ticket:
    """A person says whether it holds; an explanation wants words. Returns the ticket. Raises NotFound, OutOfTurn, Refusal."""
    row = db.execute(found(actor, Wish(state="all")).where(RecordFinding.id == finding_id)).first()
    if row is None or verdict not in VERDICTS:
        raise NotFound(_("没有这条记录问题。"))
    finding, ticket = row
    if finding.verdict is not None:
        raise OutOfTurn(_("这一条已经有人判断过。"), code="judged_already")
    if finding.agent_id == actor.id:
        raise Refusal(_("不能判断自己的记录。"), code="own_record")
    if verdict == "explained" and not words.strip():
        raise Refusal(_("能说明的，请写一句为什么不算。"), field="words")
    finding.verdict, finding.words = verdict, words.strip()[:500] or None
    finding.judged_by_id, finding.judged_by_name, finding.judged_at = actor.id, actor.name, now
    about = {"ticket_id": ticket.id, "subject": ticket.number, "kind": finding.kind, "verdict": verdict}
    audit.record(db, "judge_record", actor, now, **about)
    return ticket


def _asked_for(wish: Wish) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wish.kind:
        conditions.append(RecordFinding.kind == wish.kind)
    if wish.person:
        conditions.append(RecordFinding.agent_id == wish.person)
    if wish.state == "open":
        conditions.append(RecordFinding.verdict.is_(None))
    elif wish.state in VERDICTS:
        conditions.append(RecordFinding.verdict == wish.state)
    if wish.since is not None:
        conditions.append(RecordFinding.found_at >= wish.since)
    if wish.until is not None:
        conditions.append(RecordFinding.found_at < wish.until)
    return conditions
