"""Hotlines whose people may sign in through an identity provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.city.schema import Group, SignIn
from hotline.installation import Installation
from hotline.settings import Settings
from tests.support.doubles.identity import HOTLINE, Liar, liar, setting
from tests.support.life import Life

GROUPS = (
    Group("agents", ("agent",)),
    Group("dispatch", ("dispatcher",)),
    Group("rubbish", ("handler",), "chengguan"),
    Group("admins", ("administrator",)),
    Group("misspelt", ("agnet",)),
)


@pytest.fixture
def forger(now: datetime) -> Iterator[Liar]:
    with liar(now) as running:
        yield running


@pytest.fixture
def application(settings: Settings, installation: Installation, life: Life) -> Callable[..., Flask]:
    """`application(issuer)` is a hotline whose people may sign in through that provider."""

    def make(issuer: str, **sign_in: Any) -> Flask:
        told: dict[str, Any] = {"groups": GROUPS, "proofs": frozenset({"otp"}), **sign_in}
        installation.city = replace(installation.city, sign_in=SignIn(**told))
        more = {"second_factor": True, "public_url": HOTLINE, "oidc": setting(issuer)}
        installation.settings = replace(settings, **more)
        made = create_app(installation.settings, installation)
        made.config["WTF_CSRF_ENABLED"] = False
        return made

    return make
