"""The search has a dispatcher sitting before it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.life import Life
from tests.web.search.found import Browse


@pytest.fixture
def desk(life: Life, browse: Browse) -> FlaskClient:
    """杜, a dispatcher, searching."""
    return browse(life.staff["du"])
