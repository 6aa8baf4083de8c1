"""Whatever is done, in whatever order: the days as they ran, the days made anew and the history say the same.

HOTLINE_ACTS=10000 does as many acts (bounded here, seeded always).
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta

from hotline.errors import Refusal
from hotline.figures.rebuilding import rebuild, rebuild_month
from hotline.followup.ask import ask_citizens
from hotline.metrics.days.frame import ONE, frame_of
from hotline.tickets import petitions
from hotline.tickets.act import lock
from hotline.tickets.lifecycle import moves_from
from hotline.tickets.states import State
from models import Petition, Survey, Ticket
from tests.support.cities.folded import all_rows, fold_all, question, told_apart
from tests.support.life import HATS, Life

ACTS = int(os.environ.get("HOTLINE_ACTS", "110"))
DAYS = 45
UNMADE = {"split", "withdraw_violation", "take_alarm", "second_look", "take_outer_date", "one_left"}
"""Deeds for which the cast would have to write rows by hand first, or that answer to something outside."""

LOGINS = [*HATS, "citizen", "clock", "system"]
ROAD = {
    "to_dispatch": (
        ("du", "dispatch"),
        ("an", "answer_directly"),
        ("du", "merge"),
        ("du", "void"),
        ("du", "mark_hard"),
    ),
    "in_dispute": (("du", "rule"),),
    "to_sign": (("he", "sign"), ("he", "sign"), ("he", "object"), ("du", "recall"), ("clock", "auto_sign")),
    "in_objection": (("du", "uphold"), ("du", "overrule")),
    "handling": (("he", "reply"), ("he", "reply"), ("he", "contact"), ("he", "wait"), ("he", "interim")),
    "waiting": (("he", "resume"),),
    "to_review": (("ren", "pass"), ("ren", "pass"), ("ren", "redo")),
    "to_follow_up": (
        ("citizen", "record"),
        ("citizen", "record"),
        ("citizen", "note_dissatisfied"),
        ("hui", "close_judged"),
        ("hui", "redo"),
        ("clock", "no_answer"),
    ),
    "closed": (("du2", "reopen"), ("du2", "redo"), ("clock", "archive")),
}


class Town:
    """Somebody does something, again and again; what the rules refuse does not happen."""

    def __init__(self, life: Life, seed: int):
        self.life, self.dice, self.ids, self.done = life, random.Random(seed), list[int](), 0
        self.pace = timedelta(days=DAYS) / ACTS

    def live(self, acts: int) -> None:
        while self.done < acts:
            self.life.clock.forward(minutes=self.dice.random() * 2 * self.pace / timedelta(minutes=1))
            nested = self.life.db.begin_nested()
            try:
                self._do_something()
                self.life.db.flush()
                nested.commit()
                self.done += 1
            except Refusal:
                nested.rollback()

    def _do_something(self) -> None:
        if not self.ids or self.dice.random() < 0.15:
            self._ring()
            return
        ticket = lock(self.life.db, self.dice.choice(self.ids[-60:]))
        luck = self.dice.random()
        if luck < 0.06:
            self._petition(ticket)
        elif luck < 0.16 and ticket.state == "to_follow_up":
            ask_citizens(self.life.db, self.life.city, ticket, self.life.now, "http://x")
        elif luck < 0.75 and ticket.state in ROAD:
            self.life.do(ticket, *self.dice.choice(ROAD[ticket.state]))
        else:
            self._anything(ticket)

    def _ring(self) -> None:
        city = self.life.city
        ticket = self.life.ticket(
            phone=f"138{self.dice.randrange(10**8):08d}",
            category=self.dice.choice(list(city.categories)),
            area=self.dice.choice([None, *city.areas]),
            channel=self.dice.choice(["hotline", "wechat", "letter"]),
        )
        self.ids.append(ticket.id)

    def _petition(self, ticket: Ticket) -> None:
        life = self.life
        asked = life.db.query(Petition).filter_by(ticket_id=ticket.id, state="asked").first()
        if asked is not None:
            petitions.decide(
                life.db, life.city, asked.id, self.dice.random() < 0.8, life.people["du2"], life.now, "已核实"
            )
        else:
            petitions.ask(
                life.db, life.city, ticket, "exclusion", life.people["hejt"], life.now, {"reason": "暴雨停工"}
            )

    def _anything(self, ticket: Ticket) -> None:
        """Any move from its state, by anybody; mostly they may not."""
        moves = [
            m.action for m in moves_from(State(ticket.state)) if m.action not in UNMADE and "merged_" not in m.action
        ]
        if not moves:
            raise Refusal("nothing can be done")
        self.life.do(ticket, self.dice.choice(LOGINS), self.dice.choice(moves))


def test_the_days_that_ran_are_the_days_made_anew_and_what_the_history_says(life: Life) -> None:
    town, db, city = Town(life, seed=20260304), life.db, life.city
    born = frame_of(city).day_of(life.now)
    while town.done < ACTS:
        town.live(min(town.done + town.dice.randrange(1, max(2, ACTS // 12)), ACTS))
        fold_all(db, city, life.now)
    answer = db.query(Survey).filter(Survey.answered_at.is_not(None)).first()
    assert answer is not None, "somebody answered in the meantime"

    ran, today = all_rows(db), frame_of(city).day_of(life.now)
    assert told_apart(db, question(city, born, today, life.now)) == []
    for first, last in _periods(town, born, today):
        assert told_apart(db, question(city, first, last, life.now), ("", "unit")) == []

    rebuild_month(db, city, born.replace(day=1), life.now)
    db.expire_all()
    assert all_rows(db) == ran
    rebuild(db, city, life.now)
    fold_all(db, city, life.now)
    assert all_rows(db) == ran


def _periods(town: Town, born: date, today: date) -> Iterator[tuple[date, date]]:
    """Today, and some at random."""
    yield today, today
    for _n in range(2):
        first = born + town.dice.randrange((today - born).days) * ONE
        yield first, first + town.dice.randrange((today - first).days + 1) * ONE
