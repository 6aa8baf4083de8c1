"""The stream of electronic monitoring by a cursor: bounded pages in an order that never changes, nothing about people."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select

from hotline.api import faces, requests
from hotline.api.tokens import machine_actor, needs, note
from hotline.city.monitoring.schema import MonitorRule
from hotline.errors import Refusal
from hotline.i18n import _
from hotline.monitoring.faces import face, seen
from hotline.tickets.privacy.visibility import visible_to
from hotline.tickets.roles import Actor
from hotline.web.core.request_context import here
from models import MonitorEntry, Ticket

pages = Blueprint("api_monitoring", __name__, url_prefix=faces.API)


@pages.get("/monitoring/events")
@needs("monitoring.read")
def events() -> ResponseReturnValue:
    """What came after the cursor, oldest first; `next` is the cursor to ask with again, also when nothing came."""
    requests.only("after", "limit")
    after = _cursor(request.args.get("after", "0"))
    wanted = select(MonitorEntry).where(MonitorEntry.id > after, *_within(machine_actor()))
    entries = list(here.db.scalars(wanted.order_by(MonitorEntry.id).limit(requests.limit())))
    note("api_list", subject="monitoring")
    told = [face(one) for one in seen(here.db, here.city, entries)]
    return jsonify(events=told, next=entries[-1].id if entries else after)


@pages.get("/monitoring/rules")
@needs("monitoring.read")
def rules() -> ResponseReturnValue:
    """The rules of the city's file, each with its source; a clause only where somebody has read it."""
    requests.only()
    return jsonify(
        rules=[_told(one) for one in here.city.monitoring.rules.values()],
    )


def _within(actor: Actor) -> list[ColumnElement[bool]]:
    """To a machine of some units or towns the stream tells of what it may see; a monitoring body, which has none, reads the city's."""
    if actor.sees_all or not (actor.units or actor.towns):
        return []
    return [MonitorEntry.ticket_id.in_(select(Ticket.id).where(visible_to(actor)))]


def _told(rule: MonitorRule) -> dict[str, object]:
    source = rule.source
    return {
        "code": rule.code,
        "name": rule.name,
        "name_en": rule.name_en,
        "severity": rule.severity,
        "when": rule.when,
        "source": source.title,
        "known": source.known,
        "own": source.own,
        "body": source.body or None,
        "year": source.year or None,
        "addresses": source.addresses,
        "read": source.read.isoformat() if source.read else None,
        "clause": rule.clause or None,
        "says": rule.says or None,
        "differs": rule.differs or None,
    }


def _cursor(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise Refusal(_("游标不对，请用上一页给出的 next。"), field="after")
    return int(written)
