"""A night: one agent, thirty-five minutes without a hand, then a call. It is answered, and the board tells the truth (L1)."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.clock import StoppedClock
from hotline.installation import Installation
from hotline.jobs.schedule import watch_duty
from hotline.outbox.runner import drain
from hotline.staff.duty import set_duty
from hotline.telephony import presence
from hotline.telephony.presence import How
from models import Call, Staff
from tests.support.doubles.ringing import ring
from tests.support.life import Life

Browse = Callable[[Staff], FlaskClient]


def test_a_quiet_night_at_an_open_desk_signs_nobody_out(
    installation: Installation, life: Life, browse: Browse, clock: StoppedClock
) -> None:
    """One agent, 35 minutes without a hand, then a call: it rings, is answered, and the board tells the truth. Found at the desks: L1."""
    an = life.staff["an"]
    set_duty(life.db, an, True, life.now)
    life.db.commit()
    page = browse(an)
    for _half_minute in range(70):
        clock.forward(seconds=30)
        assert page.get("/live/poll").status_code == 200
    watch_duty(installation, installation.clock.now())
    life.db.expire_all()
    assert life.staff["an"].on_duty
    (there,) = presence.on_duty(life.db, life.city, life.now)
    assert there.how is How.SILENT, "an open page is no person: the board says that nobody has answered"
    life.db.commit()
    ring(installation)
    drain(installation)
    assert page.get("/live/poll").json["call"]["text"] == "138****1234 来电"
    with installation.readings() as db:
        call = db.scalars(select(Call)).one()
    assert page.post(f"/desk/calls/{call.id}/answer").status_code == 303
    life.db.expire_all()
    assert life.db.get_one(Call, call.id).agent_id == an.id
    (there,) = presence.on_duty(life.db, life.city, life.now)
    assert there.how is How.DESK and there.busy


def test_off_duty_nobody_is_kept_signed_in(life: Life, browse: Browse, clock: StoppedClock) -> None:
    page = browse(life.staff["an"])
    for _minute in range(32):
        clock.forward(minutes=1)
        page.get("/live/poll")
    assert page.get("/live/poll").status_code in (302, 401)
