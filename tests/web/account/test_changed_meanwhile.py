"""A password takes long to check: what was changed in that time is not undone by whoever knew the old one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from hotline.staff.sign_in.passwords import hasher, is_right
from hotline.web.account import views
from models import Audit, LoginSession, Staff
from tests.support.life import Life

OLD, MINE, THEIRS = "kettle-on-a-roof-97", "lamp-under-a-stair-31", "goat-behind-a-shed-58"


@pytest.fixture
def meanwhile(life: Life, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Staff], None]], None]:
    """What happens to the dispatcher's account right after the old password was found right."""
    life.staff["du"].password_hash = hasher.hash(OLD)
    life.db.commit()

    def arrange(happens: Callable[[Staff], None]) -> None:
        def checked(hashed: str, password: str) -> bool:
            right = is_right(hashed, password)
            life.db.rollback()
            happens(life.db.get_one(Staff, life.staff["du"].id, populate_existing=True))
            life.db.commit()
            return right

        monkeypatch.setattr(views, "is_right", checked)

    return arrange


def change(staff: Staff) -> None:
    staff.password_hash = hasher.hash(MINE)


def leave(staff: Staff) -> None:
    staff.active = False


def test_who_knows_the_old_password_does_not_change_it_over_a_new_one(
    app: Flask, life: Life, meanwhile: Callable[[Callable[[Staff], None]], None]
) -> None:
    """V20, VH13."""
    client = app.test_client()
    assert client.post("/login", data={"login": "du", "password": OLD}).status_code == 302
    meanwhile(change)
    answer = client.post("/account/password", data={"old": OLD, "new": THEIRS, "again": THEIRS})
    life.db.rollback()
    life.db.expire_all()
    assert answer.status_code == 400
    assert is_right(life.db.get_one(Staff, life.staff["du"].id).password_hash, MINE)
    assert life.db.scalars(select(Audit).where(Audit.action == "password_changed")).all() == []


@pytest.mark.parametrize("happens", [change, leave])
def test_an_old_password_opens_no_session_after_it_was_changed_or_its_owner_left(
    app: Flask, life: Life, meanwhile: Callable[[Callable[[Staff], None]], None], happens: Callable[[Staff], None]
) -> None:
    """VH3: all sessions had just been ended; this one would have lived on."""
    meanwhile(happens)
    client = app.test_client()
    assert client.post("/login", data={"login": "du", "password": OLD}).status_code == 401
    life.db.rollback()
    assert life.db.scalars(select(LoginSession)).all() == []
    assert client.get("/dispatch/").status_code == 302
