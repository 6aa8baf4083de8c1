"""Roles that a city composes: less than the roles they are made of, everywhere; power by two, nobody's own, none that is worn lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.errors import NotAllowed
from hotline.staff import changes
from hotline.staff.wearing import wear, worn
from hotline.tickets import petitions
from hotline.tickets.act import act, possible
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.roles import Actor, Role, actor_of
from hotline.web.admin import permissions
from hotline.web.admin.pages import CHILDREN, MENU
from hotline.web.core.navigation import DESKS, PAGES
from models import Audit, ComposedRole, Staff, StaffChange
from tests.support.life import Life
from tests.support.make import make_staff

Browse = Callable[[Any], FlaskClient]
NIGHT = ["page:dispatch", "action:dispatch", "action:note", "action:ask_more"]


@pytest.fixture
def boss(life: Life) -> Staff:
    made = make_staff(life.db, "guan", "管", "administrator", unit="hotline")
    life.db.commit()
    return made


def settle(life: Life) -> None:
    life.db.expunge_all()
    life.db.rollback()


def compose(client: FlaskClient, code: str, *base: str, may: list[str], name: str = "夜班") -> int:
    form = {"code": code, "name": name, "name_en": f"Post {code}", "base": list(base), "may": may}
    return client.post("/admin/roles/composed", data=form).status_code


def agreed(life: Life, client: FlaskClient) -> int:
    """The newest wish, agreed to by this person."""
    wish = life.db.scalars(select(StaffChange.id).order_by(StaffChange.id.desc()).limit(1)).one()
    kind = life.db.scalars(select(StaffChange.kind).where(StaffChange.id == wish)).one()
    settle(life)
    where = "roles/composed" if kind == "composed" else "staff"
    return client.post(f"/admin/{where}/changes/{wish}", data={"answer": "agree"}).status_code


def save(client: FlaskClient, one: Staff, *roles: str, unit: str = "hotline") -> int:
    form = {"name": one.name, "unit_code": unit, "language": "zh", "roles": list(roles), "active": "1"}
    return client.post(f"/admin/staff/{one.id}", data=form).status_code


def wears(life: Life, login: str) -> Staff:
    settle(life)
    found = life.db.scalars(select(Staff).where(Staff.login == login)).one()
    settle(life)
    return found


def put_on(life: Life, login: str, *base: str, may: list[str], code: str = "night") -> Actor:
    """This person in a composed role and nothing else."""
    life.db.add(ComposedRole(code=code, name="夜班", name_en="Night", base=list(base), may=may, changed_at=life.now))
    life.db.flush()
    staff = life.db.scalars(select(Staff).where(Staff.login == login)).one()
    wear(life.db, staff, [code])
    life.db.flush()
    made = actor_of(staff, life.city)
    life.db.commit()
    return made


def test_whoever_wears_a_part_may_do_that_part_and_no_more(life: Life) -> None:
    part = put_on(life, "du", "dispatcher", may=NIGHT)
    ticket = life.ticket()
    assert {move.action for move in possible(ticket, part)} == {"dispatch", "note", "ask_more"}
    whole = life.people["du"]
    assert {"decline", "merge", "answer_directly"} <= {move.action for move in possible(ticket, whole)}
    with pytest.raises(NotAllowed):
        act(life.db, life.city, ticket, "decline", part, life.now, life.answers("decline", ticket))
    act(life.db, life.city, ticket, "dispatch", part, life.now, life.answers("dispatch", ticket))
    assert ticket.state == "to_sign"
    assert may_reveal(whole, ticket) and not may_reveal(part, ticket)


def test_petitions_are_asked_and_decided_only_by_who_has_that_part(life: Life) -> None:
    ticket = life.to("handling")
    wish = petitions.ask(life.db, life.city, ticket, "extension", life.people["he"], life.now, {"reason": "等材料"})
    part = put_on(life, "du", "dispatcher", may=NIGHT)
    assert petitions.may_decide(life.db, life.city, wish, ticket, life.people["du"])
    assert not petitions.may_decide(life.db, life.city, wish, ticket, part)
    with pytest.raises(NotAllowed):
        petitions.decide(life.db, life.city, wish.id, True, part, life.now, None)
    with pytest.raises(NotAllowed):
        petitions.ask(life.db, life.city, ticket, "supervision", part, life.now, {"reason": "久拖不决"})


def test_pages_menu_and_export_follow_the_parts(app: Flask, life: Life, browse: Browse) -> None:
    put_on(life, "du", "dispatcher", "reviewer", may=[*NIGHT, "page:search"])
    client = browse(life.staff["du"])
    assert client.get("/").location == "/dispatch/"
    page = client.get("/dispatch/").text
    assert 'href="/search/"' in page and 'href="/review/"' not in page and 'href="/overview/"' not in page
    for path, status in {
        "/search/": 200,
        "/review/": 403,
        "/overview/": 403,
        "/search/export": 403,
        "/account": 200,
    }.items():
        assert client.get(path).status_code == status, path
    assert "夜班" in client.get("/account").text
    assert browse(life.staff["du2"]).get("/search/export").status_code != 403


def test_an_administrators_sections_can_be_given_apart(life: Life, browse: Browse) -> None:
    yun = make_staff(life.db, "yun", "运", "administrator")
    put_on(life, "yun", "administrator", may=["admin:jobs", "admin:imports"], code="operator")
    client = browse(yun)
    assert client.get("/admin/").status_code == client.get("/admin/jobs").status_code == 200
    for path in ("/admin/staff", "/admin/staff/1", "/admin/tokens", "/admin/roles", "/admin/sessions"):
        assert client.get(path).status_code == 403, path
    for path in (
        "/admin/staff/new",
        "/admin/staff/1/password",
        "/admin/tokens",
        "/admin/roles/composed",
        "/admin/staff/1/sessions",
    ):
        assert client.post(path).status_code == 403, path
    assert "/admin/tokens" not in client.get("/admin/").text


def test_a_role_worn_whole_is_not_lessened_by_one_worn_in_part_and_parts_add_up(life: Life) -> None:
    for code, may in (("one", ["action:dispatch"]), ("two", ["action:note"])):
        life.db.add(ComposedRole(code=code, name=code, name_en=code, base=["dispatcher"], may=may, changed_at=life.now))
    life.db.flush()
    du = life.db.get_one(Staff, life.staff["du"].id)
    wear(life.db, du, ["one", "two"])
    assert (du.roles, worn(du)) == (["dispatcher"], ["one", "two"])
    assert du.limits == {"dispatcher": ["action:dispatch", "action:note"]}
    wear(life.db, du, ["one", "dispatcher"])
    assert (du.limits, worn(du)) == ({}, ["dispatcher", "one"])
    assert changes.is_powerful(du.roles)


def test_a_composition_without_power_is_in_force_at_once_and_in_the_book(
    life: Life, browse: Browse, boss: Staff
) -> None:
    client = browse(boss)
    assert "action:record" in client.get("/admin/roles/composed/edit?base=follow_up").text
    assert compose(client, "caller", "follow_up", may=["page:followup", "action:call_attempt"]) == 303
    assert save(client, life.staff["an"], "agent", "caller") == 303
    an = wears(life, "an")
    assert (worn(an), an.roles, list(an.limits)) == (["agent", "caller"], ["agent", "follow_up"], ["follow_up"])
    assert compose(client, "caller", "follow_up", may=["page:followup", "action:record"]) == 303
    assert wears(life, "an").limits == {"follow_up": ["action:record", "page:followup"]}
    rows = life.db.scalars(select(Audit).where(Audit.action == "role_composed").order_by(Audit.id)).all()
    assert rows[1].detail["before"]["may"] == ["action:call_attempt", "page:followup"]
    settle(life)
    assert "更改组合岗位" in client.get("/admin/roles/composed").text


def test_power_is_composed_and_given_by_two_and_by_nobody_for_themselves(
    life: Life, browse: Browse, boss: Staff
) -> None:
    client, head = browse(boss), browse(life.staff["tou"])
    assert compose(client, "night", "dispatcher", may=NIGHT) == 303
    assert life.db.scalars(select(ComposedRole)).all() == []
    settle(life)
    assert agreed(life, client) == 403, "one's own wish"
    assert agreed(life, head) == 303
    assert save(client, life.staff["an"], "agent", "night") == 303
    assert worn(wears(life, "an")) == ["agent"], "a second person is asked for the sealed role too"
    assert agreed(life, head) == 303
    assert worn(wears(life, "an")) == ["agent", "night"]
    assert compose(client, "night", "dispatcher", may=[*NIGHT, "action:decline"]) == 303
    assert "action:decline" not in wears(life, "an").limits["dispatcher"]
    assert agreed(life, head) == 303
    assert "action:decline" in wears(life, "an").limits["dispatcher"]
    assert compose(client, "deputy", "administrator", may=["admin:roles", "admin:staff"], name="副手") == 303
    assert agreed(life, head) == 303
    other = make_staff(life.db, "fu", "副", "administrator")
    life.db.commit()
    assert save(client, other, "deputy") == 303 and agreed(life, head) == 303
    own = browse(other)
    assert (
        compose(own, "deputy", "administrator", may=["admin:roles", "admin:staff", "admin:tokens"], name="副手") == 403
    )
    assert save(own, other, "administrator") == 400
    assert compose(client, "deputy", "administrator", may=["admin:roles"], name="副手") == 303
    assert agreed(life, own) == 403, "whoever wears it does not decide about it"


def test_a_role_that_is_worn_or_wanted_does_not_vanish(life: Life, browse: Browse, boss: Staff) -> None:
    client = browse(boss)
    compose(client, "caller", "follow_up", may=["page:followup"])
    save(client, life.staff["an"], "caller")
    assert client.post("/admin/roles/composed/caller/remove").status_code == 400
    life.db.get_one(Staff, life.staff["an"].id).active = False
    life.db.commit()
    assert client.post("/admin/roles/composed/caller/remove").status_code == 400, "nor while its wearer is out of work"
    save(client, life.staff["an"], "agent")
    assert client.post("/admin/roles/composed/caller/remove").status_code == 303
    assert client.post("/admin/roles/composed/caller/remove").status_code == 404
    settle(life)
    assert "role_removed" in life.db.scalars(select(Audit.action)).all()


def test_what_does_not_fit_is_refused_with_a_sentence(life: Life, browse: Browse, boss: Staff) -> None:
    client = browse(boss)
    wrong: dict[str, dict[str, Any]] = {
        "a code that is a role": {"code": "agent"},
        "a code of other signs": {"code": "Night Shift"},
        "no name": {"name": " "},
        "no role": {"base": ()},
        "an unknown role": {"base": ("king",)},
        "two powers": {"base": ("administrator", "agent")},
        "no permission": {"may": []},
        "a permission of another role": {"may": ["action:dispatch"]},
        "a permission that is none": {"may": ["action:rule_the_world"]},
    }
    for what, how in wrong.items():
        said = {"code": "caller", "base": ("follow_up",), "may": ["page:followup"], "name": "回访", **how}
        assert compose(client, said["code"], *said["base"], may=said["may"], name=said["name"]) == 400, what
    assert life.db.scalars(select(ComposedRole)).all() == []
    settle(life)
    compose(client, "caller", "follow_up", may=["page:followup"])
    save(client, life.staff["an"], "agent", "caller", unit="")
    assert compose(client, "caller", "follow_up", "handler", may=["page:followup", "page:unit"]) == 400, "no unit"
    assert save(client, life.staff["hui"], "nobody_composed_this") == 400


def test_who_was_not_given_export_takes_no_file_away_by_any_page(life: Life, browse: Browse) -> None:
    pages = ["page:monitoring", "page:back", "page:search"]
    put_on(life, "du", "supervisor", may=pages)
    du = browse(life.staff["du"])
    for address in ("/monitoring/export", "/back/export", "/search/export", "/nuisance/clues"):
        assert du.post(address, data={"why": "交给派出所核查", "reason": "月度分析"}).status_code == 403, address
    assert [du.get(one).status_code for one in ("/monitoring/", "/back/")] == [200, 200]
    assert "/back/export" not in du.get("/back/").text and "/monitoring/export" not in du.get("/monitoring/").text


def test_every_address_of_the_administration_belongs_to_a_section(app: Flask) -> None:
    own = {
        rule.endpoint.removeprefix("admin.") for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")
    }
    sections = {name for name, _label in MENU}
    assert len(own) > 40
    assert {name for name in own if CHILDREN.get(name, name) not in sections} == set()


def test_every_desk_section_action_and_petition_is_somebodys_permission(app: Flask) -> None:
    """Nothing that a person does is left out: what a part does not name, its wearer could never be given."""
    from hotline.tickets.lifecycle import MOVES

    with app.test_request_context():
        every = {code for of_one in permissions.of_every_role().values() for code in of_one}
    assert {f"page:{name}" for name in PAGES} <= every and len(DESKS) > 10
    by_people = {
        move.action for move in MOVES if any(who.__name__ not in ("clock", "system", "citizen") for who in move.roles)
    }
    assert {f"action:{name}" for name in by_people} <= every
    assert {f"ask:{name}" for name in petitions.PETITIONS} | {f"decide:{name}" for name in petitions.PETITIONS} <= every
    assert {"admin:staff", "admin:tokens", "admin:audit_log", "do:reveal", "do:export"} <= every
    assert set(Role) >= {Role.AGENT}


@pytest.mark.parametrize(
    "name",
    [
        "系统",
        " 市 民 ",
        "ＳＹＳＴＥＭ",
        "夜\u202e班",
        "夜\u200b班",
        "系统管理员",
        "系統管理員",
        "head of the HOTLINE",
        "supervisor",
        "早班",
    ],
)
def test_a_composed_role_is_called_like_nobody_else(life: Life, boss: Staff, browse: Browse, name: str) -> None:
    """Whoever decides about it reads its name."""
    admin = browse(boss)
    assert compose(admin, "zao", "dispatcher", may=NIGHT, name="早班") == 303
    assert agreed(life, browse(life.staff["tou"])) == 303
    settle(life)
    assert compose(browse(boss), "night", "agent", may=["action:note"], name=name) == 400
