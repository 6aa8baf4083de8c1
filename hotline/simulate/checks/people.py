"""People: nobody is told twice, nobody sees or does what is not theirs, and nothing of theirs lies open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Text, func, select, type_coerce

from hotline.i18n import N_
from hotline.simulate.checks.invariant import Seen, holds
from models import Assignment, Citizen, Message, Petition, Reply, Review, Staff, Survey, Ticket, TicketEvent, TicketText

ASKS = ("survey", "survey_reminder", "direct_survey")
A_DAY = timedelta(days=1)
TO_CITIZENS = Message.direction == "out", Message.channel == "sms"
BY_UNITS = ("sign", "contact", "interim", "reply", "object", "delegate", "wait", "resume")


@holds(N_("没有一条短信发两遍"))
def no_text_goes_out_twice(seen: Seen) -> Iterable[str]:
    same = Message.ticket_id, Message.citizen_id, Message.template_key, Message.text, Message.created_at
    twice = select(Message.ticket_id, Message.template_key).where(*TO_CITIZENS, Message.ticket_id.is_not(None))
    return seen.rows(twice.group_by(*same).having(func.count() > 1))


@holds(N_("每位市民每轮只问一次"))
def nobody_is_asked_twice_in_a_round(seen: Seen) -> Iterable[str]:
    return seen.rows(select(Survey.own_id, Survey.round).group_by(Survey.own_id, Survey.round).having(func.count() > 1))


@holds(N_("夜里不问群众"))
def nobody_is_asked_at_night(seen: Seen) -> Iterable[str]:
    begins, ends = seen.city.policy.civil_hours
    zone = ZoneInfo(seen.city.timezone)
    asked = select(Message.ticket_id, Message.sent_at).where(*TO_CITIZENS, Message.template_key.in_(ASKS))
    for ticket_id, sent in seen.db.execute(asked.where(Message.sent_at.is_not(None))):
        if sent is not None and not begins <= sent.astimezone(zone).time() <= ends:
            yield f"{ticket_id} {sent:%Y-%m-%d %H:%M}"


@holds(N_("没有一天前就该发、还没有发的短信"))
def no_text_is_left_lying(seen: Seen) -> Iterable[str]:
    lying = *TO_CITIZENS, Message.state.in_(("queued", "sending")), Message.created_at < seen.now - A_DAY
    return seen.rows(select(Message.ticket_id, Message.template_key).where(*lying))


@holds(N_("没有给不收短信的人发短信"))
def nobody_is_texted_who_wants_no_texts(seen: Seen) -> Iterable[str]:
    told = select(Message.ticket_id, Message.template_key).join(Citizen, Citizen.id == Message.citizen_id)
    return seen.rows(told.where(*TO_CITIZENS, Citizen.no_texts, Message.created_at > Citizen.created_at))


@holds(N_("单位只动过派给自己的工单"))
def no_unit_saw_what_it_may_not(seen: Seen) -> Iterable[str]:
    told = select(TicketEvent.ticket_id, TicketEvent.actor_unit).where(
        TicketEvent.action.in_(BY_UNITS), TicketEvent.actor_kind == "staff"
    )
    theirs = select(Assignment.id).where(
        Assignment.ticket_id == TicketEvent.ticket_id, Assignment.unit_code == TicketEvent.actor_unit
    )
    for ticket_id, unit in seen.db.execute(told.where(~theirs.exists()).distinct()):
        family = seen.city.unit_and_below(unit) if unit else ()
        assigned = select(Assignment.id).where(Assignment.ticket_id == ticket_id, Assignment.unit_code.in_(family))
        if seen.db.scalar(assigned.limit(1)) is None:
            yield f"{ticket_id} {unit}"


@holds(N_("没有人审核自己写的答复"))
def nobody_reviews_their_own_reply(seen: Seen) -> Iterable[str]:
    told = select(Review.ticket_id, Review.id).join(Reply, Reply.id == Review.reply_id)
    return seen.rows(told.where(Review.reviewer_id == Reply.author_id))


@holds(N_("没有人批自己提的申请"))
def nobody_decides_their_own_petition(seen: Seen) -> Iterable[str]:
    return seen.rows(select(Petition.ticket_id, Petition.kind).where(Petition.decided_by_id == Petition.asked_by_id))


@holds(N_("没有人在入职之前办过事"))
def nobody_acts_before_they_are_hired(seen: Seen) -> Iterable[str]:
    told = select(TicketEvent.ticket_id, Staff.login).join(Staff, Staff.id == TicketEvent.actor_id)
    return seen.rows(told.where(TicketEvent.at < Staff.created_at))


@holds(N_("电话号码在库里是密文"))
def no_number_lies_open(seen: Seen) -> Iterable[str]:
    for what, column in (("ticket", Ticket.contact_phone), ("citizen", Citizen.phone), ("message", Message.phone)):
        written = type_coerce(column, Text)
        open_ = select(column.class_.id).where(written.is_not(None), written != "", ~written.like("enc%"))
        yield from (f"{what} {row}" for row in seen.rows(open_))


@holds(N_("保密工单的正文在库里是密文"))
def no_sealed_words_lie_open(seen: Seen) -> Iterable[str]:
    written = type_coerce(TicketText.body, Text)
    told = select(Ticket.number).join(TicketText, TicketText.ticket_id == Ticket.id)
    return seen.rows(told.where(Ticket.privacy == "sealed", ~written.like("enc%"), written != ""))
