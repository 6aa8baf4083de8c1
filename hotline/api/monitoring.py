"""The stream of electronic monitoring by a cursor: bounded pages in an order that never changes, nothing about people."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from hotline.api import faces, requests
from hotline.api.tokens import needs, note
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.monitoring.faces import face, seen
from hotline.web.core.request_context import here
from models import MonitorEntry

pages = Blueprint("api_monitoring", __name__, url_prefix=faces.API)


@pages.get("/monitoring/events")
@needs("monitoring.read")
def events() -> ResponseReturnValue:
    """What came after the cursor, oldest first; `next` is the cursor to ask with again, also when nothing came."""
    requests.only("after", "limit")
    after = _cursor(request.args.get("after", "0"))
    wanted = select(MonitorEntry).where(MonitorEntry.id > after).order_by(MonitorEntry.id).limit(requests.limit())
    entries = list(here.db.scalars(wanted))
    note("api_list", subject="monitoring")
    told = [face(one) for one in seen(here.db, here.city, entries)]
    return jsonify(events=told, next=entries[-1].id if entries else after)


@pages.get("/monitoring/rules")
@needs("monitoring.read")
def rules() -> ResponseReturnValue:
    """The rules of the city's file, each with its source; a clause only where somebody has read it."""
    requests.only()
    return jsonify(
        rules=[
            {
                "code": one.code,
                "name": one.name,
                "name_en": one.name_en,
                "severity": one.severity,
                "when": one.when,
                "source": one.source.title,
                "known": one.source.known,
                "clause": one.clause or None,
            }
            for one in here.city.monitoring.rules.values()
        ]
    )


def _cursor(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise Refusal(_("游标不对，请用上一页给出的 next。"), field="after")
    return int(written)
