"""For POSTs that only look (a proposal while typing, a refused form): they must not hold the database for writing."""

from __future__ import annotations

from flask import g

from hotline.web.core.request_context import here


def read_only() -> None:
    """From here on `here.db` reads. What was written and not committed is dropped: a refusal leaves nothing half-done."""
    db = g.pop("db", None)
    if db is not None:
        db.expunge_all()  # what was read stays readable, for the form that is shown again
        db.rollback()
        db.close()
    g.db = here.installation.readings()
