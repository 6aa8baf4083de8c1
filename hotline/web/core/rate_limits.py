"""How often one address may knock: logins and public forms, shared between processes through Redis in the city."""

from __future__ import annotations

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=True)


@limiter.request_filter
def _machine() -> bool:
    """The API's callers prove themselves by a token; no address is counted, and a busy intake is not asked each time."""
    return request.blueprint in ("api", "api_details")


def refused(response: Response) -> bool:
    """For what somebody might try out (passwords, codes): only what was wrong counts, a right one is never too many."""
    return response.status_code >= 400


def accepted(response: Response) -> bool:
    """For what costs others work: only what was taken in counts, somebody who corrects a form is not turned away."""
    return response.status_code < 400
