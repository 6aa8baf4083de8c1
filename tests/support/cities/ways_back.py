"""Seventeen tickets that came back by every way, and the figures of their two months worked out by hand.

Redone thrice, redone after an unhappy end, objected to, ruled, split, merged, excluded now and later, paused over the month's end, closed
at its last hour and at midnight, reopened twice. Days are counted as in `tests.support.cities.months`.
"""

from __future__ import annotations

from sqlalchemy import select

from hotline.followup.answers import TAPS
from models import Ticket
from tests.support.cities.months import HANDLED, PASSED, SOLVED, UNHAPPY, Months
from tests.support.make import ELSEWHERE

BACK = "2.10 he reply, 2.11 ren redo, 2.12 he sign, 3.09 he reply, 3.11 ren redo, 3.12 he sign, 4.09 he reply"
BY_ELSE = "2.10 xie reply, 2.11 ren pass, 3.10 citizen record"
AGAIN = (
    "{0}.10 du2 reopen, {0}.11 du dispatch, {0}.12 he sign, {0}.13 he contact, {1}.10 he reply, {1}.11 ren pass, "
    "{2}.10 citizen record"
)
STORIES: dict[str, tuple[int, str]] = {
    "simple": (1, SOLVED),
    "thrice": (1, f"{HANDLED}, {BACK}, 4.10 ren pass, 7.10 citizen record"),
    "unhappy, then redone": (
        1,
        f"{UNHAPPY}, 7.10 du2 redo, 7.11 he sign, 8.10 he reply, 8.11 ren pass, 9.10 citizen record",
    ),
    "objected to": (
        1,
        "1.09 open, 1.10 du dispatch, 2.09 he object, 2.15 du uphold, 2.16 du dispatch_else, 3.09 xie sign, "
        "3.10 xie contact, 4.10 xie reply, 4.11 ren pass, 5.10 citizen record",
    ),
    "closed at midnight": (
        1,
        "29.09 open, 29.10 du dispatch, 29.11 he sign, 29.12 he contact, 29.20 he reply, 29.22 ren pass, "
        "30.00 citizen record",
    ),
    "closed in the last hour": (
        1,
        "24.09 open, 24.10 du dispatch, 24.11 he sign, 24.12 he contact, 28.10 he reply, 28.11 ren pass, "
        "29.23 citizen record",
    ),
    "paused over the end, then late": (
        1,
        "23.09 open, 23.10 du dispatch, 23.11 he sign, 23.12 he contact, 24.10 he wait, 31.10 he resume, "
        "45.10 he reply, 45.11 ren pass, 46.10 citizen record",
    ),
    "excluded a month later": (1, f"{SOLVED}, 35.10 hejt ask_exclusion, 35.11 du2 grant"),
    "excluded at once": (
        1,
        f"{HANDLED}, 1.15 hejt ask_exclusion, 1.16 du2 grant, 2.10 he reply, 2.11 ren pass, 3.10 citizen record",
    ),
    "the one they were merged into": (1, SOLVED),
    "merged": (1, "1.09 open, 1.12 du merge"),
    "split": (
        1,
        "1.09 open, 1.10 du split_off, 1.11 du dispatch, 1.12 he sign, 1.13 he contact, 2.10 he reply, 2.11 ren pass, "
        "3.10 citizen record",
    ),
    "its part": (1, f"1.12 du dispatch_else, 1.13 xie sign, 1.14 xie contact, {BY_ELSE}"),
    "partly": (1, f"{PASSED}, 3.10 citizen note_partly, 4.10 hui close_judged"),
    "reopened in both months": (1, f"{SOLVED}, {AGAIN.format(10, 11, 12)}, {AGAIN.format(40, 41, 42)}"),
    "ruled": (
        1,
        "1.09 open, 1.10 du dispatch, 1.11 he object, 1.14 du mark_hard, 1.15 du ask_views, 1.16 he state_view, "
        "1.17 chang state_view, 2.10 du2 rule_else, 2.11 chang sign, 2.12 chang contact, 3.10 chang reply, "
        "3.11 ren pass, 4.10 citizen record",
    ),
    "late": (1, f"{HANDLED}, 15.10 he reply, 15.11 ren pass, 16.10 citizen record"),
}
FIRST = {
    # numerator, denominator, left out
    "direct_close": (0, 16, 1),
    "dispatch_24h": (
        17,
        17,
        1,
    ),  # 15 first ones (the one of the last day is due in April), 1 after an objection, 1 reopened
    "sign_24h": (18, 18, 3),  # the thrice redone signs thrice; out: 1 excluded, 2 objections
    "contact_24h": (13, 15, 1),  # the citizen's clock: it runs through the objection and the dispute
    "on_time": (12, 13, 1),
    "open_late": (0, 0, 1),  # only the paused one is still at its unit
    "accuracy": (16, 18, 1),  # a ruling is a dispatch; 1 upheld, 1 ruled away
    "solved_1": (9, 13, 1),
    "solved_2": (2, 13, 1),
    "solved_3": (1, 13, 1),
    "unsolved": (1, 13, 1),
    "redo": (3, 13, 1),
    "sent_back": (2, 18, 1),
    "solve": (13.5, 15, 1),
    "satisfied": (13, 15, 1),  # who says no more than "partly" is not satisfied
    "participation": (15, 15, 1),
}
SECOND = {
    "dispatch_24h": (2, 2, 0),
    "sign_24h": (2, 2, 0),
    "contact_24h": (2, 2, 0),
    "on_time": (2, 3, 0),
    "open_late": (0, 0, 0),
    "accuracy": (1, 1, 0),
    "solved_1": (2, 3, 0),
    "solved_2": (0, 3, 0),
    "solved_3": (1, 3, 0),
    "unsolved": (0, 3, 0),
    "redo": (1, 3, 0),
    "sent_back": (0, 2, 0),
    "satisfied": (3, 3, 0),
    "participation": (3, 3, 0),
}


class WaysBack(Months):
    def split_off(self, ticket: Ticket, login: str) -> None:
        life = self.life
        life.do(ticket, login, "split")
        life.db.flush()
        part = life.db.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
        assert part is not None
        if part.state == "draft":
            life.do(part, "system", "submit")
        self.tickets["its part 0"] = part

    def tap_not_solved(self, ticket: Ticket, login: str) -> None:
        self.life.do(ticket, login, "note_dissatisfied", result="", **TAPS["3"])

    def rule_else(self, ticket: Ticket, login: str) -> None:
        self.life.do(ticket, login, "rule", unit=ELSEWHERE)
