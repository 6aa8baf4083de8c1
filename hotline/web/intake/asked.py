"""What the intake asks beyond the words: the questions of the category, the moment of the event, who it is, and a letter's own data.

All of it stands in the ticket beside the words, under its heading, where the unit reads it as it reads what other systems told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.i18n import N_, _, language
from hotline.tickets.privacy.reveal import SENDER_ADDRESS

LETTERS = ("letter", "email", "visit")
"""Channels whose matter came on paper, in writing or in person: with a day of receipt and a place in the register."""

PARTIES = {"person": N_("个人"), "company": N_("企业或单位")}
LETTER_FIELDS = {"received_on": N_("收到日期"), "register_no": N_("登记编号"), "sender_address": SENDER_ADDRESS}
NAMES = ("happened_at", "party", *LETTER_FIELDS)
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A question of the category as it stands in the form."""

    ask: str
    answer: str


def questions(city: City, category: str | None, answers: Mapping[str, str]) -> list[Asked]:
    """The questions of a category in the reader's language; an answer that was typed to another question is kept as well."""
    asks = [one.ask_en if language() == "en" else one.ask for one in city.questions_of(category)]
    held = [ask for ask, answer in answers.items() if answer and ask not in asks]
    return [Asked(ask, answers.get(ask, "")) for ask in (*asks, *held)]


def answers_typed() -> dict[str, str]:
    """Question → answer, as the form sent them."""
    pairs = zip(request.form.getlist("question"), request.form.getlist("answer_to"), strict=False)
    return {ask.strip()[:LONGEST]: answer.strip()[:LONGEST] for ask, answer in pairs if ask.strip()}


def besides(values: Mapping[str, str], answers: Mapping[str, str], city: City, now: datetime) -> dict[str, Any]:
    """What goes into the ticket beside the words: heading → what was said, empty ones left out. Raises Refusal for a day of receipt
    that is none, or has not come yet."""
    told = {ask: answer for ask, answer in answers.items() if answer}
    if party := PARTIES.get(values.get("party", "")):
        told[_("诉求人是")] = _(party)
    if values.get("channel") in LETTERS:
        _check_receipt(values.get("received_on", ""), city, now)
        told |= {_(head): values[name][:LONGEST] for name, head in LETTER_FIELDS.items() if values.get(name)}
    return told


def happened_at(values: Mapping[str, str], city: City, now: datetime) -> datetime | None:
    """The moment of the event in the city's time. Raises Refusal for what is no moment, or has not come yet."""
    if not (text := values.get("happened_at", "")):
        return None
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(city.timezone))
    except ValueError:
        raise Refusal(_("事发时间不对，请按 2026-03-15 14:30 的样子填写。"), field="happened_at") from None
    if moment > now:
        raise Refusal(_("事发时间还没有到，请再看一眼。"), field="happened_at")
    return moment


def _check_receipt(day: str, city: City, now: datetime) -> None:
    try:
        wrong = bool(day) and date.fromisoformat(day) > city.calendar.day_of(now)
    except ValueError:
        wrong = True
    if wrong:
        raise Refusal(_("收到日期不对，或还没有到，请再看一眼。"), field="received_on")
