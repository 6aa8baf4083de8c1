"""The template gateway's way in: delivery receipts and citizens' texts, signed and told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, request

from webhooks import texts
from webhooks.events import EventHandler, TimeSource
from webhooks.gateway.sender import parse_inbound, parse_receipt, verify
from webhooks.problems import Problem, answer_problem, forbidden, read_body
from webhooks.signature import BadSignature, check_key
from webhooks.texts import Say, plain

GATEWAY_PATH = "/webhooks/gateway"


@dataclass(frozen=True)
class GatewayLine:
    """The gateway's name and the keys that it signs with. A city's one gateway has these two routes."""

    keys: tuple[str, ...] = field(repr=False)
    provider: str = "gateway"
    say: Say = plain

    def __post_init__(self) -> None:
        for key in self.keys:
            check_key(key)


def blueprint(inbox: EventHandler, line: GatewayLine, clock: TimeSource) -> Blueprint:
    """POST /webhooks/gateway/receipts and /inbound. The application must exempt them from its CSRF check."""
    gateway = Blueprint("webhooks_gateway", __name__)
    gateway.register_error_handler(Problem, answer_problem)

    @gateway.post(f"{GATEWAY_PATH}/receipts", endpoint="receipts")
    def receipts() -> Response:
        body, now = _hear(inbox, line, clock.now())
        try:
            events = parse_receipt(body, now, line.provider)
        except ValueError as error:
            raise Problem(400, line.say(texts.BROKEN_JSON)) from error
        for event in events:
            inbox.sms_status(event)
        return Response(status=204)

    @gateway.post(f"{GATEWAY_PATH}/inbound", endpoint="inbound")
    def inbound() -> Response:
        body, now = _hear(inbox, line, clock.now())
        try:
            event = parse_inbound(body, now, line.provider)
        except ValueError as error:
            raise Problem(400, line.say(texts.BROKEN_JSON)) from error
        inbox.sms_received(event)  # a template gateway cannot carry a free answer back
        return Response(status=204)

    return gateway


def _hear(inbox: EventHandler, line: GatewayLine, now: datetime) -> tuple[bytes, datetime]:
    body = read_body(line.say)
    try:
        nonce = verify(line.keys, dict(request.headers), request.path, body, now)
        if not inbox.nonce_is_new(line.provider, nonce, now):
            raise BadSignature("the nonce was seen before: a replay")
    except BadSignature as error:
        raise forbidden(error, line.say) from error
    return body, now
