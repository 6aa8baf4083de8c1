"""Drawn tasks and results as people ask for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, select, true
from sqlalchemy.orm import Session

from hotline.i18n import N_
from hotline.quality import rights
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from models import QualityScore, QualityTask, Ticket

TABS = {
    "read": N_("待评"),
    "differs": N_("两人不一致"),
    "appeals": N_("申诉"),
    "coaching": N_("待辅导"),
    "told": N_("全部结果"),
    "drawn": N_("全部抽到的"),
}
OUTCOMES = {
    "good": N_("合格"),
    "poor": N_("不合格"),
    "fatal": N_("致命项"),
    "appealed": N_("申诉过的"),
    "double": N_("两人评的"),
}
FOR_READERS = frozenset({"read", "differs", "appeals"})


@dataclass(frozen=True)
class Wish:
    """tab: a key of TABS. person: 0 for all; sheet, plan, unit, outcome: "" for all. since, until: when it was told.
    day: when it was drawn."""

    tab: str = "read"
    sheet: str = ""
    plan: str = ""
    person: int = 0
    unit: str = ""
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    day: date | None = None


def listed(actor: Actor, wish: Wish) -> Any:
    """(task, ticket) that this person may see, in no order yet."""
    query = select(QualityTask, Ticket).join(Ticket, Ticket.id == QualityTask.ticket_id)
    return query.where(visible_to(actor), _in_tab(actor, wish.tab), *_asked_for(wish))


def mine(actor: Actor) -> Any:
    """(task, ticket): what was said of this person's own work, or of the unit this person leads."""
    query = select(QualityTask, Ticket).join(Ticket, Ticket.id == QualityTask.ticket_id)
    return query.where(QualityTask.state == "told", rights.own(actor), visible_to(actor))


def counts(db: Session, actor: Actor, wish: Wish) -> dict[str, int]:
    """Tab → how many, under the same filters."""
    return {tab: count(db, listed(actor, replace(wish, tab=tab))) for tab in TABS}


def count(db: Session, query: Any) -> int:
    return db.scalar(select(func.count()).select_from(query.with_only_columns(QualityTask.id).subquery())) or 0


def drawn_on(db: Session, day: date) -> dict[str, int]:
    """Plan → how many it drew on this day."""
    rows = select(QualityTask.plan_code, func.count().label("n")).where(QualityTask.drawn_on == day)
    return {row.plan_code: row.n for row in db.execute(rows.group_by(QualityTask.plan_code))}


def _in_tab(actor: Actor, tab: str) -> ColumnElement[bool]:
    if tab in FOR_READERS and not actor.is_(*rights.READERS):
        return false()
    not_mine = and_(rights.not_own(actor), ~_read_by(actor))
    tabs: dict[str, ColumnElement[bool]] = {
        "read": and_(QualityTask.state == "open", not_mine),
        "differs": and_(QualityTask.state == "differs", not_mine),
        "appeals": and_(QualityTask.appealed_at.is_not(None), QualityTask.decided_at.is_(None), not_mine),
        "coaching": and_(
            QualityTask.state == "told",
            QualityTask.coaching.is_(True),
            QualityTask.coached_at.is_(None),
            rights.not_own(actor),
        ),
        "told": QualityTask.state == "told",
        "drawn": true(),
    }
    return tabs.get(tab, false())


def _read_by(actor: Actor) -> ColumnElement[bool]:
    return exists().where(QualityScore.task_id == QualityTask.id, QualityScore.reader_id == actor.id)


def _asked_for(wish: Wish) -> list[ColumnElement[bool]]:
    outcomes: dict[str, ColumnElement[bool]] = {
        "good": QualityTask.coaching.is_(False),
        "poor": QualityTask.coaching.is_(True),
        "fatal": QualityTask.fatal.is_(True),
        "appealed": QualityTask.appealed_at.is_not(None),
        "double": QualityTask.readers > 1,
    }
    asked: list[tuple[object, ColumnElement[bool]]] = [
        (wish.sheet, QualityTask.sheet_code == wish.sheet),
        (wish.plan, QualityTask.plan_code == wish.plan),
        (wish.person, QualityTask.scored_id == wish.person),
        (wish.unit, QualityTask.unit_code == wish.unit),
        (wish.outcome, outcomes.get(wish.outcome, false())),
    ]
    found = [condition for value, condition in asked if value]
    if wish.day is not None:
        found.append(QualityTask.drawn_on == wish.day)
    if wish.since is not None:
        found.append(QualityTask.told_at >= wish.since)
    if wish.until is not None:
        found.append(QualityTask.told_at < wish.until)
    return found
