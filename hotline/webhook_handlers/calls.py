"""What the telephone network tells us: calls that ring, are answered, handed on, rated and ended."""

from __future__ import annotations

import logging

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hotline.i18n import _
from hotline.intake.citizens import find_or_make_citizen
from hotline.telephony import calls, outbound, three_way, turns
from hotline.telephony.calls import RINGS_FOR, place_in_line, rating_question
from hotline.telephony.missed import enqueue_word
from hotline.webhook_handlers.receive_once import Receiver
from models import Call, Staff
from webhooks.events import (
    AskKey,
    CallAnswered,
    CallEnded,
    CallReceived,
    DialEnded,
    DialOutside,
    JoinRoom,
    KeyPressed,
    LeaveLine,
    LegMoved,
    TransferAsked,
    VoiceReply,
    WaitAsked,
    WaitInLine,
)
from webhooks.twilio.calls import agents_place, citizens_place, room_of

NOT_TAKEN = ("missed", "refused", "failed")
CALL_ME_BACK = "1"
log = logging.getLogger(__name__)


class CallEvents(Receiver):
    """One method an event; each is one transaction."""

    def call_received(self, event: CallReceived) -> VoiceReply:
        """A call rings: remember who calls, greet, and put the caller in line for an agent."""
        with self.hear(event) as heard:
            if heard.first:
                phone = self.number(event.from_phone)
                citizen = find_or_make_citizen(heard.db, phone, event.at)
                call = Call(
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
                heard.db.add(call)
                heard.db.flush()
                turns.begin(heard.db, call, event.at)
        greeting = _("您好，这里是%(city)s 12345 热线。", city=self.installation.city.name)
        return VoiceReply((greeting, _("正在为您转接话务员，请稍候。")), WaitInLine(calls.QUEUE))

    def key_pressed(self, event: KeyPressed) -> VoiceReply:
        """The rating after the call: 1 very satisfied … 5 very dissatisfied; kept as 5 … 1. In the line: 1 asks to be called back."""
        if event.purpose == "menu":
            return self._key_in_line(event)
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            if heard.first and call and event.purpose == "rating" and event.digits in "12345" and event.digits:
                call.rating, call.rated_at = 6 - int(event.digits), event.at
        if event.purpose == "rating" and event.digits not in ("1", "2", "3", "4", "5") and event.attempt < 2:
            return VoiceReply((_("请按 1 到 5 评价本次服务。"),), AskKey("rating", event.attempt + 1))
        return VoiceReply((_("感谢您的来电，再见。"),))

    def wait_asked(self, event: WaitAsked) -> VoiceReply:
        """What a caller in the line hears, again and again: how many wait before them, and that one key asks us to call back."""
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            before = 0 if call is None else _before(heard.db, call)
        return _in_line(before)

    def _key_in_line(self, event: KeyPressed) -> VoiceReply:
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            if heard.first and call and call.state == "ringing" and event.digits == CALL_ME_BACK:
                call.state, call.ended_at, call.dialled_id = "missed", event.at, None
                enqueue_word(heard.db, call, event.at)
            leaves = call is not None and call.state == "missed"
            before = 0 if call is None else _before(heard.db, call)
        if leaves:
            return VoiceReply((_("好的，我们会尽快给您回电，再见。"),), LeaveLine())
        return _in_line(before, event.attempt + 1)

    def call_answered(self, event: CallAnswered) -> None:
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            if heard.first and call is not None:
                _picked_up(heard.db, call, event)

    def dial_ended(self, event: DialEnded) -> VoiceReply:
        """The agent has hung up: ask for the rating. The agent's telephone did not answer: back to the line of waiting callers.

        Nobody answered: say that we call back. The call was handed on, or became a room, meanwhile: there it stays.
        """
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            then = _after_dial(call, event) if heard.first else str(heard.result.get("then", ""))
            if heard.first:
                if then == "waiting" and call is not None:
                    turns.begin(heard.db, call, event.at)
                heard.remember(then=then)
            to = call.transferred_to if call is not None else None
        if then == "transferred" and to:
            return VoiceReply(then=DialOutside(self._dialled(to)))
        if then == "room":
            return VoiceReply(then=citizens_place(event.call_id))
        if then in ("waiting", "moved"):
            return place_in_line()
        if then == "answered":
            return rating_question()
        return VoiceReply((_("话务员正忙，我们会在 24 小时内给您回电。"),))

    def call_ended(self, event: CallEnded) -> None:
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            if heard.first and call and call.ended_at is None:
                call.ended_at = event.at
                call.state = call.state if call.state == "transferred" else "ended" if call.answered_at else "missed"
                if call.state == "missed":
                    enqueue_word(heard.db, call, event.at)
            if heard.first and call and call.room_at is not None:
                three_way.all_gone(heard.db, self.installation.city, call, event.at)

    def transfer_asked(self, event: TransferAsked) -> VoiceReply:
        """One key to 110, 119, 120 or 122; three-way keeps the agent in the room until they hang up."""
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.call_id)
            if heard.first and call:
                call.state, call.transferred_to = "transferred", event.to
        if event.three_way:
            return VoiceReply(then=JoinRoom(room_of(event.call_id), closes=event.leg == "caller"))
        return VoiceReply((_("正在为您转接 %(to)s。", to=event.to),), DialOutside(self._dialled(event.to)))

    def leg_moved(self, event: LegMoved) -> VoiceReply:
        """Somebody whom we rang rings, has picked up or is gone: 110 in a three-way call, or a citizen called back."""
        with self.hear(event) as heard:
            call = self.call(heard.db, event.provider, event.ref)
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

    def _dialled(self, to: str) -> str:
        """110 is reached by another number in some networks."""
        return self.installation.settings.emergency_numbers.get(to, to)


def _picked_up(db: Session, call: Call, event: CallAnswered) -> None:
    """An agent's telephone was picked up. Whoever is on another call has not answered this one: its caller waits in line again.

    The news may come after the end of the call: then it was answered, and is over all the same."""
    agent = db.scalar(select(Staff).where(Staff.login == event.agent))
    busy = calls.on_the_line(db, agent, event.at) if agent is not None and call.state == "ringing" else None
    if agent is not None and busy is not None:
        calls.back_in_line(db, call, agent, event.at)
        turns.begin(db, call, event.at)
        return
    call.agent_leg, call.dialled_id = event.leg_id or call.agent_leg, None
    if call.answered_at is None:
        call.state = "answered" if call.ended_at is None else "ended"
        call.answered_at = min(event.at, call.ended_at or event.at)
        call.agent_id = agent.id if agent is not None else call.agent_id


def _before(db: Session, call: Call) -> int:
    """How many have waited longer."""
    longer = (
        select(func.count())
        .select_from(Call)
        .where(Call.state == "ringing", Call.id < call.id, Call.started_at > call.started_at - RINGS_FOR)
    )
    return db.scalar(longer) or 0


def _in_line(before: int, attempt: int = 1) -> VoiceReply:
    place = _("您前面还有 %(n)d 位来电人，请不要挂机。", n=before) if before else _("下一个就接您的电话，请不要挂机。")
    return VoiceReply((place, _("不想再等，请按 1，我们给您回电。")), AskKey("menu", attempt, seconds=20))


def _after_dial(call: Call | None, event: DialEnded) -> str:
    """What becomes of a citizen whose agent's part is over: answered, waiting, room, transferred or missed. Changes the call."""
    if call is None or event.result == "moved":
        return event.result
    if call.state == "ringing" and call.dialled_so_far and event.result in NOT_TAKEN:
        call.dialled_id = call.agent_leg = None
        return "waiting"
    if call.state == "transferred":
        return "room" if call.room_at is not None else "transferred"
    if call.room_at is not None and call.state == "answered":
        return "room"
    if call.state == "answered" and event.result in NOT_TAKEN:
        call.state, call.agent_id, call.agent_leg, call.answered_at = "ringing", None, None, None
        return "waiting"
    if event.result == "answered" or call.answered_at is not None:
        if call.state == "answered":
            call.state, call.ended_at = "ended", event.at
        return "answered"
    return "missed"
