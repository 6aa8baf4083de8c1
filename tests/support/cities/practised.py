"""What the practice room holds of one person: a call that runs, one that has ended, and an examination that was passed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.intake.open_ticket import Contact, open_ticket
from hotline.practice import exams, runs
from hotline.practice.scoring import Filed
from hotline.tickets.roles import Actor, actor_of
from tests.support.make import HOTLINE, make_staff


def mentor(db: Session, city: City, now: datetime) -> str:
    """A newcomer's ticket that waits for a colleague; its number."""
    newcomer = make_staff(db, "xin", "新来的", "agent", unit=HOTLINE)
    newcomer.learns_from, newcomer.learns_until = now, now + timedelta(days=30)
    ticket = open_ticket(db, city, Contact(body="灯塔路的公厕没有人打扫，味道很大。"), actor_of(newcomer, city), now)
    return ticket.number


def practise(db: Session, city: City, actor: Actor, now: datetime) -> dict[str, str]:
    """The numbers of the call, of the result and of the examination."""
    scripts, typed = (
        city.practice.scripts,
        {"body": "楼道里有煤气味", "privacy": "masked", "title": "煤气味", "place": ""},
    )
    ended = runs.take(db, actor, scripts["gas-smell"], now)
    runs.ask(ended, city.practice, "where", "")
    runs.file(ended, Filed(typed, "0303", "gas-company", "critical", "wenfeng", "help"))
    runs.finish(db, city, ended, "submit", "", now)
    exam = exams.begin(db, city, actor, "safety", now)
    for one in exams.calls(db, exam):
        one.taken_at = one.ended_at = now
        one.points, one.passed, one.done = 92.5, True, "transfer"
    exams.hand_in(db, exam, now)
    running = runs.take(db, actor, scripts["repeat-urge"], now)
    runs.ask(running, city.practice, "before", "")
    return {"my_call": str(running.id), "my_result": str(ended.id), "my_exam": str(exam.id)}
