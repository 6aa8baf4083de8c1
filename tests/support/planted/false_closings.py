"""The false closings themselves, kind by kind, and the honest lives that look like them."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hotline.city.schema import City as RealCity
from hotline.evidence.kinds import Kind
from hotline.evidence.look import look_at
from hotline.evidence.recurring import seek_earlier
from models import Reply, ReplyFinding, Survey, Ticket
from tests.support.planted.closings import LINKS, MATTERS, ROADS, START, City, again, jpeg, scene


def honest(city: City, n: int) -> None:
    """Everyday replies: spoken with, written down, or visited; slow, or quick where the desk may answer."""
    pick = city.chance
    for _ in range(n):
        at = START + timedelta(minutes=pick.randint(0, 120 * 24 * 60))
        code, unit = city.code(), city.unit()
        place = f"{pick.choice(ROADS)}{pick.randint(1, 900)}号" if pick.random() < 0.4 else city.estate()
        ticket = city.ticket(at, code, place, unit)
        sign, given = at + timedelta(hours=pick.randint(1, 8)), at + timedelta(hours=pick.randint(10, 90))
        way = pick.random()
        if way < 0.35:
            city.call(ticket, at + timedelta(hours=1))
        elif way < 0.75:
            city.event(ticket, "contact", at + timedelta(hours=2), how="phone", reached=True)
        more = (
            {}
            if way < 0.75
            else {"contact_how": pick.choice(("visit", "office"))}
            if way < 0.9
            else {"contacted": False}
        )
        if pick.random() < 0.06:
            ticket.request_type, sign = "consult", given - timedelta(minutes=4)
        elif pick.random() < 0.05:
            sign = given - timedelta(minutes=pick.randint(12, 40))
        elif pick.random() < 0.04:
            sign, more = given - timedelta(minutes=3), {**more, "outcome": "unsolved"}
        reply = city.reply(ticket, sign, given, city.words(code), **more)
        if pick.random() < 0.2:
            city.photo(reply, jpeg(scene(pick)))
        if pick.random() < 0.5:
            forgot = way < 0.35 and pick.random() < 0.15
            city.survey(ticket, given + timedelta(days=1), not (forgot or more.get("contacted") is False))


def look_alikes(city: City, n: int) -> None:
    """n of each: what is rightly the same, and what is near and yet another."""
    pick = city.chance
    for number in range(n):
        at = START + timedelta(hours=number * 9)
        code, unit, place = city.code(), city.unit(), city.estate()
        words, picture = city.words(code), scene(pick)
        for hours in (0, 5, 11):  # three neighbours, one matter: one reply, one photo
            ticket = city.ticket(at + timedelta(hours=hours), code, place, unit)
            city.event(ticket, "contact", at + timedelta(hours=20), reached=True)
            reply = city.reply(ticket, at + timedelta(hours=13), at + timedelta(hours=30 + hours), words)
            city.photo(reply, again(picture, pick))
        other = pick.choice([one for one in MATTERS if one != code])
        _later(city, at + timedelta(days=9), other, place, unit)  # the same place, another matter
        house, road = pick.randint(1, 30), pick.choice(ROADS)
        for step, told in ((0, f"{road}{900 + 2 * number}号"), (12, f"{road}{901 + 2 * number}号")):  # the same road
            _slow(city, at + timedelta(days=step), code, told, unit)
        block = city.estate()
        _slow(city, at, code, f"{block}{house}号楼", unit)
        _later(city, at + timedelta(days=11), code, f"{block}{house + 40}号楼", unit)  # another building
        late = city.estate()
        _slow(city, at, code, late, unit)
        _later(city, at + timedelta(days=50), code, late, unit)  # after more than thirty days
        open_one = city.estate()
        _slow(city, at, code, open_one, unit, outcome="partly")
        _later(city, at + timedelta(days=14), code, open_one, unit)  # it was not called solved


def false_ones(city: City, n: int) -> None:
    """n of each kind."""
    pick = city.chance
    for number in range(n):
        at = START + timedelta(hours=number * 13 + 7)
        ticket = city.ticket(at, code := city.code(), city.estate(), city.unit())
        if number % 3 == 0:
            city.call(ticket, at + timedelta(hours=3), pick.choice(("no_answer", "busy")))
        if number % 4 == 0:
            city.event(ticket, "contact", at + timedelta(hours=3), how="phone", reached=False)
        city.false(
            city.reply(ticket, at + timedelta(hours=3), at + timedelta(hours=40), city.words(code)), Kind.NO_CALL
        )

        fast = _spoken(city, at, code := city.code(), city.estate())
        given = at + timedelta(hours=5, minutes=pick.randint(1, 8))
        city.false(city.reply(fast, at + timedelta(hours=5), given, city.words(code)), Kind.TOO_FAST)

        told = city.ticket(at, code := city.code(), city.estate(), city.unit())
        city.event(told, "contact", at + timedelta(hours=2), how="phone", reached=True)
        city.false(city.reply(told, at + timedelta(hours=3), at + timedelta(hours=33), city.words(code)), Kind.DENIED)
        city.survey(told, at + timedelta(days=2), False)

        shown = scene(pick)
        first = _slow(city, at, city.code(), city.estate(), city.unit())
        city.photo(first, jpeg(shown))
        second = _slow(city, at + timedelta(days=pick.randint(2, 60)), city.code(), city.estate(), city.unit())
        city.photo(second, again(shown, pick))
        city.false(second, Kind.OLD_PHOTO)

        place, code, unit = city.estate(), city.code(), city.unit()
        if number % 3 == 0:
            place = f"{pick.choice(ROADS)}{2000 + number}号"
        city.false(_slow(city, at, code, place, unit), Kind.CAME_BACK)
        lead = pick.choice(("文峰区", "我家住在", "", "反映"))
        _later(city, at + timedelta(days=pick.randint(3, 31)), code, f"{lead}{place}", unit)
    _copies(city, n)


def _copies(city: City, n: int) -> None:
    """Groups of six to nine replies of one unit with the same words, names and numbers changed."""
    left, pick = n, city.chance
    while left > 0:
        size = left if left < 12 else pick.randint(6, 9)
        code, unit = city.code(), city.unit()
        facts, measures, _public = city.words(code)
        for number in range(size):
            place = city.estate()
            at = START + timedelta(days=pick.randint(0, 60), hours=number)
            words = (
                f"您反映的{place}的问题，{facts}",
                measures.replace("，并", f"，{pick.choice(LINKS)}") if number % 2 else measures,
                f"{place}的问题已按规定处理完毕，请放心。",
            )
            ticket = _spoken(city, at, code, place, unit)
            city.false(city.reply(ticket, at + timedelta(hours=3), at + timedelta(hours=30), words), Kind.COPIED)
        left -= size


def _spoken(city: City, at: datetime, code: str, place: str, unit: str = "") -> Ticket:
    ticket = city.ticket(at, code, place, unit or city.unit())
    city.event(ticket, "contact", at + timedelta(hours=1), how="phone", reached=True)
    return ticket


def _slow(city: City, at: datetime, code: str, place: str, unit: str, outcome: str = "solved") -> Reply:
    """An honest reply, the day after the call."""
    ticket = _spoken(city, at, code, place, unit)
    return city.reply(ticket, at + timedelta(hours=3), at + timedelta(hours=26), city.words(code), outcome=outcome)


def _later(city: City, at: datetime, code: str, place: str, unit: str) -> None:
    city.planted.later.append(city.ticket(at, code, place, unit, state="handling", closed_at=None))


def look_at_all(db: Session, real: RealCity, city: City) -> set[tuple[int, Kind]]:
    """As the jobs would: replies and new calls in the order of time."""
    moments: list[tuple[datetime, int, Reply | Ticket]] = [(one.at, one.id, one) for one in city.planted.all]
    moments += [(one.created_at, one.id, one) for one in db.scalars(select(Ticket))]
    for at, _id, one in sorted(moments, key=lambda each: (each[0], each[1])):
        if isinstance(one, Reply):
            look_at(db, real, city.folder, one, at)
        elif (found := seek_earlier(db, real, one)) is not None:
            look_at(db, real, city.folder, db.get_one(Reply, found.reply_id), at)
    said_no = set(db.scalars(select(Survey.ticket_id).where(Survey.contacted.is_(False))))
    for reply in city.planted.all:  # the citizen's answers come last
        if reply.ticket_id in said_no:
            look_at(db, real, city.folder, reply, reply.at + timedelta(days=3))
    return {(row.reply_id, Kind(row.kind)) for row in db.scalars(select(ReplyFinding))}


def plant(db: Session, units: list[str], folder: Path, seed: int, each: int, honest_ones: int, alike: int) -> City:
    city = City(db, units, folder, seed)
    honest(city, honest_ones)
    look_alikes(city, alike)
    false_ones(city, each)
    db.flush()
    return city


def figures(found: set[tuple[int, Kind]], planted: set[tuple[int, Kind]]) -> dict[str, tuple[float, float, int]]:
    """Kind, or "all" → (recall, precision, how many were planted)."""
    told: dict[str, tuple[float, float, int]] = {}
    for name in ("all", *Kind):
        want = {one for one in planted if name == "all" or one[1] == name}
        have = {one for one in found if name == "all" or one[1] == name}
        hit = len(want & have)
        told[str(name)] = (hit / max(len(want), 1), hit / max(len(have), 1), len(want))
    return told
