"""Everything about one ticket that one person may see, read with a fixed number of statements and made ready to show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hotline.city.monitoring.schema import MonitoringRules
from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.messages.values import clock_name
from hotline.tickets import deadlines
from hotline.tickets.display import timeline
from hotline.tickets.display.rounds import Round, rounds_of
from hotline.tickets.lifecycle import Move
from hotline.tickets.lists import dispatch_queue
from hotline.tickets.lists.ticket_list import citizens_other_tickets, may_be_linked
from hotline.tickets.petitions import PetitionKind, may_decide, may_withdraw, why_not
from hotline.tickets.privacy import redact
from hotline.tickets.privacy.attachments import beside, of_ticket, open_to, shown_name
from hotline.tickets.privacy.file_kinds import kind_by_type
from hotline.tickets.privacy.query_codes import for_staff
from hotline.tickets.privacy.reveal import may_reveal
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.reply_rules.assisting import due_of, silent_helpers
from hotline.tickets.roles import CENTRE_ROLES, Actor, Role
from hotline.tickets.states import STATES, State
from hotline.web.core import formatting
from hotline.web.ticket.buttons import buttons
from hotline.web.ticket.calls import TicketCall, calls_of
from models import (
    Attachment,
    Correction,
    Deadline,
    Message,
    Pause,
    Petition,
    Precedent,
    Proposal,
    Reply,
    Review,
    Staff,
    Survey,
    Ticket,
    TicketEvent,
)
from routing.spans import Span

MOST_EVENTS = 400
MOST_PRECEDENTS = 3
UNITS_OF_TIME = {
    "min": N_("%(n)s 分钟"),
    "h": N_("%(n)s 小时"),
    "d": N_("%(n)s 天"),
    "wd": N_("%(n)s 个工作日"),
    "wh": N_("%(n)s 个工作小时"),
}
PAUSE_REASONS = {"wait": N_("约定跟进"), "ask_more": N_("等市民补充")}


@dataclass(frozen=True)
class TicketClock:
    """One deadline as shown. state: running, paused, met, late or cancelled. pauses: (reason, start, end).
    counts_from: the opening to which the start was put off, when it lay outside working time. basis: the rule it runs by.
    extended: for each extension that was granted its words."""

    name: str
    limit: str
    round: int
    started_at: datetime
    due_at: datetime
    first_due_at: datetime
    stopped_at: datetime | None
    state: str
    pauses: tuple[tuple[str, datetime, datetime | None], ...] = ()
    counts_from: datetime | None = None
    basis: str = ""
    extended: tuple[str, ...] = ()


@dataclass
class TicketDetails:
    """One ticket, open on the table. files: all; files of a reply are in reply_files. unheard: an assisting unit has not reported."""

    ticket: Ticket
    row: formatting.TicketRow
    waits_for: str
    primary: list[Move | PetitionKind]
    more: list[Move | PetitionKind]
    clocks: list[TicketClock]
    rounds: list[Round]
    petitions: list[Petition]
    decidable: set[int]
    undecidable: dict[int, str]
    withdrawable: set[int]
    events: list[TicketEvent]
    entries: list[timeline.TimelineEntry]
    messages: list[dict[str, Any]]
    files: list[dict[str, Any]]
    reply_files: dict[int, list[dict[str, Any]]]
    others: list[formatting.TicketRow]
    related: list[tuple[str, formatting.TicketRow]]
    precedents: list[Precedent]
    proposal: Proposal | None
    corrections: list[Correction]
    names: dict[int, str]
    reveals: bool
    calls: list[TicketCall]
    helpers_due: dict[int, datetime]
    unheard: bool
    handler: str

    @property
    def last_redo(self) -> Review | None:
        """The latest review that sent the ticket back, while it matters."""
        found = [review for one in self.rounds for review in one.reviews if review.verdict == "redo"]
        return max(found, key=lambda review: review.id, default=None) if self.ticket.round > 1 else None

    @property
    def last_reply(self) -> Reply | None:
        found = [reply for one in self.rounds for reply in one.replies if reply.kind == "final"]
        return max(found, key=lambda reply: reply.id, default=None)

    def came_back(self, kind: str) -> Petition | None:
        """The last petition of this kind in this round, when it was refused or taken back."""
        asked = [p for p in self.petitions if p.kind == kind and p.round == self.ticket.round]
        return asked[-1] if asked and asked[-1].state in ("refused", "withdrawn") else None


def read_details(db: Session, city: City, actor: Actor, ticket: Ticket, now: datetime) -> TicketDetails:
    """Read it all. The ticket must have come through `visible.see`."""
    events = timeline.readable(_all(db, TicketEvent, ticket, newest=MOST_EVENTS), actor, ticket)
    replies, reviews = _all(db, Reply, ticket), _all(db, Review, ticket)
    surveys, petitions = _all(db, Survey, ticket), _all(db, Petition, ticket)
    attachments = [one for one in of_ticket(db, ticket.id) if open_to(actor, ticket, one)]
    centre, open_book = actor.is_(*CENTRE_ROLES), redact.may_read(actor, ticket)
    by_moment, by_reply = _files_by(attachments, ticket)
    to_judge = ticket.dissatisfied or any(one.round == ticket.round and one.outcome in UNJUDGED for one in surveys)
    primary, more = buttons(ticket, actor, to_judge, {p.kind for p in petitions if p.state == "asked"})
    return TicketDetails(
        ticket=ticket,
        row=formatting.ticket_row(ticket),
        waits_for=_("市民") if ticket.asking_more else _(STATES[State(ticket.state)].waits_for),
        primary=primary,
        more=more,
        clocks=_clocks(db, city, ticket, petitions),
        rounds=rounds_of(replies, reviews, surveys),
        petitions=petitions,
        decidable={p.id for p in petitions if may_decide(db, city, p, ticket, actor)},
        undecidable={p.id: why for p in petitions if (why := why_not(db, city, p, ticket, actor))},
        withdrawable={p.id for p in petitions if p.state == "asked" and may_withdraw(p, actor)},
        events=events,
        entries=_story(ticket, events, city, by_moment, by_reply, open_book),
        messages=_texts(db, ticket) if open_book else [],
        files=[file_row(a, actor, ticket) for a in attachments],
        reply_files=by_reply,
        others=[formatting.ticket_row(other) for other in citizens_other_tickets(db, actor, ticket)]
        if open_book
        else [],
        related=_related(db, actor, ticket) if open_book else [],
        precedents=dispatch_queue.precedents(
            db, actor, [ticket.category_code], ticket.area, most=MOST_PRECEDENTS, but=ticket.id
        )
        if centre
        else [],
        proposal=_last(db, Proposal, ticket) if centre else None,
        corrections=[one for one in _all(db, Correction, ticket) if one.about != "reply"] if centre else [],
        names=_names(
            db,
            (
                *(r.reviewer_id for r in reviews),
                *(r.author_id for r in replies),
                ticket.agent_id,
                *(s.keyed_by_id for s in surveys),
            ),
        ),
        reveals=may_reveal(actor, ticket),
        calls=calls_of(db, ticket),
        helpers_due=_helpers_due(db, ticket),
        unheard=bool(silent_helpers(ticket)),
        handler=_names(db, [ticket.handler_id]).get(ticket.handler_id or 0, "") if ticket.handler_id else "",
    )


UNJUDGED = ("partly", "in_doubt")
"""Outcomes of a question that wait for a judgement beside the dissatisfied ones, which the ticket itself holds."""


def file_row(attachment: Attachment, actor: Actor | None = None, ticket: Ticket | None = None) -> dict[str, Any]:
    """A file as the macros show it; beside an unsent form under the name its writer gave it."""
    kind = kind_by_type(attachment.media_type)
    mine = (
        actor is not None
        and attachment.reply_id is None
        and (attachment.added_by_id == actor.id or actor.is_(Role.SUPERVISOR, Role.HEAD))
    )
    return {
        "id": attachment.id,
        "name": shown_name(attachment, ticket) if attachment.ticket_id else attachment.name,
        "size": attachment.size,
        "media_type": attachment.media_type,
        "url": url_for("files.show", stored_as=attachment.stored_as),
        "added_at": attachment.added_at,
        "added_by": attachment.added_by_name,
        "side": attachment.side,
        "reply_id": attachment.reply_id,
        "removable": mine,
        "family": kind.family if kind else "",
        "inline": bool(kind and kind.inline),
        "checked": attachment.checked,
        "checked_words": beside(attachment),
    }


def limit_words(limit: str) -> str:
    """A limit as a person reads it: "3wd" → "3 个工作日"."""
    if limit == "outer":
        return _("按上级平台的期限")
    if limit in ("date", ""):
        return _("到约定日期")
    span = Span.parse(limit)
    if (span.amount, span.unit) == (1, "wd"):
        return _("1 个工作日")
    return _(UNITS_OF_TIME[span.unit], n=f"{span.amount:g}")


def _all(db: Session, table: Any, ticket: Ticket, newest: int | None = None) -> list[Any]:
    if newest is None:
        return list(db.scalars(select(table).where(table.ticket_id == ticket.id).order_by(table.id)))
    rows = db.scalars(select(table).where(table.ticket_id == ticket.id).order_by(table.id.desc()).limit(newest))
    return list(rows)[::-1]


def _last(db: Session, table: Any, ticket: Ticket) -> Any:
    return db.scalar(select(table).where(table.ticket_id == ticket.id).order_by(table.id.desc()).limit(1))


def _story(
    ticket: Ticket, events: Sequence[TicketEvent], city: City, by_moment: Any, by_reply: Any, open_book: bool
) -> list[timeline.TimelineEntry]:
    """open_book: this reader may have the citizen's own words."""
    withheld = "" if open_book else _("（保密工单：原文由热线中心保管）")
    told = timeline.tell(
        events, city, files=by_moment, reply_files=by_reply, hide=partial(redact.starred, ticket), withheld=withheld
    )
    whole = len(events) < MOST_EVENTS
    return [*reversed(told), *([timeline.beginning(ticket)] if whole else [])]


def _helpers_due(db: Session, ticket: Ticket) -> dict[int, datetime]:
    """By when each assisting unit that is silent should have reported."""
    silent = silent_helpers(ticket)
    running = deadlines.running(db, ticket.id) if silent else []
    return {one.id: due for one in silent if (due := due_of(one, running)) is not None}


def _clocks(db: Session, city: City, ticket: Ticket, petitions: Iterable[Petition]) -> list[TicketClock]:
    """Running ones first, by their due moment; then the finished ones, latest first."""
    rows = _all(db, Deadline, ticket)
    pauses: dict[int, list[Pause]] = defaultdict(list)
    for held in db.scalars(
        select(Pause)
        .join(Deadline, Deadline.id == Pause.deadline_id)
        .where(Deadline.ticket_id == ticket.id)
        .order_by(Pause.id)
    ):
        pauses[held.deadline_id].append(held)
    shown = [
        replace(
            _clock(row, pauses[row.id], deadlines.counts_from(city, ticket, row), city.monitoring),
            extended=_extended(row, petitions),
        )
        for row in rows
    ]
    running = sorted((c for c in shown if c.stopped_at is None), key=lambda c: c.due_at)
    return running + [c for c in reversed(shown) if c.stopped_at is not None]


def _extended(row: Deadline, petitions: Iterable[Petition]) -> tuple[str, ...]:
    """What was given to this clock while it ran, and by whom: a date that moved says why."""
    if row.clock not in deadlines.WORK:
        return ()
    given = [p for p in petitions if p.kind == "extension" and p.state == "granted" and "days" in p.data]
    return tuple(
        _("%(who)s同意延期 %(n)s 个工作日", who=p.decided_by_name, n=p.data["days"])
        for p in given
        if p.decided_at is not None
        and row.started_at <= p.decided_at
        and (not row.stopped_at or p.decided_at <= row.stopped_at)
    )


def _clock(row: Deadline, pauses: Iterable[Pause], counts_from: datetime | None, rules: MonitoringRules) -> TicketClock:
    held = tuple((_(PAUSE_REASONS.get(p.reason, p.reason)), p.started_at, p.ended_at) for p in pauses)
    if row.stopped_at is not None:
        state = "cancelled" if row.met is None else "met" if row.met else "late"
    else:
        state = "paused" if any(ended is None for _reason, _start, ended in held) else "running"
    return TicketClock(
        clock_name(row.clock),
        limit_words(row.limit),
        row.round,
        row.started_at,
        row.due_at,
        row.first_due_at,
        row.stopped_at,
        state,
        held,
        counts_from,
        rule.basis if (rule := rules.of_clock(row.clock)) else "",
    )


def _texts(db: Session, ticket: Ticket) -> list[dict[str, Any]]:
    """Texts to and from citizens, without the codes by which a citizen is known: staff must not be able to rate for them."""
    rows = db.scalars(
        select(Message)
        .where(Message.ticket_id == ticket.id, Message.channel != "desk")
        .order_by(Message.id.desc())
        .limit(50)
    )
    return [
        {
            "direction": m.direction,
            "phone": m.phone,
            "created_at": m.created_at,
            "state": m.state,
            "error": m.error,
            "text": redact.starred(ticket, for_staff(m.text, m.params), redact.ANSWER if m.direction == "out" else ""),
            "pictures": len(m.params.get("media") or ()),
        }
        for m in rows
    ]


def _related(db: Session, actor: Actor, ticket: Ticket) -> list[tuple[str, formatting.TicketRow]]:
    """Merged and split relations, as far as this person may see them."""
    wanted = [Ticket.merged_into_id == ticket.id, Ticket.split_from_id == ticket.id]
    wanted += [Ticket.id == other for other in (ticket.merged_into_id, ticket.split_from_id) if other]
    seen = (visible_to(actor), may_be_linked(actor))
    rows = db.scalars(select(Ticket).where(or_(*wanted), *seen).order_by(Ticket.id).limit(50)).all()
    return [(_relation(ticket, row), formatting.ticket_row(row)) for row in rows]


def _relation(ticket: Ticket, other: Ticket) -> str:
    if other.id == ticket.merged_into_id:
        return _("主工单")
    if other.merged_into_id == ticket.id:
        return _("合并到本单") if other.state == "merged" else _("曾合并到本单")
    return _("拆分自") if other.id == ticket.split_from_id else _("拆出")


def _names(db: Session, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = sorted({one for one in ids if one is not None})
    return {row.id: row.name for row in db.execute(select(Staff.id, Staff.name).where(Staff.id.in_(wanted)))}


def _files_by(
    attachments: Iterable[Attachment], ticket: Ticket
) -> tuple[dict[datetime, list[dict[str, Any]]], dict[int, list[dict[str, Any]]]]:
    by_moment: dict[datetime, list[dict[str, Any]]] = defaultdict(list)
    by_reply: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in attachments:
        if one.reply_id is not None:
            by_reply[one.reply_id].append(file_row(one, ticket=ticket))
        else:
            by_moment[one.added_at].append(file_row(one, ticket=ticket))
    return dict(by_moment), dict(by_reply)
