"""What a desk decides about a call is done to the call itself, after the commit: put through, rung, ended, or handed on."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from hotline import outbox
from hotline.i18n import N_, _, speaking
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.telephony import calls, outbound, three_way
from hotline.telephony.calls import place_in_line, rating_question
from hotline.telephony.missed import enqueue_word
from models import Call, CallLeg, Job, Message, Staff
from webhooks.events import DialAgent, DialCitizen, VoiceReply
from webhooks.numbers import clean_phone, international
from webhooks.twilio.calls import CallGone, Calls, ConsoleCalls, NotHeard, TwilioCalls, hand_on, open_room, ring_in

log = logging.getLogger(__name__)
Afterwards = Callable[[], None]
NOT_PUT_THROUGH = N_("没有接通：来电可能已挂断。请查看未接来电并回拨。")
NOT_HANDED_ON = N_("转接 %(to)s 没有成功：来电可能已挂断。请马上回拨来电人，或直接拨打 %(to)s 报告情况。")
NOT_BROUGHT_IN = N_("三方呼叫 %(to)s 没有成功。请重试，或直接拨打 %(to)s 报告情况。")
NOT_DIALLED = N_("电话没有拨出：电话平台没有应答，或您的电话没有登记。请稍后再拨，或查看号码后手动拨打并登记。")
OUTSIDE_NUMBER = re.compile(r"\+?\d{7,15}")
TRIES = 4
AGAIN_AFTER = timedelta(seconds=4)
"""How often, and how soon, a provider that cannot be reached is asked again; later nobody waits for it any more."""


def calls_for(settings: Settings) -> Calls:
    """Twilio with an account; otherwise the console, which rings nobody."""
    if not settings.twilio_account_sid:
        return ConsoleCalls()
    return TwilioCalls(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from, settings.public_url
    )


def tell_line(installation: Installation, db: Session, job: Job) -> Afterwards | None:
    """The job of `intake.calls`: args hold call_id, what (a key of _DEEDS, or give_up), its to and the ref of its leg."""
    call = db.get(Call, job.args["call_id"])
    who = job.args.get("staff") or (call.agent_id if call is not None else None)
    agent = db.get(Staff, who) if who else None
    if call is None or agent is None:
        return None
    leg = three_way.of_ref(db, str(job.args.get("ref") or ""))
    if not _still_wanted(str(job.args["what"]), call, agent, leg):
        return None
    if job.args["what"] == "give_up":
        _give_up(installation, db, call, leg)
        return None
    return partial(
        _steer, installation, _Line(installation, call, agent, leg, bool(job.args.get("opens"))), dict(job.args)
    )


def _still_wanted(what: str, call: Call, agent: Staff, leg: CallLeg | None) -> bool:
    """Whether nobody hung up, and nobody else answered, before the exchange was told: then no telephone rings after it."""
    match what:
        case "ring":
            return call.state == "ringing" and call.dialled_id == agent.id
        case "wait":
            return call.state == "ringing" and call.dialled_id is None
        case "connect":
            return call.state == "answered"
        case "dial":
            return call.state == "dialing"
        case "bring_in":
            return call.state == "answered" and (leg is None or three_way.is_going(leg))
    return True


def leg_of(agent: Staff) -> DialAgent:
    """Where this person is rung: an outside number, a SIP telephone, or the softphone of that extension (else of the login)."""
    extension = (agent.extension or "").strip()
    if OUTSIDE_NUMBER.fullmatch(extension):
        return DialAgent(agent.login, _dialled(extension), via="number")
    if extension.startswith("sip:"):
        return DialAgent(agent.login, extension, via="sip")
    if not extension and agent.phone:
        return DialAgent(agent.login, _dialled(agent.phone), via="number")
    return DialAgent(agent.login, extension or agent.login)


class _Line:
    """One call as the exchange knows it, read before the transaction ended. opens: it must become a room first."""

    def __init__(self, installation: Installation, call: Call, agent: Staff, leg: CallLeg | None, opens: bool):
        incoming = call.direction == "in"
        self.opens = opens
        self.calls, self.call, self.agent, self.leg = installation.calls, call, agent, leg
        self.citizen_leg = (call.provider_id if incoming else call.citizen_leg) or ""
        self.agent_leg = call.agent_leg or ""
        self.first = "agent" if incoming else "caller"
        self.hotline = installation.settings.twilio_from or installation.city.hotline_number
        self.emergency = installation.settings.emergency_numbers
        self.city = installation.city

    def number(self, to: str) -> str:
        return self.emergency.get(to) or _dialled(three_way.number_of(self.city, to))


def _connect(line: _Line, to: str) -> None:
    line.calls.tell(line.citizen_leg, VoiceReply(then=leg_of(line.agent)))


def _ring(line: _Line, to: str) -> None:
    """Somebody on duty who is not at a desk is rung at their own telephone; the caller waits in line again if nobody answers."""
    line.calls.tell(
        line.citizen_leg, VoiceReply(then=DialAgent(line.agent.login, _dialled(line.agent.phone or ""), "number"))
    )


def _wait(line: _Line, to: str) -> None:
    line.calls.tell(line.citizen_leg, place_in_line())


def _end(line: _Line, to: str) -> None:
    line.calls.tell(line.citizen_leg, rating_question())


def _leave(line: _Line, to: str) -> None:
    line.calls.end(line.agent_leg)


def _transfer(line: _Line, to: str) -> None:
    hand_on(line.calls, line.citizen_leg, line.number(to))


def _drop(line: _Line, to: str) -> None:
    if line.leg is not None:
        line.calls.end(line.leg.provider_id or "")


def _bring_in(line: _Line, to: str) -> str:
    """The first time the call becomes a room; the id of the leg that rings."""
    if line.opens:
        open_room(line.calls, line.call.provider_id, line.agent_leg, line.citizen_leg, line.first)
        line.opens = False
    return ring_in(line.calls, line.call.provider_id, line.number(to), line.leg.ref if line.leg else "")


def _dial(line: _Line, to: str) -> str:
    """Our own telephone first: nobody shall pick up and hear nobody. The citizen sees the hotline's number."""
    then = DialCitizen(international(line.call.from_phone), line.hotline, line.call.provider_id)
    return line.calls.call_back(leg_of(line.agent), then, (_("正在为您拨打市民电话，请稍候。"),))


_DEEDS: dict[str, Callable[[_Line, str], str | None]] = {
    "connect": _connect,
    "ring": _ring,
    "wait": _wait,
    "end": _end,
    "leave": _leave,
    "transfer": _transfer,
    "drop": _drop,
    "bring_in": _bring_in,
    "dial": _dial,
}


def _steer(installation: Installation, line: _Line, args: dict[str, Any]) -> None:
    """Holds no transaction while it speaks. A provider that was not reached is asked again; else the person is told."""
    what, to = str(args["what"]), str(args.get("to") or "")
    try:
        made = _DEEDS[what](line, to)
    except CallGone as gone:
        log.warning("call %d could not be told to %s: %s", line.call.id, what, gone)
        if isinstance(gone, NotHeard) and int(args.get("tried", 1)) < TRIES:
            _again(installation, {**args, "opens": line.opens})
        else:
            _could_not(installation, line, what, to)
        return
    if made:
        _note_leg(installation, line, what, made)


def _again(installation: Installation, args: dict[str, Any]) -> None:
    now, tried = installation.clock.now(), int(args.get("tried", 1))
    with installation.sessions() as db:
        outbox.enqueue(
            db,
            "tell_line",
            key=f"line:{args['call_id']}:{args['what']}:{now:%m%dT%H%M%S.%f}:{tried}",
            now=now,
            at=now + AGAIN_AFTER,
            **{**args, "tried": tried + 1},
        )
        db.commit()


def _note_leg(installation: Installation, line: _Line, what: str, leg_id: str) -> None:
    """What the provider called it; its own news may have been quicker, and is not undone."""
    now = installation.clock.now()
    with installation.sessions() as db:
        call = db.get_one(Call, line.call.id)
        if what == "dial":
            call.agent_leg = call.agent_leg or leg_id
            if call.ended_at is not None:  # hung up while it was being dialled
                calls.tell_line(db, call, now, "leave")
        elif line.leg is not None:
            leg = db.get_one(CallLeg, line.leg.id)
            leg.provider_id = leg.provider_id or leg_id
            three_way.moved(db, installation.city, leg, "ringing", now)
        db.commit()


def _could_not(installation: Installation, line: _Line, what: str, to: str) -> None:
    """A transfer that failed must be seen at once: somebody may be in danger. A call that was not put through is missed."""
    now = installation.clock.now()
    sentences = {"connect": NOT_PUT_THROUGH, "transfer": NOT_HANDED_ON, "bring_in": NOT_BROUGHT_IN, "dial": NOT_DIALLED}
    with installation.sessions() as db:
        call = db.get_one(Call, line.call.id)
        if what == "connect" and call.state == "answered" and call.agent_id == line.agent.id:
            call.state, call.agent_id, call.answered_at, call.ended_at = "missed", None, None, now
            enqueue_word(db, call, now)
        if line.opens:
            call.room_at = None
        if what == "bring_in" and line.leg is not None:
            three_way.moved(db, installation.city, db.get_one(CallLeg, line.leg.id), "failed", now)
        if what == "dial":
            outbound.finish(db, installation.city, call, "failed", now)
        if what in sentences:
            db.add(_notice(line.agent, sentences[what], _name(installation, to), now))
        db.commit()


def _notice(agent: Staff, sentence: str, to: str, now: datetime) -> Message:
    with speaking("en"):
        english = _(sentence, to=to)
    with speaking("zh"):
        return Message(
            staff_id=agent.id,
            direction="out",
            channel="desk",
            template_key="line_gone",
            params={"en": english},
            text=_(sentence, to=to),
            state="delivered",
            created_at=now,
            delivered_at=now,
        )


def _give_up(installation: Installation, db: Session, call: Call, leg: CallLeg | None) -> None:
    """The last word of the network got lost: nobody's screen rings for ever."""
    if leg is not None:
        three_way.give_up(db, installation.city, leg, installation.clock.now())
    else:
        outbound.give_up(db, installation.city, call, installation.clock.now())


def _name(installation: Installation, to: str) -> str:
    return to if to.isdigit() else installation.city.unit_name(to)


def _dialled(number: str) -> str:
    """As the network wants it; a short number or an address of its own is left as it is."""
    try:
        return international(clean_phone(number))
    except ValueError:
        return number
