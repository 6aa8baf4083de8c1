"""While the database is away, or has no time for a question, callers are asked to come again in some seconds (503), and the log
says so in one line."""

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
_TOO_LONG = "57014"
_IN_EACH_OTHERS_WAY = ("40001", "40P01", "55P03")
"""Its words for a question that took longer than any may, and for two that waited for each other."""


class _Outage:
    """How many were asked to come again since the last line in the log."""

    told_at = -QUIET
    unsaid = 0


def is_away(error: BaseException) -> bool:
    """Whether the database could not be asked at all or had no time, as opposed to an answer that we did not like."""
    if isinstance(error, TimeoutError | PendingRollbackError):
        return True  # no connection left in the pool, or this one died under an earlier question
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (state or "").startswith((*_NOT_AVAILABLE, _TOO_LONG, *_IN_EACH_OTHERS_WAY)):
        return True
    if isinstance(error.orig, sqlite3.Error):
        return any(said in str(error.orig) for said in _BUSY_SQLITE)
    return isinstance(error, OperationalError | InterfaceError) and state is None


def come_again(error: BaseException) -> Response:
    """503 with Retry-After, drawn without asking the database anything."""
    _say(error)
    sentence = _sentence(getattr(getattr(error, "orig", None), "sqlstate", None))
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


def _sentence(state: str | None) -> str:
    if state == _TOO_LONG:
        return _("这次查得太久，没有查完。请缩小范围（加上日期、单位或更多的字）再试。急事请直接拨打电话。")
    if state in _IN_EACH_OTHERS_WAY:
        return _("同时有别人在改同一件事，请再试一次。急事请直接拨打电话。")
    return _("系统正在恢复，请过几秒再试。急事请直接拨打电话。")


def _say(error: BaseException) -> None:
    """One line in ten seconds, whatever the crowd: which trouble, and how many met it since."""
    _Outage.unsaid += 1
    if time.monotonic() - _Outage.told_at < QUIET:
        return
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    log.warning(
        "the database did not answer, %d callers asked to come again: %s", _Outage.unsaid, (reason or [""])[0][:200]
    )
    _Outage.told_at, _Outage.unsaid = time.monotonic(), 0
