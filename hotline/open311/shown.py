"""Requests as clients see them: everybody what the board shows, a key's own source also what it handed in itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from hotline.city.schema import City
from hotline.open311.asked import Wanted
from hotline.open311.place import parts_of
from hotline.public_board import board
from hotline.public_board.board import Shown, Sought
from hotline.tickets.display.citizen_view import where_it_stands
from hotline.tickets.points import kept
from hotline.tickets.points.told import ToldPoint
from hotline.tickets.privacy.redact import starred
from hotline.tickets.states import ENDED, State
from hotline.web.core.limits.edge import whole_numbers
from models import Publication, Ticket, TicketPoint

PUBLIC = "P"
"""Before the number of a publication: what is public is not named by the number of its ticket."""


def public_requests(db: Session, city: City, wanted: Wanted) -> list[dict[str, Any]]:
    """Published matters, newest first."""
    query: Any = board.listed(Sought())
    if wanted.ids:
        query = query.where(Publication.id.in_(_numbers(wanted.ids)))
    else:
        query = _narrowed(query, wanted).where(literal("closed" in wanted.statuses))
    rows = db.execute(_page(query.order_by(Ticket.created_at.desc(), Publication.id.desc()), wanted)).all()
    points = kept.points_of(db, [ticket.id for _publication, ticket in rows])
    return [_public(city, board.face(*row), points.get(row[1].id)) for row in rows]


def own_requests(db: Session, city: City, source: str, wanted: Wanted) -> list[dict[str, Any]]:
    """What this source handed in, newest first."""
    query = (
        select(Ticket).options(joinedload(Ticket.text)).where(Ticket.outer_source == source, Ticket.state != "draft")
    )
    if wanted.ids:
        query = query.where(Ticket.number.in_(wanted.ids))
    else:
        ended = Ticket.state.in_([state.value for state in ENDED])
        statuses = [ended if status == "closed" else ~ended for status in wanted.statuses]
        query = _narrowed(query, wanted).where(or_(*statuses))
    rows = db.scalars(_page(query.order_by(Ticket.created_at.desc(), Ticket.id.desc()), wanted))
    return [_own(db, city, ticket) for ticket in rows]


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(Ticket.created_at >= wanted.start, Ticket.created_at <= wanted.end)
    if wanted.near:
        around = kept.around(wanted.near.point, wanted.near.radius)
        query = query.where(Ticket.id.in_(select(TicketPoint.ticket_id).where(around)))
    return query.where(Ticket.category_code.in_(wanted.codes)) if wanted.codes else query


def _page(query: Select[Any], wanted: Wanted) -> Select[Any]:
    return query.offset((wanted.page - 1) * wanted.size).limit(wanted.size)


def _numbers(ids: tuple[str, ...]) -> list[int]:
    return whole_numbers(one[1:] for one in ids if one.startswith(PUBLIC))


def _public(city: City, one: Shown, told: ToldPoint | None) -> dict[str, Any]:
    """Its point only as the middle of its square of about a kilometre: nobody is to be recognised by it."""
    return _request(
        city,
        service_request_id=f"{PUBLIC}{one.id}",
        status="closed",
        status_notes=one.answer,
        code=one.category,
        description=f"{one.title}\n{one.request}",
        unit=one.unit,
        requested=one.created_at,
        updated=one.answered_at or one.published_at,
        address=city.area_name(one.area),
        point=kept.middle_of_cell(told.point) if told else None,
    )


def _own(db: Session, city: City, ticket: Ticket) -> dict[str, Any]:
    address, earlier = parts_of(ticket.text.place)
    told = kept.point_of(db, ticket.id)
    return _request(
        city,
        service_request_id=ticket.number,
        status="closed" if State(ticket.state) in ENDED else "open",
        status_notes=where_it_stands(db, city, ticket),
        code=ticket.category_code or (ticket.text.extra or {}).get("category_hint"),
        description=starred(ticket, ticket.text.body),
        unit=ticket.unit_code,
        requested=ticket.created_at,
        updated=ticket.moved_at,
        expected=ticket.due_at,
        address=starred(ticket, address),
        point=told.point if told else earlier,
    )


def _request(city: City, **told: Any) -> dict[str, Any]:
    """By the names of the specification; what is not known is null."""
    lat, long = told.get("point") or (None, None)
    expected = told.get("expected")
    return {
        "service_request_id": told["service_request_id"],
        "status": told["status"],
        "status_notes": told["status_notes"] or None,
        "service_name": city.category_name(told["code"]) or None,
        "service_code": told["code"],
        "description": told["description"],
        "agency_responsible": city.unit_name(told["unit"]) or None,
        "service_notice": None,
        "requested_datetime": told["requested"].isoformat(timespec="seconds"),
        "updated_datetime": told["updated"].isoformat(timespec="seconds"),
        "expected_datetime": expected.isoformat(timespec="seconds") if expected else None,
        "address": told["address"] or None,
        "address_id": None,
        "zipcode": None,
        "lat": lat,
        "long": long,
        "media_url": None,
    }
