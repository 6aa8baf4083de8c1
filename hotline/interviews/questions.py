"""The questions of a session: filed with their tickets, chosen, put together, answered, and the answers written down beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from hotline.city.schema import City
from hotline.errors import NotAllowed, NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.interviews.planning import takes_questions
from hotline.tickets.act import act, attempt, lock
from hotline.tickets.fields import still_open
from hotline.tickets.names import ActionName
from hotline.tickets.roles import Actor
from models import Interview, InterviewQuestion, Ticket
from models.store.db import changed
from models.store.rows import insert_once

ACCOUNTS = {
    "sms": N_("短信"),
    "wechat": N_("微信"),
    "weibo": N_("微博"),
    "app": N_("手机应用"),
    "email": N_("电子邮件"),
}
"""Doors by which a question comes as a message that begins with the code word; an account that is none of them counts as a page."""

DOORS = {"page": N_("网页"), "phone": N_("电话")} | ACCOUNTS
STATES = {"waiting": N_("等待"), "on_air": N_("正在答复"), "answered": N_("已现场答复"), "with": N_("并入同一问题")}
TAKEN_UP = ("on_air", "answered", "waiting", "with")
"""The states, those first of whose questions something was said already."""

LONGEST_ANSWER = 8000
MOST_BY_ONE = 5
"""Questions of one citizen for one session; further ones are matters like any other."""


@dataclass(frozen=True)
class Asked:
    """One question with its ticket. more: how many asked the same."""

    question: InterviewQuestion
    ticket: Ticket
    more: int


def file(db: Session, interview: Interview, ticket: Ticket, door: str, now: datetime) -> None:
    """This ticket is a question for this session; told twice it is one. Raises OutOfTurn when no questions are taken."""
    if not takes_questions(interview, now):
        raise OutOfTurn(_("这一场现在不收问题。"), code="not_open")
    insert_once(
        db,
        InterviewQuestion,
        ["ticket_id"],
        interview_id=interview.id,
        ticket_id=ticket.id,
        door=door,
        state="waiting",
        asked_at=now,
        version=0,
    )


def asked_enough(db: Session, interview: Interview, citizen_id: int | None) -> bool:
    wanted = select(func.count()).select_from(InterviewQuestion).join(Ticket, Ticket.id == InterviewQuestion.ticket_id)
    many = db.scalar(wanted.where(InterviewQuestion.interview_id == interview.id, Ticket.citizen_id == citizen_id)) or 0
    return citizen_id is not None and many >= MOST_BY_ONE


def listed(db: Session, interview: Interview, state: str = "") -> list[Asked]:
    """In the order in which they came; the same question is shown once, an informant's matter and what was taken back not at all."""
    rows = [(one, ticket) for one, ticket in asked_in(db, interview) if _may_be_read_out(ticket)]
    leads = leads_of(rows)
    many = Counter(leads.values())
    return [
        Asked(question, ticket, many[question.id] - 1)
        for question, ticket in rows
        if leads[question.id] == question.id and state in ("", question.state)
    ]


def _may_be_read_out(ticket: Ticket) -> bool:
    return ticket.privacy != "sealed" and ticket.state != "void" and ticket.close_kind != "withdrawn"


def asked_in(db: Session, interview: Interview) -> list[tuple[InterviewQuestion, Ticket]]:
    wanted = select(InterviewQuestion, Ticket).join(Ticket, Ticket.id == InterviewQuestion.ticket_id)
    wanted = wanted.options(joinedload(Ticket.text)).where(InterviewQuestion.interview_id == interview.id)
    rows = db.execute(wanted.order_by(InterviewQuestion.id).execution_options(populate_existing=True))
    return [(question, ticket) for question, ticket in rows]


def leads_of(rows: Sequence[tuple[InterviewQuestion, Ticket]]) -> dict[int, int]:
    """The question with which each of one session is asked, mostly itself: the one it was put with, and while it waits, whoever asks
    of the matter that its ticket was merged into. Parted again, each waits for itself."""
    matters = {one.id: ticket.merged_into_id if ticket.state == "merged" else ticket.id for one, ticket in rows}
    first: dict[int | None, int] = {}
    for one, _ticket in sorted(rows, key=lambda row: (TAKEN_UP.index(row[0].state), row[0].id)):
        first.setdefault(matters[one.id], one.id)
    waits = {one.id for one, _ticket in rows if one.state == "waiting"}
    put_with = {one.id: one.asked_with_id or one.id for one, _ticket in rows}
    return {one: first[matters[with_id]] if with_id in waits else with_id for one, with_id in put_with.items()}


def find(db: Session, interview: Interview, question_id: int) -> InterviewQuestion:
    found = db.get(InterviewQuestion, question_id, populate_existing=True)
    if found is None or found.interview_id != interview.id:
        raise NotFound(_("这一场没有这个问题。"))
    return found


def choose(db: Session, interview: Interview, question_id: int, now: datetime) -> None:
    """It is answered now; the one that was on air before counts as answered. Raises OutOfTurn."""
    if interview.state != "live":
        raise OutOfTurn(_("访谈还没有开始，或已经结束。"), code="not_live")
    find(db, interview, question_id)
    if leads_of(asked_in(db, interview))[question_id] != question_id:
        raise OutOfTurn(_("这个问题已并入同一问题，会一起答复。"), code="asked_with_another")
    finish(db, interview, now)
    _move(db, question_id, ("waiting",), state="on_air", on_air_at=now)


def finish(db: Session, interview: Interview, now: datetime) -> None:
    """What is on air has been answered."""
    on_air = (InterviewQuestion.interview_id == interview.id, InterviewQuestion.state == "on_air")
    db.execute(update(InterviewQuestion).where(*on_air).values(state="answered", answered_at=now))


def put_back(db: Session, interview: Interview, question_id: int) -> None:
    """It was not answered after all: it waits again."""
    find(db, interview, question_id)
    _move(db, question_id, ("on_air", "answered"), state="waiting", on_air_at=None, answered_at=None)


def put_together(
    db: Session, city: City, interview: Interview, question_id: int, with_id: int, actor: Actor, now: datetime
) -> bool:
    """Two ask the same: one answer is for both. Returns whether their tickets were merged, too.

    Where the moderator may not merge tickets, or the dispatch desk has sent them on already, each stays a ticket of its own
    and gets the same answer.
    """
    one, other = find(db, interview, question_id), find(db, interview, with_id)
    if one.id == other.id or other.state == "with":
        raise Refusal(_("请选另一个问题。"), field="with", code="same_question")
    _move(db, one.id, ("waiting",), state="with", asked_with_id=other.id)
    again = update(InterviewQuestion).where(InterviewQuestion.asked_with_id == one.id)
    db.execute(again.values(asked_with_id=other.id))
    master = db.get_one(Ticket, other.ticket_id)
    return attempt(db, lambda: _merge(db, city, one.ticket_id, master, actor, now)) is None


def ask_with(db: Session, interview: Interview, ticket: Ticket) -> None:
    """Who joined a matter that was asked here already asks the same: it comes on air once."""
    asked = (InterviewQuestion.interview_id == interview.id, InterviewQuestion.ticket_id == ticket.merged_into_id)
    first = db.scalar(select(InterviewQuestion).where(*asked))
    if first is not None:
        own = (InterviewQuestion.ticket_id == ticket.id, InterviewQuestion.state == "waiting")
        behind = first.asked_with_id or first.id
        db.execute(update(InterviewQuestion).where(*own).values(state="with", asked_with_id=behind))


def record(
    db: Session,
    interview: Interview,
    question_id: int,
    words: str,
    version: int,
    actor: Actor,
) -> None:
    """What was said, beside the question. Raises OutOfTurn when somebody has written meanwhile, Refusal when it is too long."""
    find(db, interview, question_id)
    if len(words.strip()) > LONGEST_ANSWER:
        raise Refusal(_("最多 %(n)d 个字，请写短一些。", n=LONGEST_ANSWER), field="answer")
    if hole := still_open(words):
        raise Refusal(hole, field="answer", code="still_open")
    held = select(InterviewQuestion).where(InterviewQuestion.id == question_id).with_for_update()
    one = db.scalars(held.execution_options(populate_existing=True)).one()
    if one.version != version:
        raise OutOfTurn(_("别人刚刚改过这段记录，您写的还在下面，请对照后再保存。"), code="overtaken")
    one.answer, one.version = words.strip() or None, version + 1
    one.recorded_by_id, one.recorded_by_name = actor.id, actor.name
    db.flush()


def send_to_guest(db: Session, city: City, interview: Interview, actor: Actor, now: datetime) -> tuple[int, int]:
    """What was answered goes to the guest's unit, which replies as it always does. Returns how many went, and how many waited."""
    wanted = select(Ticket.id).join(InterviewQuestion, InterviewQuestion.ticket_id == Ticket.id)
    answered = (InterviewQuestion.interview_id == interview.id, InterviewQuestion.state == "answered")
    ids = list(db.scalars(wanted.where(*answered, Ticket.state == "to_dispatch").order_by(Ticket.id)))
    said = {
        "unit": interview.guest_unit,
        "note": _("在线访谈“%(theme)s”现场已答复，请核对后正式答复。", theme=interview.theme),
    }
    refused = [attempt(db, partial(_dispatch, db, city, one, actor, now, said)) for one in ids]
    if refused and all(isinstance(one, NotAllowed) for one in refused):
        raise NotAllowed(_("派单由派单员办。"))
    return sum(one is None for one in refused), sum(one is not None for one in refused)


def _dispatch(db: Session, city: City, ticket_id: int, actor: Actor, now: datetime, said: dict[str, str]) -> None:
    act(db, city, lock(db, ticket_id), ActionName.DISPATCH, actor, now, said)


def answer_for(db: Session, ticket: Ticket) -> tuple[Interview, str] | None:
    """What was said live about this matter: to its own question, the one it was put with, or one merged into it."""
    mine = or_(Ticket.id == ticket.id, Ticket.merged_into_id == ticket.id)
    rows = db.execute(
        select(InterviewQuestion.id, Interview)
        .join(Interview, Interview.id == InterviewQuestion.interview_id)
        .join(Ticket, Ticket.id == InterviewQuestion.ticket_id)
        .where(mine)
        .order_by((Ticket.id == ticket.id).desc(), InterviewQuestion.id)
    ).all()
    for question_id, interview in rows:
        lead = leads_of(asked_in(db, interview))[question_id]
        if said := db.get_one(InterviewQuestion, lead).answer:
            return interview, said
    return None


def _merge(db: Session, city: City, ticket_id: int, master: Ticket, actor: Actor, now: datetime) -> None:
    act(db, city, lock(db, ticket_id), ActionName.MERGE, actor, now, {"master": master.number})


def _move(db: Session, question_id: int, before: tuple[str, ...], **values: object) -> None:
    """The database names the winner."""
    held = (InterviewQuestion.id == question_id, InterviewQuestion.state.in_(before))
    if changed(db, update(InterviewQuestion).where(*held).values(**values)) != 1:
        raise OutOfTurn(_("这个问题刚刚被别人处理了，请再看一眼。"), code="overtaken")
