"""Calls that we make: our own telephone rings first, then the citizen's, and what becomes of it is written down by itself."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline import outbox
from hotline.city.schema import City
from hotline.errors import NotAllowed, Refusal
from hotline.i18n import N_, _, speaking
from hotline.telephony import calls, three_way
from hotline.tickets.act import act, lock, possible
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.roles import Actor, actor_of
from models import Call, Staff, Ticket

log = logging.getLogger(__name__)
TALKED_S = 10
"""Seconds below which a call that was picked up reached nobody: it keeps no clock from running."""

TRIES = 3
"""After so many vain tries a missed call counts as called back."""

RINGS_AT_MOST = timedelta(minutes=2)
OUTCOMES: dict[str, str] = {
    "reached": N_("已接通"),
    "short": N_("接起即挂断"),
    "no_answer": N_("无人接听"),
    "busy": N_("占线"),
    "refused": N_("拒接"),
    "failed": N_("没有拨通"),
    "not_taken": N_("本方电话没有接起"),
}
ENDS = {"busy": "busy", "no_answer": "no_answer", "refused": "refused", "failed": "failed"}
DEEDS = {"contact": "contact", "call_attempt": "follow_up"}


def return_missed(db: Session, call_id: int, staff: Staff, now: datetime) -> Call:
    """Take over a missed call and dial it. Raises OutOfTurn when another agent has, Refusal while on another call."""
    if (running := calls.on_the_line(db, staff, now)) is not None:
        if running.back_to_id == call_id:
            return running
        raise Refusal(_("您正在通话，请先挂断再拨打下一通。"))
    missed = calls.take_missed(db, call_id, staff, now)
    return _dial(db, staff, missed.from_phone, missed.citizen_id, "call_back", now, back_to=missed.id)


def ring_citizen(db: Session, ticket: Ticket, staff: Staff, actor: Actor, now: datetime) -> Call:
    """Dial the citizen of a ticket, whose number nobody needs to see for it; pressed twice it rings once.

    Raises NotAllowed for whom the number is not to be used, Refusal without a number or while on another call.
    """
    if not may_reveal(actor, ticket):
        raise NotAllowed(_("您不能拨打这张工单的市民电话。"))
    if not ticket.contact_phone:
        raise Refusal(_("市民没有留电话。"))
    if (running := calls.on_the_line(db, staff, now)) is not None:
        if running.ticket_id == ticket.id:
            return running
        raise Refusal(_("您正在通话，请先挂断再拨打下一通。"))
    return _dial(
        db, staff, ticket.contact_phone, ticket.citizen_id, purpose_of(ticket, actor), now, ticket_id=ticket.id
    )


def purpose_of(ticket: Ticket, actor: Actor) -> str:
    """What a call to this ticket's citizen is for, by what this person may do with it now: contact, follow_up or talk."""
    mine = {move.action for move in possible(ticket, actor)}
    return next((purpose for action, purpose in DEEDS.items() if action in mine), "talk")


def moved(
    db: Session, city: City, call: Call, who: str, state: str, now: datetime, leg_id: str = "", seconds: int = 0
) -> None:
    """The network tells how far a call of ours has come. who: staff (our own telephone) or citizen."""
    if call.ended_at is not None:
        return
    if who == "staff":
        call.agent_leg = leg_id or call.agent_leg
        _staff_moved(db, city, call, state, now)
    elif state == "ringing" and call.state == "dialing":
        call.state = "calling"
    elif state == "connected" and call.answered_at is None:
        call.state, call.answered_at, call.citizen_leg = "answered", now, leg_id or call.citizen_leg
    elif state in ENDS:
        finish(db, city, call, ENDS[state], now)
    elif state == "left" and call.room_at is None:
        call.answered_at = call.answered_at or now - timedelta(seconds=seconds)
        finish(db, city, call, outcome_so_far(call, now), now)


def finish(db: Session, city: City, call: Call, outcome: str, now: datetime) -> None:
    """It is over: write the outcome where it belongs. Only a citizen who was reached stops a clock."""
    if call.ended_at is not None:
        return
    call.state, call.ended_at, call.outcome = "ended", now, outcome
    db.flush()
    if call.back_to_id is not None and outcome != "reached" and tries(db, [call.back_to_id])[call.back_to_id] < TRIES:
        calls.put_back(db, db.get_one(Call, call.back_to_id))
    if call.ticket_id is not None and call.agent_id is not None and call.purpose != "call_back":
        _tell_ticket(db, city, call, now)


def give_up(db: Session, city: City, call: Call, now: datetime) -> None:
    """Nothing more was heard of a call that should long have been picked up."""
    if call.state in ("dialing", "calling"):
        finish(db, city, call, "not_taken" if call.state == "dialing" else "no_answer", now)


def tries(db: Session, missed_ids: Sequence[int]) -> dict[int, int]:
    """How often each of these missed calls was called back in vain; who was not tried is left out."""
    vain = (Call.back_to_id.in_(missed_ids), Call.outcome.is_not(None), Call.outcome != "reached")
    return {
        missed_id: n
        for missed_id, n in db.execute(select(Call.back_to_id, func.count()).where(*vain).group_by(Call.back_to_id))
        if missed_id is not None
    }


def latest(db: Session, ticket_id: int, staff_id: int | None) -> Call | None:
    """This person's last call to the citizen of a ticket."""
    return db.scalar(
        select(Call)
        .where(Call.ticket_id == ticket_id, Call.agent_id == staff_id, Call.direction == "out")
        .order_by(Call.id.desc())
        .limit(1)
    )


# --- steps -----------------------------------------------------------------------------------------------------------


def _dial(
    db: Session,
    staff: Staff,
    phone: str,
    citizen_id: int | None,
    purpose: str,
    now: datetime,
    *,
    ticket_id: int | None = None,
    back_to: int | None = None,
) -> Call:
    calls.stop_ringing(db, staff, now)
    call = Call(
        provider="twilio",
        provider_id=f"out-{secrets.token_hex(16)}",
        direction="out",
        from_phone=phone,
        to_phone="",
        state="dialing",
        asked_agent=False,
        agent_id=staff.id,
        citizen_id=citizen_id,
        ticket_id=ticket_id,
        started_at=now,
        purpose=purpose,
        back_to_id=back_to,
    )
    db.add(call)
    db.flush()
    calls.tell_line(db, call, now, "dial")
    outbox.enqueue(
        db, "tell_line", key=f"line:{call.id}:settle", now=now, at=now + RINGS_AT_MOST, call_id=call.id, what="give_up"
    )
    return call


def _staff_moved(db: Session, city: City, call: Call, state: str, now: datetime) -> None:
    if state in ENDS and call.state == "dialing":
        finish(db, city, call, "not_taken", now)
    elif state in (*ENDS, "left") and call.room_at is None:
        finish(db, city, call, outcome_so_far(call, now), now)


def outcome_so_far(call: Call, now: datetime) -> str:
    if call.answered_at is None:
        return "no_answer" if call.state == "calling" else "not_taken"
    return "reached" if (now - call.answered_at).total_seconds() >= TALKED_S else "short"


def _tell_ticket(db: Session, city: City, call: Call, now: datetime) -> None:
    """As first contact or as a vain try of the follow-up, when it still is one; else as a note in the story."""
    assert call.ticket_id is not None
    actor = actor_of(db.get_one(Staff, call.agent_id), city)
    text, reached = sentence(call), call.outcome == "reached"
    deeds: list[tuple[str, dict[str, object]]] = [("note", {"text": text})]
    if call.purpose == "contact":
        deeds.insert(0, ("contact", {"reached": reached, "how": "phone", "note": text}))
    elif call.purpose == "follow_up" and not reached:
        deeds.insert(0, ("call_attempt", {"note": text}))
    for action, answers in deeds:
        try:
            act(db, city, lock(db, call.ticket_id), action, actor, now, answers)
            return
        except Refusal as refusal:  # the ticket has moved on, or left this person's hands, while they talked
            log.info("call %d is not a %s of its ticket any more: %s", call.id, action, refusal)


def sentence(call: Call) -> str:
    """One line of the story about a call that is over, in the city's language."""
    assert call.outcome is not None
    with speaking("zh"):
        what = _(OUTCOMES[call.outcome])
        if call.outcome in ("reached", "short") and call.answered_at and call.ended_at:
            long = three_way.duration(int((call.ended_at - call.answered_at).total_seconds()))
            return _("系统拨打市民电话：%(what)s，通话 %(long)s。", what=what, long=long)
        return _("系统拨打市民电话：%(what)s。", what=what)
