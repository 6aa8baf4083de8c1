"""A static file's address names this release's files as a whole: browsers may keep each for a year, and one may name another."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory, url_for

STATIC = Path(__file__).parents[1] / "static"
A_YEAR = int(timedelta(days=365).total_seconds())


def install(app: Flask) -> None:
    app.add_url_rule("/static/<version>/<path:filename>", "static", send)


def send(version: str, filename: str) -> Response:
    """The file as it is now. Under another release's name (a page opened before a change) it is not kept."""
    answer = send_from_directory(STATIC, filename, max_age=A_YEAR if version == static_version() else 0)
    answer.cache_control.immutable = version == static_version()
    return answer


def asset(path: str) -> str:
    """The address of a static file."""
    return _address(request.script_root, path)


@cache
def _address(_root: str, path: str) -> str:
    """A page asks for a hundred icons: the address is built once."""
    return url_for("static", version=static_version(), filename=path)


@cache
def static_version() -> str:
    """A hash of every static file's name and content; read once, when the first page asks."""
    every = hashlib.sha256()
    for file in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        every.update(str(file.relative_to(STATIC)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return every.hexdigest()[:10]
