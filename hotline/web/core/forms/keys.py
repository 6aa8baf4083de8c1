"""One key means one thing in the whole house: the keys of moves that more than one desk has, or that two desks once gave to two things."""

from __future__ import annotations

from types import SimpleNamespace

KEYS = {
    "send": "alt+s",
    "undo": "alt+z",
    "skip": "alt+n",
    "words": "alt+b",
    "merge": "alt+i",
    "send_back": "alt+r",
    "pass_on": "alt+p",
    "whole_ticket": "alt+t",
    "mend": "alt+y",
    "dispute": "alt+q",
    "history": "alt+h",
    "another": "alt+m",
    "same_call": "alt+f",
    "overrule": "alt+o",
    "take_answer": "alt+4",
    "text_answer": "alt+enter",
    "ready": "alt+/",
}
"""What it does → the key. Templates name the move (`KEY.skip`), never the key; help and buttons follow."""

MOVE_KEYS = {
    "answer_directly": "d",
    "merge": "g",
    "ask_more": "c",
    "split": "f",
    "decline": "x",
    "transfer_out": "t",
    "void": "v",
    "ask_views": "h",
    "keep_minutes": "p",
    "write": "w",
    "note": "b",
    "correct": "e",
    "recall": "r",
}
"""What a dispatcher may do beside dispatching → the letter that opens its form; nothing is done before the form is sent."""

ON_TICKET_KEYS = {"recall": MOVE_KEYS["recall"]}
"""Moves that keep their letter on the ticket's page, where the others go by the place they stand in."""

KEY = SimpleNamespace(**KEYS)
