"""A ticket's point in the database: one row, in the ticket's own transaction, and gone when the ticket is sealed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from hotline.tickets.points.told import ToldPoint
from models import TicketPoint
from routing.outlines import DEGREE, Point

CELLS = 100
"""Squares along a degree."""


def row_of(ticket_id: int, told: ToldPoint, now: datetime) -> TicketPoint:
    lat, lon = cell_of(told.point)
    return TicketPoint(
        ticket_id=ticket_id,
        point=f"{told.point.lat:.6f} {told.point.lon:.6f}",
        how=told.how,
        accuracy=told.accuracy,
        at=now,
        cell_lat=lat,
        cell_lon=lon,
    )


def keep(db: Session, ticket_id: int, told: ToldPoint, now: datetime) -> None:
    """In the place of the point the ticket had."""
    db.merge(row_of(ticket_id, told, now))


def forget(db: Session, ticket_ids: Iterable[int]) -> None:
    db.execute(delete(TicketPoint).where(TicketPoint.ticket_id.in_(list(ticket_ids))))


def point_of(db: Session, ticket_id: int) -> ToldPoint | None:
    return points_of(db, [ticket_id]).get(ticket_id)


def points_of(db: Session, ticket_ids: Iterable[int]) -> dict[int, ToldPoint]:
    rows = db.scalars(select(TicketPoint).where(TicketPoint.ticket_id.in_(list(ticket_ids))))
    return {row.ticket_id: ToldPoint(_read(row.point), row.how, row.accuracy) for row in rows}


def cell_of(point: Point) -> tuple[int, int]:
    return math.floor(point.lat * CELLS), math.floor(point.lon * CELLS)


def middle_of_cell(point: Point) -> Point:
    """What of a point may be told to whoever may not know the address."""
    return middle_of(cell_of(point))


def middle_of(cell: tuple[int, int]) -> Point:
    lat, lon = cell
    return Point(round((lat + 0.5) / CELLS, 3), round((lon + 0.5) / CELLS, 3))


def around(point: Point, reach: float = 1000.0) -> ColumnElement[bool]:
    """Every square that a circle of so many metres around the point may touch: nothing inside is missed, and what is found lies
    hardly more than a square further."""
    lat, lon = reach / DEGREE, reach / DEGREE / max(0.01, math.cos(math.radians(point.lat)))
    return between(Point(point.lat - lat, point.lon - lon), Point(point.lat + lat, point.lon + lon))


def between(south_west: Point, north_east: Point) -> ColumnElement[bool]:
    """Every square that the rectangle touches: as with `around`, what is found lies hardly more than a square outside."""
    (south, west), (north, east) = cell_of(south_west), cell_of(north_east)
    rows: Any = TicketPoint
    return and_(rows.cell_lat.between(south, north), rows.cell_lon.between(west, east))


def _read(written: str) -> Point:
    lat, lon = written.split()
    return Point(float(lat), float(lon))
