"""A `VoiceReply` becomes TwiML, always for the public address, so that Twilio can find its way back.

Reference: https://www.twilio.com/docs/voice/twiml. Only this file knows TwiML's verbs.
"""

from __future__ import annotations

from urllib.parse import urlencode

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, VoiceResponse

from webhooks.events import (
    Act,
    AskKey,
    DialAgent,
    DialCitizen,
    DialOutside,
    JoinRoom,
    LeaveLine,
    SmsReply,
    VoiceReply,
    WaitInLine,
)

VOICE_PATH = "/webhooks/twilio/voice"


def voice_twiml(reply: VoiceReply, public_url: str) -> str:
    """The TwiML document: the sentences (inside the question, so that a key may cut them short), then the one act."""
    response = VoiceResponse()
    home = public_url.rstrip("/") + VOICE_PATH
    match reply.then:
        case AskKey() as ask:
            _ask(response, reply, ask, home)
        case act:
            _speak(response, reply)
            _do(response, act, home)
    return str(response)


def sms_twiml(reply: SmsReply) -> str:
    """The TwiML document that texts back, or says nothing."""
    response = MessagingResponse()
    if reply.text:
        response.message(reply.text)
    return str(response)


def _speak(verb: VoiceResponse, reply: VoiceReply) -> None:
    for sentence in reply.say:
        verb.say(sentence, language=reply.language)


def _ask(response: VoiceResponse, reply: VoiceReply, ask: AskKey, home: str) -> None:
    """action_on_empty_result tells us of silence too, through the same signed question."""
    action = f"{home}/key?{urlencode({'purpose': ask.purpose, 'attempt': ask.attempt})}"
    gather = response.gather(
        input="dtmf", num_digits=ask.digits, timeout=ask.seconds, action=action, method="POST",
        action_on_empty_result=True,
    )  # fmt: skip
    _speak(gather, reply)


def _do(response: VoiceResponse, act: Act | None, home: str) -> None:
    match act:
        case DialAgent():
            _dial_agent(response, act, home)
        case DialCitizen():
            _dial_citizen(response, act, home)
        case DialOutside():
            _dial_outside(response, act)
        case JoinRoom():
            _join(response, act, home)
        case WaitInLine():
            response.enqueue(
                act.queue, action=f"{home}/after", method="POST", wait_url=f"{home}/wait", wait_url_method="POST"
            )  # fmt: skip
        case LeaveLine():
            response.leave()
        case None:
            response.hangup()


def _dial_agent(response: VoiceResponse, act: DialAgent, home: str) -> None:
    """The rating comes after the agent hangs up: Dial's `action` asks what next. Each leg reports who answered."""
    dial = Dial(timeout=act.seconds, action=f"{home}/after", method="POST", answer_on_bridge=True)
    status = f"{home}/status?{urlencode({'agent': act.agent})}"
    target = {"client": dial.client, "number": dial.number, "sip": dial.sip}[act.via]
    target(act.address, status_callback=status, status_callback_event="answered", status_callback_method="POST")
    response.append(dial)


def _dial_outside(response: VoiceResponse, act: DialOutside) -> None:
    dial = Dial(caller_id=act.caller_id) if act.caller_id else Dial()
    dial.number(act.number)
    response.append(dial)


def _dial_citizen(response: VoiceResponse, act: DialCitizen, home: str) -> None:
    """Dial's `action` tells how it ended; the number's own callback tells earlier that it rings and that it was picked up."""
    about = urlencode({"ref": act.ref, "who": "citizen"})
    dial = Dial(timeout=act.seconds, action=f"{home}/back?{about}", method="POST", caller_id=act.caller_id)
    dial.number(act.number, status_callback=f"{home}/leg?{about}", status_callback_event="ringing answered",
                status_callback_method="POST")  # fmt: skip
    response.append(dial)


def _join(response: VoiceResponse, act: JoinRoom, home: str) -> None:
    """Nobody hears beeps or music while a person in danger waits for the emergency service.

    Of a room's callbacks Twilio obeys the first leg's; so that any leg may be the first, each is told by its label.
    """
    dial = Dial()
    told = {} if not act.ref else {
        "participant_label": f"{act.who}:{act.ref}", "status_callback": f"{home}/room", "status_callback_event": "join leave",
        "status_callback_method": "POST"}  # fmt: skip
    dial.conference(
        act.room, start_conference_on_enter=True, end_conference_on_exit=act.closes, beep="false", wait_url="",
        max_participants=4, **told,
    )  # fmt: skip
    response.append(dial)
