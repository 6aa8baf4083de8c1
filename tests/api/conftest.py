"""A machine with a token, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.installation import Installation
from hotline.web.admin import tokens as machine_tokens
from tests.support.doubles.machine import Call, Machine, caller


@pytest.fixture
def app(installation: Installation) -> Flask:
    machine_tokens.forget_known()
    return create_app(installation.settings, installation)


@pytest.fixture
def machine(installation: Installation, app: Flask) -> Machine:
    """`machine("partner", "tickets.read", units=["chengguan"])`: a caller with a token of its own; its `secret` is the token."""

    def issue(source: str, *scopes: str, **more: Any) -> Call:
        with installation.sessions() as db:
            secret = machine_tokens.issue(
                db, f"{source}的系统", source, list(scopes), installation.clock.now(), city=installation.city, **more
            )
            db.commit()
        return caller(app, secret)

    return issue


@pytest.fixture
def call(machine: Machine) -> Call:
    """`call("POST", "/tickets", json=…)`: one request of a machine that was granted everything at the centre."""
    return machine("partner", *machine_tokens.SCOPES)
