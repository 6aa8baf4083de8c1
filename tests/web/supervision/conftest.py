"""The supervisor sits at the desk."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.life import Life
from tests.web.supervision.watched import Browse


@pytest.fixture
def desk(life: Life, browse: Browse) -> FlaskClient:
    """du2, the supervisor."""
    return browse(life.staff["du2"])
