"""The forms of what partners post: each field with its limits, read kindly where a platform writes in its own way."""

from __future__ import annotations

import binascii
import math
import re
from base64 import b64decode
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
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


def _bytes(value: object) -> object:
    """Base64 as it is written in posts: in lines, as the address of its own data, without its last signs."""
    told = "".join(str(value).split()) if isinstance(value, str) else ""
    told = _DATA.sub("", told).translate(_URL_SIGNS).rstrip("=")
    try:
        return b64decode(told + "=" * (-len(told) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("base64", "not base64") from None


_DATA, _URL_SIGNS = re.compile(r"^data:[^,]{0,120},"), str.maketrans("-_", "+/")
_HALF = re.compile("[\ud800-\udfff]")
Written = Annotated[str, BeforeValidator(_written)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]


class Form(BaseModel):
    """What says nothing (null) is as if it were not there, and a number is text where we keep text."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _said(cls, told: Any) -> Any:
        return {name: one for name, one in told.items() if one is not None} if isinstance(told, dict) else told


class Post(Form):
    """What a partner sends. Only `outer_number` and `text` are needed; facts that we have no name for are kept as told.

    `category` is a hint and decides nothing. `media` are addresses on the partner's own hosts, fetched later.
    `outer_due_at` is the partner's own deadline: it is kept beside ours and the earlier one rings. Moments need a time
    zone. `outer_number` is the partner's number and may never be used for another matter. `openid` is the citizen's account
    there: they are answered by it.
    """

    model_config = ConfigDict(extra="allow")

    outer_number: Written = Field(min_length=1, max_length=64)
    text: Written = Field(min_length=1, max_length=50_000)
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


class Words(Form):
    """A citizen's words by an account. event_id: the platform's own number of this message. ticket_number: where it names one."""

    event_id: Written = Field(min_length=1, max_length=100)
    openid: Written = Field(min_length=1, max_length=128)
    text: Written = Field(default="", max_length=10_000)
    name: Annotated[str, BeforeValidator(_name)] = ""
    media: list[Annotated[str, BeforeValidator(_written), Field(max_length=2000)]] = Field(default=[], max_length=10)
    ticket_number: Written = Field(default="", max_length=24)


class Demand(Form):
    """What a platform above demands of a matter: urge, return (the answer was not enough), supervise, or extend (a new date)."""

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: Written = Field(default="", max_length=64)
    ticket_number: Written = Field(default="", max_length=24)
    demand: Literal["urge", "return", "supervise", "extend"]
    text: Written = Field(default="", max_length=2000)
    until: Moment | None = None


class Result(Form):
    """What a body did with a matter that was handed over to it. reference: its own number for it."""

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: Written = Field(default="", max_length=64)
    ticket_number: Written = Field(default="", max_length=24)
    reference: Annotated[str, BeforeValidator(told)] = ""
    text: Written = Field(default="", max_length=2000)


class Enclosure(Form):
    """A file of a matter that the platform handed in. data: its bytes in base64."""

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: Written = Field(min_length=1, max_length=64)
    name: Written = Field(default="", max_length=200)
    data: Annotated[bytes, BeforeValidator(_bytes)] = Field(min_length=1)


class Arrival(Form):
    """How far words of ours have come: the telling's own name, or the number the platform gave it."""

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
