"""Beside the intake form and on a unit's ticket: the answer with its source, by one key in the form or as a text, or the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.intake.citizens import find_or_make_citizen
from hotline.knowledge import matters, rights, unanswered, writing
from hotline.knowledge.answering import Answer, answer_of, answers
from hotline.knowledge.earlier import Earlier, earlier_answers
from hotline.messages.compose import takes_texts, text_citizen
from hotline.tickets.act import act, lock
from hotline.tickets.names import ActionName
from hotline.tickets.roles import UNIT_ROLES, Role
from hotline.triage.propose import Triage, consider
from hotline.web.core.permission import allow
from hotline.web.core.request_context import here
from hotline.web.intake.form import Intake, category_label, typed_now
from hotline.web.intake.views import arrived, take_in
from hotline.web.knowledge.pages import index_here, pages
from models import Citizen, Message, Ticket
from webhooks.numbers import read_phone

AGENTS = frozenset({Role.AGENT, Role.LEAD_AGENT})
ASKED_FROM = 8
"""Characters from which on a question without an answer is worth keeping."""

ONCE = timedelta(hours=12)


@dataclass(frozen=True)
class Known:
    """What stands beside the form. unasked: nothing surely fits, and what is typed may be kept as a question."""

    answers: list[Answer]
    earlier: list[Earlier]
    unasked: bool

    @property
    def sure(self) -> bool:
        """Whether the first is told as the answer; else all are guesses, opened and read before one goes into the form."""
        return any(one.sure for one in self.answers)


@pages.record_once
def _globals(state: Any) -> None:
    state.app.jinja_env.globals.update(known_beside=known_beside, similar_closed=similar_closed)


def known_beside(values: Mapping[str, str] | None, triage: Triage | None) -> Known | None:
    """For what is typed so far; None while nothing is, and while somebody may be in danger."""
    typed = values if values is not None else request.form
    text = typed.get("body", "").strip()
    if not text or (triage is not None and triage.urgency == "critical"):
        return None
    area = typed.get("area") or (triage.place.area if triage is not None and triage.place.sure else None) or ""
    found = answers(
        here.db, index_here(), here.city, text, here.now, area=area, channel=typed.get("channel") or "hotline"
    )
    category = triage.category if triage is not None else None
    before = [] if found else earlier_answers(here.db, here.me, text, category, here.now)
    unsure = not before and not any(one.sure for one in found)
    return Known(found, before, unsure and len(text) >= ASKED_FROM)


def similar_closed(ticket: Ticket) -> list[Earlier]:
    """For the unit that handles it: its own closed tickets of the same kind, with what was answered and how it ended."""
    if ticket.state not in ("to_sign", "handling", "waiting") or not here.me.is_(*UNIT_ROLES):
        return []
    text = f"{ticket.title} {ticket.text.body}"
    return earlier_answers(here.db, here.me, text, ticket.category_code, here.now, except_id=ticket.id)


@pages.post("/desk/<int:article_id>/use")
@allow(rights.READERS)
def use(article_id: int) -> ResponseReturnValue:
    """An answer was taken over into the form; who opened the form before its last midnight is told to take it out again."""
    try:
        _told(article_id)
    except NotFound as gone:
        return _said(gone.sentence, "bad"), gone.status
    writing.note_use(here.db, article_id)
    return "", 204


@pages.post("/desk/<int:article_id>/text")
@allow(AGENTS)
def text(article_id: int) -> ResponseReturnValue:
    """The answer as a text to the caller, by the same door as every text; who takes none gets none."""
    try:
        answer = _told(article_id)
        citizen = _caller(typed_now())
        told = answer.version.text_answer or answer.version.phone_answer or matters.shortened(answer.papers)
        _send(citizen, "knowledge_answer", {"answer": told, "source": answer.source}, article_id)
    except Refusal as refusal:
        return _said(refusal.sentence, "bad"), refusal.status if refusal.status == 404 else 200
    writing.note_use(here.db, article_id)
    return _said(_("已发给来电人：%(title)s", title=answer.version.title), "good")


@pages.post("/desk/<int:article_id>/slip")
@allow(AGENTS)
def slip(article_id: int) -> ResponseReturnValue:
    """What to bring, where and when, as a text to the caller."""
    try:
        answer = _told(article_id)
        _send(_caller(typed_now()), "matter_slip", matters.slip(answer.version), article_id)
    except Refusal as refusal:
        return _said(refusal.sentence, "bad"), refusal.status if refusal.status == 404 else 200
    writing.note_use(here.db, article_id)
    return _said(_("办事提示单已发给来电人：%(title)s", title=answer.version.title), "good")


@pages.post("/desk/<int:article_id>/window")
@allow(AGENTS)
def window(article_id: int) -> ResponseReturnValue:
    """Take the matter in as a ticket for the window that owns it, with what was asked."""
    return arrived(lambda intake: _for_window(intake, article_id), "submit")


@pages.post("/desk/unanswered")
@allow(AGENTS)
def keep_question() -> str:
    """Nothing fitted what was typed: the unit that should know gets it on its list."""
    intake = typed_now()
    known = consider(here.city, here.installation.classifier, intake.text)
    unanswered.note(here.db, intake.text, "desk", here.now, unit=known.unit, category=known.category)
    return _said(_("已记下，会交给负责单位补充。"), "good")


def _told(article_id: int) -> Answer:
    """Raises NotFound when it may not be told any more."""
    found = answer_of(here.db, here.city, article_id, here.now)
    if found is None:
        raise NotFound(_("这条知识已经撤下或过期，不能再发。"))
    return found


def _caller(intake: Intake) -> Citizen:
    """Raises Refusal when nobody there can read a text."""
    number = read_phone(intake.phone, here.city.area_code).number
    citizen = find_or_make_citizen(here.db, number, here.now) if number else None
    if citizen is None:
        raise Refusal(_("没有能收短信的号码：请先填写来电号码。"), code="no_phone")
    if citizen.no_texts:
        raise Refusal(_("这位市民要求不再收短信，没有发送。请读给来电人。"), code="takes_no_texts")
    if not takes_texts(citizen):
        raise Refusal(_("这个号码收不了短信，请读给来电人。"), code="cannot_be_texted")
    return citizen


def _send(citizen: Citizen, key: str, values: dict[str, str], article_id: int) -> None:
    """Raises Refusal when the same was sent a moment ago: a second press of the key is no second text."""
    words = here.city.texts[key].fill(citizen.language, **values)
    lately = select(Message.id).where(
        Message.citizen_id == citizen.id, Message.template_key == key, Message.created_at > here.now - ONCE
    )
    sent = [here.db.get_one(Message, one) for one in here.db.scalars(lately)]
    if any(one.text[:60] == words[:60] for one in sent):
        raise Refusal(_("刚才已经发过同样的内容，没有重复发送。"), code="sent_already")
    once = f"{key}:{article_id}:{citizen.id}:{int(here.now.timestamp())}"
    text_citizen(here.db, here.city, citizen, key, here.now, values, once=once)


def _for_window(intake: Intake, article_id: int) -> Ticket:
    answer = _told(article_id)
    if not intake.values["category"] and answer.version.category_code:
        intake.values["category"] = category_label(answer.version.category_code)
    ticket = take_in(intake, "submit")
    guide = answer.version.guide
    note = _(
        "请转“%(matter)s”的办理窗口：%(unit)s，%(place)s。来电人问的见诉求内容；已告知要带：%(papers)s。",
        matter=answer.version.title,
        unit=here.city.unit_name(answer.article.unit_code),
        place=guide.get("place") or _("地点待窗口告知"),
        papers="、".join(answer.papers) or _("无"),
    )
    act(here.db, here.city, lock(here.db, ticket.id), ActionName.NOTE, here.me, here.now, {"text": note})
    writing.note_use(here.db, article_id)
    return ticket


def _said(sentence: str, kind: str) -> str:
    return render_template("knowledge/_said.html", sentence=sentence, kind=kind)
