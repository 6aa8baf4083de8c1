"""Partners hand over citizens' matters: one signed JSON post is one matter, however often it is posted.

POST /webhooks/partners/<name>/posts, signed as `signature.sign_partner` says (path: exactly that path).
Answers: 201 with the ticket's number (again 201, the same number and `Idempotent-Replayed: true` for an
outer number that we have already with the same text, 409 with another text), 400/415/413 for what is no
JSON of at most 100 kB, 422 naming every wrong field, 403 for a signature that does not fit (the reason is in our
log), 404 for an unknown partner.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from flask import Blueprint, Response, request
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from webhooks import texts
from webhooks.events import EventHandler, NotAccepted, PostReceived, TimeSource
from webhooks.numbers import LONGEST_TOLD
from webhooks.problems import Problem, answer_problem, forbidden, read_body
from webhooks.signature import BadSignature, check_key, verify_partner
from webhooks.texts import Say, plain


@dataclass(frozen=True)
class Partner:
    """One outside platform. `channel` is what its posts count as; two keys may be valid while one replaces another.

    `town_code` is fixed for a town's own page; a partner of many towns sends `town_code` with each post.
    """

    name: str
    channel: str
    keys: tuple[str, ...] = field(repr=False)
    town_code: str = ""

    def __post_init__(self) -> None:
        for key in self.keys:
            check_key(key)


def _written(value: object) -> object:
    """Text without the characters that no database column takes."""
    return value.replace("\x00", "") if isinstance(value, str) else value


def told(value: object) -> object:
    """A number as it was told, in whatever form a platform keeps it: contact data never refuse a matter."""
    if isinstance(value, list):
        return " / ".join(str(each) for each in value)[:LONGEST_TOLD]
    return "" if value is None or isinstance(value, bool) else str(_written(value)).strip()[:LONGEST_TOLD]


def _name(value: object) -> object:
    """A name is cut, never refused."""
    return "" if value is None else str(_written(value)).strip()[:64]


def _near(moment: datetime) -> datetime:
    """A year that is plainly a slip would overflow later, where nobody can answer the partner."""
    if not 2000 <= moment.year <= 2100:
        raise PydanticCustomError("moment", "not a moment of our time")
    return moment


MOST_FACTS = 50
_HALF = re.compile("[\ud800-\udfff]")
Written = Annotated[str, BeforeValidator(_written)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class Post(BaseModel):
    """What a partner sends. Only `outer_number` and `text` are needed; facts that we have no name for are kept as told.

    `category` is a hint and decides nothing. `media` are addresses on the partner's own hosts, fetched later.
    `outer_due_at` is the partner's own deadline: it is kept beside ours and the earlier one rings. Moments need a time
    zone. `outer_number` is the partner's number and may never be used for another matter.
    """

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    outer_number: Written = Field(min_length=1, max_length=64)
    text: Written = Field(min_length=1, max_length=10_000)
    title: Written = Field(default="", max_length=200)
    outer_due_at: Moment | None = None
    posted_at: Moment | None = None
    town_code: Written = Field(default="", max_length=32)
    name: Annotated[str, BeforeValidator(_name)] = ""
    phone: Annotated[str, BeforeValidator(told)] = ""
    address: Written = Field(default="", max_length=200)
    request_type: Literal["", "consult", "help", "complaint", "report", "suggestion", "praise", "other"] = ""
    confidential: bool = Field(default=False, strict=True)
    category: Written = Field(default="", max_length=64)
    media: list[Annotated[str, BeforeValidator(_written), Field(max_length=2000)]] = Field(default=[], max_length=10)


def posts_path(name: str) -> str:
    """The address, and the path that is signed."""
    return f"/webhooks/partners/{name}/posts"


def blueprint(inbox: EventHandler, partners: Mapping[str, Partner], clock: TimeSource, say: Say = plain) -> Blueprint:
    """The one route for all partners, by their name. The application must exempt it from its CSRF check."""
    posts = Blueprint("webhooks_partners", __name__)
    posts.register_error_handler(Problem, answer_problem)

    @posts.post("/webhooks/partners/<name>/posts", endpoint="received")
    def received(name: str) -> Response:
        body = read_body(say)
        partner = partners.get(name)
        if partner is None:
            raise Problem(404, say(texts.NO_SUCH_PARTNER))
        now = clock.now()
        _verify(inbox, partner, body, now, say)
        return _answer(inbox, _event(partner, _parse(body, say), body, now))

    return posts


def _verify(inbox: EventHandler, partner: Partner, body: bytes, now: datetime, say: Say) -> None:
    try:
        nonce = verify_partner(partner.keys, dict(request.headers), posts_path(partner.name), body, now)
        if not inbox.nonce_is_new(partner.name, nonce, now):
            raise BadSignature("the nonce was seen before: a replay")
    except BadSignature as error:
        raise forbidden(error, say) from error


def _parse(body: bytes, say: Say) -> Post:
    if request.mimetype != "application/json":
        raise Problem(415, say(texts.NOT_JSON))
    if not body.strip():
        raise Problem(400, say(texts.EMPTY))
    try:
        return Post.model_validate_json(body)
    except ValidationError as error:
        raise _problem(error.errors(include_url=False), say) from error


def _problem(errors: list[ErrorDetails], say: Say) -> Problem:
    """400 for what is no JSON object, 422 naming each field."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(400, say(texts.BROKEN_JSON))
    named = [{"field": str(error["loc"][0]), "detail": _sentence(error, say)} for error in errors if error["loc"]]
    if not named:
        return Problem(400, say(texts.BROKEN_JSON))
    return Problem(422, named[0]["detail"] if len(named) == 1 else say(texts.SOME_FIELDS, count=len(named)), named)


def _sentence(error: ErrorDetails, say: Say) -> str:
    name, context = str(error["loc"][0])[:64], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return say(texts.FIELD_MISSING, field=name)
        case "extra_forbidden":
            return say(texts.FIELD_UNKNOWN, field=name)
        case "string_too_short":
            return say(texts.FIELD_EMPTY, field=name)
        case "string_too_long":
            return say(texts.FIELD_LONG, field=name, limit=context["max_length"])
        case "timezone_aware":
            return say(texts.FIELD_NO_ZONE, field=name)
        case "value_error":
            return say(str(context["error"]))
    return say(texts.FIELD_WRONG, field=name)


def _plain(value: object) -> object:
    """A fact of any shape without the characters that no database column takes."""
    if isinstance(value, str):
        return _HALF.sub("", value.replace("\x00", ""))
    if isinstance(value, dict):
        return {str(_plain(str(name))): _plain(one) for name, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _event(partner: Partner, post: Post, body: bytes, now: datetime) -> PostReceived:
    extra = {name[:64]: _plain(value) for name, value in list((post.model_extra or {}).items())[:MOST_FACTS]}
    values = {name: value for name, value in post.model_dump().items() if name in Post.model_fields}
    values |= {"town_code": partner.town_code or post.town_code, "media": tuple(post.media), "extra": extra}
    return PostReceived(
        provider=partner.name, event_id=post.outer_number, at=now, raw=body.decode("utf-8"), channel=partner.channel,
        **values,
    )  # fmt: skip


def _answer(inbox: EventHandler, event: PostReceived) -> Response:
    try:
        answer = inbox.post_received(event)
    except NotAccepted as refusal:
        named = [{"field": refusal.field, "detail": refusal.sentence}] if refusal.field else []
        raise Problem(refusal.status, refusal.sentence, named) from refusal
    content = {"ticket_number": answer.ticket_number, "outer_number": event.outer_number, "state": answer.state}
    headers = {"Idempotent-Replayed": "true"} if answer.again else {}
    return Response(json.dumps(content, ensure_ascii=False), 201, headers, content_type="application/json")
