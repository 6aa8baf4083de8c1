"""What the log has heard of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from models import Audit
from tests.support.life import Life

Browse = Callable[[Any], FlaskClient]


def deeds(life: Life) -> list[str]:
    life.db.rollback()
    return list(life.db.scalars(select(Audit.action).order_by(Audit.id)))
