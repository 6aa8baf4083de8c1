"""What stands in the way of a reply and of its review: each guard returns None, or the sentence a person reads."""

from __future__ import annotations

from datetime import timedelta

from classifier.replies.changes import Change
from classifier.text.masking.mask import personal_spans
from hotline.errors import About
from hotline.i18n import _
from hotline.review_advice.sent_back import asks_for_words, compared, last_sent_back
from hotline.tickets.context import ActionContext
from hotline.tickets.privacy import redact
from hotline.tickets.reply_rules.explanations import explains
from hotline.tickets.reply_rules.known_facts import KnownFact, completed, contradicted, known_facts
from hotline.tickets.reply_rules.replies import last_reply, reading_of
from hotline.tickets.vocabulary import CHECK_ANSWERS


def contact_is_unsaid(context: ActionContext) -> str | None:
    """The form must say how the citizen was contacted, or why not."""
    if context.answer("contacted"):
        for name in ("contact_how", "contacted_at"):
            if not context.answer(name):
                return About(name, _("已联系市民的，请写明联系方式和联系时间。"))
        if context.answer("contacted_at") > context.now + timedelta(minutes=5):
            return About("contacted_at", _("联系时间在将来，请核对。"))
        return None
    if context.answer("no_contact_reason"):
        return None
    asked = "contacted" if context.answer("contacted") is None else "no_contact_reason"
    return About(asked, _("没有联系市民的，请写明原因。"))


def answered_at_no_such_time(context: ActionContext) -> str | None:
    """The citizen was told between the ticket's beginning and now; forms count in minutes."""
    told_at = context.answer("answered_at") if context.answer("answered_citizen") else None
    if told_at is None:
        return None
    if told_at > context.now + timedelta(minutes=5):
        return About("answered_at", _("告诉市民的时间在将来，请核对。"))
    return (
        About("answered_at", _("告诉市民的时间早于收到诉求的时间，请核对。"))
        if told_at < context.ticket.created_at - timedelta(minutes=1)
        else None
    )


def outcome_is_unexplained(context: ActionContext) -> str | None:
    if context.answer("outcome") in ("partly", "unsolved") and not context.answer("outcome_reason"):
        return About("outcome_reason", _("没有完全解决的，请写明原因。"))
    return None


def beyond_is_unsaid(context: ActionContext) -> str | None:
    if context.answer("beyond_duty") and not context.answer("beyond_kind"):
        return About("beyond_kind", _("超出本单位职责的，请选择是哪一种情形。"))
    return None


def leaks_personal_data(context: ActionContext) -> str | None:
    """What the citizen will read names nobody's mobile number, ID number, plate or card, nor anything of this citizen.

    The office's own telephones, rooms and people are public: they are what the citizen needs to know.
    """
    shown = context.answer("public_answer") or context.answer("answer") or ""
    found = [shown[s.start : s.end] for s in personal_spans(shown, redact.person_of(context.ticket), redact.ANSWER)]
    if found:
        return _("给市民看的文字里有个人信息（%(what)s），请删去后再提交。", what="、".join(found[:3]))
    return None


def says_nothing_new(context: ActionContext) -> str | None:
    """A reply of a new round has news: what was only polished since it was sent back is not sent in again."""
    before = last_sent_back(context.db, context.ticket)
    if before is None or (before.codes and not asks_for_words(before, context.answers)):
        return None
    found = compared(before, context.answers)
    if not found.unchanged:
        return None
    asked = "、".join(context.city.reason_name(code) for code in before.codes)
    if not asked:
        return _("这份答复与上一轮的相比没有新内容。请写明重办以来新查到了什么、新做了什么，再提交。")
    if found.change is Change.SAME:
        return _(
            "这份答复与上一轮被退回的一字不差。上一轮退回的原因是：%(reasons)s。请写明这一轮新查到、新做了什么，再提交。",
            reasons=asked,
        )
    return _(
        "这份答复与上一轮被退回的相比只改了措辞，没有新内容。上一轮退回的原因是：%(reasons)s。请逐条回应，再提交。",
        reasons=asked,
    )


def own_reply(context: ActionContext) -> str | None:
    """Nobody reviews their own reply."""
    reply = last_reply(context.db, context.ticket.id)
    if reply is not None and reply.author_id is not None and reply.author_id == context.actor.id:
        return _("不能审核自己提交的答复，请由其他审核员处理。")
    return None


def was_not_read(context: ActionContext) -> str | None:
    """Who judges a reply has had it on the own page, word for word as it stands now: its sign comes back with the judgement."""
    reply = last_reply(context.db, context.ticket.id)
    if reply is None or context.answer("wording") == reading_of(reply):
        return None
    if context.answer("wording") is None:
        return _("请先在审核页看过这份答复，再通过、退回或改文字。")
    return _("同事刚改过公开答复的措辞，现在显示的是新的。请再看一眼，再按一次。")


def checklist_fails(context: ActionContext) -> str | None:
    """Every question is answered by a fact or a person, none with no, and "does not apply" only where the city allows it."""
    answers = completed(context.answer("checklist") or {}, _known(context))
    open_items = [item for item in context.city.checklist if item.code not in answers]
    if open_items:
        return _(
            "审核清单还有 %(n)d 项没有勾选：%(first)s",
            n=len(open_items),
            first=context.city.question(open_items[0].code),
        )
    evaded = [item for item in context.city.checklist if answers[item.code] == "na" and not item.na]
    if evaded:
        return _("“%(question)s”只能答是或否，不能“不适用”。", question=context.city.question(evaded[0].code))
    failed = [item for item in context.city.checklist if answers[item.code] == "no"]
    if failed:
        return _("清单中“%(question)s”为否，不能通过，请退回重办。", question=context.city.question(failed[0].code))
    return None


def contradicts_the_facts(context: ActionContext) -> str | None:
    """An answer against what is on record is taken only with a note that says how one knows; a second person reads it again."""
    known = _known(context)
    against = contradicted(context.answer("checklist") or {}, known)
    if not against or explains(str(context.answer("note") or "")):
        return None
    return _(
        "“%(question)s”答“%(answer)s”与记录不符（%(proof)s）。请改答，或写明依据：谁、怎么核实的、看到什么（例：下午电话问过来电人，灯亮了）。",
        question=context.city.question(against[0]),
        answer=_(CHECK_ANSWERS[context.answer("checklist")[against[0]]]),
        proof=known[against[0]].proof,
    )


def _known(context: ActionContext) -> dict[str, KnownFact]:
    return known_facts(context.db, context.city, context.ticket, last_reply(context.db, context.ticket.id))
