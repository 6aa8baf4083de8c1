"""A small Flask application with every blueprint of the room, and an Inbox that keeps its first answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from webhooks.events import (
    AskKey,
    CallAnswered,
    CallEnded,
    CallReceived,
    DialAgent,
    DialEnded,
    DialOutside,
    Event,
    JoinRoom,
    KeyPressed,
    LegMoved,
    PostAnswer,
    PostReceived,
    SmsReceived,
    SmsReply,
    SmsStatus,
    TransferAsked,
    VoiceReply,
)
from webhooks.gateway import routes as gateway
from webhooks.gateway.routes import GatewayLine
from webhooks.partners import posts as partners
from webhooks.partners.partner import Partner
from webhooks.simulator import SignedRequest, TwilioPhone
from webhooks.twilio import sms, voice
from webhooks.twilio.calls import room_of
from webhooks.twilio.request import TwilioLine

PUBLIC = "https://hotline.example.gov.cn"
TOKEN = "a-twilio-token-of-32-characters!"
NEW_KEY, OLD_KEY = "wechat-key-of-this-year", "wechat-key-of-last-year"
GATEWAY_KEY = "gateway-key-for-the-tests"


@dataclass
class StandingClock:
    at: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class RecordingInbox:
    """Acts once per event: `acted` grows only for what is new, and the first answer is given again."""

    acted: list[Event] = field(default_factory=list)
    told: int = 0
    answers: dict[tuple[str, str, str], object] = field(default_factory=dict)
    nonces: set[tuple[str, str]] = field(default_factory=set)
    refusal: Exception | None = None

    def _once(self, event: Event, make: Callable[[], object]) -> object:
        self.told += 1
        key = (event.provider, event.kind, event.event_id)
        if key not in self.answers:
            self.acted.append(event)
            self.answers[key] = make()
        return self.answers[key]

    def call_received(self, event: CallReceived) -> VoiceReply:
        return self._once(event, lambda: VoiceReply((f"第{len(self.acted)}位，您好。",), AskKey("menu")))

    def key_pressed(self, event: KeyPressed) -> VoiceReply:
        then = DialAgent("an", "an") if event.purpose == "menu" else None
        return self._once(event, lambda: VoiceReply(("谢谢。",), then))

    def call_answered(self, event: CallAnswered) -> None:
        self._once(event, lambda: None)

    def dial_ended(self, event: DialEnded) -> VoiceReply:
        return self._once(event, lambda: VoiceReply(("请评价。",), AskKey("rating")))

    def call_ended(self, event: CallEnded) -> None:
        self._once(event, lambda: None)

    def transfer_asked(self, event: TransferAsked) -> VoiceReply:
        room = JoinRoom(room_of(event.call_id), closes=event.leg == "caller")
        return self._once(event, lambda: VoiceReply(then=room if event.three_way else DialOutside("0372110")))

    def leg_moved(self, event: LegMoved) -> VoiceReply:
        return self._once(event, lambda: VoiceReply(("没有接通。",)))

    def sms_received(self, event: SmsReceived) -> SmsReply:
        return self._once(event, lambda: SmsReply(f"已收到第{len(self.acted)}条。"))

    def sms_status(self, event: SmsStatus) -> None:
        self._once(event, lambda: None)

    def post_received(self, event: PostReceived) -> PostAnswer:
        if self.refusal:
            raise self.refusal
        again = (event.provider, event.kind, event.event_id) in self.answers
        number = self._once(event, lambda: f"AY{len(self.acted):04}")
        return PostAnswer(number, "to_dispatch", again)

    def nonce_is_new(self, provider: str, nonce: str, at: datetime) -> bool:
        new = (provider, nonce) not in self.nonces
        self.nonces.add((provider, nonce))
        return new


@dataclass
class House:
    """The test's way in: knock, and see what was said and what was acted on."""

    client: FlaskClient
    inbox: RecordingInbox
    clock: StandingClock
    phone: TwilioPhone

    def knock(self, knock: SignedRequest, host: str = PUBLIC, **changed: object) -> TestResponse:
        """Deliver a signed post; `host` is the address that the proxy uses towards us."""
        headers = knock.headers | changed.pop("headers", {})
        sent = {"data": knock.body, "base_url": host, "headers": headers} | changed
        return self.client.post(knock.path, **sent)


@pytest.fixture
def installation() -> House:
    inbox, clock = RecordingInbox(), StandingClock()
    line = TwilioLine(PUBLIC, (TOKEN,))
    known = {
        "wechat": Partner("wechat", "wechat", (NEW_KEY, OLD_KEY)),
        "linzhou": Partner("linzhou", "town_page", (NEW_KEY,), town_code="T-LINZHOU"),
    }
    app = Flask("webhooks-under-test")
    app.testing = True
    app.register_blueprint(voice.blueprint(inbox, line, clock))
    app.register_blueprint(sms.blueprint(inbox, line, clock))
    app.register_blueprint(partners.blueprint(inbox, known, clock))
    app.register_blueprint(gateway.blueprint(inbox, GatewayLine((GATEWAY_KEY,)), clock))
    phone = TwilioPhone(TOKEN, PUBLIC, "+8613800001234", "+8637212345")
    return House(app.test_client(), inbox, clock, phone)


class Heard(NamedTuple):
    """One request that reached the stand-in server."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A provider's server on this machine: answers what it is told to, in order; `hang_up` answers nothing."""

    url: str
    heard: list[Heard] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)
    hang_up: bool = False
    delay: float = 0

    def will_answer(self, status: int, content: Any) -> None:
        self.answers.append((status, content))


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            server.heard.append(Heard(self.command, self.path, dict(self.headers), body))
            time.sleep(server.delay)
            if server.hang_up:
                self.close_connection = True
                return
            status, content = server.answers.pop(0)
            sent = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            with suppress(BrokenPipeError, ConnectionResetError):  # the client may have lost patience
                self.send_response(status)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

        do_GET = do_POST = _answer  # noqa: N815  # http.server's own names

        def log_message(self, *args: object) -> None:
            pass

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    standing = Server("")
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(standing))
    standing.url = f"http://127.0.0.1:{http.server_port}"
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield standing
    http.shutdown()
    http.server_close()
