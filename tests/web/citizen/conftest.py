"""A citizen's browser."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.life import Life


@pytest.fixture
def anybody(app: Flask, life: Life) -> FlaskClient:
    """A citizen's browser, in a city whose people exist."""
    life.db.commit()
    return app.test_client()
