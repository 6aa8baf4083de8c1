"""The ticket's page as an answer: with a form open, with what was refused and why, or onward to where the form came from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import OutOfTurn, Refusal
from hotline.i18n import _
from hotline.tickets import petitions, roles
from hotline.tickets.act import possible
from hotline.tickets.display import timeline
from hotline.tickets.lifecycle import ACTIONS, BESIDE, Move
from hotline.tickets.petitions import PetitionKind
from hotline.tickets.privacy import redact, visibility
from hotline.tickets.privacy.attachments import of_draft
from hotline.web.core import transaction
from hotline.web.core.forms import draft_store
from hotline.web.core.forms.action_forms import name_of
from hotline.web.core.permission import local_path
from hotline.web.core.request_context import here
from hotline.web.ticket.defaults import default_values
from hotline.web.ticket.demands import demands_on
from hotline.web.ticket.details import file_row, read_details
from hotline.web.ticket.undo import flash_undoable
from models import Ticket, TicketEvent

Asker = Move | PetitionKind


def ask_url(asker: Asker, ticket: Ticket | dict[str, Any]) -> str:
    """Where the form of this move or petition is, and where it is sent. ticket: the row or anything with a number."""
    number = ticket["number"] if isinstance(ticket, dict) else ticket.number
    if isinstance(asker, Move):
        return url_for("tickets.do", number=number, action=asker.action)
    return url_for("tickets.petition", number=number, kind=asker.name)


def page_of(
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
        demands=demands_on(here.db, here.me, ticket),
        ticket=ticket,
        asker=asker,
        problems=problems or {},
        sentence=sentence,
        changes=changes,
        values=values if values is not None else default_values(asker, details, here.me) if asker else {},
        typed=typed,
        saved=draft_store.find(here.db, my_id(), key) if asker else None,
        decisions=decisions or {},
        next=request.values.get("next", ""),
        draft_files=[file_row(f, here.me) for f in of_draft(here.db, here.me, key)] if asker else [],
        draft_key=key,
        reveal_url=url_for("tickets.reveal", number=ticket.number) if details.reveals else "",
        show_url=url_for("tickets.show", number=ticket.number),
        can_attach=_can_attach(ticket),
    )
    return answer, status


def refused(
    number: str, asker: Asker | None, typed: dict[str, Any], refusal: Refusal, fields: Any, key: str
) -> ResponseReturnValue:
    """The same page with the form open again. A ticket that has moved on: what changed, and the words kept as a draft."""
    here.db.rollback()
    outdated = isinstance(refusal, OutOfTurn)
    if outdated:
        draft_store.keep(here.db, my_id(), key, _as_draft(typed))
        transaction.commit()
    ticket = visibility.see(here.db, here.me, number)
    still = _still(ticket, asker)
    changes = timeline.tell(_since_seen(ticket), here.city, hide=partial(redact.starred, ticket)) if outdated else []
    problems = refusal.problems or {"": refusal.sentence}
    if still is None or outdated:
        return page_of(
            ticket,
            still,
            values=typed,
            sentence=refusal.sentence,
            changes=changes,
            status=refusal.status,
            typed=_typed_words(fields, typed),
        )
    return page_of(ticket, still, values=typed, problems=problems, status=refusal.status)


def _still(ticket: Ticket, asker: Asker | None) -> Asker | None:
    if isinstance(asker, PetitionKind):
        return asker if asker in petitions.askable(ticket, here.me) else None
    return asker_of(ticket, asker.action) if asker else None


def onward(ticket: Ticket, sentence: str, kind: str = "good", done: Sequence[TicketEvent] = ()) -> ResponseReturnValue:
    """To where the form asked for, or to the ticket; a unit that has let a ticket go is not sent to a closed door."""
    if done:
        flash_undoable(sentence, done, url_for("tickets.show", number=ticket.number))
    else:
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


def asker_of(ticket: Ticket, action: str) -> Move | None:
    return next((move for move in possible(ticket, here.me) if move.action == action), None)


def cannot(ticket: Ticket, action: str) -> str:
    label = _(ACTIONS[action].label) if action in ACTIONS else action[:24]
    return _("工单现在是“%(state)s”，您不能进行“%(action)s”。", state=timeline.state_words(ticket.state), action=label)


def _since_seen(ticket: Ticket) -> list[TicketEvent]:
    events = here.db.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id, TicketEvent.action.not_in(BESIDE))
        .order_by(TicketEvent.id.desc())
        .limit(50)
    ).all()[::-1]
    seen = seen_moves()
    happened = timeline.since(events, ticket.move_count - seen) if seen is not None else list(events[-1:])
    return timeline.readable(happened, here.me, ticket)


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


def _as_draft(typed: dict[str, Any]) -> dict[str, Any]:
    """As the browser's autosave would have written it."""
    data: dict[str, Any] = {}
    for name, value in typed.items():
        if isinstance(value, dict):
            data |= {f"{name}.{code}": answer for code, answer in value.items()}
        else:
            data[name] = value
    return data


def _can_attach(ticket: Ticket) -> bool:
    return roles.staff(here.me, ticket)


def seen_moves() -> int | None:
    return request.form.get("seen", type=int)


def my_id() -> int:
    assert here.me.id is not None
    return here.me.id
