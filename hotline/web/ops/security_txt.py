"""Where somebody who found a hole in the hotline tells us of it (RFC 9116)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from hotline.web.core.permission import PUBLIC, allow
from hotline.web.core.request_context import here

pages = Blueprint("security_txt", __name__)
GOOD_FOR = timedelta(days=180)
"""The standard asks for less than a year."""


@pages.get("/.well-known/security.txt")
@allow(PUBLIC)
def show() -> Response:
    """The mailbox of the hotline where it has one, and the citizens' form: either becomes a ticket."""
    site, box = here.settings.public_url, here.settings.mail_from
    contacts = [f"mailto:{box}"] if box else []
    lines = [
        *(f"Contact: {one}" for one in (*contacts, f"{site}/c/new")),
        f"Expires: {(here.now + GOOD_FOR).strftime('%Y-%m-%dT00:00:00Z')}",
        "Preferred-Languages: zh, en",
        f"Canonical: {site}/.well-known/security.txt",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
