"""Twenty-five tickets of two units and the figures of their two months, worked out by hand.

Redone after closing in the same month and in the next, merged and taken apart again, silent and then reopened elsewhere, overruled
after the month's end, a direct answer that came back, excluded before and after. Days are counted as in `tests.support.cities.months`.
"""

from __future__ import annotations

from tests.support.cities.months import Months
from tests.support.life import Life


def _by_a(day: int) -> str:
    return f"{day}.09 open, {day}.10 du dispatch, {day}.11 he sign, {day}.12 he contact"


def _by_b(day: int) -> str:
    return f"{day}.09 open, {day}.10 du dispatch_else, {day}.11 xie sign, {day}.12 xie contact"


def _passed(who: str, day: int) -> str:
    return f"{day}.10 {who} reply, {day}.11 ren pass"


def _solved(who: str, day: int) -> str:
    return f"{_passed(who, day)}, {day + 1}.10 citizen record"


REDONE = "{0}.10 du2 redo, {0}.11 he sign, {1}.10 he reply, {1}.11 ren pass"
STORIES: dict[str, tuple[int, str]] = {
    "solved by A": (2, f"{_by_a(5)}, {_solved('he', 6)}"),
    "the one they were merged into": (1, f"{_by_a(5)}, {_solved('he', 6)}"),
    "solved by B": (2, f"{_by_b(8)}, {_solved('xie', 9)}"),
    "unhappy with B": (
        2,
        f"{_by_b(9)}, {_passed('xie', 10)}, 11.10 citizen note_dissatisfied, 12.10 hui close_judged",
    ),
    "silent, then reopened": (
        1,
        f"{_by_a(3)}, {_passed('he', 4)}, 4.12 system ask_citizens, 9.10 clock no_answer, 33.10 du2 reopen, 33.11 du dispatch, "
        f"33.12 he sign, 33.13 he contact, {_solved('he', 34)}",
    ),
    "redone in vain after its end": (
        2,
        f"{_by_a(10)}, {_solved('he', 11)}, {REDONE.format(15, 16)}, 17.10 citizen note_dissatisfied, 18.10 hui close_judged",
    ),
    "redone in the next month": (
        1,
        f"{_by_a(17)}, {_solved('he', 18)}, {REDONE.format(31, 32)}, 33.10 citizen record",
    ),
    "sent to A, belongs to B": (
        2,
        "6.09 open, 6.10 du dispatch, 6.11 he object, 6.14 du uphold, 6.15 du dispatch_else, 6.16 xie sign, 6.17 xie contact, "
        f"{_solved('xie', 7)}",
    ),
    "overruled after the month's end": (
        1,
        "28.09 open, 28.10 du dispatch, 29.09 he object, 31.10 du overrule, 31.11 he sign, 31.12 he contact, "
        f"{_solved('he', 32)}",
    ),
    "called back": (
        1,
        "3.09 open, 3.10 du dispatch, 3.11 du recall, 3.12 du dispatch_else, 3.13 xie sign, 3.14 xie contact, "
        f"{_solved('xie', 4)}",
    ),
    "merged": (1, "5.09 open, 5.15 du merge"),
    "merged and taken apart": (
        1,
        "5.09 open, 5.15 du merge, 5.17 du unmerge, 6.09 du dispatch_else, 6.10 xie sign, 6.11 xie contact, "
        f"{_solved('xie', 7)}",
    ),
    "answered directly": (1, "4.09 open, 4.10 an answer_directly"),
    "answered directly, came back": (
        1,
        f"4.09 open, 4.10 an answer_directly, 36.10 du2 reopen, 36.11 du dispatch, 36.12 he sign, 36.15 he contact, "
        f"{_solved('he', 37)}",
    ),
    "void": (1, "2.09 open, 2.10 du void"),
    "withdrawn": (1, f"{_by_a(12)}, 13.10 citizen withdraw"),
    "excluded first": (1, f"{_by_a(9)}, 9.15 hejt ask_exclusion, 9.16 du2 grant, {_solved('he', 10)}"),
    "excluded a month later": (1, f"{_by_a(9)}, {_solved('he', 10)}, 34.10 hejt ask_exclusion, 34.11 du2 grant"),
    "late at B": (1, f"{_by_b(4)}, {_solved('xie', 25)}"),
    "open and late at A": (1, f"{_by_a(2)}, {_solved('he', 36)}"),
}
FIRST = {
    # numerator, denominator, left out
    "direct_close": (2, 23, 1),  # 25 − 1 void − 1 excluded
    "dispatch_24h": (
        27,
        27,
        2,
    ),  # 23 first ones, 2 after objections, 1 recalled, 1 taken apart; out: 1 void, 1 excluded
    "sign_24h": (21, 21, 5),  # 2 of them for the redo; out: 3 objections, 1 recall, 1 excluded
    "contact_24h": (19, 20, 1),  # the citizen's clock runs through the objection that stayed open
    "on_time": (16, 17, 2),  # out: 1 withdrawn, 1 excluded
    "open_late": (1, 2, 0),  # the late one; the disputed one is in time
    "accuracy": (19, 21, 3),  # 2 upheld; out: 1 undecided, 1 recalled, 1 excluded
    "solved_1": (12, 17, 2),
    "solved_2": (0, 17, 2),
    "solved_3": (0, 17, 2),
    "unsolved": (5, 17, 2),  # 2 unhappy, 1 silent, 2 redone in vain
    "redo": (2, 17, 2),
    "sent_back": (0, 19, 1),
    "solve": (14, 18, 1),  # who was redone in vain answered twice
    "satisfied": (14, 18, 1),
    "participation": (18, 19, 1),  # 1 silent
}
SECOND = {
    "direct_close": (0, 0, 0),
    "dispatch_24h": (2, 2, 0),
    "sign_24h": (4, 4, 0),
    "contact_24h": (2, 2, 0),
    "on_time": (4, 5, 0),
    "open_late": (0, 0, 0),
    "accuracy": (3, 3, 0),  # 2 sent out again, 1 overruled
    "solved_1": (3, 5, 0),  # with the direct answer that came back: no unit had a round of it before
    "solved_2": (2, 5, 0),
    "solved_3": (0, 5, 0),
    "unsolved": (0, 5, 0),
    "redo": (3, 5, 0),
    "sent_back": (0, 5, 0),
    "solve": (5, 5, 0),
    "satisfied": (5, 5, 0),
    "participation": (5, 5, 0),
}
BY_UNIT = {
    # of the first month: unit A, unit B
    "accuracy": ((10, 12), (9, 9)),
    "on_time": ((8, 8), (8, 9)),
    "satisfied": ((7, 9), (7, 9)),
}


class TwoUnits(Months):
    def __init__(self, life: Life):
        super().__init__(life, STORIES)
