"""Power changes hands between two people, passwords go to their owners, and everybody concerned is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.errors import NotAllowed, Refusal
from hotline.installation import Installation
from hotline.tickets import petitions
from hotline.tickets.act import act
from models import Message, NuisanceMark, Staff, StaffChange
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]


def settle(life: Life) -> None:
    """Let go of the database; what was read stays as it was read."""
    life.db.expunge_all()
    life.db.rollback()


POWERS = ("administrator", "auditor", "dispatcher", "reviewer", "supervisor", "head")


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
    alone = power in ("administrator", "auditor")
    kept = set() if alone else {"agent"}
    assert save(client, an, *kept, power) == 303
    assert roles_of(life, an) == kept
    change = life.db.scalars(select(StaffChange.id).where(StaffChange.state == "asked")).one()
    settle(life)
    assert client.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 403
    head = browse(life.staff["tou"])
    assert "授予" in head.get("/admin/staff").text
    assert head.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 303
    assert roles_of(life, an) == {*kept, power}
    assert head.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 409
    assert told(life, "roles_changed") == {(an.id, None)}
    assert told(life, "roles_changed_of") == {(None, "head"), (None, "discipline")}


def test_a_refused_wish_gives_nothing_and_whom_it_is_about_decides_nothing(
    life: Life, browse: Browse, boss: Staff
) -> None:
    tou = life.staff["tou"]
    save(browse(boss), tou, "head", "supervisor")
    change = life.db.scalars(select(StaffChange.id)).one()
    settle(life)
    assert browse(tou).post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 403
    other = make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    browse(other).post(f"/admin/staff/changes/{change}", data={"answer": "refuse"})
    assert roles_of(life, tou) == {"head"}


def test_whoever_was_dismissed_comes_back_without_power(life: Life, browse: Browse, boss: Staff) -> None:
    """V8: with the roles left on a dismissed account one administrator alone made somebody powerful."""
    tou, client = life.staff["tou"], browse(boss)
    form = {"name": tou.name, "unit_code": "hotline", "language": "zh", "roles": ["head", "agent"]}
    tou.roles, tou.active = ["head", "agent"], False
    life.db.commit()
    assert client.post(f"/admin/staff/{tou.id}", data={**form, "active": "1"}).status_code == 303
    assert roles_of(life, tou) == {"agent"}
    change = life.db.scalars(select(StaffChange).where(StaffChange.state == "asked")).one()
    assert (change.staff_id, change.data) == (tou.id, {"roles": ["head"]})
    change_id = change.id
    settle(life)
    other = make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    assert browse(other).post(f"/admin/staff/changes/{change_id}", data={"answer": "agree"}).status_code == 303
    assert roles_of(life, tou) == {"agent", "head"}


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
    life.db.get_one(Staff, tou.id).phone = "13900003333"
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


@pytest.mark.parametrize("power", ["administrator", "auditor"])
@pytest.mark.parametrize("other", ["agent", "dispatcher", "head", "handler", "quality", "discipline"])
def test_who_makes_accounts_and_who_reads_the_book_work_on_no_matters(
    life: Life, browse: Browse, boss: Staff, power: str, other: str
) -> None:
    """V8: the three powers are three people."""
    assert save(browse(boss), life.staff["an"], other, power, unit="chengguan") == 400
    assert save(browse(boss), life.staff["an"], "administrator", "auditor") == 400
    assert roles_of(life, life.staff["an"]) == {"agent"}


def test_the_auditor_reads_the_book_and_the_administrator_does_not(life: Life, browse: Browse, boss: Staff) -> None:
    """V8."""
    auditor = make_staff(life.db, "shen", "沈", "auditor")
    life.db.commit()
    reading, ruling = browse(auditor), browse(boss)
    for path in ("/admin/audit", "/admin/staff", f"/admin/staff/{boss.id}", "/admin/roles", "/admin/sessions"):
        assert reading.get(path).status_code == 200, path
    for path in ("/admin/", "/admin/tokens", "/admin/inbound", "/search/", "/desk", "/dispatch/"):
        assert reading.get(path).status_code == 403, path
    assert reading.post("/admin/audit/verify").status_code == 200
    assert reading.post(f"/admin/staff/{boss.id}/password").status_code == 403
    assert reading.get("/").location.endswith("/admin/audit")
    assert ruling.get("/admin/audit").status_code == 403 and ruling.post("/admin/audit/verify").status_code == 403
    assert "/admin/audit" not in ruling.get("/admin/staff").text


def test_a_password_goes_to_a_telephone_or_nowhere(life: Life, browse: Browse, boss: Staff) -> None:
    """V8: without the person's own telephone there is no reset, and never a password on a screen."""
    an = life.staff["an"]
    answer = browse(boss).post(f"/admin/staff/{an.id}/password")
    assert answer.status_code == 400 and "没有能收短信的电话" in answer.text


def test_who_changes_a_telephone_does_not_alone_send_a_password_there(life: Life, browse: Browse, boss: Staff) -> None:
    """V8: the way round by the telephone."""
    an, client = life.staff["an"], browse(boss)
    before = an.password_hash
    form = {
        "name": "an",
        "unit_code": "hotline",
        "language": "zh",
        "roles": ["agent"],
        "active": "1",
        "phone": "13900009999",
    }
    assert client.post(f"/admin/staff/{an.id}", data=form).status_code == 303
    assert told(life, "phone_changed") == {(an.id, None)}
    settle(life)
    assert client.post(f"/admin/staff/{an.id}/password").status_code == 303
    settle(life)
    assert life.db.scalars(select(Staff.password_hash).where(Staff.id == an.id)).one() == before
    assert life.db.scalars(select(StaffChange.kind).where(StaffChange.state == "asked")).all() == ["password"]


def test_a_password_agreed_upon_goes_nowhere_else_than_where_it_was_to_go(
    life: Life, browse: Browse, boss: Staff
) -> None:
    """V8: between the question and the answer the administrator put another number into the row of the powerful."""
    tou, client = life.staff["tou"], browse(boss)
    tou.phone, before = "13900003333", tou.password_hash
    other = make_staff(life.db, "guan2", "管二", "administrator")
    life.db.commit()
    form = {"name": "tou", "unit_code": "hotline", "language": "zh", "roles": ["head"], "active": "1"}
    wishes, decider = select(StaffChange.id).where(StaffChange.state == "asked"), browse(other)
    assert client.post(f"/admin/staff/{tou.id}/password").status_code == 303
    assert "139****3333" in decider.get("/admin/staff").text
    life.clock.forward(minutes=1)
    assert client.post(f"/admin/staff/{tou.id}", data={**form, "phone": "13900009999"}).status_code == 303
    settle(life)
    change = life.db.scalars(wishes).one()
    settle(life)
    assert decider.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 409
    settle(life)
    assert life.db.scalars(select(Staff.password_hash).where(Staff.id == tou.id)).one() == before
    settle(life)
    assert client.post(f"/admin/staff/{tou.id}/password").status_code == 303
    assert "管03-04才改的号码" in decider.get("/admin/staff").text


def test_a_newcomers_first_password_is_texted_where_it_can_be(life: Life, browse: Browse, boss: Staff) -> None:
    form = {
        "login": "xin",
        "name": "新人",
        "roles": ["agent"],
        "unit_code": "hotline",
        "language": "zh",
        "phone": "13900004444",
    }
    page = browse(boss).post("/admin/staff/new", data=form).text
    settle(life)
    text = life.db.scalars(select(Message).where(Message.template_key == "staff_password")).one()
    assert text.phone == "13900004444" and text.params["password"] not in page


def test_a_large_export_waits_for_a_second_person_and_is_taken_once(
    life: Life, browse: Browse, installation: Installation, boss: Staff
) -> None:
    """V8, VT6."""
    auditor = make_staff(life.db, "shen", "沈", "auditor")
    for n in range(3):
        life.ticket(phone=f"1380000{n:04d}")
    life.db.commit()
    installation.settings = replace(installation.settings, export_alone=2)
    desk, form = browse(life.staff["du"]), {"q": "路灯", "format": "csv", "reason": "月度分析"}
    assert desk.post("/search/export", data=form).status_code == 303
    change = life.db.scalars(select(StaffChange.id).where(StaffChange.kind == "export")).one()
    settle(life)
    for nobody in (desk, browse(boss)):
        assert nobody.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 403
    second = browse(auditor)
    assert "导出约" in second.get("/admin/staff").text
    assert second.post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 303
    assert desk.post("/search/export", data={**form, "q": "东工路"}).status_code == 303, (
        "another list was not agreed to"
    )
    taken = desk.post("/search/export", data=form)
    assert taken.status_code == 200 and taken.mimetype == "text/csv"
    assert desk.post("/search/export", data=form).status_code == 303
    installation.settings = replace(installation.settings, export_alone=3)
    assert desk.post("/search/export", data=form).status_code == 200


def test_a_long_list_in_short_pieces_waits_for_a_second_person_too(
    life: Life, browse: Browse, installation: Installation
) -> None:
    numbers = [life.ticket(phone=f"1380000{n:04d}").number for n in range(4)]
    colleague = make_staff(life.db, "yan", "严", "supervisor", unit="hotline")
    life.db.commit()
    installation.settings = replace(installation.settings, export_alone=2)
    pieces = [{"q": number, "format": kind, "reason": "月度分析"} for number in numbers for kind in ("csv", "xlsx")]
    windows = [browse(life.staff["du"]), browse(life.staff["du"])]
    codes = [windows[n % 2].post("/search/export", data=form).status_code for n, form in enumerate(pieces)]
    assert codes == [200, 200] + [303] * 6
    assert browse(colleague).post("/search/export", data=pieces[0]).status_code == 200
    life.clock.forward(hours=25)
    assert browse(life.staff["du"]).post("/search/export", data=pieces[-1]).status_code == 200


def test_numbers_for_the_police_are_a_list_like_any_other(
    life: Life, browse: Browse, installation: Installation
) -> None:
    """V8: people's telephones in clear left by one person as often as they liked."""
    for n in range(3):
        life.db.add(
            NuisanceMark(
                phone=f"1390000{n:04d}", reason="abuse", words="一直骂人", proofs=[], state="standing", proposed_at=life.now,
                proposed_by_id=life.staff["an"].id, proposed_by_name="安", until_at=life.now + timedelta(days=30),
            )
        )  # fmt: skip
    auditor, yan = (
        make_staff(life.db, "shen", "沈", "auditor"),
        make_staff(life.db, "yan", "严", "supervisor", unit="hotline"),
    )
    life.db.commit()
    installation.settings = replace(installation.settings, export_alone=5)
    du, form = browse(yan), {"why": "交给派出所核查", "then": "csv"}
    assert [du.post("/nuisance/clues", data=form).status_code for _ in range(2)] == [200, 303]
    change = life.db.scalars(select(StaffChange.id).where(StaffChange.kind == "export")).one()
    settle(life)
    assert browse(auditor).post(f"/admin/staff/changes/{change}", data={"answer": "agree"}).status_code == 303
    assert [du.post("/nuisance/clues", data=form).status_code for _ in range(2)] == [200, 303]


def test_a_second_administrators_wish_about_the_same_person_does_not_take_the_place_of_the_first(
    life: Life, browse: Browse, boss: Staff
) -> None:
    """The first wish was gone without a word: whoever had asked for a reviewer waited for an answer that could not come."""
    an, other = life.staff["an"], make_staff(life.db, "guan2", "管二", "administrator", unit="hotline")
    life.db.commit()
    first, second = browse(boss), browse(other)
    assert save(first, an, "agent", "reviewer") == 303
    form = {"name": an.name, "unit_code": "hotline", "language": "zh", "roles": ["agent", "supervisor"], "active": "1"}
    answer = second.post(f"/admin/staff/{an.id}", data=form)
    assert answer.status_code == 400 and "管 已申请" in answer.text and "审核员" in answer.text
    open_ = [one.data for one in wishes(life, "asked")]
    assert open_ == [{"roles": ["reviewer"]}], "the first stands"
    assert save(second, an, "agent") == 303, "whatever needs no second person is changed as ever"
    (wish,) = wishes(life, "asked")
    settle(life)
    assert second.post(f"/admin/staff/changes/{wish.id}", data={"answer": "agree"}).status_code == 303
    assert roles_of(life, an) == {"agent", "reviewer"}


def test_whoever_asks_anew_about_a_person_is_told_that_the_earlier_wish_is_replaced(
    life: Life, browse: Browse, boss: Staff
) -> None:
    an, client = life.staff["an"], browse(boss)
    assert save(client, an, "agent", "reviewer") == 303
    assert save(client, an, "agent", "supervisor") == 303
    assert "已由这一项代替" in client.get("/admin/staff").text
    assert [one.data["roles"] for one in wishes(life, "asked")] == [["supervisor"]]
    assert len(wishes(life, "replaced")) == 1


def wishes(life: Life, state: str) -> list[StaffChange]:
    settle(life)
    found = list(life.db.scalars(select(StaffChange).where(StaffChange.state == state)))
    settle(life)
    return found
