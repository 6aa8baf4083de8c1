"""Implements the webhooks' Inbox: what the outside tells us becomes calls, tickets, messages and survey answers.

Each method is one transaction. What was told is written raw first; a Receipt in the same transaction as its effect makes
the second telling answer as the first did.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.errors import Refusal
from hotline.followup.by_text import take_text
from hotline.i18n import _
from hotline.installation import Installation
from hotline.intake.citizens import find_or_make_citizen
from hotline.intake.open_ticket import Contact, checked, open_ticket, other_words
from hotline.messages import deliver
from hotline.telephony import outbound, three_way
from hotline.telephony.calls import rating_question
from hotline.telephony.missed import enqueue_word
from hotline.tickets.roles import SYSTEM
from hotline.tickets.vocabulary import CHANNELS, REQUEST_TYPES
from models import Call, Inbound, Message, Receipt, Staff
from models.rows import insert_once
from webhooks.events import (
    AskKey,
    CallAnswered,
    CallEnded,
    CallReceived,
    DialEnded,
    DialOutside,
    Event,
    JoinRoom,
    KeyPressed,
    LegMoved,
    NotAccepted,
    PostAnswer,
    PostReceived,
    SmsReceived,
    SmsReply,
    SmsStatus,
    TransferAsked,
    VoiceReply,
    WaitInLine,
)
from webhooks.numbers import caller_phone
from webhooks.twilio.calls import agents_place, citizens_place, room_of

log = logging.getLogger(__name__)
QUEUE = "agents"


class WebhookHandler:
    """Answers every event twice the same way."""

    def __init__(self, installation: Installation):
        self.installation = installation

    # --- calls --------------------------------------------------------------------------------------------------------

    def call_received(self, event: CallReceived) -> VoiceReply:
        """A call rings: remember who calls, greet, and put the caller in line for an agent."""
        with self._hear(event) as heard:
            if heard.first:
                phone = self._number(event.from_phone)
                citizen = find_or_make_citizen(heard.db, phone, event.at)
                heard.db.add(
                    Call(
                        provider=event.provider,
                        provider_id=event.call_id,
                        from_phone=phone,
                        to_phone=event.to_phone,
                        direction="in",
                        state="ringing",
                        asked_agent=True,
                        started_at=event.at,
                        citizen_id=citizen.id if citizen else None,
                    )
                )
        greeting = _(
            "您好，这里是%(city)s 12345 热线。为保证服务质量，通话将被录音。", city=self.installation.city.name
        )
        return VoiceReply((greeting, _("正在为您转接话务员，请稍候。")), WaitInLine(QUEUE))

    def key_pressed(self, event: KeyPressed) -> VoiceReply:
        """The rating after the call: 1 very satisfied … 5 very dissatisfied; kept as 5 … 1."""
        with self._hear(event) as heard:
            call = self._call(heard.db, event.provider, event.call_id)
            if heard.first and call and event.purpose == "rating" and event.digits in "12345" and event.digits:
                call.rating, call.rated_at = 6 - int(event.digits), event.at
        if event.purpose == "rating" and event.digits not in ("1", "2", "3", "4", "5") and event.attempt < 2:
            return VoiceReply((_("请按 1 到 5 评价本次服务。"),), AskKey("rating", event.attempt + 1))
        return VoiceReply((_("感谢您的来电，再见。"),))

    def call_answered(self, event: CallAnswered) -> None:
        with self._hear(event) as heard:
            call = self._call(heard.db, event.provider, event.call_id)
            if not heard.first or call is None:
                return
            call.agent_leg = event.leg_id or call.agent_leg
            if call.answered_at is None:
                call.state, call.answered_at = "answered", event.at
                call.agent_id = heard.db.scalar(select(Staff.id).where(Staff.login == event.agent)) or call.agent_id

    def dial_ended(self, event: DialEnded) -> VoiceReply:
        """The agent has hung up: ask for the rating. The agent's telephone did not answer: back to the line of waiting callers.

        Nobody answered: say that we call back. The call was handed on, or became a room, meanwhile: there it stays.
        """
        with self._hear(event) as heard:
            call = self._call(heard.db, event.provider, event.call_id)
            then = _after_dial(call, event) if heard.first else str(heard.result.get("then", ""))
            if heard.first:
                heard.remember(then=then)
            to = call.transferred_to if call is not None else None
        if then == "transferred" and to:
            return VoiceReply(then=DialOutside(self._dialled(to)))
        if then == "room":
            return VoiceReply(then=citizens_place(event.call_id))
        if then == "waiting":
            return VoiceReply((_("话务员正忙，请您稍候，我们马上为您接通。"),), WaitInLine(QUEUE))
        if then == "answered":
            return rating_question()
        return VoiceReply((_("话务员正忙，我们会在 24 小时内给您回电。"),))

    def call_ended(self, event: CallEnded) -> None:
        with self._hear(event) as heard:
            call = self._call(heard.db, event.provider, event.call_id)
            if heard.first and call and call.ended_at is None:
                call.ended_at = event.at
                call.state = call.state if call.state == "transferred" else "ended" if call.answered_at else "missed"
                if call.state == "missed":
                    enqueue_word(heard.db, call, event.at)
            if heard.first and call and call.room_at is not None:
                three_way.all_gone(heard.db, self.installation.city, call, event.at)

    def transfer_asked(self, event: TransferAsked) -> VoiceReply:
        """One key to 110, 119, 120 or 122; three-way keeps the agent in the room until they hang up."""
        with self._hear(event) as heard:
            call = self._call(heard.db, event.provider, event.call_id)
            if heard.first and call:
                call.state, call.transferred_to = "transferred", event.to
        if event.three_way:
            return VoiceReply(then=JoinRoom(room_of(event.call_id), closes=event.leg == "caller"))
        return VoiceReply((_("正在为您转接 %(to)s。", to=event.to),), DialOutside(self._dialled(event.to)))

    def leg_moved(self, event: LegMoved) -> VoiceReply:
        """Somebody whom we rang rings, has picked up or is gone: 110 in a three-way call, or a citizen called back."""
        with self._hear(event) as heard:
            call = self._call(heard.db, event.provider, event.ref)
            if heard.first and event.who == "outside":
                self._outside_moved(heard.db, event)
            elif heard.first and call is not None and event.who in ("citizen", "staff"):
                outbound.moved(
                    heard.db,
                    self.installation.city,
                    call,
                    event.who,
                    event.state,
                    event.at,
                    event.leg_id,
                    event.seconds,
                )
            elif heard.first and call is not None and event.state == "left":
                self._left_room(heard.db, call, event)
            if call is not None and call.room_at is not None and call.ended_at is None:
                return VoiceReply(then=agents_place(event.ref))
        return VoiceReply(() if event.state in ("left", "connected") else (_("没有接通，已为您记录。"),))

    def _outside_moved(self, db: Session, event: LegMoved) -> None:
        leg = three_way.of_ref(db, event.ref)
        if leg is not None:
            three_way.moved(db, self.installation.city, leg, event.state, event.at, event.leg_id)

    def _left_room(self, db: Session, call: Call, event: LegMoved) -> None:
        """The citizen has hung up, or the agent's telephone has: with 110 in the room the citizen stays there."""
        if event.who == "caller":
            three_way.all_gone(db, self.installation.city, call, event.at)
            if call.direction == "out":
                outbound.finish(db, self.installation.city, call, outbound.outcome_so_far(call, event.at), event.at)
        elif call.state == "answered" and (stays := three_way.connected(db, call)) is not None:
            call.state, call.transferred_to, call.ended_at = "transferred", stays.to, event.at

    # --- texts --------------------------------------------------------------------------------------------------------

    def sms_received(self, event: SmsReceived) -> SmsReply:
        """A citizen's text: the answer to our question, more about an open ticket, or a new matter."""
        with self._hear(event) as heard:
            if not heard.first:
                return SmsReply(str(heard.result.get("text", "")))
            reply = self._understand(heard.db, event)
            heard.remember(text=reply)
        return SmsReply(reply)

    def sms_status(self, event: SmsStatus) -> None:
        with self._hear(event) as heard:
            if heard.first:
                deliver.move_forward(
                    heard.db, event.message_id, event.state, event.at, event.error_code, event.out_id, event.provider
                )

    def _understand(self, db: Session, event: SmsReceived) -> str:
        """Returns what to text back. Who hides their number, or writes from a switchboard's, is heard too: as a matter of its own."""
        city, text, phone = self.installation.city, event.text.strip(), self._number(event.from_phone)
        citizen = find_or_make_citizen(db, phone, event.at)
        if not text:
            return ""
        db.add(
            Message(
                citizen_id=citizen.id if citizen else None,
                direction="in",
                channel="sms",
                phone=phone or None,
                text=text[:4000],
                state="received",
                provider=event.provider,
                provider_id=event.message_id,
                created_at=event.at,
            )
        )
        back = take_text(db, city, citizen, text, event.at) if citizen else None
        if back is not None:
            return back
        told = "" if phone else event.from_told
        open_ticket(
            db,
            city,
            Contact(
                body=text,
                channel="sms",
                phone=phone,
                phone_told=told,
                outer_source=event.provider,
                outer_number=event.message_id,
            ),
            SYSTEM,
            event.at,
        )
        return ""  # the number and query code are a notice of the ticket

    # --- partners -----------------------------------------------------------------------------------------------------

    def post_received(self, event: PostReceived) -> PostAnswer:
        """A partner's post becomes one ticket, however often it is posted. Raises NotAccepted with the sentence."""
        with self._hear(event) as heard:
            try:
                contact = checked(_contact_of(event, self.installation.city), self.installation.city)
                if not heard.first:
                    return self._posted_again(heard, contact)
                ticket = open_ticket(heard.db, self.installation.city, contact, SYSTEM, event.at)
            except Refusal as refusal:
                raise NotAccepted(refusal.sentence, next(iter(refusal.problems), "")) from refusal
            heard.remember(number=ticket.number)
            return PostAnswer(ticket.number, ticket.state)

    def _posted_again(self, heard: _Hearing, contact: Contact) -> PostAnswer:
        """The first answer again; another matter under the same number is told, never taken for the first."""
        number = str(heard.result.get("number", ""))
        if other_words(heard.db, contact):
            raise NotAccepted(
                _(
                    "编号 %(outer)s 已是工单 %(number)s，但内容不同；另一件事请用新的编号。",
                    outer=contact.outer_number,
                    number=number,
                ),
                "outer_number",
                409,
            )
        return PostAnswer(number, "to_dispatch", again=True)

    def nonce_is_new(self, provider: str, nonce: str, at: datetime) -> bool:
        with self.installation.sessions() as db:
            new = _receive(db, provider, "nonce", nonce, at)
            db.execute(delete(Receipt).where(Receipt.kind == "nonce", Receipt.received_at < at - timedelta(hours=1)))
            db.commit()
            return new

    # --- steps ----------------------------------------------------------------------------------------------------------

    def _dialled(self, to: str) -> str:
        """110 is reached by another number in some networks."""
        return self.installation.settings.emergency_numbers.get(to, to)

    def _number(self, told: str) -> str:
        """As we write it; a number of the city's own network may come without the area code."""
        return caller_phone(told, self.installation.city.area_code)

    def _hear(self, event: Event) -> _Hearing:
        return _Hearing(self.installation, event)

    def _call(self, db: Session, provider: str, call_id: str) -> Call | None:
        return db.scalar(select(Call).where(Call.provider == provider, Call.provider_id == call_id))


def _contact_of(event: PostReceived, city: City) -> Contact:
    """A post as a contact: what the partner calls the category is a hint, and what we have no field for stays as told."""
    named = [
        one.code
        for one in city.categories.values()
        if event.category and event.category in (one.code, one.name, one.name_en)
    ]
    extra = dict(event.extra) | ({"category": event.category} if event.category and not named else {})
    return Contact(
        body=event.text,
        title=event.title,
        channel=event.channel if event.channel in CHANNELS else "web",
        phone=event.phone,
        name=event.name,
        place=event.address,
        request_type=event.request_type if event.request_type in REQUEST_TYPES else "help",
        privacy="sealed" if event.confidential else "masked",
        outer_source=event.provider,
        outer_number=event.outer_number,
        outer_due_at=event.outer_due_at,
        happened_at=event.posted_at,
        town_code=event.town_code or None,
        category_hint=named[0] if named else None,
        media=event.media,
        extra=extra,
    )


def _after_dial(call: Call | None, event: DialEnded) -> str:
    """What becomes of a citizen whose agent's part is over: answered, waiting, room, transferred or missed. Changes the call."""
    if call is None:
        return event.result
    if call.state == "transferred":
        return "room" if call.room_at is not None else "transferred"
    if call.room_at is not None and call.state == "answered":
        return "room"
    if call.state == "answered" and event.result in ("missed", "refused", "failed"):
        call.state, call.agent_id, call.agent_leg, call.answered_at = "ringing", None, None, None
        return "waiting"
    if event.result == "answered" or call.answered_at is not None:
        if call.state == "answered":
            call.state, call.ended_at = "ended", event.at
        return "answered"
    return "missed"


class _Hearing:
    """One event heard: stored raw and committed first, then received once in the transaction of its effect."""

    def __init__(self, installation: Installation, event: Event):
        self.installation, self.event = installation, event
        self.first, self.result = True, {}  # type: bool, dict[str, Any]
        self._remembered: dict[str, Any] = {}

    def __enter__(self) -> _Hearing:
        self._raw_id = self._store_raw()
        self.db = self.installation.sessions()
        self.first = _receive(self.db, self.event.provider, self.event.kind, self.event.event_id, self.event.at)
        if not self.first:
            held = self.db.scalars(
                select(Receipt).where(
                    Receipt.provider == self.event.provider,
                    Receipt.kind == self.event.kind,
                    Receipt.event_id == self.event.event_id[:120],
                )
            ).one()
            self.result = held.result
        return self

    def remember(self, **result: Any) -> None:
        """What the second telling is answered with."""
        self._remembered = result

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        try:
            if error is not None:
                self.db.rollback()
                self._settle_raw("refused", str(error))
                return
            if self._remembered:
                held = self.db.scalars(
                    select(Receipt).where(
                        Receipt.provider == self.event.provider,
                        Receipt.kind == self.event.kind,
                        Receipt.event_id == self.event.event_id[:120],
                    )
                ).one()
                held.result = self._remembered
            self._settle_raw("handled", "")
            self.db.commit()
        finally:
            self.db.close()

    def _store_raw(self) -> int | None:
        if not self.event.raw:
            return None
        with self.installation.sessions() as db:
            row = Inbound(
                provider=self.event.provider,
                kind=self.event.kind,
                received_at=self.event.at,
                body=self.event.raw,
                state="stored",
            )
            db.add(row)
            db.commit()
            return row.id

    def _settle_raw(self, state: str, error: str) -> None:
        if self._raw_id is None:
            return
        row = self.db.get(Inbound, self._raw_id)
        if row is not None:
            row.state, row.error, row.handled_at = state, error[:2000] or None, self.event.at
        if state == "refused":
            self.db.commit()


def _receive(db: Session, provider: str, kind: str, event_id: str, at: datetime) -> bool:
    """True when this is the first time we are told; the unique receipt names the winner of two at once."""
    made = insert_once(
        db,
        Receipt,
        ["provider", "kind", "event_id"],
        provider=provider,
        kind=kind,
        event_id=event_id[:120],
        received_at=at,
        result={},
    )
    return made is not None
