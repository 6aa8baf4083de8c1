"""How much of people's data one pair of eyes may open in an hour: more than that is read by nobody for work."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from hotline.errors import TooMany
from hotline.i18n import _
from hotline.tickets.roles import Actor
from models import Audit

WITHIN = timedelta(hours=1)
PEOPLE = {"reveal": 30, "view_file": 300}
MACHINES = {"reveal": 300}
"""Deeds of the book. A file counts once, since a page shows its pictures each time that it is opened."""


def measure_of(actor: Actor, deed: str) -> int:
    return (MACHINES if actor.kind == "machine" else PEOPLE)[deed]


def check_measure(db: Session, actor: Actor, deed: str, now: datetime) -> None:
    """Raises TooMany beyond the measure of an hour's honest work."""
    if opened_lately(db, actor, deed, now) >= measure_of(actor, deed):
        raise TooMany(_("一小时内查看个人信息太多，已告知督办员。确有需要请稍后再看。"))


def opened_lately(db: Session, actor: Actor, deed: str, now: datetime) -> int:
    counted = func.count(Audit.subject.distinct()) if deed == "view_file" else func.count()
    return db.scalar(select(counted).where(*_own(actor), Audit.action == deed, Audit.at > now - WITHIN)) or 0


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """A machine has no number, only the name of its token."""
    who = Audit.actor_name == actor.name if actor.id is None else Audit.actor_id == actor.id
    return Audit.actor_kind == actor.kind, who


def opened_between(begin: datetime, end: datetime) -> Select[str, str, int]:
    """Rows (deed, who, how often) of a span, the most first: what a summary tells of."""
    return (
        select(Audit.action, Audit.actor_name, func.count())
        .where(Audit.action.in_([*PEOPLE, "export"]), Audit.at >= begin, Audit.at < end)
        .group_by(Audit.action, Audit.actor_name)
        .order_by(func.count().desc(), Audit.actor_name)
    )
