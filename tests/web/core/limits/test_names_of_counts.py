"""What is counted, and how often, lies in Redis and in its files: nobody reads there who wrote, or which survey is whose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from hotline.app import create_app
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.web.core.limits.rate_limits import limiter

PHONE, TOKEN = "15537261198", "kQ3vZr8wN1tYb6Lx"


@pytest.fixture
def counting(settings: Settings, installation: Installation) -> Flask:
    installation.settings = replace(settings, testing=False)
    made = create_app(installation.settings, installation)
    made.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    return made


@pytest.mark.parametrize(("method", "path", "told"), [("POST", "/c/new", PHONE), ("GET", f"/s/{TOKEN}", TOKEN)])
def test_the_name_of_a_count_tells_neither_phone_nor_survey(counting: Flask, method: str, path: str, told: str) -> None:
    """V6, V19: the number of an informant stood in Redis, and in its log on the disk for days."""
    form = {"phone": "155 3726 1198", "body": "路灯不亮", "name": "樊翠娥", "consent": "1"}
    counting.test_client().open(path, method=method, data=form if method == "POST" else None)
    names = list(limiter.storage.storage)
    assert names and not [name for name in names if told in name]
    assert [name for name in names if name.split("/")[1].startswith(("phone:", "survey:"))]
