"""Was there somebody to take a call, at every hour? Counted from duty times while the line was open, not from open pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from hotline.i18n import N_, _
from hotline.metrics.question import Question
from hotline.metrics.rates import Rate, interval
from models import DutyTime, LoginSession, Staff

NAME = N_("24 小时值守率")
FORMULA = N_("有话务员在岗并已登录的时长 ÷ 已过去的时长（按小时；离岗不算，登录失效后不算）")
UNKNOWN = N_("当时还没有在岗记录")
HOUR = timedelta(hours=1)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class StaffedHour:
    """One hour of the period. share: the part of it in which somebody was there; people: how many were in all."""

    start: datetime
    share: float
    people: int
    known: bool = True

    @property
    def full(self) -> bool:
        return self.share > 1 - 1e-9


def staffing(db: Session, asked: Question) -> Rate:
    """The staffed time of the hours that have begun; hours before duty was written down are left out."""
    hours = _hours(db, asked)
    known = [one for one in hours if one.known]
    n, of, unknown = round(sum(one.share for one in known), 4), len(known), len(hours) - len(known)
    full = sum(one.full for one in known)
    return Rate(
        key="staffing",
        name=_(NAME),
        value=n / of if of else None,
        n=n,
        of=of,
        excluded=unknown,
        why=((_(UNKNOWN), unknown),) if unknown else (),
        interval=interval(n, of),
        too_few=False,
        reference="24/24",
        parts={"hit": full, "partly": 0, "miss": of - full},
        good=full == of if of else None,
        version="2",
    )


def hours_of(db: Session, asked: Question, part: str = "of") -> list[StaffedHour]:
    """The hours behind a part of the figure, oldest first: hit (fully staffed), miss (not), out (unknown), of (known)."""
    return [one for one in _hours(db, asked) if _belongs(one, part)]


def _hours(db: Session, asked: Question) -> list[StaffedHour]:
    """Hour by hour from the period's start on, so that 24 hours are 24."""
    there, since = _stretches(db, asked), db.scalar(select(func.min(DutyTime.started_at)))
    found = []
    start = asked.start
    while start < asked.until:
        end = min(start + HOUR, asked.until)
        found.append(_hour(start, end, there, known=since is not None and end > since))
        start += HOUR
    return found


def _belongs(one: StaffedHour, part: str) -> bool:
    if part == "out" or not one.known:
        return part == "out" and not one.known
    return part == "of" or one.full is (part == "hit")


def _hour(start: datetime, end: datetime, there: dict[int, list[Stretch]], known: bool) -> StaffedHour:
    held = {who: _clipped(stretches, start, end) for who, stretches in there.items()}
    covered = _length(stretch for stretches in held.values() for stretch in stretches)
    return StaffedHour(start, covered / (end - start), sum(bool(one) for one in held.values()), known)


def _clipped(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    return [(max(a, start), min(b, end)) for a, b in stretches if a < end and b > start]


def _length(stretches: Iterable[Stretch]) -> timedelta:
    """How long at least one of them lasted."""
    total, reached = timedelta(0), None
    for begun, left in sorted(stretches):
        begun = begun if reached is None else max(begun, reached)
        if left > begun:
            total, reached = total + (left - begun), left
    return total


def _stretches(db: Session, asked: Question) -> dict[int, list[Stretch]]:
    """Per person: on duty, and signed in at that time."""
    signed_in: dict[int, list[Stretch]] = {}
    for who, begun, left in db.execute(_sessions(asked)):
        signed_in.setdefault(who, []).append((begun, left))
    found: dict[int, list[Stretch]] = {}
    for who, begun, left in db.execute(_duties(asked)):
        both = _clipped(signed_in.get(who, ()), begun, min(left or asked.until, asked.until))
        found.setdefault(who, []).extend(both)
    return found


def _duties(asked: Question):  # type: ignore[no-untyped-def]
    return select(DutyTime.staff_id, DutyTime.started_at, DutyTime.ended_at).where(
        DutyTime.started_at < asked.end, or_(DutyTime.ended_at.is_(None), DutyTime.ended_at > asked.start)
    )


def _sessions(asked: Question):  # type: ignore[no-untyped-def]
    """When agents were signed in: until the end, or the last sign of life."""
    left = func.coalesce(LoginSession.ended_at, LoginSession.seen_at, type_=LoginSession.seen_at.type)
    roles = cast(Staff.roles, String)
    return (
        select(LoginSession.staff_id, LoginSession.created_at, left)
        .join(Staff, Staff.id == LoginSession.staff_id)
        .where(
            LoginSession.seen_at >= asked.start - HOUR,
            LoginSession.created_at < asked.end,
            or_(roles.like('%"agent"%'), roles.like('%"lead_agent"%')),
        )
    )
