"""A monitoring body hears of everything by signed posts: once, in order for each ticket, heads only where a matter is sealed."""

from __future__ import annotations

from hotline.jobs.schedule import watch_rules
from models import MonitorEntry
from tests.support.cities.partners import Street


def look(street: Street) -> None:
    street.clock.forward(minutes=1)
    watch_rules(street.installation, street.now())
    street.pass_time(2)


def test_every_row_of_the_stream_is_told_once_and_in_the_tickets_order(street: Street) -> None:
    street.connect("monitor")
    life = street.life
    for _n in range(2):
        ticket = life.to("to_follow_up")
    life.db.commit()
    look(street)
    street.clock.forward(days=1)
    look(street)
    with street.installation.readings() as db:
        entries = db.query(MonitorEntry).order_by(MonitorEntry.id).all()
    double = street.doubles["monitor"]
    assert sorted(double.told("seq"), key=int) == [str(one.id) for one in entries] and double.forged == 0
    for number in {ticket.number, *double.told("order")}:
        told = [int(one.content["seq"]) for one in double.ledger if one.content["order"] == number]
        assert told == sorted(told), "each ticket's in its own order"
    assert {row.state for row in street.deliveries("monitor")} == {"accepted"}


def test_a_broken_rule_is_told_with_its_name_and_its_source(street: Street) -> None:
    street.connect("monitor")
    street.life.to("to_sign")
    street.life.db.commit()
    street.clock.forward(days=2)
    look(street)
    (told,) = [one.content for one in street.doubles["monitor"].ledger if one.content.get("rule") == "signed_late"]
    source, clause = "《济南市12345市民服务热线条例》", "第四十条第（一）项"
    assert (told["ruleName"], told["source"], told["clause"]) == ("未按时签收", source, clause)
    assert told["unit"] == "chengguan" and told["severity"] == "minor"


def test_of_a_sealed_matter_the_head_alone_leaves(street: Street) -> None:
    street.connect("monitor")
    life = street.life
    ticket = life.ticket(privacy="sealed", name="王小明", words="王小明举报某店售假，13800001234。")
    life.do(ticket, "du", "dispatch")
    life.db.commit()
    look(street)
    told = [one.content for one in street.doubles["monitor"].ledger]
    assert {one["order"] for one in told} == {ticket.number}
    for word in ("王小明", "售假", "13800001234"):
        assert word not in str(told)


def test_a_monitoring_body_hears_nothing_by_the_partners_way(street: Street) -> None:
    street.connect("monitor")
    assert street.installation.city.subscription("monitor").kind_of("act") == ""
    street.life.to("to_sign")
    street.life.db.commit()
    street.pass_time(2)
    assert street.deliveries("monitor") == []
