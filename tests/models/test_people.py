"""The five people of every test."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.support.make import PASSWORD, cheap_hash, make_people


def test_the_five_people_can_be_made_on_both_engines(db: Session) -> None:
    people = make_people(db)
    db.commit()
    assert [person.name for person in (people.an, people.du, people.he, people.ren, people.chang)] == list("安杜何任常")
    assert people.he.unit_code != people.chang.unit_code


def test_their_password_opens_the_door() -> None:
    from argon2 import PasswordHasher

    assert PasswordHasher().verify(cheap_hash(), PASSWORD)
