"""The province's doors: a city's signed report, and a matter that one city hands to another.

POST /webhooks/cells/<name>/report and /webhooks/cells/<name>/to/<other>/<door>, signed as `signature.sign_partner` says with the
city's own key. What is passed on is checked by the other city's own door (`webhooks.partners`): here nothing of it is read or kept.
Answers beside those of every signed post: 503 with Retry-After when the other city cannot be asked now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint, Response

from webhooks import texts
from webhooks.cells.forms import Report
from webhooks.events import EventHandler, TimeSource
from webhooks.partners.partner import Partner
from webhooks.partners.posts import DOORS, most_of
from webhooks.partners.signed import heard_from, parse
from webhooks.problems import Problem, answer_problem
from webhooks.texts import Say, plain

AGAIN_AFTER = "20"
"""Seconds after which a city that cannot be asked now is tried again."""


@dataclass(frozen=True)
class Passed:
    """What the other city answered. status: what whoever handed it over is told; 503: nobody answered that could decide."""

    status: int
    content: Mapping[str, Any]


class Province(Protocol):
    """Who listens at these doors."""

    def report(self, name: str, report: Report, now: datetime) -> Mapping[str, Any]:
        """Take a city's report, however often it is posted; the answer says what is held."""
        ...

    def pass_on(self, name: str, other: str, door: str, content: Mapping[str, Any], now: datetime) -> Passed | None:
        """Hand a post on to another city; None when there is no such city."""
        ...


def report_path(name: str) -> str:
    """The path that is signed."""
    return f"/webhooks/cells/{name}/report"


def hand_over_path(name: str, other: str, door: str = "") -> str:
    """The same for a post to another city. door: one of `DOORS`; without it the beginning that they share."""
    return f"/webhooks/cells/{name}/to/{other}" + (f"/{door}" if door else "")


def blueprint(
    inbox: EventHandler, province: Province, cells: Mapping[str, Partner], clock: TimeSource, say: Say = plain
) -> Blueprint:
    """The doors of all cities, by their name. The application must exempt them from its CSRF check."""
    pages = Blueprint("webhooks_cells", __name__)
    pages.register_error_handler(Problem, answer_problem)

    @pages.post("/webhooks/cells/<name>/report", endpoint="report")
    def report(name: str) -> Response:
        now = clock.now()
        cell, body = heard_from(inbox, cells, name, report_path(name), now, say)
        return _answer(province.report(name, parse(Report, cell, body, say), now))

    @pages.post(f"/webhooks/cells/<name>/to/<other>/<any({','.join(DOORS)}):door>", endpoint="handed_over")
    def handed_over(name: str, other: str, door: str) -> Response:
        now = clock.now()
        _cell, body = heard_from(inbox, cells, name, hand_over_path(name, other, door), now, say, most_of(door))
        passed = province.pass_on(name, other, door, _content(body, say), now)
        if passed is None:
            raise Problem(404, say(texts.NO_SUCH_PARTNER))
        return _answer(passed.content, passed.status)

    return pages


def _content(body: bytes, say: Say) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        raise Problem(400, say(texts.BROKEN_JSON)) from None
    if not isinstance(content, dict):
        raise Problem(400, say(texts.BROKEN_JSON))
    return content


def _answer(content: Mapping[str, Any], status: int = 200) -> Response:
    headers = {"Retry-After": AGAIN_AFTER} if status == 503 else {}
    return Response(json.dumps(content, ensure_ascii=False), status, headers, content_type="application/json")
