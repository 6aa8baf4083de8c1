"""A hotline with a real mailbox (Dovecot) on one side and a mail server that keeps what is sent on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from hotline.clock import StoppedClock
from hotline.installation import Installation
from models import Ticket
from tests.support.doubles.mail_server import mail_server
from tests.support.doubles.post_office import post_office
from tests.support.life import Life
from tests.support.pages import chinese_again, installation, settings
from tests.support.papers.letters import OURS, Post

__all__ = ["chinese_again", "installation", "settings"]


@pytest.fixture
def post(installation: Installation, city: Any, clock: StoppedClock) -> Iterator[Post]:
    with mail_server() as server, post_office() as office, installation.sessions() as db:
        told = {"imap_url": office.url, "smtp_url": server.url, "mail_from": OURS}
        installation.settings = replace(installation.settings, **told)
        yield Post(installation, Life(db, city, clock), clock, office, server)


@pytest.fixture
def tickets(installation: Installation) -> Callable[[], list[Any]]:
    def all_of_them() -> list[Any]:
        with installation.readings() as db:
            return list(db.scalars(select(Ticket).options(joinedload(Ticket.text)).order_by(Ticket.id)))

    return all_of_them
