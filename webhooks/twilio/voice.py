"""Telephone calls as Twilio tells them: greeted, asked, put through, rated, and handed on in an emergency.

Configure at Twilio: "a call comes in" → POST <public URL>/webhooks/twilio/voice, "call status changes" →
POST …/voice/status. The other addresses are in the TwiML that we answer. Every event id is made of what
Twilio repeats when it tries again (Sid, status, sequence; for keys: purpose and attempt), so a retry, which
also carries the same I-Twilio-Idempotency-Token, is the same event.
"""

from __future__ import annotations

from flask import Blueprint, Response

from webhooks import texts
from webhooks.events import (
    EMERGENCY,
    CallAnswered,
    CallEnded,
    CallReceived,
    DialEnded,
    EventHandler,
    KeyPressed,
    LegMoved,
    TimeSource,
    TransferAsked,
    VoiceReply,
    WaitAsked,
)
from webhooks.numbers import caller_phone
from webhooks.problems import Problem, answer_problem
from webhooks.twilio.request import Told, TwilioLine, hear
from webhooks.twilio.twiml import VOICE_PATH, voice_twiml

PURPOSES = ("rating", "menu")
LEGS = ("caller", "agent", "outside")
RUNG = (*LEGS, "citizen", "staff")
RESULTS = {
    "completed": "answered",
    "answered": "answered",
    "bridged": "answered",
    "no-answer": "missed",
    "canceled": "missed",
    "hangup": "missed",
    "leave": "missed",
    "redirected": "moved",
    "redirected-from-bridged": "moved",
    "busy": "refused",
    "queue-full": "refused",
}

STATES = {
    "ringing": "ringing",
    "in-progress": "connected",
    "answered": "connected",
    "completed": "left",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "no_answer",
    "failed": "failed",
    "participant-join": "connected",
    "participant-leave": "left",
}
DECLINED = ("603", "607", "608")
"""SIP's ways of saying that a person pressed "refuse"; Twilio calls all of them busy."""


def blueprint(inbox: EventHandler, line: TwilioLine, clock: TimeSource) -> Blueprint:
    """The routes below /webhooks/twilio/voice. The application must exempt them from its CSRF check."""
    voice = Blueprint("webhooks_voice", __name__)
    voice.register_error_handler(Problem, answer_problem)

    def spoken(reply: VoiceReply) -> Response:
        return Response(voice_twiml(reply, line.public_url), content_type="text/xml; charset=utf-8")

    @voice.post(VOICE_PATH, endpoint="received")
    def received() -> Response:
        return spoken(inbox.call_received(_call_received(hear(line), line, clock)))

    @voice.post(f"{VOICE_PATH}/key", endpoint="key")
    def key() -> Response:
        return spoken(inbox.key_pressed(_key_pressed(hear(line), line, clock)))

    @voice.post(f"{VOICE_PATH}/wait", endpoint="wait")
    def wait() -> Response:
        return spoken(inbox.wait_asked(_wait_asked(hear(line), line, clock)))

    @voice.post(f"{VOICE_PATH}/after", endpoint="after")
    def after() -> Response:
        return spoken(inbox.dial_ended(_dial_ended(hear(line), line, clock)))

    @voice.post(f"{VOICE_PATH}/transfer", endpoint="transfer")
    def transfer() -> Response:
        return spoken(inbox.transfer_asked(_transfer_asked(hear(line), line, clock)))

    @voice.post(f"{VOICE_PATH}/back", endpoint="back")
    def back() -> Response:
        return spoken(inbox.leg_moved(_leg_moved(hear(line), line, clock, "DialCallStatus")))

    @voice.post(f"{VOICE_PATH}/leg", endpoint="leg")
    def leg() -> Response:
        told = hear(line)
        if told.needed("CallStatus") in STATES:
            inbox.leg_moved(_leg_moved(told, line, clock, "CallStatus"))
        return Response(status=204)

    @voice.post(f"{VOICE_PATH}/room", endpoint="room")
    def room() -> Response:
        told = hear(line)
        if told.needed("StatusCallbackEvent") in STATES and told.text("ParticipantLabel"):
            inbox.leg_moved(_room_moved(told, line, clock))
        return Response(status=204)

    @voice.post(f"{VOICE_PATH}/status", endpoint="status")
    def status() -> Response:
        match _status(hear(line), line, clock):
            case CallAnswered() as event:
                inbox.call_answered(event)
            case CallEnded() as event:
                inbox.call_ended(event)
        return Response(status=204)

    return voice


def _call_received(told: Told, line: TwilioLine, clock: TimeSource) -> CallReceived:
    sid = told.sid("CallSid")
    told.whole("AccountSid", "CallStatus", "From", "To")
    return CallReceived(
        provider=line.provider, event_id=sid, at=clock.now(), raw=told.raw, call_id=sid,
        from_phone=caller_phone(told.text("From")), to_phone=caller_phone(told.text("To")),
    )  # fmt: skip


def _wait_asked(told: Told, line: TwilioLine, clock: TimeSource) -> WaitAsked:
    """Asked once when the caller enters the line, and again when what was said there has ended."""
    sid = told.sid("CallSid")
    told.whole("AccountSid", "From", "To")
    event_id = f"{sid}:wait:{told.text('QueueTime')[:8]}"
    return WaitAsked(provider=line.provider, event_id=event_id, at=clock.now(), raw=told.raw, call_id=sid)


def _key_pressed(told: Told, line: TwilioLine, clock: TimeSource) -> KeyPressed:
    """`Digits` is absent or empty when the caller stayed silent; purpose and attempt are in the signed address."""
    sid, digits = told.sid("CallSid"), told.text("Digits")[:16]
    told.whole("AccountSid", "From", "To")
    purpose, attempt = told.query.get("purpose", "rating"), told.query.get("attempt", "1")
    if purpose not in PURPOSES:
        raise Problem(400, told.say(texts.FIELD_WRONG, field="purpose"))
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) < 4):
        raise Problem(400, told.say(texts.FIELD_WRONG, field="attempt"))
    return KeyPressed(
        provider=line.provider, event_id=f"{sid}:{purpose}:{int(attempt)}", at=clock.now(), raw=told.raw, call_id=sid,
        purpose=purpose, digits=digits, attempt=int(attempt),
    )  # fmt: skip


def _dial_ended(told: Told, line: TwilioLine, clock: TimeSource) -> DialEnded:
    """After <Dial> Twilio sends DialCallStatus, after <Enqueue> QueueResult."""
    sid = told.sid("CallSid")
    told.whole("AccountSid", "From", "To")
    status = told.text("DialCallStatus") or told.text("QueueResult") or told.needed("DialCallStatus")
    leg = told.text("DialCallSid") or told.text("QueueSid")
    return DialEnded(
        provider=line.provider, event_id=f"{sid}:{leg}:{status}"[:120], at=clock.now(), raw=told.raw, call_id=sid,
        result=RESULTS.get(status, "failed"), seconds=told.number("DialCallDuration"),
    )  # fmt: skip


def _transfer_asked(told: Told, line: TwilioLine, clock: TimeSource) -> TransferAsked:
    """Only the four emergency numbers: no query, however signed, makes the hotline dial anything else."""
    sid, to = told.sid("CallSid"), told.query.get("to", "")
    leg, three_way = told.query.get("leg", "caller"), told.query.get("three_way", "") == "yes"
    if to not in EMERGENCY:
        raise Problem(400, told.say(texts.FIELD_WRONG, field="to"))
    if leg not in LEGS:
        raise Problem(400, told.say(texts.FIELD_WRONG, field="leg"))
    told.whole("AccountSid", "From", "To")
    call_id = told.query.get("call") or sid
    return TransferAsked(
        provider=line.provider, event_id=f"{sid}:{to}:{leg}:{three_way}", at=clock.now(), raw=told.raw,
        call_id=call_id, to=to, leg=leg, three_way=three_way,
    )  # fmt: skip


def _leg_moved(told: Told, line: TwilioLine, clock: TimeSource, status_field: str) -> LegMoved:
    """`ref` and `who` are ours, in the signed address. After <Dial> the leg and its duration stand in fields of their own."""
    dialled = status_field == "DialCallStatus"
    told.whole("AccountSid")
    status, ref, who = told.needed(status_field), told.query.get("ref", "")[:64], told.query.get("who", "")
    if not ref or who not in RUNG:
        raise Problem(400, told.say(texts.FIELD_WRONG, field="who" if ref else "ref"))
    leg = told.text("DialCallSid") if dialled else told.sid("CallSid")
    state = "refused" if status == "busy" and told.text("SipResponseCode") in DECLINED else STATES.get(status, "failed")
    return LegMoved(
        provider=line.provider, event_id=f"{ref}:{who}:{status}:{'dial' if dialled else leg}"[:120], at=clock.now(),
        raw=told.raw, ref=ref, who=who, state=state, leg_id=leg,
        seconds=told.number("DialCallDuration" if dialled else "CallDuration"),
    )  # fmt: skip


def _room_moved(told: Told, line: TwilioLine, clock: TimeSource) -> LegMoved:
    """Who enters or leaves is named by the label that we gave, "who:ref"."""
    told.whole("AccountSid", "ConferenceSid", "SequenceNumber")
    who, _colon, ref = told.text("ParticipantLabel").partition(":")
    if who not in LEGS or not ref:
        raise Problem(400, told.say(texts.FIELD_WRONG, field="ParticipantLabel"))
    what, leg = told.needed("StatusCallbackEvent"), told.sid("CallSid")
    return LegMoved(
        provider=line.provider, event_id=f"{ref}:{who}:{what}:{leg}"[:120], at=clock.now(), raw=told.raw, ref=ref[:64],
        who=who, state=STATES[what], leg_id=leg,
    )  # fmt: skip


def _status(told: Told, line: TwilioLine, clock: TimeSource) -> CallAnswered | CallEnded | None:
    """An agent's leg that is picked up, or the citizen's call that is over; other steps are no news to us."""
    sid, status, parent = told.sid("CallSid"), told.needed("CallStatus"), told.text("ParentCallSid")
    told.whole("AccountSid", "From", "To")
    event_id = f"{sid}:{status}:{told.text('SequenceNumber')}"[:120]
    if parent:
        if status != "in-progress":
            return None
        return CallAnswered(
            provider=line.provider, event_id=event_id, at=clock.now(), raw=told.raw, call_id=parent, leg_id=sid,
            agent=told.query.get("agent", ""),
        )  # fmt: skip
    if status not in ("completed", "busy", "failed", "no-answer", "canceled"):
        return None
    result = "completed" if status == "completed" else RESULTS.get(status, "failed")
    return CallEnded(
        provider=line.provider, event_id=event_id, at=clock.now(), raw=told.raw, call_id=sid, result=result,
        seconds=told.number("CallDuration"),
    )  # fmt: skip
