"""Saying no, as a page, a fragment, or problem+json: one place for all refusals."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, flash, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from hotline.errors import Refusal
from hotline.i18n import _
from hotline.web.core.database_away import come_again
from hotline.web.core.forms.draft_store import rescue_form
from hotline.web.core.forms.labels import typed_words
from hotline.web.core.limits.large_bodies import only_words
from hotline.web.core.permission import local_path
from hotline.web.core.request_context import here
from models.store.away import is_away

log = logging.getLogger(__name__)
MACHINES = ("/api/", "/webhooks/")
"""Where nobody reads a page."""

STALE = "X-Stale-Form"
"""Says to a script that the form's token is what was wrong, and nothing else."""

CODES = {
    403: "not_allowed",
    404: "not_found",
    405: "no_such_method",
    413: "too_large",
    429: "too_many",
    500: "defect",
    503: "busy",
}
PAGES = frozenset({400, 403, 404, 409, 413, 429, 500})


def install(app: Flask) -> None:
    app.register_error_handler(Refusal, lambda error: answer(error.status, error.sentence, error.problems, error.code))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for beyond in (OverflowError, RecursionError, DataError):
        app.register_error_handler(beyond, _beyond)
    app.register_error_handler(Exception, _bug)


def answer(status: int, sentence: str, problems: dict[str, str] | None = None, code: str = "") -> tuple[Any, int]:
    """The refusal in the form the caller reads; without a code of its own it is named by its status."""
    if request.path.startswith(MACHINES) or request.is_json or request.accept_mimetypes.best == "application/json":
        body = jsonify(
            title=sentence,
            status=status,
            detail=sentence,
            code=code or CODES.get(status, "refused"),
            problems=problems or {},
        )
        body.content_type = "application/problem+json"
        return body, status
    if here.htmx:
        return render_template("core/errors/fragment.html", sentence=sentence, problems=problems or {}), status
    page = status if status in PAGES else 400 if status < 500 else 500
    return render_template(
        f"core/errors/{page}.html",
        sentence=sentence,
        problems=problems or {},
        typed=typed_words(),
        back=local_path(referer) if (referer := request.headers.get("Referer", "")) else None,
    ), status


def _csrf(error: CSRFError) -> ResponseReturnValue:
    """The form is of another session: a script renews its token and asks again, a button without words is offered anew."""
    rescue_form()
    back = local_path(referer) if (referer := request.headers.get("Referer", "")) else ""
    if back and here.me_or_none and not here.htmx and not request.is_json and not typed_words() and not request.files:
        flash(_("页面打开太久或登录已变化，已经更新，刚才的没有办，请再按一次。"), "warn")
        return redirect(back, 303)
    said, status = answer(400, _("页面打开太久或登录已变化，请刷新后再提交。您填写的内容已保留。"))
    return said, status, {STALE: "1"}


def _http(error: HTTPException) -> ResponseReturnValue:
    sentences = {
        404: _("没有这个页面。"),
        405: _("这个页面不能这样打开。"),
        413: _("填写的内容太长，请分几次提交。") if only_words() else _("文件太大，请压缩或分开上传。"),
        429: _("操作太频繁，请过一会儿再试。急事请拨打 %(number)s。", number=here.city.hotline_number),
        403: _("没有权限。"),
    }
    code = error.code or 500
    if code in (301, 302, 303, 307, 308):
        return error.get_response()
    return answer(code, sentences.get(code, error.description or _("请求有误。")))


def _beyond(error: Exception) -> ResponseReturnValue:
    """A number or a moment that no column holds, met behind the edge: the request's fault, told in the log by its kind."""
    log.warning("%s at %s %r", type(error).__name__, request.method, request.path)
    if (db := g.get("db")) is not None:
        db.rollback()
    return answer(400, _("请求里有超出范围的数字或时间。"))


def _bug(error: Exception) -> ResponseReturnValue:
    """Anything else is a bug: logged once, here, with the person and the path but without what was typed."""
    if is_away(error):
        return come_again(error)
    me = g.get("me")
    log.exception("unhandled error at %s %r by %s", request.method, request.path, me.id if me else "-")
    db = g.get("db")
    if db is not None:
        db.rollback()
    return answer(500, _("系统出错，已记录。您填写的内容没有丢失，请返回重试；若再次出现请联系管理员。"))
