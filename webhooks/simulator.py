"""A telephone without a telephone network: builds exactly the signed posts that Twilio and partners send.

The "phone on the screen" of development, the stories and the tests play citizens through the same signed
webhooks as real calls take; nothing behind them can tell the difference. Each function returns a `SignedRequest`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from webhooks.signature import TWILIO_SIGNATURE, sign_twilio
from webhooks.twilio.calls import room_of
from webhooks.twilio.request import FORM, SID
from webhooks.twilio.sms import SMS_PATH
from webhooks.twilio.twiml import VOICE_PATH

TOKEN_HEADER = "I-Twilio-Idempotency-Token"
SIDS = ("CallSid", "MessageSid", "SmsSid", "SmsMessageSid", "ParentCallSid", "DialCallSid", "QueueSid", "ConferenceSid")


def sid(name: str) -> str:
    """An id as the network makes them: a story's short name ("CA1") becomes 32 hex digits, always the same ones."""
    return (
        name if SID.fullmatch(name) else name[:2].upper().rjust(2, "X") + hashlib.sha256(name.encode()).hexdigest()[:32]
    )


class SignedRequest(NamedTuple):
    """One POST: send `body` to `url` with `headers`. The same request sent twice is a provider's retry."""

    url: str
    body: bytes
    headers: dict[str, str]

    @property
    def path(self) -> str:
        """The URL without its host, for a test client."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass(frozen=True)
class TwilioPhone:
    """A citizen's phone at the network's end. Numbers are E.164 ("+8613800001234"), as Twilio writes them."""

    token: str
    public_url: str
    from_number: str
    to_number: str
    account_sid: str = "AC" + "0" * 32

    def call(self, call_sid: str) -> SignedRequest:
        """The call rings."""
        return self._post(VOICE_PATH, self._call_form(call_sid, CallStatus="ringing"))

    def press(self, call_sid: str, digits: str, purpose: str = "rating", attempt: int = 1) -> SignedRequest:
        """The citizen presses keys; "" is silence."""
        path = f"{VOICE_PATH}/key?{urlencode({'purpose': purpose, 'attempt': attempt})}"
        form = self._call_form(call_sid, CallStatus="in-progress", Digits=digits, msg="Gather End", FinishedOnKey="")
        return self._post(path, form)

    def answered(self, call_sid: str, agent_leg: str, agent: str) -> SignedRequest:
        """The agent picks up."""
        path = f"{VOICE_PATH}/status?{urlencode({'agent': agent})}"
        form = self._call_form(agent_leg, CallStatus="in-progress", ParentCallSid=call_sid, SequenceNumber="0")
        return self._post(path, form | {"Direction": "outbound-dial"})

    def agent_left(self, call_sid: str, agent_leg: str, status: str = "completed", seconds: int = 0) -> SignedRequest:
        """The agent hangs up, or never picked up (status: no-answer, busy, failed)."""
        form = self._call_form(
            call_sid, CallStatus="in-progress", DialCallStatus=status, DialCallSid=agent_leg,
            DialCallDuration=str(seconds),
        )  # fmt: skip
        return self._post(f"{VOICE_PATH}/after", form)

    def transferred(
        self, call_sid: str, to: str, three_way: bool = False, leg: str = "caller", call: str = ""
    ) -> SignedRequest:
        """A leg of the call asks where to go."""
        query = {"to": to, "leg": leg, "call": sid(call or call_sid), "three_way": "yes" if three_way else "no"}
        return self._post(
            f"{VOICE_PATH}/transfer?{urlencode(query)}", self._call_form(call_sid, CallStatus="in-progress")
        )

    def room(self, call_sid: str, leg: str, ref: str, what: str, who: str = "outside") -> SignedRequest:
        """Somebody enters or leaves the conference (what: participant-join, participant-leave)."""
        form = {
            "AccountSid": self.account_sid, "ConferenceSid": f"CF{call_sid[2:]}", "FriendlyName": room_of(call_sid),
            "StatusCallbackEvent": what, "CallSid": leg, "ParticipantLabel": f"{who}:{ref}", "SequenceNumber": "1",
        }  # fmt: skip
        return self._post(f"{VOICE_PATH}/room", form)

    def leg(
        self, ref: str, leg: str, status: str, who: str = "outside", seconds: int = 0, sip: str = ""
    ) -> SignedRequest:
        """A telephone that the hotline rang rings, is picked up, or is done (busy, no-answer, failed, completed).

        sip: "603" when a person pressed "refuse".
        """
        path = f"{VOICE_PATH}/leg?{urlencode({'ref': ref, 'who': who})}"
        form = self._call_form(leg, CallStatus=status, CallDuration=str(seconds), Direction="outbound-api")
        return self._post(path, form | ({"SipResponseCode": sip} if sip else {}))

    def called_back(self, ref: str, staff_leg: str, status: str, seconds: int = 0, sip: str = "") -> SignedRequest:
        """What became of the citizen's side of a call that the hotline made."""
        path = f"{VOICE_PATH}/back?{urlencode({'ref': ref, 'who': 'citizen'})}"
        form = self._call_form(
            staff_leg, CallStatus="in-progress", DialCallStatus=status, DialCallSid=f"{staff_leg}-to",
            DialCallDuration=str(seconds), Direction="outbound-api",
        )  # fmt: skip
        return self._post(path, form | ({"SipResponseCode": sip} if sip else {}))

    def ended(self, call_sid: str, status: str = "completed", seconds: int = 0, sequence: int = 0) -> SignedRequest:
        """The call is over."""
        form = self._call_form(
            call_sid, CallStatus=status, CallDuration=str(seconds), SequenceNumber=str(sequence),
            CallbackSource="call-progress-events",
        )  # fmt: skip
        return self._post(f"{VOICE_PATH}/status", form)

    def text(self, message_sid: str, words: str, media: Sequence[tuple[str, str]] = ()) -> SignedRequest:
        """The citizen texts. media: address and type of each picture."""
        form = {
            "AccountSid": self.account_sid, "MessageSid": message_sid, "SmsMessageSid": message_sid,
            "SmsSid": message_sid, "SmsStatus": "received", "From": self.from_number, "To": self.to_number,
            "Body": words, "NumMedia": str(len(media)), "NumSegments": "1", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        for n, (url, kind) in enumerate(media):
            form |= {f"MediaUrl{n}": url, f"MediaContentType{n}": kind}
        return self._post(SMS_PATH, form)

    def text_status(self, message_sid: str, status: str, out_id: str = "", error_code: str = "") -> SignedRequest:
        """The network tells how far a message of ours has come."""
        path = f"{SMS_PATH}/status" + (f"?{urlencode({'out_id': out_id})}" if out_id else "")
        form = {
            "AccountSid": self.account_sid, "MessageSid": message_sid, "SmsSid": message_sid,
            "MessageStatus": status, "SmsStatus": status, "From": self.to_number, "To": self.from_number,
            "ApiVersion": "2010-04-01",
        }  # fmt: skip
        return self._post(path, form | ({"ErrorCode": error_code} if error_code else {}))

    def _call_form(self, call_sid: str, **more: str) -> dict[str, str]:
        """Every field that Twilio sends with each news of a call."""
        return {
            "AccountSid": self.account_sid, "ApiVersion": "2010-04-01", "CallSid": call_sid, "Direction": "inbound",
            "From": self.from_number, "To": self.to_number, "Caller": self.from_number, "Called": self.to_number,
        } | more  # fmt: skip

    def _post(self, path: str, form: Mapping[str, str]) -> SignedRequest:
        """The idempotency token is made of the request itself, so that playing a story again is a retry."""
        form = {name: sid(value) if name in SIDS and value else value for name, value in form.items()}
        url, body = self.public_url.rstrip("/") + path, urlencode(form).encode()
        headers = {
            "Content-Type": FORM,
            TWILIO_SIGNATURE: sign_twilio(self.token, url, form),
            TOKEN_HEADER: hashlib.sha256(url.encode() + body).hexdigest()[:32],
            "User-Agent": "TwilioProxy/1.1",
        }
        return SignedRequest(url, body, headers)
