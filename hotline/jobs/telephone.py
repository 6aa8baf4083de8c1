"""What a desk decides about a call is done to the call itself, after the commit: put through, ended, or handed on to 110."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from hotline.house import House
from hotline.intake.calls import rating_question
from hotline.language import N_, _, speaking
from hotline.settings import Settings
from models import Call, Job, Message, Staff
from webhooks.inbox import DialAgent, VoiceReply
from webhooks.twilio_calls import CallGone, Calls, ConsoleCalls, TwilioCalls, hand_on

log = logging.getLogger(__name__)
Afterwards = Callable[[], None]
NOT_PUT_THROUGH = N_("没有接通：来电可能已挂断。请查看未接来电并回拨。")
NOT_HANDED_ON = N_("转接 %(to)s 没有成功：来电可能已挂断。请马上回拨来电人，或直接拨打 %(to)s 报告情况。")
OUTSIDE_NUMBER = re.compile(r"\+?\d{7,15}")


def calls_for(settings: Settings) -> Calls:
    """Twilio with an account; otherwise the console, which rings nobody."""
    if not settings.twilio_account_sid:
        return ConsoleCalls()
    return TwilioCalls(settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from, settings.public_url)


def tell_line(house: House, db: Session, job: Job) -> Afterwards | None:
    """The promise of `intake.calls`: args hold call_id, and what (connect, end or transfer) with its to."""
    call = db.get(Call, job.args["call_id"])
    agent = db.get(Staff, call.agent_id) if call is not None and call.agent_id else None
    if call is None or agent is None:
        return None
    return partial(_steer, house, call.id, call.provider_id, agent, str(job.args["what"]), str(job.args.get("to") or ""))


def leg_of(agent: Staff) -> DialAgent:
    """Where this agent is rung: an outside number, a SIP telephone, or the softphone of that extension (else of the login)."""
    extension = (agent.extension or "").strip()
    if OUTSIDE_NUMBER.fullmatch(extension):
        return DialAgent(agent.login, extension, via="number")
    if extension.startswith("sip:"):
        return DialAgent(agent.login, extension, via="sip")
    return DialAgent(agent.login, extension or agent.login)


def _steer(house: House, call_id: int, leg_id: str, agent: Staff, what: str, to: str) -> None:
    """Holds no transaction while it speaks; when the line is gone, the agent is told what to do instead."""
    try:
        if what == "connect":
            house.calls.tell(leg_id, VoiceReply(then=leg_of(agent)))
        elif what == "end":
            house.calls.tell(leg_id, rating_question())
        else:
            hand_on(house.calls, leg_id, house.settings.emergency_numbers.get(to, to))
    except CallGone as gone:
        log.warning("call %d could not be told to %s: %s", call_id, what, gone)
        if what != "end":
            _tell_agent(house, call_id, agent, to)


def _tell_agent(house: House, call_id: int, agent: Staff, to: str) -> None:
    """A transfer that failed must be seen at once: somebody may be in danger. A call that was not put through is missed."""
    now = house.clock.now()
    with house.sessions() as db:
        call = db.get_one(Call, call_id)
        if not to and call.state == "answered" and call.agent_id == agent.id:
            call.state, call.agent_id, call.answered_at, call.ended_at = "missed", None, None, now
        sentence = NOT_HANDED_ON if to else NOT_PUT_THROUGH
        with speaking("en"):
            english = _(sentence, to=to)
        with speaking("zh"):
            db.add(Message(staff_id=agent.id, direction="out", channel="desk", template_key="line_gone", params={"en": english},
                           text=_(sentence, to=to), state="delivered", created_at=now, delivered_at=now))
        db.commit()
