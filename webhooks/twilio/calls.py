"""Calls are made and steered from here: put a waiting citizen through, ring 110 into the call, call a citizen back.

A live call is steered by giving one of its legs new TwiML, so everything is said with a `VoiceReply`.
"""

from __future__ import annotations

import json
import logging
from typing import Protocol
from urllib.parse import urlencode

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from webhooks.events import EMERGENCY, DialAgent, DialCitizen, DialOutside, JoinRoom, VoiceReply
from webhooks.send_errors import never_connected
from webhooks.twilio.twiml import VOICE_PATH, voice_twiml

log = logging.getLogger("webhooks.calls")


class CallGone(Exception):
    """The call could not be steered: mostly because somebody hung up first."""


class NotHeard(CallGone):
    """The provider was never reached, so nothing rang and nothing was moved: it may be asked again."""


class Calls(Protocol):
    """Who can make a call and steer a running one."""

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        """Give one leg of a call something new to do; raises CallGone."""
        ...

    def end(self, leg_id: str) -> None:
        """Hang up one leg, whether it still rings or is talking; raises CallGone."""
        ...

    def bring_in(self, number: str, reply: VoiceReply, ref: str = "") -> str:
        """Ring a number outside and give it `reply` when it answers; the id of the new leg. Raises CallGone.

        With a `ref` its end arrives as LegMoved(ref, who="outside").
        """
        ...

    def call_back(self, own: DialAgent, then: DialCitizen, say: tuple[str, ...] = ()) -> str:
        """Ring our own member of staff first, and the citizen as soon as they pick up; the id of the staff's leg.

        Raises CallGone. What becomes of it arrives as LegMoved(then.ref, who="staff" or "citizen").
        """
        ...


class ConsoleCalls:
    """The telephone exchange of development: it writes down what it would do, and never rings anybody."""

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        log.info(json.dumps({"event": "call_told", "leg": leg_id, "then": type(reply.then).__name__}))

    def end(self, leg_id: str) -> None:
        log.info(json.dumps({"event": "call_ended", "leg": leg_id}))

    def bring_in(self, number: str, reply: VoiceReply, ref: str = "") -> str:
        log.info(json.dumps({"event": "call_made", "number": number if number in EMERGENCY else "*"}))
        return f"console-{ref or number[-3:]}"

    def call_back(self, own: DialAgent, then: DialCitizen, say: tuple[str, ...] = ()) -> str:
        log.info(json.dumps({"event": "called_back", "staff": own.agent}))
        return f"console-{then.ref}"


class TwilioCalls:
    """`from_number` is the hotline's number, shown to whoever is rung."""

    def __init__(
        self,
        account_sid: str,
        token: str,
        from_number: str,
        public_url: str,
        http_client: TwilioHttpClient | None = None,
    ):
        self.from_number = from_number
        self.public_url = public_url
        self._client = Client(account_sid, token, http_client=http_client or TwilioHttpClient(timeout=5))

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        self._change(leg_id, twiml=voice_twiml(reply, self.public_url))

    def end(self, leg_id: str) -> None:
        self._change(leg_id, status="completed")

    def bring_in(self, number: str, reply: VoiceReply, ref: str = "") -> str:
        return self._ring(number, reply, ref, "outside")

    def call_back(self, own: DialAgent, then: DialCitizen, say: tuple[str, ...] = ()) -> str:
        address = f"client:{own.address}" if own.via == "client" else own.address
        return self._ring(address, VoiceReply(say, then), then.ref, "staff", own.seconds)

    def _change(self, leg_id: str, **what: str) -> None:
        if not leg_id:
            raise CallGone("the leg is not known")
        try:
            self._client.calls(leg_id).update(**what)
        except (TwilioException, requests.RequestException) as error:
            raise _gone(error) from error

    def _ring(self, address: str, reply: VoiceReply, ref: str, who: str, seconds: int = 45) -> str:
        """Without a list of events Twilio tells the end of a call only; the steps before come from its TwiML."""
        told = {"status_callback": self._address_of(ref, who), "status_callback_method": "POST"} if ref else {}
        try:
            made = self._client.calls.create(
                to=address, from_=self.from_number, twiml=voice_twiml(reply, self.public_url), timeout=seconds, **told
            )
        except (TwilioException, requests.RequestException) as error:
            raise _gone(error) from error
        return str(made.sid)

    def _address_of(self, ref: str, who: str) -> str:
        return f"{self.public_url.rstrip('/')}{VOICE_PATH}/leg?{urlencode({'ref': ref, 'who': who})}"


def hand_on(calls: Calls, call_id: str, number: str) -> None:
    """One key: the citizen talks to the emergency service, the agent is free. `number` is the dialled form of it."""
    calls.tell(call_id, VoiceReply(then=DialOutside(number)))


def open_room(calls: Calls, room: str, agent_leg: str, citizen_leg: str, first: str = "agent") -> None:
    """The citizen and the agent go on talking in a room that others can be rung into. `room` is the call's id.

    1. The dialled leg goes first (the agent's of a call that came in; first="caller" for a call that we made): Twilio
       ends a dialled leg when its caller's is taken away. The caller's <Dial> ends thereby, and DialEnded (or LegMoved)
       may arrive: answer it with the same room.
    2. The other leg follows, and the room lasts as long as the citizen stays.
    Raises CallGone.
    """
    places = {"agent": (agent_leg, agents_place(room)), "caller": (citizen_leg, citizens_place(room))}
    for _who, (leg, place) in sorted(places.items(), key=lambda one: one[0] != first):
        calls.tell(leg, VoiceReply(then=place))


def ring_in(calls: Calls, call_id: str, number: str, ref: str) -> str:
    """One more telephone rings, and whoever answers it is in the room; the id of the new leg. Raises CallGone."""
    return calls.bring_in(number, VoiceReply(then=JoinRoom(room_of(call_id), who="outside", ref=ref)), ref)


def citizens_place(call_id: str) -> JoinRoom:
    """Where the citizen goes when the call becomes a conference."""
    return JoinRoom(room_of(call_id), closes=True, who="caller", ref=call_id)


def agents_place(call_id: str) -> JoinRoom:
    """Where the agent goes; the room goes on without them."""
    return JoinRoom(room_of(call_id), who="agent", ref=call_id)


def room_of(call_id: str) -> str:
    """The name of a call's conference room."""
    return f"emergency-{call_id}"


def _gone(error: Exception) -> CallGone:
    heard = not (isinstance(error, requests.RequestException) and never_connected(error))
    return CallGone(str(error)) if heard else NotHeard(str(error))
