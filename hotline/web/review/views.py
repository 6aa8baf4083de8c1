"""The review desk: request and reply side by side, a checklist, and no unclear result that slips through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hotline.errors import NotFound, OutOfTurn, Refusal
from hotline.i18n import N_, _
from hotline.review_advice.advise import Advice, advise, fields_of
from hotline.review_advice.agreement import agreement, by_person
from hotline.review_advice.sent_back import sent_back_of
from hotline.tickets.act import act, lock
from hotline.tickets.citizens.heard import others_heard
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.lists import review_queue, ticket_list
from hotline.tickets.privacy import redact, visibility
from hotline.tickets.reply_rules.known_facts import KnownFact
from hotline.tickets.reply_rules.replies import reading_of
from hotline.tickets.roles import Role
from hotline.web.core.formatting import TicketRow, row_of
from hotline.web.core.forms.action_forms import typed_answers
from hotline.web.core.forms.draft_store import find, forget
from hotline.web.core.limits.edge import whole_number
from hotline.web.core.permission import allow
from hotline.web.core.read_only import read_only
from hotline.web.core.request_context import here
from hotline.web.review.reasons import reason_rows
from hotline.web.review.sheet import ReviewSheet, read_sheet
from hotline.web.ticket.undo import flash_undoable
from models import Ticket, TicketEvent

pages = Blueprint("review", __name__, url_prefix="/review")
TABS = {"all": N_("全部待审"), "redo": N_("重办轮次"), "supervised": N_("督办"), "urgent": N_("紧急")}
WATCHERS = frozenset({Role.REVIEWER, Role.SUPERVISOR, Role.QUALITY, Role.HEAD})
NOTHING_KNOWN = KnownFact("")
DEEDS = {
    "accepted": N_("新的更好或不差，已启用"),
    "refused": N_("新的不如现用的，未采用"),
    "failed": N_("没有学成，沿用现用的"),
}
DONE = {
    "pass": N_("工单 %(number)s 已通过，进入回访。"),
    "redo": N_("工单 %(number)s 已退回重办，单位会看到原因。"),
    "mend": N_("公开答复的文字已改好，原文留在工单经过里。"),
}


@pages.get("/", strict_slashes=False)
@allow(Role.REVIEWER)
def show() -> str:
    """The queue, the most urgent first; one's own replies are not offered."""
    only = request.args.get("only", "all")
    only = only if only in TABS else "all"
    wanted = review_queue.waiting(here.me, only)
    sort = request.args.get("sort", "urgent")
    page = ticket_list.find(
        here.db, here.me, wanted, sort=sort, after=request.args.get("after"), before=request.args.get("before")
    )
    counted = ticket_list.count_each(here.db, here.me, [review_queue.waiting(here.me, key) for key in TABS])
    waiting = dict(zip(TABS, counted, strict=True))
    day = review_queue.my_day(here.db, here.me, here.city.calendar.start_of_day(here.now), here.now)
    return render_template(
        "review/queue.html",
        rows=[_row(ticket) for ticket in page.rows],
        page=page,
        sort=sort,
        only=only,
        day=day,
        agreement=agreement(here.db, here.now - review_queue.LOOK_BACK, here.me.id),
        parts=[
            (
                _(label),
                url_for("review.show", only=None if key == "all" else key),
                key == only,
                ticket_list.badge(waiting[key]),
            )
            for key, label in TABS.items()
        ],
        count=ticket_list.counted(waiting[only]),
    )


@pages.get("/next")
@allow(Role.REVIEWER)
def begin() -> ResponseReturnValue:
    """Straight into the work: the reply whose review is due first."""
    first = ticket_list.find(here.db, here.me, review_queue.waiting(here.me), size=1).rows
    return redirect(url_for("review.sheet", number=first[0].number) if first else url_for("review.show"))


@pages.get("/assistant")
@allow(WATCHERS)
def assistant() -> str:
    """How often reviewers judge as advised, which judge advises, and how its last training went."""
    since, review_models = here.now - review_queue.LOOK_BACK, here.installation.review_models
    trained = review_models.judge().model is not None
    return render_template(
        "review/assistant.html",
        whole=agreement(here.db, since),
        people=by_person(here.db, since),
        chosen=review_models.chosen(),
        run=review_models.last_run(),
        trained=trained,
        broken=review_models.broken,
        deeds=DEEDS,
        moment_of=datetime.fromisoformat,
    )


@pages.get("/<number>")
@allow(Role.REVIEWER)
def sheet(number: str) -> str:
    return _sheet(visibility.see(here.db, here.me, number))


@pages.post("/<number>")
@allow(Role.REVIEWER)
def judge(number: str) -> ResponseReturnValue:
    """verdict: pass, redo or mend, by the button that was pressed; afterwards comes the next reply."""
    verdict = request.form.get("verdict", "")
    if verdict not in DONE:
        raise Refusal(_("请按“通过”或“退回重办”。"))
    ticket = visibility.see(here.db, here.me, number)
    following = review_queue.next_number(here.db, here.me, ticket)
    answers = typed_answers(ACTIONS[verdict].fields, request.form)
    try:
        held = lock(here.db, ticket.id)
        event = act(
            here.db,
            here.city,
            held,
            verdict,
            here.me,
            here.now,
            answers,
            seen=_seen(),
            review_models=here.installation.review_models,
            hold=True,
        )
    except OutOfTurn:
        raise
    except Refusal as refusal:
        read_only()
        problems = refusal.problems or {"": refusal.sentence}
        return _sheet(visibility.see(here.db, here.me, number), _typed(), problems, verdict), refusal.status
    return _afterwards(ticket, verdict, following, event)


def _afterwards(ticket: Ticket, verdict: str, following: str | None, event: TicketEvent) -> ResponseReturnValue:
    back = url_for("review.sheet", number=ticket.number)
    flash_undoable(_(DONE[verdict], number=ticket.number), [event], back)
    if verdict == "mend":
        return redirect(url_for("review.sheet", number=ticket.number), 303)
    assert here.me.id is not None
    forget(here.db, here.me.id, f"review:{ticket.number}")
    return redirect(url_for("review.sheet", number=following) if following else url_for("review.show"), 303)


def _sheet(
    ticket: Ticket, typed: Mapping[str, Any] | None = None, problems: Mapping[str, str] | None = None, verdict: str = ""
) -> str:
    read = read_sheet(here.db, here.city, here.me, ticket)
    if read.reply is None and ticket.state == "to_review":
        raise NotFound(_("这张工单还没有答复。"))
    assert here.me.id is not None
    advice = _advice(ticket, read)
    return render_template(
        "review/sheet.html",
        ticket=ticket,
        sheet=read,
        wording=reading_of(read.reply) if read.reply else "",
        typed=typed or {"checklist": {}, "reasons": []},
        advice=advice,
        problems=problems or {},
        verdict=verdict,
        questions=_questions(read, advice),
        reasons=reason_rows(here.city),
        saved=None if typed else find(here.db, here.me.id, f"review:{ticket.number}"),
        following=review_queue.next_number(here.db, here.me, ticket),
    )


def _advice(ticket: Ticket, read: ReviewSheet) -> Advice | None:
    """The sheet has read the earlier rounds: they are not asked for again."""
    if read.reply is None:
        return None
    rounds = read.earlier[::-1]
    before = sent_back_of([r for one in rounds for r in one.replies], [r for one in rounds for r in one.reviews])
    judge, on = here.installation.review_models.judge(), here.city.calendar.day_of(read.reply.at)
    found = advise(here.city, ticket, fields_of(read.reply), judge, before, on, others_heard(here.db, ticket))
    return redact.starred_throughout(ticket, found)


def _questions(read: ReviewSheet, advice: Advice | None) -> list[dict[str, Any]]:
    """The city's checklist, each question with its reason and with what is known about it, answered where it can be.

    doubted: the assistant saw something that speaks for "no", so one key for the rest leaves it to an answer of its own.
    """
    doubted = advice.codes if advice else ()
    return [
        {
            "code": item.code,
            "text": here.city.question(item.code),
            "reason": item.reason,
            "may_not_apply": item.na,
            "doubted": item.reason in doubted,
            "fact": read.facts.get(item.code, NOTHING_KNOWN),
            "source": item.source or here.city.sources.get("checklist", ""),
        }
        for item in here.city.checklist
    ]


@dataclass(kw_only=True)
class ReplyRow(TicketRow):
    """A ticket whose reply waits to be judged."""

    replied_at: datetime | None


def _row(ticket: Ticket) -> ReplyRow:
    return row_of(
        ReplyRow,
        ticket,
        url=url_for("review.sheet", number=ticket.number),
        replied_at=ticket.replied_at,
        started_at=ticket.replied_at,
    )


def _typed() -> dict[str, Any]:
    form = request.form
    return {
        "checklist": {
            name.removeprefix("checklist."): value for name, value in form.items() if name.startswith("checklist.")
        },
        "reasons": form.getlist("reasons"),
        "note": form.get("note", ""),
        "public_answer": form.get("public_answer"),
    }


def _seen() -> int | None:
    return whole_number(request.form.get("seen"))
