"""The words for the public: proposed with nobody to be recognised in them, and looked through again when a person is done."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classifier.text.masking.mask import personal_spans
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.fields import still_open
from hotline.tickets.privacy.redact import ANSWER, known_of, person_of, starred
from models import Ticket

LONGEST = {"title": 200, "request": 4000, "answer": 8000}
_NUMBER = r"[0-9０-９一二三四五六七八九十百]{1,5}"
_DOOR = re.compile(rf"(?<=[路街道巷村里弄])\s*({_NUMBER}\s*(?:号院?|弄)(?:附{_NUMBER}号)?)")
"""A door by its number in the street: the street is a place, the number is somebody's home or shop."""


@dataclass(frozen=True)
class Wording:
    """What the public reads of one matter."""

    title: str
    request: str
    answer: str


def proposed(ticket: Ticket) -> Wording:
    """What the reviewer begins with: the citizen's words and the answer, starred, without numbers of doors."""
    return Wording(
        title=_without_doors(starred(ticket, ticket.title))[: LONGEST["title"]],
        request=_without_doors(starred(ticket, ticket.text.body))[: LONGEST["request"]],
        answer=_without_their_doors(ticket, starred(ticket, ticket.text.public_answer, ANSWER))[: LONGEST["answer"]],
    )


def checked(ticket: Ticket, wording: Wording) -> Wording:
    """The reviewer's words as they may stand. Raises Refusal naming each field that is empty, too long or tells who it is."""
    wording = Wording(wording.title.strip(), wording.request.strip(), wording.answer.strip())
    problems = {name: said for name in LONGEST if (said := _problem(ticket, name, getattr(wording, name)))}
    if problems:
        raise Refusal(next(iter(problems.values())), code="not_for_the_public", problems=problems)
    return wording


def telling(ticket: Ticket, text: str, *, answer: bool = False) -> list[str]:
    """The pieces of the text by which somebody could be recognised. answer: an office's own numbers and address are public."""
    known = person_of(ticket) if answer else known_of(ticket)
    spans = [text[one.start : one.end] for one in personal_spans(text, known, ANSWER if answer else "")]
    doors = _doors_of(ticket) if answer else None
    return spans + [one[1] for one in _DOOR.finditer(text) if doors is None or one[1] in doors]


def _problem(ticket: Ticket, name: str, text: str) -> str:
    if not text:
        return _("请写好给公众看的文字。")
    if len(text) > LONGEST[name]:
        return _("最多 %(n)d 个字，请写短一些。", n=LONGEST[name])
    if hole := still_open(text):
        return hole
    told = [one for one in telling(ticket, text, answer=name == "answer") if "*" not in one]
    return _("能认出人或住处的文字（%(what)s）不能公开，请删去。", what="、".join(told[:3])) if told else ""


def _without_doors(text: str) -> str:
    return _DOOR.sub("**号", text)


def _without_their_doors(ticket: Ticket, text: str) -> str:
    doors = _doors_of(ticket)
    return _DOOR.sub(lambda one: "**号" if one[1] in doors else one[0], text)


def _doors_of(ticket: Ticket) -> set[str]:
    """The doors that the citizen told: an answer that repeats one speaks of their home."""
    return set(_DOOR.findall(f"{ticket.text.body}\n{ticket.text.place or ''}"))
