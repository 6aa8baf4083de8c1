"""What a city reports. A newer city may say more than we know, an older one less: both are understood."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

VERSION = 1
"""Of our own posts. It grows when a field changes its meaning; a new field needs no new version."""

MOST_DAYS = 31
Number = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Told(BaseModel):
    """Unknown fields are left aside."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Day(Told):
    """One day by the city's own clock. figures: name → [hits, of, partly], or [n] for what is only counted. Names that we do
    not know are kept. revision: the city counts how often it told this day."""

    day: date
    revision: Annotated[int, Field(ge=1, lt=2**53)]
    figures: dict[Annotated[str, Field(max_length=40)], Annotated[list[Number], Field(min_length=1, max_length=8)]] = (
        Field(max_length=200)
    )


class Head(Told):
    """The end of a city's chain of seals: how many links, and the last one."""

    links: Count
    seal_id: Count
    hash: Hash


class Proof(Told):
    """What the city's chain says at the link that the province holds; "" when there is no such link any more."""

    seal_id: Count
    hash: Hash | Annotated[str, Field(max_length=0)]


class Report(Told):
    """One post of a city. late, dead: jobs that wait too long, tellings that were given up. neighbours: a digest of the cities it
    knows of, so that the list is sent only when it differs. program: the release it runs."""

    version: Annotated[int, Field(ge=1, lt=2**31)]
    program: Annotated[str, Field(max_length=40)] = ""
    days: list[Day] = Field(default=[], max_length=MOST_DAYS)
    head: Head | None = None
    proof: Proof | None = None
    late: Count = 0
    dead: Count = 0
    neighbours: Annotated[str, Field(max_length=64)] = ""
