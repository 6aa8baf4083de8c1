"""Two machines over one database and one shared disk: whatever one of them took in, the other goes on with."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.app import create_app
from hotline.installation import Installation
from hotline.jobs.build import build_installation
from hotline.jobs.leader import Leader
from hotline.keys.master_key import write
from hotline.outbox.runner import drain
from hotline.web.core import sessions
from models import Job, Staff, Ticket
from models.store.db import make_engine
from tests.support.life import Life
from tests.support.services import MASTER

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
FORM = {"body": "小区门口的路灯坏了三天，请尽快修。", "place": "文峰区东工路", "phone": "13800001234", "consent": "1"}


@pytest.fixture
def second(installation: Installation) -> Installation:
    """The other machine: a process and connections of its own, the same database, disk and keys."""
    write(installation.settings.master_key, [MASTER])
    url = installation.engine.url.render_as_string(hide_password=False)
    return build_installation(
        replace(installation.settings),
        city=installation.city,
        clock=installation.clock,
        engine=make_engine(url, pool_size=2),
    )


@pytest.fixture
def other(second: Installation) -> Flask:
    made = create_app(second.settings, second)
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def hand_in(app: Flask, life: Life) -> str:
    life.db.commit()
    answer = app.test_client().post("/c/new", data={**FORM, "sheet": "k1", "files": [(io.BytesIO(PNG), "灯.png")]})
    assert answer.status_code == 303, answer.text
    return str(answer.location.rsplit("/", 1)[1])


def test_what_one_machine_took_in_the_other_shows_with_its_files(
    app: Flask, other: Flask, installation: Installation, life: Life
) -> None:
    """Found at the desks: X14."""
    number = hand_in(app, life)
    with installation.sessions() as db:
        dispatcher = db.get_one(Staff, life.people["du"].id)
        signed_in = sessions.begin(db, dispatcher, installation.clock.now(), "127.0.0.1", "test")
        db.commit()
    for machine in (app, other):
        desk = machine.test_client()
        desk.set_cookie(sessions.COOKIE, signed_in)
        page = desk.get(f"/tickets/{number}").text
        (link,) = set(re.findall(r'href="(/files/[^"]+)"', page))
        assert desk.get(link).data == PNG


def test_what_one_machine_left_undone_the_other_does(app: Flask, second: Installation, life: Life) -> None:
    """Found at the desks: X14."""
    number = hand_in(app, life)
    drain(second)
    assert life.db.scalars(select(Ticket).where(Ticket.number == number)).one().title
    assert not life.db.scalars(select(Job).where(Job.done_at.is_(None), Job.run_at <= life.now)).all()


def test_the_clock_of_the_other_machine_goes_on_when_one_stops(
    installation: Installation, second: Installation
) -> None:
    """Found at the desks: X14."""
    here, there = Leader(installation.engine), Leader(second.engine)
    assert here.is_ours() and not there.is_ours()
    here.give_up()
    assert there.is_ours() and not here.is_ours()
    there.give_up()
