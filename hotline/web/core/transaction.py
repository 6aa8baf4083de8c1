"""The edge of a request: one transaction, committed when the answer is good, rolled back when it is not."""

from __future__ import annotations

from flask import Flask, Response, g

from hotline.web.core.request_context import here


def install(app: Flask) -> None:
    app.after_request(_finish)
    app.teardown_request(_close)


def commit() -> None:
    """Commit now, for the few pages that must know the outcome before they answer (uploads, live streams)."""
    here.db.commit()


def _finish(response: Response) -> Response:
    """Answers below 400 commit; a refusal leaves nothing half-done."""
    db = g.get("db")
    if db is not None and response.status_code < 400:
        db.commit()
    return response


def _close(error: BaseException | None) -> None:
    db = g.pop("db", None)
    if db is not None:
        db.rollback()
        db.close()
