"""How this room says no: one problem+json (RFC 9457) that names the field, and a log line that says why."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from webhooks import texts
from webhooks.signature import BadSignature
from webhooks.texts import Say

LIMIT_BYTES = 100_000
log = logging.getLogger("webhooks")


class Problem(Exception):
    """The request ends here with this status; `errors` names the fields. Blueprints answer it by `answer_problem`."""

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]] | None = None):
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors or []


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> Response:
    """A problem+json answer."""
    content: dict[str, object] = {"type": "about:blank", "status": status, "detail": detail}
    if errors:
        content["errors"] = errors
    return Response(json.dumps(content, ensure_ascii=False), status, content_type="application/problem+json")


def answer_problem(error: Problem) -> Response:
    """The error handler that every blueprint of this room registers. What was wrong is logged by its fields, never by what they said."""
    fields = " ".join(one["field"] for one in error.errors)
    log.warning("webhook answered with %d (path %s, fields %s)", error.status, request.path, fields or "-")
    return problem(error.status, error.detail, error.errors)


def forbidden(error: BadSignature, say: Say) -> Problem:
    """403: the reason goes to the log only, so that a stranger learns nothing from trying."""
    log.warning("webhook refused: %s (path %s, from %s)", error, request.path, request.remote_addr)
    return Problem(403, say(texts.REFUSED))


def read_body(say: Say, most: int = LIMIT_BYTES) -> bytes:
    """The request's bytes, at most so many of them; read before anything is parsed or verified."""
    request.max_content_length = most
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge as error:
        raise Problem(413, say(texts.TOO_LARGE, limit=most)) from error


def needed(values: Mapping[str, str], name: str, say: Say, longest: int = 64) -> str:
    """A field that must be there and fit our columns; raises Problem 400 naming it."""
    found = values.get(name, "").strip()
    if not found:
        raise Problem(400, say(texts.FIELD_MISSING, field=name))
    if len(found) > longest:
        raise Problem(400, say(texts.FIELD_LONG, field=name, limit=longest))
    return found
