"""What the outside can tell us, and what we can answer, as plain values that name no provider's format.

The blueprints of this room turn verified requests into these events and hand them to an `Inbox`, which the application implements.
Each event has `provider` and `event_id`: the pair (with its `kind`) names one thing that happened, so an Inbox keeps its first answer
and gives it again. `at` is the moment we heard; `raw` is the request's body as it came, to be stored first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

EMERGENCY = ("110", "119", "120", "122")

SMS_RANK = {"queued": 0, "sending": 1, "sent": 2, "failed": 3, "undelivered": 3, "delivered": 4, "read": 5}
"""How far a text of ours has come. A text that arrived after all has arrived, whatever was said before."""
LEG_RANK = {"calling": 0, "ringing": 1, "connected": 2, "left": 3, "busy": 3, "no_answer": 3, "refused": 3, "failed": 3}


class TimeSource(Protocol):
    """Whoever knows what time it is."""

    def now(self) -> datetime: ...


# ---- what we hear ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened outside. Personal data stays out of `repr`, so that a log line cannot leak it."""

    kind: ClassVar[str] = "event"
    provider: str
    event_id: str
    at: datetime
    raw: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class CallReceived(Event):
    """A citizen's call rings. `from_phone` is "" when the caller hides it."""

    kind: ClassVar[str] = "call"
    call_id: str
    from_phone: str = field(repr=False)
    to_phone: str


@dataclass(frozen=True, kw_only=True)
class CallAnswered(Event):
    """An agent picked up; `leg_id` is the agent's own leg of the call, needed for three-way transfers."""

    kind: ClassVar[str] = "call_answered"
    call_id: str
    leg_id: str
    agent: str = ""


@dataclass(frozen=True, kw_only=True)
class DialEnded(Event):
    """The agent's part is over while the citizen is still on the line. result: answered, missed, refused, failed."""

    kind: ClassVar[str] = "dial_ended"
    call_id: str
    result: str
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class CallEnded(Event):
    """The citizen's call is over. result: completed, missed, refused, failed. `seconds` counts from the greeting."""

    kind: ClassVar[str] = "call_ended"
    call_id: str
    result: str
    seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class KeyPressed(Event):
    """The citizen pressed keys when asked. purpose: menu or rating. `digits` is "" when the time ran out.
    `attempt` counts the askings of one call from 1, so that the same key pressed again is another event."""

    kind: ClassVar[str] = "key"
    call_id: str
    purpose: str
    digits: str
    attempt: int = 1


@dataclass(frozen=True, kw_only=True)
class WaitAsked(Event):
    """A caller in the line has to hear something; asked when they enter it. Keys pressed there arrive as KeyPressed("menu")."""

    kind: ClassVar[str] = "wait"
    call_id: str


@dataclass(frozen=True, kw_only=True)
class TransferAsked(Event):
    """A leg of a running call was sent on to an emergency service and asks what to do.

    leg: caller (the citizen), agent, or outside (the emergency service itself). three_way keeps the agent in.
    """

    kind: ClassVar[str] = "transfer"
    call_id: str
    to: str
    leg: str = "caller"
    three_way: bool = False


@dataclass(frozen=True, kw_only=True)
class LegMoved(Event):
    """Somebody whom we rang is a step further. `ref` is the reference that we gave: nobody has to wait for the provider's.

    who: outside (a service or partner rung into a call), caller and agent (the two it was rung to; `ref` is then the
    call's id), citizen and staff (of a call that we make). state: a key of LEG_RANK. `seconds` is how long they talked.
    """

    kind: ClassVar[str] = "leg"
    ref: str
    who: str
    state: str
    leg_id: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Media:
    """A picture or film that came with a text: where it lies at the provider's, and what kind it says it is."""

    url: str = field(repr=False)
    content_type: str = ""


@dataclass(frozen=True, kw_only=True)
class SmsReceived(Event):
    """A citizen's text message. `from_phone` is "" when the sender is hidden, or a name; `from_told` is what the network wrote.

    part, parts: which part of how many a long text came in, when the network says so (from 1).
    """

    kind: ClassVar[str] = "sms"
    message_id: str
    from_phone: str = field(repr=False)
    to_phone: str
    text: str = field(repr=False)
    from_told: str = field(default="", repr=False)
    media: tuple[Media, ...] = ()
    part: int = 0
    parts: int = 0


@dataclass(frozen=True, kw_only=True)
class SmsStatus(Event):
    """How far a message of ours has come. state: a key of SMS_RANK; news may arrive late, so never step back in rank.
    `out_id` is the reference we sent with it, "" when the provider does not know it. channel: by which it went."""

    kind: ClassVar[str] = "sms_status"
    message_id: str
    state: str
    out_id: str = ""
    channel: str = "sms"
    error_code: str = ""


@dataclass(frozen=True, kw_only=True)
class PostReceived(Event):
    """A matter posted by a partner: WeChat, Weibo, the national or provincial platform, 110, a town's page.

    `event_id` is the partner's own number (`outer_number`): the same number again is the same matter. `phone` is what the
    partner was told as the citizen's number, in whatever writing.
    """

    kind: ClassVar[str] = "post"
    channel: str
    outer_number: str
    text: str = field(repr=False)
    title: str = ""
    outer_due_at: datetime | None = None
    posted_at: datetime | None = None
    town_code: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    request_type: str = ""
    confidential: bool = False
    category: str = ""
    media: tuple[str, ...] = ()
    openid: str = field(default="", repr=False)
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class WordsReceived(Event):
    """A citizen's words by their account at a channel; `openid` is who they are there. `ticket_number`: where they named one."""

    kind: ClassVar[str] = "words"
    channel: str
    openid: str = field(repr=False)
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    media: tuple[str, ...] = ()
    ticket_number: str = ""


@dataclass(frozen=True, kw_only=True)
class OfAMatter(Event):
    """What a platform says of a matter, which it names by its own number or by ours."""

    outer_number: str
    ticket_number: str = ""
    text: str = field(default="", repr=False)
    media: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class DemandReceived(OfAMatter):
    """A platform above demands something of a matter it handed in. demand: urge, return, supervise or extend."""

    kind: ClassVar[str] = "demand"
    demand: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ResultReceived(OfAMatter):
    """A body to which a matter was handed over tells its own number for it, and what it did."""

    kind: ClassVar[str] = "result"
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class FileReceived(OfAMatter):
    """A file that belongs to a matter of this source. name: as it was called there."""

    kind: ClassVar[str] = "file"
    name: str = field(repr=False)
    data: bytes = field(repr=False)


# ---- what we answer --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskKey:
    """Wait for `digits` keys; they arrive as KeyPressed(purpose, attempt), or as "" after `seconds` of silence."""

    purpose: str
    attempt: int = 1
    digits: int = 1
    seconds: int = 6


@dataclass(frozen=True)
class DialAgent:
    """Ring one agent. via: client (a softphone in the browser), number or sip."""

    agent: str
    address: str
    via: str = "client"
    seconds: int = 25


@dataclass(frozen=True)
class DialOutside:
    """Connect the citizen to a number outside and leave. `caller_id` "" keeps the citizen's own number."""

    number: str
    caller_id: str = ""


@dataclass(frozen=True)
class DialCitizen:
    """Connect a member of our staff, who has just picked up, to a citizen, who sees the hotline's number only.

    What becomes of it arrives as LegMoved(ref, who="citizen").
    """

    number: str
    caller_id: str
    ref: str
    seconds: int = 40


@dataclass(frozen=True)
class JoinRoom:
    """Enter a conference room. `closes` ends it for all when this leg leaves: true for the citizen only.

    `who` and `ref` come back in LegMoved when this leg enters and when it leaves.
    """

    room: str
    closes: bool = False
    who: str = ""
    ref: str = ""


@dataclass(frozen=True)
class WaitInLine:
    """Wait for the next free agent of a queue; what is heard meanwhile is asked for by WaitAsked."""

    queue: str


@dataclass(frozen=True)
class LeaveLine:
    """Stop waiting in the line; what comes after it is asked for by DialEnded."""


Act = AskKey | DialAgent | DialCitizen | DialOutside | JoinRoom | LeaveLine | WaitInLine


@dataclass(frozen=True)
class VoiceReply:
    """First say the sentences, then do one thing; with nothing to do, hang up."""

    say: tuple[str, ...] = ()
    then: Act | None = None
    language: str = "zh-CN"


@dataclass(frozen=True)
class SmsReply:
    """What to text back at once; "" says nothing."""

    text: str = ""


@dataclass(frozen=True)
class PostAnswer:
    """The ticket that a post became. `again` marks a post that we had already."""

    ticket_number: str
    state: str
    again: bool = False


@dataclass(frozen=True)
class WordsAnswer:
    """What to say back by the same account, "" for nothing, and the ticket the words went to, "" for none."""

    reply: str = ""
    ticket_number: str = ""


class NotAccepted(Exception):
    """An Inbox may refuse a post with one sentence, and the field that it is about (HTTP 422, or 409 for a number used twice)."""

    def __init__(self, sentence: str, field: str = "", status: int = 422):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.status = status


class EventHandler(Protocol):
    """Who listens. Every method may be called twice for one event and must answer the same both times; what partners tell may be
    refused (NotAccepted), and what is said to `leg_moved` is heard only by staff whose call to a citizen is over."""

    def call_received(self, event: CallReceived) -> VoiceReply: ...

    def key_pressed(self, event: KeyPressed) -> VoiceReply: ...

    def wait_asked(self, event: WaitAsked) -> VoiceReply: ...

    def call_answered(self, event: CallAnswered) -> None: ...

    def dial_ended(self, event: DialEnded) -> VoiceReply: ...

    def call_ended(self, event: CallEnded) -> None: ...

    def transfer_asked(self, event: TransferAsked) -> VoiceReply: ...

    def leg_moved(self, event: LegMoved) -> VoiceReply: ...

    def sms_received(self, event: SmsReceived) -> SmsReply: ...

    def sms_status(self, event: SmsStatus) -> None: ...

    def post_received(self, event: PostReceived) -> PostAnswer: ...

    def words_received(self, event: WordsReceived) -> WordsAnswer: ...

    def demand_received(self, event: DemandReceived) -> PostAnswer: ...

    def result_received(self, event: ResultReceived) -> PostAnswer: ...

    def file_received(self, event: FileReceived) -> PostAnswer: ...

    def nonce_is_new(self, provider: str, nonce: str, at: datetime) -> bool:
        """Remember a signed request's nonce; False when it was seen before. Keep nonces longer than the time window."""
        ...
