"""Running calls are steered from here: put a waiting citizen through, hand one on to 110 with one key.

A live call is steered by giving one of its legs new TwiML, so everything is said with a `VoiceReply`.
"""

from __future__ import annotations

import json
import logging
from typing import Protocol

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from webhooks.inbox import EMERGENCY, DialOutside, JoinRoom, VoiceReply
from webhooks.twiml import voice_twiml

log = logging.getLogger("webhooks.calls")


class CallGone(Exception):
    """The call could not be steered: mostly because somebody hung up first."""


class Calls(Protocol):
    """Who can steer a running call."""

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        """Give one leg of a call something new to do; raises CallGone."""
        ...

    def bring_in(self, number: str, reply: VoiceReply) -> str:
        """Ring a number outside and give it `reply` when it answers; the id of the new leg. Raises CallGone."""
        ...


class ConsoleCalls:
    """The laptop's telephone exchange: it writes down what it would do, and never rings anybody."""

    def tell(self, leg_id: str, reply: VoiceReply) -> None:
        log.info(json.dumps({"event": "call_told", "leg": leg_id, "then": type(reply.then).__name__}))

    def bring_in(self, number: str, reply: VoiceReply) -> str:
        log.info(json.dumps({"event": "call_made", "number": number if number in EMERGENCY else "*"}))
        return f"console-{number[-3:]}"


class TwilioCalls:
    """`from_number` is the hotline's number, shown to whoever is brought in."""

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
        try:
            self._client.calls(leg_id).update(twiml=voice_twiml(reply, self.public_url))
        except (TwilioException, requests.RequestException) as error:
            raise CallGone(str(error)) from error

    def bring_in(self, number: str, reply: VoiceReply) -> str:
        try:
            made = self._client.calls.create(
                to=number, from_=self.from_number, twiml=voice_twiml(reply, self.public_url)
            )
        except (TwilioException, requests.RequestException) as error:
            raise CallGone(str(error)) from error
        return str(made.sid)


def hand_on(calls: Calls, call_id: str, number: str) -> None:
    """One key: the citizen talks to the emergency service, the agent is free. `number` is the dialled form of it."""
    calls.tell(call_id, VoiceReply(then=DialOutside(number)))


def three_way(calls: Calls, call_id: str, agent_leg: str, number: str) -> str:
    """The citizen, the agent and the emergency service in one room; the id of the service's leg.

    1. The agent's leg goes first: Twilio ends an agent's leg when the citizen's is taken away from it. The
       citizen's <Dial> ends thereby, and DialEnded may arrive: answer it with the same room.
    2. The citizen follows, and the room lasts as long as the citizen stays.
    3. The emergency service is rung into the room.
    """
    room = room_of(call_id)
    calls.tell(agent_leg, VoiceReply(then=JoinRoom(room)))
    calls.tell(call_id, VoiceReply(then=JoinRoom(room, closes=True)))
    return calls.bring_in(number, VoiceReply(then=JoinRoom(room)))


def room_of(call_id: str) -> str:
    """The name of a call's conference room."""
    return f"emergency-{call_id}"
