"""安 on duty at the agents' desk."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.support.life import Life
from tests.web.intake.desk import Browse


@pytest.fixture
def agent(life: Life, browse: Browse) -> FlaskClient:
    life.staff["an"].on_duty = True
    life.db.commit()
    return browse(life.staff["an"])
