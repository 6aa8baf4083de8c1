"""One verified request of Twilio: nothing of it can be read before its signature has been checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from webhooks import texts
from webhooks.problems import Problem, forbidden, needed, read_body
from webhooks.signature import TWILIO_SIGNATURE, BadSignature, check_key, public_address, verify_twilio
from webhooks.texts import Say, plain

FORM = "application/x-www-form-urlencoded"


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

    def text(self, name: str, default: str = "") -> str:
        """A field, without NUL characters, which PostgreSQL cannot store."""
        return self.form.get(name, default).replace("\x00", "")

    def needed(self, name: str) -> str:
        """A field that must be there: 400 names it."""
        return needed(self.form, name, self.say)

    def number(self, name: str) -> int:
        """A count such as a duration in seconds, 0 when it is absent or no number."""
        value = self.form.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def hear(line: TwilioLine) -> Told:
    """Read and verify the current request, a form as Twilio sends it or JSON with bodySHA256.

    Raises Problem 413, 415 or 403 (in this order: what is too large is not even read).
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
    return Told(fields, request.args, body.decode("utf-8", "replace"), line.say)


def _json_fields(say: Say) -> dict[str, str]:
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Problem(400, say(texts.BROKEN_JSON))
    return {str(name): value if isinstance(value, str) else str(value) for name, value in found.items()}
