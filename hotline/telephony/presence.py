"""Who could take a call now: alive at the desk, or reachable by telephone. An open page proves a desk, hands prove a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.staff.duty import set_duty
from hotline.telephony.calls import ON_THE_LINE
from models import Call, LoginSession, Staff

DESK_KEPT = timedelta(minutes=2)
"""So long after its last word an open page still counts; it says a word every half minute."""

ANSWERED_WITHIN = timedelta(minutes=2)
"""Who is asked "are you there?" has so long to move a hand."""

TALKS_AT_MOST = timedelta(hours=3)


class How(StrEnum):
    """Best first: whoever is at the desk is rung before whoever gave no sign, and both before a telephone elsewhere."""

    DESK = "desk"
    SILENT = "silent"
    PHONE = "phone"
    GONE = "gone"


@dataclass(frozen=True)
class Present:
    """One person on duty. since: of their last call's end, or of their last sign-in: who has been idle longest is rung first."""

    staff: Staff
    how: How
    busy: bool
    since: datetime


def on_duty(db: Session, city: City, now: datetime) -> list[Present]:
    """Everybody on duty, in the order in which the next call rings."""
    people = db.scalars(select(Staff).where(Staff.on_duty.is_(True), Staff.active.is_(True)).order_by(Staff.id)).all()
    if not people:
        return []
    ids = [one.id for one in people]
    hands, ended, talking = _hands(db, ids), _last_calls(db, ids), _talking(db, ids, now)
    found = [
        Present(
            one,
            how_reached(city, one, hands.get(one.id), now),
            one.id in talking,
            ended.get(one.id) or one.last_login_at or one.created_at,
        )
        for one in people
    ]
    return sorted(found, key=lambda each: (list(How).index(each.how), each.since, each.staff.id))


def how_reached(city: City, staff: Staff, hand_at: datetime | None, now: datetime) -> How:
    """At the desk, silent at an open desk, by telephone, or not at all."""
    if has_open_desk(staff, now):
        quiet = timedelta(minutes=city.policy.idle_minutes) + ANSWERED_WITHIN
        return How.DESK if hand_at is not None and now - hand_at <= quiet else How.SILENT
    return How.PHONE if staff.reach_by_phone and staff.phone else How.GONE


def has_open_desk(staff: Staff, now: datetime) -> bool:
    return staff.desk_at is not None and now - staff.desk_at <= DESK_KEPT


def sign_off_the_gone(db: Session, city: City, now: datetime) -> list[Staff]:
    """Take off duty whoever closed every page, is not on a call and gave no telephone. Returns them."""
    gone = [one.staff for one in on_duty(db, city, now) if one.how is How.GONE and not one.busy]
    for staff in gone:
        set_duty(db, staff, False, now)
    return gone


def _hands(db: Session, ids: list[int]) -> dict[int, datetime]:
    """When each person last moved a hand, in any session that has not ended."""
    rows = db.execute(
        select(LoginSession.staff_id, func.max(LoginSession.seen_at, type_=LoginSession.seen_at.type))
        .where(LoginSession.staff_id.in_(ids), LoginSession.ended_at.is_(None))
        .group_by(LoginSession.staff_id)
    )
    return {who: at for who, at in rows.all()}  # noqa: C416 – a row is no pair to `dict`


def _last_calls(db: Session, ids: list[int]) -> dict[int, datetime]:
    rows = db.execute(
        select(Call.agent_id, func.max(Call.ended_at, type_=Call.ended_at.type))
        .where(Call.agent_id.in_(ids), Call.ended_at.is_not(None))
        .group_by(Call.agent_id)
    )
    return {who: at for who, at in rows if who is not None and at is not None}


def _talking(db: Session, ids: list[int], now: datetime) -> set[int]:
    """On a call, or just being rung at a telephone."""
    rows = db.execute(
        select(Call.agent_id, Call.dialled_id).where(
            or_(Call.agent_id.in_(ids), Call.dialled_id.in_(ids)),
            Call.state.in_((*ON_THE_LINE, "ringing")),
            Call.started_at > now - TALKS_AT_MOST,
        )
    )
    return {who for row in rows for who in row if who is not None}
