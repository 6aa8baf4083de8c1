"""The forms of what partners post: each field with its limits, read kindly where a platform writes in its own way."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Base64Bytes, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from webhooks.numbers import LONGEST_TOLD


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


_HALF = re.compile("[\ud800-\udfff]")
Written = Annotated[str, BeforeValidator(_written)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class Post(BaseModel):
    """What a partner sends. Only `outer_number` and `text` are needed; facts that we have no name for are kept as told.

    `category` is a hint and decides nothing. `media` are addresses on the partner's own hosts, fetched later.
    `outer_due_at` is the partner's own deadline: it is kept beside ours and the earlier one rings. Moments need a time
    zone. `outer_number` is the partner's number and may never be used for another matter. `openid` is the citizen's account
    there: they are answered by it.
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
    openid: Written = Field(default="", max_length=128)


class Words(BaseModel):
    """A citizen's words by an account. event_id: the platform's own number of this message. ticket_number: where it names one."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    event_id: Written = Field(min_length=1, max_length=100)
    openid: Written = Field(min_length=1, max_length=128)
    text: Written = Field(default="", max_length=10_000)
    name: Annotated[str, BeforeValidator(_name)] = ""
    media: list[Annotated[str, BeforeValidator(_written), Field(max_length=2000)]] = Field(default=[], max_length=10)
    ticket_number: Written = Field(default="", max_length=24)


class Demand(BaseModel):
    """What a platform above demands of a matter: urge, return (the answer was not enough), supervise, or extend (a new date)."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: Written = Field(default="", max_length=64)
    ticket_number: Written = Field(default="", max_length=24)
    demand: Literal["urge", "return", "supervise", "extend"]
    text: Written = Field(default="", max_length=2000)
    until: Moment | None = None


class Result(BaseModel):
    """What a body did with a matter that was handed over to it. reference: its own number for it."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: Written = Field(default="", max_length=64)
    ticket_number: Written = Field(default="", max_length=24)
    reference: Annotated[str, BeforeValidator(told)] = ""
    text: Written = Field(default="", max_length=2000)


class Enclosure(BaseModel):
    """A file of a matter that the platform handed in. data: its bytes in base64."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: Written = Field(min_length=1, max_length=64)
    name: Written = Field(default="", max_length=200)
    data: Base64Bytes = Field(min_length=1)


class Arrival(BaseModel):
    """How far words of ours have come: the telling's own name, or the number the platform gave it."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    event_id: Written = Field(min_length=1, max_length=100)
    state: Literal["delivered", "read", "failed"]
    text: Written = Field(default="", max_length=300)


def plain_value(value: object) -> object:
    """A fact of any shape without the characters that no database column takes."""
    if isinstance(value, str):
        return _HALF.sub("", value.replace("\x00", ""))
    if isinstance(value, dict):
        return {str(plain_value(str(name))): plain_value(one) for name, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return [plain_value(one) for one in value] if isinstance(value, list) else value
