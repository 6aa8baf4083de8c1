"""Is there an agent at every hour? Counted from the sessions of agents, hour by hour of the city's days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.metrics.question import Question
from hotline.metrics.rates import Rate, interval
from models import LoginSession, Staff

NAME = N_("24 小时值守率")
FORMULA = N_("有话务员登录的小时 ÷ 已过去的小时")
HOUR = timedelta(hours=1)


def staffing(db: Session, asked: Question) -> Rate:
    """Hours in which an agent was signed in, of the hours that have begun. Every part of an hour counts as the hour."""
    empty = empty_hours(db, asked)
    of = len(_hours(asked))
    n = of - len(empty)
    return Rate(
        key="staffing",
        name=_(NAME),
        value=n / of if of else None,
        n=n,
        of=of,
        excluded=0,
        why=(),
        interval=interval(n, of),
        too_few=False,
        reference="24/24",
        parts={"hit": n, "partly": 0, "miss": len(empty)},
        good=(n == of) if of else None,
        version="1",
    )


def empty_hours(db: Session, asked: Question) -> list[datetime]:
    """The hours without any agent, oldest first."""
    covered: set[datetime] = set()
    for begun, left in db.execute(_sessions(asked)):
        hour = max(_floor(begun), _floor(asked.start))
        while hour <= left and hour < asked.end:
            covered.add(hour)
            hour += HOUR
    return [hour for hour in _hours(asked) if hour not in covered]


def _sessions(asked: Question):  # type: ignore[no-untyped-def]
    """When agents were there: from the sign-in to the end, or to the last sign of life."""
    left = func.coalesce(LoginSession.ended_at, LoginSession.seen_at, type_=LoginSession.seen_at.type)
    roles = cast(Staff.roles, String)
    return (
        select(LoginSession.created_at, left)
        .join(Staff, Staff.id == LoginSession.staff_id)
        .where(
            LoginSession.seen_at >= asked.start - HOUR,
            LoginSession.created_at < asked.end,
            or_(roles.like('%"agent"%'), roles.like('%"lead_agent"%')),
        )
    )


def _hours(asked: Question) -> list[datetime]:
    hour, end = _floor(asked.start), min(asked.end, asked.now)
    found = []
    while hour < end:
        found.append(hour)
        hour += HOUR
    return found


def _floor(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
