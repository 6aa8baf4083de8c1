"""While the database is away, or has no time for a question, callers are asked to come again in some seconds (503), and the log
says so in one line."""

from __future__ import annotations

import logging
import time

from flask import Response, current_app, jsonify, request

from hotline.i18n import _, language
from hotline.web.core.forms.labels import typed_words
from models.store.away import IN_EACH_OTHERS_WAY, TOO_LONG, in_one_line, state_of

log = logging.getLogger(__name__)
AGAIN_IN = 5
"""Seconds after which it is worth while to come again: a restarted PostgreSQL is there in two."""

QUIET = 10.0


class _Outage:
    """How many were asked to come again since the last line in the log."""

    told_at = -QUIET
    unsaid = 0


def come_again(error: BaseException) -> Response:
    """503 with Retry-After, drawn without asking the database anything."""
    _say(error)
    sentence = _sentence(state_of(error))
    if request.path.startswith(("/api/", "/webhooks/")) or request.is_json:
        answer = jsonify(title=sentence, status=503, detail=sentence, code="database_away", problems={})
        answer.content_type = "application/problem+json"
    else:
        page = current_app.jinja_env.get_template("core/errors/away.html")
        answer = Response(page.render(sentence=sentence, typed=typed_words(), language=language()))
    answer.status_code = 503
    answer.headers["Retry-After"] = str(AGAIN_IN)
    return answer


def _sentence(state: str | None) -> str:
    if state == TOO_LONG:
        return _("这次查得太久，没有查完。请缩小范围（加上日期、单位或更多的字）再试。急事请直接拨打电话。")
    if state in IN_EACH_OTHERS_WAY:
        return _("同时有别人在改同一件事，请再试一次。急事请直接拨打电话。")
    return _("系统正在恢复，请过几秒再试。急事请直接拨打电话。")


def _say(error: BaseException) -> None:
    """One line in ten seconds, whatever the crowd: which trouble, and how many met it since."""
    _Outage.unsaid += 1
    if time.monotonic() - _Outage.told_at < QUIET:
        return
    log.warning(
        "the database did not answer, %d callers asked to come again: %s", _Outage.unsaid, in_one_line(error)[:200]
    )
    _Outage.told_at, _Outage.unsaid = time.monotonic(), 0
