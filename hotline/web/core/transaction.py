"""The edge of a request: one transaction, committed when the answer is good, rolled back when it is not."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError

from hotline.web.core.database_away import come_again
from hotline.web.core.request_context import here
from models.store.away import is_away


def install(app: Flask) -> None:
    app.after_request(_finish)
    app.teardown_request(_close)


def commit() -> None:
    """Commit now, for the few pages that must know the outcome before they answer (uploads, live streams)."""
    here.db.commit()


def _finish(response: Response) -> Response:
    """Answers below 400 commit; a refusal leaves nothing half-done. Whoever was not written down is told to come again."""
    db = g.get("db")
    if db is None or response.status_code >= 400:
        return response
    try:
        db.commit()
    except DBAPIError as error:
        if not is_away(error):
            raise
        return come_again(error)
    return response


def _close(error: BaseException | None) -> None:
    db = g.pop("db", None)
    if db is not None:
        with suppress(DBAPIError):  # nothing is left to roll back in a database that is away
            db.rollback()
        db.close()
