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
from hotline.tickets.fields import Field, choices_of
from hotline.tickets.lifecycle import ACTIONS
from hotline.tickets.petitions import PETITIONS
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


ICONS = {
    "submit": "inbox",
    "void": "trash3",
    "dispatch": "signpost-split",
    "answer_directly": "chat-left-text",
    "mark_hard": "people",
    "merge": "sign-merge-right",
    "unmerge": "union",
    "decline": "sign-stop",
    "transfer_out": "telephone-forward",
    "transfer_result": "receipt",
    "ask_more": "question-circle",
    "split": "scissors",
    "rule": "award",
    "recall": "arrow-counterclockwise",
    "sign": "pencil",
    "auto_sign": "robot",
    "object": "arrow-return-left",
    "uphold": "check2",
    "overrule": "x-octagon",
    "contact": "telephone-outbound",
    "interim": "chat-dots",
    "delegate": "diagram-3",
    "take_back": "arrow-left",
    "report": "people",
    "reply": "reply",
    "wait": "hourglass-split",
    "resume": "play-circle",
    "pass": "check2-all",
    "redo": "arrow-repeat",
    "mend": "pencil-square",
    "ask": "send",
    "call_attempt": "telephone-x",
    "note_dissatisfied": "emoji-frown",
    "note_partly": "emoji-neutral",
    "note_doubt": "chat-left-text",
    "read_doubt": "eyeglasses",
    "to_judge": "hourglass-split",
    "texts_off": "bell-slash",
    "texts_on": "bell",
    "record": "emoji-smile",
    "close_judged": "check-circle",
    "no_answer": "hourglass-bottom",
    "final_close": "check-circle-fill",
    "archive": "archive",
    "reopen": "arrow-clockwise",
    "withdraw": "x-circle",
    "add": "plus-circle",
    "urge": "megaphone",
    "note": "sticky",
    "instruct": "pin-angle",
    "correct": "pencil-square",
    "attach": "paperclip",
    "undo_dispatch": "arrow-counterclockwise",
    "undo_pass": "arrow-counterclockwise",
    "undo_redo": "arrow-counterclockwise",
    "undo_redo_judged": "arrow-counterclockwise",
    "undo_record": "arrow-counterclockwise",
    "undo_close": "arrow-counterclockwise",
    "petition_asked": "question-diamond",
    "petition_decided": "patch-check",
    "note_satisfied": "emoji-smile",
    "all_answered": "check-circle",
    "no_words": "hourglass-bottom",
    "bring_closed": "box-arrow-in-right",
    "bring_declined": "box-arrow-in-right",
    "bring_void": "box-arrow-in-right",
    "leave": "x-circle",
    "one_left": "x-circle",
    "late_words": "envelope",
    "merged_satisfied": "emoji-smile",
    "merged_partly": "emoji-neutral",
    "merged_dissatisfied": "emoji-frown",
    "locate": "geo-alt",
    "mark_safety": "exclamation-triangle",
    "raise_urgency": "lightning-charge",
    "take_alarm": "hand-index",
    "yellow_card": "hourglass-split",
    "red_card": "alarm",
    "take_outer_date": "calendar-event",
}
TONES = {
    "pass": "good",
    "record": "good",
    "note_satisfied": "good",
    "all_answered": "good",
    "close_judged": "good",
    "answer_directly": "good",
    "final_close": "good",
    "redo": "bad",
    "void": "bad",
    "decline": "bad",
    "overrule": "bad",
    "object": "warn",
    "auto_sign": "warn",
    "merged_satisfied": "good",
    "merged_partly": "warn",
    "merged_dissatisfied": "warn",
    "mark_safety": "bad",
    "raise_urgency": "warn",
    "take_alarm": "good",
    "yellow_card": "warn",
    "red_card": "bad",
    "note_dissatisfied": "warn",
    "note_partly": "warn",
    "note_doubt": "warn",
    "urge": "warn",
    "recall": "warn",
    "mark_hard": "warn",
    "no_answer": "warn",
}
SENTENCES: dict[str, str] = {
    "dispatch": N_("派给%(unit)s主办"),
    "rule": N_("裁定由%(unit)s主办，不得再退单"),
    "delegate": N_("转给下属的%(unit)s办理"),
    "merge": N_("合并到工单 %(master)s"),
    "split": N_("拆出工单 %(part_number)s"),
    "decline": N_("不予受理：%(route)s"),
    "transfer_out": N_("转接给%(body)s"),
    "redo": N_("退回重办，进入第 %(new_round)s 轮"),
    "reply": N_("提交第 %(round)s 轮答复"),
    "pass": N_("第 %(round)s 轮答复审核通过"),
    "auto_sign": N_("逾期未签收，系统代签"),
    "submit": N_("提交工单，等待派单"),
    "sign": N_("签收，开始办理"),
    "wait": N_("约定 %(until)s 跟进"),
    "resume": N_("继续办理"),
    "ask": N_("向市民发出回访"),
    "object": N_("申请退单"),
    "uphold": N_("退单成立，回到派单"),
    "overrule": N_("退单不成立，必须签收"),
    "recall": N_("撤回重派"),
    "no_answer": N_("市民逾期未答，按未评价办结"),
    "archive": N_("归档"),
    "withdraw": N_("市民撤诉，办结"),
    "bring_closed": N_("从“%(source)s”迁入，原系统状态：%(told_state)s"),
    "bring_declined": N_("从“%(source)s”迁入，原系统状态：%(told_state)s"),
    "bring_void": N_("从“%(source)s”迁入，原系统状态：%(told_state)s"),
    "leave": N_("市民撤诉退出；为并案的其他市民继续办理"),
    "one_left": N_("并案市民（%(number)s）撤诉退出"),
    "no_words": N_("市民没有补充，按已有情况继续"),
    "note_satisfied": N_("市民回答：%(said)s；等其他市民评价"),
    "all_answered": N_("每位市民都已评价，办结"),
    "record": N_("回访：%(said)s；办结"),
    "note_dissatisfied": N_("市民回答：%(said)s，等回访员判断"),
    "note_partly": N_("市民回答：%(said)s，等回访员看还差什么"),
    "merged_satisfied": N_("并案市民（%(number)s）回答：%(said)s"),
    "merged_partly": N_("并案市民（%(number)s）回答：%(said)s，等回访员看还差什么"),
    "merged_dissatisfied": N_("并案市民（%(number)s）回答：%(said)s，等回访员判断"),
    "raise_urgency": N_("提高为%(urgency)s（%(by)s）"),
    "take_alarm": N_("接手处理，危险提醒停止"),
    "mark_safety": N_("涉及安全（%(safety)s），须由人派单"),
    "yellow_card": N_("办理期限将到，黄牌提醒"),
    "red_card": N_("办理期限已过，红牌"),
    "take_outer_date": N_("并入的工单 %(number)s 带来上级平台的期限"),
}
"""Where the button's label alone would not tell what happened. Places are filled from the event's data, already worded."""

UNTOLD = frozenset(action.name for action in ACTIONS.values() if action.untold)
LONG_FIELDS = ("reason", "note", "text", "answer", "question", "report", "comment", "advice", "public_answer", "body")
HIDDEN = frozenset({"checklist", "at_once", "against_facts"})
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
    }
)
"""Actions whose words are the citizen's, whoever keys them in."""
MERGED_VOICE = re.compile(r"市民（(.+)）")


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
    text, facts = _petition_words(event, hide) if petition else _words(event, city, hide)
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
    followed = {"supervised": _("已自动督办"), "for_discipline": _("已列入纪检监察清单")}
    return [(_("后果"), words) for name, words in followed.items() if event.data.get(name) is True]


def _petition_title(event: TicketEvent) -> str:
    kind = PETITIONS.get(str(event.data.get("kind")))
    label = _(kind.label) if kind else str(event.data.get("kind"))
    if event.action == "petition_asked":
        return label
    return (
        _("同意：%(what)s", what=label) if event.data.get("state") == "granted" else _("不同意：%(what)s", what=label)
    )


def _petition_words(event: TicketEvent, hide: Hide) -> tuple[str, tuple[tuple[str, str], ...]]:
    asked = event.action == "petition_asked"
    return hide(str(event.data.get("reason" if asked else "decision") or "")), ()


def _who(event: TicketEvent) -> str:
    """A merged citizen is named by their own number."""
    if event.actor_kind == "citizen" and (number := MERGED_VOICE.fullmatch(event.actor_name)):
        return _("市民（%(number)s）", number=number[1])
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
