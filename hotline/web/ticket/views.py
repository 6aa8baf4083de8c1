"""One ticket's page: everything about it, and everything this person may do with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound, Refusal
from hotline.i18n import _
from hotline.staff.openings import tell_used_up
from hotline.tickets import petitions
from hotline.tickets.act import act, by_name, lock
from hotline.tickets.citizens.merged import withdrawal
from hotline.tickets.display import timeline, timeline_words
from hotline.tickets.lifecycle import ACTIONS, Move
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.privacy import visibility
from hotline.tickets.privacy.file_kinds import ACCEPT
from hotline.tickets.privacy.reveal import reveal as lift_mask
from hotline.tickets.reply_rules import signing
from hotline.tickets.reply_rules.replies import last_reply, reading_of
from hotline.web.core import ticket_words
from hotline.web.core.forms import action_forms, draft_store
from hotline.web.core.forms.action_forms import (
    asked_of,
    fields_of,
    label_of,
    name_of,
    questions,
    shown_values,
    typed_answers,
)
from hotline.web.core.forms.petition_decision import decide_as_typed, typed_decision
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.permission import EVERYBODY, allow
from hotline.web.core.request_context import here
from hotline.web.ticket import prints
from hotline.web.ticket.details import limit_words
from hotline.web.ticket.page import ask_url, asker_of, cannot, my_id, onward, page_of, refused, seen_moves
from hotline.web.ticket.with_the_form import send_to_be_signed, signs_alone, take_files, waits_for_yes
from models import Petition, Ticket

pages = Blueprint("tickets", __name__)


def _unit_words(code: str | None) -> str:
    return here.city.unit_name(code)


def reading_sign(ticket: Ticket) -> int | str:
    """What goes out with the form beside the reply that waits, and comes back with the judgement."""
    reply = last_reply(here.db, ticket.id)
    return reading_of(reply) if reply else ""


def _category_words(code: str | None) -> str:
    return here.city.category_name(code)


@pages.record_once
def _globals(state: Any) -> None:
    """What `_macros/actions.html` asks for."""
    state.app.jinja_env.globals.update(
        ask_questions=questions,
        asked_of=asked_of,
        ask_label=label_of,
        ask_hint=action_forms.hint_of,
        ask_mood=action_forms.mood_of,
        ask_name=name_of,
        ask_url=ask_url,
        ask_icon=lambda asker: timeline_words.ICONS.get(name_of(asker), "") if isinstance(asker, Move) else "send",
        ask_shown=lambda asker, values: shown_values(fields_of(asker), values or {}),
        limit_words=limit_words,
        waits_for_yes=waits_for_yes,
        signs_alone=signs_alone,
        signed_own=signing.signed_own,
        close_words=ticket_words.close_words,
        end_words=ticket_words.end_words,
        message_words=ticket_words.message_words,
        asker_words=ticket_words.asker_words,
        giver_words=ticket_words.giver_words,
        petition_words=ticket_words.petition_words,
        petition_label=lambda kind: _(PETITIONS[kind].label) if kind in PETITIONS else kind,
        reason_hint=action_forms.reason_hint,
        accept=ACCEPT,
        print_forms=prints.forms_of,
        reading_sign=reading_sign,
        print_titles=prints.FORMS,
    )
    state.app.jinja_env.filters.update(
        unit_words=_unit_words,
        category_words=_category_words,
    )


@pages.get("/tickets/<number>")
@allow(EVERYBODY)
def show(number: str) -> ResponseReturnValue:
    return page_of(visibility.see(here.db, here.me, number))


LOOKED_AT = {"merge": "merging.show", "split": "splitting.show"}
"""Actions with a page on which both tickets stand side by side before the yes."""


@pages.get("/tickets/<number>/do/<action>")
@allow(EVERYBODY)
def ask(number: str, action: str) -> ResponseReturnValue:
    """The page with the form of one action open; merging and splitting are looked at first, on pages of their own."""
    ticket = visibility.see(here.db, here.me, number)
    asker = asker_of(ticket, action)
    if asker is not None and action in LOOKED_AT:
        return redirect(url_for(LOOKED_AT[action], number=number, next=request.args.get("next")))
    return page_of(ticket, asker) if asker else page_of(ticket, sentence=cannot(ticket, action), status=409)


@pages.get("/tickets/<number>/petitions/<kind>")
@allow(EVERYBODY)
def ask_petition(number: str, kind: str) -> ResponseReturnValue:
    ticket = visibility.see(here.db, here.me, number)
    asker = next((row for row in petitions.askable(ticket, here.me) if row.name == kind), None)
    return (
        page_of(ticket, asker) if asker else page_of(ticket, sentence=_("工单现在的状态不能提出这个申请。"), status=409)
    )


@pages.post("/tickets/<number>/do/<action>")
@allow(EVERYBODY)
@takes_files
def do(number: str, action: str) -> ResponseReturnValue:
    """One action of the table, with the form as typed; refused, the page comes back with everything kept."""
    ticket = visibility.see(here.db, here.me, number)
    by_name(action)
    typed = typed_answers(ACTIONS[action].fields, request.form)
    key = f"{action}:{number}"
    try:
        held = lock(here.db, ticket.id)
        if action == "reply" and signing.needs_another(here.db, here.city, held, here.me):
            told = send_to_be_signed(held, typed)
            draft_store.forget(here.db, my_id(), key)
            return onward(held, told)
        done = withdrawal(here.db, held) if action == "withdraw" else action
        event = act(
            here.db,
            here.city,
            held,
            done,
            here.me,
            here.now,
            _said(action, typed, held),
            seen=seen_moves(),
            review_models=here.installation.review_models,
            hold=True,
        )
        take_files(held, event)
    except Refusal as refusal:
        return refused(number, asker_of(ticket, action), typed, refusal, ACTIONS[action].fields, key)
    draft_store.forget(here.db, my_id(), key)
    return onward(
        held,
        _(
            "“%(action)s”已办：工单 %(number)s 现在是“%(state)s”。",
            action=_(ACTIONS[action].label),
            number=number,
            state=timeline.state_words(held.state),
        ),
        done=(event,),
    )


@pages.post("/tickets/<number>/petitions/<kind>")
@allow(EVERYBODY)
def petition(number: str, kind: str) -> ResponseReturnValue:
    """Ask for an extension, a supervision …"""
    ticket = visibility.see(here.db, here.me, number)
    row = PETITIONS.get(kind)
    if row is None:
        raise NotFound(_("没有这种申请。"))
    typed = typed_answers(row.fields, request.form)
    try:
        petitions.ask(here.db, here.city, lock(here.db, ticket.id), kind, here.me, here.now, typed)
    except Refusal as refusal:
        return refused(number, row, typed, refusal, row.fields, f"{kind}:{number}")
    draft_store.forget(here.db, my_id(), f"{kind}:{number}")
    return onward(ticket, _("已提交，等待决定：%(what)s", what=_(row.label)))


@pages.post("/petitions/<int:petition_id>/decide")
@allow(EVERYBODY)
def decide(petition_id: int) -> ResponseReturnValue:
    ticket = _ticket_of(petition_id)
    number = ticket.number
    try:
        told = decide_as_typed(petition_id)
    except Refusal as refusal:
        here.db.rollback()
        return page_of(
            visibility.see(here.db, here.me, number),
            sentence=refusal.sentence,
            status=refusal.status,
            decisions={petition_id: typed_decision()},
        )
    return onward(ticket, told)


@pages.post("/petitions/<int:petition_id>/withdraw")
@allow(EVERYBODY)
def withdraw(petition_id: int) -> ResponseReturnValue:
    ticket = _ticket_of(petition_id)
    number = ticket.number
    try:
        petitions.withdraw(here.db, here.city, petition_id, here.me, here.now)
    except Refusal as refusal:
        here.db.rollback()
        return page_of(visibility.see(here.db, here.me, number), sentence=refusal.sentence, status=refusal.status)
    return onward(ticket, _("申请已撤回。"))


@pages.post("/tickets/<number>/reveal")
@allow(EVERYBODY)
def reveal(number: str) -> ResponseReturnValue:
    """One masked field in full, for a while, with its reason written down. Answers {"value", "seconds"}."""
    try:
        ticket = visibility.see(here.db, here.me, number)
        value = lift_mask(
            here.db,
            here.me,
            ticket,
            request.form.get("field", ""),
            request.form.get("reason", ""),
            here.now,
            here.address,
        )
    except Refusal as refusal:
        return jsonify(detail=refusal.sentence), refusal.status
    tell_used_up(here.db, here.me, "reveal", here.now)
    return jsonify(value=value, seconds=here.city.policy.reveal_seconds)


def _ticket_of(petition_id: int) -> Ticket:
    """The petition's ticket, if this person may see it. Raises NotFound."""
    number = here.db.scalar(
        select(Ticket.number).join(Petition, Petition.ticket_id == Ticket.id).where(Petition.id == petition_id)
    )
    if number is None:
        raise NotFound(_("没有这个申请。"))
    return visibility.see(here.db, here.me, number)


def _said(action: str, typed: dict[str, Any], ticket: Ticket) -> dict[str, Any]:
    """A correction says only what is different, so that the story and the learning hear of real changes alone."""
    if action != "correct":
        return typed
    now = {
        "title": ticket.title,
        "category": ticket.category_code,
        "request_type": ticket.request_type,
        "area": ticket.area,
        "urgency": ticket.urgency,
        "privacy": ticket.privacy,
        "place": ticket.text.place,
    }
    changed = {name: value for name, value in typed.items() if value and value != now.get(name)}
    if not changed:
        raise Refusal(_("没有改动任何内容。"))
    return changed
