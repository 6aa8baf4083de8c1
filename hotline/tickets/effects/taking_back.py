"""What an act changed, kept with the act, so that it can be taken back as it was before anything has gone out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, inspect, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.tickets.context import ActionContext
from hotline.tickets.names import ActionName as Do
from hotline.tickets.roles import Actor
from models import (
    Assignment,
    Deadline,
    Directive,
    Job,
    Pause,
    Petition,
    Precedent,
    Survey,
    TakingBack,
    Ticket,
    TicketEvent,
)
from models.tickets.taking_back import stands

ANYWHERE = ""
UNDONE = "undone"
"""What a review, and a job that was called off, is called when its act was taken back."""

UNDOES: dict[Do, tuple[Do, str]] = {
    Do.UNDO_DISPATCH: (Do.DISPATCH, "to_dispatch"),
    Do.UNDO_ANSWER: (Do.ANSWER_DIRECTLY, "to_dispatch"),
    Do.UNDO_DECLINE: (Do.DECLINE, "to_dispatch"),
    Do.UNDO_TRANSFER: (Do.TRANSFER_OUT, "to_dispatch"),
    Do.UNDO_VOID: (Do.VOID, "to_dispatch"),
    Do.UNDO_RULE: (Do.RULE, "in_dispute"),
    Do.UNDO_ANSWER_HEARD: (Do.ANSWER_DIRECTLY, "in_dispute"),
    Do.UNDO_DECLINE_HEARD: (Do.DECLINE, "in_dispute"),
    Do.UNDO_MERGE: (Do.MERGE, "to_dispatch"),
    Do.UNDO_MERGE_TO_SIGN: (Do.MERGE, "to_sign"),
    Do.UNDO_MERGE_HANDLING: (Do.MERGE, "handling"),
    Do.UNDO_SPLIT: (Do.SPLIT, ANYWHERE),
    Do.UNDO_PASS: (Do.PASS, "to_review"),
    Do.UNDO_REDO: (Do.REDO, "to_review"),
    Do.UNDO_REDO_JUDGED: (Do.REDO, "to_follow_up"),
    Do.UNDO_REDO_CLOSED: (Do.REDO, "closed"),
    Do.UNDO_RECORD: (Do.RECORD, "to_follow_up"),
    Do.UNDO_CLOSE: (Do.CLOSE_JUDGED, "to_follow_up"),
}
"""What each takes back, and from where that had come: there it goes back to."""

INSTEAD = {
    Do.UNDO_DISPATCH: N_("派错的请用“撤回”。"),
    Do.UNDO_MERGE: N_("并错的请用“取消合并”。"),
    Do.UNDO_RULE: N_("裁定错的请用“撤回”。"),
    **dict.fromkeys(
        (
            Do.UNDO_ANSWER,
            Do.UNDO_ANSWER_HEARD,
            Do.UNDO_DECLINE,
            Do.UNDO_DECLINE_HEARD,
            Do.UNDO_TRANSFER,
            Do.UNDO_VOID,
        ),
        N_("要接着办，请班长或督办员“重启”。"),
    ),
}
"""What helps when the seconds are over."""

UNDOABLE = frozenset(deed for deed, _came_from in UNDOES.values())
ROWS: dict[str, Any] = {
    "deadline": Deadline,
    "assignment": Assignment,
    "survey": Survey,
    "petition": Petition,
    "directive": Directive,
    "precedent": Precedent,
}
KEPT_APART = frozenset({"id", "version", "move_count", "state"})
"""Columns of a ticket that only the door itself turns."""

Picture = dict[str, dict[Any, dict[str, Any]]]


def picture(db: Session, ticket: Ticket) -> Picture:
    """The ticket's row, and the rows beside it that an act may change, as they are now."""
    found: Picture = {"ticket": {ticket.id: _values(ticket)}}
    for name, table in ROWS.items():
        rows = db.scalars(select(table).where(table.ticket_id == ticket.id))
        found[name] = {row.id: _values(row) for row in rows}
    pauses = select(Pause).join(Deadline, Deadline.id == Pause.deadline_id).where(Deadline.ticket_id == ticket.id)
    found["pause"] = {row.id: _values(row) for row in db.scalars(pauses)}
    return found


def difference(before: Picture, after: Picture) -> dict[str, Any]:
    """Plain values: of each row that changed what its columns held before, and the numbers of the new rows."""
    changed: dict[str, dict[str, Any]] = {}
    new: dict[str, list[int]] = {}
    for name, rows in after.items():
        for number, values in rows.items():
            if number not in before[name]:
                new.setdefault(name, []).append(number)
                continue
            held = before[name][number]
            if old := {column: _plain(held[column]) for column in values if held[column] != values[column]}:
                changed.setdefault(name, {})[str(number)] = old
    return {"changed": changed, "new": new}


def restore(db: Session, ticket: Ticket, kept: Mapping[str, Any]) -> None:
    """Put every row back as it was; rows that the act made go again."""
    for name in ("pause", *ROWS):
        for number in kept["new"].get(name, ()):
            if row := db.get(_table(name), number):
                db.delete(row)
    for name in ("ticket", "pause", *ROWS):
        for number, values in kept["changed"].get(name, {}).items():
            row = ticket if name == "ticket" else db.get(_table(name), int(number))
            for column, value in values.items():
                setattr(row, column, _moment(value))


def keep(db: Session, event: TicketEvent, before: Picture) -> None:
    """Remember what this act changed; what earlier acts of the ticket changed can no longer be taken back, but for those that were
    done in one go with it."""
    together = select(TicketEvent.id).where(
        TicketEvent.ticket_id == event.ticket_id, TicketEvent.at == event.at, TicketEvent.actor_id == event.actor_id
    )
    stale = (
        TakingBack.ticket_id == event.ticket_id, TakingBack.undone_at.is_(None), TakingBack.event_id.not_in(together)
    )  # fmt: skip
    db.execute(delete(TakingBack).where(*stale))
    ticket = db.get_one(Ticket, event.ticket_id)
    changed = difference(before, picture(db, ticket))
    db.add(TakingBack(event_id=event.id, ticket_id=event.ticket_id, changed=changed))


def last_move(db: Session, ticket: Ticket) -> TicketEvent | None:
    """The act that brought the ticket where it is; what was taken back, and the taking back, brought it nowhere."""
    moved = (
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.from_state != TicketEvent.to_state,
        TicketEvent.action.not_in(UNDOES),
        stands(),
    )
    return db.scalar(select(TicketEvent).where(*moved).order_by(TicketEvent.id.desc()).limit(1))


def may_be_undone(event: TicketEvent, actor: Actor, city: City, now: datetime) -> bool:
    """By the same person, within the city's few seconds."""
    since = now - timedelta(seconds=city.policy.undo_seconds)
    return event.action in UNDOABLE and event.actor_id == actor.id and event.at >= since


def promises_of(event: TicketEvent) -> tuple[Any, ...]:
    """The conditions under which a row of the outbox is a job of this act."""
    key = str(event.id)
    return (Job.ticket_id == event.ticket_id, Job.key.like(f"tell:{key}:%") | Job.key.like(f"%:{key}"))


def undo_of(event: TicketEvent) -> Do | None:
    """The action that takes this act back."""
    if event.actor_kind != "staff":
        return None
    return undo_for(event.action, event.from_state or "")


def undo_for(action: str, came_from: str) -> Do | None:
    """The action that takes back what a person does to a ticket in this state."""
    found = (undo for undo, (deed, start) in UNDOES.items() if deed == action and start in (ANYWHERE, came_from))
    return next(found, None)


def cannot_be_undone(context: ActionContext) -> str | None:
    """Only the act that brought it here, by the same person, within seconds, and before anybody was told."""
    event = last_move(context.db, context.ticket)
    if event is None or undo_of(event) != context.action:
        return _("这一步已经不能撤销：工单又往前走了。")
    kept = context.db.get(TakingBack, event.id)
    if kept is None or not may_be_undone(event, context.actor, context.city, context.now):
        return _(
            "撤销的时间已过（%(n)s 秒）。%(instead)s", n=context.city.policy.undo_seconds, instead=_instead(context)
        )
    told = context.db.scalar(select(Job.id).where(*promises_of(event), Job.done_at.is_not(None)).limit(1))
    return _("通知已经发出，不能撤销。%(instead)s", instead=_instead(context)) if told else None


def _instead(context: ActionContext) -> str:
    return _(INSTEAD[Do(context.action)]) if context.action in INSTEAD else ""


def last_split(db: Session, ticket: Ticket) -> TicketEvent | None:
    """The ticket's newest deed, when that was a split."""
    newest = select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.id.desc()).limit(1)
    event = db.scalar(newest)
    return event if event is not None and event.action == Do.SPLIT else None


def split_is_under_way(context: ActionContext) -> str | None:
    """Only the newest deed, by the same person, within seconds, and before the part began its own life."""
    event = last_split(context.db, context.ticket)
    if event is None or not may_be_undone(event, context.actor, context.city, context.now):
        return _("撤销的时间已过（%(n)s 秒）。拆出的工单可以合并回来。", n=context.city.policy.undo_seconds)
    begun = context.db.scalar(select(Job.id).where(*promises_of(event), Job.done_at.is_not(None)).limit(1))
    return _("拆出的工单已经开始办理，不能撤销；可以合并回来。") if begun else None


def _table(name: str) -> Any:
    return Pause if name == "pause" else ROWS[name]


def _values(row: Any) -> dict[str, Any]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in names if not (isinstance(row, Ticket) and name in KEPT_APART)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _moment(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"moment"}:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"]) if isinstance(value, dict) and set(value) == {"day"} else value
