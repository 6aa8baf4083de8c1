"""A page that answers a form is no page to come back to: where it is read again instead."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from hotline.web.core.permission import local_path


def address_to_read() -> str:
    """This page's address for reloading, coming back and going on from: never one that only takes forms.

    A form's answer stands under the address the form was sent to. Where that is a page too it is the same form once more; where not,
    the page on which the form stood.
    """
    asked = request.full_path.rstrip("?")
    if request.method in ("GET", "HEAD") or _is_read(request.path):
        return asked
    return local_path(request.headers.get("Referer", ""))


def _is_read(path: str) -> bool:
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
