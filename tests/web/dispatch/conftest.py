"""杜 sits at the dispatch desk."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.life import Life
from tests.web.dispatch.queue import Browse


@pytest.fixture
def desk(life: Life, browse: Browse) -> FlaskClient:
    """杜 at the desk."""
    return browse(life.staff["du"])
