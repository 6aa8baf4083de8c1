"""Every list that can be ordered: how it is filled, whose it is, and in which orders its rows stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hotline.city.schema import UNIT_KINDS
from hotline.messages.compose import tell_staff
from models import Assignment, Call, HotSpot, HotTicket, Message, Petition, Survey, Ticket
from tests.support.life import Life
from tests.support.make import CHENGGUAN

MANY = 56
"""More than one page of every list but the desk's, whose pages are shorter."""

NOTICE = "judge_dissatisfied"


@dataclass(frozen=True)
class Row:
    """seen: how the page names it. values: by the names of the orders. ahead: it stands before all others in the list's own
    order. tie: what decides between equals instead of the id.
    """

    seen: str
    id: int
    values: dict[str, Any]
    ahead: bool = False
    tie: str = ""


@dataclass(frozen=True)
class List:
    """url: its first page. own: its order without a choice. orders: all a reader may choose. names: finds the rows on a page."""

    url: str
    login: str
    fill: Callable[[Life], list[Row]]
    own: str
    orders: tuple[str, ...]
    names: str = r'<tr class="ticket[^>]*id="row-(\d+)"'
    live: bool = True


def tickets(life: Life, state: str = "to_dispatch", **more: Any) -> list[Ticket]:
    """Some due or taken in at the same moment as others, some ahead of all, and some without a limit."""
    made = [life.ticket(phone=f"1380000{n:04}") for n in range(MANY)]
    for n, one in enumerate(made):
        one.state, one.due_at = state, None if n % 14 == 5 else life.now + timedelta(hours=n * 5 % 11)
        one.created_at, one.moved_at = (
            life.now - timedelta(minutes=n * 7 % 13 + 1),
            life.now - timedelta(minutes=n * 3 % 10),
        )
        one.round, one.urgency = (2 if n % 6 == 0 else 1), "urgent" if n % 6 == 0 else "normal"
        for name, value in more.items():
            setattr(one, name, value)
    life.db.flush()
    return made


def rows(made: list[Ticket]) -> list[Row]:
    return [
        Row(
            one.number,
            one.id,
            {"due": one.due_at, "created": one.created_at, "moved": one.moved_at, "number": one.id},
            ahead=one.urgency != "normal",
        )
        for one in made
    ]


def at_the_unit(state: str) -> Callable[[Life], list[Row]]:
    def fill(life: Life) -> list[Row]:
        made = tickets(
            life, state, unit_code=CHENGGUAN, desk_code=CHENGGUAN, closed_at=life.now if state == "closed" else None
        )
        life.db.add_all(
            Assignment(ticket_id=one.id, unit_code=CHENGGUAN, part="lead", round=1, started_at=life.now) for one in made
        )
        return rows(made)

    return fill


def spots(life: Life, ended: bool = False) -> list[Row]:
    made = [
        HotSpot(
            key=f"spot{n:03}",
            title=f"第{n}件事",
            first_at=life.now - timedelta(days=9),
            last_at=life.now - timedelta(hours=n % 8),
            count=n % 9 + 5,
            people=n % 7 + 5,
            heat=(n * 5 % 12) / 7,
            trend=1.0,
            looked_at=life.now,
            closed_at=life.now - timedelta(days=n % 5) if ended else None,
        )
        for n in range(MANY)
    ]
    life.db.add_all(made)
    life.db.flush()
    return [
        Row(
            one.key,
            one.id,
            {"heat": one.heat, "count": one.count, "people": one.people, "last": one.last_at, "closed": one.closed_at},
        )
        for one in made
    ]


def of_one_spot(life: Life) -> list[Row]:
    spot = HotSpot(
        key="water",
        title="停水",
        first_at=life.now,
        last_at=life.now,
        count=MANY,
        people=MANY,
        heat=9.0,
        trend=1.0,
        looked_at=life.now,
    )
    life.db.add(spot)
    life.db.flush()
    made = tickets(life)
    life.db.add_all(HotTicket(ticket_id=one.id, spot_id=spot.id) for one in made)
    return rows(made)


def petitions(life: Life) -> list[Row]:
    made = [
        Petition(
            ticket_id=one.id,
            kind="extension",
            round=1,
            unit_code=CHENGGUAN,
            asked_by_name="何",
            reason="配件未到",
            asked_at=life.now - timedelta(hours=n * 5 % 8),
        )
        for n, one in enumerate(tickets(life, "handling", unit_code=CHENGGUAN))
    ]
    life.db.add_all(made)
    life.db.flush()
    return [Row(str(one.id), one.id, {"asked": one.asked_at}) for one in made]


def answers(life: Life) -> list[Row]:
    made = tickets(life, "closed")
    asked = [
        Survey(
            ticket_id=one.id,
            own_id=one.id,
            round=1,
            asked_at=life.now - timedelta(days=4),
            solved="yes",
            result=5,
            answered_at=life.now - timedelta(hours=n * 5 % 9),
            outcome="satisfied",
        )
        for n, one in enumerate(made)
    ]
    life.db.add_all(asked)
    life.db.flush()
    return [Row(ticket.number, one.id, {"answered": one.answered_at}) for one, ticket in zip(asked, made, strict=True)]


def calls(life: Life) -> list[Row]:
    made = [
        Call(
            provider="t",
            provider_id=f"C{n}",
            from_phone=f"1380000{n:04}",
            to_phone="12345",
            state="ended",
            started_at=life.now - timedelta(minutes=n * 5 % 9 + 1),
            answered_at=life.now + timedelta(hours=1, seconds=n),
        )
        for n in range(MANY)
    ]
    life.db.add_all(made)
    life.db.flush()
    return [
        Row(str(int((one.answered_at - one.started_at).total_seconds())), one.id, {"at": one.started_at})
        for one in made
        if one.answered_at
    ]


def notices(life: Life) -> list[Row]:
    for n in range(MANY):
        tell_staff(
            life.db,
            life.city,
            NOTICE,
            life.now,
            dict.fromkeys(life.city.texts[NOTICE].params, f"第{n}条"),
            unit=CHENGGUAN,
        )
    life.db.flush()
    return [
        Row(str(one.id), one.id, {"at": one.id}) for one in life.db.query(Message).where(Message.unit_code == CHENGGUAN)
    ]


def accepted(life: Life) -> list[Row]:
    made = tickets(life)
    for one in life.db.scalars(select(Ticket)):
        one.submitted_at = one.created_at
    return [Row(one.seen, one.id, {"at": one.values["created"]}) for one in rows(made)]


def units(life: Life) -> list[Row]:
    city, staffed = life.city, Counter(one.unit_code for one in life.staff.values())
    return [
        Row(
            one.code,
            n,
            {
                "": n,
                "code": one.code,
                "name": one.name,
                "kind": list(UNIT_KINDS).index(one.kind),
                "area": city.area_name(one.area),
                "parent": city.unit_name(one.parent),
                "staff": staffed[one.code],
            },
            tie=one.code,
        )
        for n, one in enumerate(city.units.values())
        if one.kind == "town"
    ]


DUE = ("due", "-due", "created", "-created")
LISTS = {
    "dispatch": List(
        "/dispatch/",
        "du",
        lambda life: rows(tickets(life, asking_more=False)),
        "urgent",
        ("due", "created", "-created"),
    ),
    "dispatch petitions": List(
        "/dispatch/?tab=petitions", "du", petitions, "asked", ("-asked",), r'id="petition-(\d+)"', live=False
    ),
    "unit": List("/unit/?tab=sign", "he", at_the_unit("to_sign"), "urgent", DUE),
    "unit closed": List("/unit/?tab=closed", "he", at_the_unit("closed"), "-moved", ("moved",)),
    "desk": List("/desk", "an", lambda life: rows(tickets(life, agent_id=life.staff["an"].id)), "-created", DUE),
    "hot": List("/hot/", "du2", spots, "-heat", ("-count", "-people", "-last"), r'href="/hot/(spot\d+)"'),
    "cooled down": List(
        "/hot/?ended=1", "du2", lambda life: spots(life, ended=True), "-closed", ("closed",), r'href="/hot/(spot\d+)"'
    ),
    "one spot": List("/hot/water", "du2", of_one_spot, "created", DUE, live=False),
    "answered": List(
        "/followup/?tab=answered",
        "hui",
        answers,
        "-answered",
        ("answered", "-answered"),
        r'class="ticket-link" href="/followup/(\d+)"',
    ),
    "dissatisfied": List(
        "/followup/?tab=judge",
        "hui",
        lambda life: rows(tickets(life, "to_follow_up", dissatisfied=True)),
        "due",
        ("due", "-due"),
    ),
    "review": List("/review/", "ren", lambda life: rows(tickets(life, "to_review")), "urgent", DUE),
    "figure": List("/overview/tickets?metric=direct_close&part=of", "tou", accepted, "-at", ("at", "-at"), live=False),
    "figure of calls": List(
        "/overview/tickets?metric=connection&part=of", "tou", calls, "-at", ("at", "-at"), r">(\d+) 秒<", live=False
    ),
    "open": List("/overview/open?state=to_dispatch", "tou", lambda life: rows(tickets(life)), "due", DUE, live=False),
    "notices": List("/notices/?show=all", "he", notices, "-at", ("at",), r'name="notice" value="(\d+)"'),
    "units": List(
        "/admin/units?kind=town",
        "tou",
        units,
        "",
        tuple(f"{down}{name}" for name in ("code", "name", "kind", "parent", "area", "staff") for down in ("", "-")),
        r'<tr>\s*<td class="num">([\w-]+)</td>\s*<th scope="row">',
        live=False,
    ),
}
