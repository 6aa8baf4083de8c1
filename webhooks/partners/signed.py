"""What every post of a partner goes through: its signature on the path it was sent to, its nonce, its JSON and its fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from webhooks import texts
from webhooks.charsets import decoded
from webhooks.events import EventHandler
from webhooks.partners.forms import plain_value
from webhooks.partners.partner import Partner
from webhooks.partners.wording import MOMENTS, Wording
from webhooks.problems import Problem, forbidden, read_body
from webhooks.signature import BadSignature, verify_partner
from webhooks.texts import Say

Form = TypeVar("Form", bound=BaseModel)
LONGEST_POST = 400_000
"""Bytes of a post: the longest matter with each sign written as \\uXXXX, as many programs do, and what stands beside it."""


def heard_from(
    inbox: EventHandler,
    partners: Mapping[str, Partner],
    name: str,
    path: str,
    now: datetime,
    say: Say,
    most: int = LONGEST_POST,
) -> tuple[Partner, bytes]:
    """The partner who signed this request, and its body of at most so many bytes in our writing (`as_we_write`). Raises Problem."""
    body = read_body(say, most)
    partner = partners.get(name)
    if partner is None:
        raise Problem(404, say(texts.NO_SUCH_PARTNER))
    try:
        nonce = verify_partner(partner.keys, dict(request.headers), path, body, now)
        if not inbox.nonce_is_new(partner.name, nonce, now):
            raise BadSignature("the nonce was seen before: a replay")
    except BadSignature as error:
        raise forbidden(error, say) from error
    return partner, as_we_write(body, request.mimetype_params.get("charset", ""))


def as_we_write(body: bytes, charset: str) -> bytes:
    """A post as UTF-8 without a mark before it, and without the half characters that platforms leave where they cut a text."""
    body = body if body.isascii() else decoded(body, charset).removeprefix("\ufeff").encode()
    if not _HALVES.search(body):
        return body
    try:
        return json.dumps(plain_value(json.loads(body))).encode()
    except (ValueError, RecursionError):
        return body


_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(form: type[Form], partner: Partner, body: bytes, say: Say) -> Form:
    """The post as its form knows it, in our words whatever the partner's are. Raises Problem naming every wrong field."""
    if request.mimetype != "application/json":
        raise Problem(415, say(texts.NOT_JSON))
    if not body.strip():
        raise Problem(400, say(texts.EMPTY))
    try:
        return form.model_validate_json(partner.wording.read(body))
    except ValidationError as error:
        raise _problem(error.errors(include_url=False), partner.wording, say) from error


def _problem(errors: list[ErrorDetails], wording: Wording, say: Say) -> Problem:
    """400 for what is no JSON object, 422 naming each field as the partner calls it."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(400, say(texts.BROKEN_JSON))
    called = [(wording.of(str(error["loc"][0])), error) for error in errors if error["loc"]]
    named = [{"field": name, "detail": _sentence(name[:64], error, say)} for name, error in called]
    if not named:
        return Problem(400, say(texts.BROKEN_JSON))
    return Problem(422, named[0]["detail"] if len(named) == 1 else say(texts.SOME_FIELDS, count=len(named)), named)


def _sentence(name: str, error: ErrorDetails, say: Say) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return say(texts.FIELD_MISSING, field=name)
        case "extra_forbidden":
            return say(texts.FIELD_UNKNOWN, field=name)
        case "string_too_short":
            return say(texts.FIELD_EMPTY, field=name)
        case "string_too_long":
            return say(texts.FIELD_LONG, field=name, limit=context["max_length"])
        case "timezone_aware":
            return say(texts.FIELD_NO_ZONE, field=name)
        case kind if str(error["loc"][0]) in MOMENTS and kind != "value_error":
            return say(texts.FIELD_NO_MOMENT, field=name)
        case "value_error":
            return say(str(context["error"]))
    return say(texts.FIELD_WRONG, field=name)
