"""A partner that is down, slow, confused or against it: nothing is lost, nothing overtakes, and a person decides what is dead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.wrappers import Response

from hotline.partners import deliver
from hotline.partners.publish import publish
from models import Delivery, Job
from tests.support.cities.partners import Street
from webhooks.partners import push
from webhooks.partners.push import Address, Expected

MATTER = {"workOrderNo": "SJ-1", "content": "文峰大道路灯坏了三天。"}


def handed_in(street: Street, number: str) -> str:
    said = street.tell("province", {**MATTER, "workOrderNo": number})
    street.work()
    return str(said.get_json()["ticket_number"])


def test_a_partner_that_is_down_for_an_hour_loses_nothing_and_is_not_knocked_at_in_vain(street: Street) -> None:
    street.connect("province")
    double = street.doubles["province"]
    double.down_until = street.now() + timedelta(hours=1)
    numbers = [handed_in(street, f"SJ-{n}") for n in range(6)]
    for number in numbers[:3]:
        street.lives(street.ticket(number), ("du", "dispatch"), ("he", "sign"), ("he", "reply"), ("ren", "pass"))
    assert double.ledger == []
    street.pass_time(70)
    knocks = double.posts - len(double.ledger)
    assert knocks < 120, f"{knocks} posts in vain in an hour"
    wanted = [("ACCEPT", n) for n in numbers] + [(kind, n) for n in numbers[:3] for kind in ("TRANSFER", "RESULT")]
    told = [
        (row.kind, entry.content["cityOrderNo"])
        for entry in double.ledger
        for row in street.deliveries("province")
        if row.key == entry.name
    ]
    assert sorted(told) == sorted(wanted), "every telling once"
    for number in numbers[:3]:
        assert [kind for kind, of in told if of == number] == ["ACCEPT", "TRANSFER", "RESULT"], (
            "in the order it happened"
        )
    assert {row.state for row in street.deliveries("province")} == {"accepted"}


def test_every_kind_of_trouble_ends_with_one_entry(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push.post, "__defaults__", (0.5, push.resolve))
    street.connect("province")
    double = street.doubles["province"]
    for n, trouble in enumerate((429, 500, "garbage", "slow", "lost", 401)):
        double.trouble = [trouble]
        handed_in(street, f"SJ-{n}")
        (waiting,) = [row for row in street.deliveries("province") if row.state == "waiting"]
        assert waiting.error, trouble
        street.pass_time(3)
        assert [row.state for row in street.deliveries("province")] == ["accepted"] * (n + 1), trouble
    assert double.told("workOrderNo") == [f"SJ-{n}" for n in range(6)], (
        "what was taken before the answer was lost is not taken twice"
    )
    assert double.forged == 0


@pytest.mark.parametrize(
    ("status", "head", "body", "result", "trouble"),
    [
        (200, "", '{"code": "0", "msg": "接收成功"}'.encode("gbk"), push.ACCEPTED, ""),
        (200, "", b'\xef\xbb\xbf{"code": 0}', push.ACCEPTED, ""),
        (200, "", b'{"code": 500, "msg": "busy"}', push.LATER, "code=500"),
        (200, "", b"\x00\xff<html>", push.LATER, "code=–"),
        (200, "", b'{"code": "0", "pad": "' + b"x" * 10_000_000 + b'"}', push.LATER, "too long to be read"),
        (200, "", b'{"code":' * 9000, push.LATER, "code=–"),
        (302, "http://169.254.169.254/latest", b"", push.LATER, "HTTP 302 → http://169.254.169.254/latest"),
        (308, "https://new.example.gov.cn/in", b"", push.LATER, "HTTP 308 → https://new.example.gov.cn/in"),
    ],
)
def test_what_an_answer_says_is_read_in_whatever_writing_and_told_to_the_operator(
    street: Street, status: int, head: str, body: bytes, result: str, trouble: str
) -> None:
    asked: list[str] = []

    def listen(environ: Any, start_response: Any) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        return list(Response(body, status, {"Location": head} if head else {})(environ, start_response))

    address = Address(street.serve(listen) + "/in", private=True)
    answer = push.post(address, "a-key-of-sixteen-signs", "p:e1", {"id": "1"}, street.now(), Expected({"code": ("0",)}))
    assert (answer.result, trouble in answer.trouble, asked) == (result, True, ["/in"])


def test_the_partner_says_how_long_to_wait(street: Street) -> None:
    street.connect("province")
    street.doubles["province"].trouble = [429]
    handed_in(street, "SJ-1")
    (row,) = street.deliveries("province")
    assert row.due_at == street.now() + timedelta(seconds=45)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("45", 45),
        ("Wed, 04 Mar 2026 02:10:00 GMT", 600),
        ("Wed, 04 Mar 2026 01:00:00 GMT", 0),
        ("99999999999", 86400),
        ("soon", 0),
        ("", 0),
    ],
)
def test_a_wait_is_read_as_seconds_or_as_a_moment(told: str, seconds: int) -> None:
    assert push._asked_to_wait(told, datetime(2026, 3, 4, 2, tzinfo=UTC)) == seconds


def test_a_partner_that_is_asked_too_much_is_left_alone_with_everything(street: Street) -> None:
    street.connect("province")
    double = street.doubles["province"]
    double.trouble = [429]
    handed_in(street, "SJ-1")
    handed_in(street, "SJ-2")
    street.work()
    assert double.posts == 1, "the second was not even tried"
    street.pass_time(2)
    assert sorted(double.told("workOrderNo")) == ["SJ-1", "SJ-2"]


def test_a_no_inside_a_good_answer_is_a_no_where_the_citys_file_knows_it(street: Street) -> None:
    street.connect("province")
    city, double = street.installation.city, street.doubles["province"]
    known = replace(city.subscription("province"), refuses={"code": ("4001",)})  # type: ignore[type-var]
    others = [one for one in city.subscriptions if one.name != "province"]
    street.installation.city = replace(city, subscriptions=(*others, known))
    taken, double.answers = double.answers, {"code": 4001, "success": False, "msg": "缺少字段"}
    handed_in(street, "SJ-1")
    double.answers = taken | {"code": 0}
    handed_in(street, "SJ-2")
    first, second = street.deliveries("province")
    assert (first.state, second.state) == ("failed", "accepted") and "缺少字段" in (first.error or "")


def test_what_is_refused_becomes_a_dead_letter_and_the_rest_of_its_ticket_waits(street: Street) -> None:
    street.connect("province")
    street.doubles["province"].trouble = [422]
    number = handed_in(street, "SJ-1")
    street.lives(street.ticket(number), ("du", "dispatch"))
    other = handed_in(street, "SJ-2")
    street.pass_time(5)
    assert [(row.kind, row.state) for row in street.deliveries("province")] == [
        ("ACCEPT", "failed"), ("TRANSFER", "waiting"), ("ACCEPT", "accepted"),
    ], "another ticket is not held up"  # fmt: skip
    assert street.doubles["province"].told("cityOrderNo") == [other]
    with street.installation.sessions() as db:
        held = db.query(Delivery).filter_by(state="failed").one()
        deliver.give_up(db, held, "管", "对方已关单", street.now())
        db.commit()
    street.work()
    assert street.doubles["province"].told("cityOrderNo") == [other, number]
    assert [row.state for row in street.deliveries("province")] == ["given_up", "accepted", "accepted"]


def test_a_dead_letter_that_is_tried_again_comes_before_what_waits_behind_it(street: Street) -> None:
    street.connect("province")
    street.doubles["province"].trouble = [422]
    number = handed_in(street, "SJ-1")
    street.lives(street.ticket(number), ("du", "dispatch"))
    with street.installation.sessions() as db:
        deliver.retry(db, db.query(Delivery).filter_by(state="failed").one(), street.now())
        db.commit()
    street.work()
    assert [entry.name.split(":")[1] for entry in street.doubles["province"].ledger] == sorted(
        entry.name.split(":")[1] for entry in street.doubles["province"].ledger
    )
    assert len(street.doubles["province"].ledger) == 2


def test_an_event_is_published_after_the_earlier_one_though_its_job_runs_first(street: Street) -> None:
    street.connect("province")
    said = street.tell("province", MATTER).get_json()
    street.life.do(street.ticket(said["ticket_number"]), "du", "dispatch")
    street.life.db.commit()
    with street.installation.sessions() as db:
        late = db.query(Job).filter_by(name="publish").order_by(Job.id.desc()).first()
        assert late is not None
        publish(street.installation, db, late)
        assert db.query(Delivery).count() == 0, "the earlier one is still to come"
        db.commit()
    street.pass_time(1)
    assert [row.kind for row in street.deliveries("province")] == ["ACCEPT", "TRANSFER"]


def test_what_was_taken_back_in_time_is_told_to_nobody(street: Street) -> None:
    street.connect("province")
    number = handed_in(street, "SJ-1")
    life, ticket = street.life, street.ticket(number)
    from hotline.tickets.act import act, lock

    for action, said in (("dispatch", life.answers("dispatch", ticket)), ("undo_dispatch", {})):
        act(life.db, life.city, lock(life.db, ticket.id), action, life.people["du"], street.now(), said, hold=True)
        life.db.commit()
    street.pass_time(2)
    assert [row.kind for row in street.deliveries("province")] == ["ACCEPT"]


def test_a_killed_worker_loses_nothing(street: Street) -> None:
    """It died between asking and writing down what was answered."""
    street.connect("province")
    street.tell("province", MATTER)
    with street.installation.sessions() as db:
        for name in ("publish", "post"):
            job = db.query(Job).filter_by(name=name).one()
            job.done_at = street.now()
            {"publish": publish, "post": deliver.post}[name](street.installation, db, job)
        db.commit()
    assert street.doubles["province"].ledger == []
    street.pass_time(1)
    assert len(street.doubles["province"].ledger) == 1


@pytest.mark.parametrize(
    ("url", "private", "found", "why"),
    [
        ("http://partner.test/x", False, "203.0.113.9", "plain http"),
        ("https://partner.test/x", False, "10.0.0.5", "private network"),
        ("https://partner.test/x", False, "127.0.0.1", "private network"),
        ("https://partner.test/x", True, "169.254.169.254", "private network"),
    ],
)
def test_no_post_goes_where_the_settings_do_not_allow(
    street: Street, url: str, private: bool, found: str, why: str
) -> None:
    answer = push.post(
        Address(url, private), "k" * 20, "x:1", {}, street.now(), Expected({}), 1.0, lambda _host, _port: [found]
    )
    assert (answer.result, answer.reached, why in answer.trouble) == (push.LATER, False, True)
