"""The story of a ticket as a person reads it: one sentence for every row of `ticket_event`, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from classifier.text.masking.mask import mask
from hotline.city.schema import City
from hotline.i18n import N_, _
from hotline.tickets.directives.rules import may_read_event
from hotline.tickets.display.timeline_words import ICONS, SENTENCES, TONES
from hotline.tickets.fields import Field, choices_of
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.petitions import PETITIONS
from hotline.tickets.roles import SYSTEM, Actor
from hotline.tickets.states import STATES, State
from hotline.tickets.vocabulary import CHANNELS, PRIVACIES, REQUEST_TYPES, URGENCIES
from models import Ticket, TicketEvent

FileShown = Mapping[str, Any]
Hide = Callable[[str], str]
"""How words are starred: by their shape alone, or by all that the ticket knows (see `redact.starred`)."""


@dataclass(frozen=True)
class TimelineEntry:
    """One step of the timeline. text is masked; facts: (term, value) pairs; took: seconds since the move before.

    tone: plain, good, warn, bad or citizen. internal: staff only.
    """

    at: datetime
    title: str
    who: str = ""
    unit: str = ""
    text: str = ""
    icon: str = ""
    tone: str = "plain"
    internal: bool = False
    files: tuple[FileShown, ...] = ()
    took: int | None = None
    facts: tuple[tuple[str, str], ...] = ()
    action: str = ""
    round: int = 1


UNTOLD = frozenset(action.name for action in ACTIONS.values() if action.untold)
LONG_FIELDS = ("reason", "note", "text", "answer", "question", "report", "comment", "advice", "public_answer", "body")
HIDDEN = frozenset({"staff", "checklist", "at_once", "against_facts"})
CITIZENS_WORDS = frozenset(
    {
        "add",
        "urge",
        "withdraw",
        "leave",
        "late_words",
        "split",
        "correct",
        "note_dissatisfied",
        "record",
        "note_satisfied",
        "rate_direct",
    }
)
"""Actions whose words are the citizen's, whoever keys them in."""
MERGED_VOICE = re.compile(r"市民（(.+)）")


def readable(events: Iterable[TicketEvent], actor: Actor, ticket: Ticket) -> list[TicketEvent]:
    """Without what was written for named readers only, unless this person is one of them."""
    return [
        event
        for event in events
        if may_read_event(
            actor, ticket, event.action, event.data, event.actor_id if event.actor_kind == "staff" else None
        )
    ]


def tell(
    events: Iterable[TicketEvent],
    city: City,
    *,
    files: Mapping[datetime, Sequence[FileShown]] | None = None,
    reply_files: Mapping[int, Sequence[FileShown]] | None = None,
    hide: Hide = mask,
    withheld: str = "",
) -> list[TimelineEntry]:
    """The events in their order as entries. files: by the moment they were attached; reply_files: by reply id.

    withheld: what stands in place of the citizen's own words for a reader who may not have them.
    """
    told: list[TimelineEntry] = []
    moved_at: datetime | None = None
    for event in events:
        if event.action in UNTOLD:
            continue
        moves = event.from_state != event.to_state
        took = int((event.at - moved_at).total_seconds()) if moves and moved_at else None
        entry = _entry(event, city, took, _files_of(event, files or {}, reply_files or {}), hide)
        told.append(_withheld(entry, event, withheld) if withheld else entry)
        moved_at = event.at if moves or moved_at is None else moved_at
    return told


def beginning(ticket: Ticket) -> TimelineEntry:
    """How the ticket came to us; it is no event of its own."""
    channel = _(CHANNELS.get(ticket.channel, ticket.channel))
    return TimelineEntry(
        at=ticket.created_at,
        title=_("%(channel)s收到诉求，登记工单", channel=channel),
        icon="headset",
        tone="citizen",
        action="born",
    )


def since(events: Sequence[TicketEvent], turns: int) -> list[TicketEvent]:
    """The events that happened in the last `turns` moves, oldest first; side events between them included."""
    found: list[TicketEvent] = []
    for event in reversed(events):
        if turns <= 0:
            break
        found.append(event)
        turns -= event.from_state != event.to_state
    return found[::-1]


def _withheld(entry: TimelineEntry, event: TicketEvent, instead: str) -> TimelineEntry:
    """Without what the citizen said and sent, and without what the matter was called before."""
    if event.actor_kind == "citizen":
        return replace(entry, text=instead if entry.text else "", facts=(), files=())
    if event.action in CITIZENS_WORDS:
        return replace(entry, text=instead, facts=())
    return entry


def _entry(event: TicketEvent, city: City, took: int | None, files: tuple[FileShown, ...], hide: Hide) -> TimelineEntry:
    petition = event.action.startswith("petition_")
    text, facts = _petition_words(event, city, hide) if petition else _words(event, city, hide)
    citizen = event.actor_kind == "citizen"
    tone = "citizen" if citizen and event.action not in TONES else TONES.get(event.action, "plain")
    return TimelineEntry(
        at=event.at,
        title=_petition_title(event) if petition else title_of(event, city, hide),
        who=_who(event),
        unit=city.unit_name(event.actor_unit) if event.actor_unit else "",
        text=text,
        icon=ICONS.get(event.action, ""),
        tone=tone,
        internal=event.action == "note",
        files=files,
        took=took,
        facts=facts,
        action=event.action,
        round=event.round,
    )


def title_of(event: TicketEvent, city: City, hide: Hide = mask) -> str:
    """What happened, in one line."""
    action = ACTIONS.get(event.action)
    sentence = SENTENCES.get(event.action)
    if sentence is None or action is None:
        return _(action.label) if action else event.action
    worded = _worded(event, city, hide)
    said = _("，").join(worded[name] for name in ("solved", "result") if name in worded) or _(action.label)
    values = {"round": event.round, "said": said, **event.data, **worded}
    try:
        return _(sentence, **values)
    except KeyError:
        return _(action.label)


def _worded(event: TicketEvent, city: City, hide: Hide) -> dict[str, str]:
    fields = {field.name: field for field in ACTIONS[event.action].fields}
    return {name: word_value(fields[name], value, city, hide) for name, value in event.data.items() if name in fields}


def word_value(field: Field, value: Any, city: City, hide: Hide = mask) -> str:
    """An answer as a person reads it: codes as names, moments as local time, personal data starred."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(word_value(field, one, city, hide) for one in value)
    if field.kind in ("choice", "choices", "unit", "units", "sub_unit", "category"):
        return choices_of(field, city).get(str(value), str(value))
    if field.kind == "moment":
        return _local(str(value), city)
    return hide(str(value))


def _local(text: str, city: City) -> str:
    try:
        return datetime.fromisoformat(text).astimezone(ZoneInfo(city.timezone)).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def _words(event: TicketEvent, city: City, hide: Hide) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The long answer as text, the short ones as facts; what the title already says is not said twice."""
    action = ACTIONS.get(event.action)
    if action is None:
        return "", ()
    said = set(_places(SENTENCES.get(event.action, "")))
    text, facts = "", []
    for field in action.fields:
        value = event.data.get(field.name)
        if value in (None, "", [], {}) or field.name in HIDDEN or field.name in said:
            continue
        worded = word_value(field, value, city, hide)
        if not text and field.name in LONG_FIELDS and field.kind == "long":
            text = worded
        else:
            facts.append((_(field.label), worded))
    return text or hide(str(event.data.get("advice") or "")), (
        *facts,
        *_changes(event, city, hide),
        *_consequences(event),
    )


def _places(sentence: str) -> list[str]:
    return [part.split(")")[0] for part in sentence.split("%(")[1:]]


BEFORE: dict[str, tuple[str, Callable[[City, str], str] | None]] = {
    "category_before": (N_("原类别"), lambda city, code: city.category_name(code)),
    "request_type_before": (N_("原诉求类型"), lambda city, code: _(REQUEST_TYPES.get(code, code))),
    "urgency_before": (N_("原紧急程度"), lambda city, code: _(URGENCIES.get(code, code))),
    "area_before": (N_("原区县"), lambda city, code: city.area_name(code)),
    "privacy_before": (N_("原保密级别"), lambda city, code: _(PRIVACIES.get(code, code))),
    "title_before": (N_("原标题"), None),
    "before": (N_("原文字"), None),
}


def _changes(event: TicketEvent, city: City, hide: Hide) -> list[tuple[str, str]]:
    told = {key: str(event.data[key]) for key in BEFORE if event.data.get(key)}
    return [
        (_(label), name(city, told[key]) if name else hide(told[key]))
        for key, (label, name) in BEFORE.items()
        if key in told
    ]


def _consequences(event: TicketEvent) -> list[tuple[str, str]]:
    """What the rules themselves did beside the step, and what the words themselves said."""
    if heard := event.data.get("urgency_heard"):
        words = _("、").join(str(one) for one in event.data.get("heard") or ())
        return [(_("按内容判断"), f"{_(URGENCIES.get(str(heard), str(heard)))} {_('（')}{words}{_('）')}")]
    order = event.data.get("order")
    supervised = _("已自动督办（%(order)s）", order=order) if order else _("已自动督办")
    followed = {
        "supervised": supervised,
        "for_discipline": _("已列入纪检监察清单"),
        "own_signature": _("没有其他签发人，本人签发自己写的答复"),
    }
    return [(_("后果"), words) for name, words in followed.items() if event.data.get(name) is True]


def _petition_title(event: TicketEvent) -> str:
    kind = PETITIONS.get(str(event.data.get("kind")))
    label = _(kind.label) if kind else str(event.data.get("kind"))
    if event.action == "petition_asked":
        return label
    return (
        _("同意：%(what)s", what=label) if event.data.get("state") == "granted" else _("不同意：%(what)s", what=label)
    )


def _petition_words(event: TicketEvent, city: City, hide: Hide) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Why, and what was asked for or given: days, a day, the part to be split off."""
    kind, asked = PETITIONS.get(str(event.data.get("kind"))), event.action == "petition_asked"
    told = [one for one in kind.fields if one.name != "reason" and event.data.get(one.name)] if kind else []
    facts = [(_(one.label), word_value(one, event.data[one.name], city, hide)) for one in told]
    if event.data.get("kind") == "extension" and (until := event.data.get("until")):
        facts.append((_("新期限"), _local(str(until), city)))
    return hide(str(event.data.get("reason" if asked else "decision") or "")), tuple(facts)


def _who(event: TicketEvent) -> str:
    """A merged citizen is named by their own number."""
    if event.actor_kind == "citizen" and (number := MERGED_VOICE.fullmatch(event.actor_name)):
        return _("市民（%(number)s）", number=number[1])
    if event.actor_kind == "system" and event.actor_name != SYSTEM.name:
        return event.actor_name  # another platform, by its own name
    return {"citizen": _("市民"), "clock": _("时钟"), "system": _("系统")}.get(event.actor_kind, event.actor_name)


def _files_of(
    event: TicketEvent, files: Mapping[datetime, Sequence[FileShown]], reply_files: Mapping[int, Sequence[FileShown]]
) -> tuple[FileShown, ...]:
    if event.action == "attach":
        return tuple(files.get(event.at, ()))
    if event.action == "reply":
        return tuple(reply_files.get(int(event.data.get("reply_id") or 0), ()))
    return ()


def state_words(state: str | None) -> str:
    return _(STATES[State(state)].name) if state else ""
