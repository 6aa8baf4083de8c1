"""Each door by itself: what came by it, how soon it was answered, how it ended; who joined another matter makes no second one."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from hotline.metrics.demand import contacts_by
from hotline.metrics.doors import Door, by_door
from hotline.metrics.question import Question
from hotline.tickets.act import act, lock
from hotline.tickets.roles import a_citizen
from models import Message, Ticket
from tests.support.life import ROADS, Life


def asked(life: Life) -> Question:
    return Question(life.now - timedelta(days=30), life.now + timedelta(hours=1), life.now + timedelta(hours=1))


def doors(life: Life) -> dict[str, Door]:
    life.db.flush()
    return {one.channel: one for one in by_door(life.db, asked(life))}


def test_a_matter_counts_at_its_own_door_once_and_who_joined_it_at_theirs(life: Life) -> None:
    first = life.ticket(channel="letter")
    joined = life.ticket(phone="13800002222", channel="wechat")
    life.do(joined, "du", "merge", master=first.number)
    life.to("void")
    found = doors(life)
    assert (found["letter"].matters, found["letter"].joined) == (1, 0)
    assert (found["wechat"].matters, found["wechat"].joined) == (0, 1)
    everything = contacts_by(life.db, asked(life), "channel")
    assert sum(one.matters + one.joined for one in found.values()) == sum(everything.values())


def test_the_first_answer_is_the_first_that_tells_something_and_its_hours_are_the_middle_ones(life: Life) -> None:
    for hours in (2, 6, 30):
        ticket = life.ticket(phone=f"138000000{hours:02d}", channel="web")
        came = life.now
        for login, action in (("du", "dispatch"), ("he", "sign")):
            life.do(ticket, login, action)
        life.clock.at = came + timedelta(hours=hours)
        life.do(ticket, "he", "interim")
        life.clock.at += timedelta(hours=1)
        life.do(ticket, "he", "reply")
        life.do(ticket, "ren", "pass")
    life.ticket(phone="13800009999", channel="web")
    web = doors(life)["web"]
    assert (web.matters, web.answered, web.hours) == (4, 3, 6.0)


def test_result_and_satisfaction_stand_at_the_door_by_which_the_citizen_came(life: Life) -> None:
    direct = life.ticket(channel="email")
    life.do(direct, "an", "answer_directly")
    found = doors(life)
    assert found["email"].hours == 0.0 and found["email"].rates.get("solve") is None


def test_no_fate_makes_a_contact_two_or_lets_it_fall(life: Life) -> None:
    """Sent back, reopened, split, merged and parted again: each contact stands at the door by which it came, once."""
    for n, (door, state, login, action) in enumerate(
        (("app", "closed", "du2", "reopen"), ("weibo", "to_review", "ren", "redo"))
    ):
        ticket = life.ticket(phone=f"1380000111{n}", channel=door)
        for who, step in (*ROADS[state], (login, action)):
            life.do(ticket, who, step)
    first = life.ticket(phone="13800003333", channel="letter")
    parted = life.ticket(phone="13800004444", channel="wechat")
    life.do(parted, "du", "merge", master=first.number)
    life.do(parted, "du", "unmerge")
    whole = life.ticket(phone="13800005555", channel="mailbox")
    life.do(whole, "du", "split")
    (part,) = life.db.scalars(select(Ticket).where(Ticket.split_from_id == whole.id))
    assert doors(life)["mailbox"].matters == 1, "a part that nobody has handed in yet is no matter"
    life.do(part, "an", "submit")
    found = doors(life)
    assert {door: (one.matters, one.joined) for door, one in found.items() if door not in ("mailbox", "hotline")} == {
        "app": (1, 0),
        "weibo": (1, 0),
        "letter": (1, 0),
        "wechat": (1, 0),
    }
    assert found["mailbox"].matters == 2, "a second request in one letter is a matter of its own, at the same door"
    everything = contacts_by(life.db, asked(life), "channel")
    assert {door: one.matters + one.joined for door, one in found.items()} == dict(everything)


def test_a_matter_told_again_by_telephone_and_by_mail_is_one_matter_and_three_contacts(life: Life) -> None:
    """It came by the provincial platform; the same person called, and wrote twice, once by a page."""
    ticket = life.ticket(channel="province")
    for minute, (channel, who) in enumerate((("hotline", "an"), ("email", ""), ("", ""))):
        life.clock.forward(minutes=minute + 1)
        if channel == "email":
            told = {"ticket_id": ticket.id, "citizen_id": ticket.citizen_id, "direction": "in", "channel": channel}
            life.db.add(Message(**told, text="还没有修", state="received", created_at=life.now))
        if who:
            life.do(ticket, who, "add", text="还没有修")
        else:
            act(life.db, life.city, lock(life.db, ticket.id), "add", a_citizen(ticket), life.now, {"text": "还没有修"})
    found = doors(life)
    assert {name: (one.matters, one.joined, one.again) for name, one in found.items()} == {
        "province": (1, 0, 0),
        "hotline": (0, 0, 1),
        "email": (0, 0, 1),
        "web": (0, 0, 1),
    }
    assert sum(one.matters for one in found.values()) == 1
    taken_in = life.ticket(phone="13800002222", channel="wechat")
    life.do(taken_in, "du", "merge", master=ticket.number)
    life.clock.forward(minutes=1)
    told = {"ticket_id": taken_in.id, "citizen_id": taken_in.citizen_id, "direction": "in", "channel": "wechat"}
    life.db.add(Message(**told, text="快点", state="received", created_at=life.now))
    act(life.db, life.city, lock(life.db, ticket.id), "urge", a_citizen(ticket), life.now, {"text": "快点"})
    wechat = doors(life)["wechat"]
    assert (wechat.matters, wechat.joined, wechat.again) == (0, 1, 1), "at the master, by the door of who joined it"
