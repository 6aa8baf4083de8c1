"""Power changes hands between two people, passwords go to their owners, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.errors import NotAllowed, Refusal
from hotline.tickets import petitions
from hotline.tickets.act import act
from models import Message, Staff, StaffChange
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]


def settle(life: Life) -> None:
    """Let go of the database; what was read stays as it was read."""
    life.db.expunge_all()
    life.db.rollback()


POWERS = ("administrator", "dispatcher", "reviewer", "supervisor", "head")


@pytest.fixture
def boss(life: Life) -> Staff:
    made = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return made


def save(client: FlaskClient, one: Staff, *roles: str, unit: str = "hotline") -> int:
    form = {"name": one.name, "unit_code": unit, "language": "zh", "roles": list(roles), "active": "1"}
    return client.post(f"/admin/staff/{one.id}", data=form).status_code


def roles_of(life: Life, one: Staff) -> set[str]:
    settle(life)
    found = set(life.db.scalars(select(Staff.roles).where(Staff.id == one.id)).one())
    settle(life)
    return found


def told(life: Life, key: str) -> set[tuple[int | None, str | None]]:
    settle(life)
    rows = life.db.scalars(select(Message).where(Message.template_key == key))
    return {(one.staff_id, one.role) for one in rows}


def test_nobody_changes_their_own_roles_or_unit(life: Life, browse: Browse, boss: Staff) -> None:
    client = browse(boss)
    make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    for roles in (("administrator", "dispatcher"), ("administrator", "agent"), ("agent",)):
        assert save(client, boss, *roles) == 400
    assert save(client, boss, "administrator", unit="chengguan") == 400
    assert roles_of(life, boss) == {"administrator"}


@pytest.mark.parametrize("power", POWERS)
def test_power_is_in_force_only_after_another_person_decided(
    life: Life, browse: Browse, boss: Staff, power: str
) -> None:
    an = life.staff["an"]
    client = browse(boss)
    assert save(client, an, "agent", power) == 303
    assert roles_of(life, an) == {"agent"}
    change = life.db.scalars(select(StaffChange.id).where(StaffChange.state == "asked")).one()
    settle(life)
    assert client.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 403
    head = browse(life.staff["tou"])
    assert "授予" in head.get("/admin/staff").text
    assert head.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 303
    assert roles_of(life, an) == {"agent", power}
    assert head.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 409
    assert told(life, "roles_changed") == {(an.id, None)}
    assert told(life, "roles_changed_of") == {(None, "head"), (None, "discipline")}


def test_a_refused_wish_gives_nothing_and_whom_it_is_about_decides_nothing(
    life: Life, browse: Browse, boss: Staff
) -> None:
    tou = life.staff["tou"]
    save(browse(boss), tou, "head", "administrator")
    change = life.db.scalars(select(StaffChange.id)).one()
    settle(life)
    assert browse(tou).post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 403
    other = make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    browse(other).post(f"/admin/staff/changes/{change}", data={"answer": "refuse"})
    assert roles_of(life, tou) == {"head"}


def test_somebody_new_starts_without_the_power_that_was_asked_for(life: Life, browse: Browse, boss: Staff) -> None:
    form = {"login": "xin", "name": "新人", "roles": ["agent", "head"], "unit_code": "hotline", "language": "zh"}
    assert browse(boss).post("/admin/staff/new", data=form).status_code == 200
    settle(life)
    assert life.db.scalars(select(Staff.roles).where(Staff.login == "xin")).one() == ["agent"]


def test_the_password_of_the_powerful_is_reset_by_two_and_of_others_goes_to_their_telephone(
    life: Life, browse: Browse, boss: Staff
) -> None:
    tou, an = life.staff["tou"], life.staff["an"]
    before = tou.password_hash
    life.db.get_one(Staff, an.id).phone = "13900002222"
    life.db.commit()
    client = browse(boss)
    assert client.post(f"/admin/staff/{tou.id}/password").status_code == 303
    settle(life)
    assert life.db.scalars(select(Staff.password_hash).where(Staff.id == tou.id)).one() == before
    settle(life)
    answer = client.post(f"/admin/staff/{an.id}/password", follow_redirects=True)
    settle(life)
    text = life.db.scalars(select(Message).where(Message.template_key == "staff_password")).one()
    password = text.params["password"]
    settle(life)
    assert text.phone == "13900002222" and password in text.text
    for path in ("queued", "sent", "failed", "stuck"):
        assert password not in client.get(f"/admin/messages?tab={path}").text
    assert password not in answer.text
    assert told(life, "password_reset") == {(an.id, None)}
    assert told(life, "password_reset_of") == {(None, "head"), (None, "discipline")}


@pytest.mark.parametrize("who", ["du", "ren", "du2", "tou"])
@pytest.mark.parametrize("wanted", ["masked", "open"])
def test_nobody_lifts_an_informants_protection_alone(life: Life, who: str, wanted: str) -> None:
    ticket = life.ticket(privacy="sealed")
    with pytest.raises((Refusal, NotAllowed)):
        act(life.db, life.city, ticket, "correct", life.people[who], life.now, {"privacy": wanted})
    settle(life)


def test_two_together_lift_it(life: Life) -> None:
    ticket = life.ticket(privacy="sealed")
    life.db.commit()
    wish = petitions.ask(
        life.db, life.city, ticket, "unseal", life.people["du2"], life.now, {"reason": "举报人书面同意公开"}
    )
    with pytest.raises(NotAllowed):
        petitions.decide(life.db, life.city, wish.id, True, life.people["du2"], life.now, "同意")
    petitions.decide(life.db, life.city, wish.id, True, life.people["tou"], life.now, "同意")
    assert ticket.privacy == "masked"
