"""What is told of a matter: the narrowest kind that has enough, as it was told when the matter was opened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from hotline.city.schema import City
from hotline.i18n import _
from hotline.waiting_time.measured import season_of
from hotline.waiting_time.ranges import Kind, Range
from models import WaitingTime


def kinds_of(path: tuple[str, ...], unit: str | None, season: str) -> list[Kind]:
    """The kinds that may speak for a matter, the narrowest first. path: its category and those above, from the top."""
    category, top = path[-1], path[0]
    wide = [(category, unit)] if unit else []
    pairs = dict.fromkeys([*wide, (category, ""), (top, "")])
    return [Kind(*pair, half) for pair in pairs for half in (season, "")]


def range_for(db: Session, city: City, category: str | None, unit: str | None, opened_at: datetime) -> Range | None:
    """What was told when the matter was opened, or, where nothing was, what is told now; None where too few are known."""
    path = city.category_path(category)
    if not path:
        return None
    wanted = kinds_of(path, unit, season_of(city, opened_at))
    rows = db.scalars(
        select(WaitingTime).where(
            WaitingTime.category_code.in_({kind.category for kind in wanted}),
            WaitingTime.unit_code.in_({kind.unit for kind in wanted}),
            WaitingTime.season.in_({kind.season for kind in wanted}),
            or_(
                WaitingTime.until.is_(None),
                and_(WaitingTime.since <= opened_at, WaitingTime.until > opened_at),
            ),
        )
    ).all()
    return _narrowest(wanted, (row for row in rows if row.since <= opened_at)) or _narrowest(wanted, rows)


def _narrowest(wanted: list[Kind], rows: Iterable[WaitingTime]) -> Range | None:
    held = {Kind(row.category_code, row.unit_code, row.season): row for row in rows}
    found = next((held[kind] for kind in wanted if kind in held), None)
    return Range(found.low, found.high, found.share, found.tickets) if found else None


def sentence(told: Range) -> str:
    """What may be said aloud. It tells what was, and promises nothing."""
    of_ten = min(9, int(told.share * 10 + 1e-9))
    if told.high == 1:
        return _("以往同类诉求，10 件中有 %(of_ten)s 件在一个工作日内办结", of_ten=of_ten)
    if told.low == 1:
        return _("以往同类诉求，10 件中有 %(of_ten)s 件在 %(high)s 个工作日内办结", of_ten=of_ten, high=told.high)
    if told.low == told.high:
        return _("以往同类诉求，10 件中有 %(of_ten)s 件在第 %(high)s 个工作日办结", of_ten=of_ten, high=told.high)
    return _(
        "以往同类诉求，10 件中有 %(of_ten)s 件在 %(low)s 到 %(high)s 个工作日内办结",
        of_ten=of_ten,
        low=told.low,
        high=told.high,
    )
