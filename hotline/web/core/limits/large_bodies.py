"""A large body is taken only where files are taken, and only from who may bring them: its head is looked at before the rest is read.

A form's token stands at its beginning, so 95 megabytes without one are turned away after 64 kB, and nothing of them reaches the disk.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, current_app, g, request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import ValidationError

from hotline.errors import NotAllowed, Refusal
from hotline.i18n import _
from hotline.web.core import sessions
from hotline.web.core.permission import PUBLIC, SIGNED, allowed_by
from hotline.web.core.request_context import here

SMALL = 4 * 1024 * 1024
"""Any form of words fits in here."""

LOOKED_AT = 256 * 1024
"""From this size on a body is looked at before it is read."""

HEAD = 64 * 1024
HEADERS = ("X-CSRFToken", "X-CSRF-Token")
F = TypeVar("F", bound=Callable[..., Any])


def takes_files(view: F) -> F:
    """Marks a view that may be sent files; every other one is sent words only."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_files_from(proof: Callable[[], object]) -> Callable[[F], F]:
    """The same of a door for machines, which have no form's token. proof: raises Refusal for whom the door is not, and is asked
    before a large body is read."""

    def mark(view: F) -> F:
        view.takes_files = proof  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Before everything else that may read the body."""
    app.before_request(_look)


def _look() -> None:
    if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
        return
    takes = _takes_files()
    if takes is None:
        request.max_content_length = min(SMALL, current_app.config["MAX_CONTENT_LENGTH"])
    length = request.content_length
    if length is not None and length > (request.max_content_length or SMALL):
        _turn_away()
        raise RequestEntityTooLarge
    if takes is not None and (length > LOOKED_AT if length is not None else "wsgi.input_terminated" in request.environ):
        _check(takes)


def _check(takes: Callable[[], object] | bool) -> None:
    """Raises before the body is read: for whom the door is not, and for a form without its token."""
    if callable(takes):
        try:
            takes()
        except Refusal:
            _turn_away()
            raise
        return
    if not _may_come():
        _turn_away()
        raise NotAllowed(_("请先登录，再上传文件。"))
    if current_app.config["WTF_CSRF_ENABLED"] and not _has_token():
        _turn_away()
        raise Refusal(_("页面打开太久或登录已变化，请刷新后再提交。文件还没有上传。"))


def _takes_files() -> Callable[[], object] | bool | None:
    """True for people's forms, a machine's proof, or None where only words are taken: also of a form that could bring a file and
    was sent without one."""
    takes = getattr(current_app.view_functions.get(request.endpoint or ""), "takes_files", None)
    return None if takes is True and only_words() else takes


def only_words() -> bool:
    """Whether the body is written as a form that can hold no file."""
    return request.mimetype == "application/x-www-form-urlencoded"


def _may_come() -> bool:
    """Anybody at a public door; elsewhere who is signed in, or was until a moment ago: their words are still rescued."""
    allowed = allowed_by(current_app, request.endpoint or "") or frozenset()
    if PUBLIC in allowed or SIGNED in allowed:
        return True
    sessions.recognise()
    return here.me_or_none is not None or "ended_session" in g


def field_at_head(name: str) -> str:
    """A short field of a multipart form that stands before its files; "" when it does not."""
    shape = rb'name="%s"\r?\n\r?\n([^\r\n]{1,400})\r?\n' % re.escape(name).encode()
    found = re.search(shape, _peek())
    return found[1].decode("latin-1") if found else ""


def _has_token() -> bool:
    given = next((request.headers[name] for name in HEADERS if name in request.headers), None)
    given = given or field_at_head("csrf_token") or None
    try:
        validate_csrf(given)
    except ValidationError:
        return False
    return True


def _peek() -> bytes:
    """The beginning of the body, which is put back before what follows."""
    stream = request.environ["wsgi.input"]
    head = bytearray()
    while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
        head += piece
    request.environ["wsgi.input"] = _Again(bytes(head), stream)
    return bytes(head)


def _turn_away() -> None:
    """Whoever answers now finds no body: an error page must not read what was refused."""
    request.environ["wsgi.input"] = io.BytesIO()
    request.environ["CONTENT_LENGTH"] = "0"
    request.environ.pop("wsgi.input_terminated", None)


class _Again(io.RawIOBase):
    """A stream whose beginning was read already, from its beginning."""

    def __init__(self, head: bytes, rest: IO[bytes]):
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        piece, self._head = (
            (self._head[: len(into)], self._head[len(into) :]) if self._head else (self._rest.read(len(into)), b"")
        )
        into[: len(piece)] = piece
        return len(piece)
