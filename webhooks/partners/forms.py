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

from webhooks.numbers import LONGEST_TOLD, outer_number, squeezed
from webhooks.partners.wording import MOST_PICTURES


def _written(value: object) -> object:
    """Text without the characters that no database column takes and that no page shows."""
    return _UNSHOWN.sub("", value) if isinstance(value, str) else value


def told(value: object) -> object:
    """A number as it was told, in whatever form a platform keeps it: contact data never refuse a matter."""
    if isinstance(value, list):
        return " / ".join(str(each) for each in value)[:LONGEST_TOLD]
    return "" if value is None or isinstance(value, bool) else str(_written(value)).strip()[:LONGEST_TOLD]


def _name(value: object) -> object:
    """A name is cut, never refused."""
    return "" if value is None else str(_written(value)).strip()[:64]


def number_told(value: object) -> object:
    """The number of a matter elsewhere, as we keep it and look for it."""
    plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return outer_number(plain) if isinstance(plain, str) else plain


def _confidential(value: object) -> bool:
    """As it is meant, in whatever writing; what nobody can read is confidential, on the safe side."""
    return _plainly(value) not in OPEN


def _plainly(value: object) -> str:
    return squeezed(str(value)).strip(".。").casefold()


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


_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DATA, _URL_SIGNS = re.compile(r"^data:[^,]{0,120},"), str.maketrans("-_", "+/")
_HALF = re.compile("[\ud800-\udfff]")
LONGEST = 50_000
"""Of a matter, by whatever door it comes."""

UNREAD = "confidential_told"
SAYS_NO = "0 0.0 false no n f off none null 否 不 不是 无 没有 公开 不保密 非保密 无需保密 不需要 不需要保密 普通"
SAYS_YES = "1 1.0 true yes y t on 是 是的 对 有 保密 需要 需保密 需要保密 要求保密 不公开 confidential"
OPEN, CLOSED = frozenset(SAYS_NO.split()) | {""}, frozenset(SAYS_YES.split())
Written = Annotated[str, BeforeValidator(_written)]
OuterNumber = Annotated[str, BeforeValidator(number_told)]
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
Addresses = Annotated[
    list[Annotated[str, BeforeValidator(_written), Field(max_length=2000)]], Field(max_length=MOST_PICTURES)
]
"""Where pictures and sounds lie that are fetched later."""


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

    outer_number: OuterNumber = Field(min_length=1, max_length=64)
    text: Written = Field(min_length=1, max_length=LONGEST)
    title: Written = Field(default="", max_length=200)
    outer_due_at: Moment | None = None
    posted_at: Moment | None = None
    town_code: Written = Field(default="", max_length=32)
    name: Annotated[str, BeforeValidator(_name)] = ""
    phone: Annotated[str, BeforeValidator(told)] = ""
    address: Written = Field(default="", max_length=200)
    request_type: Literal["", "consult", "help", "complaint", "report", "suggestion", "praise", "other"] = ""
    confidential: Annotated[bool, BeforeValidator(_confidential)] = False
    category: Written = Field(default="", max_length=64)
    media: Addresses = []
    openid: Written = Field(default="", max_length=128)

    @model_validator(mode="before")
    @classmethod
    def _unread(cls, told: Any) -> Any:
        """A word for confidential that nobody knows stands beside the matter as it was told."""
        if not isinstance(told, dict) or _plainly(told.get("confidential") or "") in OPEN | CLOSED:
            return told
        return told | {UNREAD: told["confidential"]}


class Words(Form):
    """A citizen's words by an account. event_id: the platform's own number of this message. ticket_number: where it names one."""

    event_id: Written = Field(min_length=1, max_length=100)
    openid: Written = Field(min_length=1, max_length=128)
    text: Written = Field(default="", max_length=LONGEST)
    name: Annotated[str, BeforeValidator(_name)] = ""
    phone: Annotated[str, BeforeValidator(told)] = ""
    media: Addresses = []
    ticket_number: OuterNumber = Field(default="", max_length=24)


class Demand(Form):
    """What a platform above demands of a matter: urge, return (the answer was not enough), supervise, or extend (a new date)."""

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: OuterNumber = Field(default="", max_length=64)
    ticket_number: OuterNumber = Field(default="", max_length=24)
    demand: Literal["urge", "return", "supervise", "extend"]
    text: Written = Field(default="", max_length=2000)
    until: Moment | None = None
    media: Addresses = []


class Result(Form):
    """What a body did with a matter that was handed over to it. reference: its own number for it."""

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: OuterNumber = Field(default="", max_length=64)
    ticket_number: OuterNumber = Field(default="", max_length=24)
    reference: Annotated[str, BeforeValidator(told)] = ""
    text: Written = Field(default="", max_length=2000)
    media: Addresses = []


class Enclosure(Form):
    """A file of a matter that the platform handed in. data: its bytes in base64."""

    event_id: Written = Field(min_length=1, max_length=100)
    outer_number: OuterNumber = Field(min_length=1, max_length=64)
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
