"""Partners' doors: one signed JSON post is one matter, one message, one demand or one result, however often it is posted.

POST /webhooks/partners/<name>/posts, words, demands, results, receipts or files, signed as `signature.sign_partner` says (path:
exactly that path). Answers: 201 with the ticket's number (again 201, the same number and `Idempotent-Replayed: true` for an
outer number that we have already with the same text, 409 with another text), 400/415/413 for what is no
JSON of at most 400 kB (a file: 32 MB), 422 naming every wrong field, 403 for a signature that does not fit (the reason is in our
log), 404 for an unknown partner.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response

from webhooks.events import (
    DemandReceived,
    EventHandler,
    FileReceived,
    NotAccepted,
    PostReceived,
    ResultReceived,
    SmsStatus,
    TimeSource,
    WordsReceived,
)
from webhooks.partners.forms import Arrival, Demand, Enclosure, Post, Result, Words, plain_value
from webhooks.partners.partner import Partner
from webhooks.partners.signed import LONGEST_POST, heard_from, parse
from webhooks.problems import Problem, answer_problem
from webhooks.texts import Say, plain

MOST_FACTS = 50
DOORS = ("posts", "words", "demands", "results", "receipts", "files")
FILES = "files"
OURS = {"body": "text", "place": "address"}
"""Fields of a matter inside that have another name in posts."""

LARGEST = 32_000_000
"""Bytes of a post with a file: base64 makes three bytes four."""

Take = Callable[[EventHandler, Partner, bytes, datetime, Say], Response]


def posts_path(name: str, door: str = "posts") -> str:
    """The address, and the path that is signed. door: one of DOORS."""
    return f"/webhooks/partners/{name}/{door}"


def most_of(door: str) -> int:
    """The bytes that a post at this door may have."""
    return LARGEST if door == FILES else LONGEST_POST


def blueprint(inbox: EventHandler, partners: Mapping[str, Partner], clock: TimeSource, say: Say = plain) -> Blueprint:
    """The doors of all partners, by their name. The application must exempt them from its CSRF check."""
    pages = Blueprint("webhooks_partners", __name__)
    pages.register_error_handler(Problem, answer_problem)
    takes: dict[str, Take] = dict(zip(DOORS, (_post, _words, _demand, _result, _arrival, _file), strict=True))

    @pages.post(f"/webhooks/partners/<name>/<any({','.join(DOORS)}):door>", endpoint="received")
    def received(name: str, door: str) -> Response:
        now = clock.now()
        partner, body = heard_from(inbox, partners, name, posts_path(name, door), now, say, most_of(door))
        try:
            return takes[door](inbox, partner, body, now, say)
        except NotAccepted as refusal:
            field = partner.wording.of(OURS.get(refusal.field, refusal.field))
            named = [{"field": field, "detail": refusal.sentence}] if field else []
            raise Problem(refusal.status, refusal.sentence, named) from refusal

    return pages


def _post(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> Response:
    post = parse(Post, partner, body, say)
    extra = {name[:64]: plain_value(value) for name, value in list((post.model_extra or {}).items())[:MOST_FACTS]}
    values = {name: value for name, value in post.model_dump().items() if name in Post.model_fields}
    values |= {"town_code": partner.town_code or post.town_code, "media": tuple(post.media), "extra": extra}
    event = PostReceived(
        provider=partner.name, event_id=post.outer_number, at=now, raw=body.decode("utf-8"), channel=partner.channel,
        **values,
    )  # fmt: skip
    answer = inbox.post_received(event)
    content = {"ticket_number": answer.ticket_number, "outer_number": event.outer_number, "state": answer.state}
    return _answer(content, answer.again)


def _words(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> Response:
    said = parse(Words, partner, body, say)
    event = WordsReceived(
        provider=partner.name, at=now, raw=body.decode("utf-8"), channel=partner.channel, **_with_pictures(said)
    )
    answer = inbox.words_received(event)
    return _answer({"reply": answer.reply, "ticket_number": answer.ticket_number})


def _demand(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> Response:
    said = parse(Demand, partner, body, say)
    answer = inbox.demand_received(
        DemandReceived(provider=partner.name, at=now, raw=body.decode("utf-8"), **_with_pictures(said))
    )
    return _answer({"ticket_number": answer.ticket_number, "state": answer.state}, answer.again)


def _result(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> Response:
    said = parse(Result, partner, body, say)
    answer = inbox.result_received(
        ResultReceived(provider=partner.name, at=now, raw=body.decode("utf-8"), **_with_pictures(said))
    )
    return _answer({"ticket_number": answer.ticket_number, "state": answer.state}, answer.again)


def _file(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> Response:
    """The file is kept with its ticket alone, not with what came in word by word."""
    sent = parse(Enclosure, partner, body, say)
    told = json.dumps({"outer_number": sent.outer_number, "name": sent.name}, ensure_ascii=False)
    event = FileReceived(
        provider=partner.name, event_id=sent.event_id, at=now, raw=told, outer_number=sent.outer_number,
        name=sent.name, data=sent.data,
    )  # fmt: skip
    answer = inbox.file_received(event)
    return _answer({"ticket_number": answer.ticket_number, "state": answer.state}, answer.again)


def _with_pictures(said: Words | Demand | Result) -> dict[str, Any]:
    return said.model_dump() | {"media": tuple(said.media)}


def _arrival(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> Response:
    """The receipt of a message to a citizen: known by the name we gave it, or by the platform's number."""
    said = parse(Arrival, partner, body, say)
    number = said.event_id.rpartition(":m")[2] if said.event_id.startswith(f"{partner.name}:m") else ""
    inbox.sms_status(
        SmsStatus(
            provider=partner.name,
            event_id=f"{said.event_id}:{said.state}",
            at=now,
            message_id=said.event_id[:64],
            state=said.state,
            out_id=f"m{number}" if number.isdecimal() else "",
            error_code=said.text,
            channel=partner.name,
        )
    )
    return _answer({"state": said.state})


def _answer(content: Mapping[str, str], again: bool = False) -> Response:
    headers = {"Idempotent-Replayed": "true"} if again else {}
    return Response(json.dumps(content, ensure_ascii=False), 201, headers, content_type="application/json")
