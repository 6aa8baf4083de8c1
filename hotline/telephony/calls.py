"""A call at the agents' desks: the first who answers has it, and nobody's missed call is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from models import Call, Staff, Ticket
from models.store.db import changed
from webhooks.events import EMERGENCY, AskKey, VoiceReply, WaitInLine

RINGS_FOR = timedelta(minutes=30)
"""A call whose end nobody told us is missed after this; until then its caller may still be waiting in the line."""

MISSED_SHOWN = timedelta(hours=48)
ON_THE_LINE = ("answered", "dialing", "calling")
QUEUE = "agents"


def ringing(db: Session, now: datetime, most: int = 10) -> list[Call]:
    """The calls that wait for an agent, longest first."""
    return list(
        db.scalars(
            select(Call)
            .where(Call.state == "ringing", Call.started_at > now - RINGS_FOR)
            .order_by(Call.started_at, Call.id)
            .limit(most)
        )
    )


def missed(db: Session, now: datetime, most: int = 20) -> list[Call]:
    """Calls of the last two days that nobody answered and nobody called back, newest first."""
    return list(
        db.scalars(
            select(Call)
            .where(
                Call.state == "missed",
                Call.direction == "in",
                Call.started_at > now - MISSED_SHOWN,
                Call.called_back_at.is_(None),
                Call.from_phone != "",
            )
            .order_by(Call.started_at.desc(), Call.id.desc())
            .limit(most)
        )
    )


def of_agent(db: Session, call_id: int, staff_id: int | None) -> Call:
    """A call this agent has answered or called back. Raises NotFound for anybody else's."""
    call = db.get(Call, call_id)
    if call is None or call.agent_id is None or call.agent_id != staff_id:
        raise NotFound(_("没有这通来电，或不是由您接听的。"))
    return call


def talking(db: Session, staff_id: int | None, now: datetime) -> Call | None:
    """The call this person is on, or is just making."""
    return db.scalar(
        select(Call)
        .where(
            Call.agent_id == staff_id,
            Call.state.in_(ON_THE_LINE),
            Call.started_at > now - timedelta(hours=3),
        )
        .order_by(Call.started_at.desc())
        .limit(1)
    )


def on_the_line(db: Session, staff: Staff, now: datetime) -> Call | None:
    """The call this person is on. Their row is held until the commit: of two calls taken at once, wherever, the second waits
    here and finds the first."""
    db.execute(select(Staff.id).where(Staff.id == staff.id).with_for_update(key_share=True))
    return talking(db, staff.id, now)


def answer(db: Session, call_id: int, staff: Staff, now: datetime) -> Call:
    """Take a ringing call: one UPDATE, whose row count names the first of several agents.

    Raises NotAllowed when off duty, Refusal while on another call, OutOfTurn with the sentence of what became of the call.
    """
    if not staff.on_duty:
        raise NotAllowed(_("您现在是离岗状态，请先切换为在岗再接听。"))
    busy = on_the_line(db, staff, now)
    if busy is not None and busy.id != call_id:
        raise Refusal(_("您正在通话，请先挂断再接听下一通。"))
    taken = changed(
        db,
        update(Call)
        .where(Call.id == call_id, Call.state == "ringing")
        .values(state="answered", agent_id=staff.id, answered_at=now, dialled_id=None),
    )
    call = db.get(Call, call_id, populate_existing=True)
    if call is None:
        raise NotFound(_("没有这通来电。"))
    if taken != 1 and not (call.agent_id == staff.id and call.state == "answered"):
        raise OutOfTurn(_("这通来电已经由别人接听。") if call.agent_id else _("来电人已经挂断。"))
    if taken == 1:
        stop_ringing(db, staff, now)
        tell_line(db, call, now, "connect")
    return call


def stop_ringing(db: Session, staff: Staff, now: datetime) -> None:
    """This person's own telephone stops ringing for other calls, which wait for the next agent again."""
    for call in db.scalars(select(Call).where(Call.dialled_id == staff.id, Call.state == "ringing")):
        back_in_line(db, call, staff, now)


def back_in_line(db: Session, call: Call, staff: Staff, now: datetime) -> None:
    """The caller was being put through to this person, who talks to somebody else: the line takes them back."""
    call.dialled_id = call.agent_leg = None
    tell_line(db, call, now, "wait", staff=staff.id)


def take_missed(db: Session, call_id: int, staff: Staff, now: datetime) -> Call:
    """Take over a missed call; the first agent calls back, the second is told so."""
    taken = changed(
        db,
        update(Call)
        .where(Call.id == call_id, Call.state == "missed", Call.called_back_at.is_(None))
        .values(called_back_at=now, agent_id=staff.id),
    )
    call = db.get(Call, call_id, populate_existing=True)
    if call is None:
        raise NotFound(_("没有这通来电。"))
    if taken != 1 and call.agent_id != staff.id:
        raise OutOfTurn(_("这通未接来电已经有人回拨。"))
    return call


def put_back(db: Session, call: Call) -> None:
    """The citizen was not reached: the missed call waits for the next agent again."""
    call.called_back_at = call.agent_id = None


def transfer(
    db: Session, call_id: int, staff_id: int | None, to: str, now: datetime, ticket: Ticket | None = None
) -> Call:
    """Put the caller through to an emergency service, as soon as this is committed."""
    if to not in EMERGENCY:
        raise Refusal(_("只能一键转接 110、119、120、122。"))
    call = of_agent(db, call_id, staff_id)
    if call.state in ("dialing", "calling"):
        raise Refusal(_("电话还没有接通，不能转接。"))
    if call.state == "answered":
        tell_line(db, call, now, "transfer", to=to)
    call.state, call.transferred_to = "transferred", to
    call.ended_at = call.ended_at or now
    if ticket is not None:
        call.ticket_id = ticket.id
    return call


def rating_question() -> VoiceReply:
    """What the citizen hears when the agent is gone: 1 very satisfied … 5 very dissatisfied."""
    return VoiceReply(
        (_("请对本次服务评价：非常满意请按 1，满意请按 2，基本满意请按 3，不满意请按 4，非常不满意请按 5。"),),
        AskKey("rating"),
    )


def place_in_line() -> VoiceReply:
    """What a caller hears who could not be put through, and waits again."""
    return VoiceReply((_("话务员正忙，请您稍候，我们马上为您接通。"),), WaitInLine(QUEUE))


def tell_line(db: Session, call: Call, now: datetime, what: str, **more: Any) -> None:
    """The telephone exchange hears of it after the commit; nothing outside is called while a transaction is open.

    more: to (an emergency number or a partner's code), staff (whose telephone, when not the call's agent's), ref (of a third
    party's leg), opens (the call becomes a room first).
    """
    key = f"line:{call.id}:{what}:{now:%m%dT%H%M%S.%f}:{more.get('ref', '')}"
    outbox.enqueue(db, "tell_line", key=key, now=now, call_id=call.id, what=what, **more)
