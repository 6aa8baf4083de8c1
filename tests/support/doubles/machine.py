"""A machine that asks the API with its token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

Call = Callable[..., Any]
Machine = Callable[..., Call]


def caller(app: Flask, secret: str) -> Call:
    def send(method: str, path: str, token: str = secret, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    send.secret = secret  # type: ignore[attr-defined]
    return send
