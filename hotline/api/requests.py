"""What machines send, read strictly: bodies through models, arguments by name, everything odd told with the name of the field."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

from flask import request
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from hotline.clock import within_reach
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.tickets.fields import BODY_TEXT
from hotline.tickets.states import State
from webhooks.partners.forms import OuterNumber, told

MOST = 200
MOST_EXTRA, MOST_MEDIA = 20_000, 10
LISTED = (
    "state",
    "unit",
    "category",
    "area",
    "town_code",
    "outer_number",
    "q",
    "created_from",
    "created_to",
    "updated_since",
    "after",
    "limit",
)
"""The arguments of the list."""


def _near(moment: datetime) -> datetime:
    if not within_reach(moment):
        raise PydanticCustomError("far", "not a moment of our time")
    return moment


def _small(extra: dict[str, Any]) -> dict[str, Any]:
    try:
        size = len(json.dumps(extra, ensure_ascii=False, allow_nan=False))
    except ValueError:
        raise PydanticCustomError("nan", "not a number") from None
    if size > MOST_EXTRA:
        raise PydanticCustomError("large", "too large")
    return extra


Short = Annotated[str, Field(max_length=64)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class NewTicket(BaseModel):
    """A contact taken in elsewhere. `outer_number` (or the Idempotency-Key header) makes a repeated post the same ticket.

    `category` is a hint. `town_code` is the place of the matter. `media` are addresses on the source's own hosts, fetched
    later. Facts that have no field belong into `extra`.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    body: Annotated[str, Field(min_length=1, max_length=BODY_TEXT)]
    title: Annotated[str, Field(max_length=200)] = ""
    channel: Short = "web"
    phone: Annotated[str, BeforeValidator(told)] = ""
    name: Annotated[str, BeforeValidator(lambda name: "" if name is None else str(name)[:64])] = ""
    request_type: Short = "help"
    urgency: Short = ""
    privacy: Short = "masked"
    category: Short | None = None
    area: Short | None = None
    place: Annotated[str, Field(max_length=300)] = ""
    town_code: Annotated[str, Field(max_length=32)] = ""
    language: Annotated[str, Field(pattern="^(zh|en)$")] = "zh"
    outer_number: Annotated[OuterNumber, Field(max_length=64)] | None = None
    outer_due_at: Moment | None = None
    happened_at: Moment | None = None
    media: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=MOST_MEDIA)] = []
    extra: Annotated[dict[str, Any], AfterValidator(_small)] = {}


def body_object() -> dict[str, Any]:
    """The body as a JSON object. Raises Refusal."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refusal(_("请求正文应当是 JSON 对象，Content-Type 应为 application/json。"), code="no_json")
    return body


def new_ticket() -> NewTicket:
    """Raises Refusal naming every wrong field."""
    try:
        return NewTicket.model_validate(body_object())
    except ValidationError as error:
        problems = {".".join(map(str, e["loc"])) or "body": _problem(e) for e in error.errors(include_url=False)}
        raise Refusal(" ".join(problems.values()), code="invalid_form", problems=problems) from None


def only(*names: str) -> None:
    """An argument that nobody reads is told, not dropped in silence."""
    unknown = sorted(set(request.args) - set(names))
    if unknown:
        raise Refusal(_("没有“%(name)s”这个参数。", name=unknown[0][:40]), field=unknown[0][:40])


def one_of(name: str, known: Any) -> str | None:
    """An argument that must be one of the known codes."""
    value = request.args.get(name) or None
    if value is not None and value not in known:
        raise Refusal(_("没有“%(value)s”这个选项。", value=value[:40]), field=name)
    return value


def states() -> tuple[str, ...]:
    wanted = tuple(filter(None, request.args.getlist("state")))
    for state in wanted:
        if state not in set(State):
            raise Refusal(_("没有“%(value)s”这个选项。", value=state[:40]), field="state")
    return wanted


def limit(usual: int = 50) -> int:
    """How many rows of one page; 1 to 200."""
    text = request.args.get("limit")
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MOST and len(text) <= 9):
        raise Refusal(_("“limit”应当是 1 到 %(most)d。", most=MOST), field="limit")
    return int(text)


def moment(name: str) -> datetime | None:
    """A moment with its zone, in years that can be reckoned with."""
    text = request.args.get(name)
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(_("“%(name)s”不是有效的时间。", name=name), code="no_moment", field=name) from None
    if not within_reach(found):
        raise Refusal(_("“%(name)s”不是有效的时间。", name=name), code="no_moment", field=name)
    if found.tzinfo is None:
        raise Refusal(
            _("“%(name)s”要带时区，如 2026-03-15T14:30:00+08:00。", name=name), code="no_time_zone", field=name
        )
    return found


def _problem(error: Any) -> str:
    name = ".".join(map(str, error["loc"]))[:80]
    sentences = {
        "missing": _("缺少“%(name)s”。", name=name),
        "extra_forbidden": _("没有“%(name)s”这个字段。", name=name),
        "string_too_long": _(
            "“%(name)s”太长，最多 %(most)s 个字。", name=name, most=error.get("ctx", {}).get("max_length", "")
        ),
        "string_too_short": _("“%(name)s”不能为空。", name=name),
        "far": _("“%(name)s”不是有效的时间。", name=name),
        "large": _("“%(name)s”太大。", name=name),
        "timezone_aware": _("“%(name)s”要带时区，如 2026-03-15T14:30:00+08:00。", name=name),
    }
    return sentences.get(error["type"], _("“%(name)s”不对：%(why)s", name=name, why=error["msg"]))
