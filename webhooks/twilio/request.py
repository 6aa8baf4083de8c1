"""One verified request of Twilio: nothing of it can be read before its signature has been checked.

The signature is over names and values run together without anything between them, so it fits every other cut of the
same letters. A request is taken only as it was cut: its names are Twilio's own, what we need is all there, and ids and
numbers have their shape.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from webhooks import texts
from webhooks.problems import Problem, forbidden, needed, read_body
from webhooks.signature import TWILIO_SIGNATURE, BadSignature, check_key, public_address, verify_twilio
from webhooks.texts import Say, plain

FORM = "application/x-www-form-urlencoded"
SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
PARTY = re.compile(r"\+?[0-9*#]{0,24}|[A-Za-z0-9 ._-]{1,11}|(?:client|sips?|tel|whatsapp):\S{1,200}")
"""Who is at an end of a call or text: a number, a sender's name of at most eleven signs, or an address."""

COUNT = re.compile(r"[0-9]{0,9}")
NAME = re.compile(r"[A-Z][A-Za-z]{1,40}[0-9]{0,2}|msg")
SHAPES = {
    **dict.fromkeys(("AccountSid", "CallSid", "MessageSid", "SmsSid", "SmsMessageSid", "ParentCallSid", "DialCallSid",
                     "QueueSid", "ConferenceSid", "MessagingServiceSid"), SID),
    **dict.fromkeys(("From", "To", "Caller", "Called"), PARTY),
    **dict.fromkeys(("NumMedia", "NumSegments", "ErrorCode", "SequenceNumber", "CallDuration", "DialCallDuration"), COUNT),
    **dict.fromkeys(("CallStatus", "DialCallStatus", "MessageStatus", "SmsStatus", "QueueResult", "Direction",
                     "CallbackSource", "StatusCallbackEvent"), re.compile(r"[a-z-]{0,40}")),
    "ApiVersion": re.compile(r"[0-9-]{0,12}"),
    "SipResponseCode": COUNT,
    "FinishedOnKey": re.compile(r"[0-9*#]?"),
    "ParticipantLabel": re.compile(r"[a-z]{1,12}:[\w-]{0,64}"),
    "FriendlyName": re.compile(r"[\w-]{0,80}"),
    "Digits": re.compile(r"[0-9*#A-Dw]{0,32}"),
}  # fmt: skip
"""What a field must look like where it is there and not empty."""

KNOWN = frozenset({
    *SHAPES, "Body", "Duration", "ForwardedFrom", "FromCity", "FromCountry", "FromState", "FromZip", "OptOutType",
    "QueueTime", "Timestamp", "ToCity", "ToCountry", "ToState", "ToZip",
    "CalledCity", "CalledCountry", "CalledState", "CalledZip", "CallerCity",
    "CallerCountry", "CallerState", "CallerZip", "msg", *(f"MediaUrl{n}" for n in range(10)),
    *(f"MediaContentType{n}" for n in range(10)),
})  # fmt: skip


@dataclass(frozen=True)
class TwilioLine:
    """How Twilio reaches us: the public URL it was told, and the account's token (two while it is changed)."""

    public_url: str
    tokens: tuple[str, ...] = field(repr=False)
    provider: str = "twilio"
    say: Say = plain

    def __post_init__(self) -> None:
        for token in self.tokens:
            check_key(token)


@dataclass(frozen=True)
class Told:
    """The verified fields of one request. `raw` keeps the form as it was sent."""

    form: Mapping[str, str]
    query: Mapping[str, str]
    raw: str
    say: Say
    cut: bool = True
    """A form; JSON is signed by its digest and cannot be cut in another way."""

    def text(self, name: str, default: str = "") -> str:
        """A field, without NUL characters, which PostgreSQL cannot store."""
        return self.form.get(name, default).replace("\x00", "")

    def needed(self, name: str) -> str:
        """A field that must be there: 400 names it."""
        return needed(self.form, name, self.say)

    def sid(self, name: str) -> str:
        """An id of Twilio's, of exactly its shape: 400 names it."""
        found = self.needed(name)
        if not SID.fullmatch(found):
            raise Problem(400, self.say(texts.FIELD_WRONG, field=name))
        return found

    def whole(self, *names: str) -> None:
        """These fields of a form must be there, if only empty: 400 names the first that is not."""
        for name in names:
            if self.cut and name not in self.form:
                raise Problem(400, self.say(texts.FIELD_MISSING, field=name))

    def number(self, name: str) -> int:
        """A count such as a duration in seconds, 0 when it is absent or no number."""
        value = self.form.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def hear(line: TwilioLine) -> Told:
    """Read and verify the current request, a form as Twilio sends it or JSON with bodySHA256.

    Raises Problem 413, 415, 403 (in this order: what is too large is not even read) or 400 for a form that is not cut as
    Twilio cuts it.
    """
    body = read_body(line.say)
    is_form = request.mimetype == FORM
    if body and not is_form and request.mimetype != "application/json":
        raise Problem(415, line.say(texts.NOT_FORM))
    query = request.query_string.decode("latin-1")
    url = public_address(line.public_url, request.path, query)
    form: MultiDict[str, str] | None = request.form if is_form or not body else None
    try:
        verify_twilio(line.tokens, url, form, body, request.headers.get(TWILIO_SIGNATURE, ""))
    except BadSignature as error:
        raise forbidden(error, line.say) from error
    fields = form if form is not None else _json_fields(line.say)
    if not fields:
        raise Problem(400, line.say(texts.EMPTY))
    if form is not None:
        _check_cut(form, line.say)
    return Told(fields, request.args, body.decode("utf-8", "replace"), line.say, cut=form is not None)


def _check_cut(form: MultiDict[str, str], say: Say) -> None:
    for name, values in form.lists():
        shape = SHAPES.get(name)
        if (
            len(values) > 1
            or _is_torn(name, form)
            or (shape is not None and values[0] and not shape.fullmatch(values[0]))
        ):
            raise Problem(400, say(texts.FIELD_WRONG, field=name[:64]))


def _is_torn(name: str, form: Container[str]) -> bool:
    """Whether a name is one of Twilio's with a few signs too many or too little, or with any number of them where that name
    itself is missing. A new name of theirs is none of these."""
    if name in KNOWN:
        return False
    if not NAME.fullmatch(name):
        return True
    return any(
        known.startswith(name)
        or known.endswith(name)
        or (known not in form and name.startswith(known))
        or (abs(len(name) - len(known)) < 3 and (name.startswith(known) or name.endswith(known)))
        for known in KNOWN
    )


def _json_fields(say: Say) -> dict[str, str]:
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Problem(400, say(texts.BROKEN_JSON))
    return {str(name): value if isinstance(value, str) else str(value) for name, value in found.items()}
