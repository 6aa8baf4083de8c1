"""Two accounts of one person are one person: whoever reads both telephones decides nothing that either of them asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from hotline.errors import NotAllowed
from hotline.staff import changes, city_changes, composed_roles
from hotline.staff.composed_roles import Composition
from hotline.tickets import petitions
from hotline.tickets.second_person import is_another
from hotline.web.core.sessions import actor_of
from models import NuisanceMark, Staff, StaffChange
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]
MINE = "13837261198"


@pytest.fixture
def bosses(life: Life) -> tuple[Staff, Staff]:
    """An administrator, and the second account that they were given once; written as people write numbers."""
    first, second = (make_staff(life.db, login, login, "administrator") for login in ("guan", "guan2"))
    first.phone, second.phone = MINE, "+86 138-3726 1198"
    life.db.commit()
    return first, second


def settle(life: Life) -> None:
    life.db.expunge_all()
    life.db.rollback()


def test_who_is_another(life: Life, bosses: tuple[Staff, Staff]) -> None:
    first, second = bosses
    desk, same_desk = (make_staff(life.db, login, login, "head") for login in ("a", "b"))
    desk.phone, same_desk.phone = "03722525252", "0372-2525252"
    life.db.flush()
    actors = {one.login: actor_of(one, life.city) for one in (first, second, desk, same_desk)}
    assert not is_another(life.db, actors["guan"], first.id) and not is_another(
        life.db, actors["guan2"], first.id, None
    )
    assert is_another(life.db, actors["a"], first.id, second.id), "somebody else"
    assert is_another(life.db, actors["a"], same_desk.id), "a telephone that many share is nobody's"


def test_a_second_account_grants_no_power_and_composes_none(
    life: Life, browse: Browse, bosses: tuple[Staff, Staff]
) -> None:
    """V8: the second person of every grant was the first one once more."""
    first, second = bosses
    an, client = life.staff["an"], browse(first)
    form = {"name": an.name, "unit_code": "hotline", "language": "zh", "roles": ["agent", "head"], "active": "1"}
    assert client.post(f"/admin/staff/{an.id}", data=form).status_code == 303
    wish = life.db.scalars(select(StaffChange.id)).one()
    settle(life)
    other = browse(second)
    assert f"/admin/staff/changes/{wish}" not in other.get("/admin/staff").text, "no button that is refused"
    assert other.post(f"/admin/staff/changes/{wish}", data={"answer": "agree"}).status_code == 403
    assert browse(life.staff["tou"]).post(f"/admin/staff/changes/{wish}", data={"answer": "agree"}).status_code == 303


def test_nor_changes_what_the_city_s_files_say(life: Life, bosses: tuple[Staff, Staff]) -> None:
    first, second = (actor_of(one, life.city) for one in bosses)
    known = {"head": {"do:export"}}
    role = Composition("deputy_head", "副主任岗", "Deputy", ("head",), ("do:export",))
    composed = composed_roles.compose(life.db, role, known, first, life.now, None)
    files = StaffChange(
        kind=city_changes.KIND, data={"what": "number:auto_dispatch_on"}, state="asked", asked_by_id=first.id,
        asked_by_name="guan", asked_at=life.now,
    )  # fmt: skip
    life.db.add(files)
    life.db.flush()
    assert composed is not None
    with pytest.raises(NotAllowed):
        composed_roles.decide(life.db, composed.id, True, known, second, life.now, None)
    with pytest.raises(NotAllowed):
        city_changes.decide(life.db, life.city, None, files.id, True, second, life.now)  # type: ignore[arg-type]
    life.db.execute(update(Staff).where(Staff.login == "guan2").values(phone="13900001111"))
    composed_roles.decide(life.db, composed.id, True, known, second, life.now, None)
    assert [one.code for one in composed_roles.every(life.db)] == ["deputy_head"]
    assert not changes.may_decide(life.db, files, life.people["an"])


def test_nor_opens_a_sealed_ticket(life: Life) -> None:
    asks, decides = life.staff["du2"], life.staff["tou"]
    asks.phone = decides.phone = MINE
    life.db.flush()
    ticket = life.ticket(privacy="sealed")
    petition = petitions.ask(
        life.db, life.city, ticket, "unseal", life.people["du2"], life.now, {"reason": "举报人书面同意公开"}
    )
    head = life.people["tou"]
    assert not petitions.may_decide(life.db, life.city, petition, ticket, head)
    with pytest.raises(NotAllowed):
        petitions.decide(life.db, life.city, petition.id, True, head, life.now, "同意")
    decides.phone = "13900001111"
    life.db.flush()
    petitions.decide(life.db, life.city, petition.id, True, head, life.now, "同意")
    assert ticket.privacy != "sealed"


def test_nor_marks_a_number(life: Life, browse: Browse) -> None:
    first, second = (make_staff(life.db, login, login, "supervisor") for login in ("du8", "du9"))
    first.phone = second.phone = MINE
    life.db.flush()
    mark = NuisanceMark(
        phone="13999990001", reason=next(iter(life.city.nuisance.reasons)), words="x", proofs=[], state="proposed", proposed_by_id=first.id,
        proposed_by_name="du8", proposed_at=life.now,
    )  # fmt: skip
    life.db.add(mark)
    life.db.commit()
    number = mark.id
    settle(life)
    page = browse(second).get(f"/nuisance/{number}")
    assert page.status_code == 200
    assert browse(second).post(f"/nuisance/{number}/stand").status_code == 403
    life.db.execute(update(Staff).where(Staff.login == "du9").values(phone="13900001111"))
    life.db.commit()
    assert browse(second).post(f"/nuisance/{number}/stand").status_code == 303
