"""One ticket's page: everything about it, and everything this person may do with it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import _
from hotline.tickets import petitions, roles
from hotline.tickets.act import act, lock, possible
from hotline.tickets.citizens.merged import withdrawal
from hotline.tickets.display import timeline
from hotline.tickets.lifecycle import ACTIONS, BESIDE, Move
from hotline.tickets.petitions import PETITIONS, PetitionKind
from hotline.tickets.privacy import redact, visibility
from hotline.tickets.privacy.attachments import of_draft
from hotline.tickets.privacy.file_kinds import ACCEPT
from hotline.tickets.privacy.reveal import reveal as lift_mask
from hotline.tickets.reply_rules import signing
from hotline.web.core import ticket_words, transaction
from hotline.web.core.forms import action_forms, draft_store
from hotline.web.core.forms.action_forms import fields_of, label_of, name_of, questions, shown_values, typed_answers
from hotline.web.core.forms.idempotency import first_time
from hotline.web.core.forms.petition_decision import decide_as_typed, typed_decision
from hotline.web.core.limits.large_bodies import takes_files
from hotline.web.core.looking import note_many_reveals, note_sealed_view
from hotline.web.core.permission import EVERYBODY, allow, local_path
from hotline.web.core.request_context import here
from hotline.web.ticket.defaults import default_values
from hotline.web.ticket.details import file_row, limit_words, read_details
from hotline.web.ticket.with_the_form import as_draft, send_to_be_signed, take_files, waits_for_yes
from models import Petition, Ticket, TicketEvent

pages = Blueprint("tickets", __name__)
Asker = Move | PetitionKind


def _unit_words(code: str | None) -> str:
    return here.city.unit_name(code)


def _category_words(code: str | None) -> str:
    return here.city.category_name(code)


@pages.record_once
def _globals(state: Any) -> None:
    """What `_macros/actions.html` asks for."""
    state.app.jinja_env.globals.update(
        ask_questions=questions,
        ask_label=label_of,
        ask_hint=action_forms.hint_of,
        ask_mood=action_forms.mood_of,
        ask_name=name_of,
        ask_url=ask_url,
        ask_icon=lambda asker: timeline.ICONS.get(name_of(asker), "") if isinstance(asker, Move) else "send",
        ask_shown=lambda asker, values: shown_values(fields_of(asker), values or {}),
        limit_words=limit_words,
        waits_for_yes=waits_for_yes,
        close_words=ticket_words.close_words,
        end_words=ticket_words.end_words,
        message_words=ticket_words.message_words,
        asker_words=ticket_words.asker_words,
        petition_words=ticket_words.petition_words,
        petition_label=lambda kind: _(PETITIONS[kind].label) if kind in PETITIONS else kind,
        reason_hint=action_forms.reason_hint,
        accept=ACCEPT,
    )
    state.app.jinja_env.filters.update(
        unit_words=_unit_words,
        category_words=_category_words,
    )


def ask_url(asker: Asker, ticket: Ticket | dict[str, Any]) -> str:
    """Where the form of this move or petition is, and where it is sent. ticket: the row or anything with a number."""
    number = ticket["number"] if isinstance(ticket, dict) else ticket.number
    if isinstance(asker, Move):
        return url_for("tickets.do", number=number, action=asker.action)
    return url_for("tickets.petition", number=number, kind=asker.name)


@pages.get("/tickets/<number>")
@allow(EVERYBODY)
def show(number: str) -> ResponseReturnValue:
    ticket = visibility.see(here.db, here.me, number)
    note_sealed_view(ticket)
    return _page(ticket)


@pages.get("/tickets/<number>/do/<action>")
@allow(EVERYBODY)
def ask(number: str, action: str) -> ResponseReturnValue:
    """The page with the form of one action open; merging is done by picking, on a page of its own."""
    ticket = visibility.see(here.db, here.me, number)
    if action == "merge" and _asker(ticket, action):
        return redirect(url_for("merging.show", number=number, next=request.args.get("next")))
    asker = _asker(ticket, action)
    return _page(ticket, asker) if asker else _page(ticket, sentence=_cannot(ticket, action), status=409)


@pages.get("/tickets/<number>/petitions/<kind>")
@allow(EVERYBODY)
def ask_petition(number: str, kind: str) -> ResponseReturnValue:
    ticket = visibility.see(here.db, here.me, number)
    asker = next((row for row in petitions.askable(ticket, here.me) if row.name == kind), None)
    return _page(ticket, asker) if asker else _page(ticket, sentence=_("工单现在的状态不能提出这个申请。"), status=409)


@pages.post("/tickets/<number>/do/<action>")
@allow(EVERYBODY)
@takes_files
def do(number: str, action: str) -> ResponseReturnValue:
    """One action of the table, with the form as typed; refused, the page comes back with everything kept."""
    ticket = visibility.see(here.db, here.me, number)
    if action not in ACTIONS:
        raise NotFound(_("没有“%(action)s”这个操作。", action=action[:24]))
    typed = typed_answers(ACTIONS[action].fields, request.form)
    key = f"{action}:{number}"
    try:
        if not first_time(here.db, here.now, ticket.id):
            return _onward(ticket, _("已经提交过，没有重复办理。"), "info")
        held = lock(here.db, ticket.id)
        if action == "reply" and signing.needs_another(held, here.me):
            told = send_to_be_signed(held, typed)
            draft_store.forget(here.db, _my_id(), key)
            return _onward(held, told)
        done = withdrawal(here.db, held) if action == "withdraw" else action
        event = act(
            here.db,
            here.city,
            held,
            done,
            here.me,
            here.now,
            _said(action, typed, held),
            seen=_seen(),
            review_models=here.installation.review_models,
        )
        take_files(held, event)
    except Refusal as refusal:
        return _refused(number, _asker(ticket, action), typed, refusal, ACTIONS[action].fields, key)
    draft_store.forget(here.db, _my_id(), key)
    return _onward(
        held,
        _(
            "“%(action)s”已办：工单 %(number)s 现在是“%(state)s”。",
            action=_(ACTIONS[action].label),
            number=number,
            state=timeline.state_words(held.state),
        ),
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
        if not first_time(here.db, here.now, ticket.id):
            return _onward(ticket, _("已经提交过，没有重复办理。"), "info")
        petitions.ask(here.db, here.city, lock(here.db, ticket.id), kind, here.me, here.now, typed)
    except Refusal as refusal:
        return _refused(number, row, typed, refusal, row.fields, f"{kind}:{number}")
    draft_store.forget(here.db, _my_id(), f"{kind}:{number}")
    return _onward(ticket, _("已提交，等待决定：%(what)s", what=_(row.label)))


@pages.post("/petitions/<int:petition_id>/decide")
@allow(EVERYBODY)
def decide(petition_id: int) -> ResponseReturnValue:
    ticket = _ticket_of(petition_id)
    number = ticket.number
    try:
        told = decide_as_typed(petition_id)
    except Refusal as refusal:
        here.db.rollback()
        return _page(
            visibility.see(here.db, here.me, number),
            sentence=refusal.sentence,
            status=refusal.status,
            decisions={petition_id: typed_decision()},
        )
    return _onward(ticket, told)


@pages.post("/petitions/<int:petition_id>/withdraw")
@allow(EVERYBODY)
def withdraw(petition_id: int) -> ResponseReturnValue:
    ticket = _ticket_of(petition_id)
    number = ticket.number
    try:
        petitions.withdraw(here.db, here.city, petition_id, here.me, here.now)
    except Refusal as refusal:
        here.db.rollback()
        return _page(visibility.see(here.db, here.me, number), sentence=refusal.sentence, status=refusal.status)
    return _onward(ticket, _("申请已撤回。"))


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
    note_many_reveals()
    return jsonify(value=value, seconds=here.city.policy.reveal_seconds)


# --- the page --------------------------------------------------------------------------------------------------------


def _page(
    ticket: Ticket,
    asker: Asker | None = None,
    *,
    values: dict[str, Any] | None = None,
    problems: dict[str, str] | None = None,
    sentence: str = "",
    changes: Sequence[timeline.TimelineEntry] = (),
    typed: Sequence[tuple[str, str]] = (),
    decisions: dict[int, str] | None = None,
    status: int = 200,
) -> Any:
    """The whole page; with an asker its form is open, with a sentence it says why something did not happen."""
    details = read_details(here.db, here.city, here.me, ticket, here.now)
    key = f"{name_of(asker)}:{ticket.number}" if asker else ""
    answer = render_template(
        "ticket/show.html",
        d=details,
        ticket=ticket,
        asker=asker,
        problems=problems or {},
        sentence=sentence,
        changes=changes,
        values=values if values is not None else default_values(asker, details, here.me) if asker else {},
        typed=typed,
        saved=draft_store.find(here.db, _my_id(), key) if asker else None,
        decisions=decisions or {},
        next=request.values.get("next", ""),
        draft_files=[file_row(f, here.me) for f in of_draft(here.db, here.me, key)] if asker else [],
        draft_key=key,
        reveal_url=url_for("tickets.reveal", number=ticket.number) if details.reveals else "",
        show_url=url_for("tickets.show", number=ticket.number),
        can_attach=_can_attach(ticket),
    )
    return answer, status


def _refused(
    number: str, asker: Asker | None, typed: dict[str, Any], refusal: Refusal, fields: Any, key: str
) -> ResponseReturnValue:
    """The same page with the form open again. A ticket that has moved on: what changed, and the words kept as a draft."""
    here.db.rollback()
    outdated = isinstance(refusal, OutOfTurn)
    if outdated:
        draft_store.keep(here.db, _my_id(), key, as_draft(typed))
        transaction.commit()
    ticket = visibility.see(here.db, here.me, number)
    still = _still(ticket, asker)
    changes = timeline.tell(_since_seen(ticket), here.city, hide=partial(redact.starred, ticket)) if outdated else []
    problems = refusal.problems or {"": refusal.sentence}
    if still is None or outdated:
        return _page(
            ticket,
            still,
            values=typed,
            sentence=refusal.sentence,
            changes=changes,
            status=refusal.status,
            typed=_typed_words(fields, typed),
        )
    return _page(ticket, still, values=typed, problems=problems, status=refusal.status)


def _still(ticket: Ticket, asker: Asker | None) -> Asker | None:
    if isinstance(asker, PetitionKind):
        return asker if asker in petitions.askable(ticket, here.me) else None
    return _asker(ticket, asker.action) if asker else None


def _onward(ticket: Ticket, sentence: str, kind: str = "good") -> ResponseReturnValue:
    """To where the form asked for, or to the ticket; a unit that has let a ticket go is not sent to a closed door."""
    flash(sentence, kind)
    wanted = request.form.get("next", "")
    here.db.flush()
    home = (
        url_for("tickets.show", number=ticket.number)
        if visibility.may_see(here.db, here.me, ticket.id)
        else url_for("home")
    )
    address = local_path(wanted) if wanted else home
    if here.htmx:
        return "", 204, {"HX-Redirect": address}
    return redirect(address, 303)


def _asker(ticket: Ticket, action: str) -> Move | None:
    return next((move for move in possible(ticket, here.me) if move.action == action), None)


def _cannot(ticket: Ticket, action: str) -> str:
    label = _(ACTIONS[action].label) if action in ACTIONS else action[:24]
    return _("工单现在是“%(state)s”，您不能进行“%(action)s”。", state=timeline.state_words(ticket.state), action=label)


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


def _since_seen(ticket: Ticket) -> list[TicketEvent]:
    events = here.db.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.not_in(BESIDE))
        .order_by(TicketEvent.id.desc())
        .limit(50)
    ).all()[::-1]
    seen = _seen()
    return timeline.since(events, ticket.move_count - seen) if seen is not None else list(events[-1:])


def _typed_words(fields: Any, typed: dict[str, Any]) -> list[tuple[str, str]]:
    """What was typed, readable and ready to copy."""
    shown = [(one, typed.get(one.name)) for one in fields]
    return [
        (
            _(one.label),
            value
            if isinstance(value, str) and one.kind in ("text", "long")
            else timeline.word_value(one, value, here.city),
        )
        for one, value in shown
        if value not in (None, "", [], {}) and one.kind != "checklist"
    ]


def _can_attach(ticket: Ticket) -> bool:
    return roles.staff(here.me, ticket)


def _seen() -> int | None:
    return request.form.get("seen", type=int)


def _my_id() -> int:
    assert here.me.id is not None
    return here.me.id
