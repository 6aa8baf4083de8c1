"""What in a reply does not go together: with the reply before it, with what the citizen told, with our calls, with its own form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifier.replies.contradictions import (
    Clash,
    against_earlier,
    asks_for_number,
    asks_for_place,
    nobody_reached,
    says_done,
    says_talked,
)
from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.review_advice.promised import working_days_after
from hotline.review_advice.sent_back import SentBack, words_of, written
from models import Call, Ticket

MOST = 4

EARLIER = {
    Clash.TRUTH: N_("属不属实，与上一轮说的相反"),
    Clash.DONE: N_("上一轮说已经办了，这次说还没有办"),
    Clash.OURS: N_("是不是本单位的事，与上一轮说的相反"),
    Clash.DAY: N_("上一轮承诺的日子，这次推后了"),
    Clash.FIGURE: N_("同一笔钱，与上一轮说的数目不同"),
}
"""What the sentences of two rounds have against each other."""

NO = frozenset({"no", "false", "0", "off"})
YET_TO_COME = frozenset({"planned", "promised", "forwarded"})
"""Outcomes of a reply that tell nothing done."""


@dataclass(frozen=True)
class Contradiction:
    """name: what does not go together. now: the words of this reply. known: what stands against them (both masked)."""

    name: str
    now: str
    known: str


def contradictions(
    db: Session | None,
    city: City,
    ticket: Ticket,
    fields: Mapping[str, Any],
    before: SentBack | None,
    outcome: str,
    on: date | None = None,
) -> tuple[Contradiction, ...]:
    """outcome: what the assistant reads from the words. on: the day they are written on; without it no days are compared."""
    words = written(fields)
    found = [
        *_with_earlier(city, words, before, on),
        *_with_the_citizen(ticket, words),
        *(_with_our_calls(db, city, ticket, words) if db is not None else ()),
        *_with_the_form(fields, words, outcome),
    ]
    return tuple(found[:MOST])


def _with_earlier(city: City, words: str, before: SentBack | None, on: date | None) -> Iterator[Contradiction]:
    """The last round's reply, sentence against sentence."""
    if before is None:
        return
    then = city.calendar.day_of(before.reply.at)
    found = against_earlier(
        words_of(before.reply), then, words, on or then, lambda day, n: working_days_after(city, day, n)
    )
    for one in found:
        if one.clash is not Clash.DAY or on is not None:
            yield Contradiction(_(EARLIER[one.clash]), mask(one.now), mask(one.before))


def _with_the_citizen(ticket: Ticket, words: str) -> Iterator[Contradiction]:
    """Asking back for what the ticket holds."""
    place = ticket.text.place if ticket.text is not None and ticket.privacy != "sealed" else ""
    if place and (asked := asks_for_place(words)):
        yield Contradiction(_("市民已经留了地点"), mask(asked), mask(place))
    if ticket.contact_phone and ticket.privacy != "sealed" and (asked := asks_for_number(words)):
        yield Contradiction(_("市民已经留了电话"), mask(asked), mask(ticket.contact_phone))


def _with_our_calls(db: Session, city: City, ticket: Ticket, words: str) -> Iterator[Contradiction]:
    """ "Could not be reached", and we reached them after the ticket had gone out."""
    if not (said := nobody_reached(words)):
        return
    since = ticket.dispatched_at or ticket.created_at
    talked = db.scalar(
        select(func.max(Call.answered_at)).where(
            Call.ticket_id == ticket.id, Call.outcome == "reached", Call.answered_at >= since
        )
    )
    if talked is not None:
        yield Contradiction(_("热线接通过市民的电话"), mask(said), _("%(at)s 通话接通", at=_moment(city, talked)))


def _with_the_form(fields: Mapping[str, Any], words: str, outcome: str) -> Iterator[Contradiction]:
    if fields.get("outcome") == "solved" and outcome in YET_TO_COME and not says_done(words):
        yield Contradiction(_("写“已解决”，正文没有说办了什么"), "", "")
    if str(fields.get("contacted", "")).lower() in NO and (said := says_talked(words)):
        yield Contradiction(_("表上写没有联系市民，正文说联系过"), mask(said), "")


def _moment(city: City, moment: datetime) -> str:
    return moment.astimezone(ZoneInfo(city.timezone)).strftime("%m-%d %H:%M")
