"""The administrator lands on administration, and changes texts, telephones and limits with a second person's yes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from hotline.city.following import CityFiles, follow
from hotline.city.loader import load_city, present
from hotline.city.sync import sync
from hotline.installation import Installation
from hotline.settings import Settings
from hotline.tickets.roles import Actor, Role
from hotline.web.core.navigation import home_of
from models import Audit, StaffChange
from tests.support.life import Life
from tests.support.make import make_staff
from tests.support.repository import ROOT

Browse = Callable[[Any], FlaskClient]
CHANGES = [
    ("text:merged:zh", "安阳12345：您的诉求{number}与{master}一并办理。", lambda city: city.texts["merged"].zh),
    ("phone:chengguan", "0372-2960001", lambda city: city.units["chengguan"].phone),
    ("limit:henan:sign:urgent", "20min", lambda city: str(city.limits.span("sign", "help", "urgent", 1, None))),
    ("number:max_extensions", "2", lambda city: str(city.policy.max_extensions)),
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A city's own folder, as an installation has one."""
    folder = tmp_path / "city"
    folder.mkdir()
    own = ROOT / "hotline" / "city" / "anyang"
    for name in present(own):
        shutil.copyfile(own / name, folder / name)
    return Settings(
        secret_key="k" * 40, twilio_auth_token="t" * 40, var=tmp_path / "var", testing=True, city_dir=folder
    )


@pytest.fixture
def two(life: Life, browse: Browse) -> tuple[FlaskClient, FlaskClient]:
    """An administrator, and another one."""
    people = [make_staff(life.db, login, login, "administrator") for login in ("guan", "guan2")]
    life.db.commit()
    return browse(people[0]), browse(people[1])


def asked(client: FlaskClient, what: str, value: str, why: str = "单位来函") -> int:
    return client.post("/admin/city/change", data={"what": what, "value": value, "why": why}).status_code


def waiting(life: Life) -> StaffChange:
    change = life.db.scalars(select(StaffChange).where(StaffChange.kind == "city", StaffChange.state == "asked")).one()
    life.db.expunge(change)
    life.db.rollback()
    return change


@pytest.mark.parametrize(("what", "value", "read"), CHANGES, ids=[what for what, *_rest in CHANGES])
def test_a_change_is_in_force_and_in_the_files_when_a_second_person_agrees(
    installation: Installation, life: Life, two: tuple[FlaskClient, FlaskClient], what: str, value: str, read: Any
) -> None:
    """Found at the desks: U20."""
    one, other = two
    folder = installation.settings.city_dir
    assert asked(one, what, value) == 303
    assert read(load_city(folder)) != value, "nothing is written before somebody agrees"
    change = waiting(life)
    assert value in change.data["diff"] and value in other.get("/admin/city").get_data(as_text=True)
    address = f"/admin/city/changes/{change.id}"
    assert one.post(address, data={"answer": "agree"}).status_code == 403, "never one's own"
    assert other.post(address, data={"answer": "agree"}).status_code == 303
    assert read(installation.city) == read(load_city(folder)) == value
    assert list((installation.settings.var / "city_history").glob(f"*/{change.data['file']}")), "the old file is kept"
    life.db.rollback()
    actions = life.db.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert actions[-2:] == ["city_change_asked", "city_change_granted"]


def test_a_refused_change_changes_nothing(
    installation: Installation, life: Life, two: tuple[FlaskClient, FlaskClient]
) -> None:
    before = installation.city.release
    asked(two[0], "number:max_extensions", "2")
    address = f"/admin/city/changes/{waiting(life).id}"
    two[1].post(address, data={"answer": "refuse"})
    late = two[1].post(address, data={"answer": "agree"})
    assert late.status_code == 409 and "这一项已经变动" in late.text and "没有丢" not in late.text
    assert installation.city.release == before == load_city(installation.settings.city_dir).release


@pytest.mark.parametrize(
    ("what", "value", "why", "status"),
    [
        ("text:merged:zh", "少了编号", "改一改", 400),
        ("limit:henan:sign:urgent", "soon", "改一改", 400),
        ("phone:chengguan", "没有电话", "改一改", 400),
        ("number:max_extensions", "2", " ", 400),
        ("text:nobody:zh", "您好", "改一改", 404),
        ("limit:henan:clocks:nobody", "3d", "改一改", 404),
        ("rule:r1", "x", "改一改", 404),
    ],
)
def test_what_the_files_may_not_say_is_refused_with_the_words_kept(
    life: Life, two: tuple[FlaskClient, FlaskClient], what: str, value: str, why: str, status: int
) -> None:
    answer = two[0].post("/admin/city/change", data={"what": what, "value": value, "why": why})
    assert answer.status_code == status
    if status == 400:
        assert value in answer.get_data(as_text=True)
    assert life.db.scalars(select(StaffChange)).all() == []


@pytest.mark.parametrize("login", ["an", "he", "du2", "tou"])
def test_nobody_but_an_administrator_asks(browse: Browse, life: Life, login: str) -> None:
    life.db.commit()
    client = browse(life.staff[login])
    assert asked(client, "number:max_extensions", "2") == 403
    assert client.get("/admin/city").status_code == (200 if login == "tou" else 403)


def test_the_head_of_the_hotline_may_agree(
    browse: Browse, installation: Installation, life: Life, two: tuple[FlaskClient, FlaskClient]
) -> None:
    asked(two[0], "number:max_extensions", "2")
    head = browse(life.staff["tou"])
    assert head.post(f"/admin/city/changes/{waiting(life).id}", data={"answer": "agree"}).status_code == 303
    assert installation.city.policy.max_extensions == 2


def test_another_process_follows_what_was_agreed(
    installation: Installation, life: Life, two: tuple[FlaskClient, FlaskClient]
) -> None:
    other = replace(installation, city_files=CityFiles(installation.settings.city_dir))
    other.city_files.looked = 0
    asked(two[0], "number:max_extensions", "2")
    two[1].post(f"/admin/city/changes/{waiting(life).id}", data={"answer": "agree"})
    follow(other)
    assert other.city.policy.max_extensions == 2


def test_files_changed_by_hand_wait_for_city_load(installation: Installation, life: Life) -> None:
    files = installation.city_files
    path = installation.settings.city_dir / "city.yaml"
    path.write_text(path.read_text().replace("max_extensions: 3", "max_extensions: 1"))
    files.looked = 0
    follow(installation)
    assert installation.city.policy.max_extensions == 3
    sync(life.db, load_city(files.folder), life.now)
    life.db.commit()
    files.looked = 0
    follow(installation)
    assert installation.city.policy.max_extensions == 1


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ({Role.ADMINISTRATOR}, "admin.show"),
        ({Role.QUALITY}, "quality.show"),
        ({Role.KNOWLEDGE}, "knowledge.show"),
        ({Role.AGENT}, "desk.show"),
        ({Role.ADMINISTRATOR, Role.DISPATCHER}, "dispatch.show"),
        ({Role.HEAD}, "supervision.show"),
        ({Role.MEDIA}, "supervision.show"),
    ],
)
def test_everybody_lands_on_their_own_work(roles: set[Role], home: str) -> None:
    """Found at the desks: U19."""
    assert home_of(Actor("staff", 1, "安", frozenset(roles))) == home


def test_whoever_asked_takes_it_back_and_nobody_elses_wish_is_replaced_in_silence(
    life: Life, two: tuple[FlaskClient, FlaskClient]
) -> None:
    """A wish with a slip of the pen could only wait for its refusal; a second one about the same value swallowed it."""
    one, other = two
    asked(one, "number:max_extensions", "2")
    refused = other.post("/admin/city/change", data={"what": "number:max_extensions", "value": "4", "why": "再想想"})
    assert refused.status_code == 400 and "guan 已申请改成“2”" in refused.text and "再想想" in refused.text
    address = f"/admin/changes/{waiting(life).id}/withdraw"
    assert address in one.get("/admin/city").text and address not in other.get("/admin/city").text
    assert other.post(address).status_code == 403
    assert one.post(address).status_code == 303
    twice = one.post(address)
    assert twice.status_code == 409 and "工单" not in twice.text.split("error-page")[1].split("</section>")[0]
    life.db.rollback()
    assert life.db.scalars(select(Audit.action).order_by(Audit.id.desc()).limit(1)).one() == "change_withdrawn"
    life.db.rollback()
    assert asked(other, "number:max_extensions", "4") == 303
