"""Six kinds of false closings are found among honest ones, and the honest ones are left alone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from hotline.city.schema import City
from tests.support.planted.false_closings import figures, look_at_all, plant


def test_false_closings_are_found_and_honest_ones_left_alone(db: Session, city: City, tmp_path: Path) -> None:
    units = [one.code for one in city.units.values() if one.kind == "department"][:12]
    planted = plant(db, units, tmp_path, seed=7, each=6, honest_ones=60, alike=2)
    told = figures(look_at_all(db, city, planted), planted.planted.false)
    for kind, (recall, precision, n) in told.items():
        assert n and recall >= 0.83 and precision >= 0.8, (kind, told)
