"""Three-way calls: 110, 119, 120, 122 or a partner's line is rung into a call, and every try is written down."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotFound, Refusal
from hotline.i18n import N_, _, speaking
from hotline.telephony import calls
from hotline.tickets.act import act, lock
from hotline.tickets.roles import actor_of
from models import Call, CallLeg, Staff
from webhooks.events import EMERGENCY, LEG_RANK

ENDED = LEG_RANK["left"]
MOST_AT_ONCE = 2
RINGS_AT_MOST = timedelta(seconds=90)
"""A telephone that was rung and of which we hear nothing more is given up after this; the network rings for 45 seconds."""

PARTNERS = ("utility", "department", "bureau", "area")
STATES: dict[str, str] = {
    "calling": N_("正在拨号"),
    "ringing": N_("振铃中"),
    "connected": N_("已接通"),
    "left": N_("已离开"),
    "busy": N_("占线"),
    "no_answer": N_("无人接听"),
    "refused": N_("拒接"),
    "failed": N_("没有接通"),
}


@dataclass(frozen=True)
class Line:
    """Whom one can ring into a call. number: as it stands in the city's files; "" for an emergency number."""

    code: str
    number: str


def partners(city: City) -> list[Line]:
    """The bodies of the city whose telephone is on file."""
    return [Line(unit.code, unit.phone) for unit in city.units.values() if unit.phone and unit.kind in PARTNERS]


def number_of(city: City, to: str) -> str:
    """What is dialled for an emergency number or a partner. Raises Refusal for anything else: nobody dials freely."""
    if to in EMERGENCY:
        return to
    found = next((line.number for line in partners(city) if line.code == to), "")
    if not found:
        raise Refusal(_("没有登记这条线路的电话。可以接入 110、119、120、122 和已登记电话的单位。"))
    return found


def legs(db: Session, call_id: int) -> list[CallLeg]:
    """Everybody who was rung into this call, in order."""
    return list(db.scalars(select(CallLeg).where(CallLeg.call_id == call_id).order_by(CallLeg.id)))


def is_going(leg: CallLeg) -> bool:
    return LEG_RANK[leg.state] < ENDED


def connected(db: Session, call: Call) -> CallLeg | None:
    """Who of the outside is talking in this call."""
    return next((leg for leg in legs(db, call.id) if leg.state == "connected"), None)


def bring_in(db: Session, city: City, staff: Staff, to: str, now: datetime) -> CallLeg:
    """Ring this body into the call that the agent is on, as soon as this is committed; pressed twice it rings once."""
    number_of(city, to)
    call = calls.talking(db, staff.id, now)
    if call is None or call.state != "answered":
        raise Refusal(_("没有正在进行的通话，不能接入三方。"))
    going = [leg for leg in legs(db, call.id) if is_going(leg)]
    held = next((leg for leg in going if leg.to == to), None)
    if held is not None:
        return held
    if len(going) >= MOST_AT_ONCE:
        raise Refusal(_("已经接入了 %(n)d 方，请先断开一方。", n=MOST_AT_ONCE))
    leg = CallLeg(
        call_id=call.id, ref=f"leg-{secrets.token_hex(12)}", to=to, state="calling", staff_id=staff.id, started_at=now
    )
    db.add(leg)
    db.flush()
    calls.tell_line(db, call, now, "bring_in", to=to, ref=leg.ref, opens=call.room_at is None)
    call.room_at = call.room_at or now
    outbox.enqueue(
        db,
        "tell_line",
        key=f"line:{leg.ref}:settle",
        now=now,
        at=now + RINGS_AT_MOST,
        call_id=call.id,
        what="give_up",
        ref=leg.ref,
    )
    return leg


def drop(db: Session, leg_id: int, staff_id: int | None, now: datetime) -> CallLeg:
    """Take somebody out of the call again, whether they still ring or talk. Raises NotFound for another agent's call."""
    leg = db.get(CallLeg, leg_id)
    if leg is None:
        raise NotFound(_("没有这通来电，或不是由您接听的。"))
    call = calls.of_agent(db, leg.call_id, staff_id)
    if is_going(leg):
        calls.tell_line(db, call, now, "drop", ref=leg.ref)
    return leg


def moved(db: Session, city: City, leg: CallLeg, state: str, now: datetime, provider_id: str = "") -> None:
    """The outside is a step further. News may come late and twice: a leg never steps back."""
    if LEG_RANK[state] <= LEG_RANK[leg.state]:
        return
    leg.state, leg.provider_id = state, provider_id or leg.provider_id
    if state == "connected":
        leg.connected_at = now
    if LEG_RANK[state] == ENDED:
        leg.ended_at = now
    call = db.get_one(Call, leg.call_id)
    db.flush()
    tell_story(db, city, call, now)


def give_up(db: Session, city: City, leg: CallLeg, now: datetime) -> None:
    """Nothing more was heard of a telephone that should long have been picked up."""
    if LEG_RANK[leg.state] < LEG_RANK["connected"]:
        moved(db, city, leg, "no_answer" if leg.state == "ringing" else "failed", now)


def of_ref(db: Session, ref: str) -> CallLeg | None:
    """The leg to which we gave this reference."""
    return db.scalar(select(CallLeg).where(CallLeg.ref == ref))


def all_gone(db: Session, city: City, call: Call, now: datetime) -> None:
    """The citizen has hung up, which ends the room: whoever was in it has left."""
    for leg in legs(db, call.id):
        if leg.state == "connected":
            moved(db, city, leg, "left", now)


def tell_story(db: Session, city: City, call: Call, now: datetime) -> None:
    """Write what is over and not yet told into the story of the call's ticket, once there is one."""
    if call.ticket_id is None:
        return
    for leg in legs(db, call.id):
        if leg.ended_at is None or leg.told_at is not None or leg.staff_id is None:
            continue
        leg.told_at = now
        staff = db.get_one(Staff, leg.staff_id)
        act(db, city, lock(db, call.ticket_id), "note", actor_of(staff, city), now, {"text": sentence(city, leg)})


def sentence(city: City, leg: CallLeg) -> str:
    """One line of the story, in the city's language."""
    with speaking("zh"):
        who = city.unit_name(leg.to) if leg.to in city.units else leg.to
        rang = _clock(city, leg.started_at)
        if leg.connected_at is None or leg.ended_at is None:
            return _("三方通话：%(at)s 呼叫%(who)s，%(what)s。", at=rang, who=who, what=_(STATES[leg.state]))
        return _(
            "三方通话：%(at)s 呼叫%(who)s，%(from_)s 接通，%(until)s 离开，通话 %(long)s。",
            at=rang,
            who=who,
            from_=_clock(city, leg.connected_at),
            until=_clock(city, leg.ended_at),
            long=duration(int((leg.ended_at - leg.connected_at).total_seconds())),
        )


def duration(seconds: int) -> str:
    """ "2 分 5 秒"."""
    minutes, rest = divmod(max(seconds, 0), 60)
    return _("%(m)d 分 %(s)d 秒", m=minutes, s=rest) if minutes else _("%(s)d 秒", s=rest)


def _clock(city: City, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(city.timezone)).strftime("%H:%M:%S")
