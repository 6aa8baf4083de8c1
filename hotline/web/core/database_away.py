"""While the database is away callers are asked to come again in some seconds (503), and the log says so in one line."""

from __future__ import annotations

import logging
import sqlite3
import time

from flask import Response, current_app, jsonify, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError, TimeoutError

from hotline.i18n import _, language

log = logging.getLogger(__name__)
AGAIN_IN = 5
"""Seconds after which it is worth while to come again: a restarted PostgreSQL is there in two."""

QUIET = 10.0
_BUSY_SQLITE = ("database is locked", "unable to open database", "disk I/O error", "disk is full")
_NOT_AVAILABLE = ("08", "53", "57P0", "25006")
"""PostgreSQL's classes: no connection, no room, shut down, and a standby that does not write yet."""


class _Outage:
    """How many were asked to come again since the last line in the log."""

    told_at = -QUIET
    unsaid = 0


def is_away(error: BaseException) -> bool:
    """Whether the database could not be asked at all, as opposed to an answer that we did not like."""
    if isinstance(error, TimeoutError | PendingRollbackError):
        return True  # no connection left in the pool, or this one died under an earlier question
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state or "").startswith(_NOT_AVAILABLE):
        return True
    if isinstance(error.orig, sqlite3.Error):
        return any(said in str(error.orig) for said in _BUSY_SQLITE)
    return isinstance(error, OperationalError | InterfaceError) and state is None


def come_again(error: BaseException) -> Response:
    """503 with Retry-After, drawn without asking the database anything."""
    _say(error)
    sentence = _("系统正在恢复，请过几秒再试。急事请直接拨打电话。")
    if request.path.startswith(("/api/", "/webhooks/")) or request.is_json:
        answer = jsonify(title=sentence, status=503, detail=sentence, code="database_away", problems={})
        answer.content_type = "application/problem+json"
    else:
        page = current_app.jinja_env.get_template("core/errors/away.html")
        typed = [(name, words) for name, words in request.form.items() if len(words) > 1 and "token" not in name]
        answer = Response(page.render(sentence=sentence, typed=typed, language=language()))
    answer.status_code = 503
    answer.headers["Retry-After"] = str(AGAIN_IN)
    return answer


def _say(error: BaseException) -> None:
    """One line in ten seconds, whatever the crowd: which trouble, and how many met it since."""
    _Outage.unsaid += 1
    if time.monotonic() - _Outage.told_at < QUIET:
        return
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    log.warning("the database is away, %d callers asked to come again: %s", _Outage.unsaid, (reason or [""])[0][:200])
    _Outage.told_at, _Outage.unsaid = time.monotonic(), 0
