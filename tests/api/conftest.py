"""A machine with a token, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.app import create_app
from hotline.installation import Installation
from hotline.web.admin import tokens as machine_tokens
from tests.support.machine import Call


@pytest.fixture
def call(installation: Installation) -> Call:
    """`call("POST", "/tickets", json=…)`: one request of a machine; `scopes` and `token` may be given."""
    app = create_app(installation.settings, installation)
    machine_tokens.forget_known()
    with installation.sessions() as db:
        secret = machine_tokens.issue(db, "平台", "partner", list(machine_tokens.SCOPES), installation.clock.now())
        db.commit()

    def send(method: str, path: str, token: str = secret, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    return send
