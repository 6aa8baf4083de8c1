"""The table of broken rules is what history tells and nothing else: brought up to date ticket by ticket, or made anew whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.monitoring.conditions import Breach, breaches
from hotline.monitoring.history import History, read_histories
from hotline.tickets.names import ActionName as Do
from models import Ticket, Violation

AT_ONCE = 200


def bring_up_to_date(db: Session, city: City, histories: Iterable[History], now: datetime) -> list[Violation]:
    """What these tickets' histories tell stands in the table, each breach once; what they no longer bear out has lapsed.

    Returns every row of these tickets. Commits nothing.
    """
    read = list(histories)
    ids = [one.ticket.id for one in read]
    held = {row.key: row for row in db.scalars(select(Violation).where(Violation.ticket_id.in_(ids)))}
    for history in read:
        _bring(db, city, history, held, now)
    db.flush()
    return list(held.values())


def rebuild(db: Session, city: City, now: datetime, tell: Callable[[int], None] = lambda n: None) -> int:
    """Every ticket's broken rules derived anew from the beginning. Returns how many tickets were read."""
    done, last = 0, 0
    while True:
        some = select(Ticket.id).where(Ticket.id > last, Ticket.state != "draft").order_by(Ticket.id).limit(AT_ONCE)
        ids = list(db.scalars(some))
        if not ids:
            return done
        bring_up_to_date(db, city, read_histories(db, ids, now), now)
        done, last = done + len(ids), ids[-1]
        db.expunge_all()
        tell(done)


def _bring(db: Session, city: City, history: History, held: dict[str, Violation], now: datetime) -> None:
    found = {one.key: one for one in breaches(city, history, now)}
    for breach in found.values():
        _write(db, history, breach, held, now)
    for row in held.values():
        if row.ticket_id == history.ticket.id and row.key not in found and row.lapsed_at is None:
            row.lapsed_at = now
    _withdraw(history, held)


def _write(db: Session, history: History, breach: Breach, held: dict[str, Violation], now: datetime) -> None:
    row = held.get(breach.key)
    if row is None:
        row = held[breach.key] = Violation(key=breach.key, rule=breach.rule, ticket_id=history.ticket.id, found_at=now)
        db.add(row)
    row.unit_code, row.staff_id, row.at, row.lapsed_at = breach.unit_code, breach.staff_id, breach.at, None


def _withdraw(history: History, held: dict[str, Violation]) -> None:
    """Who took one back, and why, as the history tells it."""
    for event in history.done(Do.WITHDRAW_VIOLATION):
        row = held.get(str(event.data.get("key")))
        if row is not None and row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by_name = event.at, event.actor_name
            row.reason = str(event.data.get("reason") or "")
