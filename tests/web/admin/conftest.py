"""An administrator and an auditor at their pages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from models import Staff
from tests.support.life import Life
from tests.support.make import make_staff
from tests.web.admin.deeds import Browse


@pytest.fixture
def boss(life: Life) -> Staff:
    made = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return made


@pytest.fixture
def admin(boss: Staff, browse: Browse) -> FlaskClient:
    return browse(boss)


@pytest.fixture
def auditor(life: Life, browse: Browse) -> FlaskClient:
    made = make_staff(life.db, "shen", "沈", "auditor")
    life.db.commit()
    return browse(made)
