"""The agent's desk: one screen on which a call becomes a ticket, an urge, an answer or a transfer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.errors import Refusal
from hotline.i18n import N_, _
from hotline.intake.drafts import own_draft, rewrite
from hotline.intake.open_ticket import open_ticket
from hotline.interviews.planning import taking_questions
from hotline.interviews.questions import file
from hotline.keys.codes import query_code
from hotline.knowledge.expiry import outlived
from hotline.public_board import consent
from hotline.telephony import calls, three_way
from hotline.tickets.act import act, lock
from hotline.tickets.display import citizen_view
from hotline.tickets.effects.taking_back import last_move
from hotline.tickets.fields import still_open
from hotline.tickets.lists.paging import Page
from hotline.tickets.lists.ticket_list import Wanted, find
from hotline.tickets.privacy import visibility
from hotline.tickets.roles import Role
from hotline.web.core.formatting import canonical_url, masked_phone, phone_note, ticket_row, word
from hotline.web.core.limits.idempotency import keyless
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.core.sorting import asked_order, asked_page
from hotline.web.intake import autosave, dial
from hotline.web.intake import calls as desk_calls
from hotline.web.intake.fields import field_words
from hotline.web.intake.form import Intake, asked_for, claim_files, files_of, typed_now
from hotline.web.intake.side_panel import beside
from hotline.web.ticket.undo import flash_undoable
from models import Draft, Ticket
from webhooks.numbers import can_be_texted

pages = Blueprint("desk", __name__)
pages.register_blueprint(desk_calls.pages)
pages.register_blueprint(dial.pages)
AGENTS = frozenset({Role.AGENT, Role.LEAD_AGENT})
SHOWN = 8
JUST_TAKEN = "just_taken"
"""The ticket whose query code may be shown once in this browser."""

CAN_BE_UNDONE = {"answer": N_("工单 %(number)s 已直接答复并办结。"), "merge": N_("工单 %(number)s 已受理并合并。")}
"""What the green bar says where it has a way back."""

TODAY_ORDERS = ("created", "-created", "due", "-due")


@pages.get("/desk", strict_slashes=False)
@allow(AGENTS)
def show() -> str:
    return _page(asked_for())


@pages.post("/desk/beside")
@allow(AGENTS)
@keyless
def aside() -> str:
    """Proposal, history, duplicates and hints for what is typed so far; asked while typing, so it writes nothing but the first
    look for a number into the book."""
    read_only()
    return render_template("intake/_side_panel.html", side=beside(typed_now()), join_url=join_url)


@pages.post("/desk/questions")
@allow(AGENTS)
@keyless
def questions() -> str:
    """What the category of the words typed so far asks; like the proposal it must not write."""
    read_only()
    return render_template("intake/_questions.html", asked=typed_now().asked)


@pages.post("/desk")
@allow(AGENTS)
def submit() -> ResponseReturnValue:
    """Take it in. then: submit, another (one more matter of this call), answer (at once), draft (keep it for later)."""
    then = request.form.get("then", "submit")
    return arrived(lambda intake: take_in(intake, then), then)


@pages.post("/desk/transfer")
@allow(AGENTS)
def transfer() -> ResponseReturnValue:
    """Put the caller through to 110, 119, 120 or 122; what is typed so far becomes a ticket that was transferred."""
    return arrived(lambda intake: _transferred(intake, request.form.get("to", "")), "transfer")


@pages.post("/desk/<any(urge, add):action>/<number>")
@allow(AGENTS)
def same_matter(action: str, number: str) -> ResponseReturnValue:
    """No new ticket: the caller urges one of theirs, or adds what is typed to it."""
    return arrived(lambda intake: _joined(intake, action, number), action)


@pages.post("/desk/merge/<number>")
@allow(AGENTS)
def merge(number: str) -> ResponseReturnValue:
    """One more caller of a matter that is here already: a ticket of their own, put together with that one at once."""
    return arrived(lambda intake: _merged(intake, number), "merge")


@pages.post("/desk/drafts/<number>/void")
@allow(AGENTS)
def void(number: str) -> ResponseReturnValue:
    ticket = own_draft(here.db, visibility.see(here.db, here.me, number).id, here.me)
    act(here.db, here.city, ticket, "void", here.me, here.now, {"reason": _("话务员放弃暂存")})
    autosave.forget(here.db, _my_id(), f"desk:draft:{number}")
    flash(_("暂存 %(number)s 已作废。", number=number), "info")
    return redirect(url_for("desk.show"), 303)


# --- steps ---------------------------------------------------------------------------------------------------------------


def arrived(take: Callable[[Intake], Ticket | None], did: str) -> ResponseReturnValue:
    """Do it with what was typed, and go on; refused, the same page comes back with every word of it."""
    intake = typed_now()
    try:
        ticket = take(intake)
    except Refusal as refusal:
        return _refused(intake, refusal)
    autosave.forget(here.db, _my_id(), intake.key)  # what was typed has arrived: its autosaved copy is no longer needed
    if intake.call is not None:
        here.db.flush()
        three_way.tell_story(here.db, here.city, intake.call, here.now)
    return _onward(intake, ticket, did)


def _onward(intake: Intake, ticket: Ticket | None, did: str) -> ResponseReturnValue:
    if did == "transfer":
        flash(_("已转接 %(to)s。", to=here.city.unit_name(request.form.get("to", ""))), "good")
    if did == "draft" and ticket is not None:
        flash(_("已暂存，工单号 %(number)s，可以从“暂存”继续填写。", number=ticket.number), "good")
    if ticket is None or did == "draft":
        return redirect(url_for("desk.show"), 303)
    session[JUST_TAKEN] = ticket.number
    if did in CAN_BE_UNDONE and (moved := last_move(here.db, ticket)):
        back = url_for("tickets.show", number=ticket.number)
        flash_undoable(_(CAN_BE_UNDONE[did], number=ticket.number), [moved], back)
    if did != "another":
        return redirect(url_for("desk.show", done=ticket.number, did=did), 303)
    call = intake.call.id if intake.call is not None else None
    return redirect(url_for("desk.show", done=ticket.number, did="submit", again=ticket.number, call=call), 303)


def _joined(intake: Intake, action: str, number: str) -> Ticket:
    if action == "add" and not intake.text:
        raise Refusal(_("请先在“诉求内容”里写下要补充的情况，再点“补充”。"), field="body")
    own = visibility.see(here.db, here.me, number)
    ticket = lock(here.db, citizen_view.master_of(here.db, own).id)
    act(here.db, here.city, ticket, action, here.me, here.now, {"text": _of_merged(own, ticket, intake.text)})
    if intake.call is not None and intake.by_telephone:
        intake.call.ticket_id = own.id
    claim_files(intake, ticket)
    return own


def _of_merged(own: Ticket, master: Ticket, text: str) -> str:
    """On the master it stands under the number that this caller knows."""
    return text if own.id == master.id else "：".join(part for part in (own.number, text) if part)


def take_in(intake: Intake, then: str) -> Ticket:
    """The ticket, handed in unless it is kept as a draft, and answered when that was asked. A repeated submit finds the first."""
    if then == "answer" and not intake.values["answer"].strip():
        raise Refusal(_("请先写下直接答复的内容。"), field="answer")
    if then != "draft" and (sentence := still_open(intake.text)):
        raise Refusal(sentence, field="body")
    if then == "answer" and (over := outlived(here.db, here.city, intake.values["answer"], here.now)):
        raise Refusal(
            _("“%(title)s”这条知识已经撤下、改过或过期，答复里还是它原来的话：请核对后改写。", title=over),
            field="answer",
        )
    ticket = _written(intake, submit=then != "draft")
    claim_files(intake, ticket)
    if then != "draft" and intake.values["public"] and consent.may_be_public(ticket):
        consent.give(here.db, ticket, here.me, here.now)
    if then != "draft":
        _file_question(intake, ticket)
    if then == "answer" and ticket.state == "to_dispatch":
        try:
            act(
                here.db,
                here.city,
                ticket,
                "answer_directly",
                here.me,
                here.now,
                {"answer": intake.values["answer"], "category": intake.category()},
                hold=True,
            )
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field="answer") from refusal
    return ticket


def _file_question(intake: Intake, ticket: Ticket) -> None:
    """A question for a live session that came by telephone. A session that has ended meanwhile leaves a matter like any other."""
    session = intake.session()
    if session is not None and ticket.channel == session.channel:
        file(here.db, session, ticket, "phone", here.now)


def _merged(intake: Intake, number: str) -> Ticket:
    master, ticket = visibility.see(here.db, here.me, number), take_in(intake, "submit")
    if ticket.state == "to_dispatch":
        act(
            here.db,
            here.city,
            lock(here.db, ticket.id),
            "merge",
            here.me,
            here.now,
            {"master": master.number},
            hold=True,
        )
    return ticket


def _written(intake: Intake, *, submit: bool) -> Ticket:
    contact = intake.contact()
    if intake.draft is None:
        return open_ticket(here.db, here.city, contact, here.me, here.now, submit=submit)
    ticket = rewrite(here.db, here.city, own_draft(here.db, intake.draft.id, here.me), contact, here.now)
    if submit:
        act(here.db, here.city, ticket, "submit", here.me, here.now)
    return ticket


def _transferred(intake: Intake, to: str) -> Ticket | None:
    if to not in calls.EMERGENCY or to not in here.city.outside:
        raise Refusal(_("只能一键转接 110、119、120、122。"))
    if intake.call is None and not intake.text:
        raise Refusal(_("没有正在进行的通话。需要留记录时，请先写下诉求内容。"), field="body")
    ticket = _written(intake, submit=True) if intake.text else None
    if ticket is not None and ticket.state == "to_dispatch":
        claim_files(intake, ticket)
        act(here.db, here.city, ticket, "transfer_out", here.me, here.now, {"body": to})
    if intake.call is not None:
        calls.transfer(here.db, intake.call.id, here.me.id, to, here.now, ticket)
    return ticket


def _refused(intake: Intake, refusal: Refusal) -> tuple[str, int]:
    """The same page with the sentence and everything that was typed."""
    read_only()
    canonical_url(
        "desk.show",
        call=intake.call and intake.call.id,
        draft=intake.draft and intake.draft.number,
        again=intake.again and intake.again.number,
    )
    return _page(intake, refusal.problems or {"": refusal.sentence}), refusal.status


def _page(intake: Intake, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "intake/show.html",
        **field_words(intake),
        problems=problems or {},
        questions_url=url_for("desk.questions"),
        side=beside(intake),
        join_url=join_url,
        interviews=[
            (str(one.id), f"{word('channels', one.channel)}　{one.theme}")
            for one in taking_questions(here.db, here.now)
        ],
        saved=_saved(intake, bool(problems)),
        files=files_of(intake),
        done=_done(),
        calls=desk_calls.board(),
        lines=desk_calls.lines(),
        by_hand=_by_hand(intake),
        unsent=_unsent(intake),
        **_today(),
        kept=_mine(Wanted(agent_id=here.me.id, states=("draft",)), "-number").rows,
        max_mb=here.city.policy.attachment_max_mb,
    )


def join_url(action: str, number: str) -> str:
    """Where the form goes that joins a matter which is here already: merge, urge or add."""
    if action == "merge":
        return url_for("desk.merge", number=number)
    return url_for("desk.same_matter", action=action, number=number)


def _unsent(intake: Intake) -> list[dict[str, Any]]:
    """Forms I began and left, for a second call or by a wrong key: their words are kept, and here is the way back."""
    kept = here.db.scalars(
        select(Draft)
        .where(Draft.staff_id == _my_id(), Draft.key.like("desk%"), Draft.key != intake.key)
        .order_by(Draft.saved_at.desc(), Draft.id.desc())
        .limit(SHOWN)
    )
    return [
        {"words": " ".join(one.data["body"].split())[:30], "at": one.saved_at, "url": _way_back(one.key)}
        for one in kept
        if str(one.data.get("body") or "").strip()
    ]


def _way_back(key: str) -> str:
    """The address of the form whose words are kept under this key: desk, desk:call:7, desk:draft:… or desk:again:…"""
    _desk, what, which = [*key.split(":", 2), "", ""][:3]
    which_form: dict[str, Any] = {what: which} if what else {"blank": 1}
    return url_for("desk.show", _anchor="go-on", **which_form)


def _by_hand(intake: Intake) -> dict[str, Any] | None:
    """The missed call that I am to dial myself, where nobody dials for us."""
    call = intake.call
    by_hand = (
        call is not None and call.state == "missed" and call.called_back_at is not None and not desk_calls.by_network()
    )
    return desk_calls.row(call) if by_hand and call is not None else None


def _saved(intake: Intake, refused: bool) -> Draft | dict[str, Any] | None:
    """The autosaved copy. After a refusal the form holds newer words than the copy, so nothing older is offered."""
    kept = autosave.find(here.db, _my_id(), intake.key)
    if kept is None or not refused:
        return kept
    words = {name: value.replace("\r\n", "\n") for name, value in intake.values.items()}
    return {"version": kept.version, "data": words, "saved_at": kept.saved_at}


def _today() -> dict[str, Any]:
    """What I took in today; a form that was refused shows it from its beginning."""
    sort = asked_order(TODAY_ORDERS, "-created")
    return {"today": _mine(Wanted(agent_id=here.me.id, created_from=_midnight()), sort, **asked_page()), "sort": sort}


def _mine(wanted: Wanted, sort: str, **asked: Any) -> Page:
    page = find(here.db, here.me, wanted, sort=sort, size=SHOWN, **asked)
    return replace(page, rows=[ticket_row(one) for one in page.rows])


def _my_id() -> int:
    assert here.me.id is not None
    return here.me.id


def _midnight() -> datetime:
    local = here.now.astimezone(ZoneInfo(here.city.timezone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _done() -> dict[str, Any] | None:
    """What was just finished, for the agent to read out. The query code is shown once, to the agent who took the ticket in:
    by its address alone the page shows none, or agents could look and rate as the citizen days later."""
    number = request.args.get("done")
    ticket = (
        here.db.scalar(select(Ticket).where(Ticket.number == number, visibility.visible_to(here.me)))
        if number
        else None
    )
    if ticket is None:
        return None
    did = request.args.get("did", "submit")
    own = ticket.agent_id == here.me.id and did in ("submit", "answer", "transfer", "merge")
    fresh = session.pop(JUST_TAKEN, None) == ticket.number
    return {
        "number": ticket.number,
        "did": did,
        "code": query_code(here.db, ticket) if own and fresh else "",
        "title": ticket.title,
        "phone": masked_phone(ticket.contact_phone),
        "url": url_for("tickets.show", number=ticket.number),
        "texts": can_be_texted(ticket.contact_phone) and own,
        "note": phone_note(ticket.contact_phone, ticket.text.phone_told),
    }
