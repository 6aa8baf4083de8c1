"""What leaves by these doors: personal data at the level of the subscription, and of sealed tickets only what was written for others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hotline.city.partners.subscription import Telling
from hotline.city.schema import City
from tests.support.cities.partners import Street

WORDS = "我叫王小明，住文峰大道 12 号 3 单元，电话 13800004444，路灯不亮。"
MATTER = {
    "incidentNo": "J-1",
    "content": WORDS,
    "callerTel": "13800004444",
    "callerName": "王小明",
    "place": "文峰大道 12 号 3 单元",
}
FIELDS = {
    "no": "number",
    "text": "text",
    "tel": "phone",
    "name": "name",
    "place": "place",
    "title": "title",
    "reason": "reason",
}
SECRETS = ("王小明", "13800004444", "3 单元")


def with_row(city: City, name: str, **changed: Any) -> City:
    rows = tuple(replace(one, **changed) if one.name == name else one for one in city.subscriptions)
    return replace(city, subscriptions=rows)


def read_by(
    street: Street, personal: str, sealed: str = "never", confidential: bool = False, number: str = "J-1"
) -> list[dict[str, Any]]:
    """What the platform reads of a matter until it is dispatched."""
    tellings = {"t": Telling("t", frozenset({"submit", "dispatch"}), FIELDS)}
    city = with_row(street.installation.city, "110", personal=personal, sealed=sealed, tellings=tellings)
    street.installation.city = street.life.city = city
    before = len(street.doubles["110"].ledger)
    said = street.tell("110", {**MATTER, "incidentNo": number, "confidential": confidential})
    assert said.status_code == 201, said.get_json()
    street.work()
    street.lives(street.ticket(said.get_json()["ticket_number"]), ("du", "dispatch"))
    return [entry.content for entry in street.doubles["110"].ledger[before:]]


def test_names_numbers_and_homes_leave_at_the_level_of_the_subscription(street: Street) -> None:
    street.connect("110")
    full, starred, none = (read_by(street, level, number=level) for level in ("full", "starred", "none"))
    assert len(full) == len(starred) == len(none) == 2
    assert all(secret in str(full[0]) for secret in SECRETS)
    for told in (*starred, *none):
        assert not [secret for secret in SECRETS if secret in str(told)], told
    assert starred[0]["tel"].startswith("138") and "*" in starred[0]["tel"]
    assert [none[0][field] for field in ("tel", "name", "place")] == ["", "", ""]
    assert "路灯" in none[0]["text"]


def test_a_sealed_ticket_leaves_by_no_door_unless_the_subscription_says_so(street: Street) -> None:
    street.connect("110")
    assert read_by(street, "full", "never", confidential=True, number="never") == []
    told = read_by(street, "full", "unit_words", confidential=True, number="written")
    assert len(told) == 1, "only once somebody has written a version for others"
    assert told[0]["text"] == "一处路灯不亮，请核查。"
    assert not [secret for secret in SECRETS if secret in str(told)]


def test_a_ticket_that_is_sealed_while_it_waits_does_not_leave(street: Street) -> None:
    from datetime import timedelta

    street.connect("110")
    street.doubles["110"].down_until = street.now() + timedelta(minutes=3)
    number = street.tell("110", MATTER).get_json()["ticket_number"]
    street.work()
    street.life.do(street.ticket(number), "du", "correct", privacy="sealed")
    street.life.db.commit()
    street.pass_time(10)
    assert street.doubles["110"].ledger == []
    assert [row.state for row in street.deliveries("110")] == ["withheld"]
