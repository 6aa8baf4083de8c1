"""Text messages as Twilio tells them: a citizen's words, and how far ours have come.

Configure at Twilio: "a message comes in" → POST <public URL>/webhooks/twilio/sms. The status address is
given with each message that we send (`twilio_sender`), with our own reference as `out_id`.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response

from webhooks.events import SMS_RANK, EventHandler, Media, SmsReceived, SmsStatus, TimeSource
from webhooks.numbers import caller_phone
from webhooks.problems import Problem, answer_problem
from webhooks.twilio.request import Told, TwilioLine, hear
from webhooks.twilio.twiml import sms_twiml

SMS_PATH = "/webhooks/twilio/sms"
LONGEST_TEXT = 10_000
MOST_MEDIA = 10
STATES = {state: state for state in SMS_RANK} | {"accepted": "queued", "scheduled": "queued", "canceled": "failed"}
log = logging.getLogger("webhooks")


def blueprint(inbox: EventHandler, line: TwilioLine, clock: TimeSource) -> Blueprint:
    """The routes /webhooks/twilio/sms and /sms/status. The application must exempt them from its CSRF check."""
    sms = Blueprint("webhooks_sms", __name__)
    sms.register_error_handler(Problem, answer_problem)

    @sms.post(SMS_PATH, endpoint="received")
    def received() -> Response:
        reply = inbox.sms_received(_sms_received(hear(line), line, clock))
        return Response(sms_twiml(reply), content_type="text/xml; charset=utf-8")

    @sms.post(f"{SMS_PATH}/status", endpoint="status")
    def status() -> Response:
        event = _sms_status(hear(line), line, clock)
        if event:
            inbox.sms_status(event)
        return Response(status=204)

    return sms


def _sms_received(told: Told, line: TwilioLine, clock: TimeSource) -> SmsReceived:
    sid = told.sid("MessageSid")
    told.whole("AccountSid", "Body", "From", "To")
    return SmsReceived(
        provider=line.provider, event_id=sid, at=clock.now(), raw=told.raw, message_id=sid,
        from_phone=caller_phone(told.text("From")), to_phone=caller_phone(told.text("To")),
        text=told.text("Body").strip()[:LONGEST_TEXT], from_told=told.text("From").strip()[:64], media=_media(told),
    )  # fmt: skip


def _media(told: Told) -> tuple[Media, ...]:
    """The pictures of a text, ten at most as Twilio sends them; one without an address is none."""
    numbers = range(min(told.number("NumMedia"), MOST_MEDIA))
    found = [Media(told.text(f"MediaUrl{n}")[:500], told.text(f"MediaContentType{n}")[:80]) for n in numbers]
    return tuple(one for one in found if one.url.startswith("https://"))


def _sms_status(told: Told, line: TwilioLine, clock: TimeSource) -> SmsStatus | None:
    """None for a status that Twilio invented after this was written: it is logged and acknowledged, never retried."""
    sid, status = told.sid("MessageSid"), told.needed("MessageStatus")
    told.whole("AccountSid", "From", "To")
    if status not in STATES:
        log.warning("unknown message status %r", status)
        return None
    return SmsStatus(
        provider=line.provider, event_id=f"{sid}:{status}", at=clock.now(), raw=told.raw, message_id=sid,
        state=STATES[status], out_id=told.query.get("out_id", ""), error_code=told.text("ErrorCode")[:16],
    )  # fmt: skip
