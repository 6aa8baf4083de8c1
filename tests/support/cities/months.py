"""Forty tickets lived by the real rules over two months, step by step in the order of time.

Days are counted from Monday 2 March 2026, hours are the city's own: "29.16" is Tuesday 31 March at four in the afternoon.
The first month is the days 0 to 29, the second the days 30 to 59.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from hotline.followup.ask import ask_citizens
from hotline.tickets import petitions
from hotline.tickets.act import act, lock
from models import Petition, Ticket
from tests.support.life import Life

MIDNIGHT = datetime(2026, 3, 1, 16, tzinfo=UTC)
ELSE = "housing"
LAST_DAY_OF_WAITING = "2026-04-02"

HANDLED = "1.09 open, 1.10 du dispatch, 1.11 he sign, 1.12 he contact"
PASSED = f"{HANDLED}, 2.10 he reply, 2.11 ren pass"
SOLVED = f"{PASSED}, 3.10 citizen record"
UNHAPPY = f"{PASSED}, 3.10 citizen note_dissatisfied, 4.10 hui close_judged"
BY_ELSE = "2.10 xie reply, 2.11 ren pass, 3.10 citizen record"

STORIES: dict[str, tuple[int, str]] = {
    "simple": (5, SOLVED),
    "reopened a month later": (
        3,
        f"{SOLVED}, 40.10 du2 reopen, 40.11 du dispatch, 40.12 he sign, 40.15 he contact, 41.10 he reply, "
        "41.11 ren pass, 42.10 citizen record",
    ),
    "done again a month later, in vain": (
        2,
        f"{SOLVED}, 35.10 du2 redo, 35.11 he sign, 36.10 he reply, 36.11 ren pass, 37.10 citizen note_dissatisfied, "
        "38.10 hui close_judged",
    ),
    "reopened in the same month, nobody asked the citizen": (
        2,
        f"{SOLVED}, 8.10 du2 reopen, 8.11 du dispatch, 8.12 he sign, 8.15 he reply_unasked, 9.10 ren pass, "
        "10.10 citizen record",
    ),
    "sent back once": (
        3,
        f"{HANDLED}, 2.10 he reply, 2.11 ren redo, 2.12 he sign, 3.10 he reply, 3.11 ren pass, 4.10 citizen record",
    ),
    "answered directly": (2, "1.09 open, 1.10 an answer_directly"),
    "answered directly, reopened a month later": (
        1,
        "1.09 open, 1.10 an answer_directly, 36.10 du2 reopen, 36.11 du dispatch",
    ),
    "late": (2, f"{HANDLED}, 20.10 he reply, 20.11 ren pass, 21.10 citizen record"),
    "sent to the wrong unit": (
        1,
        "1.09 open, 1.10 du dispatch, 1.11 he object, 1.14 du uphold, 1.15 du dispatch_else, 1.16 xie sign, "
        f"1.17 xie contact, {BY_ELSE}",
    ),
    "objected to after the month's end": (
        1,
        "29.09 open, 29.16 du dispatch, 30.09 he object, 30.11 du uphold, 30.12 du dispatch_else, 30.13 xie sign, "
        "30.14 xie contact, 31.10 xie reply, 31.11 ren pass, 32.10 citizen record",
    ),
    "objection open at the month's end": (
        1,
        "29.09 open, 29.10 du dispatch, 29.11 he object, 30.10 du overrule, 30.11 he sign, 30.12 he contact, "
        "31.10 he reply, 31.11 ren pass, 32.10 citizen record",
    ),
    "excluded before the citizen answered": (
        2,
        f"{HANDLED}, 1.15 hejt ask_exclusion, 1.16 du2 grant, 2.10 he reply, 2.11 ren pass, 3.10 citizen record",
    ),
    "excluded after a bad rating": (1, f"{UNHAPPY}, 5.10 hejt ask_exclusion, 5.11 du2 grant"),
    "excluded a month later": (1, f"{UNHAPPY}, 35.10 hejt ask_exclusion, 35.11 du2 grant"),
    "silent": (2, f"{PASSED}, 2.12 system ask_citizens, 6.10 clock no_answer"),
    "asked in one month and answered in the next": (
        1,
        "24.09 open, 24.10 du dispatch, 24.11 he sign, 24.12 he contact, 25.10 he reply, 25.11 ren pass, "
        "29.10 system ask_citizens, 31.10 citizen record",
    ),
    "the one they were merged into": (1, SOLVED),
    "merged": (2, "1.09 open, 1.12 du merge"),
    "void": (1, "1.09 open, 1.10 du void"),
    "declined": (1, "1.09 open, 1.10 du decline"),
    "withdrawn": (1, f"{HANDLED}, 2.10 citizen withdraw"),
    "open and late for a month": (2, f"{HANDLED}, 35.10 he reply, 35.11 ren pass, 36.10 citizen record"),
    "waiting over the month's end": (
        1,
        "24.09 open, 24.10 du dispatch, 24.11 he sign, 24.12 he contact, 25.10 he wait, 31.10 he resume, "
        "31.11 he reply, 31.12 ren pass, 32.10 citizen record",
    ),
    "called back by the dispatcher": (
        1,
        "1.09 open, 1.10 du dispatch, 1.11 du recall, 1.12 du dispatch_else, 1.13 xie sign, 1.14 xie contact, "
        f"{BY_ELSE}",
    ),
}


class Months:
    """Lives the stories step by step in the order of time."""

    def __init__(self, life: Life, stories: Mapping[str, tuple[int, str]] = STORIES):
        self.life = life
        self.tickets: dict[str, Ticket] = {}
        steps = [
            (_moment(day), order, name, words)
            for order, (name, story) in enumerate(each_of(stories))
            for day, *words in (step.split() for step in story.split(", "))
        ]
        self.steps = sorted(steps, key=lambda step: step[:2])

    def live_until(self, day: str) -> None:
        end = _moment(day)
        while self.steps and self.steps[0][0] < end:
            at, _order, name, words = self.steps.pop(0)
            self.life.clock.at = at
            self.step(name, words)
        self.life.clock.at = end
        self.life.db.flush()

    def step(self, name: str, words: list[str]) -> None:
        if words == ["open"]:
            self.tickets[name] = self.life.ticket()
            return
        (login, action), ticket = words, self.tickets[name]
        special = getattr(self, action, None)
        if special:
            special(ticket, login)
        else:
            self.life.do(ticket, login, action)

    def reply_unasked(self, ticket: Ticket, login: str) -> None:
        said = {"contacted": "no", "contact_how": "", "contacted_at": "", "no_contact_reason": "情况清楚，没有再联系"}
        self.life.do(ticket, login, "reply", **said)

    def dispatch_else(self, ticket: Ticket, login: str) -> None:
        self.life.do(ticket, login, "dispatch", unit=ELSE, helpers=[])

    def merge(self, ticket: Ticket, login: str) -> None:
        life, held = self.life, lock(self.life.db, ticket.id)
        master = self.tickets["the one they were merged into 0"].number
        act(life.db, life.city, held, "merge", life.people[login], life.now, {"master": master})

    def wait(self, ticket: Ticket, login: str) -> None:
        self.life.do(ticket, login, "wait", until=LAST_DAY_OF_WAITING)

    def ask_citizens(self, ticket: Ticket, login: str) -> None:
        ask_citizens(self.life.db, self.life.city, lock(self.life.db, ticket.id), self.life.now, "http://x")

    def ask_exclusion(self, ticket: Ticket, login: str) -> None:
        life = self.life
        held = lock(life.db, ticket.id)
        petitions.ask(life.db, life.city, held, "exclusion", life.people[login], life.now, {"reason": "暴雨停工"})

    def grant(self, ticket: Ticket, login: str) -> None:
        life = self.life
        life.db.flush()
        asked = life.db.query(Petition).filter_by(ticket_id=ticket.id, state="asked").one()
        petitions.decide(life.db, life.city, asked.id, True, life.people[login], life.now, "同意")


def each_of(stories: Mapping[str, tuple[int, str]] = STORIES) -> list[tuple[str, str]]:
    return [(f"{name} {n}", story) for name, (times, story) in stories.items() for n in range(times)]


def _moment(day: str) -> datetime:
    days, hours = day.split(".")
    return MIDNIGHT + timedelta(days=int(days), hours=int(hours))
