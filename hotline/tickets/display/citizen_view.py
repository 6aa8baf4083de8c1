"""What a citizen may see of a ticket, built only from what is public: nothing internal is read into these values.

Every citizen behind a merged ticket follows the master's progress under their own number, and reads only their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from classifier.replies.promised.promises import Promise
from classifier.text.normalise import plain
from hotline.city.schema import City
from hotline.i18n import _
from hotline.keys import codes
from hotline.review_advice.promised import read_promises
from hotline.tickets import deadlines
from hotline.tickets.citizens.merged import survey_of_own
from hotline.tickets.display.citizen_texts import (
    AGAIN,
    ASKING,
    CLOCKS,
    CLOSED,
    DUE,
    ENDED_PLAINLY,
    LEFT,
    NOW,
    OWN_ENDINGS,
    TOLD,
    WAITS,
    Told,
)
from hotline.tickets.display.usual_wait import UsualWait, usual_wait
from hotline.tickets.lifecycle import find_move
from hotline.tickets.privacy.redact import ANSWER, starred
from hotline.tickets.roles import Actor, a_citizen, voice
from hotline.tickets.states import ENDED, State
from models import Attachment, Reply, Ticket, TicketEvent

DEEDS = ("add", "urge", "withdraw", "attach")
MOST_EVENTS = 200


@dataclass(frozen=True)
class Step:
    """One stage on the way, as the progress macro draws it."""

    title: str
    done: bool = False
    current: bool = False
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True)
class Passage:
    """One thing that happened, in public words."""

    at: datetime
    title: str
    text: str = ""
    own: bool = False


@dataclass(frozen=True)
class Answer:
    """What was answered to the citizen. kind: final, interim or direct. promises: what was promised in it, by day."""

    at: datetime | None
    unit: str
    text: str
    kind: str
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True)
class Progress:
    """The whole page. due: (what is due, when), None when nothing runs. may: what this citizen can do now.

    asked: a question waits for this citizen's answer. again: an earlier answer was sent back.
    """

    number: str
    title: str
    words: str
    place: str
    created_at: datetime
    sentence: str
    due: tuple[str, datetime] | None
    late: bool
    unit: str
    steps: list[Step]
    passages: list[Passage]
    answers: list[Answer]
    question: str
    asked: bool
    may: frozenset[str]
    over: bool
    merged: bool
    again: bool
    usual: UsualWait | None = None
    files: list[Attachment] = field(default_factory=list)


def prove(db: Session, number: str, code: str) -> Ticket | None:
    """The ticket of this number if the query code is right; one answer for a wrong code and for an unknown number."""
    ticket = find(db, number)
    given = _typed(code)[-codes.LENGTH :]
    return ticket if ticket is not None and codes.is_query_code(db, ticket, given) else None


def find(db: Session, number: str) -> Ticket | None:
    """A ticket a citizen may know of; drafts are nobody's yet."""
    return db.scalar(
        select(Ticket)
        .options(joinedload(Ticket.text))
        .where(Ticket.number == number_meant(number), Ticket.state != "draft")
    )


def number_meant(number: str) -> str:
    """The one number behind whatever was typed around it: what is looked up, and what guesses are counted by."""
    typed = "".join(sign for sign in plain(number) if not sign.isspace() and sign not in "-‐–—")
    glued = re.search(r"(?<!\d)\d{12}(?!\d)", typed)
    """A phone may have taken the words behind the link for a part of it."""
    return glued[0] if glued else "".join(sign for sign in _typed(number) if sign.isdigit())[:24]


def _typed(written: str) -> str:
    """Letters and digits in one writing: a Chinese keyboard types full width, people add blanks, dashes and words before them."""
    return "".join(c for c in plain(written).upper() if c.isascii() and c.isalnum())


def master_of(db: Session, own: Ticket) -> Ticket:
    """The ticket whose progress counts: the master of a merged one, else its own."""
    if own.state != "merged" or own.merged_into_id is None:
        return own
    return db.scalars(select(Ticket).options(joinedload(Ticket.text)).where(Ticket.id == own.merged_into_id)).one()


def progress(db: Session, city: City, own: Ticket, now: datetime) -> Progress:
    """Everything the citizen's page shows; eight statements at most."""
    master = master_of(db, own)
    me = voice(own, master)
    merged = own.id != master.id
    state = State(master.state)
    events = _events(db, own, master)
    due = _due(db, master, state, own.left_at is not None)
    return Progress(
        number=own.number,
        title=starred(own, own.text.public_title),
        words=starred(own, own.text.body),
        place=starred(own, own.text.place),
        created_at=own.created_at,
        sentence=_judging(db, own, master) or _sentence(master, state, city, merged),
        due=due,
        late=bool(due and due[1] < now),
        unit=city.unit_name(master.unit_code),
        steps=_steps(own, master, state, city),
        passages=_passages(events, own, master, me, city),
        answers=_answers(db, master, city, events),
        question=_question(own, events),
        asked=_is_asked(db, own, master),
        may=_may(master, state, merged),
        over=state in ENDED or own.left_at is not None,
        merged=merged,
        again=master.round > 1 and state not in ENDED | {State.TO_FOLLOW_UP},
        usual=usual_wait(db, city, own, master, now),
        files=_files(db, own, master, me),
    )


def where_it_stands(db: Session, city: City, own: Ticket) -> str:
    """The sentence at the head of the citizen's page, for a list of their matters."""
    master = master_of(db, own)
    return _judging(db, own, master) or _sentence(master, State(master.state), city, own.id != master.id)


def _events(db: Session, own: Ticket, master: Ticket) -> list[TicketEvent]:
    rows = db.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id.in_({own.id, master.id}), TicketEvent.action.in_(list(TOLD)))
        .order_by(TicketEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return list(rows)[::-1]


def _judging(db: Session, own: Ticket, master: Ticket) -> str:
    """This citizen's own answer waits for a person of the follow-up desk; what others behind the ticket said is theirs."""
    if State(master.state) is not State.TO_FOLLOW_UP or own.left_at:
        return ""
    mine = survey_of_own(db, master, own)
    told = WAITS.get(mine.outcome) if mine is not None else None
    return _(told) if told else ""


def _sentence(ticket: Ticket, state: State, city: City, merged: bool) -> str:
    if ticket.left_at and not merged:
        return _(LEFT)
    values = {"unit": city.unit_name(ticket.unit_code), "until": _day(ticket.wait_until, city)}
    if state in (State.CLOSED, State.ARCHIVED):
        kind = ticket.close_kind or ""
        return _(ENDED_PLAINLY) if merged and kind in OWN_ENDINGS else _(CLOSED.get(kind, ENDED_PLAINLY))
    if ticket.asking_more and state is State.TO_DISPATCH:
        return _(ASKING)
    if ticket.round > 1 and state is State.TO_SIGN:
        return _(AGAIN, **values)
    return (
        _(NOW.get(state, ENDED_PLAINLY), **values) if "%(" in NOW.get(state, "") else _(NOW.get(state, ENDED_PLAINLY))
    )


def _due(db: Session, ticket: Ticket, state: State, left: bool) -> tuple[str, datetime] | None:
    if ticket.asking_more or left:
        return None
    running = {one.clock: one.due_at for one in deadlines.running(db, ticket.id)}
    clock = next((name for name in CLOCKS.get(state, ()) if name in running), None)
    return (_(DUE[clock]), running[clock]) if clock else None


def _steps(own: Ticket, ticket: Ticket, state: State, city: City) -> list[Step]:
    """The five stages; a ticket that was declined, transferred or answered at once has a shorter way."""
    born = Step(_("已受理"), done=True, at=own.created_at)
    if state in (State.DECLINED, State.TRANSFERRED, State.VOID):
        names = {State.DECLINED: _("不予受理"), State.TRANSFERRED: _("已移交"), State.VOID: _("没有立案")}
        return [born, Step(names[state], done=True, current=True, at=ticket.closed_at)]
    short = {"direct": _("已直接答复"), "withdrawn": _("已撤回")}
    if (ended := short.get(ticket.close_kind or "")) is not None:
        return [born, Step(ended, done=True, current=True, at=ticket.closed_at)]
    here = _STAGES.get(state, 5)
    unit = city.unit_name(ticket.unit_code)
    again = _("第 %(n)d 次办理", n=ticket.round) if ticket.round > 1 else ""
    rows = [
        (_("转给承办单位"), ticket.dispatched_at, unit),
        (_("单位办理"), ticket.signed_at, again),
        (_("审核答复"), ticket.replied_at, ""),
        (_("评价并办结"), ticket.closed_at, ""),
    ]
    return [born] + [
        Step(
            title,
            done=n < here,
            current=n == here,
            at=at if n < here or n == here == 2 else None,
            text=text if n <= here else "",
        )
        for n, (title, at, text) in enumerate(rows, 1)
    ]


_STAGES = {
    State.TO_DISPATCH: 1,
    State.IN_DISPUTE: 1,
    State.IN_OBJECTION: 1,
    State.TO_SIGN: 2,
    State.HANDLING: 2,
    State.WAITING: 2,
    State.TO_REVIEW: 3,
    State.TO_FOLLOW_UP: 4,
}


def _passages(events: Iterable[TicketEvent], own: Ticket, master: Ticket, me: Actor, city: City) -> list[Passage]:
    """Newest first. Of a master only what happened since this citizen joined it."""
    joined = max((e.at for e in events if e.ticket_id == own.id and e.action == "merge"), default=None)
    found = []
    for event in events:
        if own.id != master.id and event.ticket_id == master.id and joined and event.at < joined:
            continue
        if passage := _passage(event, own, me, city):
            found.append(passage)
    return found[::-1]


def _passage(event: TicketEvent, own: Ticket, me: Actor, city: City) -> Passage | None:
    told = TOLD[event.action]
    mine = _is_mine(event, own, me)
    if event.action == "contact" and event.data.get("reached") is False:
        return None
    sentence = told.sentence if mine or not told.own else _without_words(event, told)
    if not sentence:
        return None
    said = str(event.data.get(told.said) or "") if told.said and (mine or not told.own) else ""
    return Passage(
        event.at, _filled(sentence, event, city), starred(own, said, "" if told.own else ANSWER), own=told.own and mine
    )


def _is_mine(event: TicketEvent, own: Ticket, me: Actor) -> bool:
    """Done by this citizen: on their own ticket, or under their own number on the master."""
    if event.actor_kind != "citizen":
        return False
    return event.actor_name == (a_citizen(own).name if event.ticket_id == own.id else me.name)


def _without_words(event: TicketEvent, told: Told) -> str:
    return told.others


def _filled(sentence: str, event: TicketEvent, city: City) -> str:
    if "%(" not in sentence:
        return _(sentence)
    unit = event.data.get("unit") if event.action in ("dispatch", "rule") else event.unit_code
    return _(
        sentence,
        unit=city.unit_name(unit) or _("承办单位"),
        until=str(event.data.get("until") or "")[:10],
        body=city.unit_name(str(event.data.get("body") or "")),
    )


def _answers(db: Session, ticket: Ticket, city: City, events: Iterable[TicketEvent]) -> list[Answer]:
    """Interim answers, and the final one only after a reviewer passed it. Columns are named: no internal one is read."""
    rows = db.execute(
        select(Reply.at, Reply.unit_code, Reply.public_answer, Reply.kind)
        .where(Reply.ticket_id == ticket.id, Reply.kind == "interim")
        .order_by(Reply.id)
    ).all()
    found = [
        Answer(
            row.at,
            city.unit_name(row.unit_code),
            starred(ticket, row.public_answer, ANSWER),
            "interim",
            _promises(city, row.public_answer, row.at),
        )
        for row in rows
    ]
    if ticket.text.public_answer:
        passed = [e for e in events if e.ticket_id == ticket.id and e.action in ("pass", "answer_directly")]
        last = passed[-1] if passed else None
        direct = last is not None and last.action == "answer_directly"
        unit = _("热线中心") if direct else city.unit_name((last.unit_code if last else None) or ticket.unit_code)
        at = last.at if last else None
        words = starred(ticket, ticket.text.public_answer, ANSWER)
        promises = _promises(city, ticket.text.public_answer, ticket.replied_at or at)
        found.append(Answer(at, unit, words, "direct" if direct else "final", promises))
    return found[::-1]


def _promises(city: City, text: str, at: datetime | None) -> tuple[Promise, ...]:
    """The dated steps of an answer, read against the day it was written."""
    return read_promises(city, text, city.calendar.day_of(at)).dated if at else ()


def _question(own: Ticket, events: Iterable[TicketEvent]) -> str:
    if not own.asking_more:
        return ""
    asked = [event for event in events if event.ticket_id == own.id and event.action == "ask_more"]
    return starred(own, str(asked[-1].data.get("question") or ""), ANSWER) if asked else ""


def _is_asked(db: Session, own: Ticket, master: Ticket) -> bool:
    """Whether a question waits for this citizen. The page says so; the link that answers it is in the text alone, since the
    query code, which an agent has read out, must not be enough to rate."""
    if master.state != "to_follow_up" or own.left_at:
        return False
    asked = survey_of_own(db, master, own)
    return asked is not None and asked.answered_at is None and asked.outcome in ("asked", "in_doubt")


def _may(ticket: Ticket, state: State, merged: bool) -> frozenset[str]:
    """What the table allows a citizen in this state; a merged citizen withdraws alone, and who left is done."""
    if ticket.left_at and not merged:
        return frozenset()
    found = {deed for deed in DEEDS if find_move(state, deed) is not None}
    if state in ENDED:
        found.discard("attach")
    return frozenset(found)


def _files(db: Session, own: Ticket, master: Ticket, me: Actor) -> list[Attachment]:
    """What this citizen sent."""
    mine: list[Any] = [(Attachment.ticket_id == own.id) & (Attachment.added_by_name == a_citizen(own).name)]
    if own.id != master.id:
        mine.append((Attachment.ticket_id == master.id) & (Attachment.added_by_name == me.name))
    return list(
        db.scalars(
            select(Attachment)
            .where(or_(*mine), Attachment.side == "citizen", Attachment.removed_at.is_(None))
            .order_by(Attachment.id)
        )
    )


def _day(moment: datetime | None, city: City) -> str:
    return moment.astimezone(ZoneInfo(city.timezone)).strftime("%Y-%m-%d") if moment else ""
