"""What a search found, and tickets to be found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from models import Ticket
from tests.support.life import Life

Browse = Callable[..., FlaskClient]


def numbers(answer: Any) -> list[str]:
    return re.findall(r'id="row-(\d+)"', answer.text)


def made(life: Life, *words: str, **more: Any) -> list[Ticket]:
    found = [life.ticket(phone=f"1390000{n:04d}", words=one, **more) for n, one in enumerate(words)]
    life.db.commit()
    return found
