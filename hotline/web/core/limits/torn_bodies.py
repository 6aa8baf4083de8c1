"""A body that cannot be read to its end (broken chunks, a trailer that is no header, a sender who went) is no defect of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from gunicorn.http.errors import NoMoreData, ParseException
from werkzeug.exceptions import BadRequest


def install(app: Flask) -> None:
    """Around whatever the server reads the body by."""
    inner: Callable[..., Iterable[bytes]] = app.wsgi_app

    def whole(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = Body(environ["wsgi.input"])
        return inner(environ, start_response)

    app.wsgi_app = whole  # type: ignore[method-assign]


class Body:
    """The body as the server hands it out; where it is torn it is refused once and has ended from there on."""

    def __init__(self, body: Any) -> None:
        self._body, self._torn = body, False

    def read(self, size: int = -1) -> bytes:
        return self._asked(self._body.read, size)

    def readline(self, size: int = -1) -> bytes:
        return self._asked(self._body.readline, size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)

    def _asked(self, read: Callable[[int], bytes], size: int) -> bytes:
        if self._torn:
            return b""
        try:
            return read(size)
        except (ParseException, NoMoreData) as error:
            self._torn = True
            raise BadRequest from error
